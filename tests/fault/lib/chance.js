// SPDX-License-Identifier: Apache-2.0
// Chance that can be repeated: HUIYIN_SEED=N plays the same choices again.
// (What the machine's scheduler does with them is not repeated.)

export const seed = Number(process.env.HUIYIN_SEED ||
	Math.floor(Math.random() * 1e9));

let state = seed >>> 0;

/** From 0 up to, not including, 1 (mulberry32). */
export function chance() {
	state = (state + 0x6D2B79F5) >>> 0;
	let t = state;
	t = Math.imul(t ^ (t >>> 15), t | 1);
	t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
	return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

/** A whole number from low to high. */
export const between = (low, high) =>
	low + Math.floor(chance() * (high - low + 1));

/** One of a list. */
export const oneOf = (list) => list[between(0, list.length - 1)];

/** The p-th percentile of numbers. */
export function percentile(numbers, p) {
	const sorted = [...numbers].sort((a, b) => a - b);

	return sorted[Math.min(sorted.length - 1,
		Math.floor(sorted.length * p / 100))];
}

/** count whole numbers spread over 1 to most, from a start by chance. */
export function spread(most, count) {
	const first = chance();

	return count >= most ? Array.from({ length: most }, (_, i) => i + 1) :
		Array.from({ length: count }, (_, i) =>
			1 + Math.floor(((first + i * 0.6180339887) % 1) * most));
}

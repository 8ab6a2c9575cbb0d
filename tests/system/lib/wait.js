// SPDX-License-Identifier: Apache-2.0
// Waiting for something, with a bound; never for time to pass.

export const pause = (ms) =>
	new Promise((done) => { setTimeout(done, ms); });

// Asks again and again until `ask` gives something true; that is returned.
export async function until(what, ask, { seconds = 10, every = 20 } = {}) {
	const end = performance.now() + seconds * 1000;
	let trouble;
	for (;;) {
		try {
			const found = await ask();
			if (found)
				return found;
			trouble = undefined;
		} catch (error) {
			trouble = error;
		}
		if (performance.now() > end)
			throw new Error(`not within ${seconds} s: ${what}` +
				(trouble ? ` (${trouble.message})` : ''));
		await pause(every);
	}
}

// The promise, or an error after so many seconds.
export function within(seconds, what, promise) {
	let timer;
	const late = new Promise((_, fail) => {
		timer = setTimeout(() => fail(
			new Error(`not within ${seconds} s: ${what}`)),
			seconds * 1000);
	});
	return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

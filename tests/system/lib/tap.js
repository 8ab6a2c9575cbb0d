// SPDX-License-Identifier: Apache-2.0
// A reporter for node:test: flat TAP, one line a test, the reason below what
// failed. (node's own nests, and counts files and suites as tests.)

const reasonOf = (error) => {
	const cause = error?.cause ?? error;
	const text = cause?.stack ?? cause?.message ?? String(cause);
	return String(text).split('\n').slice(0, 24);
};

export default async function* tap(source) {
	for await (const { type, data } of source) {
		if (type !== 'test:pass' && type !== 'test:fail')
			continue;
		const only = data.details?.error?.failureType === 'subtestsFailed' ||
			type === 'test:pass';
		if (data.details?.type === 'suite' && only)
			continue;
		const name = data.name.replaceAll('#', '\\#');
		const skip = data.skip === undefined ? '' : ` # SKIP ${data.skip}`;
		const ms = Math.round(data.details?.duration_ms ?? 0);
		yield `${type === 'test:fail' ? 'not ' : ''}ok - ${name}${skip}\n`;
		if (type === 'test:fail')
			yield reasonOf(data.details.error)
				.map((line) => `# ${line}\n`).join('');
		yield `#: ${ms} ms  ${name}\n`;
	}
}

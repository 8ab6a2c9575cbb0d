// SPDX-License-Identifier: Apache-2.0
// A private authority and certificates, by openssl.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const openssl = (...args) =>
	execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] });

export class Authority {
	constructor(folder) {
		this.folder = folder;
		mkdirSync(folder, { recursive: true });
		this.#key('ca.key');
		openssl('req', '-x509', '-new', '-key', this.path('ca.key'), '-days',
			'30', '-subj', '/CN=test authority', '-addext',
			'basicConstraints=critical,CA:TRUE', '-out',
			this.path('ca.pem'));
		this.ca = readFileSync(this.path('ca.pem'));
	}

	path(name) {
		return `${this.folder}/${name}`;
	}

	// NAME.key and NAME.pem; usage is serverAuth or clientAuth.
	issue(name, usage = 'serverAuth', subject = name,
		names = 'DNS:localhost,IP:127.0.0.1,IP:::1') {
		this.#key(`${name}.key`);
		openssl('req', '-new', '-key', this.path(`${name}.key`), '-subj',
			`/CN=${subject}`, '-out', this.path(`${name}.csr`));
		writeFileSync(this.path(`${name}.ext`), [
			`subjectAltName=${names}`,
			'basicConstraints=critical,CA:FALSE',
			`extendedKeyUsage=${usage}`].join('\n'));
		openssl('x509', '-req', '-in', this.path(`${name}.csr`), '-CA',
			this.path('ca.pem'), '-CAkey', this.path('ca.key'),
			'-CAcreateserial', '-days', '20', '-extfile',
			this.path(`${name}.ext`), '-out', this.path(`${name}.pem`));
		return { key: this.path(`${name}.key`),
			cert: this.path(`${name}.pem`) };
	}

	#key(name) {
		openssl('genpkey', '-algorithm', 'EC', '-pkeyopt',
			'ec_paramgen_curve:P-256', '-out', this.path(name));
	}
}

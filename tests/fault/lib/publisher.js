// SPDX-License-Identifier: Apache-2.0
// A department that publishes: whatever is not answered is sent again.
import { Gone, Peer, Refusal } from '../../system/lib/peer.js';
import { newRef } from '../../system/lib/ref.js';
import { pause } from '../../system/lib/wait.js';

/** Staff who log in once; the token lets their other sessions in. */
export async function tokenOf(county, name) {
	const peer = await county.greet(county.credentials(name));

	peer.kill();
	return { as: 'staff', name, token: peer.greeting.token };
}

export class Publisher {
	wrong = [];
	published = []; // {ref, notice, seq}
	#peer;

	/** who: from tokenOf; make(i): the params of the i-th notice. */
	constructor(county, who, make, { url } = {}) {
		Object.assign(this, { county, who, make, url: url ?? county.url });
	}

	async #come() {
		this.#peer?.kill();
		this.#peer = await Peer.connect(this.url, { ca: this.county.ca });
		await this.#peer.act('hello', { protocol: 1,
			client: 'fault-test/1', ...this.who });
	}

	async #publish(ref, params) {
		for (;;) {
			try {
				if (!this.#peer)
					await this.#come();
				return await this.#peer.act('notice.publish', params, ref, 30);
			} catch (error) {
				if (error instanceof Refusal && error.retry !== 'later')
					throw error;
				this.#peer?.kill();
				this.#peer = undefined;
				await pause(error instanceof Gone ? 20 : 100);
			}
		}
	}

	/** Publishes so many, with up to so many ms in between. */
	async run(count, rest = 0) {
		for (let i = 0; i < count; i++) {
			const ref = newRef();

			try {
				this.published.push({ ref,
					...await this.#publish(ref, this.make(i)) });
			} catch (error) {
				this.wrong.push(error.message);
				break;
			}
			if (rest)
				await pause(Math.random() * rest);
		}
		this.#peer?.kill();
	}
}

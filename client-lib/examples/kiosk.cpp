/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A kiosk in C++11: a client that closes itself, errors as exceptions. Says
 * TEXT, and ends when that has its receipt and all notices have been shown.
 *
 *	kiosk URL CA NAME SECRET REGION STORE TEXT
 */
#include <huiyin.h>
#include <iostream>
#include <memory>
#include <new>
#include <stdexcept>

typedef std::unique_ptr<hy_client, decltype(&hy_close)> Client;

static void
check(int code)
{
	if (code != HY_OK)
		throw std::runtime_error(hy_last_error()->message);
}

static void
show(const hy_event &e)
{
	const char *headline = hy_field(&e, "headline");
	const char *receipt = hy_field(&e, "receipt");

	if (e.kind == HY_NOTICE && headline)
		std::cout << headline << std::endl;
	else if (e.kind == HY_SETTLED && receipt)
		std::cout << "received, no. " << receipt << std::endl;
	else if (e.kind == HY_SETTLED)
		throw std::bad_alloc();
	else if (*e.message)
		std::cerr << e.message << std::endl;
}

int
main(int argc, char **argv)
try {
	hy_options options = HY_OPTIONS_INIT;
	hy_feedback feedback = HY_FEEDBACK_INIT;
	hy_client *opened;
	const hy_event *e;
	bool ended = false, caught_up = false;

	if (argc != 8)
		return 2;
	options.url = argv[1];
	options.ca = argv[2];
	options.as = "kiosk";
	options.name = argv[3];
	options.secret = argv[4];
	options.store = argv[6];
	feedback.region = argv[5];
	feedback.service = "question";
	feedback.text = argv[7];
	check(hy_open(&opened, &options));
	Client client(opened, hy_close);
	check(hy_submit_feedback(client.get(), &feedback, NULL));
	while ((!ended || !caught_up) && (e = hy_wait(client.get(), -1))) {
		show(*e);
		caught_up = caught_up || e->kind == HY_CAUGHT_UP;
		if (e->kind != HY_SETTLED && e->kind != HY_REFUSED)
			continue;
		check(hy_done(client.get(), e->ref));
		ended = true;
	}
	return ended ? 0 : 1;
} catch (const std::exception &e) {
	std::cerr << e.what() << std::endl;
	return 1;
}

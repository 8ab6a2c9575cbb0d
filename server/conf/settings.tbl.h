/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every setting once: file, environment, flag, --print-config and documents.
 * SETTING(key, type, standard, min, max, help)
 *   key   in the file; --key-with-hyphens; HUIYIN_KEY_IN_CAPITALS
 *   type  TEXT_SETTING (char *, NULL when empty), NUMBER_SETTING (int) or
 *         SECRET_SETTING (as text, never printed; also HUIYIN_KEY_FILE and
 *         --key-file, a file whose content it is)
 *   min, max  of a number; for text: 0, 0
 * SETTING_WORDS(key, words)   the only words a text may be, separated by |
 * SETTING_NEEDED(key)         a node cannot run without it
 */
#ifndef SETTING
#define SETTING(key, type, standard, min, max, help)
#endif
#ifndef SETTING_WORDS
#define SETTING_WORDS(key, words)
#endif
#ifndef SETTING_NEEDED
#define SETTING_NEEDED(key)
#endif

SETTING(node, TEXT_SETTING, "node", 0, 0,
	"Name of this node in logs and in the database.")
SETTING(database, SECRET_SETTING, "", 0, 0,
	"libpq connection string: a socket folder or hostaddr, role huiyin_node.")
SETTING_NEEDED(database)
SETTING(installation_secret_file, TEXT_SETTING, "", 0, 0,
	"File with the installation's secret, 64 hex digits, the same for all nodes.")
SETTING_NEEDED(installation_secret_file)
SETTING(host, TEXT_SETTING, "127.0.0.1", 0, 0, "Address to listen on.")
SETTING(port, NUMBER_SETTING, "7443", 1, 65535, "Port of the TLS listener.")
SETTING(listen_fd, NUMBER_SETTING, "-1", -1, 65535,
	"Inherited listening socket; -1: open one.")
SETTING(cert, TEXT_SETTING, "", 0, 0, "Certificate chain, PEM.")
SETTING_NEEDED(cert)
SETTING(key, TEXT_SETTING, "", 0, 0, "Its private key, PEM.")
SETTING_NEEDED(key)
SETTING(names, TEXT_SETTING, "", 0, 0,
	"Host names to answer to, separated by |; empty: any.")
SETTING(origins, TEXT_SETTING, "", 0, 0,
	"Origins of browsers to let in, separated by |; empty: our own.")
SETTING(mtls_port, NUMBER_SETTING, "0", 0, 65535,
	"Port of the listener that requires a client certificate; 0: none.")
SETTING(client_ca, TEXT_SETTING, "", 0, 0,
	"Authority of client certificates, PEM.")
SETTING(seal_secret, SECRET_SETTING, "", 0, 0,
	"Private keys of the county, a line each, newest first: huiyin-admin seal new.")
SETTING(auditor_key, TEXT_SETTING, "", 0, 0,
	"Public key of the auditor, 64 hex digits (huiyin-admin auditor key); empty: names of anonymous people are not kept.")
SETTING(admin_host, TEXT_SETTING, "127.0.0.1", 0, 0,
	"Address of /live, /ready and /metrics.")
SETTING(admin_port, NUMBER_SETTING, "0", 0, 65535, "Its port; 0: none.")
SETTING(connections, NUMBER_SETTING, "20000", 1, 1000000,
	"Most connections of this node.")
SETTING(per_address, NUMBER_SETTING, "4096", 1, 1000000,
	"Most connections from one address: villages sit behind one.")
SETTING(handshakes, NUMBER_SETTING, "1024", 1, 100000,
	"Most handshakes on their way.")
SETTING(handshake_seconds, NUMBER_SETTING, "10", 1, 600,
	"From connecting to an open WebSocket.")
SETTING(login_seconds, NUMBER_SETTING, "10", 1, 600,
	"From an open WebSocket to an accepted hello.")
SETTING(message_seconds, NUMBER_SETTING, "30", 1, 600,
	"From the first to the last fragment of a message.")
SETTING(stall_seconds, NUMBER_SETTING, "30", 1, 600,
	"A peer that reads nothing for so long is closed.")
SETTING(keepalive_seconds, NUMBER_SETTING, "55", 1, 3600,
	"Seconds between signs of life.")
SETTING(keepalive_most_seconds, NUMBER_SETTING, "900", 1, 86400,
	"Most of them that a peer may ask for.")
SETTING(max_unsent, NUMBER_SETTING, "65536", 4096, 16777216,
	"Bytes of answers a slow peer may leave unread before we stop reading it.")
SETTING(window, NUMBER_SETTING, "64", 1, 4096,
	"Most acts of one session on their way.")
SETTING(queue, NUMBER_SETTING, "8192", 64, 1000000,
	"Most acts waiting to be settled.")
SETTING(memory, NUMBER_SETTING, "8192", 64, 1000000,
	"Most notices kept in memory for replays.")
SETTING(acts_per_second, NUMBER_SETTING, "5000", 1, 1000000,
	"Acts a second of one session in the long run; more wait.")
SETTING(pg_timeout_seconds, NUMBER_SETTING, "10", 1, 600,
	"A database call without an answer for so long counts as lost.")
SETTING(tick_seconds, NUMBER_SETTING, "5", 0, 3600,
	"Seconds between looks for what has come due; 0: other nodes or db tick do.")
SETTING(drain_seconds, NUMBER_SETTING, "10", 0, 600,
	"From SIGTERM to the end, for what is on its way.")
SETTING(log, TEXT_SETTING, "text", 0, 0, "Form of the log.")
SETTING_WORDS(log, "text|json")
SETTING(log_level, NUMBER_SETTING, "6", 3, 7,
	"3 bad, 4 warnings, 5 notable, 6 all events, 7 debugging.")

#undef SETTING
#undef SETTING_WORDS
#undef SETTING_NEEDED

/* SPDX-License-Identifier: Apache-2.0 */
/* Acts of the session itself. Columns: see ../acts.tbl.h. */

ACT(hello, "hello", WHO_ANYONE, BEFORE_HELLO, READS, NULL, LOCAL, 256, 8192,
    "Says who the peer is and how far it has read; the first act of a session.")
FIELD(hello, "protocol", INTEGER, MUST, 1, 65535, PLAIN, NULL,
      "Version of the protocol: 1.")
FIELD(hello, "client", TEXT, MUST, 1, 80, PLAIN, NULL,
      "Name and version of the program that speaks.")
FIELD(hello, "as", WORD, MUST, 0, 0, PLAIN, "visitor|kiosk|staff",
      "As what the peer comes.")
FIELD(hello, "name", TEXT, MAY, 1, 64, PLAIN, NULL,
      "Name of the kiosk, or login of the staff member.")
FIELD(hello, "secret", TEXT, MAY, 1, 256, SECRET, NULL,
      "Secret of the kiosk, or password of the staff member.")
FIELD(hello, "token", TEXT, MAY, 1, 128, SECRET, NULL,
      "Staff, instead of the password: the token that an earlier hello gave.")
FIELD(hello, "code", DIGITS, MAY, 6, 6, SECRET, NULL,
      "Staff with a second factor: the six digits (RFC 6238).")
FIELD(hello, "epoch", TEXT, MAY, 1, 64, PLAIN, NULL,
      "Epoch to which the cursor belongs.")
FIELD(hello, "cursor", INTEGER, MAY, 0, WIRE_NUMBER_MAX, PLAIN, NULL,
      "Number of the last notice the peer has kept; absent: only what is new.")
FIELD(hello, "missed", WORD, MAY, 0, 0, PLAIN, "all|urgent",
      "What of the missed is sent; urgent: risk notices, and the rest another day.")
FIELD(hello, "region", REGION, MAY, 0, 0, PLAIN, NULL,
      "Visitors: the region whose notices they want to hear.")
FIELD(hello, "lang", TEXT, MAY, 2, 16, PLAIN, NULL,
      "Language of refusals: zh-CN or en (RFC 5646).")
FIELD(hello, "generation", TEXT, MAY, 1, 64, PLAIN, NULL,
      "Kiosks: random name of their store; only where feature store_mark is.")
FIELD(hello, "mark", INTEGER, MAY, 0, WIRE_NUMBER_MAX, PLAIN, NULL,
      "Kiosks: greater than at every hello before; with generation.")
FIELD(hello, "accept", LIST, MAY, 1, 8, PLAIN, NULL,
      "How notices may come, beside plain text; where feature deflate is.")
FIELD(hello, "accept[]", WORD, MUST, 0, 0, PLAIN, "deflate",
      "deflate: as a binary message, squeezed, where that is shorter.")
FIELD(hello, "keepalive", INTEGER, MAY, 1, 86400, PLAIN, NULL,
      "Seconds between signs of life, for lines that are paid by the byte.")
RESULT(hello, "session", TEXT, NULL, "Name of this session, for the logs.")
RESULT(hello, "roles[]", TEXT, NULL, "What the peer may act as.")
RESULT(hello, "region", REGION, NULL, "Where the peer is; null when nowhere.")
RESULT(hello, "department", OBJECT, NULL, "Staff: {code, name}; else null.")
RESULT(hello, "now", TIME, NULL, "The server's clock.")
RESULT(hello, "epoch", TEXT, NULL, "Epoch of the cursor.")
RESULT(hello, "head", INTEGER, NULL, "Number of the newest notice.")
RESULT(hello, "replay", WORD, "none|since|all",
       "What of the past will follow before caught_up.")
RESULT(hello, "window", INTEGER, NULL,
       "Most acts on their way at a time; more of them wait unread.")
RESULT(hello, "max_frame", INTEGER, NULL, "Most bytes of one message.")
RESULT(hello, "keepalive", INTEGER, NULL,
       "Seconds between two signs of life the server expects of this session.")
RESULT(hello, "features[]", TEXT, NULL, "What this server can beyond version 1.")
RESULT(hello, "store", WORD, "kept|rolled_back",
       "Kiosks that said a mark: has their store gone back in time?")
RESULT(hello, "audit_head", TEXT, NULL,
       "Kiosks: number and hash of the last row of the audit chain, which who "
       "keeps it can bear witness to; else absent.")
RESULT(hello, "token", TEXT, NULL,
       "Staff who gave a password: instead of it for the next 8 hours.")

ACT(ping, "ping", WHO_ANYONE, AFTER_HELLO, READS, NULL, LOCAL, 0, 1024,
    "Asks for a sign of life and the server's clock.")
RESULT(ping, "now", TIME, NULL, "The server's clock.")

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every number of a node once.
 * COUNTER(id, name, help): grows; the name gets huiyin_ and _total.
 * GAUGE(id, name, help): asked for when /metrics is.
 */
#ifndef COUNTER
#define COUNTER(id, name, help)
#endif
#ifndef GAUGE
#define GAUGE(id, name, help)
#endif

COUNTER(sessions_opened, "sessions_opened", "WebSocket sessions opened.")
COUNTER(greeted, "hellos", "Sessions that said who they are.")
COUNTER(messages, "messages_received", "Messages received.")
COUNTER(bytes_received, "received_bytes", "Bytes of messages received.")
COUNTER(delivered, "notices_sent", "Notices written to sessions.")
COUNTER(squeezed, "notices_sent_squeezed", "Of these, as deflate.")
COUNTER(bytes_delivered, "notices_sent_bytes", "Bytes of notices written.")
COUNTER(behind, "sessions_fell_behind",
	"Times a live session could not take a notice at once.")
COUNTER(replayed, "replays", "Sessions that were sent what they missed.")
COUNTER(replay_queries, "replay_queries",
	"Replays older than memory: queries to the database.")
COUNTER(feed_queries, "feed_queries", "Queries of the node's feeds.")
COUNTER(throttled, "sessions_throttled",
	"Times a session had to wait for its allowance of acts.")
COUNTER(paused_full, "sessions_paused",
	"Times a session was not read because the store was full.")
COUNTER(opened, "acts_opened", "Sealed acts opened.")
COUNTER(rolled_back, "stores_rolled_back",
	"Hellos of kiosks whose store has gone back in time.")
COUNTER(logins_failed, "logins_failed", "Wrong names, secrets and codes.")
COUNTER(resets, "feed_resets", "Times the feed began anew: another epoch.")

GAUGE(handshaking, "handshakes", "Connections on their way to a session.")
GAUGE(open, "connections", "Open WebSocket connections.")
GAUGE(greeting, "sessions_greeting", "Sessions that have not said hello.")
GAUGE(catching_up, "sessions_catching_up", "Sessions being sent the past.")
GAUGE(live, "sessions_live", "Sessions that hear notices as they come.")
GAUGE(leaving, "sessions_leaving", "Sessions being closed.")
GAUGE(waiting, "acts_waiting", "Acts not yet settled.")
GAUGE(up, "database_up", "1 when the database is there and safe.")
GAUGE(head, "notice_head", "Number of the newest notice this node has.")
GAUGE(remembered, "notices_remembered", "Notices kept in memory.")
GAUGE(batches, "batches_settled", "Batches settled so far.")
GAUGE(batched_acts, "batched_acts", "Acts settled in them so far.")
GAUGE(weather, "batches_resent", "Batches sent again after trouble.")

#undef COUNTER
#undef GAUGE

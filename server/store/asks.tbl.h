/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a node asks for itself: ASK(id, lane, function), each of the single
 * shape api.function(who jsonb, params jsonb) returns jsonb.
 */
#ifndef ASK
#define ASK(id, lane, function)
#endif

ASK(node_check, DESK, "node_check")
ASK(node_alive, DESK, "node_alive")
ASK(node_gone, DESK, "node_gone")
ASK(presence_end, DESK, "presence_end")
ASK(credential, DESK, "credential")
ASK(credential_failed, DESK, "credential_failed")
ASK(notices_after, DESK, "notices_after")
ASK(notices_in_force, REPORTS, "notices_in_force")
ASK(notices_for, REPORTS, "notices_for")
ASK(feedback_changes, DESK, "feedback_changes")
ASK(principals_changed, DESK, "principals_changed")
ASK(feedback_ref, DESK, "feedback_ref")
ASK(feedback_wrong_key, DESK, "feedback_wrong_key")
ASK(tick, REPORTS, "tick")

#undef ASK

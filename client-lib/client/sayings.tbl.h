/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything that is said to the SQLite file after it is open, once.
 * SAYING(id, sql)
 */
SAYING(begin, "begin immediate")
SAYING(commit, "commit")
SAYING(meta_get, "select value from meta where name = ?1")
SAYING(meta_set, "insert into meta (name, value) values (?1, ?2)"
       " on conflict (name) do update set value = excluded.value")

SAYING(act_add, "insert into act (ref, name, params, at, size, silent)"
       " values (?1, ?2, ?3, ?4, ?5, ?6)")
SAYING(act_next, "select number, ref, name, params, silent from act"
       " where state = 0 and number > ?1 order by number limit 1")
SAYING(act_find, "select number, ref, name, params, silent, state, answer,"
       " size from act where ref = ?1")
SAYING(act_end, "update act set state = ?2, answer = ?3, run = ?4,"
       " size = size + length(cast(?3 as blob)) where ref = ?1 and state = 0")
SAYING(act_ended, "select number, ref, name, params, silent, state, answer"
       " from act where state > 0 and run <> ?2 and number > ?1"
       " order by number limit 1")
SAYING(act_refused, "select number, ref, name, params, silent, state, answer"
       " from act where state = 2 and number > ?1 order by number limit 1")
SAYING(act_again, "update act set state = 0, answer = null where number = ?1")
SAYING(act_astray, "update act set state = 0, answer = null"
       " where state not in (0, 1, 2)")
SAYING(act_rename, "update act set ref = ?2 where number = ?1")
SAYING(act_drop, "delete from act where ref = ?1")
SAYING(act_silent, "select 1 from act where state = 0 and silent limit 1")
SAYING(act_bytes, "select coalesce(sum(size), 0) from act")
SAYING(act_state, "select count(*) filter (where state = 0),"
       " count(*) filter (where state = 1), count(*) filter (where state = 2),"
       " coalesce(min(at) filter (where state = 0), 0) from act"
       " where not silent")

SAYING(copy_put, "insert into copy (ref, name, params) values (?1, ?2, ?3)")
SAYING(copy_receipt, "select receipt from copy where ref = ?1")
SAYING(copy_settled, "update copy set epoch = ?2, at = coalesce(at, ?3),"
       " receipt = coalesce(?4, receipt) where ref = ?1")
SAYING(copy_drop, "delete from copy where ref = ?1")
SAYING(copy_next, "select ref, name, params from copy where epoch <> ?1"
       " and ref > ?2 order by ref limit 1")
SAYING(copy_expire, "delete from copy where at <= ?1")
SAYING(copy_trim, "delete from copy where ref in (select ref from copy"
       " where at is not null order by at desc, ref desc"
       " limit -1 offset ?1)")

SAYING(notice_same, "select 1 from notice where id = ?1 and body = ?2")
SAYING(notice_renumber, "delete from notice where id = ?1 and seq <> ?2")
SAYING(notice_put, "insert into notice (seq, id, body, expires, round)"
       " values (?1, ?2, ?3, ?4, ?5) on conflict (seq) do update set"
       " id = excluded.id, body = excluded.body, expires = excluded.expires,"
       " round = excluded.round")
SAYING(notice_drop_others, "delete from notice where round <> ?1")
SAYING(notice_drop, "delete from notice where seq = ?1")
SAYING(notice_expire, "delete from notice where expires <= ?1")
SAYING(notice_next, "select seq, id, body from notice where seq > ?1"
       " and (expires is null or expires > ?2) order by seq limit 1")

SAYING(receipt_put, "insert into receipt (notice, rank, state, at)"
       " values (?1, ?2, ?3, ?4) on conflict (notice) do update set"
       " rank = excluded.rank, state = excluded.state, at = excluded.at"
       " where excluded.rank > receipt.rank")
SAYING(receipt_list, "select notice, state, at from receipt"
       " order by at, notice limit 256")
SAYING(receipt_clear, "delete from receipt where notice in"
       " (select notice from receipt order by at, notice limit 256)")
SAYING(receipt_count, "select count(*)"
       " + (select count(*) from act where silent and state = 0),"
       " coalesce(sum(length(notice) + length(state) + length(at)), 0)"
       " from receipt")

SAYING(traffic_get, "select sent, received from traffic where day = ?1")
SAYING(traffic_put, "insert into traffic (day, sent, received)"
       " values (?1, ?2, ?3) on conflict (day) do update set"
       " sent = excluded.sent, received = excluded.received")
SAYING(traffic_forget, "delete from traffic where day not in"
       " (select day from traffic order by day desc limit ?1)")
#undef SAYING

-- SPDX-License-Identifier: Apache-2.0
-- What waits for the submitter can be given to another department: one that is
-- no more cannot be waited for.

set role huiyin_owner;

insert into huiyin.feedback_move (act, was, becomes, part, tells)
values ('dispatch', 'waiting_submitter', 'in_progress', 'coordinator', false);

reset role;

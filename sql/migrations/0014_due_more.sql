-- SPDX-License-Identifier: Apache-2.0
-- The due response, what came later: what waits for the submitter can be given to
-- another department (one that is no more cannot be waited for); and who reads
-- whose name leaves a row.

set role huiyin_owner;

insert into huiyin.feedback_move (act, was, becomes, part, tells)
values ('dispatch', 'waiting_submitter', 'in_progress', 'coordinator', false);

alter table huiyin.person_access
	drop constraint person_access_kind_is_known,
	add constraint person_access_kind_is_known check (
		kind in ('read', 'unseal', 'export', 'correct', 'erase', 'seal', 'expire'));
comment on column huiyin.person_access.kind is
	'read: at a desk, by the department that has it or an auditor; a row for each person, feedback and day';

reset role;

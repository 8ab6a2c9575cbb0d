-- SPDX-License-Identifier: Apache-2.0

create or replace view report.due as
select
	r.clock,
	r.round,
	d.code as department,
	huiyin.region_township(r.region) as township,
	r.service,
	r.first_by,
	r.due_by,
	r.ended_at,
	r.met,
	r.met and r.ended_at <= r.due_by as in_time,
	r.met and r.ended_at <= r.first_by as in_first_time,
	r.left_out,
	r.extended,
	r.returned,
	r.reopened,
	r.heard,
	r.solved,
	r.grade
from huiyin.report_due r
left join huiyin.department d on d.id = coalesce(r.department, (huiyin.office()).office);
comment on view report.due is
	'what was due of whom and what became of it, one row for each, without persons, words and receipts; as of the last tick';

-- SPDX-License-Identifier: Apache-2.0

create or replace view report.feedback as
select
	f.receipt,
	f.filed_at,
	f.state,
	f.service,
	f.region,
	g.name as region_name,
	d.code as department,
	n.notice as about,
	f.answer_by,
	huiyin.is_overdue(f) as overdue,
	a.at as answered_at,
	a.outcome
from huiyin.feedback f
left join huiyin.region g on g.code = f.region
left join huiyin.department d on d.id = f.lead
left join huiyin.notice n on n.id = f.about
left join lateral (
	select a.at, a.outcome
	from huiyin.feedback_answer a
	where a.feedback = f.id
	order by a.number
	limit 1
) as a on true
where f.against is null;
comment on view report.feedback is
	'what was said, without words and persons, and without what is said against a department';

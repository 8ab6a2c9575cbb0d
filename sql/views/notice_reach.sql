-- SPDX-License-Identifier: Apache-2.0

create or replace view report.notice_reach as
select
	n.notice,
	n.seq,
	n.kind,
	d.code as department,
	n.headline,
	n.sent,
	n.expires,
	r.township,
	g.name as township_name,
	r.addressed,
	r.delivered,
	r.shown,
	r.read,
	r.understood,
	r.misunderstood
from huiyin.notice n
join huiyin.department d on d.id = n.department
cross join lateral huiyin.notice_reached(n.id, n.sent) as r
left join huiyin.region g on g.code = r.township
where n.seq is not null;
comment on view report.notice_reach is 'how far each notice came, by township, with its denominator';

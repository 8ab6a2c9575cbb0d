-- SPDX-License-Identifier: Apache-2.0
-- The services every county starts with. Calendar time; MISSION, rule 4.

set role huiyin_owner;

insert into huiyin.service (code, name, name_en,
	dispatch_within, sign_within, contact_within, answer_within)
values
	('complaint', '投诉', 'complaint', '24 hours', '2 days', '24 hours', '15 days'),
	('suggestion', '建议', 'suggestion', '24 hours', '2 days', '24 hours', '15 days'),
	('question', '咨询', 'question', '24 hours', '1 day', '24 hours', '7 days'),
	('need', '求助', 'need', '24 hours', '1 day', '24 hours', '7 days'),
	('dispute', '纠纷', 'dispute', '24 hours', '2 days', '24 hours', '15 days'),
	('report', '举报', 'report', '24 hours', '2 days', '24 hours', '15 days');

reset role;

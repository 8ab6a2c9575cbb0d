/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Refusals. The tag is what programs read, the sentences are for people:
 * why, and what would allow it. SQL refuses by the same tags.
 * REFUSAL(id, tag, code, retry, english, allow english, chinese, allow chinese)
 *   code    JSON-RPC's own where it has one (section 5.1), ours from 1001
 *   retry   NEVER: the same again is refused again; LATER: after `after`
 */
#ifndef REFUSAL
#define REFUSAL(id, tag, code, retry, en, allow_en, zh, allow_zh)
#endif

REFUSAL(bad_json, "bad_json", -32700, NEVER,
	"This is not valid JSON.", "Send one JSON object (RFC 8259) a message.",
	"这不是有效的 JSON。", "每条消息发送一个 JSON 对象(RFC 8259)。")
REFUSAL(duplicate_key, "duplicate_key", -32700, NEVER,
	"An object has the same key twice.", "Name each key once.",
	"对象中有重复的键。", "每个键只出现一次。")
REFUSAL(too_deep, "too_deep", -32700, NEVER,
	"Objects or lists are nested too deep.", "Nest at most 8 levels.",
	"嵌套层次过深。", "最多嵌套 8 层。")
REFUSAL(too_large, "too_large", -32700, NEVER,
	"The message is too large.",
	"Stay below max_frame, which hello announces, and the act's own limit.",
	"消息过大。", "不要超过 hello 所告知的 max_frame 以及该操作的上限。")
REFUSAL(too_many_pieces, "too_many_pieces", -32700, NEVER,
	"The message comes in too many fragments.", "Use at most 64 fragments.",
	"消息分片过多。", "最多使用 64 个分片。")
REFUSAL(binary, "binary", -32700, NEVER,
	"Binary messages are not understood.", "Send text messages.",
	"不接受二进制消息。", "请发送文本消息。")
REFUSAL(bad_request, "bad_request", -32600, NEVER,
	"This is not a JSON-RPC 2.0 request with an id.",
	"Send jsonrpc \"2.0\", id, method and params; no batch arrays.",
	"这不是带 id 的 JSON-RPC 2.0 请求。",
	"请发送 jsonrpc \"2.0\"、id、method 和 params;不支持批量数组。")
REFUSAL(bad_ref, "bad_ref", -32600, NEVER,
	"The id of a writing act must be a UUID of version 7.",
	"Choose a new UUIDv7 (RFC 9562) for each act; repeat it only to repeat.",
	"写入操作的 id 必须是第 7 版 UUID。",
	"为每个操作选用新的 UUIDv7(RFC 9562),重发时才用同一个。")
REFUSAL(unknown_act, "unknown_act", -32601, NEVER,
	"There is no such act.", "PROTOCOL.md lists all acts.",
	"没有这种操作。", "PROTOCOL.md 列出了全部操作。")
REFUSAL(unknown_field, "unknown_field", -32602, NEVER,
	"This act has no such field.", "Leave it out, or look at its spelling.",
	"此操作没有这个字段。", "去掉它,或检查拼写。")
REFUSAL(missing_field, "missing_field", -32602, NEVER,
	"A field is missing.", "Give it a value.",
	"缺少字段。", "请补上。")
REFUSAL(wrong_type, "wrong_type", -32602, NEVER,
	"A field has the wrong type.", "The act's description gives its type.",
	"字段类型不对。", "该操作的说明给出了其类型。")
REFUSAL(out_of_bounds, "out_of_bounds", -32602, NEVER,
	"A field is too long, too short, too large or too small.",
	"The act's description gives its bounds.",
	"字段过长、过短、过大或过小。", "该操作的说明给出了其范围。")
REFUSAL(blank, "blank", -32602, NEVER,
	"A field has nothing in it but blanks.",
	"Say something in it, or leave it out where it may be absent.",
	"字段中只有空白。", "请填写内容;可以不填的字段请去掉。")
REFUSAL(bad_value, "bad_value", -32602, NEVER,
	"A field has a value that is not allowed.",
	"The act's description says what it may be.",
	"字段的值不允许。", "该操作的说明给出了可取的值。")
REFUSAL(past, "past", -32602, NEVER,
	"This time is over.", "Give a time that is still to come.",
	"这个时间已经过去。", "请填写尚未到来的时间。")
REFUSAL(hello_first, "hello_first", 1001, NEVER,
	"Nobody knows yet who you are.", "Say hello first.",
	"尚不知道您是谁。", "请先发送 hello。")
REFUSAL(hello_twice, "hello_twice", 1002, NEVER,
	"This session has said hello already.",
	"Open another connection to come as somebody else.",
	"本会话已经发送过 hello。", "要换身份请另开一个连接。")
REFUSAL(unknown_protocol, "unknown_protocol", 1003, NEVER,
	"This version of the protocol is not spoken here.", "Speak version 1.",
	"不支持此协议版本。", "请使用第 1 版。")
REFUSAL(not_allowed, "not_allowed", 1004, NEVER,
	"Your role does not allow this.",
	"Ask somebody whose role it is.",
	"您的角色不允许此操作。", "请由有权办理的人办理。")
REFUSAL(wrong_secret, "wrong_secret", 1005, NEVER,
	"The name or the secret is wrong.",
	"Check both; an administrator can give a new one.",
	"名称或密钥不正确。", "请核对两者;管理员可以重新发放。")
REFUSAL(second_factor, "second_factor", 1006, NEVER,
	"The six digits are missing, wrong or used already.",
	"Give the digits your device shows now (code).",
	"六位验证码缺失、错误或已用过。", "请填写设备当前显示的数字(code)。")
REFUSAL(disabled, "disabled", 1007, NEVER,
	"This identity has been disabled.", "An administrator can enable it.",
	"此身份已停用。", "管理员可以启用它。")
REFUSAL(unknown_region, "unknown_region", 1010, NEVER,
	"There is no such region here.",
	"Use a 12-digit code of this county's regions.",
	"本县没有这个区划代码。", "请使用本县区划的 12 位代码。")
REFUSAL(not_your_region, "not_your_region", 1011, NEVER,
	"Your department may not address this region.",
	"Address your department's own region or one below it.",
	"您的部门不能面向该区划。", "请面向本部门所在区划或其下级。")
REFUSAL(unknown_department, "unknown_department", 1012, NEVER,
	"There is no such department.", "Use the code of a department.",
	"没有这个部门。", "请使用部门代码。")
REFUSAL(unknown_service, "unknown_service", 1013, NEVER,
	"There is no such service.",
	"Use complaint, suggestion, question, need, dispute, report, utility or "
	"danger.",
	"没有这种服务。",
	"可用 complaint、suggestion、question、need、dispute、report、utility、"
	"danger。")
REFUSAL(not_found, "not_found", 1014, NEVER,
	"There is nothing here that you may see under this number.",
	"Check the number; a feedback also wants its 16-digit key, a meeting or an "
	"entry of the ledger a department that has a part in it.",
	"在此编号下没有您可以查看的内容。",
	"请核对编号;查询反馈时还要核对 16 位查询码,会议和台账事项只有相关部门可以"
	"查看。")
REFUSAL(conflict, "conflict", 1015, NEVER,
	"This id has been used for another act.", "Choose a new id.",
	"此 id 已用于另一操作。", "请选用新的 id。")
REFUSAL(needs_approval, "needs_approval", 1016, NEVER,
	"In your department somebody else has to approve.",
	"Make it a draft (notice.draft); an approver publishes that "
	"(notice.publish).",
	"您的部门需要由他人审批。",
	"请先起草(notice.draft),再由审批人发布(notice.publish)。")
REFUSAL(own_draft, "own_draft", 1017, NEVER,
	"You cannot approve what you wrote.", "Ask another approver.",
	"不能审批自己起草的内容。", "请另一位审批人办理。")
REFUSAL(wrong_state, "wrong_state", 1018, NEVER,
	"Its state does not allow this.", "Look at its state and history.",
	"当前状态不允许此操作。", "请查看其状态和历史。")
REFUSAL(already, "already", 1019, NEVER,
	"This has been done already.", "Nothing more is needed.",
	"此事已经办过。", "无需再办。")
REFUSAL(rate_limited, "rate_limited", 1020, LATER,
	"Too many tries.", "Try again after the seconds given.",
	"尝试次数过多。", "请在所示秒数之后再试。")
REFUSAL(overloaded, "overloaded", 1021, LATER,
	"The server has too much to do.", "Try again after the seconds given.",
	"服务器过于繁忙。", "请在所示秒数之后再试。")
REFUSAL(unavailable, "unavailable", 1022, LATER,
	"The database cannot be reached.",
	"Try again after the seconds given; writing acts are kept and retried.",
	"数据库暂时无法访问。", "请在所示秒数之后再试;写入操作会保留并重试。")
REFUSAL(bad_seal, "bad_seal", 1040, NEVER,
	"This is not sealed to this county's key, or for another act or id.",
	"Seal it to a key that hello announces, with its own act and ref inside.",
	"未用本县公钥密封,或密封的是另一操作或另一 id。",
	"请用 hello 所告知的公钥密封,并在其中写明本操作和 ref。")
REFUSAL(bound, "bound", 1023, NEVER,
	"The coordinator has arbitrated, and that binds.",
	"Deal with it; ask other departments through the coordinator.",
	"已经裁决,不能再退回。", "请办理;需要其他部门配合时请找统筹员。")
REFUSAL(needs_assisting, "needs_assisting", 1024, NEVER,
	"An assisting department has not signed its part yet.",
	"Wait for it, or say why you answer before it does (without).",
	"有协办部门尚未签署意见。", "请等待其签署,或说明先行答复的原因(without)。")
REFUSAL(needs_mediation, "needs_mediation", 1025, NEVER,
	"A dispute is mediated before it is answered.",
	"Record the mediation (feedback.contact, how: mediation).",
	"纠纷须先调解再答复。", "请先记录调解(feedback.contact,how: mediation)。")
REFUSAL(own_answer, "own_answer", 1026, NEVER,
	"Whoever dealt with it cannot judge it.", "Ask somebody else.",
	"经办人不能评定自己办理的事项。", "请由他人办理。")
REFUSAL(too_late, "too_late", 1027, NEVER,
	"The time for this is over.",
	"Extensions are asked for before expiry; reopening takes 15 days at most.",
	"已超过办理期限。", "延期须在到期前申请;重开须在 15 天内提出。")
REFUSAL(own_work, "own_work", 1036, NEVER,
	"Whoever did it, and their department, cannot verify it.",
	"Ask somebody of another department.",
	"承办部门和经办人不能核实自己办理的事项。", "请由其他部门的人核实。")
REFUSAL(changed, "changed", 1028, NEVER,
	"Somebody else has changed it since you read it.",
	"meeting.get with your revision as since tells all that has changed; then "
	"say it again with the new revision.",
	"在您阅读之后已有他人改动。",
	"请用 meeting.get 查看全部改动(since 填您的修订号),再以新的修订号重新"
	"提交。")
REFUSAL(not_invited, "not_invited", 1029, NEVER,
	"This department was not invited to the meeting.",
	"Invite it first (meeting.change).",
	"该部门未被邀请参加会议。", "请先邀请该部门(meeting.change)。")
REFUSAL(needs_voices, "needs_voices", 1030, NEVER,
	"A department has not signed yet, or its objection has no answer.",
	"Wait until it signs or its two working days are over (now: silent, "
	"sign_by); answer or note an objection (summary.answer).",
	"有部门尚未会签,或其异议未处理。",
	"请等待会签或两个工作日期满(now:silent、sign_by);异议请答复或记录"
	"(summary.answer)。")
REFUSAL(no_items, "no_items", 1031, NEVER,
	"There is no item in it.", "Add what was spoken about (meeting.add).",
	"其中没有任何议题。", "请先加入议题(meeting.add)。")
REFUSAL(needs_consent, "needs_consent", 1037, NEVER,
	"Staff file for somebody with that person's consent only.",
	"Ask them; then say who you are, what you are to them, and that they "
	"agreed (filed_by.name, .relation, .consent). What is your own you file "
	"with the relation self.",
	"工作人员代人提交,须经本人同意。",
	"请征得本人同意,再填写代办人、与本人的关系和本人已同意"
	"(filed_by.name、.relation、.consent);您自己的事项,关系填 self。")
REFUSAL(internal, "internal", -32603, NEVER,
	"The server could not do this; it is in its log.",
	"Tell the operator the time and the id.",
	"服务器无法完成,已记入日志。", "请把时间和 id 告诉运维人员。")

#undef REFUSAL

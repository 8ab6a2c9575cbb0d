/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What would allow what SQL refused, where the sentence of errors.tbl.h does
 * not say it.
 * ALLOWS(command, tag, path, english, chinese)
 *   path  of the refusal: a parameter, or what else was looked at
 */
ALLOWS(department_add, "already", "coordinating",
       "Another department coordinates; department set CODE --coordinating "
       "hands that over.",
       "已有其他部门负责统筹;可用 department set CODE --coordinating 移交。")
ALLOWS(department_set, "bad_value", "superior",
       "Superiors would go in a circle: name a department that is neither "
       "this one nor below it.",
       "上级关系不能成环:请填写既非本部门也非其下级的部门。")
ALLOWS(department_set, "wrong_state", "code",
       "It is disabled and cannot coordinate; department enable comes first.",
       "该部门已停用,不能负责统筹;请先执行 department enable。")
ALLOWS(department_disable, "wrong_state", "code",
       "It coordinates: it gets what nobody else has. First let another one, "
       "by department set CODE --coordinating.",
       "该部门负责统筹,无人承办的事项都归它。请先用 "
       "department set CODE --coordinating 移交其他部门。")
ALLOWS(staff_add, "bad_value", "department",
       "A clerk, approver or coordinator acts for a department; say which by "
       "--department CODE.",
       "经办人、审批人和统筹员须属于某个部门;请用 --department CODE 指明。")
ALLOWS(staff_add, "wrong_state", "department",
       "The department is disabled; department enable comes first.",
       "该部门已停用;请先执行 department enable。")
ALLOWS(staff_enable, "wrong_state", "department",
       "The department is disabled; department enable comes first.",
       "所属部门已停用;请先执行 department enable。")
ALLOWS(staff_superior, "bad_value", "superior",
       "Superiors would go in a circle: name somebody who is neither this "
       "person nor below.",
       "上级关系不能成环:请填写既非本人也非其下级的人员。")
ALLOWS(kiosk_add, "wrong_state", "station",
       "The station is disabled; station enable comes first.",
       "该站点已停用;请先执行 station enable。")
ALLOWS(kiosk_enable, "wrong_state", "station",
       "Its station is disabled; station enable comes first, or kiosk move.",
       "所在站点已停用;请先执行 station enable,或用 kiosk move 移走。")
ALLOWS(kiosk_move, "wrong_state", "station",
       "The station is disabled; station enable comes first.",
       "该站点已停用;请先执行 station enable。")
#undef ALLOWS

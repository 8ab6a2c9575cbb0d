/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything huiyin-admin does. Help, completion, the check of the command
 * line and the parameters of the SQL function come from here.
 *
 * COMMAND(id, words, run, function, columns, help)
 *   words     as typed: noun and verb
 *   run       run_RUN() in errands.h; run_ask only asks function and shows
 *   function  in the schema admin; NULL: none
 *   columns   of a result's items, for people; of the file, for an import
 * PARAM(command, name, where, need, form, words, help)
 *   name   of the parameter of the function; a flag has - for _
 *   where  PLACE (by its place, in the order of this table) or FLAG
 *   form   TEXT, LIST (a,b), DATE, YEAR, REGION, COUNTY, SWITCH (true when there)
 *   words  the only ones allowed, a|b; NULL: any
 */
#ifndef COMMAND
#define COMMAND(id, words, run, function, columns, help)
#endif
#ifndef PARAM
#define PARAM(command, name, where, need, form, words, help)
#endif

#define STAFF_ROLES "clerk|approver|coordinator|keeper|relay|auditor|admin"

COMMAND(db_migrate, "db migrate", migrate, NULL, NULL,
	"Brings the database to the state of this release, or leaves it as it "
	"was.")
COMMAND(db_check, "db check", check, NULL, NULL,
	"Asks the database whether it is what it should be (verify.sql).")
COMMAND(db_tick, "db tick", ask, "tick", NULL,
	"Sees to what has come due, as nodes do every few seconds.")
COMMAND(db_restored, "db restored", ask, "restored", NULL,
	"To be run after any restore: another epoch, receipt numbers moved on.")

COMMAND(db_partitions, "db partitions", ask, "db_partitions",
	"table partition from to rows bytes age_days state",
	"Lists what is kept by month, and what is missing ahead.")

COMMAND(county_set, "county set", ask, "county_set", NULL,
	"Says which county this installation serves.")
PARAM(county_set, "region", PLACE, MUST, REGION, NULL, "Code of the county.")
PARAM(county_set, "name", FLAG, MAY, TEXT, NULL,
      "Its name in what people read; that of the region when absent.")
PARAM(county_set, "demo", FLAG, MAY, SWITCH, NULL,
      "To try things in: clocks may run in seconds. Not to be undone.")

COMMAND(region_import, "region import", import, "region_import",
	"code name level",
	"Loads the yearly list of regions: CSV with the header "
	"code,name,level.")
PARAM(region_import, "file", PLACE, MUST, TEXT, NULL,
      "The CSV file; - is standard input.")
PARAM(region_import, "county", FLAG, MUST, COUNTY, NULL,
      "The county whose regions they are; others are reported.")
PARAM(region_import, "valid_from", FLAG, MAY, DATE, NULL,
      "The day from which the list is in force; today when absent.")

COMMAND(calendar_import, "calendar import", import, "calendar_import",
	"date kind name",
	"Loads holidays, make-up workdays and hours of work: CSV with the "
	"header date,kind,name; kind is holiday, workday or hours, whose name "
	"is 08:30-12:00 14:30-17:30 from that date on.")
PARAM(calendar_import, "file", PLACE, MUST, TEXT, NULL,
      "The CSV file; - is standard input.")
COMMAND(calendar_list, "calendar list", ask, "calendar_list",
	"date weekday kind name",
	"Lists the days on which it is otherwise, and the hours of work.")
PARAM(calendar_list, "year", FLAG, MAY, YEAR, NULL,
      "Of this year only; all when absent.")

COMMAND(department_add, "department add", ask, "department_add", NULL,
	"Adds a department.")
PARAM(department_add, "code", PLACE, MUST, TEXT, NULL,
      "A short code of your choice.")
PARAM(department_add, "name", FLAG, MUST, TEXT, NULL, "Its name.")
PARAM(department_add, "region", FLAG, MUST, REGION, NULL,
      "Where it sits: it addresses this region and what lies below.")
PARAM(department_add, "superior", FLAG, MAY, TEXT, NULL,
      "Code of the department above it.")
PARAM(department_add, "approval", FLAG, MAY, TEXT, "none|other",
      "other: only an approver who is not the author can publish.")
PARAM(department_add, "coordinating", FLAG, MAY, SWITCH, NULL,
      "It is the leading group office, which gets what nobody else has.")
COMMAND(department_list, "department list", ask, "department_list",
	"code name region region_name superior approval active staff",
	"Lists all departments.")
COMMAND(department_set, "department set", ask, "department_set", NULL,
	"Changes a department; what is not said stays.")
PARAM(department_set, "code", PLACE, MUST, TEXT, NULL, "Its code.")
PARAM(department_set, "name", FLAG, MAY, TEXT, NULL, "Its new name.")
PARAM(department_set, "superior", FLAG, MAY, TEXT, NULL,
      "Code of the department above it; \"\": none.")
PARAM(department_set, "approval", FLAG, MAY, TEXT, "none|other",
      "other: only an approver who is not the author can publish.")
PARAM(department_set, "coordinating", FLAG, MAY, SWITCH, NULL,
      "It is the leading group office from now on, instead of the one that is.")
COMMAND(department_disable, "department disable", ask, "department_disable",
	NULL,
	"Disables a department and its staff; what it has goes to the "
	"coordinator.")
PARAM(department_disable, "code", PLACE, MUST, TEXT, NULL, "Its code.")
COMMAND(department_enable, "department enable", ask, "department_enable", NULL,
	"Undoes department disable; its staff are enabled one by one.")
PARAM(department_enable, "code", PLACE, MUST, TEXT, NULL, "Its code.")

COMMAND(staff_add, "staff add", person, "staff_add", NULL,
	"Adds a person with a login; the password is read from standard input.")
PARAM(staff_add, "name", PLACE, MUST, TEXT, NULL, "Login.")
PARAM(staff_add, "roles", FLAG, MUST, LIST, STAFF_ROLES,
      "What the person may act as, separated by commas.")
PARAM(staff_add, "department", FLAG, MAY, TEXT, NULL, "Code of the department.")
PARAM(staff_add, "display_name", FLAG, MAY, TEXT, NULL,
      "Name as people read it.")
PARAM(staff_add, "generate", FLAG, MAY, SWITCH, NULL,
      "Makes a password and prints it, this once.")
PARAM(staff_add, "no_password", FLAG, MAY, SWITCH, NULL,
      "Without a password: no login before `staff password`.")
COMMAND(staff_list, "staff list", ask, "staff_list",
	"name display_name department roles active superior vacant password "
	"totp last_seen",
	"Lists all people with a login.")
COMMAND(staff_disable, "staff disable", ask, "staff_disable", NULL,
	"Disables a person; sessions and tokens end.")
PARAM(staff_disable, "name", PLACE, MUST, TEXT, NULL, "Login.")
COMMAND(staff_enable, "staff enable", ask, "staff_enable", NULL,
	"Undoes staff disable.")
PARAM(staff_enable, "name", PLACE, MUST, TEXT, NULL, "Login.")
COMMAND(staff_password, "staff password", person, "staff_password", NULL,
	"Sets a new password, read from standard input; tokens end.")
PARAM(staff_password, "name", PLACE, MUST, TEXT, NULL, "Login.")
PARAM(staff_password, "generate", FLAG, MAY, SWITCH, NULL,
      "Makes a password and prints it, this once.")
COMMAND(staff_superior, "staff superior", ask, "staff_superior", NULL,
	"Says who is told when what a person handles is late.")
PARAM(staff_superior, "name", PLACE, MUST, TEXT, NULL, "Login.")
PARAM(staff_superior, "superior", PLACE, MAY, TEXT, NULL,
      "Login of the superior; when absent nobody is.")
COMMAND(staff_vacancy, "staff vacancy", ask, "staff_vacancy", NULL,
	"Says that a post is vacant: escalation skips it.")
PARAM(staff_vacancy, "name", PLACE, MUST, TEXT, NULL, "Login.")
PARAM(staff_vacancy, "filled", FLAG, MAY, SWITCH, NULL,
      "It is filled again.")
COMMAND(staff_totp, "staff totp", totp, "staff_totp", NULL,
	"Sets a new second factor (RFC 6238) and prints its seed, this once.")
PARAM(staff_totp, "name", PLACE, MUST, TEXT, NULL, "Login.")
PARAM(staff_totp, "remove", FLAG, MAY, SWITCH, NULL,
      "Takes the second factor away instead.")

COMMAND(station_add, "station add", ask, "station_add", NULL, "Adds a station.")
PARAM(station_add, "region", FLAG, MUST, REGION, NULL,
      "Where it is, as a rule a village.")
PARAM(station_add, "name", FLAG, MUST, TEXT, NULL, "Its name.")
PARAM(station_add, "code", FLAG, MAY, TEXT, NULL,
      "A code of your choice; made when absent.")
PARAM(station_add, "keeper", FLAG, MAY, TEXT, NULL, "Who keeps it.")
COMMAND(station_list, "station list", ask, "station_list",
	"station name region region_name township_name keeper active online "
	"last_seen kiosks",
	"Lists all stations, disabled ones too.")
COMMAND(station_disable, "station disable", ask, "station_disable", NULL,
	"Disables a station and its kiosks.")
PARAM(station_disable, "station", PLACE, MUST, TEXT, NULL, "Its code.")
COMMAND(station_enable, "station enable", ask, "station_enable", NULL,
	"Undoes station disable; its kiosks are enabled one by one.")
PARAM(station_enable, "station", PLACE, MUST, TEXT, NULL, "Its code.")

COMMAND(kiosk_add, "kiosk add", ask, "kiosk_add", NULL,
	"Adds a kiosk to a station; it can say hello once it is enrolled.")
PARAM(kiosk_add, "station", PLACE, MUST, TEXT, NULL, "Code of the station.")
PARAM(kiosk_add, "name", FLAG, MAY, TEXT, NULL,
      "Name of the kiosk; made of region and number when absent.")
COMMAND(kiosk_list, "kiosk list", ask, "kiosk_list",
	"name station region region_name active enrolled_at last_seen",
	"Lists all kiosks.")
COMMAND(kiosk_disable, "kiosk disable", ask, "kiosk_disable", NULL,
	"Disables a kiosk; its sessions end.")
PARAM(kiosk_disable, "name", PLACE, MUST, TEXT, NULL, "Its name.")
COMMAND(kiosk_enable, "kiosk enable", ask, "kiosk_enable", NULL,
	"Undoes kiosk disable.")
PARAM(kiosk_enable, "name", PLACE, MUST, TEXT, NULL, "Its name.")
COMMAND(kiosk_enrol, "kiosk enrol", enrol, "kiosk_enrol", NULL,
	"Gives a kiosk a new secret and prints it, this once.")
PARAM(kiosk_enrol, "name", PLACE, MUST, TEXT, NULL, "Its name.")
COMMAND(kiosk_move, "kiosk move", ask, "kiosk_move", NULL,
	"Moves a kiosk to another station, and so to another audience.")
PARAM(kiosk_move, "name", PLACE, MUST, TEXT, NULL, "Its name.")
PARAM(kiosk_move, "station", PLACE, MUST, TEXT, NULL, "Code of the station.")

COMMAND(service_list, "service list", ask, "service_list",
	"service name name_en urgency answer active routes",
	"Lists what feedback can be about, and who leads it where.")
COMMAND(service_add, "service add", ask, "service_add", NULL,
	"Adds something that feedback can be about.")
PARAM(service_add, "service", PLACE, MUST, TEXT, NULL,
      "A short code of your choice.")
PARAM(service_add, "name", FLAG, MUST, TEXT, NULL, "Its name.")
PARAM(service_add, "name_en", FLAG, MAY, TEXT, NULL, "Its name in English.")
PARAM(service_add, "like", FLAG, MUST, TEXT, NULL,
      "Code of the service whose class and clocks it gets.")
COMMAND(service_clocks, "service clocks", ask, "service_clocks",
	"service clock amount unit",
	"Lists how long each step of each service may take.")
PARAM(service_clocks, "service", FLAG, MAY, TEXT, NULL, "Only this one.")
COMMAND(service_clock, "service clock", ask, "service_clock", NULL,
	"Sets how long a step may take; deadlines that were given stay.")
PARAM(service_clock, "service", PLACE, MUST, TEXT, NULL,
      "Code of the service.")
PARAM(service_clock, "clock", PLACE, MUST, TEXT,
      "dispatch|sign|contact|answer|assist|revisit", "The step.")
PARAM(service_clock, "amount", PLACE, MUST, TEXT, NULL,
      "How many: a whole number from 1.")
PARAM(service_clock, "unit", PLACE, MUST, TEXT,
      "seconds|minutes|working_minutes|working_days",
      "Of what; seconds only in a county set --demo.")
COMMAND(route_set, "route set", ask, "route_set", NULL,
	"Says which department leads a service in a region and below.")
PARAM(route_set, "service", PLACE, MUST, TEXT, NULL, "Code of the service.")
PARAM(route_set, "region", PLACE, MUST, REGION, NULL, "The region.")
PARAM(route_set, "department", FLAG, MAY, TEXT, NULL,
      "Code of the department; when absent the row is taken away.")

COMMAND(seal_new, "seal new", seal_new, NULL, "name public",
	"Makes a pair of keys to which kiosks seal what they keep; prints the "
	"public one.")
PARAM(seal_new, "file", PLACE, MUST, TEXT, NULL,
      "The private one becomes its first line; nodes read it "
      "(seal_secret_file).")
COMMAND(seal_list, "seal list", seal_list, NULL, "name public",
	"Prints the public keys of a file of private ones, newest first.")
PARAM(seal_list, "file", PLACE, MUST, TEXT, NULL, "The file.")
COMMAND(auditor_key, "auditor key", auditor_key, NULL, NULL,
	"Makes the auditor's pair of keys: the public one is shown, for the "
	"setting auditor_key of the nodes.")
PARAM(auditor_key, "file", PLACE, MUST, TEXT, NULL,
      "Where the private key goes; it must not stay on a server.")
COMMAND(unseal, "unseal", unseal, "unseal", NULL,
	"Shows an auditor who somebody anonymous is; who looked and why stands "
	"in the audit chain first.")
PARAM(unseal, "receipt", FLAG, MUST, TEXT, NULL, "Receipt number.")
PARAM(unseal, "key_file", FLAG, MUST, TEXT, NULL, "The auditor's private key.")
PARAM(unseal, "reason", FLAG, MUST, TEXT, NULL, "Why it must be known.")
PARAM(unseal, "auditor", FLAG, MUST, TEXT, NULL, "Login of the auditor.")
COMMAND(person_export, "person export", export, "person_export", NULL,
	"Shows all that is kept about a person (PIPL, article 45).")
PARAM(person_export, "receipt", FLAG, MAY, TEXT, NULL,
      "Receipt number of one feedback, with its key.")
PARAM(person_export, "key", FLAG, MAY, TEXT, NULL,
      "The 16 digits that came with the receipt; - reads them from "
      "standard input.")
PARAM(person_export, "phone", FLAG, MAY, TEXT, NULL,
      "Telephone number of a person whose papers were seen, instead of a "
      "receipt; - as above.")
PARAM(person_export, "name", FLAG, MAY, TEXT, NULL,
      "Name of a person who gave no telephone number; likewise, - too.")
PARAM(person_export, "key_file", FLAG, MAY, TEXT, NULL,
      "The auditor's private key, to open what is anonymous; then --by is "
      "the auditor.")
PARAM(person_export, "by", FLAG, MAY, TEXT, NULL, "Login of who does it.")
PARAM(person_export, "reason", FLAG, MAY, TEXT, NULL, "Why.")
COMMAND(person_correct, "person correct", correct, "person_correct", NULL,
	"Corrects name or telephone number of who said a feedback (PIPL, "
	"article 46).")
PARAM(person_correct, "receipt", FLAG, MUST, TEXT, NULL, "Receipt number.")
PARAM(person_correct, "key", FLAG, MUST, TEXT, NULL,
      "The 16 digits that came with it; - reads them from standard input.")
PARAM(person_correct, "new_name", FLAG, MAY, TEXT, NULL, "The right name; - as above.")
PARAM(person_correct, "new_phone", FLAG, MAY, TEXT, NULL, "The right number; - as above.")
PARAM(person_correct, "key_file", FLAG, MAY, TEXT, NULL,
      "The auditor's private key, where it is anonymous.")
PARAM(person_correct, "by", FLAG, MAY, TEXT, NULL, "Login of who does it.")
PARAM(person_correct, "reason", FLAG, MAY, TEXT, NULL, "Why.")
COMMAND(person_erase, "person erase", erase, "person_erase",
	"receipt state erased words",
	"Erases who said a closed feedback, and its words; that it was stays "
	"(PIPL, article 47).")
PARAM(person_erase, "receipt", FLAG, MAY, TEXT, NULL,
      "Receipt number of one feedback, with its key.")
PARAM(person_erase, "key", FLAG, MAY, TEXT, NULL,
      "The 16 digits that came with the receipt; - reads them from "
      "standard input.")
PARAM(person_erase, "phone", FLAG, MAY, TEXT, NULL,
      "Telephone number of a person whose papers were seen, instead of a "
      "receipt; - as above.")
PARAM(person_erase, "name", FLAG, MAY, TEXT, NULL,
      "Name of a person who gave no telephone number; likewise, - too.")
PARAM(person_erase, "words", FLAG, MAY, TEXT, "keep|erase",
      "keep: where the law of archives wants the words; erase when absent.")
PARAM(person_erase, "by", FLAG, MAY, TEXT, NULL, "Login of who does it.")
PARAM(person_erase, "reason", FLAG, MAY, TEXT, NULL, "Why.")
COMMAND(person_seal, "person seal", seal, "person_clear", NULL,
	"Seals what nodes of an older release left in clear.")
PARAM(person_seal, "auditor_key", FLAG, MAY, TEXT, NULL,
      "The auditor's public key; without it what is anonymous is dropped.")

COMMAND(retention_list, "retention list", ask, "retention_list",
	"what days until", "Lists how long is kept what need not be kept for ever.")
COMMAND(retention_set, "retention set", ask, "retention_set", NULL,
	"Says how long something is kept.")
PARAM(retention_set, "what", PLACE, MUST, TEXT, "contact|receipts",
      "contact: who said what is closed; receipts: of notices, one by one.")
PARAM(retention_set, "days", PLACE, MUST, TEXT, NULL,
      "Days, from 15 to 36500, or the word ever.")
COMMAND(retention_apply, "retention apply", ask, "retention_apply", NULL,
	"Lets go now what nodes let go by themselves.")

COMMAND(audit_verify, "audit verify", verify, "audit_verify", NULL,
	"Proves that the chain of what was done is whole, and still holds what "
	"its witnesses saw.")
PARAM(audit_verify, "witness", FLAG, MAY, TEXT, NULL,
      "A file of heads that audit head wrote.")
PARAM(audit_verify, "head", FLAG, MAY, TEXT, NULL,
      "A head that a kiosk was told in hello's answer: audit_head.")
COMMAND(audit_head, "audit head", head, "audit_head", NULL,
	"Writes the head of the chain down, signed with the installation's "
	"secret; keep the file on another machine.")
PARAM(audit_head, "file", PLACE, MAY, TEXT, NULL,
      "Where it is added; shown when absent.")

#undef STAFF_ROLES
#undef COMMAND
#undef PARAM

/* SPDX-License-Identifier: Apache-2.0 */
/* Acts that count. Columns: see ../acts.tbl.h. */

ACT(report_rates, "report.rates", WHO_COORDINATOR | WHO_AUDITOR | WHO_APPROVER,
    AFTER_HELLO, READS, NULL, REPORTS, 0, 1024,
    "Counts what was due in a time and what became of it; approvers see what "
    "their own department had to do.")
FIELD(report_rates, "by", WORD, MUST, 0, 0, PLAIN, "department|region|service",
      "What the figures are grouped by; regions are townships.")
FIELD(report_rates, "from", TEXT, MUST, 10, 10, PLAIN, NULL,
      "The first day on which it was due, as 2026-01-31.")
FIELD(report_rates, "to", TEXT, MAY, 10, 10, PLAIN, NULL,
      "The last day, at most a year later; today when absent.")
RESULT(report_rates, "from", TIME, NULL, "What was due since then is counted.")
RESULT(report_rates, "until", TIME, NULL,
       "And before then, which is now at the latest.")
RESULT(report_rates, "items[].code", TEXT, NULL, "Code of the group.")
RESULT(report_rates, "items[].name", TEXT, NULL, "Its name.")
RESULT(report_rates, "items[].rate", TEXT,
       "sign|response|on_time|strict|resolution|resolution_strict|"
       "satisfaction|unreached|reopened|returned|extended|overdue|voice|echo|"
       "ledger|ledger_verified",
       "Which figure it is.")
RESULT(report_rates, "items[].n", INTEGER, NULL,
       "How many did; null of fewer than 5.")
RESULT(report_rates, "items[].of", INTEGER, NULL,
       "Of how many; null where they are fewer than 5.")
RESULT(report_rates, "items[].percent", TEXT, NULL,
       "The same in per cent, as 83.3; null of fewer than 5.")
RESULT(report_rates, "items[].low", TEXT, NULL,
       "Lower end of its 95 % interval (Wilson); null of fewer than 5.")
RESULT(report_rates, "items[].few", BOOLEAN, NULL,
       "They are fewer than 5, and nothing is said of them.")
RESULT(report_rates, "items[].excluded", INTEGER, NULL,
       "How many were left out; null of fewer than 5.")
RESULT(report_rates, "items[].why", TEXT, NULL,
       "What for, as duplicate 1, withdrawn 2; null for nothing.")
RESULT(report_rates, "items[].rank", INTEGER, NULL,
       "Place by the lower end, of groups of 20 and more; null below.")
RESULT(report_rates, "items[].gap", TEXT, NULL,
       "Of a township's voice and echo: per cent above the median of all; "
       "null of other figures.")
RESULT(report_rates, "items[].age_p50", INTEGER, NULL,
       "Of what is overdue: half of it by so many hours at most; null of "
       "other figures.")
RESULT(report_rates, "items[].age_p90", INTEGER, NULL,
       "And nine tenths by so many; null as that.")

/* SPDX-License-Identifier: Apache-2.0 */
/* Acts about stations. Columns: see ../acts.tbl.h. */

ACT(station_list, "station.list", WHO_STAFF, AFTER_HELLO, READS, NULL, REPORTS, 0,
    1024, "Lists stations and which of them are online.")
FIELD(station_list, "region", REGION, MAY, 0, 0, PLAIN, NULL,
      "Only those in this region and below it.")
RESULT(station_list, "items[].station", TEXT, NULL, "Code of the station.")
RESULT(station_list, "items[].name", TEXT, NULL, "Its name.")
RESULT(station_list, "items[].region", REGION, NULL, "Where it is.")
RESULT(station_list, "items[].online", BOOLEAN, NULL,
       "Is one of its kiosks connected?")
RESULT(station_list, "items[].last_seen", TIME, NULL,
       "When one of them was last; null when never.")
RESULT(station_list, "items[].kiosks", INTEGER, NULL,
       "How many active kiosks it has.")
RESULT(station_list, "items[].kiosks_online", INTEGER, NULL,
       "How many of them are connected.")
RESULT(station_list, "items[].region_name", TEXT, NULL, "Name of that region.")
RESULT(station_list, "items[].township_name", TEXT, NULL,
       "Name of its township; null above one.")

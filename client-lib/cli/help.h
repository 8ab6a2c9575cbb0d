/* SPDX-License-Identifier: Apache-2.0 */
/* help: what is printed for --help, out of the table of acts. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

/* Of huiyin. */
void help_all(void);
/* Of one noun: its verbs. */
void help_noun(const char *noun);

#endif

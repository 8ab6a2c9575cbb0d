/* SPDX-License-Identifier: Apache-2.0 */
/* manual: the source of huiyin(1), out of the table of acts. */
#ifndef CLI_MANUAL_H
#define CLI_MANUAL_H

/* Prints it as scdoc(5) reads it. */
void manual_print(void);

#endif

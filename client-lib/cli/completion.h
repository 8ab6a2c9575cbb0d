/* SPDX-License-Identifier: Apache-2.0 */
/* completion: a script for bash, out of the table of acts. */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

void completion_bash(void);

#endif

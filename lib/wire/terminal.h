/* SPDX-License-Identifier: Apache-2.0 */
/* terminal.h - binary is never written to a terminal: m2m-show stands between */
#ifndef TERMINAL_H
#define TERMINAL_H

/*
 * When standard output is a terminal, puts the m2m-show that lies beside this
 * program between the two; it is waited for at exit.  Dies when it cannot.
 */
void terminal_guard(void);

#endif

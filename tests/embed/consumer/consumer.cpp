/* SPDX-License-Identifier: Apache-2.0 */
/* The same program, as C++11. */
#include "consumer.c" // NOLINT

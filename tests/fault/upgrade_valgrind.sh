#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Upgrades that must not be granted, against room net under valgrind: the
# library's use after free (CVE-2025-11677) is not reached. Prints TAP.
# shellcheck source=tests/fault/lib/net_echo.sh
. "$(dirname "$0")/lib/net_echo.sh"

echo 1..2
build_echo || {
	tell 1 "net_echo builds"
	exit 1
}
make_cert node
port=$(free_port)
start "$port" valgrind --quiet --error-exitcode=99 --leak-check=no \
	--log-file="$mine/valgrind.log" \
	"$net_echo" "$port" "$mine/node.pem" "$mine/node.key"
granted=0
timeout 120 python3 "$fault/upgrade_probe.py" "$port" >"$mine/probe.log" ||
	granted=1
sed 's/^/# /' "$mine/probe.log"
tell $granted "only a good upgrade is granted"
bad=0
stop || bad=$?
[ ! -s "$mine/valgrind.log" ] || bad=1
sed 's/^/# /' "$mine/valgrind.log"
tell $bad "no upgrade makes the node read what was freed"
exit $((granted || bad))

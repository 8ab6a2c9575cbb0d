# SPDX-License-Identifier: Apache-2.0
# Sourced by the probes in the folder above: a plain build of net_echo, started and stopped.
# They print TAP. $HUIYIN_BUILD is the build folder, $HUIYIN_SCRATCH is thrown
# away; both have defaults for a run by hand.
# shellcheck shell=bash
set -euo pipefail

fault=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
root=$(dirname "$(dirname "$fault")")
: "${HUIYIN_BUILD:=$root/build-tests}"
mine=$(mktemp -d "${HUIYIN_SCRATCH:-/tmp}/huiyin-fault.XXXXXX")
server=
export net_echo=

clean_up() {
	[ -z "$server" ] || kill -9 "$server" 2>/dev/null || true
	rm -rf "$mine"
}
trap clean_up EXIT

# What runs under valgrind must be without ASan.
build_echo() {
	net_echo=$HUIYIN_BUILD/plain/fault/net_echo
	{
		cmake -S "$root" -B "$HUIYIN_BUILD/plain" -G Ninja \
			-DHUIYIN_SANITIZE=OFF &&
			ninja -C "$HUIYIN_BUILD/plain" net_echo
	} >"$mine/build.log" 2>&1 || {
		sed 's/^/# /' "$mine/build.log"
		return 1
	}
}

free_port() {
	python3 -c 'import socket; s = socket.socket()
s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

make_cert() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$mine/$1.key" -out "$mine/$1.pem" -days 9 \
		-subj "/CN=$1" 2>/dev/null
}

# start PORT COMMAND...: in the background, until it listens there.
start() {
	local port=$1
	shift
	"$@" 2>"$mine/server.log" &
	server=$!
	for _ in $(seq 300); do
		if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
			return 0
		fi
		kill -0 "$server" 2>/dev/null || break
		read -rt 0.1 <> <(:) || true
	done
	sed 's/^/# /' "$mine/server.log"
	return 1
}

# stop: ends the server; its exit code.
stop() {
	local code=0
	kill -TERM "$server"
	wait "$server" || code=$?
	server=
	return $code
}

# tell OK SENTENCE: one line of TAP; the log of what went wrong before it.
tell() {
	if [ "$1" = 0 ]; then
		echo "ok - $2"
	else
		echo "not ok - $2"
	fi
}

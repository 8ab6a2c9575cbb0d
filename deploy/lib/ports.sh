# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Ports: which are held, and by whom. Nodes share theirs by SO_REUSEPORT,
# which would as well share it silently with somebody else.

# Inodes of the sockets that listen on a port, of any address.
port_listeners() {
	local hex

	hex=$(printf '%04X' "$1")
	awk -v port=":$hex" '$4 == "0A" && substr($2, length($2) - 4) == port {
		print $10 }' /proc/net/tcp /proc/net/tcp6 2>/dev/null || true
}

# OURS: the sockets our nodes hold, to be asked for whenever nodes change.
ports_of_ours() {
	local number pid folders=()

	for number in 1 2; do
		! pid=$(node_pid $number) || folders+=("/proc/$pid/fd")
	done
	OURS=" "
	[ ${#folders[@]} -eq 0 ] ||
		OURS=" $(find "${folders[@]}" -lname 'socket:*' -printf '%l ' \
			2>/dev/null || true)"
}

port_is_held_by_others() {
	local inode

	for inode in $(port_listeners "$1"); do
		[[ $OURS == *" socket:[$inode] "* ]] || return 0
	done
	return 1
}

# " (NAME, pid N)" of who else listens on a port, as far as we may see that;
# of a node its file as well, which tells whose county it is of.
port_holder() {
	local inode file pid

	for inode in $(port_listeners "$1"); do
		[[ $OURS != *" socket:[$inode] "* ]] || continue
		file=$(find /proc/[0-9]*/fd -lname "socket:\[$inode\]" -print \
			-quit 2>/dev/null) || true
		pid=${file#/proc/}
		pid=${pid%%/*}
		[ -n "$pid" ] || continue
		file=$(tr '\0' '\n' <"/proc/$pid/cmdline" 2>/dev/null |
			grep -m 1 '/node[12]\.yaml$') || true
		echo " ($(cat "/proc/$pid/comm" 2>/dev/null), pid $pid${file:+, $file})"
	done | head -n 1
}

# Ends unless the nodes can have PORT.
port_check() {
	local least

	least=$(cat /proc/sys/net/ipv4/ip_unprivileged_port_start \
		2>/dev/null) || least=1024
	[ "$PORT" -ge "$least" ] ||
		fail "port $PORT cannot be had: one below $least needs root, which the nodes never are; use --port with another"
	[[ " $ADMIN_PORTS " != *" $PORT "* ]] ||
		fail "port $PORT is an admin port of this county; use --port with another"
	! port_is_held_by_others "$PORT" ||
		fail "port $PORT is held by another program$(port_holder "$PORT"); use --port with another"
}

port_free_after() {
	local port=$1

	while [ -n "$(port_listeners "$port")" ] || [ "$port" = "$PORT" ] ||
		[[ " $ADMIN_PORTS " == *" $port "* ]]; do
		port=$((port % 65535 + 1))
		[ "$port" -gt 1024 ] || port=1025
	done
	echo "$port"
}

# Those of last time, unless another port is wanted or one was taken since.
# Asked twice: at once, so that what cannot be is said before a long build, and
# before the nodes start, when another county may have got in between.
ports_choose() {
	local port kept=''

	ports_of_ours
	PORT=${WANT_PORT:-${KEPT_PORT:-7443}}
	port_check
	KEPT_PORT=${KEPT_PORT:-$PORT}
	for port in $ADMIN_PORTS; do
		port_is_held_by_others "$port" || kept+="$port "
	done
	ADMIN_PORTS=${kept% }
	while [ "$(wc -w <<<"$ADMIN_PORTS")" -lt 2 ]; do
		ADMIN_PORTS="${ADMIN_PORTS:+$ADMIN_PORTS }$(
			port_free_after $((PORT % 65535 + 1)))"
	done
	state_remember
}

# Only a port that the nodes have got is one for next time.
port_keep() {
	KEPT_PORT=$PORT
	state_remember
}

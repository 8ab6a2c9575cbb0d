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

# " (NAME, pid N)" of who listens on a port, as far as we may see that.
port_holder() {
	local inode file pid

	for inode in $(port_listeners "$1"); do
		file=$(find /proc/[0-9]*/fd -lname "socket:\[$inode\]" -print \
			-quit 2>/dev/null) || true
		pid=${file#/proc/}
		pid=${pid%%/*}
		[ -z "$pid" ] ||
			echo " ($(cat "/proc/$pid/comm" 2>/dev/null), pid $pid)"
	done | head -n 1
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
ports_choose() {
	local port kept=''

	ports_of_ours
	PORT=${WANT_PORT:-${PORT:-7443}}
	! port_is_held_by_others "$PORT" ||
		fail "port $PORT is held by another program$(port_holder "$PORT"); use --port with another"
	for port in $ADMIN_PORTS; do
		[ "$port" = "$PORT" ] || port_is_held_by_others "$port" ||
			kept+="$port "
	done
	ADMIN_PORTS=${kept% }
	while [ "$(wc -w <<<"$ADMIN_PORTS")" -lt 2 ]; do
		ADMIN_PORTS="${ADMIN_PORTS:+$ADMIN_PORTS }$(
			port_free_after $((PORT % 65535 + 1)))"
	done
	state_remember
}

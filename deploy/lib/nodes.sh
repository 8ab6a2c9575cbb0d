# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Two nodes on one port, started so that nothing of the caller stays open in
# them. A node is the process of the owner whose command line is our binary
# with the node's file in STATE: there is no pid file that could lie.

READY_SECONDS=30

node_pid() {
	local file first pid

	while read -r file; do
		first=
		{ IFS= read -r -d '' first <"$file"; } 2>/dev/null || true
		pid=${file#/proc/}
		pid=${pid%/cmdline}
		if [ "$first" = "$BIN/huiyind" ] &&
			[ "$(stat -c %U "/proc/$pid" 2>/dev/null)" = "$OWNER" ]; then
			echo "$pid"
			return
		fi
	done < <(grep -lzxFs -- "$STATE/node$1.yaml" /proc/[0-9]*/cmdline)
	return 1
}

node_admin_port() {
	local ports

	read -r -a ports <<<"$ADMIN_PORTS"
	echo "${ports[$1 - 1]}"
}

nodes_configure() {
	local number host=127.0.0.1

	[ -z "$LAN" ] || host=0.0.0.0
	for number in 1 2; do
		write_owned "$STATE/node$number.yaml" <<-YAML
			node: node$number
			database: $(quoted "$(conninfo huiyin_node)")
			installation_secret_file: $(quoted "$STATE/secret/installation")
			auditor_key: $(quoted "$(cat "$STATE/secret/auditor.pub")")
			host: $host
			port: $PORT
			cert: $(quoted "$STATE/tls/server.pem")
			key: $(quoted "$STATE/tls/server.key")
			admin_host: 127.0.0.1
			admin_port: $(node_admin_port $number)
		YAML
	done
}

# What a running node was started from: another one needs a restart.
node_hash() {
	sha256sum "$BIN/huiyind" "$STATE/node$1.yaml" "$STATE/tls/server.pem" \
		"$STATE/secret/seal"
}

# get PORT PATH: status and body of a plain answer, nothing when there is none.
get() (
	exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
	printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' \
		"$2" >&3
	timeout 3 cat <&3
) 2>/dev/null

node_is_ready() {
	[[ $(get "$(node_admin_port "$1")" /ready) == HTTP/1.[01]\ 200\ * ]]
}

node_launch() {
	local number=$1

	(
		close_streams
		# shellcheck disable=SC2016
		exec_as_owner setsid bash -c 'exec >>"$1" 2>&1; exec env -i \
			PATH=/usr/bin:/bin LANG=C.UTF-8 TZ=Asia/Shanghai "${@:2}"' \
			bash "$STATE/log/node$number.log" \
			"$BIN/huiyind" --config "$STATE/node$number.yaml" \
			--seal-secret-file "$STATE/secret/seal"
	) >/dev/null 2>&1 &
}

node_await() {
	local number=$1 began=$SECONDS

	until node_is_ready "$number"; do
		sleep 0.05
		[ $((SECONDS - began)) -lt $READY_SECONDS ] ||
			node_fail "$number" "was not ready after $READY_SECONDS s"
		[ $((SECONDS - began)) -lt 2 ] || node_pid "$number" >/dev/null ||
			node_fail "$number" "does not run"
	done
	node_hash "$number" | write_owned "$STATE/run/node$number.hash"
}

node_fail() {
	tail -n 20 "$STATE/log/node$1.log" >&2
	fail "node $1 $2; its log is $STATE/log/node$1.log"
}

# Ends the nodes named, together: politely, after a while not.
nodes_end() {
	local number pid told='' left deadline=$((SECONDS + 20))

	while :; do
		left=0
		for number; do
			pid=$(node_pid "$number") || continue
			left=1
			if [ $SECONDS -ge $deadline ]; then
				kill -KILL "$pid" || true
			elif [[ " $told " != *" $pid "* ]]; then
				kill -TERM "$pid" || true
				told+=" $pid"
			fi
		done
		[ $left -eq 1 ] || return 0
		sleep 0.05
	done
}

nodes_restart() {
	local number

	nodes_end "$@"
	for number; do
		node_launch "$number"
	done
	for number; do
		node_await "$number"
	done
}

node_is_current() {
	node_pid "$1" >/dev/null &&
		[ "$(node_hash "$1")" = \
			"$([ ! -f "$STATE/run/node$1.hash" ] ||
				echo "$(<"$STATE/run/node$1.hash")")" ]
}

# A node that cannot get to the database serves nobody, and may have made up
# its mind to try again in some seconds only: it is started anew like one that
# is down. Those that serve go one after the other.
nodes_start() {
	local number serve=() down=()

	for number in 1 2; do
		if node_is_ready_soon $number; then
			node_is_current $number || serve+=("$number")
		else
			down+=("$number")
		fi
	done
	nodes_restart "${down[@]}"
	for number in "${serve[@]}"; do
		nodes_restart "$number"
	done
	ports_of_ours
	if port_is_held_by_others "$PORT"; then
		nodes_stop
		fail "port $PORT was taken by another program meanwhile"
	fi
	step nodes "2 ready on port $PORT, $((${#serve[@]} + ${#down[@]})) of them started now"
}

# A database that just came back is seen within a moment.
node_is_ready_soon() {
	local try

	for try in 1 2 3 4; do
		node_pid "$1" >/dev/null || return 1
		! node_is_ready "$1" || return 0
		[ "$try" -eq 4 ] || sleep 0.05
	done
	return 1
}

nodes_stop() {
	nodes_end 1 2
}

nodes_status() {
	local number pid all=0 sessions

	for number in 1 2; do
		if ! pid=$(node_pid $number); then
			step "node$number" down
			all=1
		elif ! node_is_ready $number; then
			step "node$number" "pid $pid, not ready"
			all=1
		else
			sessions=$(get "$(node_admin_port $number)" /metrics |
				awk '/^huiyin_sessions_/ && !/_total/ { n += $2 }
				     END { print n + 0 }')
			step "node$number" "ready, pid $pid, port $PORT, admin port $(
				node_admin_port $number), $sessions sessions"
		fi
	done
	return $all
}

# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Two nodes on one port, started so that nothing of the caller stays open in
# them. A node is the process of the owner whose command line is our binary
# with the node's file in STATE: there is no pid file that could lie.

READY_SECONDS=30
ANSWER_SECONDS=2 # one that says nothing for so long hangs

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
# Ends with 124 when somebody listens and says nothing.
get() {
	# shellcheck disable=SC2016
	timeout $ANSWER_SECONDS bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$0" || exit 1
		printf "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n" "$1" >&3
		printf "Connection: close\r\n\r\n" >&3
		exec cat <&3' "$1" "$2" 2>/dev/null
}

node_is_ready() {
	[[ $(get "$(node_admin_port "$1")" /ready) == HTTP/1.[01]\ 200\ * ]]
}

# Large pages for its heap: thousands of sessions are told in a row, and the
# processor's table of pages is too short for them (some 5 % of a delivery,
# where other work shares the machine).
node_launch() {
	local number=$1 heap=GLIBC_TUNABLES=glibc.malloc.hugetlb=1

	(
		close_streams
		# shellcheck disable=SC2016
		exec_as_owner setsid bash -c 'exec >>"$1" 2>&1; exec env -i \
			PATH=/usr/bin:/bin LANG=C.UTF-8 TZ=Asia/Shanghai "${@:2}"' \
			bash "$STATE/log/node$number.log" "$heap" \
			"$BIN/huiyind" --config "$STATE/node$number.yaml" \
			--seal-secret-file "$STATE/secret/seal"
	) >/dev/null 2>&1 &
}

# Whether it gets ready; if not, says why.
node_await() {
	local number=$1 began=$SECONDS why=''

	until node_is_ready "$number"; do
		sleep 0.05
		if [ $((SECONDS - began)) -ge $READY_SECONDS ]; then
			why="was not ready after $READY_SECONDS s"
		elif [ $((SECONDS - began)) -ge 2 ] &&
			! node_pid "$number" >/dev/null; then
			why="does not run"
		fi
		if [ -n "$why" ]; then
			node_tell "$number" "$why"
			return 1
		fi
	done
	node_hash "$number" | write_owned "$STATE/run/node$number.hash"
}

node_tell() {
	local port

	tail -n 20 "$STATE/log/node$1.log" >&2
	printf 'quickstart: node %d %s; its log is %s\n' "$1" "$2" \
		"$STATE/log/node$1.log" >&2
	ports_of_ours
	for port in "$PORT" "$(node_admin_port "$1")"; do
		! port_is_held_by_others "$port" ||
			printf 'quickstart: port %d is held by another program%s\n' \
				"$port" "$(port_holder "$port")" >&2
	done
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
				kill -CONT "$pid" || true
				told+=" $pid"
			fi
		done
		[ $left -eq 1 ] || return 0
		sleep 0.05
	done
}

# Whether all of them got ready; one that does not keeps no other from it.
nodes_restart() {
	local number lost=0

	nodes_end "$@"
	for number; do
		node_launch "$number"
	done
	for number; do
		node_await "$number" || lost=1
	done
	return $lost
}

node_is_current() {
	node_pid "$1" >/dev/null &&
		[ "$(node_hash "$1")" = \
			"$([ ! -f "$STATE/run/node$1.hash" ] ||
				echo "$(<"$STATE/run/node$1.hash")")" ]
}

# A node that cannot get to the database serves nobody, and may have made up
# its mind to try again in some seconds only: it is started anew like one that
# is down. Those that serve go one after the other, and serve on as they are
# when one before them does not come back.
nodes_start() {
	local number lost=0 serve=() down=()

	for number in 1 2; do
		if node_is_ready_soon $number; then
			node_is_current $number || serve+=("$number")
		else
			down+=("$number")
		fi
	done
	nodes_restart "${down[@]}" || lost=1
	for number in "${serve[@]}"; do
		[ $lost -ne 0 ] || nodes_restart "$number" || lost=1
	done
	[ $lost -eq 0 ] ||
		fail "not every node could be started; deploy/quickstart status tells which serve"
	ports_of_ours
	if port_is_held_by_others "$PORT"; then
		nodes_stop
		fail "port $PORT was taken by another program meanwhile$(port_holder "$PORT")"
	fi
	port_keep
	step nodes "2 ready on port $PORT, $((${#serve[@]} + ${#down[@]})) of them started now"
}

# A database that just came back is seen within a moment. One that hangs would
# not hear a SIGTERM either.
node_is_ready_soon() {
	local try pid code answer

	for try in 1 2 3 4; do
		pid=$(node_pid "$1") || return 1
		code=0
		answer=$(get "$(node_admin_port "$1")" /ready) || code=$?
		[[ $answer != HTTP/1.[01]\ 200\ * ]] || return 0
		if [ $code -eq 124 ]; then
			step "node$1" "hangs: pid $pid is killed"
			kill -KILL "$pid" || true
			return 1
		fi
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

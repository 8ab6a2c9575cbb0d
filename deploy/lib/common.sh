# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What all parts of deploy/quickstart use: saying, failing, becoming the owner.

say() {
	printf '%s\n' "$*"
}

# step WHAT RESULT: one line of the report.
step() {
	printf '%-10s %s\n' "$1" "$2"
}

# For the end of a run it says that why was told: also in a subshell.
TOLD=9

fail() {
	printf 'quickstart: %s\n' "$*" >&2
	disk_says
	exit $TOLD
}

# ended CODE: so that a message of bash or of a program is never the last word.
# Ctrl-C needs none.
ended() {
	case $1 in
	0 | 130 | 143) ;;
	"$TOLD") exit 1 ;;
	*)
		printf 'quickstart: it ended in the middle; called again it goes on\n' >&2
		disk_says
		exit 1
		;;
	esac
}

DISK_LEAST=16 # MB: PostgreSQL writes its log in pieces of this size

# MB that are free where the state is; fails when there are enough.
disk_is_full() {
	local free

	free=$(df -B1M --output=avail -- "${STATE-}" 2>/dev/null |
		tail -n 1) || return 1
	echo "$((free))"
	[ "$free" -lt $DISK_LEAST ]
}

# On a full disk that is why, whatever failed.
disk_says() {
	local free

	! free=$(disk_is_full) ||
		printf 'quickstart: only %d MB are free where %s is\n' \
			"$free" "$STATE" >&2
}

wrong() {
	printf 'quickstart: %s (see deploy/quickstart --help)\n' "$*" >&2
	trap - EXIT
	exit 2
}

am_root() {
	[ $EUID -eq 0 ]
}

# quietly LOG COMMAND...: shows the end of LOG only when it fails.
quietly() {
	local log=$1

	shift
	if ! "$@" >>"$log" 2>&1 </dev/null; then
		tail -n 30 "$log" >&2
		fail "this failed: $* (all of it: $log)"
	fi
}

# Becomes a command of the owner of the state, in it: root hands over.
exec_as_owner() {
	cd "$STATE" || exit 1
	if am_root; then
		exec setpriv --reuid="$OWNER" --regid="$OWNER_GROUP" --init-groups \
			env HOME="$STATE" "$@"
	fi
	exec "$@"
}

as_owner() (
	exec_as_owner "$@"
)

# Nothing of the caller's stays open in a daemon, the lock least of all.
close_streams() {
	local fd

	exec </dev/null
	for fd in /proc/"$BASHPID"/fd/*; do
		fd=${fd##*/}
		[ "$fd" -le 2 ] || eval "exec $fd>&-"
	done
}

# Writes standard input to FILE as a whole, for the owner alone; not at all
# when that is in it already.
write_owned() {
	local file=$1 text

	IFS= read -r -d '' text || true
	if [ -f "$file" ] && [ "$text" = "$(<"$file")"$'\n' ]; then
		return
	fi
	if ! (umask 077 && printf %s "$text" >"$file.new") 2>/dev/null; then
		rm -f "$file.new" 2>/dev/null || true
		fail "$file cannot be written"
	fi
	! am_root || chown "$OWNER:$OWNER_GROUP" "$file.new"
	mv -f "$file.new" "$file"
}

# A text as YAML and JSON write it.
quoted() {
	local text=${1//\\/\\\\}

	printf '"%s"' "${text//\"/\\\"}"
}

# shell_quoted TEXT: as a shell reads it back, always in quotes.
shell_quoted() {
	printf "'%s'" "${1//\'/\'\\\'\'}"
}

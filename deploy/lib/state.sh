# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The state folder: whose it is, what is in it, what is remembered in it.
# The marker says that it is ours, and holds what was chosen when it was made.

MARKER=quickstart.state

# STATE as an absolute path; OWNER and OWNER_GROUP, who runs the daemons.
state_find() {
	STANDARD_STATE=/var/lib/huiyin-demo
	am_root || STANDARD_STATE=${HOME:?}/.local/state/huiyin
	STATE=$(realpath -m -- "${STATE:-$STANDARD_STATE}")
	case $STATE in
	*[[:cntrl:]]*) wrong "--state has a control character in it" ;;
	/) wrong "--state needs a folder of its own" ;;
	esac
	OWNER=$(id -un)
	state_is_in_sight
	if [ -f "$STATE/$MARKER" ]; then
		OWNER=$(stat -c %U "$STATE")
		[ "$OWNER" != root ] ||
			fail "$STATE belongs to root, who may not run PostgreSQL"
		am_root || [ "$OWNER" = "$(id -un)" ] ||
			fail "$STATE belongs to $OWNER; call it with sudo"
	elif am_root; then
		OWNER=huiyin
		[ "${SUDO_USER:-root}" = root ] || OWNER=$SUDO_USER
	fi
	OWNER_GROUP=$(id -gn "$OWNER" 2>/dev/null || echo "$OWNER")
}

# A folder that we may not enter holds what we cannot know.
state_is_in_sight() {
	local folder=$STATE

	! am_root || return 0
	while [ "$folder" != / ]; do
		[ ! -d "$folder" ] || [ -x "$folder" ] ||
			fail "$folder belongs to $(stat -c %U "$folder"); call it with sudo, or use another --state"
		folder=$(dirname "$folder")
	done
}

state_must_exist() {
	[ -f "$STATE/$MARKER" ] || fail "nothing was started in $STATE"
}

make_owner() {
	if ! am_root || id "$OWNER" >/dev/null 2>&1; then
		return
	fi
	useradd --system --user-group --no-create-home --home-dir /nonexistent \
		--shell /usr/sbin/nologin "$OWNER"
	OWNER_GROUP=$(id -gn "$OWNER")
	step user "made the system user $OWNER, who runs everything"
}

# initdb refuses root, and so the owner must be able to get here.
state_is_reachable() {
	local folder=$STATE

	am_root || return 0
	while folder=$(dirname "$folder") && [ "$folder" != / ]; do
		[ ! -d "$folder" ] || as_owner_in / test -x "$folder" ||
			fail "$OWNER, who runs everything, cannot get to $STATE:
$(stat -c '  %A %U %n' "$folder")
Use --state with another folder (such as /var/lib/huiyin-demo), or let others
pass: chmod o+x $folder"
	done
}

as_owner_in() {
	(
		cd "$1" && shift
		exec setpriv --reuid="$OWNER" --regid="$OWNER_GROUP" \
			--init-groups "$@"
	)
}

is_empty() {
	[ -z "$(find "$1" -mindepth 1 -maxdepth 1 ! -name lock -print -quit)" ]
}

state_make() {
	local made=''

	[ ! -f "$STATE/$MARKER" ] || return 0
	make_owner
	if [ -d "$STATE" ]; then
		am_root || [ -O "$STATE" ] ||
			fail "$STATE belongs to $(stat -c %U "$STATE"); call it with sudo, or use another --state"
		is_empty "$STATE" ||
			fail "$STATE is neither empty nor made by quickstart"
	else
		made=1
	fi
	state_is_reachable
	(umask 022 && mkdir -p "$STATE") || fail "$STATE cannot be made"
	chmod 700 "$STATE"
	! am_root || chown "$OWNER:$OWNER_GROUP" "$STATE"
	printf 'MADE=%s\nEMPTY=%s\n' "$made" "$EMPTY" |
		write_owned "$STATE/$MARKER"
}

# Held until the end of this run; daemons close it.
state_lock() {
	exec {LOCK}>>"$STATE/lock"
	if ! flock -n "$LOCK"; then
		say "another quickstart is at work in $STATE; waiting for it"
		flock "$LOCK"
	fi
	! am_root || chown "$OWNER:$OWNER_GROUP" "$STATE/lock"
}

# What is remembered: NAME=value lines, values without newlines.
state_read() {
	local name value

	state_must_exist
	KEPT_PORT='' ADMIN_PORTS='' SOCKET_FOLDER='' MADE='' LAN=''
	while IFS='=' read -r name value; do
		case $name in
		MADE) MADE=$value ;;
		EMPTY) EMPTY=$value ;;
		PORT) KEPT_PORT=$value ;;
		LAN) LAN=$value ;;
		ADMIN_PORTS) ADMIN_PORTS=$value ;;
		SOCKET_FOLDER) SOCKET_FOLDER=$value ;;
		esac
	done <"$STATE/$MARKER"
	for value in log secret run tls; do
		[ -d "$STATE/$value" ] || as_owner mkdir -m 700 "$STATE/$value"
	done
	# The owner's, also where root writes into them.
	as_owner touch log/{build,postgresql,migrate,seed,node1,node2}.log
	PORT=$KEPT_PORT
	BIN=$STATE/build/bin
}

# What root wrote there (a new key of huiyin-admin's, a copy that was put back)
# the owner could not read, and no node would start.
state_own() {
	local strange

	mapfile -t strange < <(find "$STATE"/{secret,tls,log,run} -maxdepth 1 \
		-type f -links 1 ! -user "$OWNER")
	[ ${#strange[@]} -gt 0 ] || return 0
	am_root || fail "$OWNER needs what belongs to somebody else. As root:
  chown $OWNER: ${strange[*]@Q}"
	chown -h -- "$OWNER:$OWNER_GROUP" "${strange[@]}"
	step owner "given back to $OWNER: ${strange[*]#"$STATE/"}"
}

state_remember() {
	printf '%s\n' "MADE=$MADE" "EMPTY=$EMPTY" "PORT=$KEPT_PORT" \
		"LAN=$LAN" "ADMIN_PORTS=$ADMIN_PORTS" "SOCKET_FOLDER=$SOCKET_FOLDER" |
		write_owned "$STATE/$MARKER"
}

# Only what quickstart makes; the folder itself when it made that too.
state_wipe() {
	local name

	case $SOCKET_FOLDER in
	/tmp/huiyin.??????) rm -rf -- "$SOCKET_FOLDER" ;;
	esac
	for name in build log pg pg.new run secret tls node1.yaml node2.yaml \
		demo.env seeded "$MARKER" lock; do
		rm -rf -- "${STATE:?}/$name"
	done
	[ -z "$MADE" ] || rmdir -- "$STATE" 2>/dev/null || true
}

# The installation's secret: 32 random bytes, made once. The county's pair of
# keys: kiosks seal what they keep to the public one, nodes have the other. The
# auditor's pair: in earnest it is made on another machine, and only the public
# key comes here.
secrets_make() {
	local file=$STATE/secret/installation keys=$STATE/secret/seal
	local key=$STATE/secret/auditor

	[ -s "$file" ] || openssl rand -hex 32 | write_owned "$file"
	[ -s "$keys" ] || as_owner "$BIN/huiyin-admin" seal new "$keys" >/dev/null
	# Kiosks seal to the newest.
	[ "$keys.pub" -nt "$keys" ] || as_owner "$BIN/huiyin-admin" --json seal list "$keys" |
		sed -n '1s/.*"public":"\([0-9a-f]*\)".*/\1/p' | write_owned "$keys.pub"
	[ ! -s "$key.pub" ] || return 0
	rm -f "$key.key"
	"$BIN/huiyin-admin" --json auditor key "$key.key" |
		sed -n 's/.*"public_key":"\([0-9a-f]*\)".*/\1/p' |
		write_owned "$key.pub"
	[ -s "$key.pub" ] || fail "the auditor's key was not made"
	! am_root || chown "$OWNER:$OWNER_GROUP" "$key.key"
}

env_line() {
	printf '%s=%s\n' "$1" "$(shell_quoted "$2")"
}

# Names and secret files of the seeded identities, from secret/*.who.
env_identities() {
	local file who name region

	for file in "$STATE"/secret/*.who; do
		[ -f "$file" ] || continue
		who=${file##*/}
		who=${who%.who}
		read -r name region <"$file"
		env_line "HUIYIN_${who}_NAME" "$name"
		env_line "HUIYIN_${who}_SECRET_FILE" "$STATE/secret/$name"
		[ -z "$region" ] || env_line "HUIYIN_${who}_REGION" "$region"
	done
}

# Assignments, and one line that hands them on to programs.
env_write() {
	local lines

	lines=$(
		env_line HUIYIN_URL "wss://127.0.0.1:$PORT/ws"
		env_line HUIYIN_CA "$STATE/tls/ca.pem"
		env_line HUIYIN_DB "$(conninfo huiyin)"
		env_line HUIYIN_ADMIN_URL "http://127.0.0.1:${ADMIN_PORTS%% *}"
		env_line HUIYIN_INSTALLATION_SECRET_FILE \
			"$STATE/secret/installation"
		env_line HUIYIN_SEAL_KEY_FILE "$STATE/secret/seal.pub"
		env_line HUIYIN_AUDITOR_KEY_FILE "$STATE/secret/auditor.key"
		env_line HUIYIN_STATE "$STATE"
		env_identities
	)
	write_owned "$STATE/demo.env" <<-ENV
		$lines
		export PATH=$(shell_quoted "$BIN"):"\$PATH" $(cut -d= -f1 <<<"$lines" | tr '\n' ' ')
	ENV
}

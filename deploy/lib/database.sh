# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# A private PostgreSQL: a socket in a folder that only the owner can enter, no
# port; whoever gets to the socket is trusted.

PG_BIN=/usr/lib/postgresql/15/bin
PG_PORT=6543     # names the socket; nothing listens on it
PG_SOCKET_MOST=107 # bytes of a socket's path

conninfo() {
	echo "host=$SOCKET_FOLDER port=$PG_PORT user=$1 dbname=huiyin"
}

# Long paths and those libpq would misread get a short folder under /tmp.
database_socket_folder() {
	local folder=$STATE/run name=.s.PGSQL.$PG_PORT LC_ALL=C

	if [ $((${#folder} + 1 + ${#name})) -gt $PG_SOCKET_MOST ] ||
		[[ $folder == *[,\'\"\\[:space:]]* ]]; then
		folder=$SOCKET_FOLDER
		case $folder in
		/tmp/huiyin.*) ;;
		*) folder= ;;
		esac
		if [ -z "$folder" ] || [ -L "$folder" ] || [ ! -d "$folder" ] ||
			[ "$(stat -c '%U %a' "$folder")" != "$OWNER 700" ]; then
			folder=$(as_owner mktemp -d /tmp/huiyin.XXXXXX)
		fi
	fi
	SOCKET_FOLDER=$folder
}

database_configure() {
	write_owned "$STATE/pg/huiyin.conf" <<-CONF
		listen_addresses = ''
		unix_socket_directories = '$SOCKET_FOLDER'
		unix_socket_permissions = 0700
		port = $PG_PORT
		cluster_name = 'huiyin'
		max_connections = 100
		fsync = on
		full_page_writes = on
		synchronous_commit = on
		recovery_init_sync_method = syncfs
		timezone = 'Asia/Shanghai'
		log_timezone = 'Asia/Shanghai'
		log_destination = 'stderr'
		logging_collector = off
		log_line_prefix = '%m [%p] %q%u@%d '
		log_statement = 'none'
		log_parameter_max_length = 0
		log_parameter_max_length_on_error = 0
		log_min_error_statement = 'panic'
		log_error_verbosity = 'terse'
	CONF
}

database_create() {
	as_owner rm -rf "$STATE/pg.new"
	quietly "$STATE/log/postgresql.log" as_owner "$PG_BIN/initdb" \
		-D "$STATE/pg.new" -U huiyin -A trust -E UTF8 \
		--locale=C.UTF-8 --data-checksums
	echo "include 'huiyin.conf'" |
		as_owner tee -a "$STATE/pg.new/postgresql.conf" >/dev/null
	mv "$STATE/pg.new" "$STATE/pg"
}

database_answers() {
	"$PG_BIN/pg_isready" -q -t 2 -d "$(conninfo huiyin)"
}

# The postmaster of this very folder; a stale file counts for nothing.
database_pid() {
	local pid

	{ read -r pid <"$STATE/pg/postmaster.pid"; } 2>/dev/null || return 1
	[ "$(readlink -f "/proc/$pid/cwd" 2>/dev/null)" = "$STATE/pg" ] || return 1
	echo "$pid"
}

pg_ctl() (
	close_streams
	exec_as_owner "$PG_BIN/pg_ctl" -D "$STATE/pg" -s -w "$@"
)

# A killed postmaster whose parent has not asked for it yet still counts as
# running for PostgreSQL. It does not when nobody is left in the data folder.
database_forget_killed() {
	local pid=0 try

	{ read -r pid <"$STATE/pg/postmaster.pid"; } 2>/dev/null || return 0
	grep -qs '^State:	Z' "/proc/$pid/status" || return 0
	for try in {1..50}; do
		if ! readlink /proc/[0-9]*/cwd 2>/dev/null |
			grep -qxF "$STATE/pg"; then
			as_owner rm -f pg/postmaster.pid \
				"$SOCKET_FOLDER/.s.PGSQL.$PG_PORT.lock"
			return
		fi
		[ "$try" -eq 50 ] || sleep 0.1
	done
}

# What a killed postmaster leaves behind needs a moment to go.
database_launch() {
	local try

	for try in {1..20}; do
		database_forget_killed
		! pg_ctl -t 60 -l "$STATE/log/postgresql.log" start \
			>/dev/null 2>&1 || return 0
		! disk_is_full >/dev/null || break
		[ "$try" -eq 20 ] || sleep 0.15
	done
	tail -n 20 "$STATE/log/postgresql.log" >&2
	fail "PostgreSQL does not start; its log is $STATE/log/postgresql.log"
}

database_start() {
	local how=running

	database_socket_folder
	state_remember
	if [ ! -d "$STATE/pg" ]; then
		database_create
		how="made and started"
	fi
	database_configure
	if database_pid >/dev/null && ! database_answers; then
		pg_ctl -m fast -t 20 stop || pg_ctl -m immediate -t 20 stop || true
	fi
	if ! database_answers; then
		[ "$how" != running ] || how=started
		database_launch
	fi
	"$PG_BIN/psql" -XAtq -d "$(conninfo huiyin)" -c "" 2>/dev/null ||
		quietly "$STATE/log/postgresql.log" "$PG_BIN/createdb" -h "$SOCKET_FOLDER" -p "$PG_PORT" -U huiyin \
			-T template0 -E UTF8 --locale=C.UTF-8 huiyin
	step database "$how: $(conninfo huiyin)"
}

admin() {
	HUIYIN_DB=$(conninfo huiyin) \
		HUIYIN_INSTALLATION_SECRET_FILE=$STATE/secret/installation \
		"$BIN/huiyin-admin" --sql "$ROOT/sql" "$@"
}

database_migrate() {
	local log=$STATE/log/migrate.log said

	if ! said=$(admin db migrate 2>>"$log"); then
		tail -n 20 "$log" >&2
		fail "the database was not migrated; it is as it was"
	fi
	step schema "$said"
}

database_stop() {
	! database_pid >/dev/null || pg_ctl -m fast -t 30 stop ||
		pg_ctl -m immediate -t 30 stop
}

database_status() {
	local pid

	if pid=$(database_pid) && database_answers; then
		step database "up, pid $pid, $(conninfo huiyin)"
	else
		step database down
		return 1
	fi
}

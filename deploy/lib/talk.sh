# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What to try next.

show_what_to_try() {
	local only="Only this machine can connect"

	[ -z "$LAN" ] ||
		only="Every machine that reaches this one can connect, at $(
			hostname -I | tr ' ' '\n' | grep -F . | tr '\n' ' ')and here"
	cat <<-TEXT

		$only: wss://127.0.0.1:$PORT/ws

		  . $(printf %q "$STATE/demo.env")
		  huiyin-admin staff list
	TEXT
	[ -n "$EMPTY" ] || cat <<-'TEXT'

		A kiosk listens, the commerce department publishes, the kiosk asks, the
		office looks:

		  as() { HUIYIN_AS=$1 HUIYIN_NAME=$2 HUIYIN_SECRET_FILE=$3 huiyin "${@:4}"; }
		  kiosk() { as kiosk "$HUIYIN_KIOSK_NAME" "$HUIYIN_KIOSK_SECRET_FILE" "$@"; }
		  clerk() { as staff "$HUIYIN_CLERK_NAME" "$HUIYIN_CLERK_SECRET_FILE" "$@"; }
		  office() { as staff "$HUIYIN_COORDINATOR_NAME" "$HUIYIN_COORDINATOR_SECRET_FILE" "$@"; }
		  kiosk listen --all &
		  clerk notice publish --kind policy --headline '电商培训补贴' \
		      --description '参加培训可领补贴。' --regions "$HUIYIN_KIOSK_REGION"
		  kiosk feedback submit --region "$HUIYIN_KIOSK_REGION" \
		      --service question --text '在哪里报名?'
		  office feedback queue
		  office station list
		  office feedback due
		  office meeting propose
	TEXT
	cat <<-TEXT

		deploy/quickstart status | logs | stop | reset$(
			[ "$STATE" = "$STANDARD_STATE" ] || printf ' --state %q' "$STATE")
	TEXT
}

# --- the conversation of --once ----------------------------------------------

LISTENERS=()
QUESTION='我不识字,可以由儿子代我报名吗?'
ANSWER='可以。儿子带上您和他的身份证,到村便民服务站报名即可。'

# exec_as WHO COMMAND...: becomes huiyin as an identity of demo.env.
exec_as() {
	local name

	read -r name _ <"$STATE/secret/$1.who"
	export HUIYIN_URL=wss://127.0.0.1:$PORT/ws HUIYIN_CA=$STATE/tls/ca.pem
	export HUIYIN_AS=staff HUIYIN_NAME=$name
	export HUIYIN_SECRET_FILE=$STATE/secret/$name
	export HUIYIN_SEAL_KEY_FILE=$STATE/secret/seal.pub
	[[ $1 != *KIOSK ]] || HUIYIN_AS=kiosk
	shift
	exec "$BIN/huiyin" "$@"
}

as() (
	exec_as "$@"
)

# The region of a kiosk of demo.env.
region_of() {
	cut -d' ' -f2 "$STATE/secret/$1.who"
}

# field NAME: a text field of one JSON object on standard input.
field() {
	sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p" | head -n 1
}

# scene LINE...: what happens next.
scene() {
	printf '\n'
	printf '%s\n' "$@"
}

# What a program showed, set off from what we say.
shown() {
	sed 's/^/    │ /; s/ *$//'
}

listen() {
	exec_as "$1" listen --news --store "$TALK/$1" \
		>"$TALK/$1.heard" 2>"$TALK/$1.talk" </dev/null {LOCK}>&- &
	LISTENERS+=($!)
}

# heard WHO WORDS: waits until the listener of WHO has shown them.
heard() {
	local try

	for try in {1..200}; do
		! grep -qsF -- "$2" "$TALK/$1.heard" || return 0
		[ "$try" -eq 200 ] || sleep 0.05
	done
	cat "$TALK/$1.heard" "$TALK/$1.talk" >&2
	fail "the kiosk $1 did not hear of \"$2\""
}

talk_end() {
	if [ ${#LISTENERS[@]} -gt 0 ]; then
		kill "${LISTENERS[@]}" 2>/dev/null || true
		wait "${LISTENERS[@]}" 2>/dev/null || true
	fi
	LISTENERS=()
	rm -rf "${TALK-}"
}

# said WHO COMMAND...: its result in SAID; it must be done.
said() {
	SAID=$(as "$@" 2>"$TALK/error") || {
		cat "$TALK/error" >&2
		fail "huiyin ${*:2} as $1 was not done"
	}
}

# online WHO...: waits until their stations are on the line.
online() {
	local who try

	for who; do
		for try in {1..100}; do
			said CLERK station list --json --region "$(region_of "$who")"
			! grep -q '"online": *true' <<<"$SAID" || break
			[ "$try" -lt 100 ] || fail "the kiosk $who is not on the line"
		done
	done
}

# Of what a kiosk shows, the notice alone: its line and what is set in below.
only_notice() {
	awk -v notice="$NOTICE" '/^[^ ]/ { on = $1 == notice } on'
}

talk_notice() {
	scene "A kiosk of 谋道镇 was on the line before and is off now." \
		"Another one of 谋道镇 and one of 柏杨坝镇 listen."
	said NEIGHBOUR_KIOSK listen --store "$TALK/NEIGHBOUR_KIOSK" --timeout 1
	listen KIOSK
	listen OTHER_KIOSK
	online KIOSK OTHER_KIOSK
	scene "The commerce department publishes a notice to 谋道镇. It is kept as:"
	said CLERK notice publish --json --kind policy \
		--headline '农村电商培训补贴' \
		--description '参加县里组织的电商培训,合格后每人补贴三百元。' \
		--instruction '十二月十五日前,带身份证到村便民服务站报名。' \
		--regions "$TOWNSHIP" --ack understood
	NOTICE=$(field notice <<<"$SAID")
	shown <<<"$NOTICE"
	heard KIOSK "$NOTICE"
	scene "The kiosk of 谋道镇 shows it at once, and its reader understood it:"
	only_notice <"$TALK/KIOSK.heard" | shown
	said KIOSK notice receipt --notice "$NOTICE" --state understood \
		--at "$(date +%Y-%m-%dT%H:%M:%S%:z)"
	! grep -qF "$NOTICE" "$TALK/OTHER_KIOSK.heard" ||
		fail "the kiosk of 柏杨坝镇 heard it too"
	scene "The kiosk of 柏杨坝镇 does not show it."
}

talk_feedback() {
	local receipt key

	scene "A farmer at that kiosk asks about it: $QUESTION"
	said KIOSK feedback submit --json --region "$(region_of KIOSK)" \
		--service question --text "$QUESTION" \
		--about-notice "$NOTICE" --kind farmer
	receipt=$(field receipt <<<"$SAID")
	key=$(field key <<<"$SAID")
	shown <<-TEXT
		receipt    $receipt
		key        $key
		answer by  $(field answer_by <<<"$SAID")
	TEXT
	scene "The department sees it arrive:"
	said CLERK feedback list --limit 1
	shown <<<"$SAID"
	scene "It answers: $ANSWER"
	said CLERK feedback answer --receipt "$receipt" --outcome resolved \
		--text "$ANSWER"
	shown <<<"$SAID"
	heard KIOSK "$receipt"
	scene "The kiosk hears of it, and shows it to whoever has receipt and key:"
	said KIOSK feedback get --receipt "$receipt" --key "$key"
	shown <<<"$SAID"
}

# due WHO RECEIPT: waits until WHO is shown it among what is late.
due() {
	local try

	for try in {1..200}; do
		said "$1" feedback due --level 100 --json
		! grep -qF "$2" <<<"$SAID" || return 0
		[ "$try" -eq 200 ] || sleep 0.1
	done
	fail "$1 was not told that $2 is late"
}

talk_late() {
	local receipt key

	seed_demo_service
	scene "Somebody asks the demo service, whose clock is of seconds." \
		"Nobody answers."
	said KIOSK feedback submit --json --region "$(region_of KIOSK)" \
		--service demo --text '网络断了三天,什么时候能修?'
	receipt=$(field receipt <<<"$SAID")
	key=$(field key <<<"$SAID")
	due COORDINATOR "$receipt"
	scene "Its time runs out: the office above the department is told."
	said COORDINATOR feedback due --level 100
	shown <<<"$SAID"
	said CLERK feedback answer --receipt "$receipt" --outcome resolved \
		--text '对不起,答复晚了。网络今天已修好。'
	scene "It is answered at last. That it was late stays in its history:"
	said KIOSK feedback history --receipt "$receipt" --key "$key"
	grep -q breach <<<"$SAID" || fail "its history does not say that it was late"
	shown <<<"$SAID"
	talk_reopened "$receipt" "$key"
}

talk_reopened() {
	scene "The network breaks again: at another kiosk, by receipt and key, it is" \
		"reopened."
	said OTHER_KIOSK feedback reopen --receipt "$1" --key "$2" \
		--reason '第二天又断了。'
	shown <<<"$SAID"
	said CLERK feedback answer --receipt "$1" --outcome resolved \
		--text '已更换线路。' --measure '更换入村光缆'
	said OTHER_KIOSK feedback rate --receipt "$1" --key "$2" --solved yes \
		--grade 4
	scene "Answered anew, the farmer says that it is solved:"
	shown <<<"$SAID"
}

talk_anonymous() {
	local receipt

	scene "Somebody complains of the commerce department, without a name."
	said KIOSK feedback submit --json --region "$(region_of KIOSK)" \
		--service complaint --anonymous --against-department commerce \
		--kind farmer --submitter-name 张三 --text '培训名额只给熟人。'
	receipt=$(field receipt <<<"$SAID")
	! as CLERK feedback get --receipt "$receipt" &>/dev/null ||
		fail "the department it is against could read it"
	scene "The department finds nothing under that number. The office reads it," \
		"and no name:"
	said COORDINATOR feedback get --receipt "$receipt"
	! grep -qF 张三 <<<"$SAID" || fail "the name was shown"
	shown <<<"$SAID"
}

talk_return() {
	scene "The kiosk that was off returns and gets what it missed:"
	said NEIGHBOUR_KIOSK listen --store "$TALK/NEIGHBOUR_KIOSK" --count 1
	only_notice <<<"$SAID" | shown
	grep -qF "$NOTICE" <<<"$SAID" || fail "it got something else"
	scene "Whom the notice has reached:"
	said CLERK notice reach --notice "$NOTICE"
	shown <<<"$SAID"
}

talk_ended() {
	talk_end
	stop_all
	ended "$1"
}

# Whatever comes of it, nothing is left running.
talk() {
	trap 'talk_ended $?' EXIT
	TALK=$(mktemp -d /tmp/huiyin-talk.XXXXXX)
	talk_notice
	talk_feedback
	talk_return
	talk_late
	talk_anonymous
	talk_meeting
	scene "Everything is stopped; $STATE stays."
}

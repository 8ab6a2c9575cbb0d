# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The part of the conversation of --once in which departments meet: two cases
# nobody answered in time, an agenda, a decision that three departments sign, an
# entry of the ledger done and verified, and the farmer's kiosk that hears of it.

# number NAME: a field that is a number, of one JSON object on standard input.
number() {
	sed -n "s/.*\"$1\": *\([0-9]*\).*/\1/p" | head -n 1
}

# Clerks of three departments get a name of their own.
meeting_people() {
	local who login

	while read -r who login; do
		[ -s "$STATE/secret/$who.who" ] ||
			echo "$login" | write_owned "$STATE/secret/$who.who"
	done <<-END
		ROADS_CLERK transport-clerk
		MONEY_CLERK finance-clerk
	END
}

# meeting WHO ACT...: an act on the meeting, with the revision it is at.
meeting() {
	local who=$1

	shift
	said "$who" "$1" "$2" --json --meeting "$MEETING" \
		--revision "$REVISION" "${@:3}"
	REVISION=$(number revision <<<"$SAID")
}

# Files a case and waits until it is late; its receipt and key in RECEIPT, KEY.
meeting_case() {
	said "$1" feedback submit --json --region "$(region_of "$1")" \
		--service demo --text "$2"
	RECEIPT=$(field receipt <<<"$SAID")
	KEY=$(field key <<<"$SAID")
	due COORDINATOR "$RECEIPT"
}

meeting_agenda() {
	scene "Two villages report the same road, and nobody answers in time." \
		"The office looks for what departments should speak about:"
	meeting_case OTHER_KIOSK '进村公路塌方,车过不去。'
	OTHER_RECEIPT=$RECEIPT
	meeting_case KIOSK '公路塌了,茶叶运不出去。'
	said COORDINATOR meeting propose
	grep -qF "$RECEIPT" <<<"$SAID" || fail "$RECEIPT was not proposed"
	shown <<<"$SAID"
}

meeting_convened() {
	listen ROADS_CLERK
	said COORDINATOR meeting convene --json --title 农村公路联席会议 \
		--at "$(date -d '+1 day' +%Y-%m-%dT%H:%M:%S%:z)" \
		--place 二楼会议室 --chair 王县长 --departments commerce \
		--departments transport --departments finance
	MEETING=$(number meeting <<<"$SAID")
	REVISION=$(number revision <<<"$SAID")
	meeting COORDINATOR meeting add --kind feedback --text 进村公路塌方 \
		--feedback "$OTHER_RECEIPT" --feedback "$RECEIPT"
	ITEM=$(number item <<<"$SAID")
	said CLERK meeting reply --meeting "$MEETING" --reply comes --names 张局长
	said ROADS_CLERK meeting reply --meeting "$MEETING" --reply comes \
		--names 李局长
	said MONEY_CLERK meeting reply --meeting "$MEETING" --reply leave \
		--reason 下乡
	scene "It convenes three departments; two come, one sends leave." \
		"The meeting is held, and decides:"
	meeting COORDINATOR meeting hold
	meeting COORDINATOR meeting set --item "$ITEM" \
		--decision '由交通运输局抢修,财政局保障资金。' --lead transport \
		--assisting finance --responsible 李局长 --standard 恢复通车 \
		--due "$(date -d '+20 days' +%Y-%m-%dT%H:%M:%S%:z)"
	said COORDINATOR meeting show "$MEETING"
	shown <<<"$SAID"
}

meeting_issued() {
	local who

	said COORDINATOR summary draft --meeting "$MEETING"
	meeting COORDINATOR summary circulate
	for who in CLERK ROADS_CLERK MONEY_CLERK; do
		meeting "$who" summary sign
	done
	meeting COORDINATOR summary issue
	heard ROADS_CLERK meeting.changed
	scene "All three sign. The summary is issued, and stays as it is:"
	said ROADS_CLERK summary show "$MEETING"
	shown <<<"$SAID"
}

meeting_done() {
	local entry

	said ROADS_CLERK ledger list --json
	entry=$(field entry <<<"$SAID")
	said ROADS_CLERK ledger 'done' --entry "$entry" --text '塌方已清除,恢复通车。'
	said COORDINATOR ledger verify --entry "$entry" --decision verified
	heard KIOSK "$RECEIPT"
	scene "The road is repaired and the office verifies it. At the farmer's" \
		"kiosk, by receipt and key:"
	said KIOSK feedback get --receipt "$RECEIPT" --key "$KEY"
	grep -q verified <<<"$SAID" || fail "the kiosk is not told what came of it"
	shown <<<"$SAID"
}

talk_meeting() {
	meeting_people
	meeting_agenda
	meeting_convened
	meeting_issued
	meeting_done
}

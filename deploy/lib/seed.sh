# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The demo county, or one administrator. May be interrupted and run again:
# what is there already stays, secrets are made once.

COUNTY=422802000000
TOWNSHIP=422802100000 # 谋道镇, which has a department of its own

REFUSED=4 # what huiyin-admin ends with when something is there already

# admin ..., which may say that it was done before.
admin_once() {
	local code=0

	admin "$@" >>"$STATE/log/seed.log" 2>&1 || code=$?
	if [ $code -ne 0 ] && [ $code -ne $REFUSED ]; then
		tail -n 5 "$STATE/log/seed.log" >&2
		fail "huiyin-admin $* ended with $code"
	fi
	return $code
}

# person LOGIN ROLES DEPARTMENT NAME [WHO]: WHO is its name in demo.env.
person() {
	local login=$1 roles=$2 department=$3 name=$4 who=${5-}
	local file=$STATE/secret/$login

	[ -s "$file" ] || openssl rand -hex 12 | tr -d '\n' | write_owned "$file"
	admin_once staff add "$login" --roles "$roles" --display-name "$name" \
		--department "$department" <"$file" ||
		admin_once staff password "$login" <"$file"
	[ -z "$who" ] || echo "$login" | write_owned "$STATE/secret/$who.who"
}

department() {
	local code=$1 name=$2 region=$3

	shift 3
	admin_once department add "$code" --name "$name" --region "$region" "$@" ||
		true
}

# staffed_department CODE NAME REGION [WHO...]: with a clerk and an approver.
staffed_department() {
	local code=$1 name=$2

	department "$code" "$name" "$3" --superior office
	person "$code-clerk" clerk "$code" "$name 经办" "${4-}"
	person "$code-approver" approver "$code" "$name 审批" "${5-}"
}

# Two villages of every township: code and name of what will be a station.
demo_villages() {
	awk -F, '
		{ township = substr($1, 1, 9) }
		$3 != "village" || picked[township] == 2 || $1 in seen { next }
		pass == 1 && $2 !~ /村民委员会$/ { next }
		{
			picked[township]++
			seen[$1] = 1
			sub(/居民委员会$|民委员会$/, "", $2)
			print $1, $2
		}' pass=1 "$1" pass=2 "$1" | sort
}

# kiosk REGION NAME: a station in that village with a kiosk.
kiosk() {
	local region=$1 name=$2 kiosk=$1-1 secret

	admin_once station add --code "S-$region" --region "$region" \
		--name "$name便民服务站" || true
	admin_once kiosk add "S-$region" --name "$kiosk" || true
	[ ! -s "$STATE/secret/$kiosk" ] || return 0
	secret=$(admin --json kiosk enrol "$kiosk" |
		sed -n 's/.*"secret":"\([0-9a-f]*\)".*/\1/p')
	[ -n "$secret" ] || fail "kiosk $kiosk was not enrolled"
	printf %s "$secret" | write_owned "$STATE/secret/$kiosk"
}

# Two kiosks of one township and one of another get a name in demo.env.
name_kiosks() {
	local region name here=0

	while read -r region name; do
		case $region in
		"${TOWNSHIP%000}"*)
			here=$((here + 1))
			who=KIOSK
			[ $here -eq 1 ] || who=NEIGHBOUR_KIOSK
			;;
		*)
			[ $here -eq 2 ] || continue
			who=OTHER_KIOSK
			here=3
			;;
		esac
		echo "$region-1 $region" | write_owned "$STATE/secret/$who.who"
	done
}

seed_regions() {
	local said

	said=$(admin region import "$ROOT/sql/data/regions-422802.csv" \
		--county "$COUNTY" 2>>"$STATE/log/seed.log") ||
		fail "the regions were not imported: see $STATE/log/seed.log"
	step regions "$said"
	admin_once county set "$COUNTY" --name 利川市 || true
}

# A service whose clock is of seconds, to see what happens when it runs out.
seed_demo_service() {
	local clock

	admin_once county set "$COUNTY" --name 利川市 --demo || true
	admin_once service add demo --name 演示 --name-en demo \
		--like question || true
	for clock in sign contact answer; do
		admin_once service clock demo "$clock" 2 seconds || true
	done
	admin_once route set demo "$COUNTY" --department commerce || true
}

seed_calendar() {
	local said

	said=$(admin calendar import "$ROOT/sql/data/calendar-cn-2026.csv" \
		2>>"$STATE/log/seed.log") ||
		fail "the calendar was not imported: see $STATE/log/seed.log"
	step calendar "$said"
}

seed_demo() {
	local region name villages

	seed_regions
	department office 利川市电商扶贫工作领导小组办公室 $COUNTY --coordinating
	person coordinator coordinator office 统筹员 COORDINATOR
	person auditor auditor office 审计员 AUDITOR
	staffed_department commerce 利川市商务局 $COUNTY CLERK APPROVER
	staffed_department transport 利川市交通运输局 $COUNTY
	staffed_department finance 利川市财政局 $COUNTY
	staffed_department science 利川市科学技术和经济信息化局 $COUNTY
	staffed_department moudao 谋道镇人民政府 $TOWNSHIP
	seed_demo_service
	villages=$(demo_villages "$ROOT/sql/data/regions-422802.csv")
	while read -r region name; do
		kiosk "$region" "$name"
	done <<<"$villages"
	name_kiosks <<<"$villages"
	step county "6 offices, 13 people, $(wc -l <<<"$villages") kiosks"
}

seed() {
	[ ! -f "$STATE/seeded" ] || return 0
	person administrator admin "" 管理员 ADMINISTRATOR
	seed_calendar
	if [ -n "$EMPTY" ]; then
		step county "none: one administrator and nothing else"
	else
		seed_demo
	fi
	: | write_owned "$STATE/seeded"
}

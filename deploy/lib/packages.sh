# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Debian packages: installed by name, only what is missing, only by root.

packages_missing() {
	local names there

	mapfile -t names < <(sed 's/#.*//; /^\[/d; /^ *$/d' "$ROOT/deploy/packages")
	# It fails when one is missing, which is what we ask.
	there=$(dpkg-query -W -f '${db:Status-Status} ${binary:Package}\n' \
		"${names[@]}" 2>/dev/null |
		sed -n 's/^installed \([^:]*\).*/\1/p') || true
	printf '%s\n' "${names[@]}" | grep -vxF "$there" || true
}

packages_install() {
	local missing log

	command -v dpkg-query >/dev/null ||
		fail "this is not Debian; what is needed is in deploy/packages"
	mapfile -t missing < <(packages_missing)
	if [ ${#missing[@]} -eq 0 ]; then
		return
	fi
	am_root || fail "Debian packages are missing. As root:
  apt-get install --no-install-recommends ${missing[*]}"
	step packages "installing ${#missing[@]}: ${missing[*]}"
	log=$(mktemp /tmp/huiyin-apt.XXXXXX)
	# PostgreSQL is to bring no cluster of its own onto port 5432.
	mkdir -p /etc/postgresql-common
	[ -e /etc/postgresql-common/createcluster.conf ] ||
		echo "create_main_cluster = false" \
			>/etc/postgresql-common/createcluster.conf
	export DEBIAN_FRONTEND=noninteractive
	quietly "$log" apt-get -q -o DPkg::Lock::Timeout=300 update
	quietly "$log" apt-get -q -y -o DPkg::Lock::Timeout=300 install \
		--no-install-recommends "${missing[@]}"
	rm -f "$log"
}

# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The build: a release in STATE/build, and not even a look at the compiler
# when no source has changed.

build_sources() {
	(cd "$ROOT" && find CMakeLists.txt client-lib server sql \
		-type f -printf '%p %s %T@\n' | sort)
}

build() {
	local folder=$STATE/build now log=$STATE/log/build.log began=$SECONDS

	now=$({ echo "$ROOT" && build_sources; } | sha256sum)
	if [ "$now" = "$(cat "$folder/.sources" 2>/dev/null)" ]; then
		step build "up to date"
		return
	fi
	step build "compiling (a minute or two the first time)"
	if ! grep -qsxF "CMAKE_HOME_DIRECTORY:INTERNAL=$ROOT" \
		"$folder/CMakeCache.txt"; then
		rm -rf "$folder"
	fi
	umask 022
	quietly "$log" cmake -S "$ROOT" -B "$folder" -G Ninja \
		-DCMAKE_BUILD_TYPE=Release -DHUIYIN_TESTS=OFF
	quietly "$log" ninja -C "$folder"
	umask 077
	echo "$now" >"$folder/.sources"
	! am_root || chown -R "$OWNER:$OWNER_GROUP" "$folder"
	step build "done in $((SECONDS - began)) s"
}

#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Does the door for client certificates really verify them? Six clients, one
# of which is good. Prints TAP.
# shellcheck source=tests/fault/lib/net_echo.sh
. "$(dirname "$0")/lib/net_echo.sh"

echo 1..6
build_echo || {
	tell 1 "net_echo builds"
	exit 1
}
make_cert node
make_cert authority
port=$(free_port) mtls=$(free_port)
start "$mtls" "$net_echo" "$port" "$mine/node.pem" "$mine/node.key" \
	"$mtls" "$mine/authority.pem"
cd "$mine" || exit 1

cat >ca.conf <<'END'
[ca]
default_ca = here
[here]
database = index
new_certs_dir = .
default_md = sha256
unique_subject = no
policy = names
serial = serial
[names]
commonName = supplied
[server]
extendedKeyUsage = serverAuth
[client]
extendedKeyUsage = clientAuth
END
: >index

# sign NAME FROM TO [KIND]: a certificate of the authority's, valid from and to
# these days from now.
sign() {
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$1.key" -out "$1.csr" -subj /CN=kiosk-1 2>/dev/null
	openssl ca -batch -notext -config ca.conf -rand_serial \
		-cert authority.pem -keyfile authority.key \
		-extensions "${4:-client}" -in "$1.csr" -out "$1.pem" \
		-startdate "$(date -u -d "$2 days" +%Y%m%d%H%M%SZ)" \
		-enddate "$(date -u -d "$3 days" +%Y%m%d%H%M%SZ)" 2>/dev/null
}

# is_let_in NAME: does a client with that certificate get its WebSocket?
is_let_in() {
	local identity=()
	[ "$1" = none ] || identity=("$1.pem" "$1.key")
	python3 "$fault/mtls_client.py" "$mtls" "${identity[@]}"
}

sign good -1 2
sign expired -9 -1
sign future 1 9
sign server_only -1 2 server
make_cert self_signed
failed=0
for who in none expired future self_signed server_only; do
	wrong=0
	! is_let_in "$who" || wrong=1
	tell $wrong "a client with this certificate is refused: $who"
	failed=$((failed + wrong))
done
wrong=0
is_let_in good || wrong=1
tell $wrong "a client with a good certificate is let in"
stop || failed=1
exit $((failed + wrong > 0))

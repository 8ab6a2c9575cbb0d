# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# A private certificate authority and a server certificate (ECDSA P-256).
# Keys are made once; the certificate again when it nears its end or does not
# name an address it should.

tls_names() {
	local address names=DNS:localhost,IP:127.0.0.1,IP:::1

	if [ -n "$LAN" ]; then
		names+=,DNS:$(hostname)
		for address in $(hostname -I); do
			names+=,IP:$address
		done
	fi
	echo "$names"
}

tls_key() {
	[ -s "$1" ] ||
		openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \
			2>/dev/null | write_owned "$1"
}

tls_authority() {
	tls_key "$STATE/tls/ca.key"
	[ -s "$STATE/tls/ca.pem" ] ||
		openssl req -x509 -new -key "$STATE/tls/ca.key" -sha256 -days 3650 \
			-subj "/CN=huiyin demo authority" \
			-addext basicConstraints=critical,CA:TRUE,pathlen:0 \
			-addext keyUsage=critical,keyCertSign,cRLSign |
		write_owned "$STATE/tls/ca.pem"
}

tls_certificate() {
	local names=$1

	openssl req -new -key "$STATE/tls/server.key" -subj "/CN=huiyin" |
		openssl x509 -req -CA "$STATE/tls/ca.pem" \
			-CAkey "$STATE/tls/ca.key" -days 825 -sha256 \
			-set_serial "0x$(openssl rand -hex 16)" -extfile <(
				echo "subjectAltName=$names"
				echo "basicConstraints=critical,CA:FALSE"
				echo "keyUsage=critical,digitalSignature"
				echo "extendedKeyUsage=serverAuth"
				echo "authorityKeyIdentifier=keyid"
			) 2>/dev/null | write_owned "$STATE/tls/server.pem"
	echo "$names" | write_owned "$STATE/tls/names"
}

tls_make() {
	local names

	tls_authority
	tls_key "$STATE/tls/server.key"
	names=$(tls_names)
	if [ "$names" = "$(cat "$STATE/tls/names" 2>/dev/null)" ] &&
		openssl x509 -in "$STATE/tls/server.pem" -noout \
			-checkend $((30 * 86400)) >/dev/null 2>&1; then
		return
	fi
	tls_certificate "$names"
}

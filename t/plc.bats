# SPDX-License-Identifier: Apache-2.0
# Platform credentials: from request to certificate, read by others, and what is not signed.
load helper
load trust

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	world
}

sign() { # OPTION... - the request on standard input
	plc-sign --key m2mes.key --cert m2mes.pem --state state.cnf "$@"
}

@test "a request becomes a certificate that others read" {
	sign <csr.pem >new.pem
	openssl verify -x509_strict -CAfile m2mes.pem new.pem
	openssl x509 -in new.pem -noout -text >text
	for line in "Not After : Dec 31 23:59:59 9999 GMT" "2.23.133.5.4.1:" "2.23.133.5.4.4:" \
		"serialNumber = M2ME-0001" "X509v3 Authority Key Identifier:" "X509v3 Key Usage: critical" \
		"Digital Signature" "1.3.6.1.4.1.32473.33812.6" "othername: 1.3.6.1.5.5.7.8.4"; do
		grep -qF "$line" text || { echo "no '$line' in:"; cat text; return 1; }
	done
	[ "$(openssl x509 -in new.pem -noout -pubkey)" = "$(openssl req -in csr.pem -noout -pubkey)" ]
}

@test "each has a serial number of its own" {
	for i in $(seq 50); do cat csr.pem; done | sign >many.pem
	[ "$(grep -c BEGIN many.pem)" -eq 50 ]
	csplit -s -z many.pem '/BEGIN/' '{*}'
	for f in xx*; do openssl x509 -in "$f" -noout -serial; done | sort | uniq -d | none
}

@test "an end can be given" {
	sign --not-before 2026-01-02T03:04:05Z --not-after 2027-01-02T03:04:05Z <csr.pem |
		openssl x509 -noout -dates | diff <(printf 'notBefore=Jan  2 03:04:05 2026 GMT\nnotAfter=Jan  2 03:04:05 2027 GMT\n') -
	sign --not-before 1000 --not-after 1001 <csr.pem | openssl x509 -noout -enddate | grep -x "notAfter=Jan  1 00:16:41 1970 GMT"
	rejects 2 "plc-sign: --not-after: needs a time after 1970-01-01T00:16:40Z, has 1970-01-01T00:16:40Z" \
		sign --not-before 1000 --not-after 1000 csr.pem
	# 0 is a time, not "no end"
	rejects 2 "plc-sign: --not-after: needs a time after 2026-01-02T03:04:05Z, has 1970-01-01T00:00:00Z" \
		sign --now 2026-01-02T03:04:05Z --not-after 0 csr.pem
	# the last time there is: "no end" does not lie behind it
	rejects 2 "plc-sign: --not-after: needs a time after 9999-12-31T23:59:59Z, has 9999-12-31T23:59:59Z" \
		sign --not-before 9999-12-31T23:59:59Z csr.pem
	rejects 2 "plc-sign: --not-after: needs a time such as 2026-11-24T08:00:00Z or seconds since 1970, has 'soon'" \
		sign --not-after soon csr.pem
}

@test "nothing but requests is signed" {
	rejects 2 "plc-sign: item 1: needs a CERTIFICATE REQUEST block, has a CERTIFICATE block" sign plc.pem
	rejects 2 "plc-sign: item 1: needs a CERTIFICATE REQUEST block, has pcid/1" sign pcid
	openssl req -new -newkey rsa:2048 -nodes -keyout rsa.key -subj /CN=x -out rsa.csr 2>/dev/null
	run -2 --separate-stderr sign rsa.csr
	[ -z "$output" ]
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout bare.key -subj /CN=x -out bare.csr 2>/dev/null
	run -2 --separate-stderr sign bare.csr
	[ -z "$output" ]
	run -2 --separate-stderr sign --keep-going rsa.csr csr.pem bare.csr
	[ "$(grep -c BEGIN <<<"$output")" -eq 1 ]
	[ "$(wc -l <<<"$stderr")" -eq 2 ]
}

@test "the expected state is complete, known and well-formed" {
	state() { # MESSAGE SED-SCRIPT
		sed "$2" state.cnf >changed.cnf
		rejects 2 "plc-sign: changed.cnf: $1" plc-sign --key m2mes.key --cert m2mes.pem --state changed.cnf csr.pem
	}
	for key in vendor model version; do
		state "[state] $key: required" "/^$key/d"
		# an absent text would be one that evidence is not compared with
		for value in '' 'a\x07b' '\xff'; do
			state "[state] $key: needs 1 byte or more of UTF-8, no control characters" "s/^$key.*/$key = $value/"
		done
	done
	state "[state] colour: unknown key" 's/^vendor/colour = red\nvendor/'
	state "[state] svn: needs a number from 0 to 9223372036854775807, has 'one'" 's/^svn.*/svn = one/'
	run -3 --separate-stderr plc-sign --key m2mes.key --cert m2mes.pem --state absent csr.pem
	[ -z "$output" ]
	sed '/^firmware/d' state.cnf >many.cnf
	for i in $(seq 17); do printf 'part%d = %064d\n' "$i" "$i"; done >>many.cnf
	rejects 2 "plc-sign: many.cnf: [fwids] needs up to 16 digests" \
		plc-sign --key m2mes.key --cert m2mes.pem --state many.cnf csr.pem
}

@test "only an equipment supplier's CA signs" {
	rejects 2 "plc-sign: --cert: 'operators.pem' lacks the role M2MES" \
		plc-sign --key operators.key --cert operators.pem --state state.cnf csr.pem
	rejects 2 "plc-sign: --cert: 'm2mes.pem' is not the certificate of --key" \
		plc-sign --key operators.key --cert m2mes.pem --state state.cnf csr.pem
	# whose key signs objects is no CA, even with the role; before anything is read
	sed 's/^\(extendedKeyUsage.*\)roleRO/\1roleM2MES/' "$examples/roles.cnf" >leaf.cnf
	config=leaf.cnf ca=m2mes certify ro leaf leaf.example
	rejects 2 "plc-sign: --cert: certificate of leaf.example is no CA's" \
		plc-sign --key leaf.key --cert leaf.pem --state state.cnf none
	# CA:TRUE alone does not do: the key's usage must allow it (RFC 5280 4.2.1.3)
	sed '/^\[m2mes\]/,/^$/s/keyCertSign, //' "$examples/roles.cnf" >use.cnf
	config=use.cnf anchor m2mes use use.example
	rejects 2 "plc-sign: --cert: certificate of use.example is no CA's" \
		plc-sign --key use.key --cert use.pem --state state.cnf none
	sed '/^\[m2mes\]/,/^$/s/^subjectKeyIdentifier.*/subjectKeyIdentifier = none/' "$examples/roles.cnf" >nameless.cnf
	config=nameless.cnf anchor m2mes nameless nameless.example
	rejects 2 "plc-sign: --cert: certificate of nameless.example: needs a subject key identifier" \
		plc-sign --key nameless.key --cert nameless.pem --state state.cnf none
}

@test "a platform credential with any byte changed is not loaded" {
	openssl x509 -in plc.pem -outform der | hex >der
	n=$(($(wc -c <der) / 2))
	for ((i = 0; i < n; i++)); do
		echo "-----BEGIN CERTIFICATE-----"
		byte=$(printf %02x $((16#$(cut -c $((2 * i + 1))-$((2 * i + 2)) der) ^ (1 << (i % 8)))))
		cbor "$(sed "s/^\(.\{$((2 * i))\}\)../\1$byte/" der)" | base64 -w 64
		echo "-----END CERTIFICATE-----"
	done >mutants.pem
	before=$(sqlite3 m2me "SELECT hex(plc) FROM device")
	run --separate-stderr tre-load --keep-going --tre m2me mutants.pem
	[ "$status" -ne 0 ] && [ "$status" -le 2 ]
	[ "$(wc -l <<<"$stderr")" -eq "$n" ]
	[ "$(sqlite3 m2me "SELECT hex(plc) FROM device")" = "$before" ]
}

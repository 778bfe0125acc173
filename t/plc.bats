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

# --- what is signed ---------------------------------------------------------------

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

@test "what a certificate asserts is encoded as TCG DICE, RFC 4108 and RFC 5280 have it" {
	sign <csr.pem | openssl x509 -outform der >der
	extension() { # OID-OR-NAME - its value
		openssl asn1parse -inform der -in der | grep -A2 -F ":$1" | sed -n 's/.*\[HEX DUMP\]://p' | head -n 1
	}
	digest=$(sha256sum firmware | cut -c 1-64 | tr a-f A-F)
	# [0] vendor [1] model [2] version [3] svn [6] fwids{sha256, digest}
	[ "$(extension 2.23.133.5.4.1)" = "3051""8010$(printf 'Example Machines' | hex | tr a-f A-F)\
8106$(printf M2ME-1 | hex | tr a-f A-F)820131830101A62F302D06096086480165030402010420$digest" ]
	# [9] type
	sed 's/^tre_class.*/tre_class = tpm/' state.cnf >tpm.cnf
	sign --state tpm.cnf csr.pem | openssl x509 -outform der >other
	openssl asn1parse -inform der -in other | grep -A2 -F :2.23.133.5.4.1 | grep -q "0420${digest}8903$(printf tpm | hex | tr a-f A-F)\$"
	[ "$(extension 2.23.133.5.4.4)" = "3011040F$(field .ueid inventory | tr a-f A-F)" ]
	# the CA's key identifier, and nothing besides
	id=$(openssl x509 -in m2mes.pem -noout -ext subjectKeyIdentifier | sed -n '2s/[ :]//gp')
	[ "$(extension 'X509v3 Authority Key Identifier')" = "30168014$id" ]
	[ "$(extension 'X509v3 Key Usage')" = 03020780 ]
	# otherName 1.3.6.1.5.5.7.8.4 { 1.3.6.1.4.1.32473.33812, "M2ME-0001" }
	[ "$(extension 'X509v3 Subject Alternative Name')" = "3028A02606082B06010505070804A01A3018060B\
2B0601040181FD5982881404094D324D452D30303031" ]
	[ "$(openssl asn1parse -inform der -in der | grep -c GENERALIZEDTIME)" = 1 ]
	openssl asn1parse -inform der -in der | grep -q "GENERALIZEDTIME *:99991231235959Z"
}

@test "debugging, a higher svn and sixteen measurements are asserted, or none of them" {
	sed 's/^svn.*/svn = 9223372036854775807\ndebug = 1/; /^firmware/d' state.cnf >other.cnf
	for i in {1..16}; do printf 'part%d = %064d\n' "$i" "$i"; done >>other.cnf
	sign --state other.cnf csr.pem >other.pem
	m2m-show other.pem | grep -qF "Example Machines/M2ME-1/1, svn 9223372036854775807, 16 measurements, debug"
	openssl verify -x509_strict -CAfile m2mes.pem other.pem
	printf '[state]\nvendor=v\nmodel=m\nversion=3\n' >least.cnf
	sign --state least.cnf csr.pem | m2m-show | grep -q "v/m/3, 0 measurements$"
}

@test "of the types of state only that of a device with a TPM is known" {
	sed 's/^tre_class.*/tre_class = tpm/' state.cnf >tpm.cnf
	sign --state tpm.cnf csr.pem | openssl x509 -outform der >der
	pem CERTIFICATE <der | m2m-show | grep -q ", 1 measurement, tpm$"
	LC_ALL=C sed 's/tpm/tpn/' der | pem CERTIFICATE | m2m-show |
		grep -q ", no platform credential: tcb.type: needs tpm$"
}

@test "a certificate says where its status is asked for, when that is a URL" {
	url=http://ocsp.example/plc,x?y=1
	[ "$(sign --ocsp "$url" csr.pem | openssl x509 -noout -ocsp_uri)" = "$url" ]
	[ -z "$(sign csr.pem | openssl x509 -noout -ocsp_uri)" ]
	long=https://$(printf 'x%.0s' {1..247})
	sign --ocsp "$long" csr.pem >new.pem
	[ "$(openssl x509 -in new.pem -noout -ocsp_uri)" = "$long" ]
	openssl verify -x509_strict -CAfile m2mes.pem new.pem
	m2m-show new.pem | grep -q "1 measurement$"
	for bad in '' ocsp.example http:// https:// ftp://ocsp.example/ 'http://ocsp.example/ x' "http://ocsp.example/ü" "${long}x"; do
		rejects 2 "plc-sign: --ocsp: needs a URL such as http://ocsp.example/ of up to 255 bytes, has '$bad'" sign --ocsp "$bad" csr.pem
	done
	# one that says it in place of one that does not: the same for the same, and the other is superseded
	sign --ledger ledger csr.pem >first
	sign --ledger ledger --ocsp "$url" csr.pem >second
	sign --ledger ledger --ocsp "$url" csr.pem | cmp - second
	[ "$(sqlite3 ledger "SELECT count(*), sum(reason IS NULL) FROM plc")" = "2|1" ]
}

@test "two hundred requests in one stream are answered in their order, each with a serial number of its own" {
	for i in {1..200}; do
		[ $((i % 50)) != 0 ] || cat pcid	# a few other items, passed over
		cat csr.pem
	done >stream
	run -2 --separate-stderr sign --keep-going stream
	[ "$(wc -l <<<"$stderr")" = 4 ]
	[ "$(head -n 1 <<<"$stderr")" = "plc-sign: item 50: needs a CERTIFICATE REQUEST block, has pcid/1" ]
	[ "$(grep -c "BEGIN CERTIFICATE" <<<"$output")" = 200 ]
	echo "$output" >plcs.pem
	openssl crl2pkcs7 -nocrl -certfile plcs.pem | openssl pkcs7 -print_certs -noout -text |
		sed -n '/Serial Number/{n;p}' >serials
	[ "$(sort -u serials | wc -l)" = 200 ]
	# 16 bytes, positive, none shorter
	grep -v '^ *[4-7][0-9a-f]\(:[0-9a-f][0-9a-f]\)\{15\}$' serials | none
}

# --- from when until when ---------------------------------------------------------

@test "an end can be given, behind the beginning" {
	sign --not-before 2026-01-02T03:04:05Z --not-after 2027-01-02T03:04:05Z <csr.pem |
		openssl x509 -noout -dates | diff <(printf 'notBefore=Jan  2 03:04:05 2026 GMT\nnotAfter=Jan  2 03:04:05 2027 GMT\n') -
	sign --not-before 1000 --not-after 1001 <csr.pem | openssl x509 -noout -enddate | grep -x "notAfter=Jan  1 00:16:41 1970 GMT"
	rejects 2 "plc-sign: --not-after: needs a time after 1970-01-01T00:16:40Z, has 1970-01-01T00:16:40Z" \
		sign --not-before 1000 --not-after 1000 csr.pem
	# 0 is not "no end"
	rejects 2 "plc-sign: --not-after: needs a time such as 2026-11-24T08:00:00Z or seconds since 1970, has '0'" \
		sign --now 2026-01-02T03:04:05Z --not-after 0 csr.pem
	# the last time there is: "no end" does not lie behind it
	rejects 2 "plc-sign: --not-after: needs a time after 9999-12-31T23:59:59Z, has 9999-12-31T23:59:59Z" \
		sign --not-before 9999-12-31T23:59:59Z csr.pem
	rejects 2 "plc-sign: --not-after: needs a time such as 2026-11-24T08:00:00Z or seconds since 1970, has 'soon'" \
		sign --not-after soon csr.pem
}

@test "a PlC holds from its beginning to before its end" {
	sign --not-before 2030-01-01T00:00:00Z --not-after 2031-01-01T00:00:00Z csr.pem >year.pem
	x="tre-load: item 1: plc: certificate of M2ME M2ME-0001"
	rejects 1 "$x begins at 2030-01-01T00:00:00Z [not-yet-valid]" \
		tre-load --tre m2me --now 2029-12-31T23:59:59Z year.pem
	rejects 1 "$x ended at 2031-01-01T00:00:00Z [expired]" \
		tre-load --tre m2me --now 2031-01-01T00:00:00Z year.pem
	tre-load --tre m2me --now 2030-01-01T00:00:00Z year.pem
	tre-load --tre m2me --now 2030-12-31T23:59:59Z year.pem
}

# --- what is not signed -----------------------------------------------------------

@test "a stop at the first bad request leaves what was before it" {
	run -2 --separate-stderr sign csr.pem pcid csr.pem
	[ "$(grep -c BEGIN <<<"$output")" = 1 ]
	[ "$stderr" = "plc-sign: pcid: item 2: needs a CERTIFICATE REQUEST block, has pcid/1" ]
}

@test "nothing but requests is signed" {
	rejects 2 "plc-sign: item 1: needs a CERTIFICATE REQUEST block, has a CERTIFICATE block" sign plc.pem
	rejects 2 "plc-sign: item 1: needs a CERTIFICATE REQUEST block, has pcid/1" sign pcid
	rejects 2 "plc-sign: needs an object, has empty input" sign /dev/null
	request() { # COMMAND... - what it makes of the request, as a block
		openssl req -in csr.pem -outform der | "$@" | pem "CERTIFICATE REQUEST"
	}
	request head -c 200 >cut.csr
	rejects 2 "plc-sign: item 1: not a certification request" sign cut.csr
	request sed '$a more' >long.csr
	rejects 2 "plc-sign: item 1: not a certification request" sign long.csr
	request sed 's/M2ME-0001/M2ME-0002/g' >other.csr
	rejects 1 "plc-sign: item 1: not signed by the key it holds [bad-signature]" sign other.csr
	run -1 --separate-stderr sign --keep-going other.csr csr.pem other.csr
	[ "$(grep -c BEGIN <<<"$output")" = 1 ]
	[ "$stderr" = "plc-sign: other.csr: item 1: not signed by the key it holds [bad-signature]
plc-sign: other.csr: item 3: not signed by the key it holds [bad-signature]" ]
}

@test "a request names one device by serial number and UEID, under a key on P-256" {
	subject="/serialNumber=a/CN=M2ME a"
	ueid="2.23.133.5.4.4=DER:3011040F030409000105040200030203070501"
	printf '[req]\ndistinguished_name=n\n[n]\n' >req.cnf
	asks() { # MESSAGE OPTION...
		local message=$1
		shift
		openssl req -new -config req.cnf -out odd.csr "$@"
		rejects 2 "plc-sign: item 1: $message" sign odd.csr
	}
	openssl genrsa -out rsa.key 2048 2>/dev/null
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out p384.key
	openssl genpkey -algorithm ed25519 -out ed.key
	for k in rsa p384 ed; do
		asks "needs a key on P-256" -key $k.key -subj "$subject" -addext "$ueid"
	done
	k=ro.example.key
	asks "needs a signature by ecdsa-with-SHA256" -sha384 -key $k -subj "$subject" -addext "$ueid"
	asks "needs a UEID as its one attribute and extension" -key $k -subj "$subject"
	asks "needs a UEID as its one attribute and extension" -key $k -subj "$subject" -addext "$ueid" \
		-addext basicConstraints=CA:TRUE
	asks "ueid: extension 2.23.133.5.4.4 is missing" -key $k -subj "$subject" -addext basicConstraints=CA:TRUE
	# another type; a length that is BER and not DER; a byte behind it
	for der in 0500 30811104${ueid#*:301104} "${ueid#*:}00"; do
		asks "ueid: extension 2.23.133.5.4.4 is malformed" -key $k -subj "$subject" -addext "2.23.133.5.4.4=DER:$der"
	done
	asks "ueid: needs 7..33 bytes, has 2" -key $k -subj "$subject" -addext 2.23.133.5.4.4=DER:30040402ffff
	asks "subject: needs one serialNumber of 1..59 characters" -key $k -subj "/CN=M2ME a" -addext "$ueid"
	asks "subject: needs serialNumber=a and CN=M2ME a, no more" -key $k -subj "/serialNumber=a/CN=M2ME b" -addext "$ueid"
	asks "subject: needs serialNumber=a and CN=M2ME a, no more" -key $k -subj "$subject/O=Example" -addext "$ueid"
	openssl req -new -config req.cnf -key $k -subj "$subject" -addext "$ueid" -out good.csr
	sign good.csr | m2m-show | grep -qF "ueid 030409000105040200030203070501"
}

@test "the expected state is complete, known and well-formed, before any request is read" {
	state() { # MESSAGE SED-SCRIPT
		sed "$2" state.cnf >changed.cnf
		rejects 2 "plc-sign: changed.cnf: $1" sign --state changed.cnf none
	}
	number="needs a number from 0 to 9223372036854775807"
	for key in vendor model version; do
		state "[state] $key: required" "/^$key/d"
		# an absent text would be one that evidence is not compared with
		for value in '' 'a\x07b' '\xff'; do
			state "[state] $key: needs 1 byte or more of UTF-8, no control characters" "s/^$key.*/$key = $value/"
		done
	done
	state "[state] colour: unknown key" 's/^vendor/colour = red\nvendor/'
	for svn in one -1 9223372036854775808; do
		state "[state] svn: $number, has '$svn'" "s/^svn.*/svn = $svn/"
	done
	state "[state] debug: needs a number from 0 to 1, has '2'" 's/^svn/debug = 2\nsvn/'
	for class in '' TPM tpm,software none; do
		state "[state] tre_class: needs software or tpm, has '$class'" "s/^tre_class.*/tre_class = $class/"
	done
	state "[state] firmware: unknown key" '/fwids/d'
	state "[fwidz]: unknown section" 's/fwids/fwidz/'
	state "line 5: missing close square bracket" 's/state \]/state/'
	for digest in '' 12 "$(printf 'g%.0s' {1..64})" "$(printf '0%.0s' {1..63})" "$(printf '0%.0s' {1..66})"; do
		state "[fwids] firmware: needs 64 hex digits" "s/^firmware.*/firmware = $digest/"
	done
	state "[fwids]: needs up to 16 digests" "\$a$(for i in {1..16}; do printf 'part%d = %064d\\n' "$i" "$i"; done)"
	rejects 3 "plc-sign: cannot read 'absent': No such file or directory" sign --state absent none
}

# --- who signs --------------------------------------------------------------------

@test "only an equipment supplier's CA signs, and says so before any request is read" {
	rejects 2 "plc-sign: --cert: 'operators.pem' lacks the role M2MES" \
		sign --key operators.key --cert operators.pem none
	rejects 2 "plc-sign: --cert: 'm2mes.pem' is not the certificate of --key" sign --key operators.key none
	almost() { # FACT SED-SCRIPT - a certificate that differs from m2mes.pem in this
		sed "/^\[m2mes\]/,/^\$/{$2}" "$examples/roles.cnf" >almost.cnf
		openssl req -x509 -config almost.cnf -extensions m2mes -subj /CN=m2mes.example -days 9 \
			-key m2mes.key -out almost.pem
		rejects 2 "plc-sign: --cert: certificate of m2mes.example$1" sign --cert almost.pem none
	}
	almost " is no CA's" 's/CA:TRUE.*/CA:FALSE/'
	almost " is no CA's" '/^basicConstraints/d'
	# CA:TRUE alone does not do: the key's usage must allow it (RFC 5280 4.2.1.3)
	almost " is no CA's" 's/keyCertSign, //'
	almost ": needs a subject key identifier" 's/^\(subjectKeyIdentifier =\).*/\1 none/'
	# whose key signs objects is no CA, even with the role
	sed 's/^\(extendedKeyUsage.*\)roleRO/\1roleM2MES/' "$examples/roles.cnf" >leaf.cnf
	config=leaf.cnf ca=m2mes certify ro leaf leaf.example
	rejects 2 "plc-sign: --cert: certificate of leaf.example is no CA's" \
		sign --key leaf.key --cert leaf.pem none
}

# --- mutants ----------------------------------------------------------------------

@test "a platform credential with any bit changed or any byte gone is not loaded" {
	pem-mutants plc.pem >mutants.pem
	n=$(grep -c BEGIN mutants.pem)
	[ "$n" = $(($(openssl x509 -in plc.pem -outform der | wc -c) * 9)) ]
	before=$(sqlite3 m2me "SELECT hex(plc) FROM device")
	run --separate-stderr tre-load --keep-going --tre m2me mutants.pem
	[ "$status" -eq 1 ] || [ "$status" -eq 2 ]
	[ -z "$output" ]
	[ "$(wc -l <<<"$stderr")" -eq "$n" ]
	grep -v "^tre-load: item [0-9]*: \(plc\|owner\): " <<<"$stderr" | none
	[ "$(sqlite3 m2me "SELECT hex(plc) FROM device")" = "$before" ]
}

@test "a request with any bit changed or any byte gone is not certified" {
	pem-mutants csr.pem >mutants.pem
	n=$(grep -c BEGIN mutants.pem)
	[ "$n" = $(($(openssl req -in csr.pem -outform der | wc -c) * 9)) ]
	run --separate-stderr sign --keep-going mutants.pem
	[ "$status" -eq 1 ] || [ "$status" -eq 2 ]
	[ -z "$output" ]
	[ "$(wc -l <<<"$stderr")" -eq "$n" ]
}

@test "a request is read by others, and theirs by us, however the strings are written" {
	openssl req -in csr.pem -verify -noout
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out other.key
	printf '%s\n' '[req]' 'string_mask = default' 'distinguished_name = dn' '[dn]' >mask.cnf
	openssl req -new -key other.key -subj "/serialNumber=X-1/CN=M2ME X-1" \
		-addext "2.23.133.5.4.4=DER:3009040701020304050607" >other.pem
	openssl req -new -config mask.cnf -key other.key -subj "/serialNumber=X-1/CN=M2ME X-1" \
		-addext "2.23.133.5.4.4=DER:3009040701020304050607" >printable.pem
	openssl asn1parse -in printable.pem | grep -q 'PRINTABLESTRING.*M2ME X-1'
	sign other.pem printable.pem >both.pem
	csplit -s -z both.pem '/BEGIN/' '{*}'
	for f in xx*; do
		openssl verify -x509_strict -CAfile m2mes.pem "$f"
		openssl x509 -in "$f" -noout -subject | grep -xF 'subject=serialNumber = X-1, CN = M2ME X-1'
	done
	[ "$(openssl x509 -in xx00 -noout -pubkey)" = "$(openssl x509 -in xx01 -noout -pubkey)" ]
}

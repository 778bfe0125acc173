# SPDX-License-Identifier: Apache-2.0
# The wire: deterministic CBOR and nothing else in, the same bytes out, and a fault that says where.
load helper

golden=$BATS_TEST_DIRNAME/golden

# --- the reader ----------------------------------------------------------------

@test "the rows of RFC 8949 Appendix A, and CBOR that is wrong in every way, are read as the table says" {
	grep -v -e '^#' -e '^$' "$BATS_TEST_DIRNAME/vectors/cbor" >expected
	[ "$(wc -l <expected)" -ge 180 ]
	wire-vector <"$BATS_TEST_DIRNAME/vectors/cbor" | diff expected -
}

@test "of Appendix A only what objects use is taken: no floats, no null, nothing of indefinite length" {
	sed '/^$/,$d' "$BATS_TEST_DIRNAME/vectors/cbor" | grep -v '^#' >rows
	[ "$(wc -l <rows)" -eq 81 ]
	grep -E '^f[9ab]' rows | grep -v ' = an item no object uses (byte 0)$' | none
	[ "$(grep -c ' = of indefinite length (byte [0-9])$' rows)" -eq 11 ]
	[ "$(grep -c ' = whole$' rows)" -eq 43 ]
}

@test "our reader and libcbor agree on millions of items, random and changed" {
	run -0 wire-differential 20000000 "$golden"/*
	[[ $output =~ ^20[0-9]{6}\ steps,\ [0-9]{8}\ items$ ]]
}

# --- the golden corpus -----------------------------------------------------------

# typed FILE... - the types of golden objects; a second one of a type, with what was added since, is TYPE.2.cbor
typed() {
	basename -a "$@" | cut -d . -f 1
}

@test "there is a golden object of every type: a new one is made once, committed, and never made anew" {
	diff <(m2m-show --schema list | sort) <(typed "$golden"/* | sort -u)
}

@test "old objects are still read, and come back from JSON with the same bytes" {
	for object in "$golden"/*; do
		m2m-show --json --reveal "$object" | m2m-make "$(typed "$object")" | cmp - "$object"
	done
}

@test "old objects can be shown in every way, and say nothing secret unless asked" {
	for object in "$golden"/*; do
		m2m-show "$object" >shown
		m2m-show --short "$object" >>shown
		m2m-show --json "$object" >>shown
		m2m-show --json --reveal "$object" |
			jq -r '.. | objects | .k, .opc, .xorings, .xres, .ck, .ik | strings' >>secrets
	done
	[ "$(wc -l <secrets)" -ge 20 ]
	grep -F -f secrets shown | none
	m2m-show --reveal "$golden"/* | grep -c -F -f secrets
}

@test "every byte of every object, changed: what decodes encodes to the same bytes, nothing else happens" {
	for object in "$golden"/*; do
		run -0 mutate 0 "$object"
		[[ $output =~ ^([0-9]+)\ tried,\ ([0-9]+)\ decode$ ]]
		[ "${BASH_REMATCH[1]}" -ge $(($(wc -c <"$object") * 22)) ]
		[ "${BASH_REMATCH[2]}" -gt 0 ]
	done
}

@test "what is written can be read: a member set to an edge of its range fits, or is refused by name" {
	run -0 fits 20000 "$golden"/*
	[[ $output =~ ^([0-9]+)\ fit,\ ([0-9]+)\ do\ not$ ]]
	[ "${BASH_REMATCH[1]}" -ge 100000 ]
	[ "${BASH_REMATCH[2]}" -ge 100000 ]
}

@test "changed objects that decode come back from JSON with the same bytes too" {
	for object in "$golden"/*; do
		mutate 97 "$object" >mutants
		m2m-show --json --reveal mutants | m2m-make "$(typed "$object")" | cmp - mutants
	done
}

@test "the JSON of an object is one line, whatever is in its texts" {
	m2m-make attach-request <<<'{"identity":"001010000000001"}' >/dev/null
	m2m-make grant <<<'{"identity":"001010","plmn":"001-01","apns":["a\nb\u0000c\u001b[31m\"\\ü水"]}' >grant
	[ "$(m2m-show --json grant | wc -l)" -eq 1 ]
	m2m-show --json grant | m2m-make grant | cmp - grant
	m2m-show --short grant >shown
	[ "$(cat shown)" = 'grant/1 identity=001010 plmn=001-01 apns=[a\x0ab\x00c\x1b[31m"\x5cü水]' ]
}

# Controls of C0 and C1, DEL, separators of lines, what turns text round, what has no width.
escaped='a\xc2\x85b\xc2\x9b31mc\x7fd\xc2\xade\xd8\x9cf\xe2\x80\x8bg\xe2\x80\x8fh\xe2\x80\xa8i\xe2\x80\xa9j'
escaped+='\xe2\x80\xaek\xe2\x81\xa6l\xef\xbb\xbfm\xf3\xa0\x81\x81n\xe3\x85\xa4ü水'
hostile=$(printf '%b' "$escaped")

@test "what steers a terminal, turns text round or hides is escaped wherever it is shown" {
	jq -nc --arg text "$hostile" '{identity: "001010", plmn: "001-01", apns: [$text]}' | m2m-make grant >grant
	m2m-show --short grant | diff <(echo "grant/1 identity=001010 plmn=001-01 apns=[$escaped]") -
	m2m-show grant | tail -1 | diff <(echo "  apns      $escaped") -
	m2m-show --json grant >json
	grep -o 'a.u0085b.*水' json |
		diff - <(echo 'a\u0085b\u009b31mc\u007fd\u00ade\u061cf\u200bg\u200fh\u2028i\u2029j\u202ek\u2066l\ufeffm\udb40\udc41n\u3164ü水')
	m2m-make grant <json | cmp - grant
}

@test "and so it is in messages: a text, a file's name, an operand, a label" {
	cbor "a1 00 65 61 e2 80 ae 62" >odd
	rejects 2 'm2m-show: item 1: needs an object of a known type, has a\xe2\x80\xaeb' m2m-show odd
	rejects 3 "m2m-show: cannot open '$escaped': No such file or directory" m2m-show "$hostile"
	rejects 3 "m2m-show: cannot open 'a\\xffb\\xc3\\x5cc\\xed\\xa0\\x80': No such file or directory" \
		m2m-show $'a\xffb\xc3\\c\xed\xa0\x80'
	rejects 2 "m2m-make: unexpected operand 'a\\xc2\\x9bb'" m2m-make grant $'a\xc2\x9bb'
	printf -- '-----BEGIN %s-----\nAA==\n-----END %s-----\n' $'A\xc2\x9bB' $'A\xc2\x9bB' >block
	m2m-show block | diff <(echo 'A\xc2\x9bB') -
	m2m-show --json block | diff <(echo '{"type":"pem","text":"A\u009bB"}') -
}

@test "a name with such characters is no name" {
	rejects 2 "tre-init: --swname: needs 1 to 64 bytes of text" tre-init --tre t --serial 1 --swname $'a\xe2\x80\xaeb'
}

# --- malformed, each in its way --------------------------------------------------

type='00 70 6174746163682d726571756573742f31'	# 0: "attach-request/1"
identity='01 6f 303031303130303030303030303031'	# 1: "001010000000001"
ueid='02 47 01020304050607'

# malformed MESSAGE HEX... - is refused so; "N: " in front of MESSAGE: item N, else 1
malformed() {
	local item=1 message=$1
	shift
	[[ ! $message =~ ^([0-9]+):\ (.*) ]] || { item=${BASH_REMATCH[1]} message=${BASH_REMATCH[2]}; }
	cbor "$@" >malformed
	rejects 2 "m2m-show: item $item: $message" m2m-show malformed
}

@test "a well-formed object is shown" {
	cbor "a3 $type $identity $ueid" | m2m-show --short |
		diff <(echo "attach-request/1 identity=001010000000001 ueid=01020304050607") -
}

@test "keys: twice, out of order, unknown, missing, of another kind" {
	malformed "attach-request: key 1 is there twice (byte 36)" "a3 $type $identity $identity"
	malformed "attach-request: key 1 is out of order (byte 28)" "a3 $type $ueid $identity"
	malformed "attach-request: key 1 is out of order (byte 30)" "a4 $type $ueid 03 00 $identity"
	malformed "attach-request: key 3 is unknown (byte 45)" "a4 $type $identity $ueid 03 00"
	malformed "attach-request: key -1 is unknown (byte 36)" "a3 $type $identity 20 00"
	malformed "attach-request: key -1000 is unknown (byte 36)" "a3 $type $identity 3903e7 00"
	malformed 'attach-request: key "a" is unknown (byte 36)' "a3 $type $identity 6161 00"
	malformed "attach-request.identity: is missing (byte 19)" "a1 $type"
	malformed "attach-request.identity: is missing (byte 19)" "a2 $type $ueid"
	malformed "attach-request: a key needs a number or text, has bytes (byte 36)" \
		"a3 $type $identity 4101 00"
	malformed "attach-request: a key needs a number or text, has an array (byte 36)" \
		"a3 $type $identity 80 00"
}

@test "encodings that are not the deterministic one: long heads, indefinite lengths" {
	malformed "attach-request: not in shortest form (byte 19)" "a2 $type 1801 6f ${identity#*6f}"
	malformed "attach-request.ueid: not in shortest form (byte 37)" "a3 $type $identity 02 5807 ${ueid#*47}"
	malformed "not in shortest form (byte 0)" "b802 $type $identity"
	malformed "attach-request.identity: of indefinite length (byte 20)" "a2 $type 01 7f 6130 ff"
	malformed "of indefinite length (byte 0)" "bf $type $identity ff"
}

@test "values: another type, too long, too short, no digits, no UTF-8, a float" {
	malformed "attach-request.identity: needs text, has bytes (byte 20)" "a2 $type 01 4f ${identity#*6f}"
	malformed "attach-request.identity: needs 6 to 15 digits, has 16 (byte 20)" \
		"a2 $type 01 70 ${identity#*6f} 31"
	malformed "attach-request.identity: needs 6 to 15 digits, has 5 (byte 20)" "a2 $type 01 65 3030313031"
	malformed "attach-request.identity: needs digits only (byte 20)" "a2 $type 01 66 30303130312f"
	malformed "attach-request.identity: not UTF-8 (byte 20)" "a2 $type 01 66 3030313031c1"
	malformed "attach-request.ueid: needs 7 to 33 bytes, has 6 (byte 37)" "a3 $type $identity 02 46 010203040506"
	malformed "attach-request.ueid: an item no object uses (byte 37)" "a3 $type $identity 02 f93c00"
	malformed "attach-request.ueid: an item no object uses (byte 37)" "a3 $type $identity 02 f6"
	malformed "attach-request.ueid: needs bytes, has an array (byte 37)" \
		"a3 $type $identity 02 $(printf '81%.0s' {1..18}) 00"
}

@test "numbers, choices, times, lists: out of range, not one of them, too many" {
	local head
	edit av-request . <"$golden/av-request.cbor" | hex >request
	head=$(sed 's/0401.*//' request)	# up to count
	malformed "av-request.count: needs 1 to 32, has 0 (byte 57)" "$(sed 's/0401/0400/' request)"
	malformed "av-request.count: needs 1 to 32, has 33 (byte 57)" "$(sed 's/0401/041821/' request)"
	malformed "av-request.count: needs an unsigned number, has a negative number (byte 57)" \
		"$(sed 's/0401/0420/' request)"
	malformed "av-request.count: needs an unsigned number, has true or false (byte 57)" \
		"$(sed 's/0401/04f5/' request)"
	malformed "av-request.kind: 'umtz' is none of its choices (byte 51)" "$(sed 's/64756d7473/64756d747a/' request)"
	malformed "av-request.request: needs 16 bytes, has 15 (byte 33)" "$(sed 's/0250../024f/' request)"
	[ -n "$head" ]
	edit subscription 'select(.not_after == 1)' <"$golden/subscription.cbor" | hex >subscription
	malformed "subscription.not_after: needs 1 to 253402300799, has 0 (byte 84)" "$(sed 's/0501$/0500/' subscription)"
	malformed "subscription.not_after: needs 1 to 253402300799, has 253402300800 (byte 84)" \
		"$(sed 's/0501$/051b0000003afff44180/' subscription)"
	malformed "subscription.apns: needs 1 to 16 elements, has 0 (byte 44)" "$(sed 's/0382.*04/038004/' subscription)"
	malformed "subscription.apns.apn: needs text, has an unsigned number (byte 45)" \
		"$(sed 's/03826161.*04/038201616104/' subscription)"
}

@test "rules across fields name the field" {
	edit auth-response '{identity, rand}' <"$golden/auth-response.cbor" 2>&1 |
		diff - <(echo "m2m-make: item 1: auth-response.res: needs exactly one of res, auts and failure (byte 0)")
	edit av-request 'del(.auts)' <"$golden/av-request.cbor" 2>&1 >/dev/null |
		diff - <(echo "m2m-make: item 2: av-request.auts: rand and auts come both or not at all (byte 0)")
	edit mid '.usim.iccid = "8988000000000000017"' <"$golden/mid.cbor" 2>&1 |
		diff - <(echo "m2m-make: item 1: mid.usim.iccid: has a wrong check digit (byte 43)")
	edit pcid '.plmn = "001-1"' <"$golden/pcid.cbor" 2>&1 |
		diff - <(echo "m2m-make: item 1: pcid.plmn: needs 6 to 7 bytes, has 5 (byte 27)")
	edit pcid '.plmn = "002-01"' <"$golden/pcid.cbor" 2>&1 |
		diff - <(echo "m2m-make: item 1: pcid.pcid: does not start with the digits of its plmn (byte 0)")
}

@test "signed objects: the path leads through the payload and what is embedded in it" {
	hex <"$golden/registration.cbor" >registration
	malformed "needs an object of a known type, has an item of no known type" "$(sed 's/^d2/d1/' registration)"
	malformed "registration: needs 4 elements, has 3 (byte 1)" "$(sed 's/^d284/d283/; s/5840.*//' registration)"
	malformed "registration.protected.alg: -9 is none of its choices (byte 7)" \
		"$(sed 's/^\(d284......a301\)26/\128/' registration)"
	malformed "registration.signature: needs 64 bytes, has 63 (byte 617)" \
		"$(sed 's/5840..\(.\{126\}\)$/583f\1/' registration)"
	n=$(sed -E 's/^d28459(....).*/\1/' registration)	# length of the protected header, now one byte longer
	malformed "registration.protected.x5chain: one element needs no list (RFC 9360) (byte 26)" \
		"$(sed -E "s/^d28459..../d28459$(printf %04x $((16#$n + 1)))/; s/18215901/1821815901/" registration)"
	edit verdict 'select(.payload.submods.tre.reasons) | .payload.submods.tre.reasons[1].reason = ""' \
		<"$golden/verdict.cbor" 2>&1 | sed 's/(byte [0-9]*)/(byte N)/' | diff - <(echo \
		"m2m-make: item 1: verdict.payload.submods.tre.reasons.reason.reason: needs 1 to 48 bytes, has 0 (byte N)")
	edit delivery '.payload.package.payload.sealed.recipients = []' <"$golden/delivery.cbor" 2>&1 |
		sed 's/(byte [0-9]*)/(byte N)/' | diff - <(echo \
		"m2m-make: item 1: delivery.payload.package.payload.sealed.recipients: needs 1 elements, has 0 (byte N)")
	edit registration '.protected.content_type = "verdict/1"' <"$golden/registration.cbor" 2>&1 |
		diff - <(echo "m2m-make: item 1: registration.protected.content_type: needs registration/1, has verdict/1 (byte 0)")
	edit referral 'select(.protected.x5chain[1]) | .protected.x5chain |= [.[0, 0, 0, 0, 0]]' \
		<"$golden/referral.cbor" 2>&1 | diff - <(echo \
		"m2m-make: item 1: referral.protected.x5chain: needs 1 to 4 elements, has 5 (byte 22)")
}

@test "types: none, unknown, another version, another object" {
	local none="needs an object of a known type, has an item of no known type"
	for hex in a0 80 8100 a10100 "a2 01 00 $type" "c1 a2 $type $identity" f5; do
		malformed "$none" "$hex"
	done
	malformed "needs an object of a known type, has a/1" "a1 00 63 612f31"
	malformed "needs an object of a known type, has attach-request/2" \
		"a2 00 70 6174746163682d726571756573742f32 $identity"
	cbor "a2 $type $identity" >attach-request
	rejects 2 "vno-challenge: item 1: needs av/1, has attach-request/1" vno-challenge attach-request
}

@test "framing: cut off, more than an item, garbage, too deep, counts no memory holds" {
	malformed "truncated after 36 bytes" "a3 $type $identity"
	malformed "truncated after 23 bytes" "a2 $type 01 6f 3030"
	malformed "truncated after 1 bytes" "a2"
	malformed "neither CBOR nor a whole PEM block" "00"
	malformed "not CBOR (byte 0)" "ff"
	malformed "not CBOR (byte 1)" "a2 1c"
	malformed "nested too deep (byte 16)" "$(printf '81%.0s' {1..18}) 00"
	malformed "longer than any object (byte 0)" "9b 0fffffffffffffff"
	malformed "longer than any object (byte 0)" "bb 8000000000000000"
	cbor "a2 $type $identity" >good
	{ cat good; cbor 00; } >more
	run -2 --separate-stderr m2m-show --short more
	[ "$output" = "attach-request/1 identity=001010000000001" ]
	[ "$stderr" = "m2m-show: item 2: neither CBOR nor a whole PEM block" ]
	{ cat good; cbor ff; cat good; } >more
	run -2 --separate-stderr m2m-show --short --keep-going more	# there is no next item to trust
	[ "$output" = "attach-request/1 identity=001010000000001" ]
	[ "$stderr" = "m2m-show: item 2: not CBOR (byte 0)" ]
}

@test "an item of more than 256 KiB is refused, of exactly as many is read" {
	{ cbor 5a 0004 0000; head -c 262144 /dev/zero; } >long
	rejects 2 "m2m-show: item 1: neither CBOR nor a whole PEM block" m2m-show long
	{ cbor a1 00 7a 0003 fff9; head -c 262137 /dev/zero | tr '\0' A; } >long
	[ "$(wc -c <long)" -eq 262144 ]
	rejects 2 "m2m-show: item 1: needs an object of a known type, has AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" \
		m2m-show long
	{ cbor a1 00 7a 0003 fffa; head -c 262138 /dev/zero | tr '\0' A; } >long
	rejects 2 "m2m-show: item 1: longer than 262144 bytes" m2m-show long
	{ cbor 9a 0004 0000; head -c 300000 /dev/zero; } >long
	rejects 2 "m2m-show: item 1: longer than 262144 bytes" m2m-show long
	{ cbor a1 00 7a ffff ffff; head -c 900000 /dev/zero; } >long	# a promise of 4 GiB is not waited for
	rejects 2 "m2m-show: item 1: longer than 262144 bytes" m2m-show long
}

# --- PEM -------------------------------------------------------------------------

pem() { # SED - a good block, changed
	cbor "a2 $type $identity" >good
	m2m-make --armor attach-request <<<'{"identity":"001010000000001"}' | sed "$1" >pem
}

@test "PEM is recognised: words before it, spaces and CR at line ends, one after the other" {
	for change in '' '1i explanatory text' 's/$/\r/' 's/$/  /' '1i -----BEGIN'; do
		pem "$change"
		m2m-show --json pem | m2m-make attach-request | cmp - good
	done
	pem ''
	cat good pem pem good | m2m-show --json | m2m-make attach-request | cmp - <(cat good good good good)
}

@test "PEM that is wrong: base64, labels, an end that does not come" {
	for change in 's/YXR0/YX*0/' '2s/.$//' '2s/..$//' '2s/...$//' '2s/$/=/' '2s/$/====/' '2s/.$/=A==/' \
		'2i Header: value' '3s/-$//' 's/^/ /'; do
		pem "$change"
		rejects 2 "m2m-show: item 1: M2M ATTACH REQUEST: not base64" m2m-show pem
	done
	pem 's/END M2M ATTACH REQUEST/END M2M AV/'
	rejects 2 "m2m-show: item 1: begins as M2M ATTACH REQUEST, ends as M2M AV" m2m-show pem
	pem 's/M2M ATTACH REQUEST/M2M AV/'
	rejects 2 "m2m-show: item 1: labelled 'M2M AV', but is attach-request/1" m2m-show pem
	pem 2d
	rejects 2 "m2m-show: item 1: labelled 'M2M ATTACH REQUEST', but is no object" m2m-show pem
	for change in '/END/d' '/BEGIN/d'; do
		pem "$change"
		rejects 2 "m2m-show: item 1: neither CBOR nor a whole PEM block" m2m-show pem
	done
	pem '$a more words'
	run -2 --separate-stderr m2m-show --short pem
	[ "$output" = "attach-request/1 identity=001010000000001" ]
	[ "$stderr" = "m2m-show: item 2: neither CBOR nor a whole PEM block" ]
	{ echo "-----BEGIN M2M MID-----"; yes AAAA | head -c 700000; } >pem
	rejects 2 "m2m-show: item 1: longer than 524288 bytes" m2m-show pem
}

@test "what is inside a PEM block is held to the same rules, with the same words" {
	for hex in "a2 $type 1801 6f ${identity#*6f}" "a2 $type $ueid" "a3 $type $identity 02 f93c00"; do
		cbor "$hex" >bare
		{ echo "-----BEGIN M2M ATTACH REQUEST-----"; basenc --base64 bare; echo "-----END M2M ATTACH REQUEST-----"; } >pem
		run -2 --separate-stderr m2m-show bare
		rejects 2 "$stderr" m2m-show pem
	done
	cbor "a2 $type $identity 00" >bare
	{ echo "-----BEGIN M2M ATTACH REQUEST-----"; basenc --base64 bare; echo "-----END M2M ATTACH REQUEST-----"; } >pem
	rejects 2 "m2m-show: item 1: attach-request: 1 bytes too many (byte 36)" m2m-show pem
}

# --- JSON ------------------------------------------------------------------------

@test "JSON that is wrong names the member" {
	while IFS='|' read -r json message; do
		rejects 2 "m2m-make: item 1: $message" m2m-make attach-request <<<"$json"
	done <<-'END'
		{"identity":"001010000000001"|not JSON: '}' expected near end of file (byte 30)
		{"identity":"001010000000001","identity":"001010000000001"}|not JSON: duplicate object key (byte 40)
		[]|attach-request: needs an object, has an array
		{"identity":1}|attach-request.identity: needs a string, has a number
		{"identity":null}|attach-request.identity: needs a string, has null
		{"identity":"00101000000000a"}|attach-request.identity: needs digits only (byte 20)
		{"identity":"001010000000001","ueid":"0"}|attach-request.ueid: needs hex digits, two to a byte
		{"identity":"001010000000001","ueid":"0g"}|attach-request.ueid: needs hex digits, two to a byte
		{"identity":"001010000000001","name":"x"}|attach-request.name: is unknown
		{"type":"av/1","identity":"001010000000001"}|attach-request.type: needs attach-request/1
		{}|attach-request.identity: is missing (byte 19)
	END
	rejects 2 "m2m-make: item 1: av-request.count: needs a number, has a fraction" \
		m2m-make av-request <<<'{"identity":"001010000000001","count":1.5}'
	rejects 2 "m2m-make: item 1: grant.apns.apn: needs a string, has an array" \
		m2m-make grant <<<'{"identity":"001010","plmn":"001-01","apns":[[]]}'
	rejects 2 "m2m-make: item 1: av.kind: '5g' is none of its choices" m2m-make av <<<'{"kind":"5g"}'
}

# nested N - so many lists in each other
nested() {
	printf '[%.0s' $(seq "$1")
	printf ']%.0s' $(seq "$1")
}

@test "a value of JSON that has no end is refused before it fills the memory, and so is one too deep" {
	endless() { printf '{"identity":"'; yes 0123456789abcdef | tr -d '\n' | head -c "$1"; }
	rejects 2 "m2m-make: item 1: longer than 524288 bytes" m2m-make attach-request < <(endless 600000)
	for unit in x '[' '[],'; do
		{ printf '['; yes "$unit" | tr -d '\n' | head -c 40000000; } |
			run -2 peak memory m2m-make attach-request
		[[ $BUILD == *san* ]] || [ "$(cat memory)" -lt 32768 ]
	done
	rejects 2 "m2m-make: item 1: grant.apns.apn: needs a string, has an array" \
		m2m-make grant <<<"{\"identity\":\"001010\",\"plmn\":\"001-01\",\"apns\":$(nested 1900)}"
	rejects 2 "m2m-make: item 1: nested too deep (byte 2056)" m2m-make grant <<<"{\"apns\":$(nested 3000)}"
}

@test "JSON is made into objects in a dialogue too" {
	mkfifo in out
	m2m-make --keep-going attach-request <in >out &
	exec 5>in 6<out
	echo '{"identity":"001010000000001"}' >&5
	timeout 5 head -c 1 <&6 >first
	[ -s first ]
	exec 5>&- 6<&-
	wait $!
}

@test "what is malformed in JSON is said without its text, which may be a secret" {
	rejects 2 "m2m-make: item 1: not JSON: ':' expected (byte 39)" \
		m2m-make pcid <<<'{"k" "00112233445566778899aabbccddeeff"}'
}

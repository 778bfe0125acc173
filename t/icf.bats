# SPDX-License-Identifier: Apache-2.0
# Initial connectivity: PCIDs made and loaded, vectors and subscriptions answered.
load helper
load trust

ro() {
	pcid-gen --plmn 001-01 --ro ro.example "$@"
}

# request [FILTER] - an av-request for the PCID of the world, changed by FILTER
request() {
	m2m-make attach-request <<<'{"identity":"001010000000001"}' |
		vno-request --plmn "$vno" | edit av-request "${1:-.}"
}

# one OPTION... - a ledger with one live PCID, loaded in good time
one() {
	ro --first 001010000000001 "$@" >pcid
	pcid-load --now 1000 --ledger ledger --apn a --destination b pcid
}

# --- pcid-gen ---

@test "pcid-gen counts up from the first" {
	ro --first 001010000000098 --count 3 >pcids
	[ "$(field .pcid pcids | tr '\n' ' ')" = "001010000000098 001010000000099 001010000000100 " ]
	[ "$(field '.k, .opc' pcids | sort -u | wc -l)" = 6 ]
}

@test "pcid-gen does not count past the last number" {
	rejects 2 "pcid-gen: --count: there are only 2 numbers from '001019999999998' on" \
		ro --first 001019999999998 --count 3
	rejects 2 "pcid-gen: pcid.pcid: does not start with the digits of its plmn" \
		ro --first 001020000000001
	rejects 2 "pcid-gen: --first: needs up to 15 digits, has '0010100000000001'" \
		ro --first 0010100000000001
	rejects 2 "pcid-gen: --first: needs up to 15 digits, has '00101x'" ro --first 00101x
	rejects 2 "pcid-gen: needs either --first or --ledger; see pcid-gen --help" ro
	rejects 2 "pcid-gen: needs either --first or --ledger; see pcid-gen --help" ro --first 00101 --ledger l
	rejects 2 "pcid-gen: --amf: needs 4 hex digits, has '80'" ro --first 001010000000001 --amf 80
	rejects 2 "pcid-gen: pcid.not_after: is before not_before" \
		ro --first 001010000000001 --not-before 2000 --not-after 1000
}

@test "pcid-gen takes numbers from a ledger once" {
	ro --ledger ledger --count 3 >first
	ro --ledger ledger --count 2 >second
	[ "$(cat first second | m2m-show --json | jq -r .pcid | sort -u | wc -l)" = 5 ]
	[ "$(field .pcid second | head -n 1)" = 001010000000004 ]
}

@test "pcid-gen says when a range is used up" {
	rejects 1 "pcid-gen: range 001-01 has fewer than 1000000000000 numbers left [used-up]" \
		ro --ledger ledger --count 1000000000000
	sqlite3 ledger "INSERT INTO range VALUES('001-01', 9999999999)"
	rejects 1 "pcid-gen: range 001-01 has fewer than 2 numbers left [used-up]" ro --ledger ledger --count 2
	[ "$(ro --ledger ledger | m2m-show --json | jq -r .pcid)" = 001019999999999 ]
	before=$(state ledger)
	rejects 1 "pcid-gen: range 001-01 has fewer than 1 numbers left [used-up]" ro --ledger ledger
	[ "$(state ledger)" = "$before" ]
}

# --- pcid-load ---

@test "pcid-load takes the same PCID again and changes nothing" {
	one
	before=$(state ledger)
	pcid-load --ledger ledger --dormant --apn other pcid
	[ "$(state ledger)" = "$before" ]
}

@test "pcid-load refuses other data for a PCID it knows" {
	one
	before=$(state ledger)
	ro --first 001010000000001 >other
	rejects 1 "pcid-load: item 1: 001010000000001 is in the ledger with other data [already-known]" \
		pcid-load --ledger ledger other
	for change in '.k = "00112233445566778899aabbccddeefe"' '.sqn = 64' '.ro = "other.example"' '.amf = "0000"'; do
		edit pcid "$change" <pcid >other
		rejects 1 "pcid-load: item 1: 001010000000001 is in the ledger with other data [already-known]" \
			pcid-load --ledger ledger other
	done
	[ "$(state ledger)" = "$before" ]
}

@test "pcid-load refuses an expired PCID, and loads the others" {
	ro --first 001010000000001 --not-after 1000 >old
	ro --first 001010000000002 >new
	rejects 1 "pcid-load: item 1: pcid.not_after: has passed [expired]" pcid-load --ledger ledger old new
	[ "$(sqlite3 ledger 'SELECT count(*) FROM identity')" = 0 ]
	rejects 1 "pcid-load: item 1: pcid.not_after: has passed [expired]" \
		pcid-load --now 1000 --keep-going --ledger ledger old new
	[ "$(sqlite3 ledger 'SELECT identity FROM identity')" = 001010000000002 ]
	pcid-load --now 999 --ledger ledger old
	[ "$(sqlite3 ledger 'SELECT count(*) FROM identity')" = 2 ]
}

@test "pcid-load keeps what came before a bad item" {
	ro --first 001010000000001 --count 2 >pcids
	cbor a1 >short
	run -2 --separate-stderr pcid-load --ledger ledger pcids short
	[ "$stderr" = "pcid-load: short: item 3: truncated after 1 bytes" ]
	[ "$(sqlite3 ledger 'SELECT count(*) FROM identity')" = 2 ]
}

@test "pcid-load takes no restriction that no subscription can carry" {
	ro --first 001010000000001 >pcid
	rejects 2 "pcid-load: --apn: needs 1 to 100 bytes, has 0" \
		pcid-load --ledger ledger --apn "" pcid
	rejects 2 "pcid-load: --destination: needs 1 to 255 bytes, has 256" \
		pcid-load --ledger ledger --destination "$(printf 'x%.0s' {1..256})" pcid
	rejects 2 "pcid-load: subscription.apns: needs 1 to 16 elements, has 17" \
		pcid-load --ledger ledger $(printf -- '--apn %s ' {1..17}) pcid
	[ ! -e ledger ]
}

@test "pcid-load takes PCIDs, and needs its ledger" {
	rejects 2 "pcid-load: --ledger is required; see pcid-load --help" pcid-load
	world
	rejects 2 "pcid-load: item 1: needs pcid/1, has av/1" pcid-load --ledger ledger 03-av
	rejects 3 "pcid-load: --ledger: '$PWD/m2me': needs a ledger, has another database" \
		pcid-load --ledger "$PWD/m2me" pcid
	echo "this is no database, though it is long enough to be one ........................................" >text
	rejects 3 "pcid-load: --ledger: 'text': file is not a database" pcid-load --ledger text pcid
	[ "$(ls text*)" = text ]
}

# --- av-answer ---

@test "av-answer knows no stranger" {
	one
	request '.identity = "001010000000002"' >r
	before=$(state ledger)
	rejects 1 "av-answer: item 1: 001010000000002 is not in the ledger [unknown-identity]" \
		av-answer --ledger ledger r
	[ "$(state ledger)" = "$before" ]
}

@test "av-answer gives nothing for a dormant PCID" {
	ro --first 001010000000001 | pcid-load --ledger ledger --dormant
	rejects 1 "av-answer: item 1: 001010000000001 is not activated [dormant]" \
		av-answer --ledger ledger <(request)
}

@test "av-answer keeps to the time of a PCID" {
	one --not-before 1000 --not-after 2000
	request >r
	before=$(state ledger)
	rejects 1 "av-answer: item 1: 001010000000001 is not valid yet [not-yet-valid]" \
		av-answer --now 999 --ledger ledger r
	rejects 1 "av-answer: item 1: 001010000000001 has expired [expired]" \
		av-answer --now 2000 --ledger ledger r
	[ "$(state ledger)" = "$before" ]
	av-answer --now 1000 --ledger ledger r >av
	[ "$(sqn pcid av)" = "1 0" ]
}

@test "av-answer gives the same request the same answer, even when the PCID has expired since" {
	one --not-after 2000
	request '.count = 5' >r
	av-answer --now 1999 --ledger ledger r >first
	before=$(state ledger)
	av-answer --now 1999 --ledger ledger r >again
	cmp first again
	av-answer --now 2000 --ledger ledger r >late
	cmp first late
	[ "$(state ledger)" = "$before" ]
}

@test "av-answer refuses a request number used for something else" {
	one
	request >r
	av-answer --ledger ledger r >av
	before=$(state ledger)
	for change in '.count = 2' '.plmn = "901-71"' \
		'.rand = "00112233445566778899aabbccddeeff" | .auts = "00112233445566778899aabbccdd"'; do
		edit av-request "$change" <r >other
		rejects 1 "av-answer: item 1: av-request.request: was answered for other content [request-reused]" \
			av-answer --ledger ledger other
	done
	ro --first 001010000000002 | pcid-load --ledger ledger
	edit av-request '.identity = "001010000000002"' <r >other
	rejects 1 "av-answer: item 1: av-request.request: was answered for other content [request-reused]" \
		av-answer --ledger ledger other
	sqlite3 ledger "DELETE FROM identity WHERE identity = '001010000000002'"
	[ "$(state ledger)" = "$before" ]
}

@test "av-answer counts on: no SQN twice, each network in an index of its own" {
	one
	for plmn in 901-70 901-71 901-70 901-72; do
		request ".plmn = \"$plmn\" | .count = 2" | av-answer --ledger ledger | sqn pcid - >>seqs
	done
	[ "$(tr '\n' ',' <seqs)" = "1 0,2 0,3 1,4 1,5 0,6 0,7 2,8 2," ]
}

@test "av-answer has 32 indices to give; then networks share" {
	one
	for i in $(seq 100 132); do
		request ".plmn = \"901-$i\"" | av-answer --ledger ledger | sqn pcid - >>seqs
	done
	[ "$(cut -d ' ' -f 2 seqs | tr '\n' ' ')" = "$(seq -s ' ' 0 31) 0 " ]
	[ "$(cut -d ' ' -f 1 seqs | tr '\n' ' ')" = "$(seq -s ' ' 1 33) " ]
}

@test "av-answer says when an identity has no SQN left" {
	one
	sqlite3 ledger "UPDATE identity SET seq = 8796093022206"
	request '.count = 2' >r
	before=$(state ledger)
	rejects 1 "av-answer: item 1: 001010000000001 has no sequence numbers left [sqn-exhausted]" \
		av-answer --ledger ledger r
	[ "$(state ledger)" = "$before" ]
	request | av-answer --ledger ledger >av
	rejects 1 "av-answer: item 1: 001010000000001 has no sequence numbers left [sqn-exhausted]" \
		av-answer --ledger ledger <(request)
}

@test "av-gen makes no vector past the last SQN" {
	ro --first 001010000000001 | edit pcid '.sqn = 281474976710655' >pcid
	rejects 1 "av-gen: item 1: sqn: has no room for as many vectors [sqn-exhausted]" av-gen --count 2 pcid
	av-gen pcid >av
	[ "$(sqn pcid av 2>&1)" = "sqn: av: item 2: no vector of this credential" ]	# the card refuses such a leap
}

@test "av-answer believes no AUTS that the card did not make" {
	one
	request '.rand = "00112233445566778899aabbccddeeff" | .auts = "00112233445566778899aabbccdd"' >r
	before=$(state ledger)
	rejects 1 "av-answer: item 1: av-request.auts: MAC-S does not fit (TS 33.102 6.3.5) [wrong-auts]" \
		av-answer --ledger ledger r
	[ "$(state ledger)" = "$before" ]
}

@test "av-answer does not go back to a genuine AUTS while the card would take what comes next" {
	world
	usim-auth --tre m2me 04-challenge 2>/dev/null >auts && return 1
	sqlite3 ro.ledger "UPDATE identity SET seq = 500"
	vno-request --plmn "$vno" <auts | av-answer --ledger ro.ledger | sqn pcid - >seqs
	[ "$(cat seqs)" = "501 0" ]
}

@test "av-answer goes beyond what the card has seen" {
	world
	amend m2me "UPDATE slot SET seq = 700, ind = 3 WHERE identity = '001010000000001'"
	usim-auth --tre m2me 04-challenge >response	# SEQ 1 is fresh in slot 0
	usim-auth --tre m2me 04-challenge 2>/dev/null >auts && return 1
	vno-request --plmn "$vno" <auts | av-answer --ledger ro.ledger | sqn pcid - >seqs
	[ "$(cat seqs)" = "701 0" ]
}

@test "av-answer wants requests" {
	world
	rejects 2 "av-answer: item 1: needs av-request/1, has attach-request/1" \
		av-answer --ledger ro.ledger 01-attach-request
	rejects 2 "av-answer: needs an object, has empty input" av-answer --ledger ro.ledger /dev/null
}

@test "av-answer says which identity is damaged, and gives nothing" {
	one
	sqlite3 ledger "UPDATE identity SET object = x'a0'"
	run -3 --separate-stderr av-answer --ledger ledger <(request)
	[ "$stderr" = "av-answer: item 1: ledger: 001010000000001: needs pcid/1 or mid/1, has an item of no known type" ]
	[ -z "$output" ]
}

# --- sub-answer ---

@test "sub-answer tells the state of an identity" {
	one --not-before 1000 --not-after 2000
	request >r
	for at in "999 dormant" "1000 live" "1999 live" "2000 expired"; do
		sub-answer --now "${at% *}" --ledger ledger r >s
		[ "$(field '.state, .not_after, .apns[], .destinations[]' s | tr '\n' ' ')" = "${at#* } 2000 a b " ]
	done
	sqlite3 ledger "UPDATE identity SET state = 'dormant'"
	[ "$(sub-answer --now 1500 --ledger ledger r | m2m-show --json | jq -r .state)" = dormant ]
}

@test "sub-answer knows no stranger and wants a question" {
	one
	rejects 1 "sub-answer: item 1: 001010000000002 is not in the ledger [unknown-identity]" \
		sub-answer --ledger ledger <(request '.identity = "001010000000002"')
	rejects 2 "sub-answer: item 1: needs attach-request/1 or av-request/1, has pcid/1" \
		sub-answer --ledger ledger pcid
}

@test "sub-answer changes nothing" {
	one
	before=$(state ledger)
	sub-answer --ledger ledger <(request) >first
	sub-answer --ledger ledger <(request) >second
	cmp first second
	[ "$(state ledger)" = "$before" ]
}

# SPDX-License-Identifier: Apache-2.0
# Sequence numbers: what a card accepts (TS 33.102 C.2), and what an authentication centre may give.
load helper

pcid=001010000000001
k=00112233445566778899aabbccddee00

# credential OPTIONS [ALGORITHM] - a pcid with these options; XOR shows its SQN to who knows K
credential() {
	jq -nc --argjson o "$1" --arg a "${2:-milenage}" --arg k $k '{pcid: "001010000000001",
		plmn: "001-01", ro: "ro.example", algorithm: $a, k: $k, amf: "0000", sqn: 0} +
		if $a == "milenage" then {opc: ("5a" * 16)} else {} end +
		if $o == {} then {} else {options: $o} end' | m2m-make pcid >pcid
	ind_bits=$(jq -n "$1 | .ind_bits // 5")
}

# card OPTIONS [ALGORITHM] - a TRE with that credential
card() {
	credential "$@"
	rm -f m2me*
	tre-init --tre m2me --serial M2ME-0001
	tre-load --tre m2me <pcid
}

# challenge SEQ IND
challenge() {
	edit pcid ".sqn = $(($1 << ind_bits | $2))" <pcid | av-gen | vno-challenge
}

# fresh SEQ IND, stale SEQ IND - what the card says to a challenge with this SQN
fresh() {
	challenge "$1" "$2" | usim-auth --tre m2me | m2m-show --json | jq -e .res >/dev/null
}

stale() {
	challenge "$1" "$2" >challenge
	run -1 --separate-stderr bash -c 'usim-auth --tre m2me challenge >response'
	[ "$stderr" = "usim-auth: item 1: challenge.autn: SQN is not fresh (TS 33.102 6.3.3) [sync-failure]" ]
}

# slots - "IND SEQ" of all that the card has accepted
slots() {
	sqlite3 -separator ' ' m2me "SELECT ind, seq FROM slot ORDER BY ind"
}

# --- the card -------------------------------------------------------------------------

@test "a SEQ must lie above the last of its own index (C.2.2)" {
	card '{}'
	stale 0 0
	stale 0 31
	fresh 5 0
	stale 5 0
	stale 4 0
	fresh 5 3
	fresh 1 31
	stale 1 31
	fresh 6 0
	diff <(slots) <(printf '%s\n' '0 6' '3 5' '31 1')
}

@test "a SEQ may lie delta above the highest, and no more (C.2.1)" {
	card '{"delta": 10}'
	stale 11 0
	fresh 10 0
	stale 21 7
	fresh 20 7
	# the highest counts, in whichever index
	stale 31 0
	fresh 30 0
	diff <(slots) <(printf '%s\n' '0 30' '7 20')
}

@test "delta is 2^28 where the credential does not say" {
	card '{}'
	stale 268435457 0
	fresh 268435456 0
	stale 536870913 1
	fresh 536870912 1
}

@test "a SEQ may lie less than the age limit below the highest (C.2.1)" {
	card '{"age_limit": 10}'
	fresh 100 0
	stale 90 1
	fresh 91 1
	fresh 100 2
	stale 91 1
	card '{"age_limit": 1}'
	fresh 100 0
	stale 99 1
	fresh 100 1
}

@test "without an age limit any age will do" {
	card '{}'
	fresh 268435456 0
	fresh 1 1
}

@test "IND may have 1 to 8 bits" {
	for bits in 1 3 8; do
		card "{\"ind_bits\": $bits}"
		last=$(((1 << bits) - 1))
		fresh 7 0
		fresh 2 $last
		stale 2 $last
		fresh 3 $last
		[ "$(slots | tail -n 1)" = "$last 3" ]
	done
}

@test "a wrong MAC moves nothing, and is told before the SQN is looked at" {
	card '{}'
	fresh 5 0
	for seq in 5 6; do
		challenge $seq 0 | edit challenge '.autn |= .[:30] + (if .[30:] == "00" then "01" else "00" end)' >forged
		run -1 --separate-stderr bash -c 'usim-auth --tre m2me forged >response'
		[ "$stderr" = "usim-auth: item 1: challenge.autn: MAC is wrong (TS 33.102 6.3.3) [mac-failure]" ]
		[ "$(m2m-show --json response | jq -r .failure)" = mac-failure ]
	done
	[ "$(slots)" = "0 5" ]
	fresh 6 0
}

@test "AUTS tells the highest SEQ with its index, the lowest of equals" {
	card '{}' xor
	fresh 9 4
	fresh 9 2
	fresh 3 0
	stale 0 0
	# XOR: AK is bytes 3 to 8 of K xor RAND
	rand=$(m2m-show --json response | jq -r .rand)
	auts=$(m2m-show --json response | jq -r .auts)
	[ $((16#${auts:0:12} ^ 16#${k:6:12} ^ 16#${rand:6:12})) -eq $((9 << 5 | 2)) ]
}

# --- the authentication centre ------------------------------------------------------------

# centre OPTIONS - a ledger with that credential, XOR
centre() {
	credential "$1" xor
	rm -f ro.ledger*
	pcid-load --ledger ro.ledger --allow-test-keys pcid
	jq -nc "{identity: \"$pcid\"}" | m2m-make attach-request >attach
}

# given - "SEQ IND" of the vectors on stdin
given() {
	m2m-show --json | jq -r '.rand[6:18] + " " + .autn[:12]' | while read -r rand autn; do
		sqn=$((16#$autn ^ 16#${k:6:12} ^ 16#$rand))
		echo "$((sqn >> ind_bits)) $((sqn & ((1 << ind_bits) - 1)))"
	done
}

# ask [PLMN [COUNT]] - what is given to a network that asks
ask() {
	vno-request --plmn "${1:-901-70}" --count "${2:-1}" attach | av-answer --ledger ro.ledger | given
}

@test "each network counts in an index of its own, and indices are shared when there are no more" {
	for bits in 5 2; do
		centre "{\"ind_bits\": $bits}"
		n=$((1 << bits))
		for i in $(seq 0 $((n + 1))); do
			ask "001-$((i + 10))"
		done >inds
		diff inds <(for i in $(seq 0 $((n + 1))); do echo "$((i + 1)) $((i % n))"; done)
		# a network that comes again finds its own
		[ "$(ask 001-11 2 | tail -n 1)" = "$((n + 4)) 1" ]
	done
}

# stands SEQ IND - the card has seen it, and nothing else
stands() {
	amend m2me "DELETE FROM slot; INSERT INTO slot VALUES('$pcid', $2, $1)"
}

# counted [SEQ] - what the ledger counts from; set to SEQ first, as whoever loads a wrong copy does
counted() {
	[ $# -eq 0 ] || sqlite3 ro.ledger "UPDATE identity SET seq = $1"
	sqlite3 ro.ledger "SELECT seq FROM identity"
}

# resync SEQ [COUNT] - what is given when the card has seen SEQ and says so
resync() {
	stands "$1" 0
	stale 0 0
	vno-request --plmn 901-70 --count "${2:-1}" response | av-answer --ledger ro.ledger >av
	given <av
}

# refused, taken - what the card makes of the next vector that the ledger gives
refused() {
	vno-request --plmn 901-70 attach | av-answer --ledger ro.ledger | vno-challenge >challenge
	run -1 --separate-stderr bash -c 'usim-auth --tre m2me challenge >response'
	[[ $stderr == *"[sync-failure]" ]]
}
taken() {
	vno-request --plmn 901-70 attach | av-answer --ledger ro.ledger | vno-challenge |
		usim-auth --tre m2me | m2m-show --json | jq -e .res >/dev/null
}

@test "a genuine AUTS raises what is counted, and lowers nothing that the card would take" {
	card '{}' xor
	centre '{}'
	[ "$(ask)" = "1 0" ]
	[ "$(resync 500)" = "501 0" ]
	[ "$(resync 500)" = "502 0" ]
	[ "$(resync 20)" = "503 0" ]
	[ "$(resync 503)" = "504 0" ]
	[ "$(resync 504)" = "505 0" ]
	[ "$(ask)" = "506 0" ]
}

@test "what is counted goes back to a genuine AUTS when the card would refuse the next number (6.3.5)" {
	card '{"delta": 10}' xor
	centre '{"delta": 10}'
	# the next is delta above the card's, then one more than that
	counted $((20 + 9))
	[ "$(resync 20)" = "30 0" ]
	vno-challenge av | usim-auth --tre m2me >/dev/null
	counted $((20 + 10))
	[ "$(resync 20)" = "21 0" ]
	vno-challenge av | usim-auth --tre m2me >/dev/null
	taken
	[ "$(slots)" = "0 22" ]
	# a card that has seen nothing, and one near the end
	counted 500
	[ "$(resync 0)" = "1 0" ]
	counted 8796093022207
	[ "$(resync 8796093022000)" = "8796093022001 0" ]
}

@test "a card that is out of reach is back after one AUTS, for all that was asked" {
	card '{}' xor
	centre '{}'
	stands 77 3
	for seq in $((77 + 268435456)) 8000000000000; do
		counted $seq
		refused
		refused
		vno-request --plmn 901-70 --count 5 response >request
		av-answer --ledger ro.ledger request >av
		[ "$(vno-challenge av | usim-auth --tre m2me | m2m-show --json | jq -r 'has("res")' | uniq -c)" = "      5 true" ]
		# asked again, whatever was given since
		taken
		before=$(counted)
		av-answer --ledger ro.ledger request | cmp - av
		[ "$(counted)" = "$before" ]
	done
	counted $((2 + $(slots | cut -d ' ' -f 2 | sort -n | tail -n 1)))
	taken
}

@test "a first number out of the card's reach costs one AUTS and locks nobody out" {
	card '{}' xor
	centre '{}'
	edit pcid ".sqn = $((268435457 << 5))" <pcid >far
	rm -f ro.ledger
	pcid-load --ledger ro.ledger --allow-test-keys far
	refused
	[ "$(vno-request --plmn 901-70 response | av-answer --ledger ro.ledger | tee av | given)" = "1 0" ]
	vno-challenge av | usim-auth --tre m2me >/dev/null
	taken
}

@test "nothing but a genuine AUTS lowers what is counted" {
	card '{"delta": 10}' xor
	centre '{"delta": 10}'
	counted 500
	refused
	before=$(sqlite3 ro.ledger "SELECT hex(object), seq FROM identity; SELECT * FROM node")
	for change in '.auts |= .[:26] + (if .[26:] == "00" then "01" else "00" end)' \
		'.auts |= (if .[:2] == "00" then "01" else "00" end) + .[2:]' '.rand |= .[2:] + .[:2]'; do
		vno-request --plmn 901-70 response | edit av-request "$change" >request
		rejects 1 'av-answer: item 1: av-request.auts: MAC-S does not fit (TS 33.102 6.3.5) [wrong-auts]' \
			av-answer --ledger ro.ledger request
	done
	# the AUTS of another card
	edit pcid '.pcid = "001010000000002" | .k |= "01" + .[2:]' <pcid | pcid-load --ledger ro.ledger --allow-test-keys
	vno-request --plmn 901-70 response | edit av-request '.identity = "001010000000002"' >request
	rejects 1 'av-answer: item 1: av-request.auts: MAC-S does not fit (TS 33.102 6.3.5) [wrong-auts]' \
		av-answer --ledger ro.ledger request
	sqlite3 ro.ledger "DELETE FROM identity WHERE identity = '001010000000002'"
	pcid-load --ledger ro.ledger --allow-test-keys pcid
	sub-set --ledger ro.ledger --state dormant $pcid
	sub-set --ledger ro.ledger --state live $pcid
	[ "$(sqlite3 ro.ledger "SELECT hex(object), seq FROM identity; SELECT * FROM node")" = "$before" ]
	[ "$(ask)" = "502 0" ]
}

@test "an AUTS lowers what is counted once: sent again, it is old" {
	card '{"delta": 10}' xor
	centre '{"delta": 10}'
	again() {
		vno-request --plmn "$1" response | av-answer --ledger ro.ledger | given
	}
	# one that lowered, whichever network sends it again
	counted 500
	[ "$(resync 20)" = "21 0" ]
	vno-challenge av | usim-auth --tre m2me >/dev/null
	for _ in $(seq 12); do taken; done
	[ "$(again 901-70)" = "34 0" ]
	[ "$(again 901-71)" = "35 1" ]
	# one that the card would have followed without
	[ "$(resync 35)" = "36 0" ]
	counted 500
	[ "$(again 901-70)" = "501 0" ]
	# the card is heard, though it has seen no more
	[ "$(resync 35)" = "36 0" ]
}

@test "a forged AUTS changes nothing" {
	card '{}' xor
	centre '{}'
	amend m2me "INSERT INTO slot VALUES('$pcid', 0, 500)"
	stale 0 0
	vno-request --plmn 901-70 response | edit av-request '.auts |= .[:26] +
		(if .[26:] == "00" then "01" else "00" end)' >request
	rejects 1 'av-answer: item 1: av-request.auts: MAC-S does not fit (TS 33.102 6.3.5) [wrong-auts]' \
		av-answer --ledger ro.ledger request
	[ "$(ask)" = "1 0" ]
}

@test "loading again never lowers what is counted" {
	centre '{}'
	[ "$(ask 901-70 5 | tail -n 1)" = "5 0" ]
	pcid-load --ledger ro.ledger --allow-test-keys pcid
	[ "$(ask)" = "6 0" ]
	edit pcid '.sqn = 32' <pcid >other
	rejects 1 "pcid-load: item 1: $pcid is in the ledger with other data [already-known]" \
		pcid-load --ledger ro.ledger --allow-test-keys other
	[ "$(ask)" = "7 0" ]
}

@test "counting begins where the credential says, in its own length of IND" {
	credential '{"ind_bits": 3}' xor
	edit pcid '.sqn = 800' <pcid >later
	rm -f ro.ledger
	pcid-load --ledger ro.ledger --allow-test-keys later
	jq -nc "{identity: \"$pcid\"}" | m2m-make attach-request >attach
	[ "$(ask)" = "100 0" ]
}

@test "the last sequence number is given, and then none" {
	for bits in 5 8; do
		centre "{\"ind_bits\": $bits}"
		last=$(((1 << (48 - bits)) - 1))
		sqlite3 ro.ledger "UPDATE identity SET seq = $last - 1"
		vno-request --plmn 901-70 --count 2 attach >two
		rejects 1 "av-answer: item 1: $pcid has no sequence numbers left [sqn-exhausted]" \
			av-answer --ledger ro.ledger two
		[ "$(ask)" = "$last 0" ]
		vno-request --plmn 901-70 attach >one
		rejects 1 "av-answer: item 1: $pcid has no sequence numbers left [sqn-exhausted]" \
			av-answer --ledger ro.ledger one
	done
	edit pcid '.sqn = 281474976710655' <pcid >end
	rejects 1 'av-gen: item 1: sqn: has no room for as many vectors [sqn-exhausted]' av-gen --count 2 end
}

# --- many at once ---------------------------------------------------------------------------

# storm PROCESSES REQUESTS - so many av-answers on one ledger at the same time, for 4 identities and
# 4 networks; what each gives is in given.1, given.2, ... as "IDENTITY RAND AUTN" in its order
storm() {
	for i in 1 2 3 4; do
		edit pcid ".pcid = \"00101000000000$i\"" <pcid
	done | pcid-load --ledger ro.ledger --allow-test-keys
	for p in $(seq "$1"); do
		jq -nc --argjson p "$p" --argjson n "$2" 'range($n) | {
			identity: "00101000000000\(. % 4 + 1)", kind: "umts", count: (. % 3 + 1),
			plmn: "901-7\(($p + (. / 4 | floor)) % 4)",
			request: ("00000000\($p)"[-8:] + "00000000\(.)"[-8:] + "00" * 8)}' |
			m2m-make av-request >requests.$p
	done
	pids=
	for p in $(seq "$1"); do
		av-answer --ledger ro.ledger requests.$p >answers.$p &
		pids="$pids $!"
	done
}

# orderly - no SQN comes twice to an identity, and no process sees one decrease in its slot
orderly() {
	for f in answers.*; do
		m2m-show --json --keep-going $f 2>/dev/null |
			jq -r --arg f $f '$f + " " + .identity + " " + .rand[6:18] + " " + .autn[:12]'
	done >given
	perl -ane '
		$sqn = hex($F[3]) ^ hex("'${k:6:12}'") ^ hex($F[2]);
		($seq, $ind) = ($sqn >> 5, $sqn & 31);
		print "$F[1]: $sqn twice\n" if $seen{$F[1], $seq}++;
		print "$F[0]: $F[1]: $seq after $last{$F[0], $F[1], $ind}\n"
			if $seq <= ($last{$F[0], $F[1], $ind} // 0);
		$last{$F[0], $F[1], $ind} = $seq;
	' given | head | none
}

@test "16 processes on one ledger never repeat or lower a SEQ" {
	each=$(slow 1000 10000)
	given=$((16 * (2 * each - 1)))	# a third of the requests asks for one, two and three
	credential '{}' xor
	storm 16 "$each"
	for pid in $pids; do
		wait $pid
	done
	orderly
	[ "$(wc -l <given)" -eq $given ]
	[ "$(sqlite3 ro.ledger 'SELECT sum(seq) FROM identity')" -eq $given ]
	# and all of it, asked again, is the same
	av-answer --ledger ro.ledger requests.7 | cmp - answers.7
	[ "$(sqlite3 ro.ledger 'SELECT sum(seq) FROM identity')" -eq $given ]
}

@test "who is killed loses numbers, and nobody reuses them" {
	credential '{}' xor
	storm 3 10000
	for pid in $pids; do
		sleep 0.07
		kill -9 $pid 2>/dev/null || true
		wait $pid || true
	done
	for p in 1 2 3; do
		mv answers.$p answers.killed.$p
		edit av-request '.request |= "ff" + .[2:]' <requests.$p | av-answer --ledger ro.ledger >answers.$p
	done
	orderly
	[ "$(wc -l <given)" -ge $((3 * 19999)) ]
	# what was asked is answered, also what was answered before the kill
	for p in 1 2 3; do
		av-answer --ledger ro.ledger requests.$p >again
		cmp -n "$(stat -c %s answers.killed.$p)" again answers.killed.$p
	done
}

# SPDX-License-Identifier: Apache-2.0
# Sequence numbers: the card's checks (3GPP TS 33.102 6.3.3, C.2) and resynchronisation (6.3.5).
load helper

table=$BATS_TEST_DIRNAME/vectors/sqn
pcid=001010000000001

credential() { # the pcid object with the table's key
	read -r _ _ k _ opc <<<"$(grep '^# K ' "$table")"
	printf '{"pcid":"%s","plmn":"001-01","algorithm":"milenage","k":"%s","opc":"%s","amf":"8000",' \
		$pcid "$k" "$opc"
	printf '"sqn":32,"ro":"ro.example"}'
}

card() { # NAME - a fresh TRE with that PCID
	tre-init --tre "$1" --serial "$1"
	credential | m2m-make pcid | tre-load --tre "$1"
}

slots() { # TRE - what its card holds, IND:SEQ,...
	sqlite3 "$1" "SELECT group_concat(ind || ':' || seq) FROM (SELECT * FROM slot ORDER BY ind)"
}

challenge() { # RAND AUTN
	m2m-make challenge <<<"{\"identity\":\"$pcid\",\"rand\":\"$1\",\"autn\":\"$2\"}"
}

scenario() { # NAME - its steps
	grep "^$1 [0-9a-f]" "$table"
}

says() { # ANSWER - what usim-auth writes to standard error of it
	case $1 in
	auts) echo "usim-auth: item 1: challenge.autn: SQN is not fresh (TS 33.102 6.3.3) [sync-failure]" ;;
	mac-failure) echo "usim-auth: item 1: challenge.autn: MAC is wrong (TS 33.102 6.3.3) [mac-failure]" ;;
	esac
}

# The steps one by one: the answer, its status and its message; a refusal leaves the card as it was.
plays() {
	local steps=0
	card "$1"
	while read -r _ sqn rand autn answer value; do
		before=$(slots "$1")
		challenge "$rand" "$autn" | usim-auth --tre "$1" >response 2>message && status=0 || status=$?
		diff <(says "$answer") message
		[ $status -eq $([ "$answer" = res ] && echo 0 || echo 1) ]
		m2m-show --json response | jq -r "\"$sqn \" + (.res // .auts // .failure)" |
			diff <(echo "$sqn ${value/#-/$answer}") -
		[ "$(m2m-show --json response | jq -r .rand)" = "$rand" ]
		[ "$answer" = res ] || [ "$(slots "$1")" = "$before" ]
		steps=$((steps + 1))
	done < <(scenario "$1")
	[ $steps -ge 3 ]
	[ "$1 = $(slots "$1")" = "$(grep "^$1 = " "$table")" ]
}

@test "a card takes rising numbers and refuses a replay with AUTS" {
	plays replay
}

@test "a fresh card refuses SEQ 0 in every slot" {
	plays fresh-card
}

@test "each slot counts alone: an older number is fresh in another slot" {
	plays slots
}

@test "AUTS tells the highest number, on a tie the lowest slot's" {
	plays tie
}

@test "a jump of more than delta is refused" {
	plays delta
}

@test "a jump of exactly delta is taken, one more is not, whatever the slot" {
	plays delta-edge
}

@test "the last SEQ of all is out of reach" {
	plays last
}

@test "a wrong MAC leaves the card as it was" {
	plays mac-failure
}

@test "the MAC comes before freshness: stale, far and fresh numbers alike" {
	plays mac-first
}

@test "all steps in one stream: refusals are objects in their places, and the status tells" {
	card one
	scenario mac-first | while read -r _ _ rand autn _; do challenge "$rand" "$autn"; done >challenges
	run -1 bash -c "usim-auth --tre one --keep-going <challenges 2>/dev/null | m2m-show --json |
		jq -r '.res // .auts // .failure'; exit \${PIPESTATUS[0]}"
	[ "$output" = "$(scenario mac-first | while read -r _ _ _ _ answer value; do
		echo "${value/#-/$answer}"; done)" ]
	[ "mac-first = $(slots one)" = "$(grep '^mac-first = ' "$table")" ]
}

@test "without --keep-going the first refusal is the last answer" {
	card one
	scenario mac-first | while read -r _ _ rand autn _; do challenge "$rand" "$autn"; done >challenges
	run -1 --separate-stderr bash -c 'usim-auth --tre one <challenges | m2m-show --json | jq -r ".res // .failure"
		exit ${PIPESTATUS[0]}'
	[ "$output" = "$(scenario mac-first | awk 'NR == 1 { print $6 }')
mac-failure" ]
	[ "$stderr" = "usim-auth: item 2: challenge.autn: MAC is wrong (TS 33.102 6.3.3) [mac-failure]" ]
}

# --- resynchronisation ---------------------------------------------------------

ledger() { # a registration operator's ledger with that PCID
	credential | m2m-make pcid | pcid-load --ledger ro --allow-test-keys
}

ask() { # PLMN [COUNT] - vectors from the ledger
	m2m-make attach-request <<<"{\"identity\":\"$pcid\"}" | vno-request --plmn "$1" --count "${2:-1}" |
		av-answer --ledger ro
}

seq_he() {
	sqlite3 ro "SELECT seq FROM identity WHERE identity = '$pcid'"
}

# A ledger restored from a copy that is older than the card: the next vector is not fresh.
behind() {
	card m2me
	ledger
	cp ro restored
	for _ in 1 2 3; do
		ask 901-70 | vno-challenge | usim-auth --tre m2me >/dev/null
	done
	[ "$(slots m2me)" = 0:3 ]
	mv restored ro
	rm -f ro-wal ro-shm
	ask 901-70 >av
	vno-challenge av | usim-auth --tre m2me >response 2>/dev/null && return 1
	vno-request --plmn 901-70 response >av-request
}

@test "resynchronisation ends in a success" {
	behind
	[ "$(m2m-show --json av-request | jq -r .rand)" = "$(m2m-show --json av | jq -r .rand)" ]
	av-answer --ledger ro av-request | vno-challenge | usim-auth --tre m2me | m2m-show --json |
		jq -e 'has("res")'
	[ "$(slots m2me)" = 0:4 ]
	[ "$(seq_he)" = 4 ]
}

@test "the same resynchronisation again gets the same vector, and no number is used up" {
	behind
	av-answer --ledger ro av-request >first
	av-answer --ledger ro av-request | cmp - first
	[ "$(seq_he)" = 4 ]
}

@test "a resynchronisation may ask for several vectors; all are fresh" {
	behind
	vno-request --plmn 901-70 --count 5 response | av-answer --ledger ro | vno-challenge |
		usim-auth --tre m2me | m2m-show --json | jq -r 'has("res")' >answers
	[ "$(uniq -c answers)" = "      5 true" ]
}

@test "an AUTS with a wrong MAC-S, a changed SQN or of another RAND is refused and moves nothing" {
	behind
	before=$(seq_he)
	for change in '.auts = (.auts[:-1] + "ef"[(.auts[-1:] | if . == "f" then 0 else 1 end):][:1])' \
		'.auts = (.auts[:1] + "ef"[(.auts[1:2] | if . == "f" then 0 else 1 end):][:1] + .auts[2:])' \
		'.rand = "00112233445566778899aabbccddeeff"'; do
		edit av-request "$change" <av-request >changed
		cmp changed av-request && return 1
		rejects 1 "av-answer: item 1: av-request.auts: MAC-S does not fit (TS 33.102 6.3.5) [wrong-auts]" \
			av-answer --ledger ro changed
		[ "$(seq_he)" = "$before" ]
	done
	av-answer --ledger ro av-request | vno-challenge | usim-auth --tre m2me >/dev/null	# the true one still serves
}

@test "a card's AUTS does not take back numbers that are in its reach" {
	card used
	card fresh
	ledger
	ask 901-70 20 | vno-challenge | usim-auth --tre used >/dev/null
	[ "$(seq_he)" = 20 ]
	challenge $(scenario fresh-card | awk 'NR == 1 { print $3, $4 }') |	# SQN 0, from the operator's key
		usim-auth --tre fresh >response 2>/dev/null && return 1
	vno-request --plmn 901-70 response | av-answer --ledger ro | vno-challenge >challenge
	[ "$(seq_he)" = 21 ]
	usim-auth --tre used challenge | m2m-show --json | jq -e 'has("res")'
	usim-auth --tre fresh challenge | m2m-show --json | jq -e 'has("res")'
}

@test "two networks in turn never disturb each other: each counts in a slot of its own" {
	card m2me
	ledger
	for plmn in 901-70 001-02; do ask $plmn 2 | vno-challenge >challenges.$plmn; done
	usim-auth --tre m2me challenges.001-02 challenges.901-70 | m2m-show --json | jq -r 'has("res")' >answers
	[ "$(uniq -c answers)" = "      4 true" ]
	[ "$(slots m2me)" = 0:2,1:4 ]
}

@test "vectors of one request are used in their order, or not at all" {
	card m2me
	ledger
	ask 901-70 2 | vno-challenge | m2m-show --json >challenges
	tac challenges | m2m-make challenge | usim-auth --tre m2me --keep-going 2>/dev/null >responses || [ $? -eq 1 ]
	[ "$(m2m-show --json responses | jq -r 'keys[] | select(. == "res" or . == "auts")')" = "res
auts" ]
}

# SPDX-License-Identifier: Apache-2.0
# Attaching: what the visited network and the card refuse.
load helper
load trust

check() {
	vno-check --plmn "$vno" 03-av 03-subscription "$@"
}

# --- vno-request ---

@test "vno-request wants an attach-request or a response with AUTS" {
	world
	rejects 2 "vno-request: item 1: needs attach-request/1 or auth-response/1, has av/1" \
		vno-request --plmn "$vno" 03-av
	rejects 2 "vno-request: item 1: auth-response.auts: is missing: nothing to resynchronise" \
		vno-request --plmn "$vno" 04-auth-response
}

@test "vno-request knows a PLMN when it sees one" {
	rejects 2 "vno-request: --plmn: needs MCC-MNC such as 001-01" vno-request --plmn 90170
	rejects 2 "vno-request: --plmn: needs MCC-MNC such as 001-01" vno-request --plmn 901-7
	rejects 2 "vno-request: --plmn: needs MCC-MNC such as 001-01" vno-request --plmn 901-7a
	rejects 2 "vno-request: --plmn is required; see vno-request --help" vno-request
}

@test "vno-request asks for 1 to 32 vectors" {
	for n in 0 33 -1 1x ""; do
		rejects 2 "vno-request: --count: needs a number from 1 to 32, has '$n'" \
			vno-request --plmn "$vno" --count "$n"
	done
}

@test "vno-request draws a new number for each request" {
	world
	cat 01-attach-request 01-attach-request | vno-request --plmn "$vno" >both
	[ "$(field .request both | sort -u | wc -l)" = 2 ]
}

@test "vno-request passes AUTS on with the challenge it answers" {
	world
	run -1 --separate-stderr usim-auth --tre m2me 04-challenge
	usim-auth --tre m2me 04-challenge 2>/dev/null >again || true
	vno-request --plmn "$vno" <again >resync
	[ "$(field .auts resync)" = "$(field .auts again)" ]
	[ "$(field .rand resync)" = "$(field .rand 04-challenge)" ]
}

# --- vno-challenge ---

@test "vno-challenge wants vectors and gives no secret away" {
	world
	rejects 2 "vno-challenge: item 1: needs av/1, has challenge/1" vno-challenge 04-challenge
	[ "$(field keys[] 04-challenge | tr '\n' ' ')" = "autn identity rand type " ]
}

# --- vno-check ---

@test "vno-check refuses a response by another identity" {
	world
	edit auth-response '.identity = "001010000000002"' <04-auth-response >other
	rejects 1 "vno-check: item 3: auth-response.identity: is not the vector's [other-identity]" check other
}

@test "vno-check refuses a response to another challenge" {
	world
	edit auth-response '.rand = "00112233445566778899aabbccddeeff"' <04-auth-response >other
	rejects 1 "vno-check: item 3: auth-response.rand: is not the vector's [other-challenge]" check other
}

@test "vno-check refuses a wrong response" {
	world
	edit auth-response '.res = "0011223344556677"' <04-auth-response >other
	rejects 1 "vno-check: item 3: auth-response.res: is not what was expected [wrong-response]" check other
	edit auth-response '.res |= .[:8]' <04-auth-response >short
	rejects 1 "vno-check: item 3: auth-response.res: is not what was expected [wrong-response]" check short
}

@test "vno-check tells why the card refused" {
	world
	edit auth-response 'del(.res) | .failure = "mac-failure"' <04-auth-response >mac
	rejects 1 "vno-check: item 3: auth-response.failure: the card refused the network [mac-failure]" check mac
	edit auth-response 'del(.res) | .auts = "00112233445566778899aabbccdd"' <04-auth-response >sync
	rejects 1 "vno-check: item 3: auth-response.auts: resynchronise with vno-request (TS 33.102 6.3.5) [sync-failure]" \
		check sync
}

@test "vno-check refuses the subscription of another identity" {
	world
	edit subscription '.identity = "001010000000002"' <03-subscription >other
	rejects 1 "vno-check: item 3: subscription.identity: is not the vector's [other-identity]" \
		vno-check --plmn "$vno" 03-av other 04-auth-response
}

@test "vno-check grants nothing to a subscription that is not live" {
	world
	for state in dormant expired; do
		edit subscription ".state = \"$state\"" <03-subscription >other
		rejects 1 "vno-check: item 3: subscription.state: is $state [$state]" \
			vno-check --plmn "$vno" 03-av other 04-auth-response
	done
	edit subscription '.not_after = 1000' <03-subscription >other
	rejects 1 "vno-check: item 3: subscription.not_after: has passed [expired]" \
		vno-check --plmn "$vno" 03-av other 04-auth-response
	rejects 1 "vno-check: item 3: subscription.not_after: has passed [expired]" \
		vno-check --now 1000 --plmn "$vno" 03-av other 04-auth-response
	vno-check --now 999 --plmn "$vno" 03-av other 04-auth-response >grant
	[ "$(field .not_after grant)" = 1000 ]
}

@test "vno-check grants what the subscription allows and no more" {
	world
	edit subscription 'del(.apns, .destinations)' <03-subscription >other
	vno-check --plmn "$vno" 03-av other 04-auth-response >grant
	[ "$(field keys[] grant | tr '\n' ' ')" = "identity plmn type " ]
	check 04-auth-response >grant
	[ "$(field '.apns, .destinations' grant | jq -c .)" = '["m2m.ro.example"]
["ro.example"]' ]
}

@test "vno-check takes a vector once, whatever came of it" {
	world
	edit auth-response '.res = "0011223344556677"' <04-auth-response >guess
	run -2 --separate-stderr vno-check --keep-going --plmn "$vno" \
		03-av 03-subscription guess 04-auth-response
	[ -z "$output" ]
	[ "$stderr" = "vno-check: guess: item 3: auth-response.res: is not what was expected [wrong-response]
vno-check: 04-auth-response: item 4: needs an av and a subscription before the auth-response" ]
}

@test "vno-check wants vector and subscription first, and a response" {
	world
	for before in 03-av 03-subscription; do
		rejects 2 "vno-check: item 2: needs an av and a subscription before the auth-response" \
			vno-check --plmn "$vno" "$before" 04-auth-response
	done
	rejects 2 "vno-check: ends before its auth-response/1" vno-check --plmn "$vno" 03-av 03-subscription
	rejects 2 "vno-check: item 1: needs av/1, subscription/1 or auth-response/1, has challenge/1" \
		vno-check --plmn "$vno" 04-challenge
}

# --- usim-auth ---

@test "usim-auth answers for no identity but its own" {
	world
	edit challenge '.identity = "001010000000002"' <04-challenge >other
	rejects 1 "usim-auth: item 1: the TRE holds no 001010000000002 [unknown-identity]" \
		usim-auth --tre m2me other
}

@test "usim-auth refuses a network that does not know K" {
	world
	edit challenge '.rand = "00112233445566778899aabbccddeeff"' <15-challenge >other
	before=$(state m2me)
	usim-auth --tre m2me other >answer 2>said && return 1
	[ "$(cat said)" = "usim-auth: item 1: challenge.autn: MAC is wrong (TS 33.102 6.3.3) [mac-failure]" ]
	[ "$(field 'del(.type) | to_entries[] | "\(.key) \(.value)"' answer)" = "identity 001020000000001
rand 00112233445566778899aabbccddeeff
failure mac-failure" ]
	[ "$(state m2me)" = "$before" ]
}

@test "usim-auth answers a challenge once, then asks to resynchronise" {
	world
	before=$(state m2me)
	for i in 1 2; do
		run -1 --separate-stderr usim-auth --tre m2me 15-challenge
		[ "$stderr" = "usim-auth: item 1: challenge.autn: SQN is not fresh (TS 33.102 6.3.3) [sync-failure]" ]
	done
	[ "$(state m2me)" = "$before" ]
}

@test "usim-auth and av-answer find together again by AUTS" {
	world
	sqlite3 ro.ledger "UPDATE identity SET seq = 0; DELETE FROM answered"
	vno-request --plmn "$vno" <01-attach-request | av-answer --ledger ro.ledger | vno-challenge >challenge
	usim-auth --tre m2me challenge >response 2>/dev/null && return 1
	vno-request --plmn "$vno" <response | av-answer --ledger ro.ledger | vno-challenge >challenge
	usim-auth --tre m2me challenge >response
	[ "$(field .res response)" != null ]
}

@test "usim-auth does not use an application before or after its time" {
	world
	amend m2me "UPDATE application SET not_before = 1000, not_after = 2000"
	rejects 1 "usim-auth: item 1: 001010000000001 is not valid yet [not-yet-valid]" \
		usim-auth --now 999 --tre m2me 04-challenge
	rejects 1 "usim-auth: item 1: 001010000000001 has expired [expired]" \
		usim-auth --now 2000 --tre m2me 04-challenge
	for now in 1000 1999; do
		run -1 --separate-stderr usim-auth --now "$now" --tre m2me 04-challenge
		[[ $stderr == *"[sync-failure]" ]]
	done
}

@test "usim-auth uses the active MID only" {
	world
	amend m2me "UPDATE application SET state = 'installed' WHERE kind = 'usim'"
	rejects 1 "usim-auth: item 1: 001020000000001 is not the active MID [not-active]" \
		usim-auth --tre m2me 15-challenge
}

@test "usim-auth wants challenges" {
	world
	rejects 2 "usim-auth: item 1: needs challenge/1, has av/1" usim-auth --tre m2me 03-av
}

# --- tre-attach ---

@test "tre-attach needs an identity" {
	tre-init --tre m2me --serial 1
	rejects 1 "tre-attach: the TRE holds neither MID nor PCID [no-identity]" tre-attach --tre m2me
}

@test "tre-attach prefers the active USIM to the PCID" {
	world
	[ "$(tre-attach --tre m2me | m2m-show --json | jq -r .identity)" = 001020000000001 ]
	amend m2me "UPDATE application SET state = 'installed' WHERE kind = 'usim'"
	[ "$(tre-attach --tre m2me | m2m-show --json | jq -r .identity)" = 001010000000001 ]
}

@test "tre-attach falls back to the PCID before and after the time of the MID" {
	world
	attaches() { # NOW IDENTITY
		[ "$(tre-attach --now "$1" --tre m2me | m2m-show --json | jq -r .identity)" = "$2" ]
	}
	amend m2me "UPDATE application SET not_before = 1000, not_after = 2000 WHERE kind = 'usim'"
	attaches 999 001010000000001
	attaches 1000 001020000000001
	attaches 1999 001020000000001
	attaches 2000 001010000000001
	amend m2me "UPDATE application SET not_before = 500, not_after = 3000 WHERE kind = 'pcid'"
	rejects 1 "tre-attach: 001010000000001 is not valid yet [not-yet-valid]" tre-attach --now 499 --tre m2me
	attaches 500 001010000000001
	attaches 2999 001010000000001
	rejects 1 "tre-attach: 001010000000001 has expired [expired]" tre-attach --now 3000 --tre m2me
	amend m2me "DELETE FROM application WHERE kind = 'pcid'"
	rejects 1 "tre-attach: 001020000000001 has expired [expired]" tre-attach --now 3000 --tre m2me
}

@test "tre-attach takes no operand and no other store" {
	world
	rejects 2 "tre-attach: unexpected operand 'x'" tre-attach --tre m2me x
	rejects 3 "tre-attach: --tre: '$PWD/ro.ledger': needs a tre, has another database" \
		tre-attach --tre "$PWD/ro.ledger"
	rejects 3 "tre-attach: --tre: cannot open 'none': No such file or directory" tre-attach --tre none
}

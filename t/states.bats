# SPDX-License-Identifier: Apache-2.0
# An identity is live, dormant, quarantined or expired, and who asks is told.
load helper

pcid=001010000000001
other=001010000000002

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	pcid-gen --plmn 001-01 --ro ro.example --first $pcid --count 2 --not-after 2030-01-01T00:00:00Z >two
	pcid-load --ledger ro.ledger --now 2026-11-24T00:00:00Z two
	jq -nc "{identity: \"$pcid\"}" | m2m-make attach-request >attach
	vno-request --plmn 901-70 attach >request
}

# state - as the network is told it
state() {
	sub-answer --ledger ro.ledger --now "${1:-2026-11-24T00:00:00Z}" attach | m2m-show --json | jq -r .state
}

# refused FACT WORD [TIME] - by the authentication centre, to a new request
refused() {
	vno-request --plmn 901-70 attach >request
	rejects 1 "av-answer: item 1: $pcid $1 [$2]" \
		av-answer --ledger ro.ledger --now "${3:-2026-11-24T00:00:00Z}" request
}

@test "only who is live gets vectors" {
	[ "$(state)" = live ]
	av-answer --ledger ro.ledger --now 2026-11-24T00:00:00Z request >av
	mv request answered
	sub-set --ledger ro.ledger --state dormant $pcid
	[ "$(state)" = dormant ]
	refused 'is not activated' dormant
	sub-set --ledger ro.ledger --state quarantined $pcid
	[ "$(state)" = quarantined ]
	refused 'is quarantined' quarantined
	sub-set --ledger ro.ledger --state live $pcid
	[ "$(state)" = live ]
	# the request that was answered before is answered the same
	av-answer --ledger ro.ledger --now 2026-11-24T00:00:00Z answered | cmp - av
	[ "$(sqlite3 ro.ledger "SELECT seq FROM identity WHERE identity = '$pcid'")" -eq 1 ]
}

@test "who has expired stays so, and quarantine is told before" {
	[ "$(state 2030-01-01T00:00:00Z)" = expired ]
	sub-set --ledger ro.ledger --state live $pcid
	refused 'has expired' expired 2030-01-01T00:00:00Z
	sub-set --ledger ro.ledger --state quarantined $pcid
	[ "$(state 2030-01-01T00:00:00Z)" = quarantined ]
	refused 'is quarantined' quarantined 2030-01-01T00:00:00Z
}

@test "a network grants nothing to who is quarantined meanwhile" {
	tre-init --tre m2me --serial M2ME-0001
	m2m-show --json --reveal two | head -n 1 | m2m-make pcid | tre-load --tre m2me
	av-answer --ledger ro.ledger request >av
	vno-challenge av | usim-auth --tre m2me >response
	sub-set --ledger ro.ledger --state quarantined $pcid
	sub-answer --ledger ro.ledger attach >subscription
	rejects 1 'vno-check: item 3: subscription.state: is quarantined [quarantined]' \
		vno-check --plmn 901-70 av subscription response
}

@test "a MID that is quarantined is not handed out, and stays so" {
	world
	sub-set --ledger sho.ledger --state quarantined 001020000000001
	sqlite3 sho.ledger 'DELETE FROM package'
	rejects 1 'mid-wrap: item 3: 001020000000001 is quarantined [quarantined]' \
		mid-wrap --ledger sho.ledger --key sho.example.key --cert sho.example.pem --trust trust.pem \
		07-registration 09-verdict mid
	[ "$(sqlite3 sho.ledger "SELECT state FROM identity WHERE identity = '001020000000001'")" = quarantined ]
}

@test "several change together, or not at all" {
	sub-set --ledger ro.ledger --state dormant $pcid $other
	[ "$(sqlite3 ro.ledger 'SELECT DISTINCT state FROM identity')" = dormant ]
	rejects 1 'sub-set: 001019999999999 is not in the ledger [unknown-identity]' \
		sub-set --ledger ro.ledger --state live $pcid 001019999999999 $other
	[ "$(sqlite3 ro.ledger 'SELECT DISTINCT state FROM identity')" = dormant ]
}

@test "a state that cannot be set, and one of nobody, are wrong" {
	for word in expired LIVE '' used; do
		rejects 2 "sub-set: --state: needs live, dormant or quarantined, has '$word'" \
			sub-set --ledger ro.ledger --state "$word" $pcid
	done
	rejects 2 'sub-set: --state is required; see sub-set --help' sub-set --ledger ro.ledger $pcid
	rejects 2 'sub-set: --ledger is required; see sub-set --help' sub-set --state live $pcid
	rejects 2 'sub-set: IDENTITY is required; see sub-set --help' sub-set --ledger ro.ledger --state live
}

@test "an identity that is no such thing is not there, and does no harm" {
	for name in "' OR 1=1 --" '%' '' 001010000000001x; do
		rejects 1 "sub-set: $name is not in the ledger [unknown-identity]" \
			sub-set --ledger ro.ledger --state quarantined "$name"
	done
	[ "$(sqlite3 ro.ledger 'SELECT DISTINCT state FROM identity')" = live ]
}

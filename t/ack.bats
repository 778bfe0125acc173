# SPDX-License-Identifier: Apache-2.0
# The old operator: lets go only the device that had the MID, and lets its K in no more.
load helper
load trust

one=8988000000000000016

# erased - the world's MID is deleted by order; the notice in the file "notice"
erased() {
	us-order --ledger us.ledger "${us[@]}" --order delete --sho sho.example --mid $one inventory |
		mid-delete --tre m2me >notice
}

ack() {
	sho-ack --ledger sho.ledger "${sho[@]}" --trust trust.pem "$@"
}

# unacked MESSAGE NOTICE [OPTION...] - refused, and the ledger is no different
unacked() {
	local before message=$1
	before=$(state sho.ledger)
	rejects 1 "sho-ack: item 1: $message" ack "${@:3}" "$2"
	[ "$(state sho.ledger)" = "$before" ]
}

# impostor NAME - a key with a PlC for the UEID of the world's device, from the supplier or $ca
impostor() {
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key"
	openssl req -new -key "$1.key" -subj "/serialNumber=$1/CN=M2ME $1" \
		-addext "2.23.133.5.4.4=DER:3011040f$(field .ueid inventory)" |
		plc-sign --ledger liar.ledger --key "${ca:-m2mes}.key" --cert "${ca:-m2mes}.pem" --state state.cnf >"$1.pem"
}

@test "sho-ack acknowledges the very notice, and lets the identity in no more" {
	world
	erased
	vno-request --plmn 001-02 15-attach-request >request
	ack notice >ack
	[ "$(field '.payload | [.by, .pcid] | join(" ")' ack)" = "sho.example 001010000000001" ]
	[ "$(field .payload.ueid ack)" = "$(field .ueid inventory)" ]
	rejects 1 "av-answer: item 1: 001020000000001 is quarantined [quarantined]" av-answer --ledger sho.ledger request
	[ "$(sub-answer --ledger sho.ledger request | m2m-show --json | jq -r .state)" = quarantined ]
}

@test "sho-ack acknowledges the same notice the same, however late" {
	world
	erased
	ack notice >ack
	before=$(state sho.ledger)
	ack notice | cmp - ack
	mirror discard <notice | ack | cmp - ack
	ack --now $(($(field .payload.iat notice) + 30 * day)) notice | cmp - ack
	[ "$(state sho.ledger)" = "$before" ]
}

@test "sho-ack takes notices of TREs, with a PlC of a supplier it knows" {
	world
	erased
	forge discard . sho.example <notice >forged
	unacked "discard.protected.x5chain: needs the role TRE, has SHO [wrong-role]" forged
	anchor m2mes alien alien.example
	ca=alien impostor strange
	forge discard . strange <notice >forged
	unacked "discard.protected.x5chain: certificate of M2ME strange: no path to an anchor [untrusted-issuer]" forged
	edit discard '.payload.iat -= 1' <notice >changed
	unacked "discard.signature: does not verify [bad-signature]" changed
	rejects 2 "sho-ack: --cert: 'ro.example.pem' lacks the role SHO" \
		sho-ack --ledger sho.ledger "${ro[@]}" --trust trust.pem notice
}

@test "sho-ack lets no other device give up the MID" {
	world
	erased
	device other 0102030405060708090a0b0c0d0e0f1011
	forge discard . other <notice >forged
	unacked "discard.ueid: is not who the MID was sealed for [wrong-device]" forged
	forge discard '.payload.ueid = "0102030405060708090a0b0c0d0e0f1011"' other <notice >forged
	unacked "discard.ueid: is not who the MID was sealed for [wrong-device]" forged
	vno-request --plmn 001-02 15-attach-request | av-answer --ledger sho.ledger >av
}

@test "sho-ack takes notices about its own MIDs, of their PCID, and not of the future" {
	world
	beside
	us-order --ledger us.ledger "${us[@]}" --order delete --sho sho2.example --mid $one inventory |
		mid-delete --tre m2me >notice
	unacked "discard.sho: is sho2.example, not us [wrong-operator]" notice
	erased
	iat=$(field .payload.iat notice)
	# what only a TRE that lies could say
	impostor liar
	forge discard '.payload.mid = "none"' liar <notice >forged
	unacked "discard.mid: was sealed for no device [unknown-mid]" forged
	forge discard '.payload.pcid = "001010000000002"' liar <notice >forged
	unacked "discard.pcid: is not the MID's [wrong-pcid]" forged
	forge discard '.payload.iat += 1000' liar <notice >forged
	unacked "discard.iat: lies in the future, at $(spelt $((iat + 1000))) [not-yet-valid]" forged
	forge discard . liar <notice >forged
	ack forged >ack
}

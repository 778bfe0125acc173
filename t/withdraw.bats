# SPDX-License-Identifier: Apache-2.0
# An operator has its own MID deleted, where the MID's policy lets it: its own, and nothing else.
load helper
load trust
load change

one=8988000000000000016
allowed='{delete_by: "sho", replace_by: "owner"}'
either='{delete_by: "either", replace_by: "owner"}'

# withdraw [OPTION...] FILE... - the operator's authorization to delete
withdraw() {
	sho-authorize --scope delete --ledger sho.ledger "${sho[@]}" --trust trust.pem "$@"
}

# unmoved MESSAGE [OPTION...] FILE - refused, and nothing in the TRE is any different
unmoved() {
	local before message=$1
	before=$(state m2me)
	rejects 1 "mid-delete: item 1: $message" mid-delete --tre m2me "${@:2}"
	[ "$(state m2me)" = "$before" ]
}

# unauthorized MESSAGE [OPTION...] FILE - refused, and nothing in the ledger is any different
unauthorized() {
	local before message=$1
	before=$(state sho.ledger)
	rejects 1 "sho-authorize: item 1: $message" withdraw "${@:2}"
	[ "$(state sho.ledger)" = "$before" ]
}

@test "an operator has its MID deleted: the device falls back on the PCID, the notice is acknowledged" {
	governed "$allowed"
	sound 001020000000001
	withdraw report >authorization
	diff <(field '.payload | del(.exp, .iat)' authorization | jq -cS .) <(field '.payload
		| {sho, pcid, aud: "dpf.ro.example", nonce, ueid, mid, scope: "delete"}' report | jq -cS .)
	mid-delete --tre m2me authorization >notice
	diff <(field '.payload | del(.iat)' notice | jq -cS .) \
		<(field '.payload | {sho, pcid, nonce, ueid, mid, cause: "delete"}' report | jq -cS .)
	[ "$(sqlite3 m2me "SELECT state, length(sealed) FROM application WHERE kind = 'usim'")" = "discarded|0" ]
	sound 001010000000001
	sho-ack --ledger sho.ledger "${sho[@]}" --trust trust.pem notice >ack
	[ "$(sqlite3 sho.ledger "SELECT state FROM identity")" = quarantined ]
}

@test "a deletion is authorised once while it holds, and obeyed once however often it is authorised" {
	governed "$either"
	withdraw --validity 10 --now 1800000000 report >authorization
	withdraw --validity 10 --now 1800000009 report | cmp - authorization
	mirror report <report | withdraw --now 1800000009 | cmp - authorization
	withdraw --validity 10 --now 1800000010 report >second
	[ "$(field .payload.iat second)" = 1800000010 ]
	mid-delete --tre m2me --now 1800000000 authorization >notice
	before=$(state m2me)
	mid-delete --tre m2me --now 1900000000 authorization | cmp - notice
	mirror authorization <authorization | mid-delete --tre m2me | cmp - notice
	mid-delete --tre m2me second | cmp - notice
	[ "$(state m2me)" = "$before" ]
}

@test "the policy of a MID binds its operator too" {
	for policy in '.policy | del(.policy)' '{delete_by: "owner", replace_by: "sho"}'; do	# without one, it is the owner's
		governed "$policy"
		withdraw report >authorization
		unmoved "$one is for the owner alone to have deleted [not-permitted]" authorization
		rm -r ./*
	done
}

@test "an operator learns as little of another's MID as of one that is not there" {
	governed "$allowed"
	beside
	withdraw report >authorization
	certify sho sho3.example sho3.example
	for mid in $one other; do
		forge authorization ".payload.sho = \"sho3.example\" | .payload.mid = \"$mid\"" sho3.example \
			<authorization >forged
		unmoved "the TRE holds no $mid of sho3.example [unknown-mid]" forged
	done
	forge authorization '.payload.mid = "other"' sho.example <authorization >forged
	unmoved "the TRE holds no other of sho.example [unknown-mid]" forged
	# the same name in another operator's hand is another MID
	forge authorization '.payload.sho = "sho2.example"' sho2.example <authorization >forged
	unmoved "authorization.nonce: is not what brought the MID [wrong-nonce]" forged
	forge authorization . sho2.example <authorization >forged
	unmoved "authorization.sho: is not who signed it [wrong-signer]" forged
	forge authorization . us.example <authorization >forged
	unmoved "authorization.protected.x5chain: needs the role SHO, has US [wrong-role]" forged
	stranger sho alien sho.example
	forge authorization . alien <authorization >forged
	unmoved "authorization.protected.x5chain: certificate of sho.example: no path to an anchor [untrusted-issuer]" \
		forged
	edit authorization '.payload.exp += 1' <authorization >changed
	unmoved "authorization.signature: does not verify [bad-signature]" changed
}

@test "an authorization to delete is for one device, one provisioning and one time" {
	governed "$allowed"
	withdraw report >authorization
	forge authorization '.payload.ueid |= .[:30] + "09"' sho.example <authorization >forged
	unmoved "authorization.ueid: is another device's [wrong-device]" forged
	forge authorization '.payload.pcid = "001010000000002"' sho.example <authorization >forged
	unmoved "authorization.pcid: is not the MID's [wrong-pcid]" forged
	forge authorization '.payload.nonce |= .[2:] + .[:2]' sho.example <authorization >forged
	unmoved "authorization.nonce: is not what brought the MID [wrong-nonce]" forged
	forge authorization '.payload.aud = "dpf2.example"' sho.example <authorization >forged
	unmoved "authorization.aud: is not who brought the MID [wrong-dpf]" forged
	exp=$(field .payload.exp authorization)
	unmoved "authorization.exp: ended at $(spelt "$exp") [expired]" --now "$exp" authorization
	iat=$(field .payload.iat authorization)
	forge authorization '.payload.iat += 1000' sho.example <authorization >forged
	unmoved "authorization.iat: lies in the future, at $(spelt $((iat + 1000))) [not-yet-valid]" --now "$iat" forged
	for scope in install update; do
		forge authorization ".payload.scope = \"$scope\" | del(.payload.mid, .payload.ueid)" sho.example \
			<authorization >forged
		unmoved "authorization.scope: needs delete, has $scope [wrong-scope]" forged
	done
	# nor does it install anything
	uninstalled
	parcel authorization package >forged
	refuses "mid-install: item 1: authorization.scope: needs install, has delete [wrong-scope]" \
		mid-install --tre m2me forged
}

@test "an authorization names a device and its MID to delete, and neither otherwise" {
	world
	says() { # MESSAGE FILTER
		m2m-show --json 11-authorization | jq -c "$2" >json
		run -2 --separate-stderr m2m-make authorization <json
		[ "${stderr% (byte *)}" = "m2m-make: item 1: authorization.payload.$1" ]
	}
	says "ueid: is missing from an authorization to delete" '.payload.scope = "delete"'
	says "mid: is missing from an authorization to delete" '.payload |= (.scope = "delete" | .ueid = "01000000000000")'
	says "mid: is not part of an authorization to install" '.payload.mid = "one"'
	says "ueid: is not part of an authorization to update" '.payload |= (.scope = "update" | .ueid = "01000000000000")'
}

@test "the last way back on line stays" {
	governed "$allowed"
	withdraw report >authorization
	amend m2me "UPDATE application SET not_after = 1 WHERE kind = 'pcid'"
	unmoved "without $one the device has neither a valid PCID nor a valid MID that is active [no-way-back]" authorization
	sound 001020000000001
}

@test "a MID that the owner had deleted is not deleted again" {
	governed "$either"
	withdraw report >authorization
	us-order --ledger us.ledger "${us[@]}" --order delete --sho sho.example --mid $one inventory | mid-delete --tre m2me >notice
	unmoved "$one is discarded, and cannot become discarded [illegal-state]" authorization
}

@test "the old operator's deletion ends the change from its MID, and nobody's disturbs one that waits for an ack" {
	governed "$either"
	withdraw report >authorization
	ordered
	mid-delete --tre m2me authorization >notice
	[ "$(tre-show --tre m2me | m2m-show --json | jq -r '.switching // "nowhere"')" = nowhere ]
	sound 001010000000001
	rm -r ./*
	governed "$either"
	discarded
	report="$(sqlite3 m2me "SELECT hex(report) FROM provisioning WHERE sho = 'sho2.example'")"
	cbor "$report" >second.report
	sho-authorize --scope delete --ledger sho2.ledger "${sho2[@]}" --trust trust.pem second.report >authorization
	unmoved "a change of operator waits for an ack, see sho-switch [switch-under-way]" authorization
	switch ack >reports
	sound 001030000000001
	mid-delete --tre m2me authorization >notice
	sound 001010000000001
}

@test "an operator withdraws only what was reported to it, by the device that it sealed it for" {
	world
	forge_report() { edit report "$1" <13-report | resign M2ME.key M2ME.pem; }
	device M2ME "$(field .payload.ueid 13-report)"
	forge_report . >report
	withdraw report >authorization
	rm authorization
	sqlite3 sho.ledger "DELETE FROM deletion"
	forge_report '.payload.sho = "sho2.example"' >report
	unauthorized "report.sho: is sho2.example, not us [wrong-operator]" report
	forge_report '.payload.mid = "other"' >report
	unauthorized "report.mid: was sealed for no device [unknown-mid]" report
	forge_report '.payload.pcid = "001010000000002"' >report
	unauthorized "report.pcid: is not the MID's [wrong-pcid]" report
	forge_report '.payload.ueid |= .[:30] + "09"' >report
	unauthorized "report.ueid: is not who the MID was sealed for [wrong-device]" report
	forge_report '.payload.nonce |= .[2:] + .[:2]' >report
	unauthorized "report.nonce: is of nothing that this ledger had installed [not-authorized]" report
	forge_report '.payload.iat += 100000' >report
	unauthorized "report.iat: lies in the future, at $(spelt "$(field .payload.iat report)") [not-yet-valid]" report
	for result in refused discarded; do
		forge_report ".payload.result = \"$result\" | del(.payload.active) | if .payload.result == \"refused\" then .payload.reason = \"tampered\" else . end" >report
		unauthorized "report.result: needs installed or activated, has $result [wrong-result]" report
	done
	rejects 2 "sho-authorize: item 1: needs report/1, has registration/1" withdraw 07-registration
	rejects 2 "sho-authorize: --scope: 'remove' is none of its choices; see sho-authorize --help" withdraw --scope remove report
}

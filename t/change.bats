# SPDX-License-Identifier: Apache-2.0
# The change of operator: at every instant there is a way back on line, and nobody but who should moves it.
load helper
load trust
load change

one=8988000000000000016

# stands - where the switch stands
stands() {
	tre-show --tre m2me | m2m-show --json | jq -r '.switching // "nowhere"'
}

# unmoved MESSAGE [OPTION...] FILE - refused, and nothing in the TRE is any different
unmoved() {
	local before message=$1
	before=$(state m2me)
	rejects 1 "sho-switch: item 1: $message" switch "${@:2}"
	[ "$(state m2me)" = "$before" ]
}

# --- from the old operator to the new ---

@test "a change of operator: ordered, attested, discarding, done - and each operator knows only its own" {
	world
	ordered
	[ "$(stands)" = ordered ]
	[ "$(field '[.identity, .ueid] | join(" ")' attach)" = "001010000000001 $(field .ueid inventory)" ]
	sound 001020000000001
	drf-resolve --ledger ro.ledger "${ro[@]}" attach | drf-register --ledger ro.ledger "${ro[@]}" --trust trust.pem >second
	switch second >evidence
	[ "$(stands)" = attested ]
	sound 001020000000001
	packed second evidence
	switch second.delivery >notice
	[ "$(stands)" = discarding ]
	[ "$(field '.payload | [.sho, .mid, .cause, .counter] | join(" ")' notice)" = "sho.example $one re-provision 1" ]
	sound 001010000000001	# with the PCID, for the moment
	sho-ack --ledger sho.ledger "${sho[@]}" --trust trust.pem notice >ack
	switch ack >reports
	[ "$(stands)" = done ]
	[ "$(m2m-show --json reports | jq -r '.payload | [.sho, .mid, .result] | join(" ")')" = "sho2.example $one discarded
sho2.example $one activated" ]
	sound 001030000000001
	vno-request --plmn 001-02 15-attach-request >request
	rejects 1 "av-answer: item 1: 001020000000001 is quarantined [quarantined]" av-answer --ledger sho.ledger request
	# what reaches the new operator through the DPF holds nothing of the old one
	dpf-report --ledger ro.ledger --trust trust.pem "${dpf[@]}" reports >passed
	[ "$(m2m-show --json passed | jq -r .type | tr '\n' ' ')" = "release/1 report/1 " ]
	m2m-show --json --reveal passed >json
	for secret in '"sho.example"' 001020000000001 "$(field .payload.nonce 07-registration)" \
		"$(openssl x509 -in sho.example.pem -outform DER | hex)" "$(field .payload.digest ack)"; do
		run -1 grep -cF "$secret" json
	done
}

@test "every object again, at any later time, gets the same answer and moves nothing" {
	world
	discarded
	switch ack >reports
	before=$(state m2me)
	for pair in order:attach second:evidence second.delivery:notice ack:reports; do
		switch "${pair%:*}" | cmp - "${pair#*:}"
		switch --now $(($(date +%s) + 60 * day)) "${pair%:*}" | cmp - "${pair#*:}"
	done
	mirror ack <ack | switch | cmp - reports
	forge ack '.payload.iat += 1' sho.example <ack | switch | cmp - reports
	switch --unacknowledged | cmp - reports
	[ "$(state m2me)" = "$before" ]
	sound 001030000000001
}

@test "each object is taken in its turn only" {
	world
	ordered
	attested_before=$(stands)
	[ "$attested_before" = ordered ]
	forge delivery . dpf.ro.example <12-delivery >delivery
	unmoved "the switch is ordered, and waits for a registration [illegal-state]" delivery
	rejects 1 "sho-switch: the switch is ordered, and waits for a registration [illegal-state]" switch --unacknowledged
	edit ack . <"$root/t/golden/ack.cbor" >other
	forge ack ".payload.ueid = \"$(field .ueid inventory)\" | .payload.by = \"sho.example\"" sho.example <other >ack
	unmoved "the switch is ordered, and waits for a registration [illegal-state]" ack
	drf-resolve --ledger ro.ledger "${ro[@]}" attach | drf-register --ledger ro.ledger "${ro[@]}" --trust trust.pem >second
	switch second >evidence
	unmoved "the switch is attested, and waits for a delivery [illegal-state]" ack
	packed second evidence
	switch second.delivery >notice
	forge registration '.payload.iat -= 1' ro.example <second >again
	unmoved "the switch is discarding, and waits for an ack [illegal-state]" again
	sho-ack --ledger sho.ledger "${sho[@]}" --trust trust.pem notice >ack
	switch ack >reports
	unmoved "the switch is done, and waits for an order [illegal-state]" again
	rejects 2 "sho-switch: unexpected operand 'ack'" switch --unacknowledged ack
}

@test "nothing is changed that was not ordered" {
	world
	unmoved "no change of operator was ordered [no-switch]" 07-registration
	unmoved "no change of operator was ordered [no-switch]" 12-delivery
	rejects 1 "sho-switch: no change of operator was ordered [no-switch]" switch --unacknowledged
}

@test "an order that would change nothing, or leave nothing, is not obeyed" {
	world
	order() { us-order --ledger us.ledger "${us[@]}" --order re-provision --sho "$1" inventory >order; }
	order sho.example
	unmoved "order.sho: has the active MID [wrong-operator]" order
	order sho2.example
	forge order . sho.example <order >forged
	unmoved "order.protected.x5chain: needs the role US, has SHO [wrong-role]" forged
	certify us us2.example us2.example
	forge order '.payload.owner = "us2.example"' us2.example <order >forged
	unmoved "order.owner: is us2.example, not this device's [wrong-owner]" forged
	forge order '.payload.ueid |= .[:30] + "09"' us.example <order >forged
	unmoved "order.ueid: is another device's [wrong-device]" forged
	amend m2me "UPDATE application SET not_after = 1 WHERE kind = 'pcid'"
	unmoved "without $one the device has neither a valid PCID nor a valid MID that is active [no-way-back]" order
	amend m2me "UPDATE application SET not_after = 0 WHERE kind = 'pcid'"
	us-order --ledger us.ledger "${us[@]}" --order delete --sho sho.example --mid $one inventory | mid-delete --tre m2me >notice
	unmoved "order.counter: is not above that of the last order obeyed [old-counter]" order
	forge order '.payload.counter = 9' us.example <order >forged
	unmoved "there is no active MID to change from [not-active]" forged
}

# --- bindings ---

@test "evidence is given to the operator that was ordered, by the RO of the PCID, for this device" {
	world
	registered
	forge registration '.payload.sho = "sho3.example"' ro.example <second >forged
	unmoved "registration.sho: is not the one ordered [wrong-operator]" forged
	unmoved "registration.sho: is not the one ordered [wrong-operator]" 07-registration
	forge registration . sho.example <second >forged
	unmoved "registration.protected.x5chain: needs the role RO, has SHO [wrong-role]" forged
	forge registration '.payload.pcid = "001010000000002"' ro.example <second >forged
	unmoved "registration.pcid: is 001010000000002, not ours [wrong-pcid]" forged
	forge registration '.payload.ueid |= .[:30] + "09"' ro.example <second >forged
	unmoved "registration.ueid: is another device's [wrong-device]" forged
	sound 001020000000001
}

@test "a delivery that does not belong, or does not run, leaves the old MID active; the refusal is reported" {
	world
	attested
	unmoved "delivery.nonce: is not this switch's [wrong-nonce]" 12-delivery
	forge delivery . sho.example <second.delivery >forged
	unmoved "delivery.protected.x5chain: needs the role DPF, has SHO [wrong-role]" forged
	edit delivery '.payload.iat += 1' <second.delivery >changed
	unmoved "delivery.signature: does not verify [bad-signature]" changed
	refused() { # MESSAGE PACKAGE [AUTHORIZATION]
		local before
		before=$(inside m2me)
		parcel "${3:-second.authorization}" "$2" ".payload.nonce = \"$(field .payload.nonce second)\"" >forged
		refuses "sho-switch: item 1: $1" switch forged
		[ "$(field '.payload | [.sho, .result] | join(" ")' answer)" = "sho2.example refused" ]
		[ "$(inside m2me)" = "$before" ]
	}
	forge mid-package '.payload.sealed.ciphertext |= .[2:] + .[:2]' sho2.example <second.package >package
	refused "mid-package.sealed: body or header is not what was sealed [tampered]" package
	forge mid-package '.payload.counter = 7' sho2.example <second.package >package
	refused "mid-package.sealed: body or header is not what was sealed [tampered]" package
	edit mid '.trial.xres = "0011223344556677"' <mid2 >content
	pack sho2.example.key sho2.example.pem second.verdict second.package content >package
	refused "mid.trial: does not run with the MID's own key [trial-failed]" package
	forge authorization "$to_delete" sho2.example <second.authorization >authorization
	refused "authorization.scope: needs install, has delete [wrong-scope]" second.package authorization
	edit mid '.not_before = 9999999999' <mid2 >content
	pack sho2.example.key sho2.example.pem second.verdict second.package content >package
	parcel second.authorization package ".payload.nonce = \"$(field .payload.nonce second)\"" >forged
	unmoved "$one is not valid yet [not-yet-valid]" forged
	sound 001020000000001
	[ "$(stands)" = attested ]
	switch second.delivery >notice
	[ "$(field .payload.sho notice)" = sho.example ]
}

@test "the old MID stays when what comes has no USIM to attach with" {
	world
	attested
	edit mid '.isim.credential = (.usim | {algorithm, k, opc, amf, sqn}) | del(.usim)' <mid2 >content
	pack sho2.example.key sho2.example.pem second.verdict second.package content >package
	parcel second.authorization package ".payload.nonce = \"$(field .payload.nonce second)\"" >forged
	unmoved "$one has no USIM to attach with [wrong-mid]" forged
	sound 001020000000001
}

@test "the old MID stays when the PCID has expired meanwhile: there would be no way back" {
	world
	attested
	amend m2me "UPDATE application SET not_after = 1 WHERE kind = 'pcid'"
	unmoved "without $one the device has neither a valid PCID nor a valid MID that is active [no-way-back]" second.delivery
	sound 001020000000001
	amend m2me "UPDATE application SET not_after = 0 WHERE kind = 'pcid'"
	switch second.delivery >notice
}

@test "only the old operator's ack of this very notice counts" {
	world
	discarded
	forge ack . ro.example <ack >forged
	unmoved "ack.protected.x5chain: needs the role SHO, has RO [wrong-role]" forged
	forge ack '.payload.by = "sho2.example"' sho2.example <ack >forged
	unmoved "ack.by: is not the old operator [wrong-operator]" forged
	forge ack '.payload.digest |= (if .[:2] == "00" then "01" else "00" end) + .[2:]' sho.example <ack >forged
	unmoved "ack.digest: is not the notice's [other-notice]" forged
	forge ack '.payload.ueid |= .[:30] + "09"' sho.example <ack >forged
	unmoved "ack.ueid: is another device's [wrong-device]" forged
	forge ack '.payload.iat += 9999' sho.example <ack >forged
	unmoved "ack.iat: lies in the future, at $(spelt "$(field .payload.iat forged)") [not-yet-valid]" forged
	sound 001010000000001
	switch ack >reports
	sound 001030000000001
}

# --- waiting ---

@test "an operator that does not answer is waited for as long as was ordered, and no longer" {
	world
	discarded
	iat=$(field .payload.iat notice)
	rejects 1 "sho-switch: the ack is waited for until $(spelt $((iat + 1000))) [too-early]" \
		switch --unacknowledged --now $((iat + 999))
	switch --unacknowledged --now $((iat + 1000)) >reports
	[ "$(m2m-show --json reports | jq -r '.payload | [.result, has("ack")] | join(" ")')" = "discarded false
activated false" ]
	sound 001030000000001
	dpf-report --ledger ro.ledger --trust trust.pem "${dpf[@]}" --now $((iat + 1000)) reports >passed
	[ "$(m2m-show --json passed | jq -r .type | tr '\n' ' ')" = "release/1 report/1 " ]
	switch --unacknowledged | cmp - reports
	switch ack | cmp - reports	# too late to matter
}

@test "one change at a time; another order ends one that has touched nothing" {
	world
	attested
	order() { us-order --ledger us.ledger "${us[@]}" --order "$@" inventory >order; }
	certify sho sho3.example sho3.example
	order re-provision --sho sho3.example
	switch order >other
	unmoved "the switch is ordered, and waits for a registration [illegal-state]" second.delivery
	order re-provision --sho sho2.example
	switch order >attach
	forge registration '.payload.nonce |= .[2:] + .[:2]' ro.example <second >third
	switch second | cmp - evidence	# kept; it moves nothing
	[ "$(stands)" = ordered ]
	switch third >evidence3
	[ "$(stands)" = attested ]
	order activate --sho sho.example --mid $one
	rejects 1 "mid-activate: item 1: $one is active, and cannot become active [illegal-state]" mid-activate --tre m2me order
	[ "$(stands)" = attested ]
	order delete --sho sho.example --mid $one
	mid-delete --tre m2me order >notice
	[ "$(stands)" = nowhere ]
	sound 001010000000001
}

@test "while the old operator is waited for, no other order is obeyed" {
	world
	discarded
	for what in re-provision:sho-switch activate:mid-activate delete:mid-delete; do
		us-order --ledger us.ledger "${us[@]}" --order "${what%:*}" --sho sho2.example \
			$([ "${what%:*}" = re-provision ] || echo --mid $one) inventory >order
		before=$(state m2me)
		rejects 1 "${what#*:}: item 1: a change of operator waits for an ack, see sho-switch [switch-under-way]" \
			"${what#*:}" --tre m2me order
		[ "$(state m2me)" = "$before" ]
	done
	switch ack >reports
	sound 001030000000001
}

@test "a MID that comes while the old operator is waited for does not become active" {
	world
	attested
	sed 's/^00101 = .*/001010000000001 = sho_example/' "$examples/drf.cnf" >drf3.cnf
	drf-set --ledger ro.ledger drf3.cnf
	mid-gen --profile "$examples/mid.cnf" --ledger sho.ledger >mid3
	drf-resolve --ledger ro.ledger "${ro[@]}" attach | drf-register --ledger ro.ledger "${ro[@]}" --trust trust.pem >third
	tre-attest --tre m2me third >evidence3
	pva-verify "${pva[@]}" --trust trust.pem --policy "$examples/pva.cnf" third evidence3 >verdict3
	sho-authorize --ledger sho.ledger "${sho[@]}" --trust trust.pem third verdict3 >authorization3
	mid-wrap --ledger sho.ledger "${sho[@]}" --trust trust.pem third verdict3 mid3 >package3
	dpf-deliver --ledger ro.ledger "${dpf[@]}" --trust trust.pem authorization3 package3 >delivery3
	switch second.delivery >notice
	mid-install --tre m2me delivery3 >report3
	sound 001010000000001
	sho-ack --ledger sho.ledger "${sho[@]}" --trust trust.pem notice | switch >reports
	sound 001030000000001
}

# --- several at once, and a hostile peer ---

@test "of two operators that want a device at once, exactly one gets it" {
	world
	ordered
	certify sho sho3.example sho3.example
	drf-resolve --ledger ro.ledger "${ro[@]}" attach | drf-register --ledger ro.ledger "${ro[@]}" --trust trust.pem >second
	forge registration '.payload.sho = "sho3.example" | .payload.nonce |= .[2:] + .[:2]' ro.example <second >third
	switch second >evidence.second 2>said.second 3>&- &
	a=$!
	switch third >evidence.third 2>said.third 3>&- &
	wait $! && false
	wait $a
	[ -s evidence.second ]
	[ ! -s evidence.third ]
	[ "$(cat said.third)" = "sho-switch: item 1: registration.sho: is not the one ordered [wrong-operator]" ]
}

@test "of two operators that both deliver at once, the one that was ordered gets the device, and the RO has it so" {
	world
	attested
	certify sho sho3.example sho3.example
	sho3=(--key sho3.example.key --cert sho3.example.pem --trust trust.pem)
	sed 's/sho2\.example/sho3.example/' drf2.cnf >drf3.cnf
	drf-set --ledger ro.ledger drf3.cnf	# the last word of the table
	sed 's/sho\.example/sho3.example/; s/001-02/001-05/' "$examples/mid.cnf" >mid3.cnf
	mid-gen --profile mid3.cnf --ledger sho3.ledger >mid3
	drf-resolve --ledger ro.ledger "${ro[@]}" attach | drf-register --ledger ro.ledger "${ro[@]}" --trust trust.pem >third
	tre-attest --tre m2me third >evidence3
	pva-verify "${pva[@]}" --trust trust.pem --policy "$examples/pva.cnf" third evidence3 >verdict3
	sho-authorize --ledger sho3.ledger "${sho3[@]}" third verdict3 >authorization3
	mid-wrap --ledger sho3.ledger "${sho3[@]}" third verdict3 mid3 >package3
	dpf-deliver --ledger ro.ledger "${dpf[@]}" --trust trust.pem authorization3 package3 >third.delivery
	switch third.delivery >notice.third 2>said.third 3>&- &
	a=$!
	switch second.delivery >notice 2>said.second 3>&- &
	wait $!
	wait $a && false
	[ ! -s notice.third ]
	[[ $(cat said.third) == *"[wrong-nonce]" || $(cat said.third) == *"[illegal-state]" ]]
	sho-ack --ledger sho.ledger "${sho[@]}" --trust trust.pem notice | switch >reports
	dpf-report --ledger ro.ledger --trust trust.pem "${dpf[@]}" reports >passed
	[ "$(drf-resolve --ledger ro.ledger "${ro[@]}" attach | m2m-show --json | jq -r .payload.sho)" = sho2.example ]
	[ "$(sqlite3 ro.ledger "SELECT sho, state FROM registration ORDER BY sho")" = "sho.example|installed
sho2.example|activated
sho3.example|delivered" ]
	sound 001030000000001
	[ "$(tre-show --tre m2me | m2m-show --json | jq -r '[.mids[] | .sho + " " + .state] | join(", ")')" = "sho2.example active" ]
}

@test "the same ack four times at once gives the same reports" {
	world
	discarded
	for i in 1 2 3 4; do
		switch ack >"reports.$i" 3>&- &
	done
	wait
	for i in 2 3 4; do
		cmp reports.1 "reports.$i"
	done
	sound 001030000000001
}

@test "a peer that truncates, repeats, reorders and delays changes nothing" {
	world
	discarded
	switch ack >reports
	cp m2me end
	for object in order second second.delivery ack; do
		for n in 1 40 200; do
			head -c -$n $object >cut
			run -2 --separate-stderr switch cut
			[ -z "$output" ]
		done
	done
	cat ack second.delivery second order order second second.delivery ack | switch >all
	cat reports notice evidence attach attach evidence notice reports | cmp - all
	[ "$(state m2me)" = "$(state end)" ]
	sound 001030000000001
}

# --- the DPF's filter ---

@test "dpf-report releases a device once, and tells nothing but that" {
	world
	discarded
	switch ack >reports
	m2m-show --json reports | sed -n 1p | m2m-make report >free
	pass() { dpf-report --ledger ro.ledger --trust trust.pem "$@"; }
	rejects 2 "dpf-report: item 1: needs --key and --cert to release a device" pass free
	rejects 2 "dpf-report: --cert: 'sho.example.pem' lacks the role DPF" pass "${sho[@]}" free
	certify dpf dpf2.example dpf2.example
	rejects 1 "dpf-report: item 1: report.nonce: is of another DPF's registration [wrong-dpf]" \
		pass --key dpf2.example.key --cert dpf2.example.pem free
	pass "${dpf[@]}" free >release
	diff <(field '.payload | del(.iat) | keys_unsorted | join(" ")' release) <(echo "dpf pcid sho nonce")
	pass "${dpf[@]}" free | cmp - release
	# an insider with the device's PlC could say no more
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out liar.key
	openssl req -new -key liar.key -subj "/serialNumber=liar/CN=M2ME liar" \
		-addext "2.23.133.5.4.4=DER:3011040f$(field .ueid inventory)" |
		plc-sign --ledger liar.ledger --key m2mes.key --cert m2mes.pem --state state.cnf >liar.pem
	lie() { forge report "$1" liar <free >forged; }
	lie '.payload.iat += 1'
	rejects 1 "dpf-report: item 1: report.nonce: the device was released before, by another report [already-reported]" \
		pass "${dpf[@]}" forged
	sqlite3 ro.ledger "DELETE FROM released"
	lie '.payload.ack.payload.iat += 1'
	rejects 1 "dpf-report: item 1: report.ack.signature: does not verify [bad-signature]" pass "${dpf[@]}" forged
	acked() { # FILTER NAME
		forge ack "$1" "$2" <ack >ack2
		lie ".payload.ack = $(m2m-show --json --reveal ack2)"
	}
	acked '.payload.by = "sho2.example"' sho2.example
	rejects 1 "dpf-report: item 1: report.ack.by: is the new operator [wrong-operator]" pass "${dpf[@]}" forged
	acked '.payload.ueid |= .[:30] + "09"' sho.example
	rejects 1 "dpf-report: item 1: report.ack.ueid: is not the report's [wrong-device]" pass "${dpf[@]}" forged
	lie '.payload.result = "activated" | del(.payload.ack) | .payload.mid = "other"'
	rejects 1 "dpf-report: item 1: report.mid: is not what was delivered [wrong-mid]" pass forged
}

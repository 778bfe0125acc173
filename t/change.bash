# SPDX-License-Identifier: Apache-2.0
# For the tests of a change of operator: the way there, from the world, and what must hold at every instant.
# Each of ordered, registered, attested, discarded begins with the one before.

# switch [OPTION...] FILE... - the machine in the TRE
switch() {
	sho-switch --tre m2me "$@"
}

# ordered - to change to sho2.example; the order in "order", its answer in "attach"
ordered() {
	another_operator
	us-order --ledger us.ledger "${us[@]}" --order re-provision --sho sho2.example --wait 1000 inventory >order
	switch order >attach
}

# registered - and the RO has registered the device with it, in "second"
registered() {
	ordered
	drf-resolve --ledger ro.ledger "${ro[@]}" attach | drf-register --ledger ro.ledger "${ro[@]}" --trust trust.pem >second
}

# attested - and it was found in good state, and its MID is on the way, in "second.delivery"
attested() {
	registered
	switch second >evidence
	packed second evidence
}

# discarded - and the old MID is gone; the notice in "notice", its acknowledgement in "ack"
discarded() {
	attested
	switch second.delivery >notice
	sho-ack --ledger sho.ledger "${sho[@]}" --trust trust.pem notice >ack
}

# aka IDENTITY - a network of its operator lets it in
aka() {
	local ledger plmn
	case $1 in
	00101*) ledger=ro.ledger plmn=901-70 ;;
	00102*) ledger=sho.ledger plmn=001-02 ;;
	00103*) ledger=sho2.ledger plmn=001-03 ;;
	esac
	vno-request --plmn $plmn with >with.request
	av-answer --ledger $ledger with.request >with.av
	sub-answer --ledger $ledger with.request >with.subscription
	vno-challenge with.av | usim-auth --tre m2me >with.response
	vno-check --plmn $plmn with.av with.subscription with.response >with.grant
}

# sound [IDENTITY] - the device gets on line, with that identity, and no two MIDs are active
sound() {
	tre-attach --tre m2me >with
	[ -z "$1" ] || [ "$(field .identity with)" = "$1" ]
	aka "$(field .identity with)"
	[ "$(sqlite3 m2me "SELECT count(*) FROM application WHERE kind = 'usim' AND state = 'active'")" -le 1 ]
}

# renewed [OPTION...] - a new credential for the world's MID, in "new", on its way in "update.delivery"; OPTION: to
# drf-resolve, so that it is another registration each time
renewed() {
	drf-resolve --ledger ro.ledger "${ro[@]}" "${@:---validity=3601}" 06-attach-request |
		drf-register --ledger ro.ledger "${ro[@]}" --trust trust.pem >update
	tre-attest --tre m2me update >update.evidence
	pva-verify "${pva[@]}" --trust trust.pem --policy "$examples/pva.cnf" update update.evidence >update.verdict
	mid-gen --ledger sho.ledger --update 001020000000001 >new
	sho-authorize --scope update --ledger sho.ledger "${sho[@]}" --trust trust.pem update update.verdict >update.authorization
	mid-wrap --ledger sho.ledger "${sho[@]}" --trust trust.pem update update.verdict new >update.package
	dpf-deliver --ledger ro.ledger "${dpf[@]}" --trust trust.pem update.authorization update.package >update.delivery
}

# rekeyed - and the device has it, and says so in "update.report"
rekeyed() {
	renewed
	mid-install --tre m2me update.delivery >update.report
}

# heard - and its operator knows
heard() {
	dpf-report --ledger ro.ledger --trust trust.pem update.report >passed
	sho-report --ledger sho.ledger --trust trust.pem passed
}

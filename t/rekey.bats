# SPDX-License-Identifier: Apache-2.0
# A new credential for a MID in the field: at every instant device and operator have one in common.
load helper
load trust
load change

imsi=001020000000001
one=8988000000000000016

# holds STORE - how many credentials it has for the MID
holds() {
	case $1 in
	m2me) sqlite3 m2me "SELECT 1 + (previous IS NOT NULL) FROM application WHERE kind = 'usim'" ;;
	*) sqlite3 "$1" "SELECT 1 + EXISTS(SELECT 1 FROM successor) FROM identity" ;;
	esac
}

# challenged LEDGER - a challenge out of that ledger
challenged() {
	vno-request --plmn 001-02 15-attach-request >request
	av-answer --ledger "$1" request | vno-challenge
}

# refused MESSAGE [PACKAGE [AUTHORIZATION [FILTER]]] - a delivery of these is; the TRE is as it was, and takes the old one
refused() {
	local before
	before=$(inside m2me)
	parcel "${3:-update.authorization}" "${2:-update.package}" \
		".payload.nonce = \"$(field .payload.nonce update)\" | .payload.operation = \"update\" | ${4:-.}" >forged
	refuses "mid-install: item 1: $1" mid-install --tre m2me forged
	[ "$(field '.payload | [.sho, .result] | join(" ")' answer)" = "sho.example refused" ]
	[ "$(inside m2me)" = "$before" ]
	sound $imsi
}

# changed FILTER - a package with the new MID, changed by it
changed() {
	edit mid "$1" <new >content
	pack sho.example.key sho.example.pem update.verdict update.package content >package
}

# --- from one to the other ---

@test "a new credential: made, installed, reported, used - and the device gets on line at each instant" {
	world
	[ "$(holds sho.ledger)$(holds m2me)" = 11 ]
	renewed
	[ "$(holds sho.ledger)$(holds m2me)" = 21 ]
	sound $imsi
	active_before=$(tre-show --tre m2me | m2m-show --json | jq -c .mids)
	mid-install --tre m2me update.delivery >update.report
	[ "$(field '.payload | [.sho, .mid, .result, .counter] | join(" ")' update.report)" = "sho.example $one updated 2" ]
	[ "$(tre-show --tre m2me | m2m-show --json | jq -c .mids)" = "$active_before" ]
	[ "$(holds sho.ledger)$(holds m2me)" = 22 ]
	sound $imsi	# by the old one: the operator has not heard yet
	[ "$(holds m2me)" = 2 ]
	cp sho.ledger deaf.ledger
	heard
	[ "$(holds sho.ledger)$(holds m2me)" = 12 ]
	sound $imsi	# by the new one
	[ "$(holds sho.ledger)$(holds m2me)" = 11 ]
	challenged deaf.ledger >challenge
	run -1 --separate-stderr usim-auth --tre m2me challenge
	[ "$stderr" = "usim-auth: item 1: challenge.autn: MAC is wrong (TS 33.102 6.3.3) [mac-failure]" ]
	sound $imsi
}

@test "what answers is the new credential, and nothing of the old one stays" {
	world
	old=$(sqlite3 m2me "SELECT hex(sealed) FROM application WHERE kind = 'usim'")
	rekeyed
	heard
	[ "$(sqlite3 sho.ledger "SELECT hex(object) FROM identity")" = "$(hex <new | tr a-f A-F)" ]
	sound $imsi
	cat m2me m2me-wal 2>/dev/null | hex >bytes
	run -1 grep -c "$(echo "${old:0:64}" | tr A-F a-f)" bytes
	diff <(m2m-show --json --reveal mid | jq -S 'del(.usim.k, .usim.opc, .usim.credential, .trial)') \
		<(m2m-show --json --reveal new | jq -S 'del(.usim.k, .usim.opc, .usim.credential, .trial)')
	[ "$(field .usim.k mid)" != "$(field .usim.k new)" ]
	[ "$(field .usim.opc mid)" != "$(field .usim.opc new)" ]
}

@test "the SQN of a device that was updated goes on, and no old challenge is taken again" {
	world
	challenged sho.ledger >early
	sound $imsi
	rekeyed
	run -1 --separate-stderr usim-auth --tre m2me early
	[[ $stderr == *"[sync-failure]" ]]
	[ "$(sqlite3 sho.ledger 'SELECT seq FROM identity')" -gt 2 ]
	before=$(sqlite3 sho.ledger 'SELECT seq FROM identity')
	heard
	[ "$(sqlite3 sho.ledger 'SELECT seq FROM identity')" = "$before" ]
}

@test "each step again, however late, gets the same answer and changes nothing" {
	world
	rekeyed
	before=$(state m2me sho.ledger)
	late=$(($(date +%s) + 60 * day))
	mid-gen --ledger sho.ledger --update $imsi | cmp - new
	sho-authorize --scope update --now $late --ledger sho.ledger "${sho[@]}" --trust trust.pem update update.verdict |
		cmp - update.authorization
	mid-wrap --now $late --ledger sho.ledger "${sho[@]}" --trust trust.pem update update.verdict new | cmp - update.package
	dpf-deliver --now $late --ledger ro.ledger "${dpf[@]}" --trust trust.pem update.authorization update.package |
		cmp - update.delivery
	mid-install --now $late --tre m2me update.delivery | cmp - update.report
	mirror delivery <update.delivery | mid-install --tre m2me | cmp - update.report
	[ "$(state m2me sho.ledger)" = "$before" ]
	heard
	before=$(state sho.ledger)
	heard
	mirror report <update.report | sho-report --ledger sho.ledger --trust trust.pem
	[ "$(state sho.ledger)" = "$before" ]
	sound $imsi
}

@test "a delivery that was lost is made again, and the same new credential comes twice" {
	world
	renewed
	cp update.delivery first
	mv new first.new
	renewed --validity=3602
	cmp new first.new
	mid-install --tre m2me first >first.report
	mid-install --tre m2me update.delivery >update.report
	[ "$(holds m2me)" = 2 ]	# and not twice the new one
	sound $imsi
	mv update.report last.report
	mv first.report update.report
	heard
	mv last.report update.report
	heard
	sound $imsi
	[ "$(holds m2me)" = 1 ]
	# the next one is another, and a late report of the first does not bring it forward
	renewed --validity=3603
	[ "$(field .usim.k new)" != "$(field .usim.k first.new)" ]
	sho-report --ledger sho.ledger --trust trust.pem update.report
	[ "$(holds sho.ledger)" = 2 ]
	sound $imsi
}

@test "a MID that is inactive stays so, with its new credential" {
	world
	beside
	us-order --ledger us.ledger "${us[@]}" --order activate --sho sho2.example --mid $one inventory | mid-activate --tre m2me >report
	sed "s/sho2/sho_example/; s/sho2\.example/sho.example/" "$examples/drf.cnf" >drf3.cnf
	drf-set --ledger ro.ledger "$examples/drf.cnf"
	sqlite3 ro.ledger "DELETE FROM drf WHERE prefix = '001010000000001'"
	rekeyed
	[ "$(tre-show --tre m2me | m2m-show --json | jq -r '.mids[] | .sho + " " + .state')" = "sho.example inactive
sho2.example active" ]
	heard
	us-order --ledger us.ledger "${us[@]}" --order activate --sho sho.example --mid $one inventory | mid-activate --tre m2me >report
	sound $imsi
}

@test "in GSM no network proves anything: it is answered with the new credential, and the old one stays" {
	world
	rekeyed
	heard
	m2m-show --json --reveal new >json
	vno-request --plmn 001-02 --kind gsm 15-attach-request >request
	av-answer --ledger sho.ledger request >av
	sub-answer --ledger sho.ledger request >subscription
	vno-challenge av | usim-auth --tre m2me >response
	vno-check --plmn 001-02 av subscription response >grant
	[ "$(holds m2me)" = 2 ]
}

# --- what is refused ---

@test "a package that does not belong leaves the old credential, and says why" {
	world
	renewed
	changed '.trial.xres = "0011223344556677"'
	refused "mid.trial: does not run with the MID's own key [trial-failed]" package
	for change in '.usim.imsi = "001020000000011"' \
		'.usim.iccid = "8988000000000000024"' '.usim.spn = "Other"' '.not_after = 9999999999' \
		'.policy = {delete_by: "sho", replace_by: "sho"}' 'del(.ota)' '.usim.apns = ["free"]'; do
		changed "$change"
		refused "mid: differs in more than its credential from the one that is here [wrong-mid]" package
	done
	forge mid-package '.payload.counter = 1' sho.example <update.package >package
	refused "mid-package.sealed: body or header is not what was sealed [tampered]" package
	edit mid-package '.payload.counter = 1' <update.package >header
	pack sho.example.key sho.example.pem update.verdict header new >package
	refused "mid-package.counter: is not above the last one of sho.example [old-counter]" package
	changed '.id = "other"'
	refused "mid.id: is not the package's [wrong-mid]" package
	mid-install --tre m2me update.delivery >report
	sound $imsi
}

@test "there is nothing to update where the operator has no such MID, whoever else has one" {
	world
	renewed
	edit mid-package '.payload.mid = "other"' <update.package >header
	edit mid '.id = "other"' <new >content
	pack sho.example.key sho.example.pem update.verdict header content >package
	refused "the TRE holds no other of sho.example [unknown-mid]" package
	# a MID of that name is there, but another operator's
	beside
	amend m2me "DELETE FROM application WHERE sho = 'sho.example'"
	before=$(inside m2me)
	refuses "mid-install: item 1: the TRE holds no $one of sho.example [unknown-mid]" mid-install --tre m2me update.delivery
	[ "$(inside m2me)" = "$before" ]
}

@test "a MID that was discarded is not updated" {
	world
	renewed
	us-order --ledger us.ledger "${us[@]}" --order delete --sho sho.example --mid $one inventory | mid-delete --tre m2me >notice
	refuses "mid-install: item 1: $one is discarded, and cannot be updated [illegal-state]" mid-install --tre m2me update.delivery
	sound 001010000000001
}

@test "a credential that was made before its MID was withheld is given to nobody any more" {
	world
	renewed
	sqlite3 sho.ledger "DELETE FROM successor_package"
	sub-set --ledger sho.ledger --state quarantined $imsi
	before=$(state sho.ledger)
	rejects 1 "mid-gen: $imsi is quarantined [quarantined]" mid-gen --ledger sho.ledger --update $imsi
	rejects 1 "mid-wrap: item 3: $imsi is quarantined [quarantined]" \
		mid-wrap --ledger sho.ledger "${sho[@]}" --trust trust.pem update update.verdict new
	[ "$(state sho.ledger)" = "$before" ]
}

@test "what is authorised to be updated is not installed, nor the other way round" {
	world
	renewed
	refused "authorization.scope: needs install, has update [wrong-scope]" update.package update.authorization \
		'.payload.operation = "install"'
	forge authorization '.payload.scope = "install"' sho.example <update.authorization >authorization
	refused "authorization.scope: needs update, has install [wrong-scope]" update.package authorization
	forge authorization "$to_delete" sho.example <update.authorization >authorization
	refused "authorization.scope: needs update, has delete [wrong-scope]" update.package authorization
	refused "delivery.operation: needs install or update, has delete [wrong-scope]" update.package update.authorization \
		'.payload.operation = "delete"'
	rejects 1 "sho-authorize: item 2: registration.nonce: was answered for other content [nonce-used]" \
		sho-authorize --ledger sho.ledger "${sho[@]}" --trust trust.pem update update.verdict
	rejects 1 "sho-authorize: item 2: registration.nonce: was answered for other content [nonce-used]" \
		sho-authorize --scope update --ledger sho.ledger "${sho[@]}" --trust trust.pem 07-registration 09-verdict
}

@test "the operator seals a new credential for the device that has the MID, and it alone" {
	world
	renewed
	wrap() { mid-wrap --ledger sho.ledger "${sho[@]}" --trust trust.pem "$@"; }
	unsealed() { # MESSAGE MID
		local before
		before=$(state sho.ledger)
		rejects 1 "mid-wrap: item 3: $1" wrap update update.verdict "$2"
		[ "$(state sho.ledger)" = "$before" ]
	}
	sqlite3 sho.ledger "DELETE FROM successor_package"
	unsealed "$imsi has another new credential in the ledger [already-known]" mid
	sqlite3 sho.ledger "UPDATE holder SET ueid = x'00'"
	unsealed "registration.ueid: is not who the MID was sealed for [wrong-device]" new
	sqlite3 sho.ledger "DELETE FROM holder"
	unsealed "registration.mid: was sealed for no device [unknown-mid]" new
	sqlite3 sho.ledger "DELETE FROM successor"
	unsealed "$imsi has no new credential in the ledger [unknown-identity]" new
	rejects 1 "mid-wrap: item 2: $imsi is in the ledger with other data [already-known]" \
		wrap --prepare update.verdict new
}

@test "mid-gen makes a new credential for a MID that a device may have" {
	world
	another() { mid-gen --profile "$examples/mid.cnf" --ledger sho.ledger >second; }
	another
	rejects 1 "mid-gen: 001020000000002 was sealed for no device [unknown-mid]" \
		mid-gen --ledger sho.ledger --update 001020000000002
	rejects 1 "mid-gen: 001029999999999 is not in the ledger [unknown-identity]" \
		mid-gen --ledger sho.ledger --update 001029999999999
	sub-set --ledger sho.ledger --state quarantined $imsi
	rejects 1 "mid-gen: $imsi is quarantined [quarantined]" mid-gen --ledger sho.ledger --update $imsi
	rejects 2 "mid-gen: --update: goes with neither --profile nor --count" \
		mid-gen --ledger sho.ledger --update $imsi --count 2
	rejects 2 "mid-gen: --update: goes with neither --profile nor --count" \
		mid-gen --ledger sho.ledger --update $imsi --profile "$examples/mid.cnf"
	rejects 3 "mid-gen: --ledger: cannot open 'none.ledger': No such file or directory" mid-gen --ledger none.ledger --update $imsi
}

@test "the operator believes of a new credential only the device that it sealed it for" {
	world
	rekeyed
	device M2ME "$(field .payload.ueid update.report)"
	unheard() { # MESSAGE FILTER
		local before
		edit report "$2" <update.report | resign M2ME.key M2ME.pem >report
		before=$(state sho.ledger)
		rejects 1 "sho-report: item 1: report.$1" sho-report --ledger sho.ledger --trust trust.pem report
		[ "$(state sho.ledger)" = "$before" ]
	}
	unheard "ueid: is not who the MID was sealed for [wrong-device]" '.payload.ueid |= .[:30] + "09"'
	unheard "pcid: is not the registration's [wrong-pcid]" '.payload.pcid = "001010000000002"'
	unheard "mid: was sealed for no device [unknown-mid]" '.payload.mid = "other"'
	unheard "sho: is not the MID's [wrong-operator]" '.payload.sho = "sho2.example"'
	unheard "nonce: is of no new credential in this ledger [unknown-nonce]" '.payload.nonce |= .[2:] + .[:2]'
	unheard "nonce: is of no new credential in this ledger [unknown-nonce]" \
		".payload.nonce = \"$(field .payload.nonce 13-report)\""
	iat=$(field .payload.iat update.report)
	unheard "iat: lies in the future, at $(spelt $((iat + 100000))) [not-yet-valid]" '.payload.iat += 100000'
	resign sho.example.key sho.example.pem <update.report >report
	rejects 1 "sho-report: item 1: report.protected.x5chain: needs the role TRE, has SHO [wrong-role]" \
		sho-report --ledger sho.ledger --trust trust.pem report
	rejects 1 "sho-report: item 1: report.result: needs updated, has installed [wrong-result]" \
		sho-report --ledger sho.ledger --trust trust.pem 13-report
	edit report '.payload.iat += 1' <update.report >changed
	rejects 1 "sho-report: item 1: report.signature: does not verify [bad-signature]" \
		sho-report --ledger sho.ledger --trust trust.pem changed
	[ "$(holds sho.ledger)" = 2 ]
}

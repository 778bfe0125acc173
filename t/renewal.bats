# SPDX-License-Identifier: Apache-2.0
# The renewal of a PCID: at every instant the device holds one that its RO lets in, and only the RO can give it.
load helper
load trust
load change

old=001010000000001
new=001010000000002
referrals=1000	# each for another time: the same again is the same registration

# made PCID [OPTION...] - a new one in the RO's ledger, dormant, and in the file named after it
made() {
	pcid-gen --plmn 001-01 --ro ro.example --first "$1" "${@:2}" >"$1"
	pcid-load --ledger ro.ledger --dormant "$1"
}

# asked NAME [OPTION...] - the device registers for a renewal and is validated: NAME.registration, NAME.verdict
asked() {
	referrals=$((referrals + 1))
	tre-attach --tre m2me "${2:---pcid}" "${@:3}" >"$1.attach"
	drf-resolve --ledger ro.ledger "${ro[@]}" --renew --validity $referrals "$1.attach" |
		drf-register --ledger ro.ledger "${ro[@]}" --trust trust.pem >"$1.registration"
	tre-attest --tre m2me "$1.registration" >"$1.evidence"
	pva-verify "${pva[@]}" --trust trust.pem --policy "$examples/pva.cnf" "$1.registration" "$1.evidence" >"$1.verdict"
}

wrap() {
	pcid-wrap --ledger ro.ledger "${ro[@]}" --trust trust.pem "$@"
}

install() {
	pcid-install --tre m2me "$@"
}

# sealed - the new PCID is on its way to the world's device, in "package"
sealed() {
	made $new
	asked r
	wrap r.registration r.verdict $new >package
}

# brought - and in its TRE; the report in "report"
brought() {
	sealed
	install package >report
	dpf-report --ledger ro.ledger --trust trust.pem report >passed
}

# lets_in IDENTITY - a network of its operator does
lets_in() {
	jq -nc "{identity: \"$1\"}" | m2m-make attach-request >with
	aka "$1"
}

# out IDENTITY STATE - the TRE has erased it, and the RO's ledger says so
out() {
	m2m-make challenge <<<"{\"identity\":\"$1\",\"kind\":\"umts\",\"rand\":\"$(printf %032d 0)\",\"autn\":\"$(printf %032d 0)\"}" >challenge
	rejects 1 "usim-auth: item 1: another PCID has taken the place of $1 [not-active]" usim-auth --tre m2me challenge
	[ "$(sqlite3 m2me "SELECT length(sealed) FROM application WHERE identity = '$1'")" = 0 ]
	[ "$(sqlite3 m2me "SELECT count(*) FROM slot WHERE identity = '$1'")" = 0 ]
	[ "$(jq -nc "{identity: \"$1\"}" | m2m-make attach-request | sub-answer --ledger ro.ledger | m2m-show --json | jq -r .state)" = "$2" ]
}

# pcids - those in the TRE, and their states
pcids() {
	sqlite3 m2me "SELECT group_concat(substr(identity, -1) || state, ' ') FROM application WHERE kind = 'pcid'"
}

# still MESSAGE CMD... - refused, and neither the TRE nor the ledger is any different
still() {
	local before message=$1
	before=$(state m2me ro.ledger)
	rejects 1 "$message" "${@:2}"
	[ "$(state m2me ro.ledger)" = "$before" ]
}

# --- from the old one to the new one ---

@test "both PCIDs work until the new one has been used once; then the old one nowhere" {
	world
	sealed
	lets_in $old
	[ "$(pcids)" = "1active" ]
	install package >report
	[ "$(pcids)" = "1active 2installed" ]
	[ "$(tre-show --tre m2me | m2m-show --json | jq -r '[.pcid, .new_pcid] | join(" ")')" = "$old $new" ]
	[ "$(field '.payload | [.pcid, .sho, .mid, .result] | join(" ")' report)" = "$old ro.example $new installed" ]
	[ "$(field .identity <(tre-attach --tre m2me))" = 001020000000001 ]
	[ "$(field .identity <(tre-attach --tre m2me --pcid))" = $new ]
	[ "$(field .identity <(tre-attach --tre m2me --former))" = $old ]
	lets_in $old
	rejects 1 "pcid-install: no new PCID has been used yet [too-early]" install --used
	lets_in $new
	[ "$(pcids)" = "1discarded 2active" ]
	out $old live	# that it was used has not been reported yet
	lets_in $new
	[ "$(field .identity <(tre-attach --tre m2me --former))" = $new ]
	install --used >used
	[ "$(field '.payload | [.pcid, .sho, .mid, .result] | join(" ")' used)" = "$old ro.example $new activated" ]
	dpf-report --ledger ro.ledger --trust trust.pem report used | cmp - <(cat report used)
	out $old expired
	jq -nc "{identity: \"$old\"}" | m2m-make attach-request | vno-request --plmn 901-70 >request
	rejects 1 "av-answer: item 1: $old has expired [expired]" av-answer --ledger ro.ledger request
	lets_in $new
	sound 001020000000001
}

@test "a network that does not know the new PCID's K does not make the old one go" {
	world
	brought
	jq -nc "{identity: \"$new\"}" | m2m-make attach-request | vno-request --plmn 901-70 >request
	av-answer --ledger ro.ledger request | vno-challenge >challenge
	altered() { m2m-show --json challenge | jq -c "$1" | m2m-make challenge >forged; }
	altered '.autn |= .[:30] + (if .[30:] == "00" then "01" else "00" end)'
	run -1 usim-auth --tre m2me forged
	[[ $output == *"[mac-failure]" ]]
	[ "$(pcids)" = "1active 2installed" ]
	altered '.kind = "gsm" | del(.autn)'	# no network is authenticated
	usim-auth --tre m2me forged >response
	[ "$(pcids)" = "1active 2installed" ]
	usim-auth --tre m2me challenge >response
	[ "$(pcids)" = "1discarded 2active" ]
}

@test "each object again, at any later time, gets the same answer and moves nothing" {
	world
	brought
	later=$(($(date +%s) + 60 * day))
	wrap r.registration r.verdict $new | cmp - package
	mirror pcid-package <package | install --now $later | cmp - report
	lets_in $new
	install --used >used
	dpf-report --ledger ro.ledger --trust trust.pem used >passed
	before=$(state m2me ro.ledger)
	install package | cmp - report
	install --used --now $later | cmp - used
	wrap --now $later r.registration r.verdict $new | cmp - package
	dpf-report --ledger ro.ledger --trust trust.pem --now $later report used used | cmp - <(cat report used used)
	[ "$(state m2me ro.ledger)" = "$before" ]
	rejects 2 "pcid-install: unexpected operand 'package'" install --used package
	# the PCID that was loaded first does not come back
	before=$(state m2me)
	rejects 1 "tre-load: item 1: the TRE holds another PCID [already-known]" tre-load --tre m2me pcid
	[ "$(state m2me)" = "$before" ]
}

@test "a renewed PCID is renewed in its turn, and a report that comes late hurts no newer one" {
	world
	brought
	lets_in $new
	install --used >used
	made 001010000000003
	asked s
	wrap s.registration s.verdict 001010000000003 >package3
	install package3 >report3
	[ "$(pcids)" = "1discarded 2active 3installed" ]
	lets_in 001010000000003
	install --used >used3
	dpf-report --ledger ro.ledger --trust trust.pem report3 used3 >passed
	out $old expired	# though nobody has reported yet that the second was used
	out $new expired
	dpf-report --ledger ro.ledger --trust trust.pem used >passed
	lets_in 001010000000003
}

@test "a new PCID that was not used gives way to a newer one, and the old one works all the while" {
	world
	brought
	made 001010000000003
	asked s --former
	wrap s.registration s.verdict 001010000000003 >package3
	[ "$(field .payload.counter package3)" = 2 ]
	install package3 >report3
	[ "$(pcids)" = "1active 2discarded 3installed" ]
	out $new live
	lets_in $old
	lets_in 001010000000003
	[ "$(pcids)" = "1discarded 2discarded 3active" ]
	install --used >used3
	dpf-report --ledger ro.ledger --trust trust.pem used3 >passed
	out $old expired
	out $new expired
	lets_in 001010000000003
}

@test "a device whose network authenticates nobody attests, and is renewed, under the new PCID too" {
	world
	brought
	made 001010000000003
	asked s
	[ "$(field .payload.pcid s.registration)" = $new ]
	wrap s.registration s.verdict 001010000000003 | install >report3
	[ "$(pcids)" = "1active 2discarded 3installed" ]
	lets_in $old
	lets_in 001010000000003
	install --used | dpf-report --ledger ro.ledger --trust trust.pem >passed
	out $old expired
	out $new expired
}

@test "what the DRF has for the old PCID alone it has for the new one" {
	world
	another_operator
	sealed
	jq -nc "{identity: \"$new\", ueid: \"$(field .ueid inventory)\"}" | m2m-make attach-request >attach
	[ "$(drf-resolve --ledger ro.ledger "${ro[@]}" attach | m2m-show --json | jq -r .payload.sho)" = sho2.example ]
	[ "$(drf-resolve --ledger ro.ledger "${ro[@]}" --renew attach | m2m-show --json | jq -c '.payload | [.sho, .sho_address, .dpf]')" = '["ro.example",null,"dpf.ro.example"]' ]
}

# sees SHO - the DRF refers the device there, under each of its PCIDs
sees() {
	local pcid
	for pcid in $old $new; do
		jq -nc "{identity: \"$pcid\", ueid: \"$(field .ueid inventory)\"}" | m2m-make attach-request >attach
		[ "$(drf-resolve --ledger ro.ledger "${ro[@]}" attach | m2m-show --json | jq -r .payload.sho)" = "$1" ]
	done
}

@test "a change of operator while a PCID is renewed: the new one is referred to the new operator, too" {
	world
	brought
	discarded
	[ "$(field .payload.pcid second)" = $new ]
	lets_in $new
	[ "$(pcids)" = "1discarded 2active" ]
	switch ack >answer
	dpf-report --ledger ro.ledger --trust trust.pem "${dpf[@]}" answer >passed
	sees sho2.example
	install --used | dpf-report --ledger ro.ledger --trust trust.pem >passed
	out $old expired
	tre-outbox --tre m2me | dpf-ack --ledger ro.ledger "${dpf[@]}" --trust trust.pem | tre-settle --tre m2me
	[ -z "$(tre-outbox --tre m2me | hex)" ]
	sound 001030000000001
}

@test "a MID that came under the old PCID, and is made active later, takes the new PCID along" {
	world
	beside
	dpf-report --ledger ro.ledger --trust trust.pem second.report >passed
	activate() { # SHO SECONDS - so many from now
		local then=$(($(date +%s) + $2))
		us-order --ledger us.ledger "${us[@]}" --order activate --sho "$1" --mid 8988000000000000016 inventory |
			mid-activate --tre m2me --now $then >activated
		dpf-report --ledger ro.ledger --trust trust.pem --now $then activated >passed
	}
	sealed
	# what another device has asked for with a copy of the PCID is not this one's
	sqlite3 ro.ledger "INSERT INTO renewal VALUES(x'00', '$old', '001010000000009');
		INSERT INTO device VALUES('001010000000009', x'01')"
	sees sho2.example
	install package >report
	activate sho2.example 100
	sees sho2.example
	activate sho.example 200	# neither has been used yet: either may be
	sees sho.example
	lets_in $new
	install --used | dpf-report --ledger ro.ledger --trust trust.pem report - >passed
	sqlite3 ro.ledger "UPDATE identity SET not_after = 0 WHERE identity = '$old'"	# to ask for it, too
	activate sho2.example 300
	sees sho2.example
	[ -z "$(sqlite3 ro.ledger "SELECT 1 FROM drf WHERE prefix = '001010000000009'")" ]
}

@test "a MID that came under the old PCID is updated under the new one" {
	world
	brought
	lets_in $new
	install --used | dpf-report --ledger ro.ledger --trust trust.pem >passed
	tre-attach --tre m2me --pcid >06-attach-request
	rekeyed
	[ "$(field '.payload | [.pcid, .result] | join(" ")' update.report)" = "$new updated" ]
	sound 001020000000001
	heard
	sound 001020000000001
	[ "$(sqlite3 m2me "SELECT count(*) FROM application WHERE previous IS NOT NULL")" = 0 ]
	us-order --ledger us.ledger "${us[@]}" --order delete --sho sho.example --mid 8988000000000000016 inventory |
		mid-delete --tre m2me | sho-ack --ledger sho.ledger "${sho[@]}" --trust trust.pem | tre-settle --tre m2me
	[ "$(sqlite3 sho.ledger "SELECT state FROM identity")" = quarantined ]
}

@test "the new PCID is a way back on line, and so is the old one while the new one is not valid yet" {
	world
	brought
	delete() { us-order --ledger us.ledger "${us[@]}" --order delete --sho sho.example --mid 8988000000000000016 inventory >order; }
	delete
	amend m2me "UPDATE application SET not_before = 9999999999 WHERE identity = '$new'"
	[ "$(field .identity <(tre-attach --tre m2me --pcid))" = $old ]
	amend m2me "UPDATE application SET not_before = 0 WHERE identity = '$new'"
	amend m2me "UPDATE application SET not_after = 1 WHERE identity = '$old'"
	cp m2me kept
	amend m2me "DELETE FROM application WHERE identity = '$new'"
	rejects 1 "mid-delete: item 1: without 8988000000000000016 the device has neither a valid PCID nor a valid MID that is active [no-way-back]" \
		mid-delete --tre m2me order
	mv kept m2me
	mid-delete --tre m2me order >notice
	sound $new
	[ "$(pcids)" = "1discarded 2active" ]
}

# --- what the TRE refuses ---

@test "a package that is not the RO's, for this device, PCID and registration is refused without a report" {
	world
	sealed
	refuse() { still "pcid-install: item 1: $1" install "${2:-forged}"; }
	lie() { forge pcid-package "$1" "${2:-ro.example}" <package >forged; }
	lie . sho.example
	refuse "pcid-package.protected.x5chain: needs the role RO, has SHO [wrong-role]"
	stranger ro strange2 ro.example
	lie . strange2
	refuse "pcid-package.protected.x5chain: certificate of ro.example: no path to an anchor [untrusted-issuer]"
	edit pcid-package '.payload.counter = 9' <package >forged
	refuse "pcid-package.signature: does not verify [bad-signature]"
	lie '.payload.ro = "ro2.example"'
	refuse "pcid-package.ro: is not who signed it [wrong-signer]"
	certify ro ro2.example ro2.example
	lie '.payload.ro = "ro2.example"' ro2.example
	refuse "pcid-package.ro: is not the registration's [wrong-operator]"
	# even when the RO itself had named it
	forge registration '.payload.sho = "ro2.example" | .payload.nonce |= .[2:] + .[:2]' ro.example <r.registration >other
	tre-attest --tre m2me other >evidence
	lie ".payload.ro = \"ro2.example\" | .payload.nonce = \"$(field .payload.nonce other)\"" ro2.example
	refuse "pcid-package.ro: is not the operator of the PCID [wrong-operator]"
	lie '.payload.ueid |= .[:30] + "09"'
	refuse "pcid-package.ueid: is another device's [wrong-device]"
	lie '.payload.pcid = "001010000000003"'
	refuse "pcid-package.pcid: is not the registration's [wrong-pcid]"
	lie '.payload.nonce |= .[2:] + .[:2] | .payload.nonce |= .[4:] + .[:4]'
	refuse "pcid-package.nonce: is not one this TRE attested under [unknown-nonce]"
	lie ".payload.nonce = \"$(field .payload.nonce 07-registration)\""
	refuse "pcid-package.ro: is not the registration's [wrong-operator]"
	lets_in $old
	install package >report
	lie '.payload.counter = 9'
	refuse "pcid-package.nonce: brought something else before [nonce-used]"
}

@test "a package that cannot be opened, or holds what it should not, is refused in a report; the old PCID stays" {
	world
	sealed
	refused() { # MESSAGE - of "forged"
		local before
		before=$(inside m2me)
		refuses "pcid-install: item 1: $1" install forged
		[ "$(field '.payload | [.sho, .mid, .result] | join(" ")' answer)" = "ro.example $new refused" ]
		[ "$(inside m2me)" = "$before" ]
	}
	lie() { forge pcid-package "$1" ro.example <package >forged; }
	lie '.payload.exp = .payload.iat'
	refused "pcid-package.exp: ended at $(spelt "$(field .payload.iat package)") [expired]"
	lie '.payload.iat += 9999'
	refused "pcid-package.iat: lies in the future, at $(spelt "$(field .payload.iat forged)") [not-yet-valid]"
	lie '.payload.key |= .[2:] + .[:2]'
	refused "pcid-package.key: is another's sealing key [not-for-us]"
	lie '.payload.sealed.ciphertext |= .[2:] + .[:2]'
	refused "pcid-package.sealed: body or header is not what was sealed [tampered]"
	lie '.payload.counter = 9'
	refused "pcid-package.sealed: body or header is not what was sealed [tampered]"
	hold() { # FILTER - of what is sealed
		edit pcid "$1" <$new >content
		pack ro.example.key ro.example.pem r.verdict package content >forged
	}
	hold '.pcid = "001010000000003"'
	refused "pcid.pcid: is not the package's [wrong-pcid]"
	hold '.ro = "ro2.example"'
	refused "pcid.ro: is not the package's [wrong-operator]"
	hold '.not_after = 1'
	refused "pcid.not_after: has passed [expired]"
	hold '.k = "465b5ce8b199b49faa5f0a2ee238a6bc"'
	refused "pcid.k: is known to all the world; see --allow-test-keys [sample-key]"
	hold '.algorithm = "xor" | del(.opc)'
	refused "pcid.algorithm: xor is for tests; see --allow-test-keys [test-algorithm]"
	cp m2me kept
	install --allow-test-keys forged >report
	[ "$(pcids)" = "1active 2installed" ]
	mv kept m2me
	dpf-report --ledger ro.ledger --trust trust.pem answer | cmp - answer	# as any refusal
	lets_in $old
	install package >report
	dpf-report --ledger ro.ledger --trust trust.pem report >passed
	lets_in $new
}

@test "an older package does not come after a newer one, nor any once its PCID is gone" {
	world
	sealed
	made 001010000000003
	asked s
	wrap s.registration s.verdict 001010000000003 >package3
	made 001010000000004
	asked u
	wrap u.registration u.verdict 001010000000004 >package4
	install package3 >report3
	before=$(inside m2me)
	refuses "pcid-install: item 1: pcid-package.counter: is not above the last one of ro.example [old-counter]" install package
	[ "$(inside m2me)" = "$before" ]
	lets_in 001010000000003
	still "pcid-install: item 1: pcid-package.pcid: is not ours [wrong-pcid]" install package4
	still "pcid-install: item 1: pcid-package.pcid: is not ours [wrong-pcid]" install package
	# one that is or was there is not new
	asked v
	forge pcid-package "del(.payload.counter) | .payload.counter = 9 | .payload.pcid = \"001010000000003\" | .payload.new_pcid = \"$old\"
		| .payload.nonce = \"$(field .payload.nonce v.registration)\"" ro.example <package >header
	pack ro.example.key ro.example.pem v.verdict header pcid >forged
	refuses "pcid-install: item 1: pcid-package.new_pcid: is in the TRE already, or was [already-known]" install forged
	lets_in 001010000000003
}

@test "a MID is no PCID, and a PCID no MID" {
	world
	sealed
	rejects 2 "pcid-install: item 1: needs pcid-package/1, has mid-package/1" install 11-mid-package
	rejects 2 "pcid-install: item 1: needs pcid-package/1, has delivery/1" install 12-delivery
	rejects 2 "mid-install: item 1: needs delivery/1, has pcid-package/1" mid-install --tre m2me package
	rejects 2 "pcid-wrap: item 3: needs registration/1, verdict/1 or pcid/1, has mid/1" wrap r.registration r.verdict mid
	rejects 2 "mid-wrap: item 3: needs registration/1, verdict/1 or mid/1, has pcid/1" \
		mid-wrap --ledger sho.ledger "${sho[@]}" --trust trust.pem 07-registration 09-verdict $new
	before=$(state m2me)
	pack ro.example.key ro.example.pem r.verdict package mid >forged
	run -2 --separate-stderr install forged
	[ -z "$output" ]
	uninstalled
	before=$(state m2me)
	pack sho.example.key sho.example.pem 09-verdict 11-mid-package pcid >forged
	parcel 11-authorization forged >delivery
	run -2 --separate-stderr mid-install --tre m2me delivery
	[ -z "$output" ]
	[ "$(state m2me)" = "$before" ]
	run -2 --separate-stderr edit delivery ".payload.package = $(m2m-show --json --reveal package)" <12-delivery
}

# --- what the RO refuses ---

@test "pcid-wrap seals for a device that was registered for it, and found in good state" {
	world
	made $new
	asked r
	refuse() { still "pcid-wrap: item 3: $1" wrap "${2:-r.registration}" "${3:-r.verdict}" "${4:-$new}"; }
	refuse "registration.sho: is sho.example, not us [wrong-operator]" 07-registration 09-verdict
	refuse "verdict.aud: is sho.example, not the registration's [wrong-operator]" r.registration 09-verdict
	certify ro ro2.example ro2.example
	forge registration '.payload.ro = "ro2.example"' ro2.example <r.registration >other
	refuse "registration.ro: is ro2.example, not us [wrong-operator]" other
	lie() { forge verdict "$1" pva.example <r.verdict >forged; }
	lie '.payload.submods.tre.status = "warning"'
	refuse "verdict.submods.tre.status: is warning [not-affirmed]" r.registration forged
	lie '.payload.eat_nonce |= .[2:] + .[:2]'
	refuse "verdict.eat_nonce: is not the registration's [wrong-nonce]" r.registration forged
	lie '.payload.ueid |= .[:30] + "09"'
	refuse "verdict.ueid: is not the registration's [wrong-device]" r.registration forged
	lie '.payload.sub = "001010000000009"'
	refuse "verdict.sub: is not the registration's [wrong-pcid]" r.registration forged
	lie '.payload.exp = .payload.iat'
	refuse "verdict.exp: ended at $(spelt "$(field .payload.iat r.verdict)") [expired]" r.registration forged
	forge registration '.payload.nonce |= .[2:] + .[:2]' ro.example <r.registration >other
	lie ".payload.eat_nonce = \"$(field .payload.nonce other)\""
	refuse "registration.nonce: is of no registration in this ledger [unknown-nonce]" other forged
	sub-set --ledger ro.ledger --state quarantined $old
	refuse "$old is quarantined [quarantined]"
	sub-set --ledger ro.ledger --state live $old
	sqlite3 ro.ledger "UPDATE device SET ueid = x'00'"
	refuse "registration.ueid: $old belongs to another device [other-device]"
	rejects 2 "pcid-wrap: item 2: needs a registration and a verdict before the pcid" wrap r.registration $new
	rejects 2 "pcid-wrap: --cert: 'sho.example.pem' lacks the role RO" \
		pcid-wrap --ledger ro.ledger "${sho[@]}" --trust trust.pem r.registration r.verdict $new
}

@test "pcid-wrap gives a PCID of ours, that nobody had" {
	world
	made $new
	asked r
	refuse() { still "pcid-wrap: item 3: $1" wrap r.registration r.verdict "$2"; }
	pcid-gen --plmn 001-01 --ro ro.example --first 001010000000003 >strange
	refuse "001010000000003 is not in the ledger [unknown-identity]" strange
	edit pcid '.sqn = 64' <$new >changed
	refuse "$new is in the ledger with other data [already-known]" changed
	edit pcid '.ro = "ro2.example"' <$new >changed
	refuse "pcid.ro: is ro2.example, not us [wrong-operator]" changed
	edit pcid '.not_after = 1' <$new >changed
	refuse "pcid.not_after: has passed [expired]" changed
	refuse "pcid.pcid: $old was in use before [pcid-used]" pcid
	sub-set --ledger ro.ledger --state quarantined $new
	refuse "$new is quarantined [quarantined]" $new
	sub-set --ledger ro.ledger --state dormant $new
	sqlite3 ro.ledger "INSERT INTO device VALUES('$new', x'00')"
	refuse "pcid.pcid: $new belongs to another device [other-device]" $new
	sqlite3 ro.ledger "DELETE FROM device WHERE pcid = '$new'"
	wrap r.registration r.verdict $new >package
	made 001010000000003
	refuse "registration.nonce: was answered for other content [nonce-used]" 001010000000003
	asked s
	still "pcid-wrap: item 3: pcid.pcid: $new was in use before [pcid-used]" wrap s.registration s.verdict $new
	install package >report
	asked s
	still "pcid-wrap: item 3: pcid.pcid: $old was in use before [pcid-used]" wrap s.registration s.verdict pcid
}

@test "only the device itself can say that its new PCID was used" {
	world
	brought
	lets_in $new
	install --used >used
	device other 0102030405060708090a0b0c0d0e0f1011
	forge report . other <used >forged
	still "dpf-report: item 1: report.ueid: is not the one that registered [wrong-device]" \
		dpf-report --ledger ro.ledger --trust trust.pem forged
	forge report '.payload.mid = "001010000000009"' other <used >forged
	run -1 dpf-report --ledger ro.ledger --trust trust.pem forged
	# an operator's MID named like a PCID is no renewal
	forge report ".payload.mid = \"$new\"" other <13-report >forged
	run -1 dpf-report --ledger ro.ledger --trust trust.pem forged
	out $old live
	dpf-report --ledger ro.ledger --trust trust.pem used >passed
	out $old expired
}

# SPDX-License-Identifier: Apache-2.0
# The selected home operator: makes MIDs, authorises, seals - each registration once.
load helper
load trust

authorize() {
	sho-authorize --ledger sho.ledger "${sho[@]}" --trust trust.pem "$@"
}

wrap() {
	mid-wrap --ledger sho.ledger "${sho[@]}" --trust trust.pem "$@"
}

# gen [LINE...] - mid-gen with the example's profile and these lines in place of theirs
gen() {
	local line
	cp "$examples/mid.cnf" profile.cnf
	for line; do
		sed -i "/^${line%% *} /d" profile.cnf
		[[ $line != *= ]] || continue
		echo "$line" >>profile.cnf
	done
	mid-gen --profile profile.cnf --ledger "${ledger:-ledger}" ${count:+--count "$count"}
}

# both MESSAGE REGISTRATION VERDICT [OPTION...] - neither is anything authorised nor sealed for the two
both() {
	local before message=$1
	before=$(state sho.ledger)
	rejects 1 "sho-authorize: item 2: $message" authorize "${@:4}" "$2" "$3"
	[ "$(state sho.ledger)" = "$before" ]
	rejects 1 "mid-wrap: item 3: $message" wrap "${@:4}" "$2" "$3" mid
	[ "$(state sho.ledger)" = "$before" ]
}

# unsigned ITEM FIELD REGISTRATION VERDICT - both tools say that FIELD is not who signed that item
unsigned() {
	for tool in authorize:sho-authorize wrap:mid-wrap; do
		rejects 1 "${tool#*:}: item $1: $2: is not who signed it [wrong-signer]" "${tool%:*}" "$3" "$4"
	done
}

# another ARG... - the MID after the world's, put into the file "second"
another() {
	mid-gen --profile "$examples/mid.cnf" --ledger sho.ledger >second
}

# --- mid-gen ---

@test "mid-gen makes each MID once" {
	count=3 gen >three
	gen >one
	[ "$(cat three one | m2m-show --json | jq -r .usim.imsi | tr '\n' ' ')" = \
		"001020000000001 001020000000002 001020000000003 001020000000004 " ]
	[ "$(cat three one | m2m-show --json --reveal | jq -r '.usim | .k, .opc' | sort -u | wc -l)" = 8 ]
	[ "$(sqlite3 ledger 'SELECT count(*), sum(state = '"'dormant'"') FROM identity')" = "4|4" ]
}

@test "mid-gen says when the operator's numbers are used up" {
	[ "$(gen 'first = 9999999998' 'last = 9999999999' | m2m-show --json | jq -r .usim.imsi)" = 001029999999998 ]
	before=$(state ledger)
	count=2 gen 'first = 9999999998' 'last = 9999999999' >mid 2>said && return 1
	[ "$(cat said)" = "mid-gen: range 001-02 has fewer than 1 numbers left [used-up]" ]
	[ "$(field .usim.imsi mid)" = 001029999999999 ]
	rejects 1 "mid-gen: range 001-02 has fewer than 1 numbers left [used-up]" \
		gen 'first = 9999999998' 'last = 9999999999'
}

@test "mid-gen does not touch an identity that is in the ledger" {
	pcid-gen --plmn 001-02 --ro ro.example --first 001020000000001 | pcid-load --ledger ledger
	before=$(state ledger)
	rejects 1 "mid-gen: 001020000000001 is in the ledger with other data [already-known]" gen
	[ "$(state ledger)" = "$before" ]
}

@test "mid-gen says what is wrong with a profile" {
	rejects 2 "mid-gen: profile.cnf: [mid] sho: required" gen 'sho ='
	rejects 2 "mid-gen: profile.cnf: [mid] plmn: needs MCC-MNC such as 001-01" gen 'plmn = 00102'
	rejects 2 "mid-gen: profile.cnf: [mid] iccid_prefix: required" gen 'iccid_prefix ='
	rejects 2 "mid-gen: profile.cnf: [mid] iccid_prefix: needs up to 8 digits, has '898800000'" \
		gen 'iccid_prefix = 898800000'
	rejects 2 "mid-gen: profile.cnf: [mid] iccid_prefix: needs up to 8 digits, has '89x'" gen 'iccid_prefix = 89x'
	rejects 2 "mid-gen: profile.cnf: [mid] last: needs a number from 1 to 9999999999, has '0'" gen 'last = 0'
	rejects 2 "mid-gen: profile.cnf: [mid] first: needs a number from 0 to 5, has '6'" gen 'last = 5' 'first = 6'
	rejects 2 "mid-gen: profile.cnf: [mid] amf: needs 4 hex digits" gen 'amf = 800'
	rejects 2 "mid-gen: profile.cnf: [mid] isim: needs yes or no, has 'perhaps'" gen 'isim = perhaps'
	rejects 2 "mid-gen: profile.cnf: [mid] not_after: needs a time, has 'never'" gen 'not_after = never'
	rejects 2 "mid-gen: profile.cnf: [mid] not_after: needs a time, has '0'" gen 'not_after = 0'
	rejects 2 "mid-gen: profile.cnf: [mid] color: unknown key" gen 'color = red'
	rejects 2 "mid-gen: profile.cnf: [mid] sho: needs 1 to 64 bytes, has 65" gen "sho = $(printf 'x%.0s' {1..65})"
	rejects 2 "mid-gen: profile.cnf: [mid] sho: not UTF-8" gen $'sho = \xff'
	rejects 2 "mid-gen: profile.cnf: [mid] spn: needs 1 to 64 bytes, has 65" gen "spn = $(printf 'x%.0s' {1..65})"
	rejects 2 "mid-gen: profile.cnf: [mid] spn: needs 1 to 64 bytes, has 0" gen "spn = #"
	rejects 2 "mid-gen: profile.cnf: [mid] smsc: needs 1 to 21 bytes, has 23" gen "smsc = +8821000000000000000000"
	rejects 2 "mid-gen: profile.cnf: [mid] apns: needs 1 to 100 bytes, has 101" \
		gen "apns = a, $(printf 'x%.0s' {1..101})"
	rejects 2 "mid-gen: profile.cnf: [mid] apns: needs 1 to 100 bytes, has 0" gen "apns = a,, b"
	rejects 2 "mid-gen: profile.cnf: [mid] apns: needs 1 to 16 elements, has 17" \
		gen "apns = $(printf 'a,%.0s' {1..17})"
	rejects 2 "mid-gen: profile.cnf: [mid] destinations: needs 1 to 64 elements, has 65" \
		gen "destinations = $(printf 'a,%.0s' {1..65})"
	rejects 2 "mid-gen: profile.cnf: [mid] amf: needs 4 hex digits" gen 'amf = 80000'
	[ ! -e ledger ]
}

# --- sho-authorize and mid-wrap: what must belong together ---

@test "the operator provisions only who registered with it" {
	world
	unauthorised
	forge registration '.payload.sho = "sho2.example"' ro.example <07-registration >other
	both "registration.sho: is sho2.example, not us [wrong-operator]" other 09-verdict
	certify ro ro2.example ro2.example
	forge registration . ro2.example <07-registration >other
	unsigned 1 registration.ro other 09-verdict
}

@test "the operator takes verdicts for itself, from the authority that the registration names" {
	world
	unauthorised
	forge verdict '.payload.aud = "sho2.example"' pva.example <09-verdict >other
	both "verdict.aud: is sho2.example, not the registration's [wrong-operator]" 07-registration other
	certify pva pva2.example pva2.example
	forge verdict . pva2.example <09-verdict >other
	unsigned 2 verdict.pva 07-registration other
	forge verdict '.payload.pva = "pva2.example"' pva2.example <09-verdict >other
	both "verdict.pva: is not the one the registration names [wrong-pva]" 07-registration other
	forge registration '.payload.pva = "pva2.example"' ro.example <07-registration >other
	both "verdict.pva: is not the one the registration names [wrong-pva]" other 09-verdict
}

@test "the verdict of another registration is refused" {
	world
	unauthorised
	forge verdict '.payload.eat_nonce |= .[2:] + .[:2]' pva.example <09-verdict >other
	both "verdict.eat_nonce: is not the registration's [wrong-nonce]" 07-registration other
	forge verdict '.payload.sub = "001010000000002"' pva.example <09-verdict >other
	both "verdict.sub: is not the registration's [wrong-pcid]" 07-registration other
	forge verdict '.payload.ueid |= "0102" + .[4:]' pva.example <09-verdict >other
	both "verdict.ueid: is not the registration's [wrong-device]" 07-registration other
	drf-resolve --ledger ro.ledger "${ro[@]}" --validity 3601 06-attach-request >referral
	drf-register --ledger ro.ledger "${ro[@]}" --trust trust.pem referral >registration
	both "verdict.eat_nonce: is not the registration's [wrong-nonce]" registration 09-verdict
}

@test "only an affirming verdict counts" {
	world
	unauthorised
	for status in none warning contraindicated; do
		forge verdict ".payload.submods.tre |= (.status = \"$status\" | del(.trustworthiness_vector))" \
			pva.example <09-verdict >other
		both "verdict.submods.tre.status: is $status [not-affirmed]" 07-registration other
	done
	sed 's/^dbgstat.*/dbgstat =/' "$examples/pva.cnf" >policy.cnf
	pva-verify "${pva[@]}" --trust trust.pem --policy policy.cnf 07-registration 08-evidence >other 2>/dev/null &&
		return 1
	both "verdict.submods.tre.status: is contraindicated [not-affirmed]" 07-registration other
	# of evidence that was not believed: it names no key to seal to
	edit evidence '.payload.dbgstat = "enabled"' <08-evidence >changed
	pva-verify "${pva[@]}" --trust trust.pem --policy "$examples/pva.cnf" 07-registration changed >other 2>/dev/null &&
		return 1
	[ "$(field '.payload | has("cnf")' other)" = false ]
	both "verdict.submods.tre.status: is contraindicated [not-affirmed]" 07-registration other
}

@test "the operator keeps to the time of registration and verdict" {
	world
	unauthorised
	iat=$(field .payload.iat 07-registration)
	forge registration ".payload.exp = $((iat + 50))" ro.example <07-registration >short
	both "registration.exp: ended at $(spelt $((iat + 50))) [expired]" short 09-verdict --now $((iat + 50))
	forge registration ".payload.iat += 1000" ro.example <07-registration >future
	both "registration.iat: lies in the future, at $(spelt $((iat + 1000))) [not-yet-valid]" \
		future 09-verdict --now $((iat + 699))
	exp=$(field .payload.exp 09-verdict) iat=$(field .payload.iat 09-verdict)
	both "verdict.exp: ended at $(spelt "$exp") [expired]" 07-registration 09-verdict --now "$exp"
	forge verdict ".payload.iat += 1000" pva.example <09-verdict >future
	both "verdict.iat: lies in the future, at $(spelt $((iat + 1000))) [not-yet-valid]" \
		07-registration future --now $((iat + 699))
}

@test "the operator takes registrations from an RO and verdicts from a PVA" {
	world
	unauthorised
	for other in dpf.ro:DPF sho:SHO sho2:SHO pva:PVA; do
		forge registration . "${other%:*}.example" <07-registration >forged
		for tool in authorize:sho-authorize wrap:mid-wrap; do
			rejects 1 "${tool#*:}: item 1: registration.protected.x5chain: needs the role RO, has ${other#*:} [wrong-role]" \
				"${tool%:*}" forged 09-verdict
		done
	done
	for other in ro:RO dpf.ro:DPF sho:SHO sho2:SHO; do
		forge verdict . "${other%:*}.example" <09-verdict >forged
		for tool in authorize:sho-authorize wrap:mid-wrap; do
			rejects 1 "${tool#*:}: item 2: verdict.protected.x5chain: needs the role PVA, has ${other#*:} [wrong-role]" \
				"${tool%:*}" 07-registration forged
		done
	done
	device M2ME-0001 "$(field .payload.ueid 08-evidence)"
	forge verdict . M2ME-0001 <09-verdict >forged
	rejects 1 "mid-wrap: item 2: verdict.protected.x5chain: needs the role PVA, has TRE [wrong-role]" \
		wrap 07-registration forged
	stranger pva alien pva.example
	forge verdict . alien <09-verdict >forged
	rejects 1 "mid-wrap: item 2: verdict.protected.x5chain: certificate of pva.example: no path to an anchor [untrusted-issuer]" \
		wrap 07-registration forged
	rejects 2 "mid-wrap: --cert: 'ro.example.pem' lacks the role SHO" \
		mid-wrap --ledger sho.ledger "${ro[@]}" --trust trust.pem 07-registration 09-verdict mid
	rejects 2 "sho-authorize: --cert: 'pva.example.pem' lacks the role SHO" \
		sho-authorize --ledger sho.ledger "${pva[@]}" --trust trust.pem 07-registration 09-verdict
}

@test "another operator gets nothing out of this one's registration" {
	world
	other=(--ledger other.ledger --key sho2.example.key --cert sho2.example.pem --trust trust.pem)
	rejects 1 "sho-authorize: item 2: registration.sho: is sho.example, not us [wrong-operator]" \
		sho-authorize "${other[@]}" 07-registration 09-verdict
	rejects 1 "mid-wrap: item 3: mid.sho: is sho.example, not us [wrong-operator]" \
		mid-wrap "${other[@]}" 07-registration 09-verdict mid
	edit mid '.sho = "sho2.example"' <mid >mid2
	rejects 1 "mid-wrap: item 3: registration.sho: is sho.example, not us [wrong-operator]" \
		mid-wrap "${other[@]}" 07-registration 09-verdict mid2
}

@test "a key that is no point of the curve is refused" {
	world
	unauthorised
	forge verdict '.payload.cnf.key.y |= .[:62] + (if .[62:] == "00" then "01" else "00" end)' pva.example <09-verdict >other
	authorize 07-registration other >authorization
	rejects 2 "mid-wrap: item 3: verdict.cnf.key: is no point of the curve" wrap 07-registration other mid
}

# --- each registration once ---

@test "authorization and package are the same when asked for again, however late" {
	world
	before=$(state sho.ledger)
	late=$(($(field .payload.exp 07-registration) + 30 * day))
	for now in "$(field .payload.iat 09-verdict)" "$late"; do
		authorize --now "$now" 07-registration 09-verdict >again
		cmp 11-authorization again
		wrap --now "$now" 07-registration 09-verdict mid >again
		cmp 11-mid-package again
	done
	[ "$(state sho.ledger)" = "$before" ]
}

@test "registration and verdict under another signature get the same authorization and package" {
	world
	before=$(state sho.ledger)
	mirror registration <07-registration >registration
	mirror verdict <09-verdict >verdict
	for two in "registration 09-verdict" "07-registration verdict" "registration verdict"; do
		authorize $two | cmp - 11-authorization
		wrap $two mid | cmp - 11-mid-package
	done
	[ "$(state sho.ledger)" = "$before" ]
}

@test "a registration is used for one verdict and one MID" {
	world
	another
	pva-verify "${pva[@]}" --trust trust.pem --policy "$examples/pva.cnf" 07-registration 08-evidence >verdict
	before=$(state sho.ledger)
	rejects 1 "sho-authorize: item 2: registration.nonce: was answered for other content [nonce-used]" \
		authorize 07-registration verdict
	rejects 1 "mid-wrap: item 3: registration.nonce: was answered for other content [nonce-used]" \
		wrap 07-registration verdict mid
	rejects 1 "mid-wrap: item 3: registration.nonce: was answered for other content [nonce-used]" \
		wrap 07-registration 09-verdict second
	[ "$(state sho.ledger)" = "$before" ]
}

# again - a second registration, evidence and verdict of the world's device
again() {
	drf-resolve --ledger ro.ledger "${ro[@]}" --validity 3601 06-attach-request >referral
	drf-register --ledger ro.ledger "${ro[@]}" --trust trust.pem referral >registration
	tre-attest --tre m2me registration >evidence
	pva-verify "${pva[@]}" --trust trust.pem --policy "$examples/pva.cnf" registration evidence >verdict
}

@test "mid-wrap seals nothing that was not authorised" {
	world
	again
	another
	before=$(state sho.ledger)
	rejects 1 "mid-wrap: item 3: registration.nonce: is not authorised in this ledger; see sho-authorize [not-authorized]" \
		wrap registration verdict second
	[ "$(state sho.ledger)" = "$before" ]
	authorize registration verdict >authorization
	wrap registration verdict second >package
	[ "$(field .payload.counter package)" = 2 ]
}

@test "mid-wrap seals for the very registration and verdict that were authorised" {
	world
	again
	another
	authorize registration verdict >authorization
	# as affirming: of the same evidence, or to another key
	sed 's/^validity.*/validity = 7200/' "$examples/pva.cnf" >longer.cnf
	pva-verify "${pva[@]}" --trust trust.pem --policy longer.cnf registration evidence >verdict2
	point=$(openssl pkey -in ro.example.key -pubout -outform DER | tail -c 64 | hex)
	forge verdict ".payload.cnf.key |= (.x = \"${point:0:64}\" | .y = \"${point:64}\")" pva.example <verdict >verdict3
	forge registration '.payload.dpf = "dpf2.example"' ro.example <registration >registration2
	before=$(state sho.ledger)
	for other in "registration verdict2" "registration verdict3" "registration2 verdict"; do
		rejects 1 "mid-wrap: item 3: registration.nonce: was authorised with another registration or verdict [not-authorized]" \
			wrap $other second
		[ "$(state sho.ledger)" = "$before" ]
	done
	wrap registration verdict second >package
	wrap registration verdict second | cmp - package
}

@test "mid-wrap seals a MID once" {
	world
	again
	authorize registration verdict >authorization
	before=$(state sho.ledger)
	rejects 1 "mid-wrap: item 3: mid.id: 8988000000000000016 was sealed for another device [mid-used]" \
		wrap registration verdict mid
	[ "$(state sho.ledger)" = "$before" ]
}

@test "mid-wrap seals the MID that is in the ledger and no other" {
	world
	again
	another
	authorize registration verdict >authorization
	before=$(state sho.ledger)
	for change in '.id = "other"' '.usim.k = "00112233445566778899aabbccddeeff"' '.usim.imsi = "001020000000001" | .usim.acc = "0002"'; do
		edit mid "$change" <second >changed
		imsi=$(field .usim.imsi changed)
		rejects 1 "mid-wrap: item 3: $imsi is in the ledger with other data [already-known]" \
			wrap registration verdict changed
	done
	edit mid '.usim.imsi = "001020000000009" | .usim.acc = "0200"' <second >changed
	rejects 1 "mid-wrap: item 3: 001020000000009 is not in the ledger [unknown-identity]" \
		wrap registration verdict changed
	edit mid '.sho = "sho2.example"' <second >changed
	rejects 1 "mid-wrap: item 3: mid.sho: is sho2.example, not us [wrong-operator]" wrap registration verdict changed
	[ "$(state sho.ledger)" = "$before" ]
}

@test "an identity is live only once its MID is sealed" {
	world
	again
	another
	live() {
		sqlite3 sho.ledger "SELECT state FROM identity WHERE identity = '001020000000002'"
	}
	[ "$(live)" = dormant ]
	authorize registration verdict >authorization
	[ "$(live)" = dormant ]
	wrap registration verdict second >package
	[ "$(live)" = live ]
}

# --- what comes when ---

@test "the operator wants registration, verdict, MID in this order" {
	world
	rejects 2 "sho-authorize: item 1: needs a registration before the verdict" authorize 09-verdict
	rejects 2 "sho-authorize: ends before its verdict/1" authorize 07-registration
	rejects 2 "sho-authorize: item 2: needs registration/1 or verdict/1, has mid/1" authorize 07-registration mid
	rejects 2 "mid-wrap: item 1: needs a registration and a verdict before the mid" wrap mid
	rejects 2 "mid-wrap: item 2: needs a registration and a verdict before the mid" wrap 07-registration mid
	rejects 2 "mid-wrap: ends before its mid/1" wrap 07-registration 09-verdict
	rejects 2 "mid-wrap: item 4: needs a registration and a verdict before the mid" \
		wrap --keep-going 07-registration 09-verdict 07-registration mid
	rejects 2 "mid-wrap: item 3: needs registration/1, verdict/1 or mid/1, has pcid/1" wrap 07-registration 09-verdict pcid
}

@test "a verdict that was refused does not stay in place of the one before" {
	world
	unauthorised
	edit verdict '.payload.exp += 1' <09-verdict >changed
	rejects 1 "mid-wrap: item 3: verdict.signature: does not verify [bad-signature]" \
		wrap --keep-going 07-registration 09-verdict changed mid
}

@test "of a case that was refused the rest is passed over, and the next case is decided" {
	world
	unauthorised
	edit registration '.payload.exp += 1' <07-registration >changed
	run -1 eval 'authorize --keep-going changed 09-verdict 07-registration 09-verdict >authorization 2>said'
	diff said - <<<"sho-authorize: changed: item 1: registration.signature: does not verify [bad-signature]"
	[ "$(m2m-show --short authorization | wc -l)" -eq 1 ]
	run -1 eval 'wrap --keep-going changed 09-verdict mid 07-registration 09-verdict mid >package 2>said'
	diff said - <<<"mid-wrap: changed: item 1: registration.signature: does not verify [bad-signature]"
	[ "$(m2m-show --short package | wc -l)" -eq 1 ]
}

@test "no changed bit of a verdict passes" {
	world
	unauthorised
	before=$(state sho.ledger)
	authorize --keep-going 07-registration <(bitflips 09-verdict) >answers 2>said && return 1
	[ ! -s answers ]
	[ "$(unnamed <said | cut -d : -f 2 | sort -u | wc -l)" = $((8 * $(stat -c %s 09-verdict))) ]
	[ "$(state sho.ledger)" = "$before" ]
}

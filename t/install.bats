# SPDX-License-Identifier: Apache-2.0
# The delivery in the TRE: opened, tried, installed, reported - or refused, which is reported too of what was asked for.
load helper
load trust

unwrap() {
	mid-unwrap --key sealing.key --trust trust.pem "$@"
}

# uninstallable MESSAGE DELIVERY [OPTION...] - refused; a report says so, which the TRE's own PlC
# signed, and it waits to be acknowledged; and no MID, counter or nonce is any different
uninstallable() {
	local before
	before=$(inside m2me)
	refuses "mid-install: item 1: $1" mid-install --tre m2me "${@:3}" "$2"
	[ "$(field '.payload.result' answer)" = refused ]
	[ "$(inside m2me)" = "$before" ]
	[ "$(field '.protected.x5chain[0]' answer)" = "$(openssl x509 -in plc.pem -outform DER | hex)" ]
	tre-outbox --tre m2me | cmp - answer
}

# unreported MESSAGE DELIVERY [OPTION...] - refused without a report, and nothing is any different
unreported() {
	local before
	before=$(state m2me)
	rejects 1 "mid-install: item 1: $1" mid-install --tre m2me "${@:3}" "$2"
	[ "$(state m2me)" = "$before" ]
}

# authorization, package [FILTER] [SIGNER] - the world's, changed and signed anew, into files of that name
authorization() {
	forge authorization "${1:-.}" "${2:-sho}.example" <11-authorization >authorization
}
package() {
	forge mid-package "${1:-.}" "${2:-sho}.example" <11-mid-package >package
}

# repacked PACKAGE-FILTER MID-FILTER [SIGNER] - a package by an insider: header and content as he likes them
repacked() {
	edit mid-package "$1" <11-mid-package >header
	edit mid "$2" <mid >content
	pack "${3:-sho}.example.key" "${3:-sho}.example.pem" 09-verdict header content >package
}

# --- mid-install: who and for whom ---

@test "mid-install takes deliveries of a DPF, authorised and packed by an operator" {
	world
	uninstalled
	for other in ro:RO sho:SHO pva:PVA; do
		forge delivery . "${other%:*}.example" <12-delivery >forged
		unreported "delivery.protected.x5chain: needs the role DPF, has ${other#*:} [wrong-role]" forged
	done
	stranger dpf alien dpf.ro.example
	forge delivery . alien <12-delivery >forged
	unreported "delivery.protected.x5chain: certificate of dpf.ro.example: no path to an anchor [untrusted-issuer]" \
		forged
	for other in ro:RO dpf.ro:DPF pva:PVA; do
		authorization . "${other%:*}"
		parcel authorization 11-mid-package >forged
		uninstallable "authorization.protected.x5chain: needs the role SHO, has ${other#*:} [wrong-role]" forged
		package . "${other%:*}"
		parcel 11-authorization package >forged
		uninstallable "mid-package.protected.x5chain: needs the role SHO, has ${other#*:} [wrong-role]" forged
	done
	stranger sho alien sho.example
	forge mid-package . alien <11-mid-package >package
	parcel 11-authorization package >forged
	uninstallable "mid-package.protected.x5chain: certificate of sho.example: no path to an anchor [untrusted-issuer]" \
		forged
}

@test "mid-install wants each name to be who signed" {
	world
	uninstalled
	certify dpf dpf2.example dpf2.example
	forge delivery . dpf2.example <12-delivery >forged
	unreported "delivery.dpf: is not who signed it [wrong-signer]" forged
	authorization . sho2
	parcel authorization 11-mid-package >forged
	uninstallable "authorization.sho: is not who signed it [wrong-signer]" forged
	package . sho2
	parcel 11-authorization package >forged
	uninstallable "mid-package.sho: is not who signed it [wrong-signer]" forged
}

@test "mid-install takes the delivery of the DPF that was authorised and registered" {
	world
	uninstalled
	certify dpf dpf2.example dpf2.example
	forge delivery '.payload.dpf = "dpf2.example"' dpf2.example <12-delivery >forged
	unreported "delivery.dpf: is not the registration's [wrong-dpf]" forged
	authorization '.payload.aud = "dpf2.example"'
	parcel authorization 11-mid-package >forged
	uninstallable "authorization.aud: is not who delivers [wrong-dpf]" forged
	parcel authorization 11-mid-package '.payload.dpf = "dpf2.example"' >forged
	forge delivery . dpf2.example <forged >forged2
	unreported "delivery.dpf: is not the registration's [wrong-dpf]" forged2
}

@test "mid-install takes the MID of the operator that was registered" {
	world
	uninstalled
	authorization '.payload.sho = "sho2.example"' sho2
	parcel authorization 11-mid-package >forged
	uninstallable "mid-package.sho: is not the authorization's [wrong-operator]" forged
	repacked '.payload.sho = "sho2.example"' '.sho = "sho2.example"' sho2
	parcel 11-authorization package >forged
	unreported "mid-package.sho: is not the registration's [wrong-operator]" forged
	parcel authorization package >forged
	unreported "mid-package.sho: is not the registration's [wrong-operator]" forged
}

@test "mid-install mixes no PCIDs, nonces and operations" {
	world
	uninstalled
	for change in '.payload.pcid = "001010000000002"' '.payload.nonce |= .[2:] + .[:2]'; do
		[[ $change == *pcid* ]] && reason=wrong-pcid where=pcid || reason=wrong-nonce where=nonce
		forge delivery "$change" dpf.ro.example <12-delivery >of-another-$where
		authorization "$change"
		parcel authorization 11-mid-package >forged
		uninstallable "delivery.$where: is not the same in all its parts [$reason]" forged
		repacked "$change" .
		parcel 11-authorization package >forged
		uninstallable "delivery.$where: is not the same in all its parts [$reason]" forged
		# a report is of what was asked for, whatever the package says
		[ "$(field '.payload | .nonce, .pcid' answer)" = "$(field '.payload | .nonce, .pcid' 13-report)" ]
		parcel authorization package "$change" >all-$where
	done
	for forged in all of-another; do
		unreported "delivery.pcid: is not the registration's [wrong-pcid]" $forged-pcid
		unreported "delivery.nonce: is not one this TRE attested under [unknown-nonce]" $forged-nonce
	done
	authorization "$to_delete"
	parcel authorization 11-mid-package >forged
	uninstallable "authorization.scope: needs install, has delete [wrong-scope]" forged
	for scope in install update delete; do	# each by each
		authorization "$([ $scope = delete ] && echo "$to_delete" || echo ".payload.scope = \"$scope\"")"
		for operation in install update delete; do
			parcel authorization 11-mid-package ".payload.operation = \"$operation\"" >forged
			case $operation.$scope in
			install.install) continue ;;
			delete.*) says="delivery.operation: needs install or update, has delete [wrong-scope]" ;;
			update.update) says="the TRE holds no 8988000000000000016 of sho.example [unknown-mid]" ;;
			*) says="authorization.scope: needs $operation, has $scope [wrong-scope]" ;;
			esac
			uninstallable "$says" forged
		done
	done
}

@test "mid-install keeps to the time of delivery, authorization, package and MID" {
	world
	uninstalled
	iat=$(field .payload.iat 12-delivery)
	forge delivery '.payload.iat += 1000' dpf.ro.example <12-delivery >forged
	uninstallable "delivery.iat: lies in the future, at $(spelt $((iat + 1000))) [not-yet-valid]" \
		forged --now $((iat + 699))
	exp=$(field .payload.exp 11-authorization)
	uninstallable "authorization.exp: ended at $(spelt "$exp") [expired]" 12-delivery --now "$exp"
	exp=$((iat + 50))
	repacked ".payload.exp = $exp" .
	parcel 11-authorization package >forged
	uninstallable "mid-package.exp: ended at $(spelt "$exp") [expired]" forged --now "$exp"
	repacked . ".not_after = $exp"
	parcel 11-authorization package >forged
	uninstallable "mid.not_after: has passed [expired]" forged --now "$exp"
	mid-install --now $((exp - 1)) --tre m2me forged >report
	[ "$(field .payload.result report)" = installed ]
}

# --- mid-install: what is inside ---

@test "mid-install opens only what is sealed to its own key" {
	world
	uninstalled
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out other.key
	point=$(openssl ec -in other.key -pubout -outform DER 2>/dev/null | tail -c 64 | hex)
	forge verdict ".payload.cnf.key |= (.x = \"${point:0:64}\" | .y = \"${point:64}\")" pva.example <09-verdict >verdict
	pack sho.example.key sho.example.pem verdict 11-mid-package mid >package
	parcel 11-authorization package >forged
	uninstallable "mid-package.key: is another's sealing key [not-for-us]" forged
	edit mid-package 'del(.payload.key)' <11-mid-package >header	# as it was made before there were names of keys
	pack sho.example.key sho.example.pem verdict header mid >package
	parcel 11-authorization package >forged
	uninstallable "mid-package.sealed.recipient.encrypted_key: does not open with this key [not-for-us]" forged
}

@test "mid-install opens nothing under another header than it was sealed under" {
	world
	uninstalled
	for change in '.mid = "other"' '.counter = 7' '.exp += 1' '.iat -= 1'; do
		package ".payload |= ($change)"
		parcel 11-authorization package >forged
		uninstallable "mid-package.sealed: body or header is not what was sealed [tampered]" forged
	done
	package '.payload.sealed.ciphertext |= (if .[:2] == "00" then "01" else "00" end) + .[2:]'
	parcel 11-authorization package >forged
	uninstallable "mid-package.sealed: body or header is not what was sealed [tampered]" forged
	package '.payload.sealed.recipients[0].encrypted_key |= .[2:] + .[:2]'
	parcel 11-authorization package >forged
	uninstallable "mid-package.sealed.recipient.encrypted_key: does not open with this key [not-for-us]" forged
}

@test "mid-install wants header and content to name the same" {
	world
	uninstalled
	repacked . '.sho = "sho2.example"'
	parcel 11-authorization package >forged
	uninstallable "mid.sho: is not the package's [wrong-operator]" forged
	repacked . '.id = "other"'
	parcel 11-authorization package >forged
	uninstallable "mid.id: is not the package's [wrong-mid]" forged
}

@test "mid-install relies on no MID that does not run with its own key" {
	world
	uninstalled
	for change in '.usim.k = "00112233445566778899aabbccddeeff"' '.usim.opc = "00112233445566778899aabbccddeeff"' \
		'.trial.xres = "0011223344556677"' '.trial.rand = "00112233445566778899aabbccddeeff"' \
		'.trial.autn = "00112233445566778899aabbccddeeff"'; do
		repacked . "$change"
		parcel 11-authorization package >forged
		uninstallable "mid.trial: does not run with the MID's own key [trial-failed]" forged
	done
}

# --- mid-install: once ---

@test "mid-install reports the same of a package under another signature" {
	world
	before=$(state m2me)
	mirror mid-package <11-mid-package >package
	mirror authorization <11-authorization >authorization
	parcel authorization package >delivery
	mid-install --tre m2me delivery | cmp - 13-report
	[ "$(state m2me)" = "$before" ]
}

@test "mid-install reports the same again, however late" {
	world
	before=$(state m2me)
	mid-install --tre m2me 12-delivery >again
	cmp 13-report again
	mid-install --now $(($(field .payload.exp 11-authorization) + 30 * day)) --tre m2me 12-delivery >again
	cmp 13-report again
	forge delivery '.payload.iat += 1' dpf.ro.example <12-delivery >redelivered
	mid-install --tre m2me redelivered >again
	cmp 13-report again
	[ "$(state m2me)" = "$before" ]
}

@test "mid-install never reports a refusal of what it installed" {
	world
	edit delivery '.payload.iat += 1' <12-delivery >changed
	unreported "delivery.signature: does not verify [bad-signature]" changed
	forge delivery . sho.example <12-delivery >forged
	unreported "delivery.protected.x5chain: needs the role DPF, has SHO [wrong-role]" forged
	package '.payload.counter = 2'
	parcel 11-authorization package >forged
	unreported "delivery.nonce: brought another MID before [nonce-used]" forged
	authorization "$to_delete"
	parcel authorization 11-mid-package >forged
	unreported "authorization.scope: needs install, has delete [wrong-scope]" forged
	edit authorization '.payload.iat += 1' <11-authorization >changed
	parcel changed 11-mid-package >forged
	unreported "authorization.signature: does not verify [bad-signature]" forged
	mid-install --tre m2me 12-delivery | cmp - 13-report
}

@test "mid-install installs one MID for one registration" {
	world
	repacked '.payload.counter = 2 | .payload.mid = "second"' '.id = "second"'
	parcel 11-authorization package >forged
	unreported "delivery.nonce: brought another MID before [nonce-used]" forged
}

@test "mid-install takes no package with an old counter" {
	world
	amend m2me "UPDATE provisioning SET package = NULL, report = NULL"
	for counter in 1 5; do
		amend m2me "UPDATE counter SET last = $counter"
		repacked ".payload.counter = $counter | .payload.mid = \"second\"" '.id = "second" | .usim.imsi = "001020000000011"'
		parcel 11-authorization package >forged
		uninstallable "mid-package.counter: is not above the last one of sho.example [old-counter]" forged
	done
	repacked '.payload.counter = 6 | .payload.mid = "second"' '.id = "second" | .usim.imsi = "001020000000011"'
	parcel 11-authorization package >forged
	mid-install --tre m2me forged >report
	[ "$(sqlite3 m2me "SELECT mid, state FROM application WHERE kind = 'usim' ORDER BY mid")" = \
		"8988000000000000016|active
second|installed" ]
}

@test "mid-install replaces no MID and no identity" {
	world
	amend m2me "UPDATE provisioning SET package = NULL, report = NULL"
	for change in '.usim.imsi = "001020000000011"' '.id = "second"' '.usim.imsi = "001010000000001" | .usim.hplmn = "001-01" | .id = "second"'; do
		id=$(edit mid "$change" <mid | m2m-show --json | jq -r .id)
		repacked ".payload.counter = 2 | .payload.mid = \"$id\"" "$change"
		parcel 11-authorization package >forged
		uninstallable "the TRE holds such a MID already [already-known]" forged
	done
}

@test "a MID that is not valid yet is installed, and leaves the place of the active one free" {
	world
	uninstalled
	now=$(field .payload.iat 12-delivery)
	repacked . ".not_before = $((now + 100))"
	parcel 11-authorization package >early
	mid-install --now "$now" --tre m2me early >report
	[ "$(field .payload.result report)" = installed ]
	[ "$(sqlite3 m2me "SELECT state FROM application WHERE kind = 'usim'")" = installed ]
	[ "$(tre-attach --now $((now + 200)) --tre m2me | m2m-show --json | jq -r .identity)" = 001010000000001 ]
	amend m2me "UPDATE provisioning SET package = NULL, report = NULL"
	repacked '.payload.counter = 2 | .payload.mid = "second"' \
		".id = \"second\" | .usim.imsi = \"001020000000011\" | .not_before = $now"
	parcel 11-authorization package >second
	mid-install --now "$now" --tre m2me second >report
	[ "$(sqlite3 m2me "SELECT state FROM application WHERE mid = 'second'")" = active ]
}

# --- mid-install: without a report ---

@test "mid-install reports of nothing that it cannot read" {
	world
	rejects 2 "mid-install: item 1: needs delivery/1, has mid-package/1" mid-install --tre m2me 11-mid-package
	amend m2me "DELETE FROM anchor"
	rejects 1 "mid-install: item 1: the TRE has no anchors; see tre-load --trust [no-anchors]" \
		mid-install --tre m2me 12-delivery
	world
	uninstalled
	amend m2me "UPDATE device SET plc = NULL"
	rejects 1 "mid-install: item 1: the TRE holds no PlC; see tre-load [no-plc]" mid-install --tre m2me 12-delivery
	[ "$(sqlite3 m2me 'SELECT count(*) FROM application')" = 1 ]
}

@test "mid-install refuses, reports, and goes on" {
	world
	uninstalled
	authorization "$to_delete"
	parcel authorization 11-mid-package >forged
	mid-install --keep-going --tre m2me forged 12-delivery forged >reports 2>said && return 1
	[ "$(field .payload.result reports | tr '\n' ' ')" = "refused installed " ]
	[ "$(cut -d : -f 2,3 said | tr '\n' ' ')" = " forged: item 1  forged: item 3 " ]
}

@test "no changed byte of a delivery is installed" {
	world
	uninstalled
	before=$(state m2me)
	mid-install --keep-going --tre m2me <(bitflips --sparse 12-delivery) >reports 2>said && return 1
	[ "$(cut -d : -f 2 said | sort -u | wc -l)" = "$(stat -c %s 12-delivery)" ]
	[ ! -s reports ]
	[ "$(state m2me)" = "$before" ]
}

# --- mid-unwrap ---

# sealed - a package for the holder of sealing.key
sealed() {
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out sealing.key
	point=$(openssl ec -in sealing.key -pubout -outform DER 2>/dev/null | tail -c 64 | hex)
	forge verdict ".payload.cnf.key |= (.x = \"${point:0:64}\" | .y = \"${point:64}\")" pva.example <09-verdict >verdict
	edit mid-package "${1:-.}" <11-mid-package >header
	edit mid "${2:-.}" <mid >content
	pack sho.example.key sho.example.pem verdict header content >package
}

@test "mid-unwrap opens what is sealed to its key" {
	world
	sealed
	unwrap package >opened
	cmp mid opened
	rejects 1 "mid-unwrap: item 1: mid-package.key: is another's sealing key [not-for-us]" unwrap 11-mid-package
}

@test "mid-unwrap refuses what mid-install would" {
	world
	sealed
	forge mid-package . sho2.example <package >forged
	rejects 1 "mid-unwrap: item 1: mid-package.sho: is not who signed it [wrong-signer]" unwrap forged
	forge mid-package . pva.example <package >forged
	rejects 1 "mid-unwrap: item 1: mid-package.protected.x5chain: needs the role SHO, has PVA [wrong-role]" unwrap forged
	forge mid-package '.payload.counter = 2' sho.example <package >forged
	rejects 1 "mid-unwrap: item 1: mid-package.sealed: body or header is not what was sealed [tampered]" unwrap forged
	edit mid-package '.payload.counter = 2' <package >forged
	rejects 1 "mid-unwrap: item 1: mid-package.signature: does not verify [bad-signature]" unwrap forged
	exp=$(field .payload.exp package)
	rejects 1 "mid-unwrap: item 1: mid-package.exp: ended at $(spelt "$exp") [expired]" unwrap --now "$exp" package
	sealed . '.sho = "sho2.example"'
	rejects 1 "mid-unwrap: item 1: mid.sho: is not the package's [wrong-operator]" unwrap package
	sealed . '.id = "other"'
	rejects 1 "mid-unwrap: item 1: mid.id: is not the package's [wrong-mid]" unwrap package
	sealed . '.usim.k = "00112233445566778899aabbccddeeff"'
	rejects 1 "mid-unwrap: item 1: mid.trial: does not run with the MID's own key [trial-failed]" unwrap package
	soon=$(($(field .payload.iat package) + 1))
	sealed . ".not_after = $soon"
	rejects 1 "mid-unwrap: item 1: mid.not_after: has passed [expired]" unwrap --now "$soon" package
	rejects 2 "mid-unwrap: item 1: needs registration/1 or mid-package/1, has delivery/1" unwrap 12-delivery
}

@test "mid-unwrap opens no package with a changed bit" {
	world
	sealed
	unwrap --keep-going <(bitflips package) >opened 2>said && return 1
	[ ! -s opened ]
	[ "$(cut -d : -f 2 said | sort -u | wc -l)" = $((8 * $(stat -c %s package))) ]
}

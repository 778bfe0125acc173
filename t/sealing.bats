# SPDX-License-Identifier: Apache-2.0
# Packages: made ahead of time to the keys of known devices, delivered on a verdict of now, opened
# by the holder of the key - and what of it may not be exchanged.
load helper
load trust

prepare() {
	mid-wrap --prepare --ledger sho.ledger "${sho[@]}" --trust trust.pem "$@"
}

deliver() {
	dpf-deliver --ledger ro.ledger "${dpf[@]}" --trust trust.pem "$@"
}

unwrap() {
	mid-unwrap --key sealing.key --trust trust.pem "$@"
}

# ahead - the world before its MID was sealed; then one prepared ("prepared") by the verdict that is there
ahead() {
	world
	unauthorised
	undelivered
	uninstalled
	prepare 09-verdict mid >prepared
	sho-authorize --ledger sho.ledger "${sho[@]}" --trust trust.pem 07-registration 09-verdict >authorization
}

# undeliverable MESSAGE VERDICT [PACKAGE] - refused, and nothing has changed
undeliverable() {
	local before
	before=$(state ro.ledger)
	rejects 1 "dpf-deliver: item 3: $1" deliver authorization "$2" "${3:-prepared}"
	[ "$(state ro.ledger)" = "$before" ]
}

# unpreparable MESSAGE VERDICT [OPTION...] - nothing is sealed
unpreparable() {
	local before
	before=$(state sho.ledger)
	rejects 1 "mid-wrap: item 2: $1" prepare "${@:3}" "$2" mid
	[ "$(state sho.ledger)" = "$before" ]
}

# point KEY - x and y of its public key
point() {
	openssl ec -in "$1" -pubout -outform DER 2>/dev/null | tail -c 64 | hex | fold -w 64
}

# thumbprint KEY - as RFC 9679 has it
thumbprint() {
	point "$1" | { read -r x; read -r y; cbor "a4 0102 2001 215820 $x 225820 $y"; } | sha256sum | cut -d ' ' -f 1
}

# vouched KEY [FILTER] - the PVA vouches for that key
vouched() {
	point "$1" >point
	forge verdict ".payload.cnf.key |= (.x = \"$(sed -n 1p point)\" | .y = \"$(sed -n 2p point)\") | ${2:-.}" \
		pva.example <09-verdict
}

# keypair FILE
keypair() {
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"
}

# --- ahead of time -----------------------------------------------------------------

@test "a package prepared ahead of time names the key in place of a nonce, and is installed on a verdict of now" {
	ahead
	m2m-show --json prepared | jq -e '.payload | has("nonce") | not'
	[ "$(field .payload.counter prepared)" = 1 ]
	deliver authorization 09-verdict prepared >delivery
	mid-install --tre m2me delivery >report
	m2m-show --json report | jq -c '[.payload.result, .payload.nonce]' |
		diff - <(echo "[\"installed\",\"$(field .payload.nonce 07-registration)\"]")
	dpf-report --ledger ro.ledger --trust trust.pem report | cmp - report
	deliver authorization prepared | cmp - delivery	# the same again needs no verdict
	mid-install --tre m2me delivery | cmp - report
}

@test "the key is named as RFC 9679 names it" {
	ahead
	field '.payload.cnf.key | .x + " " + .y' 09-verdict >point
	cbor "a4 0102 2001 215820 $(cut -d ' ' -f 1 point) 225820 $(cut -d ' ' -f 2 point)" |
		sha256sum | cut -d ' ' -f 1 | diff - <(field .payload.key prepared)
	# the example of RFC 9679 6
	cbor "a4 0102 2001 215820 65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d" \
		"225820 1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c" | sha256sum |
		grep -q 496bd8afadf307e5b08c64b0421bf9dc01528a344a43bda88fadd1669da253ec
}

@test "no freshness is asked of the verdict that a package is prepared by" {
	world
	unauthorised
	late=$(($(field .payload.exp 09-verdict) + 30 * day))
	prepare --now "$late" 09-verdict mid >prepared
	[ "$(field .payload.iat prepared)" = "$late" ]
	prepare --now $((late + day)) 09-verdict mid | cmp - prepared
	[ "$(sqlite3 sho.ledger "SELECT count(*) FROM package")" = 1 ]
}

@test "packages are prepared in bulk, each for the device of the verdict before it" {
	world
	unauthorised
	sqlite3 sho.ledger "DELETE FROM identity"
	for i in 1 2 3; do
		keypair $i.key
		vouched $i.key ".payload.sub = \"00101000000000$i\"" >verdict.$i
		mid-gen --profile "$examples/mid.cnf" --ledger sho.ledger >mid.$i
	done
	prepare verdict.1 mid.1 verdict.2 mid.2 verdict.3 mid.3 >packages
	[ "$(field .payload.pcid packages | tr '\n' ' ')" = "001010000000001 001010000000002 001010000000003 " ]
	for i in 1 2 3; do
		mid-unwrap --keep-going --key $i.key --trust trust.pem packages 2>said | cmp - mid.$i
		[ "$(grep -c '\[not-for-us\]$' said)" = 2 ]
	done
}

@test "a verdict is for one package: a MID without one is sealed to nobody" {
	world
	unauthorised
	mid-gen --profile "$examples/mid.cnf" --ledger sho.ledger >second
	prepare 09-verdict mid second >out 2>said && return 1
	[ "$(cat said)" = "mid-wrap: second: item 3: needs a verdict before the mid" ]
	[ "$(m2m-show --json out | wc -l)" = 1 ]
	rejects 2 "mid-wrap: item 1: needs a verdict before the mid" prepare mid
	rejects 2 "mid-wrap: item 1: needs verdict/1, has registration/1" prepare 07-registration
	rejects 2 "mid-wrap: ends before its mid/1" prepare 09-verdict
}

@test "a package is prepared only by an affirming verdict of a PVA, for this operator" {
	world
	unauthorised
	forge verdict '.payload.submods.tre |= (.status = "warning" | del(.trustworthiness_vector))' \
		pva.example <09-verdict >other
	unpreparable "verdict.submods.tre.status: is warning [not-affirmed]" other
	forge verdict '.payload.aud = "sho2.example"' pva.example <09-verdict >other
	unpreparable "verdict.aud: is sho2.example, not us [wrong-operator]" other
	certify pva pva2.example pva2.example
	forge verdict . pva2.example <09-verdict >other
	rejects 1 "mid-wrap: item 1: verdict.pva: is not who signed it [wrong-signer]" prepare other mid
	iat=$(field .payload.iat 09-verdict)
	forge verdict '.payload.iat += 1000' pva.example <09-verdict >other
	unpreparable "verdict.iat: lies in the future, at $(spelt $((iat + 1000))) [not-yet-valid]" other --now $((iat + 699))
	forge verdict . sho.example <09-verdict >other
	rejects 1 "mid-wrap: item 1: verdict.protected.x5chain: needs the role PVA, has SHO [wrong-role]" prepare other mid
}

@test "a MID is sealed once, ahead of time or not" {
	ahead
	forge verdict '.payload.iat -= 1' pva.example <09-verdict >other
	unpreparable "mid.id: 8988000000000000016 was sealed for another device [mid-used]" other
	rejects 1 "mid-wrap: item 3: mid.id: 8988000000000000016 was sealed for another device [mid-used]" \
		mid-wrap --ledger sho.ledger "${sho[@]}" --trust trust.pem 07-registration 09-verdict mid
	world
	unpreparable "mid.id: 8988000000000000016 was sealed for another device [mid-used]" 09-verdict
}

@test "a package prepared ahead of time opens in python to the same MID" {
	python -c ''
	world
	unauthorised
	keypair sealing.key
	vouched sealing.key >verdict
	prepare verdict mid >prepared
	python "$root/t/independent.py" open sealing.key <prepared | cmp - mid
}

# --- the verdict at delivery -------------------------------------------------------

@test "a package prepared ahead of time is not delivered without a verdict" {
	ahead
	rejects 2 "dpf-deliver: item 2: needs a verdict before a mid-package that was prepared ahead of time" \
		deliver authorization prepared
	rejects 2 "dpf-deliver: item 4: needs a verdict before a mid-package that was prepared ahead of time" \
		deliver authorization 09-verdict authorization prepared
	rejects 2 "dpf-deliver: item 1: needs an authorization before the verdict" deliver 09-verdict prepared
	rejects 2 "dpf-deliver: ends before its mid-package/1" deliver authorization 09-verdict
	forge verdict . sho.example <09-verdict >other
	run -2 --separate-stderr deliver --keep-going authorization other prepared
	[ -z "$output" ]
	head -n 1 <<<"$stderr" |
		diff - <(echo "dpf-deliver: other: item 2: verdict.protected.x5chain: needs the role PVA, has SHO [wrong-role]")
}

@test "the verdict at delivery is of this registration, in time, affirming" {
	ahead
	for change in \
		'.aud = "sho2.example"|aud: is sho2.example, not the registration'"'"'s [wrong-operator]' \
		'.sub = "001010000000002"|sub: is not the registration'"'"'s [wrong-pcid]' \
		'.eat_nonce |= "00" + .[2:]|eat_nonce: is not the registration'"'"'s [wrong-nonce]' \
		'.ueid |= "0102" + .[4:]|ueid: is not the registration'"'"'s [wrong-device]'; do
		forge verdict ".payload |= (${change%|*[a-z]:*})" pva.example <09-verdict >other
		undeliverable "verdict.${change##*|}" other
	done
	forge verdict '.payload.submods.tre |= (.status = "contraindicated" | del(.trustworthiness_vector))' \
		pva.example <09-verdict >other
	undeliverable "verdict.submods.tre.status: is contraindicated [not-affirmed]" other
	certify pva pva2.example pva2.example
	forge verdict . pva2.example <09-verdict >other
	rejects 1 "dpf-deliver: item 2: verdict.pva: is not who signed it [wrong-signer]" deliver authorization other prepared
	forge verdict '.payload.pva = "pva2.example"' pva2.example <09-verdict >other
	undeliverable "verdict.pva: is not the one the registration names [wrong-pva]" other
	exp=$(($(field .payload.iat authorization) + 10))
	forge verdict ".payload.exp = $exp" pva.example <09-verdict >other
	rejects 1 "dpf-deliver: item 3: verdict.exp: ended at $(spelt $exp) [expired]" \
		deliver --now $exp authorization other prepared
}

@test "the verdict at delivery names the key that the package is sealed to" {
	ahead
	keypair other.key
	vouched other.key >other
	undeliverable "mid-package.key: is not the verdict's [wrong-key]" other
	forge mid-package '.payload.key |= .[2:] + .[:2]' sho.example <prepared >changed
	undeliverable "mid-package.key: is not the verdict's [wrong-key]" 09-verdict changed
	edit mid-package 'del(.payload.key)' <prepared 2>&1 >/dev/null | sed 's/ (byte [0-9]*)//' |
		diff - <(echo "m2m-make: item 1: mid-package.payload.key: is missing, and there is no nonce")
}

@test "a verdict that comes with a package of now is looked at too" {
	world
	undelivered
	forge verdict '.payload.eat_nonce |= "00" + .[2:]' pva.example <09-verdict >other
	rejects 1 "dpf-deliver: item 3: verdict.eat_nonce: is not the registration's [wrong-nonce]" \
		deliver 11-authorization other 11-mid-package
	deliver 11-authorization 09-verdict 11-mid-package >delivery
	mid-install --tre m2me delivery | cmp - 13-report
}

@test "a package prepared ahead of time is used once: its counter has passed" {
	ahead
	deliver authorization 09-verdict prepared | mid-install --tre m2me >report
	amend m2me "UPDATE provisioning SET package = NULL, report = NULL; DELETE FROM application WHERE kind = 'usim'"
	parcel authorization prepared >again
	refuses "mid-install: item 1: mid-package.counter: is not above the last one of sho.example [old-counter]" \
		mid-install --tre m2me again
}

# --- mid-unwrap: each binding ------------------------------------------------------

# sealed [PACKAGE-FILTER [MID-FILTER]] - a package for the holder of sealing.key, as an insider likes it
sealed() {
	[ -e sealing.key ] || keypair sealing.key
	vouched sealing.key >verdict
	edit mid-package "${1:-.}" <11-mid-package >header
	edit mid "${2:-.}" <mid >content
	pack sho.example.key sho.example.pem verdict header content >package
}

# shut MESSAGE [ARG...] - the package does not open behind the registration
shut() {
	rejects 1 "mid-unwrap: item 2: $1" unwrap "${@:2}" 07-registration package
}

@test "mid-unwrap opens a package that belongs to the registration before it" {
	world
	sealed
	unwrap 07-registration package | cmp - mid
	unwrap --after 6 07-registration <(sealed '.payload.counter = 7'; cat package) | cmp - mid
	forge registration '.payload.ro = "ro2.example"' ro.example <07-registration >other
	rejects 1 "mid-unwrap: item 1: registration.ro: is not who signed it [wrong-signer]" unwrap other package
	forge registration . sho.example <07-registration >other
	run -2 --separate-stderr unwrap --keep-going other package
	[ -z "$output" ]
	[ "$stderr" = "mid-unwrap: other: item 1: registration.protected.x5chain: needs the role RO, has SHO [wrong-role]
mid-unwrap: package: item 2: needs a registration before the mid-package" ]
}

@test "mid-unwrap opens no package of another SHO, role, PCID, nonce or TRE" {
	world
	sealed
	forge registration '.payload.sho = "sho2.example"' ro.example <07-registration >other
	rejects 1 "mid-unwrap: item 2: mid-package.sho: is not the registration's [wrong-operator]" unwrap other package
	forge mid-package . sho2.example <package >other
	rejects 1 "mid-unwrap: item 2: mid-package.sho: is not who signed it [wrong-signer]" unwrap 07-registration other
	for role in ro:RO dpf.ro:DPF pva:PVA; do
		forge mid-package . "${role%:*}.example" <package >other
		rejects 1 "mid-unwrap: item 2: mid-package.protected.x5chain: needs the role SHO, has ${role#*:} [wrong-role]" \
			unwrap 07-registration other
	done
	sealed '.payload.pcid = "001010000000002"'
	shut "mid-package.pcid: is not the registration's [wrong-pcid]"
	sealed '.payload.nonce |= "00" + .[2:]'
	shut "mid-package.nonce: is not the registration's [wrong-nonce]"
	sealed
	keypair sealing.key
	shut "mid-package.key: is another's sealing key [not-for-us]"
	forge mid-package ".payload.key = \"$(thumbprint sealing.key)\"" sho.example <package >other
	rejects 1 "mid-unwrap: item 2: mid-package.sealed.recipient.encrypted_key: does not open with this key [not-for-us]" \
		unwrap 07-registration other
}

@test "mid-unwrap keeps to counter and time" {
	world
	sealed '.payload.counter = 5'
	shut "mid-package.counter: is not above the last one [old-counter]" --after 5
	unwrap --after 4 07-registration package | cmp - mid
	exp=$(field .payload.exp package) iat=$(field .payload.iat package)
	shut "mid-package.exp: ended at $(spelt "$exp") [expired]" --now "$exp"
	sealed '.payload.iat += 1000'
	shut "mid-package.iat: lies in the future, at $(spelt $((iat + 1000))) [not-yet-valid]" --now $((iat + 699))
	sealed . ".not_after = $((iat + 1))"
	shut "mid.not_after: has passed [expired]" --now $((iat + 1))
}

@test "mid-unwrap opens nothing whose header or body was changed, whoever signed it" {
	world
	sealed
	for change in '.exp += 1' '.iat -= 1' '.mid = "other"' '.counter += 1' '.device |= .[2:] + .[:2]' 'del(.device)'; do
		forge mid-package ".payload |= ($change)" sho.example <package >changed
		mv package kept
		mv changed package
		shut "mid-package.sealed: body or header is not what was sealed [tampered]"
		mv kept package
	done
	for change in '.ciphertext |= .[2:] + .[:2]' '.unprotected.iv |= .[2:] + .[:2]'; do
		forge mid-package ".payload.sealed |= ($change)" sho.example <package >changed
		mv package kept
		mv changed package
		shut "mid-package.sealed: body or header is not what was sealed [tampered]"
		mv kept package
	done
	edit mid-package '.payload.exp += 1' <package >changed
	mv changed package
	shut "mid-package.signature: does not verify [bad-signature]"
}

@test "mid-unwrap and mid-install open no package that names another device by the device token" {
	world
	forge registration '.payload.ueid |= .[:-2] + "00"' ro.example <07-registration >other
	sealed
	rejects 1 "mid-unwrap: item 2: mid-package.device: is another device by the MID's device token [wrong-token]" \
		unwrap other package
	unwrap package | cmp - mid	# whose it is, nobody said
	sealed '.payload.device |= .[2:] + .[:2]'
	shut "mid-package.device: is another device by the MID's device token [wrong-token]"
	sealed . '.device_token |= .[2:] + .[:2]'
	shut "mid-package.device: is another device by the MID's device token [wrong-token]"
	for change in 'del(.payload.device)|.' '.|del(.device_token)'; do
		sealed "${change%|*}" "${change#*|}"
		shut "mid-package.device: comes with a device token in the MID or not at all [wrong-token]"
	done
	sealed 'del(.payload.device)' 'del(.device_token)'
	unwrap 07-registration package | cmp - content
	uninstalled
	edit mid-package '.payload.device |= .[2:] + .[:2]' <11-mid-package >header
	pack sho.example.key sho.example.pem 09-verdict header mid >package
	parcel 11-authorization package >forged
	refuses "mid-install: item 1: mid-package.device: is another device by the MID's device token [wrong-token]" \
		mid-install --tre m2me forged
}

@test "the device token says which device without saying it: HMAC of the UEID" {
	world
	token=$(field .device_token mid)
	{
		printf 'm2mkit device'
		cbor "$(field .payload.ueid 07-registration)"
	} | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$token" -r | cut -d ' ' -f 1 |
		diff - <(field .payload.device 11-mid-package)
}

# bloated - the package on stdin with a sealed part of more than 32 KiB, signed by its operator
bloated() {
	edit mid-package ".payload.sealed.ciphertext = \"$(printf '%066000d' 0)\"" | resign sho.example.key sho.example.pem
}

@test "what is too large is not opened" {
	world
	sealed
	bloated <package >large
	run -1 --separate-stderr unwrap large
	[ -z "$output" ]
	sed 's/has 33[0-9]*/has 33.../' <<<"$stderr" |
		diff - <(echo "mid-unwrap: item 1: mid-package.sealed: needs at most 32768 bytes, has 33... [too-large]")
	uninstalled
	bloated <11-mid-package >large
	parcel 11-authorization large | mid-install --tre m2me >report 2>said && return 1
	[ "$(field .payload.reason report)" = too-large ]
	edit mid-package ".payload.sealed.ciphertext = \"$(printf '%0100000d' 0)\"" <package 2>&1 >/dev/null |
		grep -qx 'm2m-make: item 1: mid-package.payload.sealed: needs 1 to 49152 bytes, has 50[0-9]* (byte [0-9]*)'
}

# SPDX-License-Identifier: Apache-2.0
# The alternative envelope: CMS, which others can read, with all the bindings of the first.
load helper
load trust

wrap() {
	mid-wrap --cms --ledger sho.ledger "${sho[@]}" --trust trust.pem "$@"
}

unwrap() {
	mid-unwrap --key sealing.key --trust trust.pem "$@"
}

deliver() {
	dpf-deliver --ledger ro.ledger "${dpf[@]}" --trust trust.pem "$@"
}

# again - the world before its MID was sealed, now in CMS ("package"), and authorised ("authorization")
again() {
	world
	unauthorised
	undelivered
	uninstalled
	sho-authorize --ledger sho.ledger "${sho[@]}" --trust trust.pem 07-registration 09-verdict >authorization
	wrap 07-registration 09-verdict mid >package
}

# sealed [PACKAGE-FILTER [MID-FILTER]] - in CMS for the holder of sealing.key, as an insider likes it;
# "plain", what the header says, as a mid-package
sealed() {
	[ -e sealing.key ] || openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out sealing.key
	openssl ec -in sealing.key -pubout -outform DER 2>/dev/null | tail -c 64 | hex | fold -w 64 >point
	forge verdict ".payload.cnf.key |= (.x = \"$(sed -n 1p point)\" | .y = \"$(sed -n 2p point)\")" pva.example \
		<09-verdict >verdict
	edit mid-package "${1:-.}" <11-mid-package >header
	edit mid "${2:-.}" <mid >content
	pack sho.example.key sho.example.pem verdict header content >plain
	pack --cms sho.example.key sho.example.pem verdict header content >package
}

# shut MESSAGE [ARG...] - the package does not open behind the registration
shut() {
	rejects 1 "mid-unwrap: item 2: $1" unwrap "${@:2}" 07-registration package
}

# relabelled FILTER [NAME] - the sealed part as it is, under changed claims, signed by NAME
relabelled() {
	edit mid-package "$1" <plain >relabel
	recms "${2:-sho}.example.key" "${2:-sho}.example.pem" relabel package >changed
	mv changed package
}

# --- others can read it ------------------------------------------------------------

@test "stock openssl verifies the operator's signature, and opens it with the sealing key" {
	world
	sealed
	openssl cms -verify -inform PEM -in package -CAfile operators.pem -purpose any -outform DER -out inner 2>said
	grep -q 'CMS Verification successful' said
	openssl cms -decrypt -inform DER -in inner -inkey sealing.key -out opened
	cmp content opened
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out other.key
	openssl cms -decrypt -inform DER -in inner -inkey other.key -out opened 2>/dev/null && return 1
	openssl cms -verify -inform PEM -in package -CAfile m2mes.pem -purpose any -out inner 2>/dev/null && return 1
	unwrap package | cmp - content
}

@test "it is AuthEnvelopedData within SignedData, with the algorithms that are written down" {
	world
	sealed
	openssl cms -cmsout -print -inform PEM -in package >printed
	grep -q 'contentType: pkcs7-signedData' printed
	grep -q 'eContentType: id-smime-ct-contentInfo' printed
	grep -q 'object: undefined (1.3.6.1.4.1.32473.33812.64)' printed
	openssl cms -verify -inform PEM -in package -noverify -outform DER -out inner 2>/dev/null
	openssl cms -cmsout -print -inform DER -in inner >printed
	for part in id-smime-ct-authEnvelopedData dhSinglePass-stdDH-sha256kdf-scheme id-aes256-wrap aes-256-gcm; do
		grep -q "$part" printed
	done
	openssl asn1parse -inform DER -in inner | grep -q "$(field .payload.key plain | tr a-f A-F)"
}

@test "the claims in it are those of a mid-package, all but what is sealed" {
	python -c ''
	world
	sealed
	openssl asn1parse -inform PEM -in package >parsed
	at=$(grep -n '1.3.6.1.4.1.32473.33812.64' parsed | cut -d : -f 1)
	sed -n "$((at + 2))s/.*\[HEX DUMP\]://p" parsed | basenc --base16 -d |
		python -c 'import cbor2, sys; c = cbor2.load(sys.stdin.buffer); print(c[1], c[2], c[-70030], c[-70028].hex())' |
		diff - <(field '.payload | .sho + " " + .pcid + " " + .mid + " " + .key' plain)
}

@test "m2m-show says whose it is and for whom, of what is CMS and no package only that" {
	world
	sealed
	m2m-show package | diff - <(echo "CMS of sho.example for 001010000000001, MID 8988000000000000016")
	m2m-show --json package | diff - <(echo '{"type":"pem","text":"CMS of sho.example for 001010000000001, MID 8988000000000000016"}')
	openssl cms -sign -binary -nodetach -in mid -signer sho.example.pem -inkey sho.example.key -outform PEM | m2m-show |
		diff - <(echo CMS)
}

# --- the whole way -----------------------------------------------------------------

@test "a MID in CMS is delivered, installed and reported as any other" {
	again
	head -n 1 package | grep -qx -e '-----BEGIN CMS-----'
	wrap 07-registration 09-verdict mid | cmp - package
	deliver authorization package >delivery
	m2m-show --json delivery | jq -e '.payload | has("cms") and (has("package") | not)'
	mid-install --tre m2me delivery >report
	[ "$(field .payload.result report)" = installed ]
	mid-install --tre m2me delivery | cmp - report
	deliver authorization package | cmp - delivery
	dpf-report --ledger ro.ledger --trust trust.pem report | cmp - report
	vno-request --plmn 001-02 <(tre-attach --tre m2me) | av-answer --ledger sho.ledger | vno-challenge |
		usim-auth --tre m2me | m2m-show --json | jq -e .res
}

@test "a MID is prepared ahead of time in CMS too" {
	world
	unauthorised
	undelivered
	uninstalled
	wrap --prepare 09-verdict mid >prepared
	sho-authorize --ledger sho.ledger "${sho[@]}" --trust trust.pem 07-registration 09-verdict >authorization
	rejects 2 "dpf-deliver: item 2: needs a verdict before a mid-package that was prepared ahead of time" \
		deliver authorization prepared
	deliver authorization 09-verdict prepared | mid-install --tre m2me >report
	[ "$(field .payload.result report)" = installed ]
}

@test "what was answered in one envelope is not answered in the other" {
	again
	rejects 1 "mid-wrap: item 3: registration.nonce: was answered for other content [nonce-used]" \
		mid-wrap --ledger sho.ledger "${sho[@]}" --trust trust.pem 07-registration 09-verdict mid
}

@test "a delivery has one package, in one envelope" {
	again
	deliver authorization package >delivery
	cms=$(field .payload.cms delivery)
	edit delivery ".payload.cms = \"$cms\"" <12-delivery 2>&1 >/dev/null | sed 's/ (byte [0-9]*)//' |
		diff - <(echo "m2m-make: item 1: delivery.payload.package: needs exactly one of package and cms")
	edit delivery 'del(.payload.package)' <12-delivery 2>&1 >/dev/null | sed 's/ (byte [0-9]*)//' |
		diff - <(echo "m2m-make: item 1: delivery.payload.package: needs exactly one of package and cms")
}

@test "a CMS object is signed on P-256 only" {
	again
	openssl genpkey -algorithm ed25519 -out ed.key
	openssl req -x509 -config "$examples/roles.cnf" -extensions sho -subj /CN=sho.example -days 9 -key ed.key \
		-CA operators.pem -CAkey operators.key -out ed.pem
	unauthorised
	sho-authorize --ledger sho.ledger "${sho[@]}" --trust trust.pem 07-registration 09-verdict >authorization
	rejects 2 "mid-wrap: item 3: a CMS object needs a key on P-256 to sign" \
		mid-wrap --cms --ledger sho.ledger --key ed.key --cert ed.pem --trust trust.pem 07-registration 09-verdict mid
}

# --- each binding ------------------------------------------------------------------

@test "CMS of another SHO, role, PCID, nonce or TRE is refused" {
	world
	sealed
	unwrap 07-registration package | cmp - content
	relabelled . sho2
	shut "mid-package.sho: is not who signed it [wrong-signer]"
	for role in ro:RO dpf.ro:DPF pva:PVA; do
		sealed
		relabelled . "${role%:*}"
		shut "mid-package.cms: needs the role SHO, has ${role#*:} [wrong-role]"
	done
	stranger sho alien sho.example
	sealed
	recms alien.key alien.pem plain package >changed
	mv changed package
	shut "mid-package.cms: certificate of sho.example: no path to an anchor [untrusted-issuer]"
	sealed '.payload.pcid = "001010000000002"'
	shut "mid-package.pcid: is not the registration's [wrong-pcid]"
	sealed '.payload.nonce |= "00" + .[2:]'
	shut "mid-package.nonce: is not the registration's [wrong-nonce]"
	sealed
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out sealing.key
	shut "mid-package.key: is another's sealing key [not-for-us]"
}

@test "CMS out of time or count, or too large, is refused" {
	world
	sealed '.payload.counter = 5'
	shut "mid-package.counter: is not above the last one [old-counter]" --after 5
	exp=$(field .payload.exp plain)
	shut "mid-package.exp: ended at $(spelt "$exp") [expired]" --now "$exp"
	sealed . ".usim.destinations = [range(64) | \"$(printf '%0250d' 0)\" ] |
		.usim.apns = [range(16) | \"$(printf '%0100d' 0)\"]"
	unwrap package | cmp - content
}

@test "what another signed is not taken under one's own name: the sealed part is bound to the header" {
	world
	sealed
	edit mid-package '.payload.sho = "sho2.example"' <plain >relabel
	recms sho2.example.key sho2.example.pem relabel package >stolen
	rejects 1 "mid-unwrap: item 1: mid-package.sealed: is bound to another header [tampered]" unwrap stolen
	for change in '.exp += 1' '.iat -= 1' '.mid = "other"' '.counter += 1' '.device |= .[2:] + .[:2]'; do
		sealed
		relabelled ".payload |= ($change)"
		shut "mid-package.sealed: is bound to another header [tampered]"
	done
}

@test "the binding is in the key: with the header's digest changed as well it does not open" {
	python -c ''
	world
	sealed
	bound() {	# the digest of the header of a mid-package
		python -c 'import cbor2, hashlib, sys
c = cbor2.loads(cbor2.load(sys.stdin.buffer).value[2]); c.pop(-70032)
print(hashlib.sha256(cbor2.dumps(c)).hexdigest())' <"$1"
	}
	edit mid-package '.payload.counter += 1' <plain >relabel
	openssl cms -in package -inform PEM -cmsout -outform DER | hex | sed "s/$(bound plain)/$(bound relabel)/" >swapped
	cbor "$(cat swapped)" | openssl cms -inform DER -cmsout -outform PEM -out forged
	recms sho.example.key sho.example.pem relabel forged >package
	shut "mid-package.sealed.recipient: does not open with this key [not-for-us]"
}

@test "CMS with another MID, operator or device inside is refused" {
	world
	sealed . '.sho = "sho2.example"'
	shut "mid.sho: is not the package's [wrong-operator]"
	sealed . '.id = "other"'
	shut "mid.id: is not the package's [wrong-mid]"
	sealed . '.device_token |= .[2:] + .[:2]'
	shut "mid-package.device: is another device by the MID's device token [wrong-token]"
	sealed . '.trial.xres = "0011223344556677"'
	shut "mid.trial: does not run with the MID's own key [trial-failed]"
}

@test "mid-install refuses in CMS what it refuses in COSE, and reports it" {
	again
	recms sho2.example.key sho2.example.pem 11-mid-package package >changed
	cms=$(sed '1d;$d' changed | base64 -d | hex)
	m2m-show --json --reveal 12-delivery | jq -c "del(.payload.package) | .payload.cms = \"$cms\"" |
		m2m-make delivery | resign dpf.ro.example.key dpf.ro.example.pem >forged
	refuses "mid-install: item 1: mid-package.sho: is not who signed it [wrong-signer]" mid-install --tre m2me forged
	edit mid-package '.payload.counter = 7' <11-mid-package >relabel
	recms sho.example.key sho.example.pem relabel package >changed
	cms=$(sed '1d;$d' changed | base64 -d | hex)
	m2m-show --json --reveal 12-delivery | jq -c "del(.payload.package) | .payload.cms = \"$cms\"" |
		m2m-make delivery | resign dpf.ro.example.key dpf.ro.example.pem >forged
	refuses "mid-install: item 1: mid-package.sealed: is bound to another header [tampered]" mid-install --tre m2me forged
}

@test "CMS that is something else is malformed" {
	world
	sealed
	malformed() {
		rejects 2 "mid-unwrap: item 1: $1" unwrap "$2"
	}
	openssl cms -verify -inform PEM -in package -noverify -outform DER -out inner 2>/dev/null
	openssl cms -cmsout -inform DER -in inner -outform PEM -out block
	malformed "mid-package.cms: needs a SignedData (RFC 5652)" block
	openssl cms -sign -binary -nodetach -econtent_type 1.2.840.113549.1.9.16.1.6 -in inner -signer sho.example.pem \
		-inkey sho.example.key -outform PEM -out block
	malformed "mid-package.cms: needs claims as a signed attribute" block
	openssl cms -sign -binary -nodetach -in inner -signer sho.example.pem -inkey sho.example.key -outform PEM -out block
	malformed "mid-package.cms: needs a ContentInfo as content" block
	openssl cms -sign -binary -nodetach -md sha384 -in inner -signer sho.example.pem -inkey sho.example.key \
		-outform PEM -out block
	malformed "mid-package.cms: needs ecdsa-with-SHA256" block
	openssl cms -resign -inform PEM -in package -signer sho2.example.pem -inkey sho2.example.key -outform PEM -out block
	malformed "mid-package.cms: needs one signer" block
	{
		echo '-----BEGIN CMS-----'
		base64 11-mid-package
		echo '-----END CMS-----'
	} >block
	malformed "mid-package.cms: needs a SignedData (RFC 5652)" block
	rejects 2 "mid-unwrap: item 1: needs registration/1 or mid-package/1, has a CERTIFICATE block" unwrap sho.example.pem
}

@test "what openssl seals itself is not bound to the claims, and does not pass" {
	world
	sealed
	openssl req -x509 -key sealing.key -subj /CN=sealing -days 9 -out sealing.pem
	openssl req -x509 -key sho2.example.key -subj /CN=other -days 9 -out other.pem
	inside() { # MESSAGE STATUS OPTION...
		openssl cms -encrypt -binary -in content "${@:3}" -outform PEM -out block
		recms sho.example.key sho.example.pem plain block >package
		rejects "$2" "mid-unwrap: item 1: mid-package.sealed: $1" unwrap package
	}
	ecdh=(-recip sealing.pem -keyopt ecdh_kdf_md:sha256)
	inside "needs an AuthEnvelopedData (RFC 5083)" 2 -aes-256-cbc "${ecdh[@]}"
	inside "is bound to another header [tampered]" 1 -aes-256-gcm "${ecdh[@]}"
	inside "needs one recipient by key agreement" 2 -aes-256-gcm "${ecdh[@]}" -recip other.pem
	inside "needs one recipient by key agreement" 2 -aes-256-gcm -secretkey "$(printf '%064d' 1)" -secretkeyid 01
}

@test "no changed bit of CMS opens to anything but the MID that was signed" {
	world
	sealed
	bits=$((8 * $(sed '1d;$d' package | base64 -d | wc -c)))
	unwrap --keep-going <(bitflips package) >opened 2>said && return 1
	refused=$(cut -d : -f 2 said | sort -u | wc -l)
	m2m-show --json --reveal opened | sort -u | diff - <(m2m-show --json --reveal content)
	[ "$((refused + $(m2m-show --json opened | wc -l)))" = "$bits" ]
	# versions and names of algorithms that nobody signs and nothing depends on
	[ "$((bits - refused))" -lt 200 ]
}

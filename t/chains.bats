# SPDX-License-Identifier: Apache-2.0
# Who may issue what: chains from a signer's certificate to an anchor (RFC 5280 6).
load helper
load trust

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	world
	cp "$examples/roles.cnf" more.cnf
	# the role of a TRE, which roles.cnf leaves to plc-sign
	variant tre ro 's/roleRO/1.3.6.1.4.1.32473.33812.6/'
	# a CA that allows one below it, and that one: operators', and an equipment supplier's
	for kind in ca m2mes; do
		variant deep_$kind $kind 's/pathlen:0/pathlen:1/'
		variant sub_$kind $kind 's/^subjectKeyIdentifier.*/&\nauthorityKeyIdentifier = keyid:always/'
	done
	config=more.cnf
}

# variant NEW SECTION SED-SCRIPT - more.cnf gets a copy of the section, changed
variant() {
	sed -n "/^\[$2\]/,/^\$/p" more.cnf | sed "s/^\[$2\]/[$1]/; $3" >section
	{ echo; cat section; } >>more.cnf
}

# register NAME [OPTION...] - the flow's referral signed by NAME's key, taken by the RO
register() {
	forge referral . "$1" <06-referral >forged
	drf-register --ledger ro.ledger "${ro[@]}" --trust trust.pem "${@:2}" forged
}

# refused FACT NAME [OPTION...] - the same, and its chain is refused
refused() {
	rejects 1 "drf-register: item 1: referral.protected.x5chain: $1" register "${@:2}"
}

# judged NAME [OPTION...] - the flow's evidence signed by NAME's key, judged by the PVA
judged() {
	forge evidence . "$1" <08-evidence >forged
	pva-verify "${pva[@]}" --trust trust.pem --policy "$examples/pva.cnf" "${@:2}" 07-registration forged
}

# unjudged FACT NAME [OPTION...] - the same, and its chain is not believed; $identity: who it is, 97 if not given
unjudged() {
	disbelieved "${identity:-97}" "pva-verify: item 2: evidence.protected.x5chain: $1" judged "${@:2}"
}

# delivered NAME [OPTION...] - the flow's authorization signed by NAME's key, obeyed by the DPF
delivered() {
	undelivered
	forge authorization . "$1" <11-authorization >forged
	dpf-deliver --ledger ro.ledger "${dpf[@]}" --trust trust.pem "${@:2}" forged 11-mid-package
}

# undeliverable FACT NAME [OPTION...] - the same, and its chain is refused
undeliverable() {
	rejects 1 "dpf-deliver: item 1: authorization.protected.x5chain: $1" delivered "${@:2}"
}

# accepts CMD... - CMD prints an object and says nothing
accepts() {
	run -0 --separate-stderr "$@"
	[ -z "$stderr" ] && [ -n "$output" ]
}

# platform NAME CA [SERIAL] - a platform key outside of the TRE, and a PlC like the flow's from CA
platform() {
	local serial=${3:-M2ME-0001}
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key"
	openssl req -new -key "$1.key" -subj "/serialNumber=$serial/CN=M2ME $serial" \
		-addext 2.23.133.5.4.4=DER:3011040f030409000105040200030203070501 -out platform.csr
	plc-sign --key "$2.key" --cert "$2.pem" --state state.cnf platform.csr >"$1.pem"
}

# --- anchors ----------------------------------------------------------------------

@test "an issuer that is no anchor is not trusted" {
	refused "certificate of ro.example: no path to an anchor [untrusted-issuer]" ro.example --trust m2mes.pem
	undeliverable "certificate of sho.example: no path to an anchor [untrusted-issuer]" sho.example --trust m2mes.pem
}

@test "an issuer of the same name with another key is not trusted, nor when it comes with the chain" {
	anchor ca false "Example operators CA"
	ca=false certify ro other ro.example
	refused "certificate of ro.example: no path to an anchor [untrusted-issuer]" other
	cat false.pem >>other.pem
	refused "certificate of Example operators CA: no path to an anchor [untrusted-issuer]" other
}

@test "a certificate altered in its name is not signed by its issuer" {
	cp ro.example.key other.key
	openssl x509 -in ro.example.pem -outform DER | sed 's/ro.example/to.example/' | pem CERTIFICATE >other.pem
	refused "certificate of to.example: not signed by its issuer [untrusted-issuer]" other
}

@test "a self-signed certificate is trusted only as an anchor" {
	anchor ro other ro.example
	refused "certificate of ro.example: no path to an anchor [untrusted-issuer]" other
	accepts register other --trust other.pem
}

@test "a signer's own certificate may be the anchor, and is then the only one heard, in its role" {
	accepts register ro.example --trust ro.example.pem
	accepts delivered sho.example --trust sho.example.pem
	cat m2mes.pem ro.example.pem pva.example.pem >three.pem
	accepts register ro.example --trust three.pem
	refused "certificate of ro.example: no path to an anchor [untrusted-issuer]" ro.example --trust sho.example.pem
	refused "needs the role RO, has PVA [wrong-role]" pva.example --trust pva.example.pem
}

@test "who is an anchor himself needs no issuer, even beside a wrong one" {
	ca=m2mes certify ro other ro.example
	stranger ro alien ro.example
	cat other.pem alien.pem >>trust.pem
	accepts register other
	accepts register alien
}

# --- who may issue ----------------------------------------------------------------

@test "an equipment supplier's CA cannot make an operator" {
	ca=m2mes certify ro other ro.example
	refused "CN=m2mes.example is an equipment supplier's CA [wrong-issuer]" other
	ca=m2mes certify sho other sho.example
	undeliverable "CN=m2mes.example is an equipment supplier's CA [wrong-issuer]" other
}

@test "an operators' CA cannot make a platform credential" {
	rejects 2 "plc-sign: --cert: 'operators.pem' lacks the role M2MES" \
		plc-sign --key operators.key --cert operators.pem --state state.cnf csr.pem
	certify tre other "M2ME M2ME-0001"
	unjudged "CN=Example operators CA is no equipment supplier's CA [wrong-issuer]" other
	rejects 1 "tre-load: item 1: plc: CN=Example operators CA is no equipment supplier's CA [wrong-issuer]" \
		tre-load --tre m2me other.pem
}

@test "below an operators' CA, one with the equipment supplier's role issues neither role nor PlC" {
	anchor deep_ca root Root
	ca=root certify sub_m2mes supplier Supplier
	cat root.pem >>trust.pem
	platform other supplier
	cat supplier.pem >>other.pem
	unjudged "CN=Root is no equipment supplier's CA [wrong-issuer]" other
	ca=supplier certify ro other ro.example
	cat supplier.pem >>other.pem
	refused "CN=Supplier is an equipment supplier's CA [wrong-issuer]" other
}

@test "below an equipment supplier's CA, one without the role issues neither" {
	anchor deep_m2mes maker Maker
	ca=maker certify sub_ca sub Sub
	cat maker.pem >>trust.pem
	ca=sub certify ro other ro.example
	cat sub.pem >>other.pem
	refused "CN=Maker is an equipment supplier's CA [wrong-issuer]" other
	ca=sub certify tre other "M2ME M2ME-0001"
	cat sub.pem >>other.pem
	unjudged "CN=Sub is no equipment supplier's CA [wrong-issuer]" other
}

@test "others find the way past the role of an equipment supplier's CA too" {
	for plain in "" "-x509_strict -purpose any"; do
		openssl verify $plain -CAfile trust.pem plc.pem ro.example.pem sho.example.pem
	done
}

# after_another FACT CA SERIAL - the flow's evidence from a PlC of CA is affirmed, and the next, from its PlC
# for SERIAL, which is like it, is not believed
after_another() {
	platform one "$2"
	platform two "$2" "$3"
	for name in one two; do
		forge evidence . $name <08-evidence >$name.evidence
	done
	for next in one.evidence ""; do		# beside another, and alone
		run -1 --separate-stderr bash -c 'pva-verify "$@" >answers' - "${pva[@]}" --trust trust.pem \
			--policy "$examples/pva.cnf" 07-registration $next two.evidence
		[[ $stderr == *": evidence.protected.x5chain: certificate of M2ME $3: $1 [untrusted-issuer]" ]]
		[ "$(field .payload.submods.tre.status answers | xargs)" = "${next:+affirming }contraindicated" ]
	done
}

@test "a supplier's CA is held to its name constraints with each PlC, also where one like it was accepted" {
	variant named m2mes 's/^keyUsage/nameConstraints = critical, excluded;dirName:not_this\n&/'
	printf '\n[not_this]\nserialNumber = M2ME-0002\n' >>more.cnf
	anchor named named "Constrained supplier CA"
	cat named.pem >>trust.pem
	after_another "excluded subtree violation" named M2ME-0002
}

@test "a PlC with the name of its CA is refused, also where one like it was accepted" {
	cp m2mes.key same.key
	openssl req -x509 -config more.cnf -extensions m2mes -subj "/serialNumber=M2ME-0003/CN=M2ME M2ME-0003" \
		-days 3650 -key same.key -out same.pem
	cat same.pem >>trust.pem
	after_another "no path to an anchor" same M2ME-0003
}

# --- CAs between ------------------------------------------------------------------

@test "a CA that comes with the chain is followed to the anchor, whatever else is there" {
	anchor deep_ca deep Deep
	ca=deep certify sub_ca sub Sub
	ca=sub certify ro other ro.example
	cat deep.pem >>trust.pem
	refused "certificate of ro.example: no path to an anchor [untrusted-issuer]" other
	cp other.key long.key
	cat other.pem sub.pem >long.pem
	accepts register long
	refused "certificate of Sub: no path to an anchor [untrusted-issuer]" long --trust operators.pem
	cat other.pem sub.pem deep.pem >long.pem
	accepts register long
	cat other.pem pva.example.pem sub.pem >long.pem
	accepts register long
	cat other.pem m2mes.pem deep.pem sub.pem >long.pem
	accepts register long
}

@test "a CA between may be an anchor itself, with its own or alone" {
	anchor deep_ca deep Deep
	ca=deep certify sub_ca sub Sub
	ca=sub certify ro other ro.example
	accepts register other --trust sub.pem
	cat deep.pem sub.pem >both.pem
	accepts register other --trust both.pem
}

@test "a supplier's CA below the supplier's anchor issues platform credentials" {
	anchor deep_m2mes maker Maker
	ca=maker certify sub_m2mes plant Plant
	cat operators.pem plant.pem >below.pem
	cat operators.pem maker.pem >trust.pem
	platform other plant
	accepts judged other --trust below.pem
	unjudged "certificate of M2ME M2ME-0001: no path to an anchor [untrusted-issuer]" other
	cat plant.pem >>other.pem
	accepts judged other
	tre-init --tre new --serial M2ME-0001 --imei 490154203237518
	tre-csr --tre new | plc-sign --key plant.key --cert plant.pem --state state.cnf >new.pem
	tre-load --tre new --trust plant.pem new.pem
}

# plant - PlC "other" by Plant, a CA below the anchor Maker: "asked" is what Plant is asked about the PlC,
# "asked_above" what Maker is about Plant
plant() {
	anchor deep_m2mes maker Maker
	ca=maker certify sub_m2mes plant Plant
	cat operators.pem maker.pem >trust.pem
	platform other plant
	plc-sign --ledger plant.ledger --key plant.key --cert plant.pem --state state.cnf platform.csr >plc.pem
	cat plc.pem plant.pem >other.pem
	openssl ocsp -issuer plant.pem -cert plc.pem -no_nonce -reqout asked
	openssl ocsp -issuer maker.pem -cert plant.pem -no_nonce -reqout asked_above
	printf '[ca]\ndefault_ca=c\n[c]\ndatabase=index\ncrlnumber=number\ndefault_md=sha256\n' >ca.cnf
	echo 01 >number
}

# plant_list, plant_response - what Plant says of the PlC
plant_list() {
	plc-crl --key plant.key --cert plant.pem --ledger plant.ledger
}
plant_response() {
	pva-ocsp --key plant.key --cert plant.pem --issuer plant.pem --ledger plant.ledger asked
}

# plant_is STATE [SINCE,REASON] - in Maker's index, as openssl ca(1) has it: V valid, R revoked
plant_is() {
	printf '%s\t991231235959Z\t%s\t%s\tunknown\t/CN=Plant\n' "$1" "${2:-}" \
		"$(openssl x509 -in plant.pem -noout -serial | cut -d = -f 2)" >index
}

# maker_list [OPTION...], maker_response [SIGNER] - what Maker says of Plant
maker_list() {
	openssl ca -config ca.cnf -gencrl -crldays 1 -keyfile maker.key -cert maker.pem "$@" 2>/dev/null
}
maker_response() {
	openssl ocsp -index index -CA maker.pem -rsigner "${1:-maker}.pem" -rkey "${1:-maker}.key" \
		-reqin asked_above -ndays 1 -respout above 2>/dev/null
	cat above
}

# unknown FACT OPTION... - whether the PlC holds is not known: no verdict
unknown() {
	rejects 1 "pva-verify: item 2: $1" judged other "${@:2}"
}

@test "where lists are demanded, there must be one of each CA up to the anchor, and none names who is below it" {
	plant
	plant_is V
	plant_list >plant.crl
	maker_list >maker.crl
	cat plant.crl maker.crl >both.crl
	accepts judged other --crl both.crl
	unknown "--crl: has no list of Plant [no-status]" --crl maker.crl
	unknown "--crl: has no list of Maker [no-status]" --crl plant.crl
	{ cat plant.crl; maker_list -crl_lastupdate 20200101000000Z -crl_nextupdate 20200201000000Z; } >old.crl
	unknown "--crl: ended at 2020-02-01T00:00:00Z [stale-status]" --crl old.crl
	# nobody asks Maker about an anchor
	cat operators.pem plant.pem >below.pem
	accepts judged other --trust below.pem --crl plant.crl
	plc-revoke --ledger plant.ledger --now 1760000000 --reason keyCompromise plc.pem
	{ plant_list; cat maker.crl; } >both.crl
	identity=96 unjudged "certificate of M2ME M2ME-0001 was revoked at $(spelt 1760000000): keyCompromise [revoked]" other --crl both.crl
	# who is revoked himself is not heard on others
	plant_is R 251001000000Z,CACompromise
	{ plant_list; maker_list; } >both.crl
	identity=96 unjudged "certificate of Plant was revoked at 2025-10-01T00:00:00Z: cACompromise [revoked]" other --crl both.crl
}

@test "where responses are demanded, there must be one about each CA up to the anchor, by the CA above it" {
	plant
	plant_is V
	plant_response >plant.response
	maker_response >maker.response
	cat plant.response maker.response >both
	accepts judged other --ocsp-response both
	unknown "--ocsp-response: has nothing on the certificate of M2ME M2ME-0001 [no-status]" --ocsp-response maker.response
	unknown "--ocsp-response: has nothing on the certificate of Plant [no-status]" --ocsp-response plant.response
	cat operators.pem plant.pem >below.pem
	accepts judged other --trust below.pem --ocsp-response plant.response
	{ cat plant.response; maker_response plant; } >itself
	unknown "--ocsp-response: Plant is not for OCSPSigning (RFC 6960 4.2.2.2) [untrusted-responder]" --ocsp-response itself
	plc-revoke --ledger plant.ledger --now 1760000000 --reason keyCompromise plc.pem
	{ plant_response; cat maker.response; } >both
	identity=96 unjudged "certificate of M2ME M2ME-0001 was revoked at $(spelt 1760000000): keyCompromise [revoked]" other --ocsp-response both
	plant_is R 251001000000Z,CACompromise
	{ plant_response; maker_response; } >both
	identity=96 unjudged "certificate of Plant was revoked at 2025-10-01T00:00:00Z: cACompromise [revoked]" other --ocsp-response both
	: >index
	{ plant_response; maker_response; } >both
	unjudged "certificate of Plant was never issued, says its CA [unknown-device]" other --ocsp-response both
}

@test "no CA issues below its depth, and nobody who is none" {
	certify sub_ca sub Sub
	ca=sub certify ro other ro.example
	cat sub.pem >>other.pem
	refused "certificate of Example operators CA: path length constraint exceeded [untrusted-issuer]" other
	ca=sho.example certify ro other ro.example
	cat sho.example.pem >>other.pem
	refused "certificate of sho.example: it issued another, and is no CA's [untrusted-issuer]" other
}

# --- the certificate itself -------------------------------------------------------

@test "a CA's own certificate signs no objects, not even with the role" {
	refused "needs the role RO, has a CA's certificate [wrong-role]" operators
	unjudged "needs the role TRE, has a CA's certificate [wrong-role]" m2mes
	anchor ca other ro.example
	refused "needs the role RO, has a CA's certificate [wrong-role]" other --trust other.pem
	variant both ro 's/CA:FALSE/CA:TRUE, pathlen:0/; s/digitalSignature/&, keyCertSign/'
	anchor deep_ca deep Deep
	ca=deep certify both other ro.example
	refused "needs the role RO, has a CA's certificate [wrong-role]" other --trust deep.pem
}

@test "a certificate needs the role, and a key that is for signatures" {
	refused "needs the role RO, has SHO [wrong-role]" sho.example
	platform other m2mes
	refused "needs the role RO, has TRE [wrong-role]" other
	variant none ro '/^extendedKeyUsage/d'
	certify none other ro.example
	refused "needs the role RO, has none [wrong-role]" other
	variant agree ro 's/digitalSignature/keyAgreement/'
	certify agree other ro.example
	refused "needs a key for signatures, its usage is another (RFC 5280 4.2.1.3) [wrong-role]" other
	# any use is not each use
	variant any ro 's/roleRO/anyExtendedKeyUsage/'
	certify any other ro.example
	refused "needs the role RO, has none [wrong-role]" other
}

@test "a certificate with several roles speaks for each, and for no other" {
	variant several ro 's/roleRO/roleRO, roleDPF, roleSHO/'
	certify several other ro.example
	accepts register other
	m2m-show other.pem | grep -q "role RO, DPF, SHO,"
	certify several other sho.example
	accepts delivered other
	accepts sho-authorize --ledger new --key other.key --cert other.pem --trust trust.pem 07-registration 09-verdict
	variant two dpf 's/roleDPF/roleDPF, roleSHO/'
	certify two other ro.example
	refused "needs the role RO, has DPF, SHO [wrong-role]" other
}

@test "what a critical extension demands that nobody knows is not passed over" {
	variant critical ro 's/^keyUsage.*/&\n1.2.3.4 = critical, DER:0500/'
	certify critical other ro.example
	refused "certificate of ro.example: unknown critical extension 1.2.3.4 [untrusted-issuer]" other
	variant harmless ro 's/^keyUsage.*/&\n1.2.3.4 = DER:0500/'
	certify harmless other ro.example
	accepts register other
}

@test "a signature by SHA-1 or a short RSA key is none, by a long one it is" {
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out other.key
	openssl req -x509 -sha1 -config more.cnf -extensions ro -subj /CN=ro.example -key other.key \
		-CA operators.pem -CAkey operators.key -out other.pem
	refused "certificate of ro.example: CA signature digest algorithm too weak [untrusted-issuer]" other
	for bits in 1024 2048; do
		openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:$bits -out rsa$bits.key 2>/dev/null
		openssl req -x509 -config more.cnf -extensions ca -subj "/CN=CA $bits" -key rsa$bits.key -out rsa$bits.pem
		cat rsa$bits.pem >>trust.pem
	done
	ca=rsa1024 certify ro other ro.example
	refused "certificate of CA 1024: CA certificate key too weak [untrusted-issuer]" other
	ca=rsa2048 certify ro other ro.example
	accepts register other
}

@test "a CA may sign by any algorithm that is strong, whatever few we sign by" {
	for kind in "EC -pkeyopt ec_paramgen_curve:P-384" "EC -pkeyopt ec_paramgen_curve:P-521" \
		"RSA-PSS -pkeyopt rsa_keygen_bits:2048" ED25519 ED448; do
		# shellcheck disable=SC2086	# words
		openssl genpkey -algorithm $kind -out strong.key 2>/dev/null
		case $kind in ED*) digests=sha256 ;; *) digests="sha256 sha384 sha512" ;; esac
		for digest in $digests; do
			openssl req -x509 -"$digest" -config more.cnf -extensions ca -subj "/CN=CA ${kind%% *} $digest" \
				-key strong.key -out strong.pem
			cat strong.pem >>trust.pem
			openssl req -x509 -"$digest" -config more.cnf -extensions ro -subj /CN=ro.example \
				-key ro.example.key -CA strong.pem -CAkey strong.key -out other.pem
			cp ro.example.key other.key
			accepts register other
		done
	done
}

@test "certificates say which key signed, and CAs which theirs is (RFC 5280 4.2.1.1, 4.2.1.2)" {
	variant unpointed ro 's/keyid:always/none/'
	certify unpointed other ro.example
	refused "certificate of ro.example: needs an issuer's key identifier [untrusted-issuer]" other
	variant nameless ca 's/^subjectKeyIdentifier.*/subjectKeyIdentifier = none/'
	anchor nameless nameless Nameless
	cat nameless.pem >>trust.pem
	variant pointed ro "s/keyid:always/DER:30168014$(printf '%040d' 1)/"
	ca=nameless certify pointed other ro.example
	refused "certificate of Nameless: needs a subject key identifier [untrusted-issuer]" other
}

# --- time -------------------------------------------------------------------------

# RFC 5280 4.1.2.5 counts the last second in; OpenSSL does not, and our objects' exp neither.
@test "a certificate holds from its first second to before its last" {
	certify ro other ro.example 1
	seconds() { # startdate|enddate
		date +%s -d "$(openssl x509 -noout "-$1" -in other.pem | cut -d = -f 2)"
	}
	begin=$(seconds startdate) end=$(seconds enddate)
	forge referral ".payload.iat = 1 | .payload.exp = $((end + 10))" other <06-referral >forged
	at() { # TIME TRUST
		drf-register --ledger ro.ledger "${ro[@]}" --now "$1" --trust "$2" forged
	}
	x="drf-register: item 1: referral.protected.x5chain: certificate of"
	rejects 1 "$x ro.example ended at $(spelt "$end") [expired]" at "$end" trust.pem
	accepts at $((end - 1)) trust.pem
	# its CA may have begun in the same second: without it
	rejects 1 "$x ro.example begins at $(spelt "$begin") [not-yet-valid]" at $((begin - 1)) other.pem
	accepts at "$begin" other.pem
	accepts at "$begin" trust.pem
	begin=$(date +%s -d "$(openssl x509 -noout -startdate -in operators.pem | cut -d = -f 2)")
	rejects 1 "$x Example operators CA begins at $(spelt "$begin") [not-yet-valid]" at 1 trust.pem
}

@test "the end of 9999 is no end" {
	days=$((($(date +%s -d 9999-12-31) - $(date +%s)) / 86400))
	anchor m2mes maker Maker "$days"
	platform other maker
	openssl x509 -in other.pem -noout -enddate | grep -x "notAfter=Dec 31 23:59:59 9999 GMT"
	tre-init --tre new --serial M2ME-0001 --imei 490154203237518
	tre-csr --tre new | plc-sign --key maker.key --cert maker.pem --state state.cnf >new.pem
	tre-load --now 9999-12-30T00:00:00Z --tre new --trust maker.pem new.pem
	[ "$(tre-show --tre new | m2m-show --json | jq -r .plc)" = "$(openssl x509 -in new.pem -outform DER | sha256sum | cut -c 1-64)" ]
}

# --- the chain in an object, edited -----------------------------------------------

# heard - the operator takes the edited verdict
heard() {
	sho-authorize --ledger new "${sho[@]}" --trust trust.pem 07-registration forged
}

@test "an object with another's certificate is not signed by it" {
	edit verdict ".protected.x5chain = $(field '.protected.x5chain | tojson' 07-registration)" <09-verdict >forged
	rejects 1 "sho-authorize: item 2: verdict.protected.x5chain: needs the role PVA, has RO [wrong-role]" heard
	certify pva other pva.example
	edit verdict ".protected.x5chain = [\"$(openssl x509 -in other.pem -outform DER | hex)\"]" <09-verdict >forged
	rejects 1 "sho-authorize: item 2: verdict.signature: does not verify [bad-signature]" heard
}

@test "a chain of what is no certificate is malformed" {
	malformed() { # FACT FILTER
		edit verdict "$2" <09-verdict >forged
		rejects 2 "sho-authorize: item 2: verdict.protected.x5chain: $1" heard
	}
	malformed "not a certificate" '.protected.x5chain = ["00"]'
	malformed "not a certificate" '.protected.x5chain[0] += "00"'
	malformed "number 2 is not a certificate" '.protected.x5chain += ["3000"]'
}

@test "a refused signer is refused again in the same stream, an accepted one accepted" {
	forge referral . sho.example <06-referral >forged
	status=0
	drf-register --keep-going --ledger ro.ledger "${ro[@]}" --trust trust.pem \
		06-referral forged 06-referral forged >answers 2>said || status=$?
	[ "$status" = 1 ]
	cat 07-registration 07-registration | cmp - answers
	for item in 2 4; do
		echo "drf-register: forged: item $item: referral.protected.x5chain: needs the role RO, has SHO [wrong-role]"
	done | diff - said
}

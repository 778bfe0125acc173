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
	# a CA below another, and one that allows it
	variant sub ca 's/^subjectKeyIdentifier.*/&\nauthorityKeyIdentifier = keyid:always/'
	variant deep ca 's/pathlen:0/pathlen:1/'
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

# judged NAME - the flow's evidence signed by NAME's key, judged by the PVA
judged() {
	forge evidence . "$1" <08-evidence >forged
	pva-verify "${pva[@]}" --trust trust.pem --policy "$examples/pva.cnf" 07-registration forged
}

# unjudged FACT NAME - the same, and its chain is refused
unjudged() {
	rejects 1 "pva-verify: item 2: evidence.protected.x5chain: $1" judged "${@:2}"
}

# accepts CMD... - CMD prints an object and says nothing
accepts() {
	run -0 --separate-stderr "$@"
	[ -z "$stderr" ] && [ -n "$output" ]
}

# platform NAME CA - a platform key outside of the TRE, and a PlC like the flow's from CA
platform() {
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key"
	openssl req -new -key "$1.key" -subj "/serialNumber=M2ME-0001/CN=M2ME M2ME-0001" \
		-addext 2.23.133.5.4.4=DER:3011040f030409000105040200030203070501 -out platform.csr
	plc-sign --key "$2.key" --cert "$2.pem" --state state.cnf platform.csr >"$1.pem"
}

# --- who may issue --------------------------------------------------------------

@test "an equipment supplier's CA cannot make an operator" {
	ca=m2mes certify ro other ro.example
	refused "CN=m2mes.example is an equipment supplier's CA [wrong-issuer]" other
}

@test "an operators' CA cannot make a platform credential" {
	rejects 2 "plc-sign: --cert: 'operators.pem' lacks the role M2MES" \
		plc-sign --key operators.key --cert operators.pem --state state.cnf csr.pem
	certify tre other "M2ME M2ME-0001"
	unjudged "CN=Example operators CA is no equipment supplier's CA [wrong-issuer]" other
	rejects 1 "tre-load: item 1: plc: CN=Example operators CA is no equipment supplier's CA [wrong-issuer]" \
		tre-load --tre m2me other.pem
}

@test "an operators' CA cannot appoint an equipment supplier, nor that an operators' CA" {
	variant supplier sub 's/^keyUsage.*/&\nextendedKeyUsage = critical, roleM2MES/'
	anchor deep root Root
	ca=root certify supplier supplier Supplier
	cat root.pem >>trust.pem
	platform other supplier
	cat supplier.pem >>other.pem
	unjudged "CN=Root is no equipment supplier's CA [wrong-issuer]" other
	variant m2mes2 m2mes 's/pathlen:0/pathlen:1/'
	anchor m2mes2 maker Maker
	ca=maker certify sub sub Sub
	cat maker.pem >>trust.pem
	ca=sub certify ro other ro.example
	cat sub.pem >>other.pem
	refused "CN=Maker is an equipment supplier's CA [wrong-issuer]" other
}

@test "who is an anchor himself needs no issuer, even beside a wrong one" {
	ca=m2mes certify ro other ro.example
	stranger ro alien ro.example
	cat other.pem alien.pem >>trust.pem
	accepts register other
	accepts register alien
}

@test "others find the way past the role of an equipment supplier's CA too" {
	for plain in "" "-x509_strict -purpose any"; do
		openssl verify $plain -CAfile trust.pem plc.pem ro.example.pem sho.example.pem
	done
}

# --- CAs between -----------------------------------------------------------------

@test "a CA that comes with the chain is followed to the anchor, whatever else is there" {
	anchor deep deep Deep
	ca=deep certify sub sub Sub
	ca=sub certify ro other ro.example
	cat deep.pem >>trust.pem
	refused "certificate of ro.example: no path to an anchor [untrusted-issuer]" other
	cat sub.pem >>other.pem
	accepts register other
	cp other.key long.key
	cat other.pem deep.pem >long.pem
	accepts register long
	sed '/BEGIN/,/END/d' other.pem | cat - pva.example.pem sub.pem >rest.pem
	openssl x509 -in other.pem | cat - rest.pem >long.pem
	[ "$(grep -c BEGIN long.pem)" = 3 ]
	accepts register long
	rejects 2 "drf-resolve: --cert: 'five.pem': needs 1..4 certificates" five
}

five() {
	cat ro.example.pem operators.pem operators.pem operators.pem operators.pem >five.pem
	drf-resolve --ledger ro.ledger --key ro.example.key --cert five.pem 06-attach-request
}

@test "a supplier's CA below the supplier's anchor issues platform credentials" {
	variant m2mes2 m2mes 's/pathlen:0/pathlen:1/'
	variant plant m2mes 's/^subjectKeyIdentifier.*/&\nauthorityKeyIdentifier = keyid:always/'
	anchor m2mes2 maker Maker
	ca=maker certify plant plant Plant
	cat operators.pem maker.pem >trust.pem
	platform other plant
	unjudged "certificate of M2ME M2ME-0001: no path to an anchor [untrusted-issuer]" other
	cat plant.pem >>other.pem
	accepts judged other
}

@test "no CA issues below its depth, and nobody who is none" {
	certify sub sub Sub
	ca=sub certify ro other ro.example
	cat sub.pem >>other.pem
	refused "certificate of Example operators CA: path length constraint exceeded [untrusted-issuer]" other
	ca=sho.example certify ro other ro.example
	cat sho.example.pem >>other.pem
	refused "certificate of sho.example: it issued another, and is no CA's [untrusted-issuer]" other
}

@test "a signature of another CA of the same name is none" {
	anchor ca false "Example operators CA"
	ca=false certify ro other ro.example
	refused "certificate of ro.example: no path to an anchor [untrusted-issuer]" other
}

# --- the certificate itself -------------------------------------------------------

@test "a CA's own certificate signs no objects" {
	refused "needs the role RO, has a CA's certificate [wrong-role]" operators
	anchor ca ca ro.example
	cat ca.pem >>trust.pem
	refused "needs the role RO, has a CA's certificate [wrong-role]" ca
}

@test "a certificate needs the role, and a key that is for signatures" {
	refused "needs the role RO, has SHO [wrong-role]" sho.example
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

@test "one certificate may have several roles" {
	variant both ro 's/roleRO/roleRO, roleDPF/'
	certify both other ro.example
	accepts register other
	m2m-show other.pem | grep -q "role RO, DPF"
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

@test "certificates say which key signed, and CAs which theirs is" {
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

@test "a certificate holds from its first second to before its last" {
	certify ro other ro.example 1
	begin=$(date +%s -d "$(openssl x509 -noout -startdate -in other.pem | cut -d = -f 2)")
	end=$(date +%s -d "$(openssl x509 -noout -enddate -in other.pem | cut -d = -f 2)")
	forge referral ".payload.exp = $((end + 10))" other <06-referral >forged
	late() { drf-register --ledger ro.ledger "${ro[@]}" --trust trust.pem --now "$1" forged; }
	rejects 1 "drf-register: item 1: referral.protected.x5chain: certificate of ro.example ended at $(spelt "$end") [expired]" \
		late "$end"
	accepts late $((end - 1))
	plc-sign --key m2mes.key --cert m2mes.pem --state state.cnf --not-before $((begin + 100)) csr.pem >plc2.pem
	rejects 1 "tre-load: item 1: plc: certificate of M2ME M2ME-0001 begins at $(spelt $((begin + 100))) [not-yet-valid]" \
		tre-load --now $((begin + 99)) --tre m2me plc2.pem
	tre-load --now $((begin + 100)) --tre m2me plc2.pem
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

# SPDX-License-Identifier: Apache-2.0
# Who may issue what: chains from a signer's certificate to an anchor (RFC 5280 6).
load helper

config=$BATS_TEST_DIRNAME/../share/examples/roles.cnf

# issue SECTION NAME CA [OPTION...] - a key and a certificate of that section of roles.cnf, by CA
issue() {
	local section=$1 name=$2 ca=$3
	shift 3
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$name.key"
	openssl req -x509 -config "$config" -extensions "$section" -subj "/CN=${name%.other}" -days 3650 \
		-key "$name.key" -CA "$ca.pem" -CAkey "$ca.key" -out "$name.pem" "$@" 2>/dev/null
}

# register NAME - the flow's referral signed by NAME's key, taken by the RO
register() {
	forge referral . "$1" <06-referral >forged
	drf-register --ledger ro.ledger --key ro.example.key --cert ro.example.pem --trust trust.pem forged
}

@test "an equipment supplier's CA cannot make an operator" {
	world
	issue ro ro.example.other m2mes
	rejects 1 "drf-register: item 1: referral.protected.x5chain: CN=m2mes.example is an equipment supplier's CA [wrong-issuer]" \
		register ro.example.other
}

@test "an operators' CA cannot make a platform credential" {
	world
	rejects 2 "plc-sign: --cert: 'operators.pem' lacks the role M2MES" \
		plc-sign --key operators.key --cert operators.pem --state state.cnf csr.pem
	printf '[tre]\nextendedKeyUsage = critical, 1.3.6.1.4.1.32473.33812.6\nkeyUsage = critical, digitalSignature\n' >tre.cnf
	printf 'basicConstraints = critical, CA:FALSE\nsubjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid:always\n' >>tre.cnf
	printf '[req]\ndistinguished_name = n\n[n]\n' >>tre.cnf
	config=tre.cnf issue tre m2me.other operators
	forge evidence . m2me.other <08-evidence >forged
	rejects 1 "pva-verify: item 2: evidence.protected.x5chain: CN=Example operators CA is no equipment supplier's CA [wrong-issuer]" \
		pva-verify --key pva.example.key --cert pva.example.pem --trust trust.pem \
		--policy "$root/share/examples/pva.cnf" 07-registration forged
}

@test "a CA that comes with the chain is followed to the anchor" {
	world
	sed '/^\[ca\]/,/^$/s/pathlen:0/pathlen:1/' "$config" >deep.cnf
	openssl req -x509 -config deep.cnf -extensions ca -subj "/CN=Deep CA" -days 3650 -newkey ec \
		-pkeyopt ec_paramgen_curve:P-256 -nodes -keyout deep.key -out deep.pem 2>/dev/null
	printf '[ca]\nbasicConstraints = critical, CA:TRUE, pathlen:0\nkeyUsage = critical, keyCertSign\n' >sub.cnf
	printf 'subjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid:always\n[req]\ndistinguished_name = n\n[n]\n' >>sub.cnf
	config=sub.cnf issue ca sub deep
	issue ro ro.example.other sub
	cat deep.pem >>trust.pem
	rejects 1 "drf-register: item 1: referral.protected.x5chain: certificate of ro.example: no path to an anchor [untrusted-issuer]" \
		register ro.example.other
	cat sub.pem >>ro.example.other.pem
	run -0 --separate-stderr register ro.example.other
	[ -z "$stderr" ]
}

@test "a CA's own certificate signs no objects" {
	world
	cp operators.key ca.key
	cp operators.pem ca.pem
	rejects 1 "drf-register: item 1: referral.protected.x5chain: needs the role RO, has a CA's certificate [wrong-role]" \
		register ca
}

@test "one certificate may have several roles" {
	world
	sed '/^\[ro\]/,/^$/s/roleRO/roleRO, roleDPF/' "$config" >both.cnf
	config=both.cnf issue ro ro.example.other operators
	register ro.example.other | m2m-show --json | jq -e '.payload.pcid == "001010000000001"'
	m2m-show ro.example.other.pem | grep -q "role RO, DPF"
}

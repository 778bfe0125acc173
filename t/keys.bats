# SPDX-License-Identifier: Apache-2.0
# Keys and certificates by option: every way they can be unusable, said before any file is made.
load helper

resolve() { # KEY CERT
	drf-resolve --ledger ro.ledger --key "$1" --cert "$2" 06-attach-request
}

refuses() { # STATUS MESSAGE KEY [CERT] - and no ledger is made for it
	rejects "$1" "drf-resolve: $2" drf-resolve --ledger none --key "$3" --cert "${4-ro.example.pem}" 06-attach-request
	[ ! -e none ]
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	world
}

@test "a key is a file, a file by its URI, or a descriptor" {
	resolve ro.example.key ro.example.pem >referral
	resolve file:ro.example.key ro.example.pem >>referral
	resolve fd:7 ro.example.pem 7<ro.example.key >>referral
	[ "$(m2m-show --json referral | jq -r .payload.ro | uniq -c | tr -d ' ')" = 3ro.example ]
}

@test "a key of a kind that is not built in is refused, and no file is made of its name" {
	refuses 2 "--key: unknown key scheme 'pkcs11'" "pkcs11:token=op;object=sign"
	refuses 2 "--key: unknown key scheme 'handle'" handle:0x81000001
	[ ! -e handle:0x81000001 ]
	refuses 2 "--key: needs a number from 0 to 2147483647, has 'x'" fd:x
}

@test "a key that cannot be read is the world's fault" {
	refuses 3 "--key: cannot read 'absent': No such file or directory" absent
	refuses 3 "--key: cannot read 'fd:99': Bad file descriptor" fd:99
	refuses 3 "--key: '06-referral' holds no PEM private key" 06-referral
	refuses 3 "--key: 'ro.example.pem' holds no PEM private key" ro.example.pem
	head -c 120 ro.example.key >short.key
	refuses 3 "--key: 'short.key' holds no PEM private key" short.key
	openssl pkey -in ro.example.key -aes256 -passout pass:secret -out locked.key
	refuses 3 "--key: 'locked.key' is encrypted: needs a plain PEM key" locked.key
	openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.key 2>/dev/null
	refuses 3 "--key: 'rsa.key' holds neither a P-256 nor an Ed25519 key" rsa.key
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out p384.key
	refuses 3 "--key: 'p384.key' holds neither a P-256 nor an Ed25519 key" p384.key
}

@test "a certificate must be the key's and have the role" {
	refuses 2 "--cert: 'sho.example.pem' is not the certificate of --key" ro.example.key sho.example.pem
	refuses 2 "--cert: 'sho.example.pem' lacks the role RO" sho.example.key sho.example.pem
	refuses 3 "--cert: cannot open 'absent': No such file or directory" ro.example.key absent
	refuses 2 "--cert: '06-referral': holds no certificate" ro.example.key 06-referral
}

@test "anchors are certificates, one at least and up to 32" {
	register() { drf-register --ledger ro.ledger --key ro.example.key --cert ro.example.pem --trust "$1" 06-referral; }
	: >empty
	rejects 2 "drf-register: --trust: 'empty': holds no certificate" register empty
	rejects 2 "drf-register: --trust is required; see drf-register --help" \
		drf-register --ledger ro.ledger --key ro.example.key --cert ro.example.pem 06-referral
	for i in $(seq 31); do cat m2mes.pem; done >many
	cat many operators.pem >just
	register just | cmp - 07-registration
	cat just m2mes.pem >more
	rejects 2 "drf-register: --trust: 'more': needs 1..32 certificates" register more
}

@test "an Ed25519 key may play a role" {
	openssl genpkey -algorithm ed25519 -out ed.key
	openssl req -x509 -config "$root/share/examples/roles.cnf" -extensions ro -subj /CN=ro.example -days 3650 \
		-key ed.key -CA operators.pem -CAkey operators.key -out ed.pem
	forge referral . ed <06-referral >signed
	[ "$(m2m-show --json signed | jq -r .protected.alg)" = EdDSA ]
	drf-register --ledger ro.ledger --key ed.key --cert ed.pem --trust trust.pem signed >registration
	[ "$(m2m-show --json registration | jq -r .protected.alg)" = EdDSA ]
}

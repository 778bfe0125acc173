# SPDX-License-Identifier: Apache-2.0
# Keys and certificates by option: every way they can be unusable, said before any file is made.
load helper
load trust

# tools - those that take a key, whose it is in the flow, and the other options they need
tools() {
	cat <<-END
	dpf-deliver|dpf.ro.example|--ledger ro.ledger --trust trust.pem
	drf-register|ro.example|--ledger ro.ledger --trust trust.pem
	drf-resolve|ro.example|--ledger ro.ledger
	mid-unwrap|pva.example|--trust trust.pem
	mid-wrap|sho.example|--ledger sho.ledger --trust trust.pem
	plc-sign|m2mes|--state state.cnf
	pva-verify|pva.example|--trust trust.pem --policy $examples/pva.cnf
	sho-authorize|sho.example|--ledger sho.ledger --trust trust.pem
	END
}

# each DO - DO TOOL NAME OPTION... for each of them
each() {
	local tool name options
	while IFS='|' read -r tool name options <&9; do
		[ "$tool" = mid-unwrap ] || options="--cert $name.pem $options"
		echo "$tool:"
		# no "||" here: what fails inside of DO must stop the test.  $options: a list of words
		# shellcheck disable=SC2086
		"$1" "$tool" "$name" $options
	done 9< <(tools)
}

resolve() { # KEY CERT
	drf-resolve --ledger ro.ledger --key "$1" --cert "$2" 06-attach-request
}

unusable() { # STATUS MESSAGE KEY [CERT] - said before the ledger is looked for
	rejects "$1" "drf-resolve: $2" drf-resolve --ledger none --key "$3" --cert "${4-ro.example.pem}" 06-attach-request
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	world
}

@test "these are the tools that take a key" {
	for tool in "$root"/tools/*.c; do
		tool=$(basename "$tool" .c)
		"$tool" --help | grep -q -e --key && echo "$tool"
	done | diff - <(tools | cut -d '|' -f 1)
}

@test "a key is a file, a file by its URI, or a descriptor" {
	resolve ro.example.key ro.example.pem >referral
	resolve file:ro.example.key ro.example.pem >>referral
	resolve fd:7 ro.example.pem 7<ro.example.key >>referral
	resolve fd:0 ro.example.pem <ro.example.key >>referral
	resolve fd:7 ro.example.pem 7< <(cat ro.example.key) >>referral
	cp ro.example.key a:b
	resolve ./a:b ro.example.pem >>referral
	resolve file:a:b ro.example.pem >>referral
	[ "$(m2m-show --json referral | jq -r .payload.ro | uniq -c | tr -d ' ')" = 7ro.example ]
	unusable 2 "--key: unknown key scheme 'a'" a:b
}

@test "every tool takes its key from a descriptor" {
	takes() { # TOOL NAME OPTION...
		rejects 2 "$1: needs an object, has empty input" "$1" --key fd:7 "${@:3}" /dev/null 7< <(cat "$2.key")
	}
	each takes
}

@test "no tool makes a file before it has its key and certificate" {
	files() {
		ls -A | grep -v '^separate-stderr-'	# left by bats
	}
	before=$(files)
	leaves_nothing() { # TOOL NAME OPTION...
		rejects 2 "$1: --key: unknown key scheme 'pkcs11'" "$1" --key pkcs11:x "${@:3}" /dev/null
		[ "$1" = mid-unwrap ] || rejects 3 "$1: --cert: cannot open 'absent': No such file or directory" \
			"$1" --key "$2.key" "${@:3}" --cert absent /dev/null
		[ "$(files)" = "$before" ]
	}
	each_without_ledger() {
		leaves_nothing "${@/%*.ledger/none}"
	}
	each each_without_ledger
	# one of them would have made it
	sho-authorize --ledger none "${sho[@]}" --trust trust.pem 07-registration 09-verdict | cmp -s -n 1 - 11-authorization
	[ -e none ]
}

@test "a key of a kind that is not built in is refused, and no file is made of its name" {
	unusable 2 "--key: unknown key scheme 'pkcs11'" "pkcs11:token=op;object=sign"
	unusable 2 "--key: unknown key scheme 'handle'" handle:0x81000001
	[ ! -e handle:0x81000001 ]
	for number in "" x -1 3x 2147483648; do
		unusable 2 "--key: needs a number from 0 to 2147483647, has '$number'" "fd:$number"
	done
}

@test "a key that cannot be read is the world's fault" {
	unusable 3 "--key: cannot read 'absent': No such file or directory" absent
	unusable 3 "--key: cannot read 'file:absent': No such file or directory" file:absent
	unusable 3 "--key: cannot read '': No such file or directory" ""
	unusable 3 "--key: cannot read 'fd:99': Bad file descriptor" fd:99
	unusable 3 "--key: cannot read '.': Is a directory" .
	head -c 65537 /dev/zero >big
	unusable 3 "--key: cannot read 'big': File too large" big
}

@test "a file without a key, or half of one, is no key" {
	: >empty
	head -c 120 ro.example.key >short
	sed '2s/^.../!!!/' ro.example.key >torn
	sed '2d' ro.example.key >torn2
	for file in 06-referral ro.example.pem empty short torn; do
		unusable 3 "--key: '$file' holds no PEM private key" "$file"
	done
	unusable 3 "--key: 'torn2' holds neither a P-256 nor an Ed25519 key" torn2
}

@test "an encrypted key is no use, whichever way it is encrypted" {
	openssl pkey -in ro.example.key -aes256 -passout pass:secret -out locked
	unusable 3 "--key: 'locked' is encrypted: needs a plain PEM key" locked
	openssl pkey -in ro.example.key -aes256 -passout pass:secret -traditional -out locked
	grep -q "^Proc-Type: 4,ENCRYPTED" locked
	unusable 3 "--key: 'locked' is encrypted: needs a plain PEM key" locked
}

@test "a key of another algorithm or curve is none of ours" {
	for kind in "RSA -pkeyopt rsa_keygen_bits:2048" "EC -pkeyopt ec_paramgen_curve:P-384" \
		"EC -pkeyopt ec_paramgen_curve:secp256k1" X25519 ED448; do
		openssl genpkey -algorithm $kind -out other 2>/dev/null
		unusable 3 "--key: 'other' holds neither a P-256 nor an Ed25519 key" other
	done
	openssl genpkey -algorithm ed25519 -out ed.key
	rejects 3 "mid-unwrap: --key: 'ed.key' holds no P-256 key" mid-unwrap --key ed.key --trust trust.pem 11-mid-package
}

@test "a key is read in every layout that openssl writes" {
	openssl pkey -in ro.example.key -traditional -out sec1
	openssl ec -in ro.example.key -no_public -out bare 2>/dev/null
	openssl ec -in ro.example.key -conv_form compressed -out compressed 2>/dev/null
	{ openssl ecparam -name prime256v1; cat sec1; } >parameters
	cat ro.example.pem ro.example.key sho.example.key >among
	sed 's/$/\r/' ro.example.key >dos
	for file in sec1 bare compressed parameters among dos; do
		resolve "$file" ro.example.pem | m2m-show --json | jq -e '.payload.ro == "ro.example"' || { echo "$file"; return 1; }
	done
}

@test "a certificate must be the key's and have the role" {
	unusable 2 "--cert: 'sho.example.pem' is not the certificate of --key" ro.example.key sho.example.pem
	unusable 2 "--cert: 'sho.example.pem' lacks the role RO" sho.example.key sho.example.pem
	lacks() { # TOOL NAME OPTION...
		local wanted role=RO
		[ "$1" != mid-unwrap ] || return 0	# it takes no certificate
		[ "$2" != ro.example ] || role=SHO
		wanted=$(m2m-show "$2.pem" | sed 's/.* role \([A-Z0-9]*\),.*/\1/')
		certify "${role,,}" other other.example
		rejects 2 "$1: --cert: 'other.pem' lacks the role $wanted" \
			"$1" --key other.key "${@:3}" --cert other.pem /dev/null
	}
	each lacks
}

@test "a certificate that cannot be read is said to be one" {
	unusable 3 "--cert: cannot open 'absent': No such file or directory" ro.example.key absent
	unusable 3 "--cert: cannot read '.': Is a directory" ro.example.key .
	unusable 2 "--cert: '06-referral': holds no certificate" ro.example.key 06-referral
	unusable 2 "--cert: 'ro.example.key': holds no certificate" ro.example.key ro.example.key
	head -c 400 ro.example.pem >short
	unusable 2 "--cert: 'short': not PEM" ro.example.key short
	sed '2s/^.../!!!/' ro.example.pem >torn
	unusable 2 "--cert: 'torn': not PEM" ro.example.key torn
	sed '2d' ro.example.pem >torn
	unusable 2 "--cert: 'torn': number 1 is not a certificate" ro.example.key torn
	cat ro.example.pem torn >second
	unusable 2 "--cert: 'second': number 2 is not a certificate" ro.example.key second
}

@test "a certificate must name one holder, and be of a kind of key that signs" {
	certificate() { # SUBJECT
		openssl req -x509 -config "$examples/roles.cnf" -extensions ro -subj "$1" -key ro.example.key \
			-CA operators.pem -CAkey operators.key -out other.pem "${@:2}" 2>/dev/null
	}
	for subject in /O=Operator /CN=ro.example/CN=sho.example $'/CN=ro\nexample' $'/CN=ro\x7fexample' / ; do
		certificate "$subject"
		unusable 2 "--cert: certificate needs one common name of 1..64 plain bytes" ro.example.key other.pem
	done
	certificate "/CN=rö.example" -utf8
	unusable 3 "--ledger: cannot open 'none': No such file or directory" ro.example.key other.pem
	openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.key 2>/dev/null
	openssl req -x509 -config "$examples/roles.cnf" -extensions ro -subj /CN=rsa.example -key rsa.key -out rsa.pem
	unusable 2 "--cert: certificate of rsa.example: needs a key on P-256 or Ed25519" ro.example.key rsa.pem
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

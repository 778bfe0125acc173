# SPDX-License-Identifier: Apache-2.0
# Keys, certificates and anchors by option: which are usable, and what is said of the others before
# any file is made.
load helper
load trust

# tools - those that take a key and objects, whose it is in the flow, and the other options they need
tools() {
	cat <<-END
	dpf-ack|dpf.ro.example|--ledger ro.ledger --trust trust.pem
	dpf-deliver|dpf.ro.example|--ledger ro.ledger --trust trust.pem
	dpf-report|dpf.ro.example|--ledger ro.ledger --trust trust.pem
	drf-register|ro.example|--ledger ro.ledger --trust trust.pem
	drf-resolve|ro.example|--ledger ro.ledger
	mid-unwrap|pva.example|--trust trust.pem
	mid-wrap|sho.example|--ledger sho.ledger --trust trust.pem
	pcid-wrap|ro.example|--ledger ro.ledger --trust trust.pem
	plc-sign|m2mes|--state state.cnf
	pva-verify|pva.example|--trust trust.pem --policy $examples/pva.cnf
	sho-ack|sho.example|--ledger sho.ledger --trust trust.pem
	sho-authorize|sho.example|--ledger sho.ledger --trust trust.pem
	us-order|us.example|--ledger us.ledger --order re-provision --sho sho.example
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

# The tools load keys and certificates through one function: drf-resolve stands for all.
usable() { # KEY [CERT]
	drf-resolve --ledger ro.ledger --key "$1" --cert "${2-ro.example.pem}" 06-attach-request >referral
	[ "$(field .payload.ro referral)" = ro.example ]
}

unusable() { # STATUS MESSAGE KEY [CERT] - said before the ledger is looked for
	rejects "$1" "drf-resolve: $2" drf-resolve --ledger none --key "$3" --cert "${4-ro.example.pem}" 06-attach-request
}

# believed, unbelieved STATUS MESSAGE - a file of anchors, or why it is none; then no ledger is made
believed() {
	drf-register --ledger ro.ledger "${ro[@]}" --trust "$1" 06-referral | cmp - 07-registration
}
unbelieved() {
	rejects "$1" "sho-authorize: --trust: $2" \
		sho-authorize --ledger none "${sho[@]}" --trust "$3" 07-registration 09-verdict
	[ ! -e none ]
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	umask 077
	world
}

# --- every tool -------------------------------------------------------------------

@test "these are the tools that take a key, besides two that t/status.bats tries" {
	for tool in "$root"/tools/*.c; do
		tool=$(basename "$tool" .c)
		"$tool" --help | grep -q -e --key && echo "$tool"
	done | grep -vx -e plc-crl -e pva-ocsp | diff - <(tools | cut -d '|' -f 1)
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
		rejects 2 "$1: --key: unknown key scheme 'yubikey'" "$1" --key yubikey:x "${@:3}" /dev/null
		rejects 2 "$1: --key: 'pkcs11:x' names no token and no key" "$1" --key pkcs11:x "${@:3}" /dev/null
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

@test "every tool that signs demands its own role" {
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

# --- keys that work ---------------------------------------------------------------

@test "a key is a file, a file by its URI, or a descriptor" {
	usable ro.example.key
	usable ./ro.example.key
	usable "$PWD/ro.example.key"
	usable file:ro.example.key
	usable "file:$PWD/ro.example.key"
	usable fd:7 7<ro.example.key
	usable fd:7 7< <(cat ro.example.key)
	usable fd:0 <ro.example.key
}

@test "a path with a colon behind a slash is no scheme" {
	cp ro.example.key pkcs11:key
	usable ./pkcs11:key
	usable file:pkcs11:key
	unusable 2 "--key: 'pkcs11:key' names no token and no key" pkcs11:key
}

@test "a key is read in every layout that openssl writes" {
	openssl pkey -in ro.example.key -traditional -out sec1
	openssl ec -in ro.example.key -no_public -out bare 2>/dev/null
	openssl ec -in ro.example.key -conv_form compressed -out compressed 2>/dev/null
	{ openssl ecparam -name prime256v1; cat sec1; } >parameters
	cat ro.example.pem ro.example.key sho.example.key >among
	sed 's/$/\r/' ro.example.key >dos
	for file in sec1 bare compressed parameters among dos; do
		echo "$file"
		usable "$file"
	done
}

@test "one file may hold key and certificate, in either order, with words around" {
	cat ro.example.pem ro.example.key >both
	usable both both
	{ echo "our key:"; cat ro.example.key; echo "and certificate:"; cat ro.example.pem; } >both
	usable both both
}

# --- Ed25519 ----------------------------------------------------------------------

@test "the whole flow runs with Ed25519 for every role and CA" {
	real=$(command -v openssl)
	mkdir path
	cat >path/openssl <<-EOF
		#!/bin/sh
		[ "\$1" != genpkey ] || exec $real genpkey -algorithm ED25519 -out "\$7"
		exec $real "\$@"
	EOF
	chmod +x path/openssl
	PATH=$PWD/path:$PATH "$root/share/flows/authenticated-access" flow
	cd flow
	for object in 06-referral 07-registration 09-verdict 11-authorization 11-mid-package 12-delivery; do
		[ "$(field .protected.alg $object)" = EdDSA ]
	done
	[ "$(field .identity 15-grant)" = 001020000000001 ]
	for name in operators m2mes sho.example; do
		openssl pkey -in $name.key -noout -text | grep -q "^ED25519"
	done
}

@test "an Ed25519 key is that of its own certificate, and one bit of its signature undoes it" {
	openssl genpkey -algorithm ed25519 -out ed.key
	openssl req -x509 -config "$examples/roles.cnf" -extensions ro -subj /CN=ro.example -days 9 \
		-key ed.key -CA operators.pem -CAkey operators.key -out ed.pem
	usable ed.key ed.pem
	unusable 2 "--cert: 'ro.example.pem' is not the certificate of --key" ed.key ro.example.pem
	unusable 2 "--cert: 'ed.pem' is not the certificate of --key" ro.example.key ed.pem
	rejects 3 "mid-unwrap: --key: 'ed.key' holds no P-256 key" mid-unwrap --key ed.key --trust trust.pem 11-mid-package
	forge referral . ed <06-referral >signed
	drf-register --ledger ro.ledger --key ed.key --cert ed.pem --trust trust.pem signed >registration
	flipped=$(field '.signature[:1]' signed | tr 0-9a-f 1032547698badcfe)
	edit referral ".signature = \"$flipped\" + .signature[1:]" <signed >forged
	rejects 1 "drf-register: item 1: referral.signature: does not verify [bad-signature]" \
		drf-register --ledger ro.ledger --key ed.key --cert ed.pem --trust trust.pem forged
}

# --- keys that do not -------------------------------------------------------------

@test "a key of an unknown scheme is refused, and no file is made of its name" {
	unusable 2 "--key: unknown key scheme 'pkcs11x'" "pkcs11x:token=op;object=sign"
	unusable 2 "--key: unknown key scheme 'https'" https://ro.example/key
	unusable 2 "--key: unknown key scheme 'handles'" handles:0x81000001
	[ ! -e handles:0x81000001 ]
}

@test "a descriptor is a number" {
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

@test "a key that others can read or change is no secret, in every tool" {
	cp ro.example.key open
	for mode in 640 604 620 602 610 601 4755; do
		chmod $mode open
		unusable 3 "--key: cannot use 'open': its mode is $(printf %04d $mode), needs 0600" open
	done
	unusable 3 "--key: cannot use 'file:open': its mode is 4755, needs 0600" file:open
	ln -s open link
	unusable 3 "--key: cannot use 'link': its mode is 4755, needs 0600" link
	for mode in 400 600 700; do
		chmod $mode open
		usable link
	done
	chmod 644 ./*.key
	exposed() { # TOOL NAME OPTION...
		rejects 3 "$1: --key: cannot use '$2.key': its mode is 0644, needs 0600" \
			"$1" --key "$2.key" "${@:3}" /dev/null
	}
	each exposed
	# whoever opened it has seen to that; and a pipe has no mode that says anything
	usable fd:7 7<ro.example.key
	usable <(cat ro.example.key)
}

@test "a key that belongs to another is not ours to use [root]" {
	[ "$(id -u)" = 0 ] || skip "only root can give a file away"
	cp ro.example.key other
	chown 1 other
	unusable 3 "--key: cannot use 'other': it belongs to user 1, needs user 0" other
	chown 1 m2me.storage-key
	rejects 3 "tre-show: cannot use 'm2me.storage-key': it belongs to user 1, needs user 0" tre-show --tre m2me
}

@test "what holds no private key is none" {
	sed '2s/^.../!!!/' ro.example.key >torn
	openssl pkey -in ro.example.key -outform DER -out der
	openssl pkey -in ro.example.key -pubout -out public
	for file in /dev/null 06-referral ro.example.pem torn der public; do
		unusable 3 "--key: '$file' holds no PEM private key" "$file"
	done
}

@test "a key cut short anywhere is refused, and one with more behind it" {
	for ((n = 0; n < $(wc -c <ro.example.key) - 10; n += 7)); do
		head -c $n ro.example.key >cut
		unusable 3 "--key: 'cut' holds no PEM private key" cut
	done
	openssl pkey -in ro.example.key -outform DER | head -c 100 | pem "PRIVATE KEY" >cut
	unusable 3 "--key: 'cut' holds neither a P-256 nor an Ed25519 key" cut
	{ openssl pkey -in ro.example.key -outform DER; echo more; } | pem "PRIVATE KEY" >long
	unusable 3 "--key: 'long' holds neither a P-256 nor an Ed25519 key" long
	sed '2d' ro.example.key >cut
	unusable 3 "--key: 'cut' holds neither a P-256 nor an Ed25519 key" cut
}

@test "a private key beside another's public key is refused" {
	openssl pkey -in ro.example.key -outform DER >ro.der
	openssl pkey -in pva.example.key -outform DER >pva.der
	{ head -c 73 pva.der; tail -c +74 ro.der; } | pem "PRIVATE KEY" >mixed
	unusable 3 "--key: 'mixed' holds neither a P-256 nor an Ed25519 key" mixed
}

@test "an encrypted key is refused in both forms, without asking for a passphrase" {
	openssl pkey -in ro.example.key -aes256 -passout pass:secret -out locked
	unusable 3 "--key: 'locked' is encrypted: needs a plain PEM key" locked </dev/null
	openssl pkey -in ro.example.key -aes256 -passout pass:secret -traditional -out locked
	grep -q "^Proc-Type: 4,ENCRYPTED" locked
	unusable 3 "--key: 'locked' is encrypted: needs a plain PEM key" locked </dev/null
}

@test "a key of another algorithm or curve is none of ours" {
	other() { # OPTION... - openssl's, that make one
		openssl "$@" -out other 2>/dev/null
		unusable 3 "--key: 'other' holds neither a P-256 nor an Ed25519 key" other
	}
	for kind in "RSA -pkeyopt rsa_keygen_bits:2048" "EC -pkeyopt ec_paramgen_curve:P-384" \
		"EC -pkeyopt ec_paramgen_curve:secp256k1" X25519 ED448; do
		other genpkey -algorithm $kind
		cp other "${kind%% *}"
	done
	other pkey -in RSA -traditional
}

# --- certificates -----------------------------------------------------------------

@test "a certificate that cannot be read is the world's fault, what is none that of the request" {
	unusable 3 "--cert: cannot open 'absent': No such file or directory" ro.example.key absent
	unusable 3 "--cert: cannot read '.': Is a directory" ro.example.key .
	openssl x509 -in ro.example.pem -outform DER -out der
	for file in /dev/null 06-referral ro.example.key csr.pem der; do
		unusable 2 "--cert: '$file': holds no certificate" ro.example.key "$file"
	done
}

@test "a malformed certificate is refused, also behind a good one" {
	head -c 400 ro.example.pem >short
	sed '2s/^.../!!!/' ro.example.pem >torn
	sed '2d' ro.example.pem >holed
	printf '\x30\x00' | pem CERTIFICATE >empty
	for file in short:"not PEM" torn:"not PEM" holed:"number N is not a certificate" \
		empty:"number N is not a certificate"; do
		fact=${file#*:} file=${file%:*}
		unusable 2 "--cert: '$file': ${fact/N/1}" ro.example.key "$file"
		cat ro.example.pem "$file" >second
		unusable 2 "--cert: 'second': ${fact/N/2}" ro.example.key second
	done
}

@test "a certificate must be the key's and have the role, itself and not another of its file" {
	unusable 2 "--cert: 'sho.example.pem' is not the certificate of --key" ro.example.key sho.example.pem
	unusable 2 "--cert: 'sho.example.pem' lacks the role RO" sho.example.key sho.example.pem
	unusable 2 "--cert: 'operators.pem' lacks the role RO" operators.key operators.pem
	cat operators.pem ro.example.pem >order.pem
	unusable 2 "--cert: 'order.pem' is not the certificate of --key" ro.example.key order.pem
}

@test "a certificate may have the CAs' behind it, up to four in all, and they go with what is signed" {
	cat ro.example.pem operators.pem >chain.pem
	usable ro.example.key chain.pem
	[ "$(field '.protected.x5chain | length' referral)" = 2 ]
	cat chain.pem operators.pem operators.pem >four.pem
	usable ro.example.key four.pem
	cat four.pem operators.pem >five.pem
	unusable 2 "--cert: 'five.pem': needs 1..4 certificates" ro.example.key five.pem
}

@test "a certificate must name one holder, and be of a kind of key that signs" {
	certificate() { # SUBJECT
		openssl req -x509 -config "$examples/roles.cnf" -extensions ro -subj "$1" -key ro.example.key \
			-CA operators.pem -CAkey operators.key -out other.pem "${@:2}" 2>/dev/null
	}
	for subject in /O=Operator /CN=ro.example/CN=sho.example $'/CN=ro\nexample' $'/CN=ro\e[2J' \
		$'/CN=ro\x7fexample' /; do
		certificate "$subject"
		unusable 2 "--cert: certificate needs one common name of 1..64 plain bytes" ro.example.key other.pem
	done
	certificate "/CN=rö.example" -utf8
	unusable 3 "--ledger: cannot open 'none': No such file or directory" ro.example.key other.pem
	openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.key 2>/dev/null
	openssl req -x509 -config "$examples/roles.cnf" -extensions ro -subj /CN=rsa.example -key rsa.key -out rsa.pem
	unusable 2 "--cert: certificate of rsa.example: needs a key on P-256 or Ed25519" ro.example.key rsa.pem
}

# --- anchors ----------------------------------------------------------------------

@test "anchors are certificates, one at least and up to 32" {
	rejects 2 "sho-authorize: --trust is required; see sho-authorize --help" \
		sho-authorize --ledger none "${sho[@]}" 07-registration 09-verdict
	: >empty
	unbelieved 2 "'empty': holds no certificate" empty
	unbelieved 2 "'sho.example.key': holds no certificate" sho.example.key
	for i in $(seq 31); do cat m2mes.pem; done >many
	cat many operators.pem >just
	believed just
	cat just m2mes.pem >more
	unbelieved 2 "'more': needs 1..32 certificates" more
}

@test "a file of anchors that cannot be read, or not to its end, is refused" {
	unbelieved 3 "cannot open 'absent': No such file or directory" absent
	unbelieved 3 "cannot read '.': Is a directory" .
	{ cat operators.pem; head -c 300 m2mes.pem; } >cut
	unbelieved 2 "'cut': not PEM" cut
	{ cat operators.pem; printf '\x30\x00' | pem CERTIFICATE; } >junk
	unbelieved 2 "'junk': number 2 is not a certificate" junk
}

@test "a TRE gets its anchors with the first good item, whatever went before" {
	tre-init --tre new --serial 2 --imei 490154203237518 --measure "$PWD/firmware"
	tre-csr --tre new | plc-sign --key m2mes.key --cert m2mes.pem --state state.cnf >good.pem
	rejects 1 "tre-load: item 1: plc: certifies another platform key [wrong-key]" \
		tre-load --tre new --trust trust.pem --keep-going plc.pem good.pem
	[ "$(tre-show --tre new | m2m-show --json | jq .anchors)" = 2 ]
}

# SPDX-License-Identifier: Apache-2.0
# Keys in PKCS#11 tokens and TPMs: what signs and agrees with them, and every way they can be unusable.
load helper
load trust
load token

teardown() {
	stop_tpm
}

uri() { # NAME
	echo "pkcs11:token=m2mkit;object=$1"
}

# certified NAME SECTION FILE - NAME.pem: a certificate from the operators for the public key in FILE
certified() {
	sed 's/role\(RO\|M2MES\)$/ROLE.\1/; s/ROLE.RO/1.3.6.1.4.1.32473.33812.1/; s/ROLE.M2MES/1.3.6.1.4.1.32473.33812.5/' \
		"$examples/roles.cnf" >numbers.cnf	# openssl x509 knows no names of its file
	openssl x509 -new -force_pubkey "$3" -subj /CN=ro.example -CA operators.pem -CAkey operators.key \
		-extfile numbers.cnf -extensions "$2" -days 3650 -out "$1.pem"
}

# of_token NAME, of_tpm HANDLE - the public key, as PEM
of_token() {
	in_token --read-object --type pubkey --label "$1" --output-file public.der
	openssl pkey -pubin -inform DER -in public.der
}
of_tpm() {
	tpm2_readpublic -Q -c "$1" -f pem -o public.pem && cat public.pem
}

# resolves NAME OPTION... - a referral is signed by the key of these options, with NAME.pem, and believed
resolves() {
	drf-resolve --ledger ro.ledger --cert "$1.pem" "${@:2}" 06-attach-request >referral
	drf-register --ledger ro.ledger "${ro[@]}" --trust trust.pem referral >registration
}

unusable() { # STATUS MESSAGE OPTION... - said before the ledger is looked for
	rejects "$1" "drf-resolve: $2" drf-resolve --ledger none --cert ro.example.pem "${@:3}" 06-attach-request
}

@test "the whole flow runs with the roles' keys in a token" {
	mapfile -t names < <(role_names)
	token "${names[@]}"
	KEYS=$keys run -0 --separate-stderr "$root/share/flows/authenticated-access" flow
	[ -z "$stderr" ]
	[ "$(echo "$output" | sed -n 's/^\([0-9]\+\) *[A-Z].*/\1/p' | tr '\n' ' ')" = "1 2 3 4 5 6 7 8 9 10 11 12 13 14 " ]
	[ "$(m2m-show --json flow/15-grant | jq -r .identity)" = 001020000000001 ]
	[ "$(cd flow && ls ./*.key)" = ./operators.key ]
	# made in the token, and never to be had from it
	pkcs11-tool --module $softhsm --token-label m2mkit --login --pin 1234 -O --type privkey | grep -c "never extractable, local" | grep -x "${#names[@]}"
}

@test "a PIN comes from a file, a descriptor, or the file that the URI names" {
	world
	token ro.example
	certified ro.token ro <(of_token ro.example)
	for pin in pin file:pin "$PWD/pin" fd:7 fd:8; do
		resolves ro.token --key "$(uri ro.example)" --pin "$pin" 7<pin 8< <(printf '1234\r\n')
	done
	echo 1234 >ended
	for source in pin file:pin "file:$PWD/%70in" ended; do
		resolves ro.token --key "$(uri ro.example)?pin-source=$source"
	done
	resolves ro.token --key "$(uri ro.example)?module-path=$softhsm&pin-source=pin"
	resolves ro.token --key "pkcs11:id=%01?pin-source=pin"
}

@test "a PIN that is wrong, missing or none is the world's fault" {
	world
	token ro.example
	key=$(uri ro.example)
	unusable 3 "--key: '$key' cannot be used: PIN incorrect" --key "$key" --pin wrong-pin
	unusable 3 "--key: '$key' cannot be used: PIN incorrect" --key "$key?pin-source=wrong-pin"
	unusable 3 "--key: '$key' needs a PIN; see --pin" --key "$key"
	unusable 3 "--pin: cannot read 'absent': No such file or directory" --key "$key" --pin absent
	unusable 3 "--key: cannot read 'absent': No such file or directory" --key "$key?pin-source=absent"
	unusable 3 "--pin: cannot read 'fd:9': Bad file descriptor" --key "$key" --pin fd:9
	head -c 256 /dev/zero | tr '\0' 1 >long
	printf '1234\n5678\n' >two
	printf '12\00034\n' >nul
	printf '\n' >none
	for file in long two nul none /dev/null; do
		unusable 3 "--pin: '$file' holds no PIN: needs one line of 1 to 255 bytes" --key "$key" --pin "$file"
	done
	head -c 1000 /dev/zero >long
	unusable 3 "--pin: cannot read 'long': File too large" --key "$key" --pin long
	chmod 644 pin
	unusable 3 "--pin: cannot use 'pin': its mode is 0644, needs 0600" --key "$key" --pin pin
	chmod 600 pin
	# it still opens with the right one
	unusable 2 "--cert: 'ro.example.pem' is not the certificate of --key" --key "$key" --pin pin
}

@test "a PIN never stands among the arguments, and is not given twice or for nothing" {
	world
	for key in "pkcs11:object=k?pin-value=1234" "pkcs11:object=k;pin-value=1234" "pkcs11:object=k?pin-source=pin&pin-value=1"; do
		unusable 2 "--key: pin-value shows the PIN to whoever lists processes; see --pin" --key "$key"
	done
	echo 1234 >pin
	unusable 2 "--pin: 'pkcs11:object=k' has a pin-source already" --key "pkcs11:object=k?pin-source=pin" --pin pin
	unusable 2 "--pin: 'ro.example.key' is a key in a file, and has no PIN" --key ro.example.key --pin pin
	unusable 2 "--pin: unknown key scheme 'pkcs11'" --key handle:0x81000001 --pin pkcs11:x
}

@test "a PKCS#11 URI that is malformed is the request's fault" {
	world
	unusable 2 "--key: 'pkcs11:' names no token and no key" --key pkcs11:
	unusable 2 "--key: 'pkcs11:op' names no token and no key" --key pkcs11:op
	unusable 2 "--key: unknown attribute 'slot' after '?'" --key "pkcs11:object=k?slot=1"
	unusable 2 "--key: unknown attribute '' after '?'" --key "pkcs11:object=k?"
	unusable 2 "--key: pin-source belongs after '?' (RFC 7512 2.4)" --key "pkcs11:object=k;pin-source=pin"
	unusable 2 "--key: module-path stands twice in the URI" --key "pkcs11:object=k?module-path=a&module-path=b"
	for bad in "" %2 %zz %00 a%; do
		unusable 2 "--key: pin-source has no value that can be read (RFC 7512 2.3)" --key "pkcs11:object=k?pin-source=$bad"
	done
}

@test "no token, no key, no module or no engine is the world's fault, and makes no file" {
	world
	token ro.example
	in_token --keypairgen --key-type EC:secp384r1 --id 09 --label p384
	in_token --keypairgen --key-type RSA:2048 --id 0a --label rsa
	before=$(ls)
	key=pkcs11:token=other;object=ro.example
	unusable 3 "--key: '$key' cannot be used: not one token fits, or it has no such key" --key "$key" --pin pin
	key=$(uri other)
	unusable 3 "--key: '$key' cannot be used: the token has no such key" --key "$key" --pin pin
	for key in "$(uri p384)" "$(uri rsa)"; do
		unusable 3 "--key: '$key' holds neither a P-256 nor an Ed25519 key" --key "$key" --pin pin
	done
	key=$(uri ro.example)
	unusable 3 "--key: cannot load the module: /none.so: cannot open shared object file: No such file or directory" \
		--key "$key?module-path=/none.so" --pin pin
	OPENSSL_ENGINES=/none unusable 3 "--key: OpenSSL has neither a provider nor an engine pkcs11: filename(/none/pkcs11.so): \
/none/pkcs11.so: cannot open shared object file: No such file or directory" --key "$key" --pin pin
	[ "$(ls | grep -v ^separate-stderr)" = "$before" ]
}

# package FILE - a package sealed to the public key in FILE
package() {
	point=$(openssl pkey -pubin -in "$1" -outform DER | tail -c 64 | hex)
	forge verdict ".payload.cnf.key |= (.x = \"${point:0:64}\" | .y = \"${point:64}\")" pva.example \
		<09-verdict >verdict
	rm -f other.ledger
	mid-gen --profile "$examples/mid.cnf" --ledger other.ledger >other-mid
	sho-authorize --ledger other.ledger "${sho[@]}" --trust trust.pem 07-registration verdict >/dev/null
	mid-wrap --ledger other.ledger "${sho[@]}" --trust trust.pem 07-registration verdict other-mid
}

@test "a package opens with a key in a token, and with no other of it" {
	world
	token sealing other
	package <(of_token sealing) >package
	mid-unwrap --trust trust.pem --key "$(uri sealing)" --pin pin package | cmp - other-mid
	rejects 1 "mid-unwrap: item 1: mid-package.key: is another's sealing key [not-for-us]" \
		mid-unwrap --trust trust.pem --key "$(uri other)" --pin pin package
}

@test "a package opens with a key in a TPM, and with no other of it" {
	world
	tpm
	package <(of_tpm 0x81000002) >package
	for key in handle:0x81000002 sealing.pem; do
		mid-unwrap --trust trust.pem --key $key package | cmp - other-mid
	done
	tpm_key other 0x81000003 ecc256 decrypt
	rejects 1 "mid-unwrap: item 1: mid-package.key: is another's sealing key [not-for-us]" \
		mid-unwrap --trust trust.pem --key handle:0x81000003 package
	# one that only signs
	package <(of_tpm 0x81000001) >package
	rejects 3 "mid-unwrap: item 1: the TPM does not agree on a key with this one: tpm:handle(1):inconsistent attributes" \
		mid-unwrap --trust trust.pem --key handle:0x81000001 package
}

@test "a role signs with a key in a TPM, also one that signs nothing else than what the TPM digested" {
	world
	tpm
	certified ro.tpm ro <(of_tpm 0x81000001)
	resolves ro.tpm --key handle:0x81000001
	resolves ro.tpm --key platform.pem
	resolves ro.tpm --key fd:7 7< <(cat platform.pem)
	# nothing is left in the TPM's few slots, whatever came of it
	for i in 1 2 3 4; do
		unusable 2 "--cert: 'ro.example.pem' is not the certificate of --key" --key platform.pem
	done
	[ -z "$(tpm2_getcap handles-transient)" ]
}

@test "a platform credential is issued with a key in a TPM" {
	world
	tpm
	certified m2mes.tpm m2mes <(of_tpm 0x81000001)
	plc-sign --key handle:0x81000001 --cert m2mes.tpm.pem --state state.cnf csr.pem >plc.pem
	openssl verify -partial_chain -trusted m2mes.tpm.pem plc.pem
}

@test "a key in a TPM may have a PIN" {
	world
	tpm
	echo secret >pin
	echo wrong >wrong-pin
	tpm_key locked 0x81000004 ecc256:ecdsa-sha256:null 'restricted|sign' -p secret
	certified ro.locked ro <(of_tpm 0x81000004)
	for key in handle:0x81000004 locked.pem; do
		resolves ro.locked --key $key --pin pin
	done
	# twice and no more: then the TPM locks itself
	for option in "handle:0x81000004 --pin wrong-pin" locked.pem; do
		# shellcheck disable=SC2086	# a list of words
		rejects 3 "drf-resolve: item 1: the TPM does not sign with this key: \
tpm:session(1):the authorization HMAC check failed and DA counter incremented" \
			drf-resolve --ledger ro.ledger --cert ro.locked.pem --key $option 06-attach-request
	done
}

@test "no TPM or no such key in it is the world's fault" {
	world
	tpm
	unusable 3 "the TPM has no object 0x81000009: tpm:handle(1):the handle is not correct for the use" --key handle:0x81000009
	for handle in "" 0x 0x8100001 0x810000001 0x8100000g 81000001 0x81000001?pass 0x40000001; do
		unusable 2 "--key: needs a persistent handle such as handle:0x81000001, has 'handle:$handle'" --key "handle:$handle"
	done
	tpm2_createprimary -Q -C o -G rsa2048 -c rsa.ctx && tpm2_evictcontrol -Q -C o -c rsa.ctx 0x81000005
	flush
	unusable 3 "--key: 'handle:0x81000005' holds neither a P-256 nor an Ed25519 key" --key handle:0x81000005
	stop_tpm
	unusable 3 "--key: no TPM answers: tcti:IO failure" --key handle:0x81000001
}

# block PARENT PUBLIC PRIVATE [OID] - a TSS2 PRIVATE KEY, in PEM
block() {
	printf '%s\n' asn1=SEQUENCE:key [key] "type=OID:${4:-2.23.133.10.1.3}" no_pin=EXP:0,BOOLEAN:true \
		"parent=INTEGER:$1" "public=FORMAT:HEX,OCTETSTRING:$2" "private=FORMAT:HEX,OCTETSTRING:$3" >block.cnf
	openssl asn1parse -genconf block.cnf -noout -out block.der
	printf '%s\n' "-----BEGIN TSS2 PRIVATE KEY-----" "$(base64 <block.der)" "-----END TSS2 PRIVATE KEY-----"
}

@test "a TSS2 key that is malformed, another's, or without a parent in the TPM is the world's fault" {
	world
	tpm
	public=$(hex <platform.pub) private=$(hex <platform.priv)
	certified ro.tpm ro <(of_tpm 0x81000001)
	block 0x81000000 "$public" "$private" >good.pem
	resolves ro.tpm --key good.pem
	block 0x81000000 "$public" "$private" 2.23.133.10.1.5 >sealed.pem
	block 0x81000000 "${public}00" "$private" >long.pem
	block 0x81000000 "$public" "${private:0:100}" >short.pem
	{ sed -n 1p good.pem; { base64 -d <<<"$(grep -v -e -- good.pem)"; echo; } | base64; sed -n '$p' good.pem; } >more.pem
	for file in sealed long short more; do
		unusable 3 "--key: '$file.pem' holds no TSS2 key that can be loaded" --key $file.pem
	done
	block 0x40000001 "$public" "$private" >owner.pem
	block -1 "$public" "$private" >negative.pem
	for file in owner negative; do
		unusable 3 "--key: '$file.pem' needs a persistent key in the TPM as its parent" --key $file.pem
	done
	block 0x81000009 "$public" "$private" >orphan.pem
	unusable 3 "the TPM has no object 0x81000009: tpm:handle(1):the handle is not correct for the use" --key orphan.pem
	block 0x81000000 "$public" "${private/%??/00}" >changed.pem
	unusable 3 "the TPM does not load the key: tpm:parameter(1):integrity check failed" --key changed.pem
}

@test "what is for tokens is not even looked for without a key in one [strace]" {
	strace -f -o trace true 2>/dev/null || skip "strace cannot trace here"
	world
	strace -f -o trace -e trace=file drf-resolve --ledger ro.ledger "${ro[@]}" 06-attach-request >referral
	grep -E 'pkcs11|tss2|engines|ossl-modules|p11' trace | none
}

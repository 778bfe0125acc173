# SPDX-License-Identifier: Apache-2.0
# Whether a platform credential still holds: pva-ocsp says so, pva-verify wants to know.
load helper
load trust

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	world
	examples=$root/share/examples
}

ocsp() { # OPTION... [REQUEST...]
	pva-ocsp --key ocsp.example.key --cert ocsp.example.pem --issuer m2mes.pem --ledger m2mes.ledger "$@"
}

ask() { # OPTION... - a request about plc.pem by openssl, into the file request
	openssl ocsp -issuer m2mes.pem -cert plc.pem -reqout request "$@"
}

accepted() { # OPTION... - what openssl makes of response to request
	openssl ocsp -respin response -reqin request -CAfile m2mes.pem "$@" 2>&1
}

revoke() { # REASON
	plc-revoke --ledger m2mes.ledger --reason "$1" plc.pem
}

crl() { # OPTION...
	plc-crl --key m2mes.key --cert m2mes.pem --ledger m2mes.ledger "$@"
}

verify() { # OPTION...
	pva-verify "${pva[@]}" --trust trust.pem --policy "$examples/pva.cnf" "$@" 07-registration 08-evidence
}

refused() { # FACT OPTION... - no verdict, and this said of the evidence
	rejects 1 "pva-verify: item 2: $1" verify "${@:2}"
}

unbelieved() { # IDENTITY FACT OPTION... - a verdict that the PlC does not hold
	disbelieved "$1" "pva-verify: item 2: $2" verify "${@:3}"
}

plc_serial() {
	openssl x509 -in plc.pem -noout -serial | cut -d = -f 2
}

chain=evidence.protected.x5chain
malformed=$'\x30\x03\x0a\x01\x01'

# --- the responder, to stock clients ------------------------------------------------

@test "good, revoked with its reason, superseded, unknown: openssl reads each" {
	ask
	ocsp request >response
	accepted | grep -q 'Response verify OK'
	openssl ocsp -respin response -CAfile m2mes.pem -issuer m2mes.pem -cert plc.pem -no_nonce 2>&1 | grep -x 'plc.pem: good'
	openssl ocsp -respin response -text -noverify >text
	grep -q 'Response Type: Basic OCSP Response' text
	grep -q 'OCSP No Check' text
	revoke certificateHold
	ocsp request >response
	openssl ocsp -respin response -text -noverify | grep -x ' *Revocation Reason: certificateHold (0x6)'
	plc-revoke --ledger m2mes.ledger --reason removeFromCRL plc.pem
	sed 's/^version.*/version = 2/' state.cnf >new.cnf
	plc-sign --ledger m2mes.ledger --key m2mes.key --cert m2mes.pem --state new.cnf csr.pem >new.pem
	ocsp request >response
	openssl ocsp -respin response -text -noverify | grep -x ' *Revocation Reason: superseded (0x4)'
	revoke keyCompromise
	ocsp --now 2030-01-01T00:00:00Z request >response
	openssl ocsp -respin response -text -noverify | grep -x ' *Revocation Reason: keyCompromise (0x1)'
	openssl ocsp -respin response -text -noverify | grep -x ' *This Update: Jan  1 00:00:00 2030 GMT'
	openssl ocsp -respin response -text -noverify | grep -x ' *Next Update: Jan  1 01:00:00 2030 GMT'
}

@test "what was never issued is unknown, and so is another CA's" {
	openssl ocsp -issuer m2mes.pem -serial 0x4000000000000000000000000000dead -serial 0x1 -reqout request
	ocsp request >response
	accepted | grep -q 'Response verify OK'
	[ "$(openssl ocsp -respin response -text -noverify | grep -c 'Cert Status: unknown')" = 2 ]
	openssl ocsp -issuer operators.pem -serial "0x$(plc_serial)" -reqout request
	ocsp request >response
	openssl ocsp -respin response -text -noverify | grep -qx ' *Cert Status: unknown'
	# nor is what another CA issued into the same ledger this one's
	anchor m2mes second second.example
	plc-sign --key second.key --cert second.pem --ledger m2mes.ledger --state state.cnf csr.pem >second.plc
	openssl ocsp -issuer m2mes.pem -serial "0x$(openssl x509 -in second.plc -noout -serial | cut -d = -f 2)" -reqout request
	ocsp request >response
	openssl ocsp -respin response -text -noverify | grep -qx ' *Cert Status: unknown'
}

@test "several in one request, by any digest, signed or not; several requests in one stream" {
	for digest in sha1 sha256 sha384 sha512; do
		openssl ocsp -$digest -issuer m2mes.pem -cert plc.pem -serial 0x77 -cert plc.pem \
			-signer ro.example.pem -signkey ro.example.key -reqout request
		ocsp request >response
		accepted | grep -q 'Response verify OK'
		openssl ocsp -respin response -text -noverify | grep 'Cert Status' | tr -d '\n' |
			grep -x ' *Cert Status: good *Cert Status: unknown *Cert Status: good'
	done
	# a digest nobody uses: which CA is meant cannot be told
	openssl ocsp -sha224 -issuer m2mes.pem -cert plc.pem -reqout request
	ocsp request >response
	openssl ocsp -respin response -text -noverify | grep -qx ' *Cert Status: unknown'
	ask
	cp request one
	openssl ocsp -issuer m2mes.pem -serial 0x77 -reqout two
	cat one two | ocsp --random <(yes | head -c 100000) --now 2026-12-01T00:00:00Z >both
	{ ocsp --random <(yes | head -c 100000) --now 2026-12-01T00:00:00Z one
	  ocsp --random <(yes | head -c 100000) --now 2026-12-01T00:00:00Z two; } >each
	cmp -n "$(($(wc -c <each) / 2 - 100))" both each
	[ "$(openssl asn1parse -inform der -in both | head -n 1)" = "$(openssl asn1parse -inform der -in each | head -n 1)" ]
}

@test "a nonce of 1 to 128 bytes comes back, and no other is taken" {
	nonce() { # BYTES - a request with a nonce of so many
		local n=$1 inner outer
		ask -no_nonce
		python3 - "$n" <<-'END'
			import sys
			n = int(sys.argv[1])
			def tlv(tag, v):
			    l = len(v)
			    return bytes([tag]) + (bytes([l]) if l < 128 else bytes([0x81, l]) if l < 256 else b"\x82" + l.to_bytes(2, "big")) + v
			def inside(b):
			    at = 2 if b[1] < 128 else 2 + (b[1] & 127)
			    return b[at:]
			content = inside(inside(open("request", "rb").read()))
			oid = bytes.fromhex("06092b0601050507300102")
			ext = tlv(0x30, oid + tlv(4, tlv(4, bytes(range(n)))))
			open("request", "wb").write(tlv(0x30, tlv(0x30, content + tlv(0xa2, tlv(0x30, ext)))))
		END
	}
	for n in 1 16 32 127 128; do
		nonce $n
		ocsp request >response
		accepted | grep -q 'Response verify OK'
	done
	for n in 0 129 200; do
		nonce $n
		run -2 --separate-stderr ocsp request
		[ "$output" = "$malformed" ]
		[ "$stderr" = "pva-ocsp: item 1: not an OCSP request: nonce: needs one of 1..128 bytes (RFC 6960 4.1.1)" ]
	done
}

@test "what is no request is answered malformedRequest, and said" {
	: >empty
	head -c 70000 /dev/zero >zeros
	echo garbage >garbage
	cbor 30 00 >nothing
	cbor 30 84 00 00 00 02 30 00 >long
	cbor 30 82 01 00 30 >short
	cbor 30 80 00 00 >indefinite
	cbor 30 84 ff ff ff ff >huge
	cbor 30 04 30 02 30 00 >none
	openssl x509 -in plc.pem -outform der >certificate
	for f in zeros garbage nothing long short indefinite huge none certificate; do
		run -2 --separate-stderr ocsp $f
		[ "$output" = "$malformed" ]
		[[ $stderr == "pva-ocsp: item 1: not an OCSP request: "* ]]
	done
	run -2 --separate-stderr ocsp empty
	[ "$output" = "$malformed" ]
	[ "$stderr" = "pva-ocsp: needs an object, has empty input" ]
	# the others are answered, where one can be told from the next
	ask
	run -2 --separate-stderr eval 'ocsp --keep-going none request nothing request garbage >all'
	[ "$(wc -l <<<"$stderr")" = 3 ]
	[ "$(tail -c 5 all)" = "$malformed" ]
	ocsp request >response
	[ "$(wc -c <all)" -gt $(($(wc -c <response) * 2 - 8)) ]
}

@test "a request with any bit changed is answered, and no answer to it is taken for one to the original" {
	ask
	hex <request >der
	n=$(wc -c <request)
	for ((i = 0; i < n; i++)); do
		byte=$(printf %02x $((16#$(cut -c $((2 * i + 1))-$((2 * i + 2)) der) ^ (1 << (i * 5 % 8)))))
		cbor "$(sed "s/^\(.\{$((2 * i))\}\)../\1$byte/" der)" >mutant
		ocsp mutant >response 2>/dev/null && status=0 || status=$?
		[ $status -eq 0 ] || [ $status -eq 2 ]
		openssl ocsp -respin response -resp_text -noverify >text 2>&1 || :
		grep -q -e 'malformedrequest (0x1)' -e 'malformedrequest (1)' -e 'successful (0x0)' text || { cat text; return 1; }
		# openssl checks the nonce of the original, and the credential is looked up in the answer
		if accepted | grep -q 'Response verify OK' && ! grep -q 'Nonce' <(accepted); then
			openssl ocsp -respin response -issuer m2mes.pem -cert plc.pem -CAfile m2mes.pem -no_nonce >said 2>&1 || :
			grep -q -e 'good' -e 'No Status found' said
		fi
	done
}

@test "only the CA, or whom it made its delegate itself, answers" {
	respond() { # NAME [ISSUER]
		pva-ocsp --key "$1.key" --cert "$1.pem" --issuer "${2:-m2mes.pem}" --ledger m2mes.ledger request
	}
	ask
	respond m2mes >response
	accepted | grep -q 'Response verify OK'
	rejects 2 "pva-ocsp: --cert: certificate of pva.example was not issued by m2mes.example" respond pva.example
	rejects 2 "pva-ocsp: --cert: certificate of ocsp.example was not issued by Example operators CA" \
		respond ocsp.example operators.pem
	ca=m2mes certify ro role role.example
	rejects 2 "pva-ocsp: --cert: certificate of role.example is not for OCSPSigning (RFC 6960 4.2.2.2)" respond role
	rejects 2 "pva-ocsp: --cert: 'ocsp.example.pem' is not the certificate of --key" \
		pva-ocsp --key pva.example.key --cert ocsp.example.pem --issuer m2mes.pem --ledger m2mes.ledger request
	rejects 2 "pva-ocsp: --cert: certificate of ocsp.example is not valid at 2099-01-01T00:00:00Z" \
		ocsp --now 2099-01-01T00:00:00Z request
	rejects 3 "pva-ocsp: --ledger: cannot open 'none': No such file or directory" \
		pva-ocsp --key ocsp.example.key --cert ocsp.example.pem --issuer m2mes.pem --ledger none request
	rejects 2 "pva-ocsp: --issuer is required; see pva-ocsp --help" \
		pva-ocsp --key ocsp.example.key --cert ocsp.example.pem --ledger none request
	openssl genpkey -algorithm ED25519 -out ed.key
	openssl req -x509 -config "$examples/roles.cnf" -extensions ocsp -subj /CN=ed.example -days 30 \
		-key ed.key -CA m2mes.pem -CAkey m2mes.key -out ed.pem
	respond ed >response
	accepted | grep -q 'Response verify OK'
}

@test "openssl notices a wrong responder, a wrong nonce, an old response, another serial number, altered bytes" {
	ask
	ocsp request >response
	good=$(accepted)
	[[ $good == *'Response verify OK'* ]]
	cp request mine
	ask
	accepted | grep -q 'Nonce Verify error'
	cp mine request
	run -1 openssl ocsp -respin response -CAfile operators.pem -no_nonce -issuer m2mes.pem -cert plc.pem
	[[ $output == *'Response Verify Failure'* ]]
	openssl ocsp -respin response -CAfile m2mes.pem -no_nonce -issuer m2mes.pem -serial 0x99 2>&1 | grep -q 'No Status found'
	ocsp --now 2026-11-25T00:00:00Z request >response
	openssl ocsp -respin response -CAfile m2mes.pem -no_nonce -issuer m2mes.pem -cert plc.pem 2>&1 |
		grep -q -e 'WARNING: Status times invalid' -e 'status not yet valid' -e 'status expired'
	# a delegate of another CA, and one without the right
	ocsp request >response
	hex <response >der
	n=$(wc -c <response)
	for ((i = 0; i < n; i += 7)); do
		byte=$(printf %02x $((16#$(cut -c $((2 * i + 1))-$((2 * i + 2)) der) ^ 0x11)))
		cbor "$(sed "s/^\(.\{$((2 * i))\}\)../\1$byte/" der)" >response
		accepted >said || :
		! grep -q 'Response verify OK' said || { echo "byte $i"; return 1; }
	done
}

# --- before anybody asks ----------------------------------------------------------------

@test "prepared responses lie where a GET asks for them, and are replaced whole" {
	csr-gen 50 | plc-sign --ledger m2mes.ledger --key m2mes.key --cert m2mes.pem --state state.cnf >more.pem
	ocsp --prepare www
	[ "$(find www -type f | wc -l)" = 51 ]
	csplit -s -z -f plc. more.pem '/BEGIN/' '{*}'
	for f in plc.pem plc.0? plc.1?; do
		openssl ocsp -issuer m2mes.pem -cert "$f" -no_nonce -reqout request
		path=www/$(base64 -w 0 request)
		cp "$path" response
		accepted | grep -q 'Response verify OK'
		openssl ocsp -respin "$path" -CAfile m2mes.pem -issuer m2mes.pem -cert "$f" -no_nonce 2>&1 | grep -q "$f: good"
	done
	find www -name '*unfinished*' | none
	revoke keyCompromise
	ocsp --prepare www
	[ "$(find www -type f | wc -l)" = 51 ]
	openssl ocsp -respin "www/$(openssl ocsp -issuer m2mes.pem -cert plc.pem -no_nonce -reqout - | base64 -w 0)" \
		-CAfile m2mes.pem -issuer m2mes.pem -cert plc.pem -no_nonce 2>&1 | grep -q 'plc.pem: revoked'
	rejects 2 "pva-ocsp: unexpected operand 'request'" ocsp --prepare www request
	: >file
	rejects 3 "pva-ocsp: --prepare: cannot open 'file': Not a directory" ocsp --prepare file
	rejects 3 "pva-ocsp: --prepare: cannot make 'none/below': No such file or directory" ocsp --prepare none/below
}

# --- pva-verify ---------------------------------------------------------------------------

response() { # OPTION... - about the PlC, without a nonce
	ask -no_nonce
	ocsp "$@" request
}

@test "a list that does not name the PlC and a response that calls it good are believed" {
	crl >crl.pem
	response >response
	verify --crl crl.pem --ocsp-response response | m2m-show --short | grep -q 'verdict/1'
	cat crl.pem trust.pem >mixed.pem
	verify --crl mixed.pem >verdict
	# and the PlC alone is asked about: of the operator's certificate nothing is said
	[ "$(m2m-show --json verdict | jq -r .payload.submods.tre.status)" = affirming ]
}

@test "who is revoked, on hold, superseded or unknown is told apart" {
	now=$(date -u +%s)
	at=$(spelt "$now")
	for reason in certificateHold keyCompromise; do
		plc-revoke --ledger m2mes.ledger --now "$now" --reason $reason plc.pem
		crl >crl.pem
		response >response
		unbelieved 96 "$chain: certificate of M2ME M2ME-0001 was revoked at $at: $reason [revoked]" --crl crl.pem
		unbelieved 96 "$chain: certificate of M2ME M2ME-0001 was revoked at $at: $reason [revoked]" --ocsp-response response
	done
	sqlite3 m2mes.ledger "UPDATE plc SET reason = NULL, since = NULL"
	sed 's/^version.*/version = 2/' state.cnf >new.cnf
	plc-sign --now "$now" --ledger m2mes.ledger --key m2mes.key --cert m2mes.pem --state new.cnf csr.pem >new.pem
	crl >crl.pem
	response >response
	unbelieved 96 "$chain: certificate of M2ME M2ME-0001 was superseded at $at [superseded]" --crl crl.pem
	unbelieved 96 "$chain: certificate of M2ME M2ME-0001 was superseded at $at [superseded]" --ocsp-response response
	sqlite3 m2mes.ledger "DELETE FROM plc"
	response >response
	unbelieved 97 "$chain: certificate of M2ME M2ME-0001 was never issued, says its CA [unknown-device]" --ocsp-response response
	crl >crl.pem	# a list cannot know that
	verify --crl crl.pem >verdict
}

@test "a list or response that has ended, lies in the future, or is about others does not do" {
	now=$(date -u +%s)
	crl --now $now --validity 1 >crl.pem
	response --now $now --validity 1 >response
	while [ "$(date -u +%s)" -le $((now + 1)) ]; do sleep 0.1; done
	refused "--crl: ended at $(spelt $((now + 1))) [stale-status]" --crl crl.pem
	refused "--ocsp-response: ended at $(spelt $((now + 1))) [stale-status]" --ocsp-response response
	crl --now $((now + 1000)) >crl.pem
	response --now $((now + 1000)) >response
	refused "--crl: lies in the future, at $(spelt $((now + 1000))) [stale-status]" --crl crl.pem
	refused "--ocsp-response: lies in the future, at $(spelt $((now + 1000))) [stale-status]" --ocsp-response response
	crl --now $((now + 200)) >crl.pem	# another clock
	response --now $((now + 200)) >response
	verify --crl crl.pem --ocsp-response response >verdict
	anchor m2mes second second.example
	plc-sign --key second.key --cert second.pem --ledger second.ledger --state state.cnf csr.pem >second.plc
	plc-crl --key second.key --cert second.pem --ledger second.ledger >crl.pem
	refused "--crl: has no list of m2mes.example [no-status]" --crl crl.pem
	openssl ocsp -issuer m2mes.pem -serial 0x99 -no_nonce -reqout request
	ocsp request >response
	refused "--ocsp-response: has nothing on the certificate of M2ME M2ME-0001 [no-status]" --ocsp-response response
}

@test "a list of the CA's name by another key is not believed" {
	anchor m2mes thief m2mes.example
	plc-crl --key thief.key --cert thief.pem --ledger m2mes.ledger >crl.pem
	refused "--crl: has no list of m2mes.example [no-status]" --crl crl.pem
	# with the CA's key identifier, too
	id=$(openssl x509 -in m2mes.pem -noout -ext subjectKeyIdentifier | sed -n '2s/[ :]//gp')
	sed "/^\[m2mes\]/,/^\$/s/^subjectKeyIdentifier.*/subjectKeyIdentifier = $id/" "$examples/roles.cnf" >id.cnf
	config=id.cnf anchor m2mes thief m2mes.example
	plc-crl --key thief.key --cert thief.pem --ledger m2mes.ledger >crl.pem
	refused "--crl: the list of m2mes.example does not verify [bad-signature]" --crl crl.pem
	# a good one beside it does not help
	{ crl; cat crl.pem; } >both.pem
	refused "--crl: the list of m2mes.example does not verify [bad-signature]" --crl both.pem
	# and of two good ones each is heard
	crl >old.pem
	revoke unspecified
	crl >new.pem
	for files in "old.pem new.pem" "new.pem old.pem"; do
		cat $files >both.pem
		run -1 --separate-stderr verify --crl both.pem
		[[ $stderr == *"[revoked]" ]]
	done
}

@test "a response is believed of the CA and of its delegate, and of nobody else" {
	responds() { # NAME - openssl answers whatever certificate it is given
		openssl ocsp -index index.txt -CA m2mes.pem -rsigner "$1.pem" -rkey "$1.key" -reqin request \
			-ndays 1 -respout response "${@:2}" 2>/dev/null
	}
	printf 'V\t991231235959Z\t\t%s\tunknown\t/CN=x\n' "$(plc_serial)" >index.txt
	ask -no_nonce
	for who in ocsp.example m2mes; do
		responds $who
		verify --ocsp-response response >verdict
		responds $who -resp_key_id
		verify --ocsp-response response >verdict
	done
	responds m2mes -resp_no_certs
	verify --ocsp-response response >verdict
	untrusted() { # FACT
		refused "--ocsp-response: $1 (RFC 6960 4.2.2.2) [untrusted-responder]" --ocsp-response response
	}
	responds pva.example
	untrusted "pva.example was not certified by the CA itself"
	ca=m2mes certify ro plain plain.example
	responds plain
	untrusted "plain.example is not for OCSPSigning"
	sed '/^noCheck/d' "$examples/roles.cnf" >check.cnf
	config=check.cnf ca=m2mes certify ocsp check check.example
	responds check
	untrusted "check.example needs id-pkix-ocsp-nocheck"
	sed '/^\[ocsp\]/,/^$/s/digitalSignature/keyEncipherment/' "$examples/roles.cnf" >usage.cnf
	config=usage.cnf ca=m2mes certify ocsp usage usage.example
	responds usage
	untrusted "usage.example is not for OCSPSigning"
	anchor m2mes thief m2mes.example
	ca=thief certify ocsp stolen ocsp.example
	responds stolen
	untrusted "ocsp.example was not certified by the CA itself"
	responds ocsp.example -resp_no_certs
	untrusted "who signed is not the one whose certificate goes along"
	responds ocsp.example -rother operators.pem
	untrusted "who signed is not the one whose certificate goes along"
	# whose certificate has ended meanwhile
	printf '[ca]\ndefault_ca=c\n[c]\ndatabase=ended\nserial=number\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n' >ended.cnf
	: >ended
	openssl req -new -key ocsp.example.key -subj /CN=short.example -out short.csr
	openssl ca -batch -create_serial -config ended.cnf -keyfile m2mes.key -cert m2mes.pem -extfile "$examples/roles.cnf" \
		-extensions ocsp -startdate 20200101000000Z -enddate 20210101000000Z -in short.csr -notext -out short.pem 2>/dev/null
	cp ocsp.example.key short.key
	responds short
	untrusted "short.example has a certificate that has ended or not begun"
}

@test "a response with any bit changed is not accepted" {
	response >response
	hex <response >der
	n=$(wc -c <response)
	for ((i = 0; i < n; i++)); do
		byte=$(printf %02x $((16#$(cut -c $((2 * i + 1))-$((2 * i + 2)) der) ^ (1 << (i * 3 % 8)))))
		cbor "$(sed "s/^\(.\{$((2 * i))\}\)../\1$byte/" der)" >mutant
		verify --ocsp-response mutant >verdict 2>said && status=0 || status=$?
		[ $status -eq 1 ] || [ $status -eq 2 ] || { echo "byte $i: status $status"; return 1; }
		[ ! -s verdict ]
	done
}

@test "a list with any bit changed is not accepted" {
	crl >crl.pem
	openssl crl -in crl.pem -outform der | hex >der
	n=$(($(wc -c <der) / 2))
	for ((i = 0; i < n; i++)); do
		byte=$(printf %02x $((16#$(cut -c $((2 * i + 1))-$((2 * i + 2)) der) ^ (1 << (i * 3 % 8)))))
		{ echo "-----BEGIN X509 CRL-----"; cbor "$(sed "s/^\(.\{$((2 * i))\}\)../\1$byte/" der)" | base64 -w 64
		  echo "-----END X509 CRL-----"; } >mutant.pem
		verify --crl mutant.pem >verdict 2>said && status=0 || status=$?
		[ $status -eq 1 ] || [ $status -eq 2 ] || { echo "byte $i: status $status"; return 1; }
		[ ! -s verdict ]
	done
}

@test "files that are no lists or responses are faults of the request" {
	echo nonsense >nonsense
	rejects 2 "pva-verify: --crl: 'nonsense': holds no revocation list" verify --crl nonsense
	rejects 2 "pva-verify: --crl: 'trust.pem': holds no revocation list" verify --crl trust.pem
	rejects 3 "pva-verify: --crl: cannot open 'none': No such file or directory" verify --crl none
	rejects 3 "pva-verify: --ocsp-response: cannot open 'none': No such file or directory" verify --ocsp-response none
	rejects 2 "pva-verify: --ocsp-response: 'nonsense': needs up to 64 responses, one after the other" \
		verify --ocsp-response nonsense
	printf '%s' "$malformed" >error
	rejects 2 "pva-verify: --ocsp-response: 'error': number 1 malformedrequest" verify --ocsp-response error
	{ printf -- '-----BEGIN X509 CRL-----\n'; cbor 30 00 | base64; printf -- '-----END X509 CRL-----\n'; } >empty.pem
	rejects 2 "pva-verify: --crl: 'empty.pem': number 1 is no list" verify --crl empty.pem
	# by openssl: without nextUpdate, or for a part of the devices only
	printf '[ca]\ndefault_ca=c\n[c]\ndatabase=index\ncrlnumber=number\ndefault_md=sha256\n[part]\nissuingDistributionPoint=critical,@p\n[p]\nonlyuser=TRUE\n' >ca.cnf
	: >index
	echo 01 >number
	openssl ca -config ca.cnf -gencrl -crldays 1 -keyfile m2mes.key -cert m2mes.pem -out whole.pem 2>/dev/null
	verify --crl whole.pem >verdict
	openssl ca -config ca.cnf -gencrl -crldays 1 -crlexts part -keyfile m2mes.key -cert m2mes.pem -out part.pem 2>/dev/null
	rejects 2 "pva-verify: --crl: 'part.pem': number 1 has a critical extension" verify --crl part.pem
}

@test "a PlC that is itself an anchor has no issuer who could say" {
	cat operators.pem plc.pem >pinned.pem
	verify --trust pinned.pem >verdict
	crl >crl.pem
	refused "$chain: certificate of M2ME M2ME-0001 is itself an anchor: its issuer is not known [no-status]" \
		--trust pinned.pem --crl crl.pem
}

@test "evidence of many devices is judged by one list, and each by its own response" {
	crl >crl.pem
	response >response
	cat 07-registration 08-evidence >case
	for _ in $(seq 50); do cat case; done >cases
	pva-verify "${pva[@]}" --trust trust.pem --policy "$examples/pva.cnf" --crl crl.pem --ocsp-response response cases |
		m2m-show --short | wc -l | grep -qx 50
}

@test "exchanges that another program made are read as they were meant" {
	while read -r name word time cert issuer request response; do
		[[ $name != '#' ]] || continue
		cbor "$cert" >cert
		cbor "$issuer" >issuer
		cbor "$request" >request
		cbor "$response" >response
		[ "$(ocsp-vector "$time" cert issuer response)" = "$word" ] || echo "$name"
		ocsp request >own	# of a CA that is not ours
		openssl ocsp -respin own -text -noverify | grep -q 'Cert Status: unknown' || echo "$name: request"
	done <"$root/t/vectors/ocsp" | none
	[ "$(grep -vc '^#' "$root/t/vectors/ocsp")" = 6 ]
}

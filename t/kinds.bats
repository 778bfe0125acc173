# SPDX-License-Identifier: Apache-2.0
# Every kind of vector: the published figures, and an attach from end to end.
load helper

pcid=001010000000001
kinds='umts gsm eps 5g-he 5g-se eap-aka-prime'

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	pcid-gen --plmn 001-01 --ro ro.example --first $pcid >pcid
	pcid-load --ledger ro.ledger --apn m2m.ro.example pcid
}

# equipment [PCID] - a TRE with the PCID
equipment() {
	tre-init --tre m2me --serial M2ME-0001
	tre-load --tre m2me <"${1:-pcid}"
	tre-attach --tre m2me >attach
	sub-answer --ledger ro.ledger attach >subscription
}

# request KIND - the network asks for a vector of this kind
request() {
	case $1 in
	eap-aka-prime) vno-request --plmn 901-70 --kind "$1" --network WLAN attach ;;
	*) vno-request --plmn 901-70 --kind "$1" attach ;;
	esac
}

# generate KIND - a vector of this kind by av-gen, of the pcids on stdin
generate() {
	case $1 in
	eap-aka-prime) av-gen --kind "$1" --network WLAN ;;
	eps | 5g*) av-gen --kind "$1" --plmn 901-70 ;;
	*) av-gen --kind "$1" ;;
	esac
}

# published K OPC RAND SQN AMF - a pcid and its RAND, in the files sample and rand
published() {
	cbor "$3" >rand
	edit pcid ".k = \"$1\" | .opc = \"$2\" | .sqn = $((16#$4)) | .amf = \"$5\"" <pcid >sample
}

# figures FILTER OPTION... - of the vector of the sample
figures() {
	filter=$1
	shift
	av-gen --random rand "$@" sample | m2m-show --json --reveal | jq -r "$filter"
}

# --- figures ------------------------------------------------------------------------

@test "the key derivations give the published figures" {
	grep -v -e '^#' -e '^$' "$root/t/vectors/kdf" >lines
	[ "$(wc -l <lines)" -eq 20 ]
	diff lines <(kdf-vector <lines)
}

@test "opc-derive and gsm vectors give the figures of TS 35.208 and TS 55.205" {
	grep -v '^#' "$root/t/vectors/gsm" | while read -r k op opc rand sres kc; do
		published "$k" "$(printf '%032d' 0)" "$rand" 0 0000
		echo "$op" >op
		opc-derive --op op sample >derived
		mv derived sample
		echo "$opc $sres $kc" >>published
		echo "$(m2m-show --json --reveal sample | jq -r .opc)" \
			"$(figures '.sres + " " + .kc' --kind gsm)" >>ours
	done
	[ "$(wc -l <published)" -eq 9 ]
	diff published ours
}

@test "an eps vector gives the published K_ASME" {
	published 8baf473f2f8fd09487cccbd7097c6862 8e27b6af0e692e750f32667a3b14605d \
		000102030405060708090a0b0c0d0e0f 1cb7 8000
	[ "$(figures '[.xres, .autn, .kasme] | join(" ")' --kind eps --plmn 208-95)" = \
		"2daf873d73f310c6 6fbfa3801f5780007bde59886e96e4fe 8748c1c0a2826fa405b1e27ea104434ae556c765e8f061ebdb8ae286c44616c2" ]
}

@test "5g vectors give the published RES*, and K_AUSF and HXRES* that follow" {
	published 465b5ce8b199b49faa5f0a2ee238a6bc cd63cb71954a9f4e48a5994e37a02baf \
		23553cbe9637a89d218ae64dae47bf35 ff9bb4d0b607 b9b9
	[ "$(figures '[.xres_star, .kausf] | join(" ")' --kind 5g-he --plmn 001-01)" = \
		"f236a7417272bfb2d66d4d670733b527 474698caf02cc715db2ec0726510cfee6caa5bb1a649cb01224f2e23af94de1b" ]
	[ "$(figures .hxres_star --kind 5g-se --plmn 001-01)" = 20a71900b01776bfd773e8c15a825446 ]
}

@test "an eap-aka-prime vector gives the CK' and IK' of RFC 9048" {
	published 5122250214c33e723a5dd523fc145fc0 981d464c7c52eb6e5036234984ad0bcf \
		81e92b6c0ee0e12ebceba8d92a99dfa5 16f3b3f70fc2 c3ab
	[ "$(figures '[.xres, .autn, .ck_prime, .ik_prime] | join(" ")' --kind eap-aka-prime --network WLAN)" = \
		"28d7b0f2a2ec3de5 bb52e91c747ac3ab2a5c23d15ee351d5 0093962d0dd84aa5684b045c9edffa04 ccfc230ca74fcc96c0a5d61164f5a76c" ]
	[ "$(figures '[.ck_prime, .ik_prime] | join(" ")' --kind eap-aka-prime --network HRPD)" = \
		"3820f0277fa5f77732b1fb1d90c1a0da db94a0ab557ef6c9ab48619ca05b9a9f" ]
}

# --- from end to end ----------------------------------------------------------------

@test "with every kind the equipment attaches, and a wrong answer is refused" {
	equipment
	for kind in $kinds; do
		request $kind >request
		av-answer --ledger ro.ledger request >av
		av-answer --ledger ro.ledger request | cmp - av
		vno-challenge av | usim-auth --tre m2me >response
		vno-check --plmn 901-70 av subscription response | m2m-show --json |
			jq -e '.apns == ["m2m.ro.example"]'
		edit auth-response '.res |= "00" * (length / 2)' <response >wrong
		rejects 1 'vno-check: item 3: auth-response.res: is not what was expected [wrong-response]' \
			vno-check --plmn 901-70 av subscription wrong
	done
}

@test "an answer for one kind does not do for another" {
	equipment
	head -c 16 "$root/Makefile" >rand
	av-gen --kind gsm --random rand pcid >gsm
	av-gen --random rand pcid >umts
	vno-challenge gsm | usim-auth --tre m2me >response
	rejects 1 'vno-check: item 3: auth-response.res: is not what was expected [wrong-response]' \
		vno-check --plmn 901-70 umts subscription response
}

@test "RES* is bound to the serving network" {
	equipment
	request 5g-se | av-answer --ledger ro.ledger >av
	vno-challenge av | edit challenge '.plmn = "901-71"' | usim-auth --tre m2me >response
	rejects 1 'vno-check: item 3: auth-response.res: is not what was expected [wrong-response]' \
		vno-check --plmn 901-70 av subscription response
}

@test "each kind holds its keys and no others" {
	equipment
	for kind in $kinds; do
		request $kind | av-answer --ledger ro.ledger | m2m-show --json --reveal |
			jq -r '.kind + ": " + (del(.type, .identity, .request, .kind) | keys | join(" "))'
	done >held
	diff held - <<-E
		umts: autn ck ik rand xres
		gsm: kc rand sres
		eps: autn kasme plmn rand xres
		5g-he: autn kausf plmn rand xres_star
		5g-se: autn hxres_star plmn rand
		eap-aka-prime: autn ck_prime ik_prime network rand xres
	E
}

@test "an av that holds too much or too little for its kind is malformed" {
	spoilt() { # KIND FILTER MESSAGE
		generate "$1" <pcid | m2m-show --json --reveal | jq -c "$2" >json
		rejects 2 "m2m-make: item 1: av.$3 of kind $1 (byte 0)" m2m-make av <json
	}
	for kind in gsm eps 5g-he 5g-se eap-aka-prime; do
		spoilt $kind '.ck = "00" * 16' 'ck: is not part of a vector'
		spoilt $kind '.ik = "00" * 16' 'ik: is not part of a vector'
	done
	spoilt eps 'del(.kasme)' 'kasme: is missing from a vector'
	spoilt umts 'del(.ck)' 'ck: is missing from a vector'
	spoilt gsm '.autn = "00" * 16' 'autn: is not part of a vector'
	spoilt umts 'del(.autn)' 'autn: is missing from a vector'
	spoilt 5g-se '.xres_star = "00" * 16' 'xres_star: is not part of a vector'
	spoilt 5g-he 'del(.plmn)' 'plmn: is missing from a vector'
	spoilt eap-aka-prime 'del(.network)' 'network: is missing from a vector'
}

# --- the separation bit -----------------------------------------------------------------

@test "the ICF sets the separation bit for eps, 5g and EAP-AKA', and clears it for umts" {
	for amf in 0001 8001; do
		rm -f ro.ledger* m2me*
		edit pcid ".amf = \"$amf\"" <pcid >with
		pcid-load --ledger ro.ledger with
		equipment with
		for kind in umts eps 5g-he 5g-se eap-aka-prime; do
			request $kind | av-answer --ledger ro.ledger | tee av | vno-challenge |
				usim-auth --tre m2me | m2m-show --json | jq -e .res >/dev/null
			m2m-show --json av | jq -r '.kind + " " + .autn[12:16]'
		done >bits
		diff bits - <<-E
			umts 0001
			eps 8001
			5g-he 8001
			5g-se 8001
			eap-aka-prime 8001
		E
	done
}

@test "the equipment demands the separation bit, before anything else" {
	equipment
	edit pcid '.amf = "0000"' <pcid | av-gen | vno-challenge >umts
	for kind in eps 5g-he 5g-se eap-aka-prime; do
		edit challenge ".kind = \"$kind\" | .plmn = \"901-70\" | .autn |= .[:30] + \"00\"" <umts >challenge
		run -1 --separate-stderr bash -c 'usim-auth --tre m2me challenge >response'
		[ "$stderr" = "usim-auth: item 1: challenge.autn: AMF lacks the separation bit (TS 33.102 Annex H) [separation-bit]" ]
		[ "$(m2m-show --json response | jq -r .failure)" = separation-bit ]
	done
	av-gen --kind eps --plmn 901-70 pcid | edit av ".rand = \"$(m2m-show --json umts | jq -r .rand)\"" >av
	rejects 1 'vno-check: item 3: auth-response.failure: the equipment refused the AMF [separation-bit]' \
		vno-check --plmn 901-70 av subscription response
	# and the card was not asked: the sequence number is as fresh as it was
	usim-auth --tre m2me umts | m2m-show --json | jq -e .res
}

# --- requests -----------------------------------------------------------------------

@test "what a kind is bound to must be there" {
	equipment
	rejects 2 'vno-request: --network: is missing: eap-aka-prime is bound to one' \
		vno-request --plmn 901-70 --kind eap-aka-prime attach
	rejects 2 'av-gen: --network: is missing: eap-aka-prime is bound to one' \
		av-gen --kind eap-aka-prime pcid
	for kind in eps 5g-he 5g-se; do
		rejects 2 "av-gen: --plmn: is missing: $kind is bound to one" av-gen --kind $kind pcid
	done
	rejects 2 'av-gen: --plmn: needs MCC-MNC such as 001-01' av-gen --kind eps --plmn 90170 pcid
	rejects 2 "av-gen: --kind: '4g' is none of its choices; see av-gen --help" av-gen --kind 4g pcid
	rejects 2 "vno-request: --kind: '' is none of its choices; see vno-request --help" \
		vno-request --plmn 901-70 --kind '' attach
	request eap-aka-prime | m2m-show --json | jq -c 'del(.network)' >json
	rejects 2 'm2m-make: item 1: av-request.network: is missing: eap-aka-prime is bound to one (byte 0)' \
		m2m-make av-request <json
	av-gen --kind 5g-se --plmn 901-70 pcid | vno-challenge | m2m-show --json | jq -c 'del(.plmn)' >json
	rejects 2 'm2m-make: item 1: challenge.plmn: is missing (byte 0)' m2m-make challenge <json
	av-gen pcid | vno-challenge | m2m-show --json | jq -c 'del(.autn)' >json
	rejects 2 'm2m-make: item 1: challenge.autn: is missing (byte 0)' m2m-make challenge <json
	jq -c '.kind = "gsm" | .autn = "00" * 16' json >gsm
	rejects 2 'm2m-make: item 1: challenge.autn: is not part of a gsm challenge (byte 0)' \
		m2m-make challenge <gsm
}

@test "5g vectors are given one at a time, others up to 32" {
	equipment
	for kind in 5g-he 5g-se; do
		rejects 2 "vno-request: --count: needs a number from 1 to 1, has '2'" \
			vno-request --plmn 901-70 --kind $kind --count 2 attach
		request $kind | m2m-show --json | jq -c '.count = 2' >json
		rejects 2 'm2m-make: item 1: av-request.count: needs 1 for 5G (TS 33.501 6.1.3.2) (byte 0)' \
			m2m-make av-request <json
	done
	vno-request --plmn 901-70 --kind eps --count 32 attach | av-answer --ledger ro.ledger >many
	[ "$(m2m-show --json many | wc -l)" -eq 32 ]
}

@test "a resynchronisation may ask for another kind" {
	equipment
	request umts | av-answer --ledger ro.ledger | vno-challenge >old
	usim-auth --tre m2me old >/dev/null
	run -1 bash -c 'usim-auth --tre m2me old 2>/dev/null >resync'
	for kind in 5g-se eps; do
		vno-request --plmn 901-70 --kind $kind resync | av-answer --ledger ro.ledger >av
		vno-challenge av | usim-auth --tre m2me >response
		vno-check --plmn 901-70 av subscription response | m2m-show --short
	done
}

@test "a challenge of umts names no kind, and may" {
	equipment
	vno-request --plmn 901-70 --count 2 attach | av-answer --ledger ro.ledger | vno-challenge >two
	m2m-show --json two | jq -e 'has("kind") | not'
	m2m-show --json two | sed '2s/}$/,"kind":"umts"}/' | m2m-make challenge | usim-auth --tre m2me |
		m2m-show --json | jq -e .res
}

# SPDX-License-Identifier: Apache-2.0
# TREs with a TPM: what the TPM says of them, what is believed of it, and the store that it keeps.
load helper
load trust
load token

zero=$(printf '%064d' 0)
sevens=$(printf '77%.0s' {1..32})

teardown() {
	stop_tpm
}

# --- what the validation authority believes -----------------------------------------

# platform - a device outside of the TRE with the same name, of which the supplier says that it has a TPM,
# and a policy with values for PCR 0 and 7
platform() {
	python -c ''
	sed 's/^tre_class = .*/tre_class = tpm/' state.cnf >tpm.cnf
	state=tpm.cnf device M2ME-0001 "$(field .payload.ueid 08-evidence)"
	{ cat "$examples/pva.cnf"; printf '[pcrs]\n0 = %s\n7 = %s, %s\n' "$zero" "${zero/0/1}" "$sevens"; } >policy.cnf
}

# quoted [CHANGES...] - that device's evidence in the file forged, as if by a TPM; see quote.py
quoted() {
	python "$root/t/quote.py" M2ME-0001.key "$@" <08-evidence | resign M2ME-0001.key M2ME-0001.pem >forged
}

verify() {
	pva-verify "${pva[@]}" --trust trust.pem --policy "${policy:-policy.cnf}" "$@" 07-registration forged
}

# contraindicated MESSAGE - the verdict about "forged" is negative, and its first reason is that
contraindicated() {
	refuses "pva-verify: item 2: $1" verify
	[ "$(field '.payload.submods.tre.status' answer)" = contraindicated ]
	[ "$(field '.payload.submods.tre.reasons[0].claim' answer)" = "${1%%:*}" ]
}

# all_contraindicated CHANGES - the changed evidences on standard input, one in a line: each verdict is
# negative for that reason, and no other
all_contraindicated() {
	local changes
	mapfile -t changes
	quoted "${changes[@]}"
	run -1 --separate-stderr eval "verify --keep-going >verdicts"
	diff <(for item in "${!changes[@]}"; do echo "pva-verify: item $((item + 2)): $1"; done) <(unnamed <<<"$stderr")
	[ "$(m2m-show --json verdicts | jq -c '.payload.submods.tre | [.status, .trustworthiness_vector.hardware, (.reasons | length)]' |
		sort | uniq -c | xargs)" = "${#changes[@]} [contraindicated,97,1]" ]
}

bad_quote="evidence.tpm.quote: is not the TPM's for this evidence [bad-quote]"
not_certified="evidence.tpm.certification: is not the TPM's for a sealing key that stays in it [sealing-not-certified]"

@test "evidence of a TPM that was made long ago is still judged, and its verdict the same" {
	world
	golden=$root/t/golden
	printf '[pcrs]\n0 = %s\n7 = %s\n' 8878b15a7d6a3a4f464e8f9f42591dbc0cf4bedea0ec309003d2b2ee53655ef8 \
		8a88c4dfe39aa105f2ae5943f7802829922611c4e5da2eeaaef00fd05ac8020a | cat "$examples/pva.cnf" - >policy.cnf
	judge() {
		pva-verify "${pva[@]}" --trust "$root/t/vectors/anchors" --policy policy.cnf \
			--now "$(field .payload.iat "$golden/evidence.3.cbor")" "$golden/registration.2.cbor" "$golden/evidence.3.cbor"
	}
	judge >verdict
	[ "$(field '.payload.submods.tre | .status, (.affirmed | length)' verdict | xargs)" = "affirming 13" ]
	sed -i 's/^7 = 8/7 = 9/' policy.cnf
	refuses "pva-verify: item 2: evidence.tpm.pcrs: PCR 7 is not what the policy expects [quote-differs]" judge
}

@test "a quote over the expected PCRs and a certified sealing key are affirmed" {
	world
	platform
	quoted
	verify >verdict
	[ "$(field '.payload.submods.tre | .status, (.reasons | length)' verdict | xargs)" = "affirming 0" ]
	# PCRs that the policy does not name are nobody's business
	quoted "pcrs=0:$zero,1:$sevens,7:${zero/0/1},23:$sevens"
	verify >verdict
	[ "$(field .payload.submods.tre.status verdict)" = affirming ]
}

@test "a TPM is believed only of a device of which the supplier says that it has one" {
	world
	platform
	for class in '' 'tre_class = software'; do
		sed "s/^tre_class = tpm$/$class/" tpm.cnf >software.cnf
		state=software.cnf device M2ME-0001 "$(field .payload.ueid 08-evidence)"
		m2m-show M2ME-0001.pem | grep -w tpm | none
		quoted	# it makes up a TPM, and all else is right
		contraindicated "evidence.tre_class: tpm is not what the PlC says [wrong-tre-class]"
		[ "$(field '.payload.submods.tre | .trustworthiness_vector.hardware, (.reasons | length)' answer | xargs)" = "96 1" ]
	done
	# nor does a device with one pass for one without, whose PCRs nobody asks for
	state=tpm.cnf device M2ME-0001 "$(field .payload.ueid 08-evidence)"
	m2m-show M2ME-0001.pem | grep -qw tpm
	resign M2ME-0001.key M2ME-0001.pem <08-evidence >forged
	contraindicated "evidence.tre_class: software is not what the PlC says [wrong-tre-class]"
	# what the policy says of the class comes first
	sed -i 's/^tre_class = .*/tre_class = tpm/' policy.cnf
	contraindicated "evidence.tre_class: software is not allowed by the policy [software-tre]"
}

@test "a quote of another key, kind, time or form is none" {
	world
	platform
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out other.key
	printf '%s\n' quote.key=other.key quote.magic=0xff544348 quote.type=0x8017 quote.type=0x8019 quote.more=00 \
		quote.extra= "quote.extra=$zero" "digest=$zero" digest= selected=830000 selected=800000 \
		selected=81000000 bank=4 banks=0 banks=2 >changes
	all_contraindicated "$bad_quote" <changes
	# the selection in fewer bytes is the same
	quoted selected=81
	verify >verdict
}

@test "a quote is for this evidence: nothing in it can be changed, and none be taken from another" {
	world
	platform
	quoted
	cp forged good
	for filter in '.payload.swname = "m3me"' '.payload.iat -= 1' '.payload.dbgstat = "disabled-fully-and-permanently"'; do
		forge evidence "$filter" M2ME-0001 <good >forged
		contraindicated "$bad_quote"
		[ "$(field '.payload.submods.tre.reasons[].reason' answer | xargs)" = "bad-quote sealing-not-certified" ]
	done
	# not even the quote of one with the certification of the other
	forge evidence '.payload.iat -= 1' M2ME-0001 <08-evidence >earlier
	python "$root/t/quote.py" M2ME-0001.key <earlier | m2m-show --json >other
	forge evidence ".payload.tpm.certification = $(jq .payload.tpm.certification other) |
		.payload.tpm.certification_signature = $(jq .payload.tpm.certification_signature other)" M2ME-0001 <good >forged
	contraindicated "$not_certified"
}

@test "PCRs that differ, or are missing, are named" {
	world
	platform
	quoted "pcrs=0:$sevens,7:$sevens"
	contraindicated "evidence.tpm.pcrs: PCR 0 is not what the policy expects [quote-differs]"
	[ "$(field '.payload.submods.tre.trustworthiness_vector | .hardware, .executables' answer | xargs)" = "2 96" ]
	quoted "pcrs=0:$zero"
	contraindicated "evidence.tpm.pcrs: PCR 7 is missing [missing-claim]"
	quoted "pcrs=7:$zero"
	contraindicated "evidence.tpm.pcrs: PCR 7 is not what the policy expects [quote-differs]"
	# values that were not quoted do not help
	quoted "pcrs=0:$sevens,7:$sevens"
	forge evidence ".payload.tpm.pcrs[0].value = \"$zero\"" M2ME-0001 <forged >better
	mv better forged
	contraindicated "$bad_quote"
}

@test "a policy without values believes no TPM: what is absent did not pass" {
	world
	platform
	quoted
	policy=$examples/pva.cnf
	contraindicated "evidence.tpm.pcrs: the policy has no values to compare with [missing-reference]"
}

@test "a policy may allow software and no TPM" {
	world
	platform
	quoted
	sed -i 's/^tre_class.*/tre_class = software/' policy.cnf
	contraindicated "evidence.tre_class: tpm is not allowed by the policy [tre-class]"
}

@test "a sealing key that is not certified, or could be had outside of the TPM, is noticed" {
	world
	platform
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out other.key
	{
		printf '%s\n' cert.key=other.key cert.magic=0 cert.type=0x8018 cert.more=00 "cert.extra=$zero" \
			name=000b$zero name= "x=$zero" algorithm=1 names=4 curve=4 sealing.more=00
		# fixedTPM, fixedParent, sensitiveDataOrigin, decrypt; neither restricted nor sign
		printf 'attributes=%s\n' 0x20070 0x20062 0x20052 0x00072 0x30072 0x60072
	} >changes
	all_contraindicated "$not_certified" <changes
	quoted attributes=0x20432	# noDA, without userWithAuth
	verify >verdict
}

@test "no byte of what the TPM says can be changed" {
	world
	platform
	quoted
	m2m-show --json forged | jq -c 'def flip: if . == "0" then "1" else "0" end;
		. as $good | ("quote", "quote_signature", "certification", "certification_signature", "sealing") as $member |
		range(0; $good.payload.tpm[$member] | length; 2) as $i |
		$good | .payload.tpm[$member] |= .[:$i] + (.[$i:$i + 1] | flip) + .[$i + 1:]' |
		m2m-make evidence | resign M2ME-0001.key M2ME-0001.pem >changed
	mv changed forged
	wanted=$(m2m-show --short forged | wc -l)
	[ "$wanted" -gt 400 ]
	run -1 --separate-stderr eval "verify --keep-going >verdicts"
	[ "$(m2m-show --json verdicts | jq -r .payload.submods.tre.status | sort | uniq -c | xargs)" = "$wanted contraindicated" ]
	grep -v -e '\[bad-quote\]$' -e '\[sealing-not-certified\]$' <<<"$stderr" | none
}

@test "evidence says what it is: a TPM's statements with its class, and without no other" {
	world
	platform
	quoted
	m2m-show --json forged >good
	say() { # FILTER MESSAGE
		run -2 --separate-stderr eval "jq -c '$1' good | m2m-make evidence"
		[[ $stderr == "m2m-make: item 1: evidence.$2"* ]] || { echo "$stderr"; return 1; }
	}
	say 'del(.payload.tpm)' "payload.tpm: is missing"
	say '.payload.tre_class = "software"' "payload.tpm: is there, and the class is not tpm"
	say '.payload.tpm.pcrs |= reverse' "payload.tpm.pcrs: needs them ascending"
	say '.payload.tpm.pcrs[1].index = 0' "payload.tpm.pcrs: needs them ascending"
	say '.payload.tpm.pcrs[1].index = 24' "payload.tpm.pcrs.pcr.index: needs 0 to 23, has 24"
	say '.payload.tpm.pcrs = []' "payload.tpm.pcrs: needs 1 to 24 elements, has 0"
}

@test "PCR values of a policy that are malformed are the request's fault" {
	world
	cp 08-evidence forged
	try() {
		{ cat "$examples/pva.cnf"; echo '[pcrs]'; echo "$1"; } >policy.cnf
		rejects 2 "pva-verify: policy.cnf: [pcrs]$2" verify
	}
	for key in 24 x -1 1x; do
		try "$key = $zero" ": needs a number from 0 to 23, has '$key'"
	done
	for value in 00 "${zero}00" "${zero/0/x}"; do
		try "0 = $zero, $value" " 0: needs 64 hex digits"
	done
	try "0 =" " 0: is empty"
	try "23 = $(printf "$zero,%.0s" {1..9})" " 23: needs up to 8 values"
}

# --- a TRE with a TPM ----------------------------------------------------------------

# flow DIR OPTION... - the whole flow with a TRE that is made with these; its policy expects PCR 7 as it
# is after a reset
flow() {
	{ cat "$examples/pva.cnf"; printf '[pcrs]\n7 = %s\n' "$zero"; } >policy.cnf
	TPM="${*:2}" POLICY=$PWD/policy.cnf run -0 --separate-stderr "$root/share/flows/authenticated-access" "$1"
	[ -z "$stderr" ]
	[ "$(m2m-show --json "$1/15-grant" | jq -r .identity)" = 001020000000001 ]
}

# tre_tools - each with its input, in the folder of a flow
tre_tools() {
	cat <<-END
	tre-attach --tre m2me
	tre-attest --tre m2me 07-registration
	tre-csr --tre m2me
	tre-load --tre m2me pcid
	tre-show --tre m2me
	mid-install --tre m2me 12-delivery
	usim-auth --tre m2me 15-challenge
	END
}

# closed MESSAGE - every tool of the TRE says that, and the store stays as it was
closed() {
	local line before
	before=$(sha256sum m2me m2me.storage-key)
	while read -r line; do
		# shellcheck disable=SC2086	# a command
		rejects 3 "${line%% *}: $1" $line
	done < <(tre_tools)
	[ "$(sha256sum m2me m2me.storage-key)" = "$before" ]
}

@test "the whole flow runs with all keys of the roles in a token and those of the TRE in a TPM" {
	python -c ''
	mapfile -t names < <(role_names)
	token "${names[@]}"
	tpm
	export KEYS=$keys
	flow flow "${in_tpm[@]}"
	cd flow
	[ "$(ls ./*.key)" = ./operators.key ]
	[ "$(field .tre_class inventory)" = tpm ]
	# no key lies in the clear: neither the store's nor, under it, one of the TRE's
	[ "$(stat -c %s m2me.storage-key)" -gt 200 ]
	# others read what the TPM said: its form, and what it is for
	field .payload.tpm.quote 08-evidence | xxd -r -p >quote
	tpm2_print -t TPMS_ATTEST quote >printed
	grep -q "^magic: ff544347" printed
	grep -q "^type: 8018" printed
	python - <<-END >qualifying
		import cbor2, hashlib
		claims = cbor2.loads(cbor2.load(open("08-evidence", "rb")).value[2])
		del claims[-70011]
		print("extraData:", hashlib.sha256(cbor2.dumps(claims)).hexdigest())
	END
	grep -xF -f qualifying printed
	[ -z "$(tpm2_getcap handles-transient)$(tpm2_getcap handles-loaded-session)" ]
}

@test "a TRE takes its keys from TSS2 files as well, and needs no more than three slots of the TPM" {
	tpm
	flow flow --platform "$PWD/platform.pem" --sealing "$PWD/sealing.pem" --parent handle:0x81000000 --pcrs 23,0,7,16
	rm ./*.pem	# they are in the store
	cd flow
	[ "$(field '.payload.tpm.pcrs[].index' 08-evidence | xargs)" = "0 7 16 23" ]
	cat 07-registration 07-registration 07-registration | tre-attest --tre m2me >three
	for ((i = 0; i < 3; i++)); do
		m2m-show --json three | sed -n $((i + 1))p | m2m-make evidence >one
		pva-verify "${pva[@]}" --trust trust.pem --policy ../policy.cnf 07-registration one >verdict
	done
	[ -z "$(tpm2_getcap handles-transient)$(tpm2_getcap handles-loaded-session)" ]
}

@test "a store that a TPM keeps does not open in another state of the platform, and opens again in its own" {
	tpm
	flow flow "${in_tpm[@]}" --pcrs 7
	cd flow
	tpm2_pcrextend 0:sha256=$sevens
	tre-show --tre m2me | cmp - <(tre-show --tre m2me)
	tpm2_pcrextend 7:sha256=$sevens
	closed "the TPM does not open the storage key: its PCRs are not as they were"
	[ -z "$(tpm2_getcap handles-transient)$(tpm2_getcap handles-loaded-session)" ]
	cd ..
	stop_tpm
	cd flow
	closed "--tre: no TPM answers: tcti:IO failure"
	cd ..
	start_tpm
	cd flow
	tre-attest --tre m2me 07-registration >evidence
	pva-verify "${pva[@]}" --trust trust.pem --policy ../policy.cnf 07-registration evidence >verdict
	sed -i 's/^7 = 0/7 = 1/' ../policy.cnf
	refuses "pva-verify: item 2: evidence.tpm.pcrs: PCR 7 is not what the policy expects [quote-differs]" \
		pva-verify "${pva[@]}" --trust trust.pem --policy ../policy.cnf 07-registration evidence
}

@test "a store does not open with another TPM, nor with a key file that was changed" {
	tpm
	flow flow "${in_tpm[@]}"
	cp flow/m2me.storage-key good
	cd flow
	size=$(stat -c %s ../good)
	for ((at = 0; at < size; at += 7)); do	# bats' run has an i of its own
		{
			head -c $at ../good
			tail -c +$((at + 1)) ../good | head -c 1 | LC_ALL=C tr '\0-\377' '\1-\377\0'
			tail -c +$((at + 2)) ../good
		} >m2me.storage-key
		[ "$(stat -c %s m2me.storage-key)" = "$size" ]
		run -3 --separate-stderr tre-show --tre m2me
		[ -z "$output" ]
		[[ $stderr == "tre-show: 'm2me.storage-key' is no storage key of 32 bytes" ||
			$stderr == "tre-show: the TPM "* || $stderr == "tre-show: a sealed key is damaged: "* ]] ||
			{ echo "$at: $stderr"; return 1; }
	done
	cp ../good m2me.storage-key
	tre-show --tre m2me >shown
	cd ..
	stop_tpm
	mv tpm.state another
	tpm
	cd flow
	closed "the TPM does not load the sealed key: tpm:parameter(1):integrity check failed"
	tpm2_evictcontrol -Q -C o -c 0x81000000
	closed "the TPM has no object 0x81000000: tpm:handle(1):the handle is not correct for the use"
}

@test "a TRE with a TPM takes no PlC that does not say so" {
	tpm
	flow flow "${in_tpm[@]}"
	cd flow
	before=$(state m2me)
	sed 's/^tre_class.*/tre_class = software/' state.cnf >software.cnf
	tre-csr --tre m2me >csr
	plc-sign --key m2mes.key --cert m2mes.pem --state software.cnf csr >other.pem
	rejects 1 "tre-load: item 1: plc.tcb.type: is for class software, the TRE is of class tpm [wrong-tre-class]" \
		tre-load --tre m2me other.pem
	[ "$(state m2me)" = "$before" ]
	plc-sign --key m2mes.key --cert m2mes.pem --state state.cnf csr | tre-load --tre m2me
	[ "$(state m2me)" != "$before" ]
}

@test "what was left of a TRE that was being made is replaced" {
	tpm
	tre-init --tre m2me --serial 1 "${in_tpm[@]}"
	cp m2me.storage-key was
	: >m2me
	tre-init --tre m2me --serial 1 "${in_tpm[@]}"
	[ "$(hex <m2me.storage-key)" != "$(hex <was)" ]
	tre-csr --tre m2me | openssl req -verify -noout
	rm m2me
	rejects 3 "tre-init: 'm2me.storage-key' is the key of a store that is not there: move it too" \
		tre-init --tre m2me --serial 1
	: >m2me
	tre-init --tre m2me --serial 1
	[ "$(stat -c %s m2me.storage-key)" = 32 ]
	rejects 1 "tre-init: 'm2me' holds a device [already-initialised]" tre-init --tre m2me --serial 1 "${in_tpm[@]}"
}

@test "a TRE takes only keys that a TPM made for it, and makes no file for others" {
	tpm
	tpm_key signing 0x81000005 ecc256:ecdsa-sha256 sign
	tpm_key both 0x81000006 ecc256 'sign|decrypt'
	tpm_key parent 0x81000007 ecc256:aes128cfb 'restricted|decrypt'
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out software.key
	unfit() { # MESSAGE OPTION...
		rejects 2 "tre-init: $1" tre-init --tre m2me --serial 1 "${@:2}"
		[ ! -e m2me ] && [ ! -e m2me.storage-key ]
	}
	platform=(--platform handle:0x81000001) sealing=(--sealing handle:0x81000002)
	unfit "--sealing is required; see tre-init --help" "${platform[@]}"
	unfit "--platform is required; see tre-init --help" "${sealing[@]}"
	unfit "--platform is required; see tre-init --help" --pcrs 7
	unfit "--platform is required; see tre-init --help" --parent handle:0x81000000
	unfit "--platform: 'software.key' is no key in a TPM" --platform software.key "${sealing[@]}"
	unfit "--sealing: 'software.key' is no key in a TPM" "${platform[@]}" --sealing software.key
	for key in handle:0x81000005 handle:0x81000002 handle:0x81000006 signing.pem; do
		unfit "--platform: '$key': needs a key made in the TPM and fixed to it, restricted and for signing alone" \
			--platform $key "${sealing[@]}"
	done
	for key in handle:0x81000001 handle:0x81000006 handle:0x81000007; do
		unfit "--sealing: '$key': needs a key made in the TPM and fixed to it, for agreeing on keys alone" \
			"${platform[@]}" --sealing $key
	done
	for parent in handle:0x40000001 0x81000000 platform.pem ""; do
		unfit "--parent: needs a persistent handle such as handle:0x81000001, has '$parent'" \
			"${platform[@]}" "${sealing[@]}" --parent "$parent"
	done
	for number in 24 -1 x 0x1; do
		unfit "--pcrs: needs a number from 0 to 23, has '$number'" "${platform[@]}" "${sealing[@]}" --pcrs "0,$number"
	done
	unfit "--pcrs: needs numbers with commas between them, has ''" "${platform[@]}" "${sealing[@]}" --pcrs ""
	unfit "--pcrs: needs numbers with commas between them, has '123456789'" "${platform[@]}" "${sealing[@]}" --pcrs 123456789
	# no storage key of a TPM: a key that signs is none
	rejects 3 "tre-init: the TPM starts no session: tpm:handle(1):inconsistent attributes" \
		tre-init --tre m2me --serial 1 "${platform[@]}" "${sealing[@]}" --parent handle:0x81000005
	[ ! -e m2me.storage-key ]
}

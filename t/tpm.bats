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

# platform - a device outside of the TRE with the same name, and a policy with values for PCR 0 and 7
platform() {
	python -c ''
	device M2ME-0001 "$(field .payload.ueid 08-evidence)"
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

# SPDX-License-Identifier: Apache-2.0
# The platform validation authority: what belongs together, what is acceptable, and no way around.
load helper
load trust

verify() {
	pva-verify "${pva[@]}" --trust trust.pem --policy "${policy:-$examples/pva.cnf}" "$@"
}

# twin [SED-COMMAND] - a device outside of the TRE with the same name, and a PlC after the changed state.cnf
twin() {
	sed "${1:-}" state.cnf >twin.cnf
	state=twin.cnf device M2ME-0001 "$(field .payload.ueid 08-evidence)"
}

# evidence [FILTER] - evidence of the twin, in the file forged
evidence() {
	forge evidence "${1:-.}" M2ME-0001 <08-evidence >forged
}

# contraindicated MESSAGE [OPTION...] - the verdict about "forged" is negative, and a message says why
contraindicated() {
	refuses "pva-verify: item 2: $1" verify "${@:2}" 07-registration forged
	[ "$(field '.payload.submods.tre.status' answer)" = contraindicated ]
	[ "$(field '.payload.submods.tre.reasons[0].claim' answer)" = "${1%%:*}" ]
}

# --- belonging together ---

@test "pva-verify affirms what is as it should be" {
	world
	verify 07-registration 08-evidence >verdict
	[ "$(field '.payload.submods.tre.status' verdict)" = affirming ]
	[ "$(field '.payload.submods.tre.trustworthiness_vector | map(.) | unique[]' verdict)" = 2 ]
	[ "$(field '.payload.cnf.key.x' verdict)" = "$(field '.payload.cnf.key.x' 08-evidence)" ]
	[ "$(field '.payload | .pva, .sub, .aud, .eat_nonce, .ueid' verdict)" = \
		"$(field '.payload | .pva, .pcid, .sho, .nonce, .ueid' 07-registration)" ]
	[ "$(field .payload.plc verdict)" = "$(openssl x509 -in plc.pem -outform DER | sha256sum | cut -c 1-64)" ]
}

@test "pva-verify takes evidence under the registration's nonce only, and tells old from wrong" {
	world
	iat=$(field .payload.iat 08-evidence)
	sqlite3 ro.ledger "DELETE FROM registration"
	drf-register --now $((iat + 1)) --ledger ro.ledger "${ro[@]}" --trust trust.pem 06-referral >second
	registration=second
	disbelieved 99 "pva-verify: item 2: evidence.eat_nonce: not the one asked for [stale-nonce]" verify second 08-evidence
	unset registration
	twin
	evidence '.payload.eat_nonce |= .[2:] + .[:2]'
	disbelieved 99 "pva-verify: item 2: evidence.eat_nonce: is not the registration's [wrong-nonce]" \
		verify 07-registration forged
	evidence ".payload.eat_nonce |= \"00\" + .[2:] | .payload.iat = $(field .payload.iat 07-registration) - 1"
	disbelieved 99 "pva-verify: item 2: evidence.eat_nonce: not the one asked for [stale-nonce]" \
		verify 07-registration forged
}

@test "pva-verify takes evidence for the registration's PCID only" {
	world
	twin
	evidence '.payload.sub = "001010000000002"'
	disbelieved 97 "pva-verify: item 2: evidence.sub: is not the registration's [wrong-pcid]" \
		verify 07-registration forged
	forge registration '.payload.pcid = "001010000000002"' ro.example <07-registration >other
	registration=other
	disbelieved 97 "pva-verify: item 2: evidence.sub: is not the registration's [wrong-pcid]" verify other 08-evidence
}

@test "pva-verify judges only what is registered with it" {
	world
	forge registration '.payload.pva = "pva2.example"' ro.example <07-registration >other
	rejects 1 "pva-verify: item 2: registration.pva: is pva2.example, not us [wrong-pva]" verify other 08-evidence
	certify pva pva2.example pva2.example
	rejects 1 "pva-verify: item 2: registration.pva: is pva.example, not us [wrong-pva]" \
		pva-verify --key pva2.example.key --cert pva2.example.pem --trust trust.pem \
		--policy "$examples/pva.cnf" 07-registration 08-evidence
}

@test "pva-verify takes registrations from the RO that they name, evidence from a TRE" {
	world
	for other in dpf.ro:DPF sho:SHO sho2:SHO pva:PVA; do
		forge registration . "${other%:*}.example" <07-registration >forged
		rejects 1 "pva-verify: item 1: registration.protected.x5chain: needs the role RO, has ${other#*:} [wrong-role]" \
			verify forged 08-evidence
	done
	certify ro ro2.example ro2.example
	forge registration . ro2.example <07-registration >forged
	rejects 1 "pva-verify: item 1: registration.ro: is not who signed it [wrong-signer]" verify forged 08-evidence
	for other in ro:RO dpf.ro:DPF sho:SHO pva:PVA; do
		forge evidence . "${other%:*}.example" <08-evidence >forged
		disbelieved 97 "pva-verify: item 2: evidence.protected.x5chain: needs the role TRE, has ${other#*:} [wrong-role]" \
			verify 07-registration forged
	done
}

@test "pva-verify keeps to the time of registration, evidence and PlC" {
	world
	iat=$(field .payload.iat 07-registration) exp=$(field .payload.exp 07-registration)
	rejects 1 "pva-verify: item 2: registration.exp: ended at $(spelt "$exp") [expired]" \
		verify --now "$exp" 07-registration 08-evidence
	forge registration '.payload.iat += 1000' ro.example <07-registration >future
	rejects 1 "pva-verify: item 2: registration.iat: lies in the future, at $(spelt $((iat + 1000))) [not-yet-valid]" \
		verify --now $((iat + 699)) future 08-evidence
	twin
	evidence ".payload.iat = $((iat + 1000))"
	contraindicated "evidence.iat: lies in the future, at $(spelt $((iat + 1000))) [not-yet-valid]" \
		--now $((iat + 699))
	plc-sign --key m2mes.key --cert m2mes.pem --state state.cnf --not-before "$iat" --not-after $((iat + 100)) \
		csr.pem >plc.pem
	tre-load --now "$iat" --tre m2me plc.pem
	tre-attest --now "$iat" --tre m2me 07-registration >short
	verify --now $((iat + 99)) 07-registration short >verdict
	disbelieved 96 "pva-verify: item 2: evidence.protected.x5chain: certificate of M2ME M2ME-0001 ended at $(spelt $((iat + 100))) [expired]" \
		verify --now $((iat + 100)) 07-registration short
}

@test "pva-verify refuses the PlC of an unknown supplier" {
	world
	stranger ca m2mes2 m2mes.example
	openssl req -x509 -config "$examples/roles.cnf" -extensions m2mes -subj "/CN=m2mes.example" -days 3650 \
		-key m2mes2.key -out m2mes2.pem
	plc-sign --key m2mes2.key --cert m2mes2.pem --state state.cnf csr.pem >plc2.pem
	tre-load --tre m2me --trust m2mes2.pem plc2.pem
	tre-attest --tre m2me 07-registration >forged
	disbelieved 97 "pva-verify: item 2: evidence.protected.x5chain: certificate of M2ME M2ME-0001: no path to an anchor [untrusted-issuer]" \
		verify 07-registration forged
}

@test "pva-verify refuses whatever was changed after it was signed" {
	world
	for change in '.cnf.key |= (.x as $x | .x = .y | .y = $x)' '.dbgstat = "enabled"' '.iat += 1' \
		'.swversion.version = "2"' 'del(.measurements)' '.ueid |= "01" + .[2:]'; do
		edit evidence ".payload |= ($change)" <08-evidence >changed
		disbelieved 99 "pva-verify: item 2: evidence.signature: does not verify [bad-signature]" \
			verify 07-registration changed
	done
}

@test "evidence and verdicts of another profile are not read" {
	world
	for object in 08-evidence:evidence:m2mkit.example,2026:evidence/1 09-verdict:verdict:ietf.org,2026:rats/ear#03; do
		IFS=: read -r file type profile <<<"$object"
		run -2 --separate-stderr edit "$type" '.payload.eat_profile = "tag:other"' <"$file"
		[[ $stderr == "m2m-make: item 1: $type.payload.eat_profile: needs tag:$profile (byte "*")" ]]
	done
}

@test "pva-verify wants a registration, then its evidence" {
	world
	rejects 2 "pva-verify: item 1: needs a registration before the evidence" verify 08-evidence
	rejects 2 "pva-verify: ends before its evidence/1" verify 07-registration
	rejects 2 "pva-verify: item 2: needs registration/1 or evidence/1, has verdict/1" verify 07-registration 09-verdict
	edit registration '.payload.exp += 1' <07-registration >changed
	rejects 1 "pva-verify: item 2: registration.signature: does not verify [bad-signature]" \
		verify --keep-going 07-registration changed 08-evidence
	run -1 --separate-stderr verify --now "$(date +%s)" --keep-going changed 08-evidence 07-registration 08-evidence
	[ "$stderr" = "pva-verify: changed: item 1: registration.signature: does not verify [bad-signature]" ]
	[ -n "$output" ]
	run -2 --separate-stderr verify --keep-going changed 08-evidence 08-evidence
	[ "$stderr" = "pva-verify: changed: item 1: registration.signature: does not verify [bad-signature]
pva-verify: 08-evidence: item 3: needs a registration before the evidence" ]
}

# --- judging ---

@test "a platform credential of another device is contraindicated" {
	world
	twin
	evidence '.payload.ueid |= "0102" + .[4:]'
	contraindicated "evidence.ueid: is not the PlC's [wrong-device]"
	forge registration '.payload.ueid |= "0102" + .[4:]' ro.example <07-registration >other
	evidence
	refuses "pva-verify: item 2: registration.ueid: is not the PlC's [wrong-device]" verify other forged
	device other 030409000105040200030203070502
	forge evidence . other <08-evidence >forged
	contraindicated "evidence.ueid: is not the PlC's [wrong-device]"
}

@test "a platform open for debugging is contraindicated" {
	world
	twin
	for word in enabled disabled; do
		evidence ".payload.dbgstat = \"$word\""
		contraindicated "evidence.dbgstat: $word is not allowed by the policy [debug]"
		[ "$(field '.payload.submods.tre.trustworthiness_vector.configuration' answer)" = 96 ]
	done
	for word in disabled-since-boot disabled-permanently disabled-fully-and-permanently; do
		evidence ".payload.dbgstat = \"$word\""
		verify 07-registration forged >verdict
	done
}

@test "a device made for debugging is contraindicated, whatever its evidence says" {
	world
	twin 's/^svn/debug = 1\n&/'
	evidence
	[ "$(field .payload.dbgstat forged)" = disabled-permanently ]
	contraindicated "plc.tcb.flags: debug is not allowed by the policy [debug]"
	[ "$(field '.payload.submods.tre.trustworthiness_vector.configuration' answer)" = 96 ]
	# allowed is what may be open to debuggers, not any one word of the list
	sed 's/^dbgstat.*/dbgstat = disabled, disabled-since-boot, disabled-permanently/' "$examples/pva.cnf" >policy.cnf
	policy=policy.cnf
	contraindicated "plc.tcb.flags: debug is not allowed by the policy [debug]"
	sed -i 's/^dbgstat.*/dbgstat = enabled, disabled-permanently/' policy.cnf
	verify 07-registration forged >verdict
	[ "$(field .payload.submods.tre.status verdict)" = affirming ]
}

@test "a PlC of a lower security version than the policy demands is contraindicated" {
	world
	twin 's/^svn.*/svn = 7/'
	evidence
	policy=policy.cnf
	for svn in 8 9223372036854775807; do
		sed "s/^min_svn.*/min_svn = $svn/" "$examples/pva.cnf" >policy.cnf
		contraindicated "plc.tcb.svn: needs $svn or more, has 7 [svn-too-low]"
		[ "$(field '.payload.submods.tre.trustworthiness_vector.executables' answer)" = 96 ]
	done
	for svn in 1 7; do
		sed "s/^min_svn.*/min_svn = $svn/" "$examples/pva.cnf" >policy.cnf
		verify 07-registration forged >verdict
	done
}

@test "a PlC without a security version is not one of version 0" {
	world
	policy=policy.cnf
	cp "$examples/pva.cnf" policy.cnf
	twin 's/^svn.*/svn = 0/'
	evidence
	contraindicated "plc.tcb.svn: needs 1 or more, has 0 [svn-too-low]"
	twin '/^svn/d'
	evidence
	contraindicated "plc.tcb.svn: is missing [missing-claim]"
	[ "$(field '.payload.submods.tre.trustworthiness_vector | has("executables")' answer)" = false ]
	sed -i '/^min_svn/d' policy.cnf
	verify 07-registration forged >verdict
}

@test "a software TRE is contraindicated where the policy wants a TPM" {
	world
	sed 's/^tre_class.*/tre_class = tpm/' "$examples/pva.cnf" >strict.cnf
	policy=strict.cnf
	cp 08-evidence forged
	contraindicated "evidence.tre_class: software is not allowed by the policy [software-tre]"
	[ "$(field '.payload.submods.tre.trustworthiness_vector.hardware' answer)" = 96 ]
}

@test "old evidence is contraindicated" {
	world
	iat=$(field .payload.iat 08-evidence)
	cp 08-evidence forged
	verify --now $((iat + 600)) 07-registration forged >verdict
	contraindicated "evidence.iat: is older than the policy allows: 601 s, of 600 [stale-evidence]" --now $((iat + 601))
}

@test "other measurements than the PlC's are contraindicated" {
	world
	twin
	evidence '.payload.measurements[0].component.digest |= "00" + .[2:]'
	contraindicated "evidence.measurements: number 1 is not what the PlC expects [measurement-differs]"
	[ "$(field '.payload.submods.tre.trustworthiness_vector.executables' answer)" = 96 ]
	evidence '.payload.measurements += .payload.measurements'
	contraindicated "evidence.measurements: has more than the PlC expects [measurement-unknown]"
	evidence 'del(.payload.measurements)'
	contraindicated "evidence.measurements: has fewer than the PlC expects [measurement-missing]"
	twin "\$a second = $(printf '%064d' 2)"
	evidence
	contraindicated "evidence.measurements: has fewer than the PlC expects [measurement-missing]"
	evidence '.payload.measurements |= [(.[0] | .component.digest = "'"$(printf '%064d' 2)"'")] + .'
	contraindicated "evidence.measurements: number 1 is not what the PlC expects [measurement-differs]"
}

@test "another software version than the PlC's is contraindicated" {
	world
	twin
	evidence '.payload.swversion.version = "2"'
	contraindicated "evidence.swversion: is not what the PlC expects [wrong-version]"
}

@test "what was measured has changed: the device itself says so" {
	world
	amend m2me "UPDATE measured SET path = '$PWD/firmware'"
	echo "firmware 2" >firmware
	tre-attest --tre m2me 07-registration >forged
	contraindicated "evidence.measurements: number 1 is not what the PlC expects [measurement-differs]"
}

@test "what the policy says of versions counts in place of what the PlC says" {
	world
	twin
	evidence '.payload.swversion.version = "2"'
	policy=policy.cnf
	for versions in 2 '1, 2' '3,2,1'; do
		sed "/^id/a versions = $versions" "$examples/pva.cnf" >policy.cnf
		verify 07-registration forged >verdict
	done
	sed "/^id/a versions = 1, 22" "$examples/pva.cnf" >policy.cnf
	contraindicated "evidence.swversion: is not what the policy expects [wrong-version]"
}

# referenced [LINE...] - a policy with these references
referenced() {
	policy=policy.cnf
	{
		cat "$examples/pva.cnf"
		echo '[ references ]'
		printf '%s\n' "$@"
	} >policy.cnf
}

@test "what the policy says of a component counts in place of what the PlC says" {
	world
	twin
	old=$(field '.payload.measurements[0].component.digest' 08-evidence)
	new=$(printf '%064d' 5)
	name=$(field '.payload.measurements[0].component.name' 08-evidence)
	evidence ".payload.measurements[0].component.digest = \"$new\""
	for digests in "$new" "$old, $new"; do
		referenced "$name = $digests"
		verify 07-registration forged >verdict
	done
	referenced "$name = $old"
	contraindicated "evidence.measurements: number 1 is not what the policy expects [measurement-differs]"
	# the PlC's own is enough no longer
	evidence
	referenced "$name = $new"
	contraindicated "evidence.measurements: number 1 is not what the policy expects [measurement-differs]"
	# of another name: the PlC's counts, and one is missing
	referenced "other = $new"
	contraindicated "evidence.measurements: lacks one that the policy expects [measurement-missing]"
}

@test "a measurement or version that nothing says how to compare is neither right nor wrong" {
	world
	twin '/^firmware/d'
	evidence
	contraindicated "evidence.measurements: number 1 has nothing to compare it with [missing-reference]"
	[ "$(field '.payload.submods.tre.trustworthiness_vector | has("executables")' answer)" = false ]
	referenced "$(field '.payload.measurements[0].component | .name + " = " + .digest' forged)"
	verify 07-registration forged >verdict
	policy=
	# a PlC that openssl made, which states no version
	cat >plc.cnf <<-E
		[req]
		distinguished_name = dn
		[dn]
		[plc]
		keyUsage = critical, digitalSignature
		extendedKeyUsage = critical, 1.3.6.1.4.1.32473.33812.6
		authorityKeyIdentifier = keyid
		2.23.133.5.4.4 = ASN1:SEQUENCE:ueid
		2.23.133.5.4.1 = ASN1:SEQUENCE:tcb
		[ueid]
		ueid = FORMAT:HEX,OCTETSTRING:$(field .payload.ueid 08-evidence)
		[tcb]
		svn = IMPLICIT:3,INTEGER:1
		fwids = IMPLICIT:6,SEQUENCE:fwids
		[fwids]
		first = SEQUENCE:fwid
		[fwid]
		algorithm = OID:SHA256
		digest = FORMAT:HEX,OCTETSTRING:$(field '.payload.measurements[0].component.digest' 08-evidence)
	E
	config=plc.cnf ca=m2mes certify plc M2ME-0001 "M2ME M2ME-0001"
	evidence
	contraindicated "evidence.swversion: has nothing to compare it with [missing-reference]"
	sed "/^id/a versions = 1" "$examples/pva.cnf" >policy.cnf
	policy=policy.cnf
	verify 07-registration forged >verdict
}

# results RESULT... - of semi-autonomous evidence: what the twin found of each of its files
results() {
	evidence ".payload |= (.mode = \"semi-autonomous\" | del(.measurements) | .measres = [{system: \"m2mkit\",
		results: [$(printf '{"component": "f", "result": "%s"},' "$@" | sed 's/,$//')]}])"
}

@test "how a device was validated is what the policy allows, and what the verdict says" {
	world
	twin
	for mode in autonomous semi-autonomous; do
		case $mode in
		autonomous) evidence '.payload |= (.mode = "autonomous" | del(.measurements))' ;;
		*) results success ;;
		esac
		policy=
		contraindicated "evidence.mode: $mode is not allowed by the policy [validation-mode]"
		[ "$(field .payload.mode answer)" = $mode ]
		sed "/^id/a mode = $mode" "$examples/pva.cnf" >policy.cnf
		policy=policy.cnf
		verify 07-registration forged >verdict
		[ "$(field .payload.mode verdict)" = $mode ]
		evidence '.payload.mode = "remote"'
		contraindicated "evidence.mode: remote is not allowed by the policy [validation-mode]"
		evidence 'del(.payload.mode)'	# as it was before there were modes
		contraindicated "evidence.mode: remote is not allowed by the policy [validation-mode]"
	done
}

@test "semi-autonomous: what the device found of each file counts" {
	world
	twin
	policy=policy.cnf
	sed "/^id/a mode = semi-autonomous" "$examples/pva.cnf" >policy.cnf
	results fail
	contraindicated "evidence.measurements: number 1 is not what the PlC expects [measurement-differs]"
	[ "$(field '.payload.submods.tre.trustworthiness_vector.executables' answer)" = 96 ]
	results not-run
	contraindicated "evidence.measurements: number 1 was not compared [missing-reference]"
	results absent
	contraindicated "evidence.measurements: number 1 was not there to be measured [measurement-missing]"
	[ "$(field '.payload.submods.tre.trustworthiness_vector | has("executables")' answer)" = false ]
	results success success
	contraindicated "evidence.measurements: has more than the PlC expects [measurement-unknown]"
	evidence '.payload |= (.mode = "semi-autonomous" | del(.measurements))'
	contraindicated "evidence.measurements: has fewer than the PlC expects [measurement-missing]"
	results success
	verify 07-registration forged >verdict
	# the device compared with its PlC, not with the policy
	printf '%s\n' '[ references ]' "other = $(printf '%064d' 5)" >>policy.cnf
	contraindicated "evidence.measurements: were not shown, and the policy says what they should be [measurement-missing]"
}

@test "autonomous: what the device measured is its own affair, and nobody affirms it" {
	world
	twin
	policy=policy.cnf
	sed "/^id/a mode = autonomous" "$examples/pva.cnf" >policy.cnf
	evidence '.payload |= (.mode = "autonomous" | del(.measurements))'
	verify 07-registration forged >verdict
	[ "$(field '.payload.submods.tre.affirmed | index("evidence.measurements")' verdict)" = null ]
	printf '%s\n' '[ references ]' "other = $(printf '%064d' 5)" >>policy.cnf
	contraindicated "evidence.measurements: were not shown, and the policy says what they should be [measurement-missing]"
}

@test "evidence of one mode has no claims of another" {
	world
	for change in '.mode = "autonomous"' '.mode = "semi-autonomous"'; do
		run -2 --separate-stderr edit evidence ".payload |= ($change)" <08-evidence
		[[ $stderr == "m2m-make: item 1: evidence.payload.measurements: are for remote validation only (byte "*")" ]]
	done
	for change in . 'del(.mode)' '.mode = "autonomous"'; do
		run -2 --separate-stderr edit evidence ".payload |= ($change | del(.measurements) |
			.measres = [{system: \"m2mkit\", results: [{component: \"f\", result: \"success\"}]}])" <08-evidence
		[[ $stderr == "m2m-make: item 1: evidence.payload.measres: is for semi-autonomous validation only (byte "*")" ]]
	done
}

@test "a policy may have its own anchors of PlCs, and clocks" {
	world
	twin
	policy=policy.cnf
	sed "/^id/a anchors = m2mes.pem" "$examples/pva.cnf" >policy.cnf
	verify 07-registration 08-evidence >verdict
	sed "/^id/a anchors = operators.pem" "$examples/pva.cnf" >policy.cnf
	disbelieved 97 "pva-verify: item 2: evidence.protected.x5chain: certificate of M2ME M2ME-0001: no path to an anchor [untrusted-issuer]" \
		verify 07-registration 08-evidence
	now=$(($(field .payload.iat 08-evidence) + 7200))
	for skew in 0 86400; do
		sed "/^id/a skew = $skew" "$examples/pva.cnf" >policy.cnf
		evidence ".payload.iat = $((now + skew))"
		verify --now $now 07-registration forged >verdict
		evidence ".payload.iat = $((now + skew + 1))"
		contraindicated "evidence.iat: lies in the future, at $(spelt $((now + skew + 1))) [not-yet-valid]" \
			--now $now
	done
}

@test "a verdict says of each claim whether it is right; what it does not name was not judged" {
	world
	verify 07-registration 08-evidence >verdict
	field '.payload.submods.tre | .affirmed[], has("reasons")' verdict >said
	diff said - <<-'E'
		evidence.ueid
		registration.ueid
		evidence.dbgstat
		plc.tcb.flags
		evidence.tre_class
		evidence.mode
		evidence.iat
		evidence.measurements
		evidence.swversion
		plc.tcb.svn
		false
	E
	twin '/^svn/d'
	evidence '.payload.dbgstat = "enabled"'
	contraindicated "evidence.dbgstat: enabled is not allowed by the policy [debug]"
	field '.payload.submods.tre | (.affirmed | length), (.reasons[] | .claim + " " + .reason)' answer >said
	diff said - <<-'E'
		8
		evidence.dbgstat debug
		plc.tcb.svn missing-claim
	E
	# what nobody asks for is neither
	sed '/^min_svn/d' "$examples/pva.cnf" >policy.cnf
	policy=policy.cnf
	contraindicated "evidence.dbgstat: enabled is not allowed by the policy [debug]"
	field '.payload.submods.tre | (.affirmed | length), (.reasons[] | .claim + " " + .reason)' answer >said
	diff said - <<-'E'
		8
		evidence.dbgstat debug
	E
}

@test "a verdict lists all reasons, the message the first" {
	world
	twin
	evidence '.payload |= (.ueid |= "0102" + .[4:] | .dbgstat = "enabled" | .swversion.version = "2"
		| .measurements[0].component.digest |= "00" + .[2:])'
	contraindicated "evidence.ueid: is not the PlC's [wrong-device]"
	[ "$(field '.payload.submods.tre.reasons[].reason' answer | tr '\n' ' ')" = \
		"wrong-device debug measurement-differs wrong-version " ]
	[ "$(field '.payload.submods.tre.trustworthiness_vector | .instance_identity, .configuration, .executables, .hardware' answer | tr '\n' ' ')" = \
		"97 96 96 2 " ]
}

@test "pva-verify explains what it found of each claim, and why" {
	world
	now=$(($(field .payload.iat 08-evidence) + 7))
	verify --now "$now" --explain 07-registration 08-evidence >verdict 2>said
	[ "$(field .payload.submods.tre.status verdict)" = affirming ]
	diff <(unnamed <said) - <<-'E'
		pva-verify: item 2: evidence.ueid: passed: is the PlC's
		pva-verify: item 2: registration.ueid: passed: is the PlC's
		pva-verify: item 2: evidence.dbgstat: passed: disabled-permanently is allowed
		pva-verify: item 2: plc.tcb.flags: passed: is not made for debugging
		pva-verify: item 2: evidence.tre_class: passed: software is allowed
		pva-verify: item 2: evidence.mode: passed: remote is allowed
		pva-verify: item 2: evidence.iat: passed: 7 s old, of 600
		pva-verify: item 2: evidence.measurements: passed: 1 as expected
		pva-verify: item 2: evidence.swversion: passed: is what the PlC expects
		pva-verify: item 2: plc.tcb.svn: passed: 1, of at least 1
		pva-verify: item 2: evidence.tpm.quote: unasked: the device has no TPM
		pva-verify: item 2: evidence.tpm.pcrs: unasked: the device has no TPM
		pva-verify: item 2: evidence.tpm.certification: unasked: the device has no TPM
	E
	twin '/^svn/d'
	evidence '.payload.dbgstat = "enabled"'
	run -1 --separate-stderr bash -c 'pva-verify "$@" >answer' - "${pva[@]}" --trust trust.pem \
		--policy "$examples/pva.cnf" --explain 07-registration forged
	grep -v -e ': passed: ' -e evidence.tpm <<<"$stderr" | unnamed | diff - <(cat <<-'E'
		pva-verify: item 2: evidence.dbgstat: failed, debug: enabled is not allowed by the policy
		pva-verify: item 2: plc.tcb.svn: absent, missing-claim: is missing
		pva-verify: item 2: evidence.dbgstat: enabled is not allowed by the policy [debug]
	E
	)
	sed '/^min_svn/d' "$examples/pva.cnf" >policy.cnf
	policy=policy.cnf
	verify --explain 07-registration 08-evidence 2>&1 >verdict | grep -F plc.tcb.svn |
		unnamed | diff - <(echo "pva-verify: item 2: plc.tcb.svn: unasked: the policy demands none")
}

@test "pva-verify says what another policy found else, of the same evidence" {
	world
	twin 's/^svn.*/svn = 7/'
	evidence '.payload.dbgstat = "disabled"'
	sed 's/^dbgstat.*/dbgstat = disabled/; s/^min_svn.*/min_svn = 8/; s/^id.*/id = old/' "$examples/pva.cnf" >old.cnf
	sed 's/^dbgstat.*/dbgstat = enabled/; /^min_svn/d' "$examples/pva.cnf" >new.cnf
	policy=new.cnf
	contraindicated "evidence.dbgstat: disabled is not allowed by the policy [debug]"
	run -1 --separate-stderr bash -c 'pva-verify "$@" >answer' - "${pva[@]}" --trust trust.pem \
		--policy new.cnf --was old.cnf 07-registration forged
	diff <(unnamed <<<"$stderr") - <<-'E'
		pva-verify: item 2: evidence.dbgstat: failed, debug: disabled is not allowed by the policy; was passed
		pva-verify: item 2: plc.tcb.svn: unasked: the policy demands none; was failed, svn-too-low
		pva-verify: item 2: evidence.dbgstat: disabled is not allowed by the policy [debug]
	E
	# the verdict is by the policy, not by what was
	[ "$(field '.payload.submods.tre.appraisal_policy_ids[]' answer)" = example-2026 ]
	[ "$(field '.payload.submods.tre.reasons | length' answer)" = 1 ]
	# no difference, no word
	evidence '.payload.measurements[0].component.digest |= "00" + .[2:] | .payload.dbgstat = "disabled-permanently"'
	sed 's/^dbgstat.*/dbgstat = disabled-permanently/' new.cnf >newer.cnf
	for was in "$examples/pva.cnf" newer.cnf; do
		run -1 --separate-stderr bash -c 'pva-verify "$@" >answer' - "${pva[@]}" --trust trust.pem \
			--policy newer.cnf --was "$was" 07-registration forged
		grep -v 'plc.tcb.svn' <<<"$stderr" | unnamed | diff - <(echo "pva-verify: item 2: evidence.measurements: number 1 is not what the PlC expects [measurement-differs]")
	done
	rejects 3 "pva-verify: cannot read 'none': No such file or directory" verify --was none 07-registration 08-evidence
}

@test "one negative verdict does not colour the next" {
	world
	twin
	evidence '.payload.dbgstat = "enabled"'
	edit evidence '.payload.iat += 1' <08-evidence >changed
	verify --keep-going 07-registration forged 07-registration 08-evidence changed 08-evidence forged >verdicts \
		2>/dev/null || true
	[ "$(field '[.payload | has("cnf"), (.submods.tre | .status, (.reasons | length))] | join(" ")' verdicts)" = \
		"true contraindicated 1
true affirming 0
false contraindicated 1
true affirming 0
true contraindicated 1" ]
}

@test "of evidence that is not believed no claim was judged, by no policy" {
	world
	edit evidence '.payload.dbgstat = "enabled"' <08-evidence >changed
	sed 's/^tre_class.*/tre_class = tpm/' "$examples/pva.cnf" >strict.cnf
	run -1 --separate-stderr bash -c 'pva-verify "$@" >answer' - "${pva[@]}" --trust trust.pem \
		--policy "$examples/pva.cnf" --was strict.cnf --explain 07-registration changed
	unnamed <<<"$stderr" >said
	diff <(sed 's/: item 2: [a-z._]*: unjudged:/: ... unjudged:/' said | uniq -c | sed 's/^ *//') - <<-'E'
		1 pva-verify: item 2: evidence.signature: failed, bad-signature: does not verify
		13 pva-verify: ... unjudged: the evidence is not believed
		1 pva-verify: item 2: evidence.signature: does not verify [bad-signature]
	E
}

@test "evidence is not looked at for a registration that asks nobody, or another" {
	world
	edit evidence '.payload.dbgstat = "enabled"' <08-evidence >changed
	forge registration '.payload.pva = "pva2.example"' ro.example <07-registration >other
	rejects 1 "pva-verify: item 2: registration.pva: is pva2.example, not us [wrong-pva]" verify other changed
	exp=$(field .payload.exp 07-registration)
	rejects 1 "pva-verify: item 2: registration.exp: ended at $(spelt "$exp") [expired]" \
		verify --now "$exp" 07-registration changed
}

@test "a verdict names the sealing key, the PlC and the mode, or none of them and affirms nothing" {
	world
	for change in 'del(.cnf)' 'del(.plc)' 'del(.mode)' 'del(.cnf, .plc)'; do
		run -2 --separate-stderr edit verdict ".payload |= ($change)" <09-verdict
		[[ $stderr == "m2m-make: item 1: verdict.payload.cnf: is there without plc and mode, or they without it (byte "*")" ]]
	done
	bare='del(.cnf, .plc, .mode)'
	for change in . '.submods.tre |= del(.affirmed)' '.submods.tre.status = "contraindicated"' \
		'.submods.tre |= (del(.affirmed, .trustworthiness_vector) | .status = "warning")'; do
		run -2 --separate-stderr edit verdict ".payload |= ($bare | $change)" <09-verdict
		[[ $stderr == "m2m-make: item 1: verdict.payload.cnf: is missing, and something is affirmed (byte "*")" ]]
	done
	edit verdict ".payload |= ($bare | .submods.tre |= (del(.affirmed) | .status = \"contraindicated\"))" \
		<09-verdict >verdict
}

@test "no verdict is better than its vector" {
	world
	for claim in instance_identity configuration executables hardware; do
		for value in 32 96 127 -33 -128; do
			run -2 --separate-stderr edit verdict \
				".payload.submods.tre.trustworthiness_vector.$claim = $value" <09-verdict
			[[ $stderr == "m2m-make: item 1: verdict.payload.submods.tre.status: is better than the trustworthiness vector (byte "*")" ]]
		done
		for value in -32 -1 0 31; do
			edit verdict ".payload.submods.tre.trustworthiness_vector.$claim = $value" <09-verdict >verdict
		done
	done
	edit verdict '.payload.submods.tre.status = "contraindicated"' <09-verdict >verdict
	edit verdict 'del(.payload.submods.tre.trustworthiness_vector)' <09-verdict >verdict
}

# --- policy ---

@test "pva-verify says what is wrong with a policy" {
	world
	policy=policy.cnf
	try() {
		sed "$1" "$examples/pva.cnf" >policy.cnf
		rejects 2 "pva-verify: policy.cnf: $2" verify 07-registration 08-evidence
	}
	for key in id dbgstat tre_class; do
		try "/^$key/d" "[policy] $key: required"
	done
	try 's/^dbgstat.*/dbgstat = off/' "[policy] dbgstat: 'off' is none of its choices"
	try 's/^tre_class.*/tre_class = software, hsm/' "[policy] tre_class: 'hsm' is none of its choices"
	try 's/^max_age.*/max_age = 0/' "[policy] max_age: needs a number from 1 to 31622400, has '0'"
	try 's/^validity.*/validity = 1h/' "[policy] validity: needs a number from 1 to 31622400, has '1h'"
	try 's/^id/mode = remote, all\n&/' "[policy] mode: 'all' is none of its choices"
	try 's/^id/versions =\n&/' "[policy] versions: is empty"
	try 's/^id/versions = 1,,2\n&/' "[policy] versions: one is empty"
	try "s/^id/versions = $(seq -s, 17)\n&/" "[policy] versions: needs up to 16"
	try 's/^id/skew = 86401\n&/' "[policy] skew: needs a number from 0 to 86400, has '86401'"
	try '$a [ references ]\nfirmware =' "[references] firmware: is empty"
	try '$a [ references ]\nfirmware = 00' "[references] firmware: needs 64 hex digits"
	try "\$a [ references ]\nx = $(printf "%064d," {1..65})" "[references] needs up to 64 digests"
	try 's/^min_svn.*/min_svn = 0/' "[policy] min_svn: needs a number from 1 to 9223372036854775807, has '0'"
	try 's/^validity/validty/' "[policy] validty: unknown key"
	try '$a[ more ]\nx = y' "[more]: unknown section"
	try 's/^id.*/id =/' "[policy] id: needs 1 to 128 bytes of text"
	try "s/^id.*/id = $(printf 'x%.0s' {1..129})/" "[policy] id: needs 1 to 128 bytes of text"
	try 's/^. policy ./[ polcy ]/' "[policy] id: required"
	policy=none
	rejects 3 "pva-verify: cannot read 'none': No such file or directory" verify 07-registration 08-evidence
}

@test "an empty set of the policy allows nothing" {
	world
	sed 's/^dbgstat.*/dbgstat =/' "$examples/pva.cnf" >policy.cnf
	policy=policy.cnf
	cp 08-evidence forged
	contraindicated "evidence.dbgstat: disabled-permanently is not allowed by the policy [debug]"
}

@test "pva-verify signs as a validation authority with its own key" {
	world
	rejects 2 "pva-verify: --cert: 'sho.example.pem' lacks the role PVA" \
		pva-verify "${sho[@]}" --trust trust.pem --policy "$examples/pva.cnf" 07-registration 08-evidence
	rejects 2 "pva-verify: --cert: 'pva.example.pem' is not the certificate of --key" \
		pva-verify --key sho.example.key --cert pva.example.pem --trust trust.pem \
		--policy "$examples/pva.cnf" 07-registration 08-evidence
}

# --- each bit of what was signed ---

# mutants COMMAND... - no bit of what is signed can change without a refusal, and each mutant has one
mutants() {
	"$@" >answers 2>said && return 1
	[ ! -s answers ]
	unnamed <said | cut -d : -f 2 | sort -u | wc -l
}

@test "no changed bit of evidence passes: there is no verdict, or one that says nothing of it" {
	world
	verify --keep-going 07-registration <(bitflips 08-evidence) >answers 2>said && return 1
	[ "$(unnamed <said | cut -d : -f 2 | sort -u | wc -l)" = $((8 * $(stat -c %s 08-evidence))) ]
	m2m-show --json answers | jq -c '.payload | [.submods.tre.status, .submods.tre.trustworthiness_vector,
		.submods.tre.affirmed, .cnf, .plc, .mode]' | sort | uniq -c >kinds
	sed 's/^ *[0-9]* //' kinds | diff - - <<-'E'
		["contraindicated",{"instance_identity":97},null,null,null,null]
		["contraindicated",{"instance_identity":99},null,null,null,null]
	E
}

@test "no changed bit of a registration passes" {
	world
	[ "$(mutants verify --keep-going <(bitflips 07-registration 08-evidence))" = $((8 * $(stat -c %s 07-registration))) ]
}

# --- PlCs that are alike ---

@test "a PlC like one before is taken for its own validity, and signature" {
	world
	twin
	iat=$(field .payload.iat 07-registration)
	evidence
	verify 07-registration 08-evidence forged >verdicts
	[ "$(field '.payload.submods.tre.status' verdicts | sort | uniq -c | tr -s ' ')" = " 2 affirming" ]
	[ "$(field '.payload.plc' verdicts | tail -n 1)" = "$(openssl x509 -in M2ME-0001.pem -outform DER | sha256sum | cut -c 1-64)" ]
	plc-sign --key m2mes.key --cert m2mes.pem --state state.cnf --not-before "$iat" --not-after $((iat + 100)) \
		M2ME-0001.csr >M2ME-0001.pem
	evidence
	verify --now $((iat + 99)) 07-registration 08-evidence forged >verdicts
	[ "$(field '.payload.submods.tre.status' verdicts | sort | uniq -c | tr -s ' ')" = " 2 affirming" ]
	run -1 --separate-stderr bash -c 'pva-verify "${@}" 07-registration 08-evidence forged >verdicts' - \
		"${pva[@]}" --trust trust.pem --policy "$examples/pva.cnf" --now $((iat + 100))
	[[ $stderr == "pva-verify: "*"item 3: "*"certificate of M2ME M2ME-0001 ended at $(spelt $((iat + 100))) [expired]" ]]
}

@test "a PlC like one before, but for the state that it asserts, is judged by its own" {
	world
	twin 's/^svn = 1/svn = 2/'
	evidence
	verify 07-registration 08-evidence forged 08-evidence forged >verdicts
	[ "$(field '.payload.submods.tre.status' verdicts | sort | uniq -c | tr -s ' ')" = " 4 affirming" ]
	twin 's/^firmware = ../firmware = ff/'
	evidence
	run -1 --separate-stderr bash -c 'pva-verify "${@}" 07-registration 08-evidence forged >verdicts' - \
		"${pva[@]}" --trust trust.pem --policy "$examples/pva.cnf"
	[[ $stderr == "pva-verify: "*"item 3: evidence.measurements: number 1 is not what the PlC expects [measurement-differs]" ]]
	[ "$(field '.payload.submods.tre.status' verdicts | xargs)" = "affirming contraindicated" ]
}

@test "no changed bit of evidence passes under a PlC like one before" {
	world
	twin
	evidence
	verify --keep-going 07-registration 08-evidence <(bitflips forged) >answers 2>said && return 1
	# the first is affirmed, by its own PlC; of the others no verdict says more than that it is not believed
	field '.payload | [.submods.tre.status, .plc, .submods.tre.affirmed == null] | join(" ")' answers | sort -u |
		diff - <(field '.payload | "affirming " + .plc + " false", "contraindicated  true"' <(verify 07-registration 08-evidence))
	[ "$(field .payload.submods.tre.status answers | grep -c affirming)" = 1 ]
	[ "$(unnamed <said | cut -d : -f 2 | sort -u | wc -l)" = $((8 * $(stat -c %s forged))) ]
}

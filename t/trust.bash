# SPDX-License-Identifier: Apache-2.0
# For the tests of what the roles refuse: their keys, forgeries, earlier states.

examples=$root/share/examples
ro=(--key ro.example.key --cert ro.example.pem)
dpf=(--key dpf.ro.example.key --cert dpf.ro.example.pem)
sho=(--key sho.example.key --cert sho.example.pem)
sho2=(--key sho2.example.key --cert sho2.example.pem)
pva=(--key pva.example.key --cert pva.example.pem)
us=(--key us.example.key --cert us.example.pem)
vno=901-70
day=86400
# makes of an authorization one to delete
to_delete='.payload |= (.scope = "delete" | .ueid = "01000000000000" | .mid = "one")'

# field FILTER FILE - a value of an object, as jq prints it
field() {
	m2m-show --json --reveal "$2" | jq -r "$1"
}

# spelt SECONDS - a time as messages say it
spelt() {
	date -u -d "@$1" +%Y-%m-%dT%H:%M:%SZ
}

# inside STORE - the same of a TRE, but for what waits to be acknowledged, and the seal
inside() {
	state "$1" | grep -v -e '^INSERT INTO outbox' -e '^INSERT INTO seal'
}

# pem LABEL - the bytes on stdin as that block
pem() {
	printf -- '-----BEGIN %s-----\n' "$1"
	base64 -w 64
	printf -- '-----END %s-----\n' "$1"
}

# state STORE... - all rows, to be compared
state() {
	local s
	for s; do
		sqlite3 "$s" .dump
	done
}

# unregistered, unauthorised, undelivered, uninstalled - the world as it was before
unregistered() {
	sqlite3 ro.ledger "DELETE FROM registration; DELETE FROM device; DELETE FROM reported"
}
unauthorised() {
	sqlite3 sho.ledger "DELETE FROM authorized; DELETE FROM package; DELETE FROM counter"
}
undelivered() {
	sqlite3 ro.ledger "UPDATE registration SET state = 'registered', asked = NULL, delivery = NULL,
		mid = NULL, counter = NULL, report = NULL; DELETE FROM reported"
}
uninstalled() {
	amend m2me "DELETE FROM application WHERE kind = 'usim'; DELETE FROM counter;
		DELETE FROM slot WHERE identity LIKE '00102%';
		UPDATE provisioning SET package = NULL, report = NULL; DELETE FROM outbox"
}

# anchor SECTION NAME CN [DAYS] - a key and its own certificate, by that section of roles.cnf or of $config
anchor() {
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$2.key" &&
		openssl req -x509 -config "${config:-$examples/roles.cnf}" -extensions "$1" -subj "/CN=$3" \
			-days "${4:-3650}" -key "$2.key" -out "$2.pem" 2>/dev/null
}

# certify SECTION NAME CN [DAYS] - a key and certificate for a role, from the operators' CA or $ca's
certify() {
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$2.key" &&
		openssl req -x509 -config "${config:-$examples/roles.cnf}" -extensions "$1" -subj "/CN=$3" \
			-days "${4:-3650}" -key "$2.key" -CA "${ca:-operators}.pem" -CAkey "${ca:-operators}.key" \
			-out "$2.pem" 2>/dev/null
}

# stranger SECTION NAME CN - the same, from a CA that nobody trusts
stranger() {
	anchor ca strange "Strange CA" && ca=strange certify "$@"
}

# device NAME UEID - a platform key outside of any TRE, and a PlC for it after state.cnf
device() {
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key" &&
		openssl req -new -key "$1.key" -subj "/serialNumber=$1/CN=M2ME $1" \
			-addext "2.23.133.5.4.4=DER:30$(printf %02x $((${#2} / 2 + 2)))04$(printf %02x $((${#2} / 2)))$2" |
		tee "$1.csr" |
		plc-sign --key m2mes.key --cert m2mes.pem --state "${state:-state.cnf}" >"$1.pem"
}

# mirror TYPE - the signed object on stdin with the other ES256 signature that holds: (r, n - s), which
# anybody can make of (r, s)
mirror() {
	m2m-show --json --reveal | perl -MMath::BigInt -pe '
		BEGIN { $n = Math::BigInt->from_hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551") }
		s{^(.*"signature":"[0-9a-f]{64})([0-9a-f]{64})}
			{$1 . sprintf("%064s", substr(($n - Math::BigInt->from_hex($2))->as_hex, 2))}e' | m2m-make "$1"
}

# parcel AUTHORIZATION PACKAGE [FILTER] - a delivery of the two by the DPF, whatever they say
parcel() {
	m2m-show --json --reveal 12-delivery |
		jq -c --argjson a "$(m2m-show --json --reveal "$1")" \
			--argjson p "$(m2m-show --json --reveal "$2")" \
			".payload.authorization = \$a | .payload.package = \$p | ${3:-.}" |
		m2m-make delivery | resign dpf.ro.example.key dpf.ro.example.pem
}

# refuses MESSAGE CMD... - CMD exits 1, says MESSAGE, and answers with an object that gives its reason word
refuses() {
	local message=$1 status=0
	shift
	"$@" >answer 2>said || status=$?
	[ "$status" = 1 ] || { echo "status $status"; return 1; }
	[ "$(unnamed <said)" = "$message" ] || { diff <(echo "$message") said; return 1; }
	m2m-show --json answer | jq -r '.payload | .reason // .submods.tre.reasons[0].reason' >word
	[[ $message == *" [$(cat word)]" ]] || { echo "the answer says: $(cat word)"; return 1; }
}

# governed POLICY - the world, whose MID has that policy
governed() {
	world
	edit mid ".policy = $1" <mid >content
	pack sho.example.key sho.example.pem 09-verdict 11-mid-package content >package
	parcel 11-authorization package >delivery
	uninstalled
	mid-install --tre m2me delivery >report
}

# disbelieved IDENTITY MESSAGE PVA-VERIFY... - the verdict on 07-registration, or on $registration, is negative:
# who is at the other end is IDENTITY (AR4SI), MESSAGE says why, and of the evidence it repeats and affirms nothing
disbelieved() {
	local file=${registration:-07-registration}
	refuses "$2" "${@:3}"
	m2m-show --json answer | jq -c '.payload | .submods.tre |= del(.reasons[0].reason) |
		[.sub, .aud, .eat_nonce, .ueid, .submods.tre, has("cnf"), has("plc"), has("mode")]' >said
	m2m-show --json "$file" | jq -c --arg claim "$(cut -d : -f 3 <<<"$2" | cut -c 2-)" --argjson identity "$1" \
		--arg policy "$(sed -n 's/^id *= *//p' "${policy:-$examples/pva.cnf}")" '.payload |
		[.pcid, .sho, .nonce, .ueid, { status: "contraindicated",
			trustworthiness_vector: { instance_identity: $identity },
			appraisal_policy_ids: [$policy], reasons: [{ claim: $claim }] }, false, false, false]' | diff - said
}

# another_operator - sho2.example, where the DRF now sends the PCID, with a ledger and a MID in "mid2"
another_operator() {
	sed 's/^00101 = .*/001010000000001 = sho2/; s/sho_example/sho2/; s/sho\.example/sho2.example/' \
		"$examples/drf.cnf" >drf2.cnf
	drf-set --ledger ro.ledger drf2.cnf
	sed 's/sho\.example/sho2.example/; s/001-02/001-03/' "$examples/mid.cnf" >mid2.cnf
	mid-gen --profile mid2.cnf --ledger sho2.ledger >mid2
}

# packed REGISTRATION EVIDENCE - the rest of its provisioning up to the delivery, in files named after it
packed() {
	pva-verify "${pva[@]}" --trust trust.pem --policy "$examples/pva.cnf" "$1" "$2" >"$1.verdict"
	sho-authorize --ledger sho2.ledger "${sho2[@]}" --trust trust.pem "$1" "$1.verdict" >"$1.authorization"
	mid-wrap --ledger sho2.ledger "${sho2[@]}" --trust trust.pem "$1" "$1.verdict" mid2 >"$1.package"
	dpf-deliver --ledger ro.ledger "${dpf[@]}" --trust trust.pem "$1.authorization" "$1.package" >"$1.delivery"
}

# beside - the MID of sho2.example, installed beside the world's
beside() {
	another_operator
	drf-resolve --ledger ro.ledger "${ro[@]}" 06-attach-request |
		drf-register --ledger ro.ledger "${ro[@]}" --trust trust.pem >second
	tre-attest --tre m2me second >second.evidence
	packed second second.evidence
	mid-install --tre m2me second.delivery >second.report
}

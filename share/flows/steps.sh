# SPDX-License-Identifier: Apache-2.0
# steps.sh - what the flows have in common; sourced by them.  Needs $here, the folder it is in.
# Takes KEYS, where the roles' keys are, see make-roles; none: in files that it makes.  Takes TPM,
# options of tre-init for a TRE with a TPM, and POLICY, the file to judge it by.
# shellcheck shell=sh disable=SC2034,SC2086,SC2119,SC2120,SC2154	# some words are for flows only; lists of words; $here is the flow's; roles are called without parties, too
set -eu

examples=$here/../examples
bin=${BUILD:-$here/../../build}
[ ! -x "$bin/m2m-show" ] || PATH=$(cd "$bin" && pwd):$PATH

# signer NAME - the options for its key and certificate
signer() {
	# shellcheck disable=SC2059	# a format
	echo "--key $(printf "${KEYS:-%s.key}" "$1") --cert $1.pem"
}
m2mes=$(signer m2mes)
ro="$(signer ro.example) --trust trust.pem"
dpf="$(signer dpf.ro.example) --trust trust.pem"
sho="$(signer sho.example) --trust trust.pem"
sho2="$(signer sho2.example) --trust trust.pem"
pva="$(signer pva.example) --trust trust.pem"
us=$(signer us.example)
mid=8988000000000000016	# the name of the first MID that an operator makes

for need in m2m-show openssl; do
	command -v $need >/dev/null || {
		echo "${0##*/}: needs $need in PATH" >&2
		exit 3
	}
done

# enter DIR - into a new folder, which will hold all objects
enter() {
	dir=$1
	[ ! -e "$dir/trust.pem" ] || {
		echo "${0##*/}: '$dir' holds an earlier run" >&2
		exit 2
	}
	umask 077
	mkdir -p "$dir"
	cd "$dir"
}

# step NUMBER WHAT FILE... - says what passed, each line beginning with the number
step() {
	number=$1
	printf '%-2s %s\n' "$number" "$2"
	shift 2
	for object; do
		m2m-show --short "$object" | sed "s|^|$(printf '%-2s    ' "$number")|"
	done
}

# party NAME - a key and a certificate of its own, for what it hands over and is handed
party() {
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key" &&
		openssl req -x509 -config "$examples/roles.cnf" -subj "/CN=$1" -days 30 -key "$1.key" \
			-addext "keyUsage = critical, digitalSignature, keyAgreement" -out "$1.pem"
}

certify_all() {
	"$examples/make-roles" . "${KEYS-}" || return
	for name; do
		party "$name" || return
	done
}

# roles PARTY... - the roles' certificates, and those of who hands over to whom
roles() {
	certify_all "$@" 2>make-roles.log || {
		cat make-roles.log >&2
		exit 3
	}
}

# expected [CLASS] - the state that the supplier's line lets devices of that class go in
expected() {
	sed "s/^tre_class = .*/tre_class = ${1:-software}/" "$examples/state.cnf"
	echo "firmware = $(sha256sum firmware | cut -c 1-64)"
}

# lifetime: options of pcid-gen for it
# prepare - roles, a PCID from the CCIF, a PlC from the supplier, an operator with MIDs
prepare() {
	echo "Before: roles, a PCID from the CCIF, a PlC from the supplier, an operator with MIDs"
	roles
	echo "firmware 1" >firmware
	pcid-gen --plmn 001-01 --ro ro.example --first 001010000000001 ${lifetime-} >pcid
	pcid-load --ledger ro.ledger --apn m2m.ro.example --destination ro.example <pcid
	drf-set --ledger ro.ledger "$examples/drf.cnf"
	tre-init --tre m2me --serial M2ME-0001 --imei 490154203237518 --measure "$PWD/firmware" ${TPM-}
	expected ${TPM:+tpm} >state.cnf
	tre-csr --tre m2me >csr.pem
	plc-sign --ledger m2mes.ledger $m2mes --state state.cnf <csr.pem >plc.pem
	cat plc.pem us.example.pem pcid | tre-load --tre m2me --trust trust.pem
	mid-gen --profile "$examples/mid.cnf" --ledger sho.ledger >mid
	tre-show --tre m2me >inventory
	step "" "the TRE holds" plc.pem inventory
	echo
}

# seal FROM TO - what is on standard input, signed by the one, for the eyes of the other alone
seal() {
	openssl cms -sign -binary -nodetach -nosmimecap -md sha256 -signer "$1.pem" -inkey "$1.key" -outform DER |
		openssl cms -encrypt -binary -aes-256-gcm -recip "$2.pem" -keyopt ecdh_kdf_md:sha256 -outform PEM
}

# unseal FROM TO - the inverse, by TO; nothing when it is not from FROM, or was changed
unseal() {
	opened=1
	if openssl cms -decrypt -binary -inform PEM -recip "$2.pem" -inkey "$2.key" -out unsealed.tmp 2>unseal.log &&
		openssl cms -verify -binary -inform DER -in unsealed.tmp -CAfile "$1.pem" -purpose any \
			-out opened.tmp 2>>unseal.log; then
		cat opened.tmp
		opened=0
	else
		echo "${0##*/}: what $1 handed over to $2 does not open" >&2
	fi
	rm -f unsealed.tmp opened.tmp
	return $opened
}

# produce PCIDS - the supplier's line: a device for each PCID, with its platform credential
produce() {
	pcids=$1
	echo "firmware 1" >firmware
	expected >state.cnf
	n=0
	m2m-show --json --reveal "$pcids" | while read -r json; do
		n=$((n + 1))
		tre-init --tre "m2me-$n" --serial "M2ME-000$n" --measure "$PWD/firmware"
		tre-csr --tre "m2me-$n" | plc-sign --ledger m2mes.ledger $m2mes \
			--state state.cnf >"plc-$n.pem"
		printf '%s\n' "$json" | m2m-make pcid | cat "plc-$n.pem" - |
			tre-load --tre "m2me-$n" --trust trust.pem
	done
	[ -e m2me-3 ]
}

# attach - each device with its PCID to a visited network, which asks the registration operator
attach() {
	echo
	echo "After: each device attaches with its PCID"
	for n in 1 2 3; do
		tre-attach --tre "m2me-$n" | vno-request --plmn 901-70 >av-request
		av-answer --ledger ro.ledger <av-request >av
		sub-answer --ledger ro.ledger <av-request >subscription
		vno-challenge <av | usim-auth --tre "m2me-$n" >auth-response
		vno-check --plmn 901-70 av subscription auth-response >"grant-$n"
		step "" "device $n" "grant-$n"
	done
	echo
	echo "All objects are in $PWD; look at one with: $(command -v m2m-show) $PWD/grant-1"
}

# The second half of a provisioning, the same over every access; its steps are numbered
# from 6 in 5.2.5.6.1.  Options of the roles are lists of words.
# shellcheck disable=SC2086
provision() {
	tre-attach --tre m2me >06-attach-request
	drf-resolve --ledger ro.ledger ${ro% --trust*} <06-attach-request >06-referral
	step 6 "M2ME reaches the RO; its DRF finds the SHO" 06-referral

	drf-register --ledger ro.ledger $ro <06-referral >07-registration
	step 7 "RO registers the M2ME with the SHO" 07-registration

	tre-attest --tre m2me <07-registration >08-evidence
	step 8 "SHO asks the PVA to validate the M2ME, which gives evidence" 08-evidence

	pva-verify $pva --policy "${POLICY:-$examples/pva.cnf}" 07-registration 08-evidence >09-verdict
	step 9 "PVA validates PlC and evidence" plc.pem
	step 10 "PVA sends its verdict to the SHO" 09-verdict

	sho-authorize --ledger sho.ledger $sho 07-registration 09-verdict >11-authorization
	mid-wrap --ledger sho.ledger $sho 07-registration 09-verdict mid >11-mid-package
	step 11 "SHO authorises the DPF and hands over the sealed MID" 11-authorization 11-mid-package

	dpf-deliver --ledger ro.ledger $dpf 11-authorization 11-mid-package >12-delivery
	step 12 "DPF downloads the MID to the M2ME" 12-delivery

	mid-install --tre m2me <12-delivery >13-report
	step 13 "M2ME provisions the MID into its TRE and reports" 13-report

	dpf-report --ledger ro.ledger --trust trust.pem <13-report >14-report
	step 14 "DPF reports to the SHO" 14-report
}

# another_operator - sho2.example, with a ledger and a MID in mid2
another_operator() {
	sed 's/sho\.example/sho2.example/; s/001-02/001-03/' "$examples/mid.cnf" >mid2.cnf
	mid-gen --profile mid2.cnf --ledger sho2.ledger >mid2
}

# another_entry - the DRF sends the PCID, that very one, to it from now on
another_entry() {
	sed 's/^00101 = .*/001010000000001 = nsho/; s/sho_example/nsho/; s/sho\.example/sho2.example/' \
		"$examples/drf.cnf" >nsho-drf.cnf
	drf-set --ledger ro.ledger nsho-drf.cnf
}

# authenticate PREFIX PLMN LEDGER - an AKA run of whatever the M2ME attaches as
authenticate() {
	tre-attach --tre m2me >"$1-attach-request"
	access "$@"
}

# access PREFIX PLMN LEDGER - the same from its attach-request on
access() {
	vno-request --plmn "$2" <"$1-attach-request" >"$1-av-request"
	av-answer --ledger "$3" <"$1-av-request" >"$1-av"
	sub-answer --ledger "$3" <"$1-av-request" >"$1-subscription"
	vno-challenge <"$1-av" >"$1-challenge"
	usim-auth --tre m2me <"$1-challenge" >"$1-auth-response"
	vno-check --plmn "$2" "$1-av" "$1-subscription" "$1-auth-response" >"$1-grant"
}

# forgotten PLMN LEDGER ATTACH [WORD] - the old operator's network lets its own old identity in no more
forgotten() {
	vno-request --plmn "$1" <"$3" >old-av-request
	if av-answer --ledger "$2" <old-av-request >old-av 2>refusal; then
		echo "${0##*/}: the old operator still gives vectors" >&2
		exit 1
	fi
	grep -q "${4:-quarantined}]\$" refusal || {
		cat refusal >&2
		exit 1
	}
	printf '   %s\n' "$(cat refusal)"
}

# acknowledge REPORT ACK - the DPF acknowledges what it passed on, and the M2ME sends that no more
acknowledge() {
	dpf-ack --ledger ro.ledger $dpf <"$1" >"$2"
	tre-settle --tre m2me <"$2"
}

# settled - nothing that the M2ME reported waits to be acknowledged any more
settled() {
	tre-outbox --tre m2me >waiting
	[ ! -s waiting ] || {
		echo "${0##*/}: a report was not acknowledged" >&2
		exit 1
	}
	echo "   all that the M2ME reported is acknowledged: nothing waits in its outbox"
}

# finished OBJECT - where everything is
finished() {
	echo
	echo "All objects are in $PWD; look at one with: $(command -v m2m-show) $PWD/$1"
}

# prove - an AKA run with the new USIM against the SHO's own ledger
prove() {
	echo
	echo "After: the new USIM authenticates against the SHO's own ledger"
	authenticate 15 001-02 sho.ledger
	step "" "AKA success with the MID" 15-attach-request 15-auth-response 15-grant
	finished 13-report
}

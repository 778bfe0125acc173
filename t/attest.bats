# SPDX-License-Identifier: Apache-2.0
# The trusted environment: made, loaded, shown, attesting; and what it does when its store was touched.
load helper
load trust

fresh() {
	tre-init --tre m2me --serial M2ME-0001 --imei 490154203237518 "$@"
}

changed="tre: the store was changed by something else than these tools, or its storage key is another's"

# damaged MESSAGE TOOL ARG... - a damaged store is a fault of the world
damaged() {
	rejects 3 "$2: $1" "${@:2}"
}

# --- tre-init ---

@test "tre-init makes a store once" {
	fresh
	before=$(state m2me) key=$(hex <m2me.storage-key)
	rejects 1 "tre-init: 'm2me' holds a device [already-initialised]" fresh
	[ "$(state m2me)" = "$before" ]
	[ "$(hex <m2me.storage-key)" = "$key" ]
}

@test "tre-init makes good a store that was never finished" {
	fresh
	rm m2me
	touch m2me
	cp m2me.storage-key was
	printf 'half a key' >m2me.storage-key.new
	fresh
	tre-csr --tre m2me >csr
	[ "$(hex <m2me.storage-key)" != "$(hex <was)" ]
	[ ! -e m2me.storage-key.new ]
}

@test "tre-init keeps the storage key of a store that was moved away" {
	fresh
	tre-show --tre m2me >before
	mv m2me away
	rejects 3 "tre-init: 'm2me.storage-key' is the key of a store that is not there: move it too" fresh
	rejects 3 "tre-init: 'm2me.storage-key' is the key of a store that is not there: move it too" fresh
	[ ! -e m2me ]
	mv away m2me
	tre-show --tre m2me | cmp - before
	mkdir elsewhere
	mv m2me m2me.storage-key elsewhere
	fresh
	tre-show --tre elsewhere/m2me | cmp - before
}

@test "tre-init overwrites nothing that is not its own" {
	head -c 33 /dev/zero >m2me.storage-key
	rejects 3 "tre-init: 'm2me.storage-key' is there and is no storage key" fresh
	[ "$(hex <m2me.storage-key)" = "$(printf '0%.0s' {1..66})" ]
	head -c 32 /dev/zero >other
	rm m2me.storage-key
	ln -s other m2me.storage-key
	rejects 3 "tre-init: 'm2me.storage-key' is there and is no storage key" fresh
	rm m2me.storage-key
	cp other m2me.storage-key
	chmod 644 m2me.storage-key
	rejects 3 "tre-init: 'm2me.storage-key' is there and is no storage key" fresh
	head -c 31 other >m2me.storage-key
	chmod 600 m2me.storage-key
	rejects 3 "tre-init: 'm2me.storage-key' is there and is no storage key" fresh
	rm m2me.storage-key
	ln -s other m2me.storage-key.new
	fresh
	[ "$(hex <other)" = "$(printf '0%.0s' {1..64})" ]
	[ ! -e m2me.storage-key.new ]
	[ "$(stat -c '%F %a %h' m2me.storage-key)" = "regular file 600 1" ]
	echo "something else, of some length, so that it is no database .........................................." >text
	cp text text2
	rejects 3 "tre-init: --tre: 'text2': file is not a database" tre-init --tre text2 --serial 1
	cmp text text2
	world
	rejects 3 "tre-init: --tre: 'ro.ledger': needs a tre, has another database" \
		tre-init --tre ro.ledger --serial 1
	rejects 3 "tre-init: --tre: cannot create 'none/m2me': No such file or directory" \
		tre-init --tre none/m2me --serial 1
}

@test "tre-init knows an IMEI, a serial number and a state of debugging when it sees one" {
	rejects 2 "tre-init: --imei: '490154203237519' has a wrong check digit" fresh --imei 490154203237519
	for imei in 4901542032375 49015420323751x 4901542032375180; do
		rejects 2 "tre-init: --imei: needs 14 digits, or 15 with the check digit, has '$imei'" fresh --imei "$imei"
	done
	for serial in "" "$(printf 'x%.0s' {1..60})" "ä" 'a*b'; do
		rejects 2 "tre-init: --serial: needs 1 to 59 letters, digits, blanks or '()+,-./:=?, has '$serial'" \
			fresh --serial "$serial"
	done
	rejects 2 "tre-init: --dbgstat: 'maybe' is none of its choices; see tre-init(1)" fresh --dbgstat maybe
	[ ! -e m2me ] && [ ! -e m2me.storage-key ]
	fresh --serial "$(printf 'x%.0s' {1..59})"
	tre-csr --tre m2me >csr.pem
}

@test "tre-init takes no name, version or file that evidence cannot carry" {
	for option in swname swversion; do
		rejects 2 "tre-init: --$option: needs 1 to 64 bytes of text" fresh "--$option" ""
		rejects 2 "tre-init: --$option: needs 1 to 64 bytes of text" fresh "--$option" "$(printf 'x%.0s' {1..65})"
	done
	rejects 2 "tre-init: --measure: needs up to 16 files" fresh $(printf -- '--measure %s ' {1..17})
	rejects 2 "tre-init: --swname: needs 1 to 64 bytes of text" fresh --swname "$(printf 'ä%.0s' {1..33})"
	rejects 2 "tre-init: --swname: needs 1 to 64 bytes of text" fresh --swname $'a\tb'
	rejects 2 "tre-init: --measure: 'x/' names no file" fresh --measure x/
	rejects 2 "tre-init: --measure: '' names no file" fresh --measure ""
	[ ! -e m2me ] && [ ! -e m2me.storage-key ]
}

@test "what tre-init takes at the most, evidence carries, and a file as often as it is named" {
	world
	rm m2me m2me.storage-key
	tre-init --tre m2me --serial M2ME-0001 --imei 490154203237518 --swname "$(printf 'ä%.0s' {1..32})" \
		--swversion "$(printf 'x%.0s' {1..64})" $(printf -- "--measure $PWD/firmware %.0s" {1..16})
	tre-csr --tre m2me | plc-sign --key m2mes.key --cert m2mes.pem --state state.cnf >plc.pem
	tre-load --tre m2me --trust trust.pem plc.pem pcid
	tre-attest --tre m2me 07-registration >evidence
	[ "$(field '.payload | .measurements | length' evidence)" = 16 ]
	[ "$(field '.payload | .swname + .swversion.version | length' evidence)" = 96 ]
}

# --- tre-csr ---

@test "tre-csr needs a device and the key to its store" {
	rejects 3 "tre-csr: --tre: cannot open 'm2me': No such file or directory" tre-csr --tre m2me
	fresh
	mv m2me.storage-key away
	rejects 3 "tre-csr: cannot open 'm2me.storage-key': No such file or directory" tre-csr --tre m2me
	umask 077
	head -c 31 away >m2me.storage-key
	rejects 3 "tre-csr: 'm2me.storage-key' is no storage key of 32 bytes" tre-csr --tre m2me
	{ cat away; printf x; } >m2me.storage-key
	rejects 3 "tre-csr: 'm2me.storage-key' is no storage key of 32 bytes" tre-csr --tre m2me
	head -c 32 /dev/zero >m2me.storage-key
	damaged "$changed" tre-csr --tre m2me
	cp away m2me.storage-key
	tre-csr --tre m2me >csr.pem
}

@test "a storage key that others can read or change is not used" {
	fresh
	for mode in 640 604 660 601; do
		chmod $mode m2me.storage-key
		for tool in tre-csr tre-show tre-attach; do
			rejects 3 "$tool: cannot use 'm2me.storage-key': its mode is 0$mode, needs 0600" $tool --tre m2me
		done
	done
	chmod 400 m2me.storage-key
	tre-csr --tre m2me >csr.pem
	rm m2me.storage-key
	mkfifo m2me.storage-key
	rejects 3 "tre-csr: cannot use 'm2me.storage-key': it is no regular file" tre-csr --tre m2me
}

@test "plc-sign refuses a request that its key did not sign" {
	world
	openssl req -in csr.pem -outform DER >csr.der
	size=$(stat -c %s csr.der)
	{ head -c $((size - 1)) csr.der; tail -c 1 csr.der | tr '\0-\377' '\1-\377\0'; } |
		openssl base64 | { echo "-----BEGIN CERTIFICATE REQUEST-----"; cat; echo "-----END CERTIFICATE REQUEST-----"; } >changed
	rejects 1 "plc-sign: item 1: not signed by the key it holds [bad-signature]" \
		plc-sign --key m2mes.key --cert m2mes.pem --state state.cnf changed
}

# --- tre-load ---

@test "tre-load believes no PlC before it has anchors" {
	world
	fresh --tre new
	rejects 1 "tre-load: item 1: the TRE has no anchors; see tre-load --trust [no-anchors]" \
		tre-load --tre new plc.pem
}

@test "tre-load refuses a PlC of a stranger, of another role, out of its time" {
	world
	stranger sho alien "M2ME M2ME-0001"
	rejects 1 "tre-load: item 1: plc: certificate of M2ME M2ME-0001: no path to an anchor [untrusted-issuer]" \
		tre-load --tre m2me alien.pem
	rejects 1 "tre-load: item 1: plc: needs the role TRE, has SHO [wrong-role]" tre-load --tre m2me sho.example.pem
	plc-sign --key m2mes.key --cert m2mes.pem --state state.cnf --not-before 2030-01-01T00:00:00Z \
		--not-after 2031-01-01T00:00:00Z csr.pem >short.pem
	rejects 1 "tre-load: item 1: plc: certificate of M2ME M2ME-0001 ended at 2031-01-01T00:00:00Z [expired]" \
		tre-load --now 2031-01-01T00:00:01Z --tre m2me short.pem
	rejects 1 "tre-load: item 1: plc: certificate of M2ME M2ME-0001 begins at 2030-01-01T00:00:00Z [not-yet-valid]" \
		tre-load --now 2029-12-31T23:59:59Z --tre m2me short.pem
	tre-load --now 2030-06-01T00:00:00Z --tre m2me short.pem
}

@test "tre-load refuses the PlC of another key or device" {
	world
	device M2ME-0001 030409000105040200030203070501
	before=$(state m2me)
	rejects 1 "tre-load: item 1: plc: certifies another platform key [wrong-key]" tre-load --tre m2me M2ME-0001.pem
	amend m2me "UPDATE device SET ueid = x'030409000105040200030203070500'"
	rejects 1 "tre-load: item 1: plc.ueid: is another device's [wrong-device]" tre-load --tre m2me plc.pem
	amend m2me "UPDATE device SET ueid = x'030409000105040200030203070501'"
	[ "$(state m2me)" = "$before" ]
}

@test "tre-load refuses the PlC of a TRE with a TPM where there is none, and keeps what it has" {
	world
	sed 's/^tre_class.*/tre_class = tpm/' state.cnf >tpm.cnf
	plc-sign --key m2mes.key --cert m2mes.pem --state tpm.cnf csr.pem >other.pem
	before=$(state m2me)
	rejects 1 "tre-load: item 1: plc.tcb.type: is for class tpm, the TRE is of class software [wrong-tre-class]" \
		tre-load --tre m2me other.pem
	[ "$(state m2me)" = "$before" ]
	sed '/^tre_class/d' state.cnf >none.cnf	# which is software, too
	plc-sign --key m2mes.key --cert m2mes.pem --state none.cnf csr.pem >other.pem
	tre-load --tre m2me other.pem
	[ "$(state m2me)" != "$before" ]
}

@test "tre-load takes one PCID, and the same again" {
	world
	before=$(state m2me | grep -v 'INSERT INTO application')
	tre-load --tre m2me pcid
	pcid-gen --plmn 001-01 --ro ro.example --first 001010000000002 >other
	rejects 1 "tre-load: item 1: the TRE holds another PCID [already-known]" tre-load --tre m2me other
	edit pcid '.k = "00112233445566778899aabbccddeeff"' <pcid >other
	rejects 1 "tre-load: item 1: the TRE holds another PCID [already-known]" tre-load --tre m2me other
	[ "$(state m2me | grep -v 'INSERT INTO application')" = "$before" ]
	[ "$(sqlite3 m2me 'SELECT count(*) FROM application')" = 2 ]
}

@test "tre-load refuses an expired PCID" {
	world
	edit pcid '.not_after = 1000' <pcid >old
	fresh --tre new
	rejects 1 "tre-load: item 1: pcid.not_after: has passed [expired]" tre-load --now 1000 --tre new old
	tre-load --now 999 --tre new old
}

@test "tre-load takes PCIDs and PlCs, and anchors by option" {
	world
	rejects 2 "tre-load: item 1: needs pcid/1 or a PlC, has mid/1" tre-load --tre m2me mid
	rejects 2 "tre-load: item 1: needs pcid/1 or a PlC, has a CERTIFICATE REQUEST block" tre-load --tre m2me csr.pem
	rejects 2 "tre-load: --trust: 'csr.pem': holds no certificate" tre-load --tre m2me --trust csr.pem pcid
	rejects 3 "tre-load: --trust: cannot open 'none': No such file or directory" tre-load --tre m2me --trust none pcid
}

@test "a TRE keeps up to 32 anchors, and what would be one more leaves nothing" {
	world
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ca.key
	for i in $(seq 31); do
		openssl req -x509 -config "$examples/roles.cnf" -extensions ca -subj "/CN=CA $i" -days 1 -key ca.key
	done >cas.pem
	{ cat cas.pem trust.pem; } >33.pem
	rejects 2 "tre-load: --trust: '33.pem': needs 1..32 certificates" tre-load --tre m2me --trust 33.pem pcid
	before=$(state m2me)
	rejects 2 "tre-load: item 1: a TRE keeps up to 32 anchors" tre-load --tre m2me --trust cas.pem pcid
	[ "$(state m2me)" = "$before" ]
	# together with the two of the flow: 32, and again they are the same
	csplit -s -f ca. cas.pem '/BEGIN/' '{*}'
	rm ca.key ca.31
	cat ca.* >30.pem
	tre-load --tre m2me --trust 30.pem pcid
	cat 30.pem trust.pem >32.pem
	tre-load --tre m2me --trust 32.pem pcid plc.pem
	[ "$(sqlite3 m2me 'SELECT count(*) FROM anchor')" = 32 ]
	tre-attest --tre m2me 07-registration | m2m-show --json | jq -e '.payload.sub == "001010000000001"'
}

# --- tre-show ---

@test "tre-show shows what there is and no secret" {
	world
	tre-show --tre m2me >shown
	[ "$(field '.pcid, .anchors, .tre_class, .serial, .mids[].imsi, .mids[].state' shown | tr '\n' ' ')" = \
		"001010000000001 2 software M2ME-0001 001020000000001 active " ]
	for secret in $(field '.k, .opc' pcid) $(field '.usim | .k, .opc' mid); do
		hex <shown | grep "$secret" | none
	done
	rm m2me.storage-key
	rejects 3 "tre-show: cannot open 'm2me.storage-key': No such file or directory" tre-show --tre m2me
}

# --- tre-attest ---

@test "tre-attest needs anchors, a PCID and a PlC" {
	world
	fresh --tre new
	rejects 1 "tre-attest: item 1: the TRE has no anchors; see tre-load --trust [no-anchors]" \
		tre-attest --tre new 07-registration
	amend m2me "DELETE FROM application WHERE kind = 'pcid'"
	rejects 1 "tre-attest: item 1: the TRE holds no PCID; see tre-load [no-pcid]" \
		tre-attest --tre m2me 07-registration
	tre-load --tre new --trust trust.pem pcid
	rejects 1 "tre-attest: item 1: the TRE holds no PlC; see tre-load [no-plc]" \
		tre-attest --tre new 07-registration
}

@test "tre-attest attests for its own device and PCID only" {
	world
	forge registration '.payload.pcid = "001010000000002"' ro.example <07-registration >forged
	rejects 1 "tre-attest: item 1: registration.pcid: is 001010000000002, not ours [wrong-pcid]" \
		tre-attest --tre m2me forged
	forge registration '.payload.ueid |= "0102" + .[4:]' ro.example <07-registration >forged
	rejects 1 "tre-attest: item 1: registration.ueid: is another device's [wrong-device]" \
		tre-attest --tre m2me forged
}

@test "tre-attest refuses what the registration operator did not sign" {
	world
	before=$(state m2me)
	for other in dpf.ro:DPF sho:SHO sho2:SHO pva:PVA; do
		forge registration . "${other%:*}.example" <07-registration >forged
		rejects 1 "tre-attest: item 1: registration.protected.x5chain: needs the role RO, has ${other#*:} [wrong-role]" \
			tre-attest --tre m2me forged
	done
	certify ro ro2.example ro2.example
	forge registration . ro2.example <07-registration >forged
	rejects 1 "tre-attest: item 1: registration.ro: is not who signed it [wrong-signer]" tre-attest --tre m2me forged
	edit registration '.payload.sho = "sho2.example"' <07-registration >changed
	rejects 1 "tre-attest: item 1: registration.signature: does not verify [bad-signature]" \
		tre-attest --tre m2me changed
	stranger ro alien ro.example
	forge registration . alien <07-registration >forged
	rejects 1 "tre-attest: item 1: registration.protected.x5chain: certificate of ro.example: no path to an anchor [untrusted-issuer]" \
		tre-attest --tre m2me forged
	[ "$(state m2me)" = "$before" ]
}

@test "tre-attest believes the registration operator of its PCID, and no other" {
	world
	certify ro ro2.example ro2.example
	before=$(state m2me)
	forge registration '.payload.ro = "ro2.example"' ro2.example <07-registration >forged
	rejects 1 "tre-attest: item 1: registration.ro: is ro2.example, the PCID is of ro.example [wrong-operator]" \
		tre-attest --tre m2me forged
	[ "$(state m2me)" = "$before" ]
	fresh --tre new
	edit pcid '.ro = "ro2.example"' <pcid | tre-load --tre new --trust trust.pem
	rejects 1 "tre-attest: item 1: registration.ro: is ro.example, the PCID is of ro2.example [wrong-operator]" \
		tre-attest --tre new 07-registration
	rejects 1 "tre-attest: item 1: the TRE holds no PlC; see tre-load [no-plc]" tre-attest --tre new forged
}

@test "tre-attest attests for one operator and DPF under a nonce" {
	world
	before=$(state m2me)
	for change in '.payload.sho = "sho2.example"' '.payload.dpf = "dpf2.example"'; do
		forge registration "$change" ro.example <07-registration >another
		rejects 1 "tre-attest: item 1: registration.nonce: was attested under for another operator or DPF [nonce-used]" \
			tre-attest --tre m2me another
		[ "$(state m2me)" = "$before" ]
	done
	forge registration '.payload.exp += 1' ro.example <07-registration >same
	tre-attest --tre m2me same | m2m-show --json | jq -e '.payload.sub' >/dev/null
	[ "$(state m2me)" = "$before" ]
}

@test "tre-attest keeps to the time of a registration" {
	world
	iat=$(field .payload.iat 07-registration) exp=$(field .payload.exp 07-registration)
	rejects 1 "tre-attest: item 1: registration.exp: ended at $(spelt "$exp") [expired]" \
		tre-attest --now "$exp" --tre m2me 07-registration
	forge registration '.payload.iat += 1000' ro.example <07-registration >future
	rejects 1 "tre-attest: item 1: registration.iat: lies in the future, at $(spelt $((iat + 1000))) [not-yet-valid]" \
		tre-attest --now $((iat + 699)) --tre m2me future
	tre-attest --now $((iat + 700)) --tre m2me future >evidence
}

@test "tre-attest measures what is there now" {
	world
	tre-attest --tre m2me 07-registration >same
	[ "$(field '.payload.measurements[0].component | .name, .digest' same | tr '\n' ' ')" = \
		"firmware $(sha256sum firmware | cut -c 1-64) " ]
	echo "firmware 2" >firmware
	amend m2me "UPDATE measured SET path = '$PWD/firmware'"
	tre-attest --tre m2me 07-registration >changed
	[ "$(field '.payload.measurements[0].component.digest' changed)" = "$(sha256sum firmware | cut -c 1-64)" ]
	rm firmware
	rejects 3 "tre-attest: item 1: cannot read '$PWD/firmware': No such file or directory" \
		tre-attest --tre m2me 07-registration
	mkdir firmware
	rejects 3 "tre-attest: item 1: cannot read '$PWD/firmware': Is a directory" \
		tre-attest --tre m2me 07-registration
}

# judged MODE - the PVA's opinion of evidence in that mode, where its policy allows no other
judged() {
	tre-attest --tre m2me --mode "$1" 07-registration >evidence
	sed "/^id/a mode = $1" "$examples/pva.cnf" >policy.cnf
	pva-verify "${pva[@]}" --trust trust.pem --policy policy.cnf 07-registration evidence >verdict
	[ "$(field '.payload | .mode, .submods.tre.status' verdict | tr '\n' ' ')" = "$1 affirming " ]
}

# measured FILE... - the device measures these
measured() {
	local file i=0
	amend m2me "DELETE FROM measured"
	for file; do
		amend m2me "INSERT INTO measured VALUES($((i++)), '$PWD/$file')"
	done
}

@test "tre-attest shows what it measured, or says what it found, or answers for itself" {
	world
	judged remote
	[ "$(field '.payload | .mode, (.measurements | length), has("measres")' evidence | tr '\n' ' ')" = "remote 1 false " ]
	judged semi-autonomous
	[ "$(field '.payload | .mode, has("measurements"), .measres[].system, .measres[].results[].component,
		.measres[].results[].result' evidence | tr '\n' ' ')" = "semi-autonomous false m2mkit firmware success " ]
	judged autonomous
	[ "$(field '.payload | .mode, has("measurements"), has("measres")' evidence | tr '\n' ' ')" = \
		"autonomous false false " ]
	[ "$(tre-attest --tre m2me 07-registration | m2m-show --json | jq -r .payload.mode)" = remote ]
	rejects 2 "tre-attest: --mode: 'local' is none of its choices; see tre-attest --help" \
		tre-attest --tre m2me --mode local 07-registration
}

@test "tre-attest answers for itself only when all is as the PlC expects" {
	world
	echo changed >other
	alone() { # MESSAGE FILE...
		measured "${@:2}"
		local before
		before=$(state m2me)
		rejects 1 "tre-attest: item 1: $1" tre-attest --tre m2me --mode autonomous 07-registration
		[ "$(state m2me)" = "$before" ]
	}
	alone "'other' is not what the PlC expects [measurement-differs]" other
	alone "the PlC expects no 'other' [measurement-unknown]" firmware other
	alone "the PlC expects 1 files, 0 are measured [measurement-missing]"
	measured firmware
	tre-attest --tre m2me --mode autonomous 07-registration >evidence
}

@test "tre-attest says of each file what it found, and the PVA refuses it" {
	world
	echo changed >other
	sed "/^id/a mode = semi-autonomous" "$examples/pva.cnf" >policy.cnf
	judge() {
		tre-attest --tre m2me --mode semi-autonomous 07-registration >evidence
		refuses "pva-verify: item 2: evidence.measurements: $1" pva-verify "${pva[@]}" --trust trust.pem \
			--policy policy.cnf 07-registration evidence
	}
	measured other
	judge "number 1 is not what the PlC expects [measurement-differs]"
	measured firmware other
	judge "has more than the PlC expects [measurement-unknown]"
	[ "$(field '.payload.measres[].results[] | .component + " " + .result' evidence)" = "firmware success
other not-run" ]
	measured
	judge "has fewer than the PlC expects [measurement-missing]"
}

@test "tre-attest wants registrations" {
	world
	rejects 2 "tre-attest: item 1: needs registration/1, has referral/1" tre-attest --tre m2me 06-referral
}

# --- a store that was touched ---

@test "the seal of a store is what another's code makes of it" {
	world
	fresh --tre new --measure "$PWD/a" --measure "$PWD/b"
	command -v python3 >/dev/null || skip "no python3 here"
	for round in 1 2; do
		for store in m2me new; do
			[ "$(sqlite3 $store "SELECT lower(hex(digest)) FROM seal")" = "$(python3 "$root/t/seal.py" $store)" ]
		done
		amend m2me "UPDATE application SET not_after = -1; UPDATE slot SET seq = 281474976710655"
		amend new "DELETE FROM measured WHERE position = 0; UPDATE device SET dbgstat = 65536"
	done
}

@test "a change of any row of any table is noticed" {
	world
	mkdir two
	tre-init --tre two/m2me --serial 1 --measure a --measure b
	cp m2me good
	while read -r sql; do
		sqlite3 m2me "$sql"
		cmp -s m2me good && { echo "changes nothing: $sql"; return 1; }
		damaged "$changed" tre-show --tre m2me || { echo "$sql"; return 1; }
		cp good m2me
	done <<-'END'
	UPDATE device SET dbgstat = 5
	UPDATE device SET swname = swname || swversion, swversion = ''
	UPDATE device SET swname = swversion, swversion = swname
	UPDATE device SET ueid = x'0300', serial = 'other'
	UPDATE device SET plc = NULL
	UPDATE device SET plc = x''
	UPDATE device SET platform = sealing, sealing = platform
	DELETE FROM device
	UPDATE measured SET path = path || '2'
	INSERT INTO measured VALUES(1, '/dev/null')
	DELETE FROM measured
	INSERT INTO anchor SELECT plc FROM device
	UPDATE anchor SET der = CAST(der || x'00' AS BLOB)
	DELETE FROM anchor WHERE der = (SELECT min(der) FROM anchor)
	UPDATE application SET state = 'installed' WHERE kind = 'usim'
	UPDATE application SET state = 'installed' WHERE kind = 'pcid'
	UPDATE application SET not_before = 1
	UPDATE application SET not_after = 1 WHERE kind = 'usim'
	UPDATE application SET not_after = -1 WHERE kind = 'pcid'
	UPDATE application SET ro = 'ro2.example' WHERE kind = 'pcid'
	UPDATE application SET ro = NULL, sho = ro WHERE kind = 'pcid'
	UPDATE application SET sho = 'sho2.example' WHERE kind = 'usim'
	UPDATE application SET digest = zeroblob(32)
	DELETE FROM application WHERE kind = 'usim'
	UPDATE slot SET seq = 0
	UPDATE slot SET seq = seq + 1 WHERE identity = '001010000000001'
	UPDATE slot SET ind = ind + 1
	INSERT INTO slot VALUES('001020000000001', 31, 99)
	DELETE FROM slot
	UPDATE provisioning SET dpf = 'dpf2.example'
	UPDATE provisioning SET sho = dpf, dpf = sho
	UPDATE provisioning SET package = NULL, report = NULL
	UPDATE provisioning SET report = x'00'
	INSERT INTO provisioning SELECT NULL, randomblob(32), pcid, sho, dpf, NULL, NULL FROM provisioning
	DELETE FROM provisioning
	UPDATE counter SET last = 0
	UPDATE counter SET sho = 'sho2.example'
	DELETE FROM counter
	UPDATE seal SET digest = zeroblob(32)
	DELETE FROM seal
	CREATE TRIGGER t AFTER INSERT ON slot BEGIN UPDATE device SET dbgstat = 5; END
	CREATE VIEW v AS SELECT * FROM slot
	ALTER TABLE counter RENAME TO c; CREATE VIEW counter AS SELECT sho, pcid, last FROM c
	ALTER TABLE slot ADD COLUMN more TEXT
	CREATE TABLE more(x)
	CREATE INDEX more ON slot(seq)
	DROP INDEX one_active
	END
	cd two
	sqlite3 m2me "UPDATE measured SET path = iif(position = 0, 'b', 'a')"
	damaged "$changed" tre-show --tre m2me
}

@test "an index that says something else than its table is noticed" {
	world
	page=$(sqlite3 m2me "SELECT rootpage FROM sqlite_schema WHERE name = 'one_pcid'")
	at=$(((page - 1) * 4096))
	offset=$(tail -c +$((at + 1)) m2me | head -c 4096 | grep -abo 001010000000001 | cut -d : -f 1)
	printf 2 | dd of=m2me bs=1 seek=$((at + offset + 14)) conv=notrunc 2>/dev/null
	[ "$(sqlite3 m2me "SELECT identity FROM application WHERE kind = 'pcid' AND state <> 'discarded'")" = 001010000000002 ]
	damaged "$changed" tre-show --tre m2me
}

@test "every tool notices, before it answers anything" {
	world
	sqlite3 m2me "UPDATE slot SET seq = 0"
	before=$(state m2me)
	edit ack . <"$root/t/golden/ack.cbor" >ack
	tried=usim-wpa	# asks a socket first
	while IFS='|' read -r tool where arguments; do
		# shellcheck disable=SC2086
		damaged "$where$changed" "$tool" --tre m2me $arguments
		tried+=" $tool"
	done <<-'END'
	mid-activate|item 1: |12-delivery
	mid-delete|item 1: |12-delivery
	mid-install|item 1: |12-delivery
	pcid-install|item 1: |12-delivery
	sho-switch|item 1: |12-delivery
	tre-attach||
	tre-attest|item 1: |07-registration
	tre-csr||
	tre-outbox||
	tre-settle|item 1: |ack
	tre-load|item 1: |--trust trust.pem pcid
	tre-show||
	usim-auth|item 1: |--keep-going 04-challenge 15-challenge
	END
	[ "$(state m2me)" = "$before" ]
	for tool in $(basename -a -s .c "$root"/tools/*.c); do
		[[ " $tried tre-init " == *" $tool "* ]] || ! "$tool" --help | grep -q -e '--tre=' || echo "$tool"
	done | none
}

@test "VACUUM is no change" {
	world
	amend m2me "UPDATE device SET serial = 'x'"
	amend m2me "UPDATE device SET serial = 'M2ME-0001'"
	sqlite3 m2me VACUUM
	tre-show --tre m2me | cmp - <(tre-show --tre m2me)
	mid-install --tre m2me 12-delivery | cmp - 13-report
}

@test "tre-init makes no device in what is not blank" {
	world
	empty=$(sqlite3 m2me "SELECT 'DELETE FROM ' || name || ';' FROM sqlite_schema WHERE type = 'table'")
	cp m2me good
	for planted in "${empty/DELETE FROM anchor;}" "${empty/DELETE FROM slot;}" \
		"$empty CREATE TRIGGER t AFTER INSERT ON slot BEGIN UPDATE device SET dbgstat = 5; END"; do
		sqlite3 m2me "$planted"
		before=$(state m2me)
		rejects 3 "tre-init: tre: the store holds no device, but is not blank" fresh
		[ "$(state m2me)" = "$before" ]
		cp good m2me
	done
	sqlite3 m2me "$empty"
	damaged "tre: not initialised: run tre-init again" tre-show --tre m2me
	fresh
	tre-csr --tre m2me >csr.pem
}

@test "a secret in the place of another is noticed" {
	world
	cp m2me good
	amend m2me "UPDATE device SET platform = sealing, sealing = platform"
	damaged "item 1: tre: device sealing does not open with the storage key" \
		tre-attest --tre m2me 07-registration
	cp good m2me
	amend m2me "CREATE TEMP TABLE was AS SELECT * FROM application;
		UPDATE application SET sealed = (SELECT sealed FROM was WHERE was.kind <> application.kind)"
	for challenge in 04 15; do
		identity=$(field .identity $challenge-challenge)
		damaged "item 1: tre: application $identity does not open with the storage key" \
			usim-auth --tre m2me $challenge-challenge
	done
	cp good m2me
	amend m2me "UPDATE application SET identity = 'x' WHERE kind = 'pcid';
		UPDATE application SET identity = '001010000000001' WHERE kind = 'usim'"
	damaged "item 1: tre: application 001010000000001 does not open with the storage key" \
		usim-auth --tre m2me 04-challenge
	cp good m2me
	amend m2me "UPDATE application SET sealed = (SELECT platform FROM device)"
	damaged "item 1: tre: application 001010000000001 does not open with the storage key" \
		usim-auth --tre m2me 04-challenge
}

@test "a changed byte of a secret is noticed" {
	world
	cp m2me good
	for column in platform sealing; do
		for at in 1 60 120; do
			amend m2me "UPDATE device SET $column = CAST(substr($column, 1, $at - 1) ||
				iif(substr($column, $at, 1) = x'00', x'01', x'00') || substr($column, $at + 1) AS BLOB)"
			damaged "item 1: tre: device $column does not open with the storage key" \
				tre-attest --tre m2me 07-registration
			cp good m2me
		done
	done
}

@test "the store of another device, or an older key, opens nothing" {
	world
	tre-init --tre other --serial other
	cp other.storage-key m2me.storage-key
	damaged "item 1: $changed" usim-auth --tre m2me 15-challenge
	damaged "$changed" tre-csr --tre m2me
}

@test "a store without its device, or with a damaged PlC or anchor, says so" {
	world
	cp m2me good
	amend m2me "INSERT INTO anchor VALUES(x'00')"
	damaged "item 1: tre: an anchor is damaged" tre-attest --tre m2me 07-registration
	cp good m2me
	amend m2me "DELETE FROM device"
	damaged "tre: not initialised: run tre-init again" tre-csr --tre m2me
	damaged "tre: not initialised: run tre-init again" tre-show --tre m2me
	damaged "item 1: tre: not initialised: run tre-init again" tre-attest --tre m2me 07-registration
	cp good m2me
	head -c 5000 good >m2me
	run -3 --separate-stderr tre-show --tre m2me
	[ "$stderr" = "tre-show: --tre: 'm2me': database disk image is malformed" ]
	[ -z "$output" ]
}

@test "a store of a later version is left alone" {
	world
	sqlite3 m2me "PRAGMA user_version = 99"
	before=$(sha256sum <m2me)
	rejects 3 "tre-show: --tre: 'm2me': has version 99, this m2mkit knows 1" tre-show --tre m2me
	[ "$(sha256sum <m2me)" = "$before" ]
}

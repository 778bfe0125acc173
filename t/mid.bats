# SPDX-License-Identifier: Apache-2.0
# The MID: what a USIM and an ISIM are made of, and what of it must fit together.
load helper
load trust

# gen [LINE...] - mid-gen with the example's profile and these lines in place of theirs
gen() {
	local line
	cp "$examples/mid.cnf" profile.cnf
	for line; do
		sed -i "/^${line%% *} /d" profile.cnf
		[[ $line != *= ]] || continue
		echo "$line" >>profile.cnf
	done
	mid-gen --profile profile.cnf --ledger "${ledger:-ledger}" ${count:+--count "$count"} $allowed
}

everything=(
	'preferred = 901-70:4000, 001-01' 'forbidden = 002-01, 002-002' 'delete_by = sho'
	'ota_keys = 2' 'ota_key_length = 32' 'not_before = 2026-01-01T00:00:00Z' 'not_after = 2036-01-01T00:00:00Z'
	'sqn = 1024' 'isim = yes'
)

# unfit MESSAGE FILTER [FILE] - the MID, changed, is refused with this fault, wherever it stands
unfit() {
	edit mid "$2" <"${3:-mid}" 2>&1 >/dev/null | sed 's/ (byte [0-9]*)$//' |
		diff - <(echo "m2m-make: item 1: mid.$1")
}

# --- what is in it -----------------------------------------------------------------

@test "mid-gen makes all that a profile asks for" {
	gen "${everything[@]}" >mid
	m2m-show --json mid | jq -c '.usim | [.hplmn, .mnc_length, .preferred, .forbidden, .acc, .sqn]' |
		diff - <(echo '["001-02",2,[{"plmn":"901-70","access":"4000"},{"plmn":"001-01"}],["002-01","002-002"],"0002",1024]')
	m2m-show --json mid | jq -c '[.policy, .not_before, .not_after]' |
		diff - <(echo '[{"delete_by":"sho","replace_by":"owner"},1767225600,2082758400]')
	[ "$(m2m-show --json --reveal mid | jq -r '.ota[] | .set, (.kic, .kid | length)' | tr '\n' ' ')" = "1 64 64 2 64 64 " ]
	[ "$(m2m-show --json --reveal mid | jq -r '.ota[] | .kic, .kid' | sort -u | wc -l)" = 4 ]
	[ "$(m2m-show --json --reveal mid | jq -r '.device_token | length')" = 64 ]
}

@test "the ledger holds the MID as it was made, and from when to when" {
	gen "${everything[@]}" >mid
	[ "$(sqlite3 ledger "SELECT hex(object) FROM identity" | tr A-F a-f)" = "$(hex <mid)" ]
	[ "$(sqlite3 ledger "SELECT identity, seq, not_before, not_after, apn_count FROM identity")" = \
		"001020000000001|32|1767225600|2082758400|1" ]
}

@test "m2m-show shows a MID whole, and none of its secrets" {
	gen "${everything[@]}" >mid
	m2m-show --json --reveal mid | jq -r '.. | objects | .k, .opc, .kic, .kid, .xres, .device_token | strings' >secrets
	[ "$(wc -l <secrets)" = 8 ]
	{
		m2m-show mid
		m2m-show --json mid
		m2m-show --short mid
	} >shown
	grep -F -f secrets shown | none
	[ "$(m2m-show mid | grep -c …)" = 8 ]
	[ "$(m2m-show --reveal mid | grep -c -F -f secrets)" = 8 ]
	m2m-show --json --reveal mid | m2m-make mid | cmp - mid
}

@test "an operator has its own constants of MILENAGE, and TUAK its own numbers" {
	xorings=$(printf '%0160d' 0 | tr 0 a)
	gen 'rotations = 4000204060' "xorings = $xorings" >mid
	[ "$(field '.usim | .rotations + " " + .xorings' mid)" = "4000204060 $xorings" ]
	[ "$(gen 'algorithm = tuak' 'iterations = 2' 'res_length = 16' 'k_length = 32' | m2m-show --json |
		jq -c '.usim.options')" = '{"iterations":2,"res_length":16}' ]
	rejects 2 "mid-gen: profile.cnf: [mid] xorings: constants come both or not at all (TS 35.206 4)" \
		gen 'rotations = 4000204060'
}

@test "the names of an ISIM follow from the IMSI, or from the profile" {
	gen >mid
	m2m-show --json mid | jq -c '.isim | [.impi, .domain, .impus]' | diff - <(echo \
		'["001020000000001@ims.mnc002.mcc001.3gppnetwork.org","ims.mnc002.mcc001.3gppnetwork.org",["sip:001020000000001@ims.mnc002.mcc001.3gppnetwork.org"]]')
	gen 'plmn = 234-015' 'first = 999999999' >mid	# TS 23.003 13.2 has MNC 15: two digits there are three here
	[ "$(field .isim.domain mid)" = ims.mnc015.mcc234.3gppnetwork.org ]
	gen 'domain = ims.example' >mid
	m2m-show --json mid | jq -c '.isim | [.impi, .domain, .impus]' | diff - <(echo \
		'["001020000000002@ims.example","ims.example",["sip:001020000000002@ims.example"]]')
	gen 'domain = ims.example' 'impi = m{imsi}@p.example' 'impus = sip:{imsi}@a.example, sip:x{imsi}@b.example' >mid
	m2m-show --json mid | jq -c '.isim | [.impi, .domain, .impus]' | diff - <(echo \
		'["m001020000000003@p.example","ims.example",["sip:001020000000003@a.example","sip:x001020000000003@b.example"]]')
}

@test "the domain of TS 23.003's own example" {
	gen 'plmn = 234-15' 'first = 0999999999' | m2m-show --json |
		jq -r '.isim.impi' | diff - <(echo 234150999999999@ims.mnc015.mcc234.3gppnetwork.org)
}

@test "a MID is a USIM, an ISIM or both" {
	gen 'isim = no' >usim
	gen 'usim = no' >isim
	[ "$(m2m-show --json usim | jq -c 'has("usim"), has("isim")' | tr '\n' ' ')" = "true false " ]
	[ "$(m2m-show --json isim | jq -c 'has("usim"), has("isim")' | tr '\n' ' ')" = "false true " ]
	[ "$(field '.isim.credential.k | length' isim)" = 32 ]
	[ "$(sqlite3 ledger "SELECT identity FROM identity" | tr '\n' ' ')" = "001020000000001 001020000000002 " ]
	rejects 2 "mid-gen: profile.cnf: [mid] usim: needs a USIM, an ISIM or both" gen 'usim = no' 'isim = no'
}

@test "an ISIM alone is authenticated as the IMSI in its IMPI" {
	gen 'usim = no' >isim
	sub-set --ledger ledger --state live 001020000000001
	vno-request --plmn 001-02 <(m2m-make attach-request <<<'{"identity":"001020000000001"}') |
		av-answer --ledger ledger >av
	[ "$(field .identity av)" = 001020000000001 ]
	av-gen isim | m2m-show --json | jq -r .identity | diff - <(echo 001020000000001)
}

@test "an ISIM alone is installed beside a USIM, answers challenges, and no network is attached to with it" {
	world
	uninstalled
	unauthorised
	undelivered
	gen 'usim = no' >mid
	sho-authorize --ledger ledger "${sho[@]}" --trust trust.pem 07-registration 09-verdict >authorization
	mid-wrap --ledger ledger "${sho[@]}" --trust trust.pem 07-registration 09-verdict mid >package
	parcel authorization package | mid-install --tre m2me >report
	[ "$(field .payload.result report)" = installed ]
	[ "$(tre-attach --tre m2me | m2m-show --json | jq -r .identity)" = 001010000000001 ]
	tre-show --tre m2me | m2m-show --json | jq -c '.mids | map([.imsi, .state])' |
		diff - <(echo '[["001020000000001","active"]]')
	vno-request --plmn 001-02 <(m2m-make attach-request <<<'{"identity":"001020000000001"}') |
		av-answer --ledger ledger | vno-challenge | usim-auth --tre m2me | m2m-show --json | jq -e .res
}

# --- what must fit together --------------------------------------------------------

@test "IMSI, MNC, HPLMN and access class belong together" {
	gen "${everything[@]}" >mid
	unfit "usim.iccid: has a wrong check digit" '.usim.iccid |= .[:18] + "0"'
	unfit "usim.hplmn: has an MNC of another length than mnc_length" '.usim.mnc_length = 3'
	unfit "usim.hplmn: needs MCC-MNC such as 001-01" '.usim.hplmn = "001002"'
	unfit "usim.imsi: does not start with the digits of its hplmn" '.usim.hplmn = "001-03"'
	unfit "usim.acc: needs the one class of 0 to 9 that is the IMSI's last digit" '.usim.acc = "0004"'
	unfit "usim.acc: needs the one class of 0 to 9 that is the IMSI's last digit" '.usim.acc = "0402"'
	unfit "usim.acc: needs the one class of 0 to 9 that is the IMSI's last digit" '.usim.acc = "0006"'
	unfit "usim.acc: needs the one class of 0 to 9 that is the IMSI's last digit" '.usim.acc = "0000"'
	edit mid '.usim.acc = "f802"' <mid >special	# classes 11 to 15 besides
	[ -s special ]
}

@test "every last digit has its access class" {
	count=10 gen | m2m-show --json | jq -r '.usim | .imsi[14:] + " " + .acc' | diff - <(printf '%s\n' \
		"1 0002" "2 0004" "3 0008" "4 0010" "5 0020" "6 0040" "7 0080" "8 0100" "9 0200" "0 0001")
}

@test "networks are well-formed, and none is preferred and forbidden, or forbidden and home" {
	gen "${everything[@]}" >mid
	unfit "usim.preferred: needs MCC-MNC such as 001-01" '.usim.preferred[1].plmn = "001:01"'
	unfit "usim.forbidden: needs MCC-MNC such as 001-01" '.usim.forbidden[1] = "0010101"'
	unfit "usim.preferred: 901-70 is forbidden too" '.usim.forbidden[1] = "901-70"'
	unfit "usim.forbidden: holds the network of its own IMSI" '.usim.forbidden[1] = "001-02"'
	edit mid '.usim.forbidden[1] = "001-020"' <mid >other	# another network: the MNC here has two digits
	[ -s other ]
	unfit "usim.smsc: needs digits, or + and digits" '.usim.smsc = "+"'
	unfit "usim.smsc: needs digits, or + and digits" '.usim.smsc = "88+21"'
}

@test "an ISIM alone has its credential and an IMSI in its name, beside a USIM neither" {
	gen >both
	gen 'usim = no' >mid
	unfit "usim: needs a USIM, an ISIM or both" 'del(.isim)'
	unfit "isim.credential: is missing, and there is no USIM's" 'del(.isim.credential)'
	unfit "isim.impi: without a USIM needs an IMSI before its @" '.isim.impi = "somebody@ims.example"'
	unfit "isim.impi: without a USIM needs an IMSI before its @" '.isim.impi = "001020000000002"'
	unfit "isim.impi: without a USIM needs an IMSI before its @" '.isim.impi = "0010200000000021@ims.example"'
	unfit "isim.credential.opc: is missing" 'del(.isim.credential.opc)'
	credential=$(m2m-show --json --reveal mid | jq -c .isim.credential)
	unfit "isim.credential: beside a USIM an ISIM shares its credential" ".isim.credential = $credential" both
}

@test "validity and OTA keys are in order" {
	gen "${everything[@]}" >mid
	unfit "not_after: is before not_before" '.not_after = .not_before - 1'
	unfit "ota: key sets do not ascend" '.ota[1].set = 1'
	unfit "ota.ota.kic: needs 16, 24 or 32 bytes, has 17" '.ota[0].kic |= .[:34]'
	unfit "ota.ota.kid: needs 16, 24 or 32 bytes, has 31" '.ota[0].kid |= .[:62]'
	unfit "ota.ota.set: needs 1 to 15, has 16" '.ota[1].set = 16'
	unfit "device_token: needs 32 bytes, has 31" '.device_token |= .[:62]'
	unfit "policy.replace_by: is missing" 'del(.policy.replace_by)'
}

@test "mid-gen says what is wrong with the new lines of a profile" {
	while IFS='|' read -r line message; do
		rejects 2 "mid-gen: profile.cnf: [mid] $message" gen "$line"
	done <<-'END'
		usim = maybe|usim: needs yes or no, has 'maybe'
		delete_by = anybody|delete_by: 'anybody' is none of its choices
		algorithm = a5|algorithm: 'a5' is none of its choices
		ota_keys = 16|ota_keys: needs a number from 0 to 15, has '16'
		ota_key_length = 20|ota_key_length: needs 16, 24 or 32
		sqn = 33|sqn: needs a multiple of 32
		sqn = 8589934592|sqn: needs a number from 32 to 8589934560, has '8589934592'
		rotations = 40|rotations: needs 10 hex digits
		preferred = 901-70, 901-7|preferred: needs 6 to 7 bytes, has 5
		preferred = 901-70:40|preferred: needs 2 bytes, has 1
		forbidden = 9017|forbidden: needs 6 to 7 bytes, has 4
		forbidden = 001-02|forbidden: holds the network of its own IMSI
		smsc = 88+21|smsc: needs digits, or + and digits
		preferred = 901-70:x|preferred: needs 4 hex digits after the colon
		impi = x@ims.example|impi: needs {imsi} in it
		impus = sip:x@ims.example|impus: needs {imsi} in it
		not_before = tomorrow|not_before: needs a time, has 'tomorrow'
	END
	rejects 2 "mid-gen: profile.cnf: [mid] isim: needs yes for domain, impi and impus" gen 'isim = no' 'domain = a.example'
	[ ! -e ledger ]
}

@test "the first run with a network is fresh to a card that never ran, however high SQN starts" {
	world
	uninstalled
	unauthorised
	undelivered
	ledger=new.ledger gen 'sqn = 8589934560' >mid
	sho-authorize --ledger new.ledger "${sho[@]}" --trust trust.pem 07-registration 09-verdict >authorization
	mid-wrap --ledger new.ledger "${sho[@]}" --trust trust.pem 07-registration 09-verdict mid >package
	parcel authorization package | mid-install --tre m2me >report
	vno-request --plmn 001-02 <(tre-attach --tre m2me) | av-answer --ledger new.ledger >av
	vno-challenge av | usim-auth --tre m2me | m2m-show --json | jq -e .res
}

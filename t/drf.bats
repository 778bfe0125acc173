# SPDX-License-Identifier: Apache-2.0
# Discovery of the operator and registration with it.
load helper
load trust

# table LINE... - a DRF table
table() {
	printf '%s\n' "$@" >table
}

resolve() {
	drf-resolve --ledger ro.ledger "${ro[@]}" "$@"
}

register() {
	drf-register --ledger ro.ledger "${ro[@]}" --trust trust.pem "$@"
}

# --- drf-set ---

@test "drf-set says what is wrong with a table" {
	table '[ drf ]' '00101 = a'
	rejects 2 "drf-set: table: [a] sho: required" drf-set --ledger ledger table
	for missing in dpf pva; do
		table '[ drf ]' '00101 = a' '[ a ]' 'sho = s' 'dpf = d' 'pva = p'
		sed -i "/^$missing/d" table
		rejects 2 "drf-set: table: [a] $missing: required" drf-set --ledger ledger table
	done
	table '[ drf ]' '0010x = a' '[ a ]' 'sho = s' 'dpf = d' 'pva = p'
	rejects 2 "drf-set: table: [drf] 0010x: needs leading digits of PCIDs" drf-set --ledger ledger table
	table '[ drf ]' '00101 = a' '[ a ]' 'sho = s' 'dpf = d' 'pva = p' 'shoe = s'
	rejects 2 "drf-set: table: [a] shoe: unknown key" drf-set --ledger ledger table
	table '[ drf ]' '00101 = a' '[ a ]' 'sho = s' 'dpf = d' 'pva = p' '[ b ]' 'sho = s'
	rejects 2 "drf-set: table: [b]: unknown section" drf-set --ledger ledger table
	rejects 3 "drf-set: cannot read 'none': No such file or directory" drf-set --ledger ledger none
	rejects 3 "drf-set: cannot read '/': Is a directory" drf-set --ledger ledger /
	rejects 2 "drf-set: TABLE is required; see drf-set --help" drf-set --ledger ledger
}

@test "what stands twice in a file edited by hand is refused, however it is written; so is what is elsewhere" {
	twice() { # TABLE MESSAGE
		printf "$1" >table
		rejects 2 "drf-set: table: $2" drf-set --ledger ledger table
		[ ! -e ledger ]
	}
	local a='sho = s\ndpf = d\npva = p\n'
	twice "[drf]\n001 = a\n002 = b\n001 = b\n[a]\n$a[b]\n$a" "[drf] 001: stands twice"
	twice "[drf]\n001 = a\n[a]\n$a  pva=q\n" "[a] pva: stands twice"
	twice "[drf]\n001 = a\n[a]\n${a}dpf = d # the same\n" "[a] dpf: stands twice"
	twice "[drf]\n001 = a\n[a]\n$a[b]\na::sho = t\n" "[a] sho: stands twice"
	twice "[drf]\n001 = a\n[a]\n$a\n[drf]\n" "[drf]: stands twice"
	twice "[drf]\n001 = a\n[ a ]\n$a\n[a] # again\n" "[a]: stands twice"
	twice "[drf]\n001 = a\n[a]\nsho = s\\\\\nand\n${a#*n}\tsho = s\r\n" "[a] sho: stands twice"
	printf 'dpf = d\n' >more.cnf
	twice "[drf]\n001 = a\n[a]\nsho = s\npva = p\n.include = $PWD/more.cnf\n" "[a] dpf: is not in the file itself"
}

@test "the form of a file edited by hand is config(5)'s: quotes, comments, variables, lines that go on" {
	printf '\xef\xbb\xbf[ drf ] # the table\n# 001 = a \\\n003 = a\n001 = a\n[ a ]\r\n\tsho="s.example"\ndpf = $sho\\\n.dpf\n' >table
	printf 'pva = \\$p\n# pva = twice\nsho_address = "a # b"\n\n' >>table
	drf-set --ledger ledger table
	sqlite3 ledger 'SELECT prefix, sho, dpf, pva, sho_address FROM drf' |
		diff - <(echo '001|s.example|s.example.dpf|$p|a # b')
}

@test "a file edited by hand has up to 16 MiB" {
	table '[ drf ]' '00101 = a' '[ a ]' 'sho = s' 'dpf = d' 'pva = p'
	yes '# there are more ranges than anybody can read' | head -c $((16777215 - $(stat -c %s table))) >>table
	echo >>table
	drf-set --ledger ro.ledger table
	echo >>table
	rejects 2 "drf-set: table: is longer than 16777216 bytes" drf-set --ledger ro.ledger table
	rejects 2 "drf-set: /dev/zero: is longer than 16777216 bytes" drf-set --ledger ro.ledger /dev/zero
}

@test "drf-set sets all of a table or nothing" {
	table '[ drf ]' '00101 = a' '00102 = b' '[ a ]' 'sho = s' 'dpf = d' 'pva = p'
	rejects 2 "drf-set: table: [b] sho: required" drf-set --ledger ledger table
	[ "$(sqlite3 ledger 'SELECT count(*) FROM drf')" = 0 ]
}

@test "drf-set refuses names and addresses that no referral can carry" {
	for change in "sho:64:$(printf 'x%.0s' {1..65})" "dpf:64:" "pva:64:$(printf '\377')" \
		"dpf_address:255:" "pva_address:255:$(printf 'x%.0s' {1..256})"; do
		IFS=: read -r key most value <<<"$change"
		table '[ drf ]' '00101 = a' '[ a ]' 'sho = s' 'dpf = d' 'pva = p'
		sed -i "/^$key =/d" table
		echo "$key = $value" >>table
		rejects 2 "drf-set: table: [a] $key: needs 1 to $most bytes of text" drf-set --ledger ledger table
	done
	[ "$(sqlite3 ledger 'SELECT count(*) FROM drf')" = 0 ]
}

# --- drf-resolve ---

@test "drf-resolve takes the longest prefix" {
	world
	sqlite3 ro.ledger "DELETE FROM drf"
	table '[ drf ]' '0 = short' '0010100000000 = long' '0010100000001 = beside' \
		'[ short ]' 'sho = short' 'dpf = d' 'pva = p' \
		'[ long ]' 'sho = long' 'dpf = d' 'pva = p' \
		'[ beside ]' 'sho = beside' 'dpf = d' 'pva = p'
	drf-set --ledger ro.ledger table
	resolve 06-attach-request >referral
	[ "$(field .payload.sho referral)" = long ]
	[ "$(field .payload.sho_address referral)" = null ]
}

@test "drf-resolve knows of no operator" {
	world
	sqlite3 ro.ledger "DELETE FROM drf WHERE prefix = '001010000000001'; UPDATE drf SET prefix = '00102'"
	rejects 1 "drf-resolve: item 1: no operator is set for 001010000000001 [no-operator]" \
		resolve 06-attach-request
}

@test "drf-resolve refers only PCIDs that are live" {
	world
	edit attach-request '.identity = "001010000000002"' <06-attach-request >other
	rejects 1 "drf-resolve: item 1: 001010000000002 is not in the ledger [unknown-identity]" resolve other
	sqlite3 ro.ledger "UPDATE identity SET state = 'dormant'"
	rejects 1 "drf-resolve: item 1: 001010000000001 is dormant [dormant]" resolve 06-attach-request
	sqlite3 ro.ledger "UPDATE identity SET state = 'live', not_after = 2000"
	rejects 1 "drf-resolve: item 1: 001010000000001 is expired [expired]" \
		resolve --now 2000 06-attach-request
	resolve --now 1999 06-attach-request >referral
	sqlite3 ro.ledger "UPDATE identity SET state = 'quarantined'"
	rejects 1 "drf-resolve: item 1: 001010000000001 is quarantined [quarantined]" resolve 06-attach-request
}

@test "drf-resolve needs to know which device asks" {
	world
	edit attach-request 'del(.ueid)' <06-attach-request >other
	rejects 2 "drf-resolve: item 1: attach-request.ueid: is missing" resolve other
	rejects 2 "drf-resolve: item 1: needs attach-request/1, has av-request/1" resolve 02-av-request
}

@test "drf-resolve signs as a registration operator with its own key" {
	world
	rejects 2 "drf-resolve: --cert: 'sho.example.pem' lacks the role RO" \
		drf-resolve --ledger ro.ledger "${sho[@]}" 06-attach-request
	rejects 2 "drf-resolve: --cert: 'ro.example.pem' is not the certificate of --key" \
		drf-resolve --ledger ro.ledger --key sho.example.key --cert ro.example.pem 06-attach-request
}

# --- drf-register ---

@test "drf-register gives the same referral the same registration, however late" {
	world
	before=$(state ro.ledger)
	register 06-referral >again
	cmp 07-registration again
	register --now $(($(field .payload.exp 06-referral) + day)) 06-referral >late
	cmp 07-registration late
	[ "$(state ro.ledger)" = "$before" ]
}

@test "drf-register gives the same referral under another signature the same registration" {
	world
	before=$(state ro.ledger)
	mirror referral <06-referral >mirrored
	cmp -s mirrored 06-referral && return 1
	register mirrored | cmp - 07-registration
	forge referral . ro.example <06-referral | register | cmp - 07-registration
	[ "$(state ro.ledger)" = "$before" ]
}

@test "drf-register registers only PCIDs that are live, whatever they were when they were referred" {
	world
	unregistered
	before=$(state ro.ledger)
	for state in dormant quarantined; do
		sub-set --ledger ro.ledger --state $state 001010000000001
		rejects 1 "drf-register: item 1: 001010000000001 is $state [$state]" register 06-referral
	done
	sub-set --ledger ro.ledger --state live 001010000000001
	[ "$(state ro.ledger)" = "$before" ]
	sqlite3 ro.ledger "UPDATE identity SET not_after = $(($(field .payload.exp 06-referral) - 1))"
	rejects 1 "drf-register: item 1: 001010000000001 is expired [expired]" \
		register --now $(($(field .payload.exp 06-referral) - 1)) 06-referral
	register --now $(($(field .payload.exp 06-referral) - 2)) 06-referral >registration
}

@test "drf-register gives each referral a nonce of its own" {
	world
	resolve --now $(($(field .payload.iat 06-referral) + 1)) <(edit attach-request . <01-attach-request) >second
	register second >registration
	[ "$(field .payload.nonce registration)" != "$(field .payload.nonce 07-registration)" ]
}

@test "drf-register refuses a referral after its time, and from the future" {
	world
	unregistered
	iat=$(field .payload.iat 06-referral) exp=$(field .payload.exp 06-referral)
	before=$(state ro.ledger)
	rejects 1 "drf-register: item 1: referral.exp: ended at $(spelt "$exp") [expired]" \
		register --now "$exp" 06-referral
	forge referral ".payload.iat = $iat + 1000" ro.example <06-referral >future
	rejects 1 "drf-register: item 1: referral.iat: lies in the future, at $(spelt $((iat + 1000))) [not-yet-valid]" \
		register --now $((iat + 699)) future
	[ "$(state ro.ledger)" = "$before" ]
	register --now $((iat + 700)) future >registration
}

@test "drf-register refuses what another role signed" {
	world
	for other in dpf.ro:DPF sho:SHO pva:PVA; do
		forge referral . "${other%:*}.example" <06-referral >forged
		rejects 1 "drf-register: item 1: referral.protected.x5chain: needs the role RO, has ${other#*:} [wrong-role]" \
			register forged
	done
}

@test "drf-register refuses a referral that does not name its signer, and one of another operator" {
	world
	certify ro ro2.example ro2.example
	forge referral . ro2.example <06-referral >forged
	rejects 1 "drf-register: item 1: referral.ro: is not who signed it [wrong-signer]" register forged
	forge referral '.payload.ro = "ro2.example"' ro2.example <06-referral >forged
	rejects 1 "drf-register: item 1: referral.ro: is ro2.example, not us [wrong-operator]" register forged
	forge referral '.payload.ro = "ro2.example"' ro.example <06-referral >forged
	rejects 1 "drf-register: item 1: referral.ro: is not who signed it [wrong-signer]" register forged
}

@test "drf-register refuses certificates of strangers, of CAs, and out of their time" {
	world
	stranger ro alien ro.example
	forge referral . alien <06-referral >forged
	rejects 1 "drf-register: item 1: referral.protected.x5chain: certificate of ro.example: no path to an anchor [untrusted-issuer]" \
		register forged
	forge referral . operators <06-referral >forged
	rejects 1 "drf-register: item 1: referral.protected.x5chain: needs the role RO, has a CA's certificate [wrong-role]" \
		register forged
	end=$(date +%s -d "$(openssl x509 -noout -enddate -in operators.pem | cut -d = -f 2)")
	rejects 1 "drf-register: item 1: referral.protected.x5chain: certificate of Example operators CA ended at $(spelt "$end") [expired]" \
		register --now $((end + 1)) 06-referral
	begin=$(date +%s -d "$(openssl x509 -noout -startdate -in operators.pem | cut -d = -f 2)")
	rejects 1 "drf-register: item 1: referral.protected.x5chain: certificate of Example operators CA begins at $(spelt "$begin") [not-yet-valid]" \
		register --now $((begin - 1)) 06-referral
}

@test "drf-register refuses a referral that was changed" {
	world
	for change in '.payload.sho = "sho2.example"' '.payload.pcid = "001010000000002"' \
		'.payload.ueid |= "01" + .[2:]' '.payload.exp += 1' '.payload.dpf = "dpf2.example"' \
		'.payload.pva = "pva2.example"' '.signature |= .[64:] + .[:64]' '.payload.iat -= 1' \
		'.payload.sho_address = "https://sho2.example"'; do
		edit referral "$change" <06-referral >changed
		rejects 1 "drf-register: item 1: referral.signature: does not verify [bad-signature]" register changed
	done
}

@test "drf-register lets no copied PCID move to another device" {
	world
	forge referral '.payload.ueid |= "0102" + .[4:]' ro.example <06-referral >forged
	before=$(state ro.ledger)
	rejects 1 "drf-register: item 1: referral.ueid: 001010000000001 belongs to another device [other-device]" \
		register forged
	[ "$(state ro.ledger)" = "$before" ]
}

@test "whoever merely asks first with another's PCID does not take it from its device" {
	world
	sqlite3 ro.ledger "DELETE FROM device"
	forge referral '.payload.ueid |= "0102" + .[4:]' ro.example <06-referral >forged
	register forged >/dev/null
	forge referral . ro.example <06-referral >again
	[ "$(register again | m2m-show --json | jq -r .payload.ueid)" = "$(field .payload.ueid 06-referral)" ]
}

@test "drf-register passes on what the referral says" {
	world
	forge referral '.payload.sho = "s" | .payload.dpf = "d" | .payload.pva = "p"' ro.example <06-referral >forged
	register --now "$(field .payload.iat 06-referral)" --validity 60 forged >registration
	[ "$(field '.payload | .ro, .sho, .dpf, .pva, .exp - .iat' registration | tr '\n' ' ')" = "ro.example s d p 60 " ]
	rejects 2 "drf-register: item 1: needs referral/1, has registration/1" register registration
}

@test "at the end of time a referral ends with it" {
	world
	drf-resolve --now 9999-12-31T23:59:59Z --ledger ro.ledger --key ro.example.key --cert ro.example.pem \
		06-attach-request | m2m-show --json | jq -e '.payload.exp == 253402300799'
}

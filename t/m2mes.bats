# SPDX-License-Identifier: Apache-2.0
# What the equipment supplier remembers: each platform credential, its successor, its revocation.
load helper
load trust

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cp -r "$BATS_FILE_TMPDIR/made/." .
}

setup_file() {
	mkdir "$BATS_FILE_TMPDIR/made"
	cd "$BATS_FILE_TMPDIR/made" || return
	PATH=$BUILD:$BUILD/t:$PATH
	"$root/share/examples/make-roles" . 2>/dev/null
	csr-gen 3 >three.pem
	csplit -s -z -f device. three.pem '/BEGIN/' '{*}'
	{ cat "$root/share/examples/state.cnf"; printf 'firmware = %064d\n' 1; } >state.cnf
	sed 's/^version.*/version = 2/; s/^svn.*/svn = 2/' state.cnf >update.cnf
	sign three.pem >plcs.pem
	csplit -s -z -f plc. plcs.pem '/BEGIN/' '{*}'
}

now=2026-11-24T08:00:00Z

sign() { # OPTION... REQUESTS
	plc-sign --key m2mes.key --cert m2mes.pem --ledger m2mes.ledger --state "${state:-state.cnf}" --now $now "$@"
}

revoke() { # REASON OPTION... CERTIFICATES
	plc-revoke --ledger m2mes.ledger --now 2026-11-24T09:00:00Z --reason "$@"
}

serial() { # CERTIFICATE
	openssl x509 -in "$1" -noout -serial | cut -d = -f 2
}

crl() {
	plc-crl --key m2mes.key --cert m2mes.pem --ledger m2mes.ledger --now 2026-11-24T10:00:00Z "$@"
}

# listed CERTIFICATE - the reason that a CRL gives for it
listed() {
	crl | openssl crl -noout -text | grep -A 6 "Serial Number: $(serial "$1")" |
		sed -n '2,${ /Serial Number/q; p }' | sed -n '/Reason Code/{ n; s/^ *//p }'
}

# reasons - of all that is in the ledger, in the order of issuing
reasons() {
	sqlite3 m2mes.ledger "SELECT coalesce(reason, '-') FROM plc ORDER BY rowid" | tr '\n' ' '
}

ueid1=010000000000000001

# --- issuing ------------------------------------------------------------------------

@test "the same request for the same state gets the same credential again" {
	sign three.pem | cmp - plcs.pem
	now=2027-01-01T00:00:00Z sign device.01 | cmp - plc.01
	[ "$(reasons)" = "- - - " ]
}

@test "without a ledger nothing is remembered" {
	plc-sign --key m2mes.key --cert m2mes.pem --state state.cnf device.01 >new
	[ "$(serial new)" != "$(serial plc.01)" ]
	[ "$(reasons)" = "- - - " ]
	rejects 2 "plc-sign: --rekey: needs --ledger" \
		plc-sign --key m2mes.key --cert m2mes.pem --state state.cnf --rekey device.01
}

@test "another state, end or serial number supersedes, and what was asked before supersedes again" {
	state=update.cnf sign device.00 >second
	[ "$(reasons)" = "4 - - - " ]
	state=update.cnf sign device.00 | cmp - second
	sign --not-after 2030-01-01T00:00:00Z device.00 >third
	[ "$(reasons)" = "4 - - 4 - " ]
	sign device.00 >fourth
	[ "$(reasons)" = "4 - - 4 4 - " ]
	[ "$(cat plc.00 second third fourth | grep -c BEGIN)" = 4 ]
	for f in plc.00 second third fourth; do serial $f; done | sort | uniq -d | none
	[ "$(listed plc.00)" = Superseded ]
}

@test "another key for a known device is refused, unless that is wanted" {
	csr-gen 1 1 >other
	rejects 1 "plc-sign: item 1: UEID $ueid1 is known with another key [already-known]" sign other
	[ "$(reasons)" = "- - - " ]
	sign --rekey other >new
	[ "$(reasons)" = "4 - - - " ]
	rejects 1 "plc-sign: item 1: UEID $ueid1 is known with another key [already-known]" sign device.00
}

@test "a key is one device's" {
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key
	for i in 7 8; do
		openssl req -new -key key -subj "/serialNumber=M$i/CN=M2ME M$i" \
			-addext "2.23.133.5.4.4=DER:300904070101010101010$i" >clone.$i
	done
	sign clone.7 >/dev/null
	rejects 1 "plc-sign: item 1: the key is known with another UEID [already-known]" sign clone.8
	rejects 1 "plc-sign: item 1: the key is known with another UEID [already-known]" sign --rekey clone.8
}

@test "a serial number that was there before is drawn again" {
	head -c 100000 /dev/urandom >random
	csr-gen 2 100 >two
	csplit -s -z -f two. two '/BEGIN/' '{*}'
	sign --random random two.00 >first
	sign --random random two.01 >second
	[ "$(head -c 16 random | hex | cut -c 3-)" = "$(serial first | cut -c 3- | tr A-F a-f)" ]
	[ "$(serial first)" != "$(serial second)" ]
	openssl verify -CAfile m2mes.pem first second
	# and what is drawn differs in all of its 126 free bits
	csr-gen 200 1000 | sign - >many
	sqlite3 m2mes.ledger "SELECT hex(serial) FROM plc" >serials
	[ "$(sort -u serials | wc -l)" = 205 ]
	grep -cvE '^[4-7][0-9A-F]{31}$' serials | grep -qx 0
	for i in $(seq 2 32); do [ "$(cut -c "$i" serials | sort -u | wc -l)" = 16 ]; done
}

@test "a batch that ends in a refusal leaves what was answered, and no more" {
	csr-gen 1 1 >other
	csr-gen 1 50 >fresh
	run -1 --separate-stderr sign fresh other device.01
	[ "$(grep -c BEGIN <<<"$output")" = 1 ]
	[ "$(reasons)" = "- - - - " ]
	run -1 --separate-stderr sign --keep-going fresh other device.01
	[ "$(grep -c BEGIN <<<"$output")" = 2 ]
	[ "$(reasons)" = "- - - - " ]
}

@test "each equipment supplier's CA has devices of its own in one ledger" {
	anchor m2mes second second.example
	plc-sign --key second.key --cert second.pem --ledger m2mes.ledger --state state.cnf device.00 >other
	[ "$(reasons)" = "- - - - " ]
	revoke keyCompromise other
	plc-crl --key second.key --cert second.pem --ledger m2mes.ledger | openssl crl -noout -text >text
	grep -c 'Serial Number' text | grep -qx 1
	crl | openssl crl -noout -text | grep -q 'No Revoked Certificates'
}

# --- revoking -----------------------------------------------------------------------

@test "what is revoked stays so, asked again is done already, and its key never comes back" {
	revoke cessationOfOperation plc.00
	[ "$(reasons)" = "5 - - " ]
	before=$(state m2mes.ledger)
	revoke cessationOfOperation plc.00
	[ "$(state m2mes.ledger)" = "$before" ]
	for reason in unspecified superseded certificateHold removeFromCRL; do
		rejects 1 "plc-revoke: item 1: was revoked before, reason cessationOfOperation [already-revoked]" \
			revoke $reason plc.00
	done
	for option in '' --rekey; do
		rejects 1 "plc-sign: item 1: the credential of UEID $ueid1 is revoked [revoked]" sign $option device.00
	done
	csr-gen 1 1 >other
	rejects 1 "plc-sign: item 1: the credential of UEID $ueid1 is revoked [revoked]" sign other
	sign --rekey other >new
	state=update.cnf sign other >newer
	[ "$(reasons)" = "5 - - 4 - " ]
	# that a key is compromised may be learnt later
	revoke keyCompromise plc.00
	[ "$(reasons)" = "1 - - 4 - " ]
	[ "$(sqlite3 m2mes.ledger "SELECT since FROM plc LIMIT 1")" = "$(date -u -d 2026-11-24T09:00:00Z +%s)" ]
}

@test "a compromised key takes its device's valid credential along, and is known for ever" {
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key
	request() { # UEID
		openssl req -new -key key -subj "/serialNumber=M/CN=M2ME M" -addext "2.23.133.5.4.4=DER:30090407$1"
	}
	request 01010101010107 >csr
	sign csr >old
	state=update.cnf sign csr >new
	revoke keyCompromise old
	[ "$(reasons)" = "- - - 1 1 " ]
	[ "$(listed new)" = "Key Compromise" ]
	request 01010101010108 >thief
	rejects 1 "plc-sign: item 1: the key is known to be compromised [revoked]" sign thief
	rejects 1 "plc-sign: item 1: the key is known to be compromised [revoked]" sign --rekey thief
}

@test "a hold is lifted, unless something else came meanwhile" {
	revoke certificateHold plc.00 plc.01
	[ "$(reasons)" = "6 6 - " ]
	[ "$(listed plc.00)" = "Certificate Hold" ]
	rejects 1 "plc-sign: item 1: the credential of UEID $ueid1 is revoked [revoked]" sign device.00
	revoke removeFromCRL plc.00
	revoke removeFromCRL plc.00
	[ "$(reasons)" = "- 6 - " ]
	sign device.00 | cmp - plc.00
	csr-gen 1 2 | sign --rekey - >new
	rejects 1 "plc-revoke: item 1: was revoked before, reason certificateHold [already-revoked]" \
		revoke removeFromCRL plc.01
	revoke privilegeWithdrawn plc.01
	[ "$(reasons)" = "- 9 - - " ]
}

@test "what was superseded is not held, so that no lifted hold brings it back" {
	state=update.cnf sign device.00 >new
	rejects 1 "plc-revoke: item 1: was revoked before, reason superseded [already-revoked]" \
		revoke certificateHold plc.00
	rejects 1 "plc-revoke: item 1: was revoked before, reason superseded [already-revoked]" \
		revoke removeFromCRL plc.00
	[ "$(reasons)" = "4 - - - " ]
}

@test "many at once, or by serial number: all or none" {
	revoke unspecified <plcs.pem
	[ "$(reasons)" = "0 0 0 " ]
	csr-gen 2 10 | sign - >two
	csplit -s -z -f two. two '/BEGIN/' '{*}'
	rejects 1 "plc-revoke: serial number 00 is not in the ledger [unknown-plc]" \
		revoke keyCompromise --serial "$(serial two.00)" --serial 00
	[ "$(reasons)" = "0 0 0 - - " ]
	revoke keyCompromise --serial "$(serial two.00)" --serial "$(serial two.01 | tr A-F a-f)"
	[ "$(reasons)" = "0 0 0 1 1 " ]
}

@test "what was never issued is not revoked" {
	plc-sign --key m2mes.key --cert m2mes.pem --state state.cnf device.01 >stranger
	rejects 1 "plc-revoke: item 1: serial number $(serial stranger | tr A-F a-f) is not in the ledger [unknown-plc]" \
		revoke keyCompromise stranger
	# a certificate that only has the serial number of one
	openssl x509 -req -in device.01 -CA m2mes.pem -CAkey m2mes.key -set_serial "0x$(serial plc.01)" -out forged 2>/dev/null
	rejects 1 "plc-revoke: item 1: serial number $(serial plc.01 | tr A-F a-f) is another certificate's [unknown-plc]" \
		revoke keyCompromise forged
	run -1 --separate-stderr revoke keyCompromise --keep-going stranger plc.01 forged plc.02
	[ "$(wc -l <<<"$stderr")" = 2 ]
	[ "$(reasons)" = "- 1 1 " ]
}

@test "a request to revoke is a word of the standard and a serial number, or certificates" {
	rejects 2 "plc-revoke: --reason is required; see plc-revoke --help" plc-revoke --ledger m2mes.ledger plc.00
	for word in '' KeyCompromise keycompromise 1 stolen; do
		rejects 2 "plc-revoke: --reason: needs a word of RFC 5280 5.3.1, has '$word'" revoke "$word" plc.00
	done
	for bad in '' 0 0x00 xy "00 00"; do
		rejects 2 "plc-revoke: --serial: needs an even number of hex digits, has '$bad'" \
			revoke keyCompromise --serial "$bad"
	done
	rejects 2 "plc-revoke: needs either --serial or certificates; see plc-revoke --help" \
		revoke keyCompromise --serial 00 plc.00
	rejects 3 "plc-revoke: --ledger: cannot open 'none': No such file or directory" \
		plc-revoke --ledger none --reason unspecified plc.00
	[ "$(reasons)" = "- - - " ]
}

# --- the list -----------------------------------------------------------------------

@test "the list is read by others, names each reason, and counts up" {
	revoke keyCompromise plc.00
	revoke unspecified plc.01
	crl >crl.pem
	openssl crl -in crl.pem -noout -text >text
	for line in "Version 2 (0x1)" "Last Update: Nov 24 10:00:00 2026 GMT" "Next Update: Dec  1 10:00:00 2026 GMT" \
		"X509v3 Authority Key Identifier:" "X509v3 CRL Number:" "Revocation Date: Nov 24 09:00:00 2026 GMT"; do
		grep -qF "$line" text || { echo "no '$line' in:"; cat text; return 1; }
	done
	[ "$(grep -c 'Serial Number' text)" = 2 ]
	[ "$(grep -c 'Reason Code' text)" = 1 ]	# unspecified is not said (RFC 5280 5.3.1)
	openssl crl -in crl.pem -CAfile m2mes.pem -noout
	certtool --crl-info --infile crl.pem 2>/dev/null | grep -c 'Serial Number (hex)' | grep -qx 2 ||
		command -v certtool | none
	for n in 02 03; do
		crl --validity 60 | openssl crl -noout -crlnumber | grep -xE "crlNumber=(0x)?$n"
	done
}

@test "openssl verify -crl_check refuses the revoked and accepts the others" {
	crl --now "$(date +%s)" >empty.pem
	for i in 0 1 2; do
		openssl verify -x509_strict -crl_check -CAfile m2mes.pem -CRLfile empty.pem plc.0$i
	done
	revoke keyCompromise plc.00
	crl --now "$(date +%s)" >crl.pem
	run -2 openssl verify -x509_strict -crl_check -CAfile m2mes.pem -CRLfile crl.pem plc.00
	[[ $output == *"certificate revoked"* ]]
	openssl verify -x509_strict -crl_check -CAfile m2mes.pem -CRLfile crl.pem plc.01
}

@test "many entries are listed, also beyond 2050, and the number is durable" {
	csr-gen 2000 100 | sign - | plc-revoke --ledger m2mes.ledger --now 2051-01-01T00:00:00Z --reason affiliationChanged
	crl --now 2051-01-02T00:00:00Z >crl.pem
	openssl crl -in crl.pem -noout -text >text
	[ "$(grep -c 'Serial Number' text)" = 2000 ]
	[ "$(grep -c 'Jan  1 00:00:00 2051 GMT' text)" = 2000 ]
	openssl crl -in crl.pem -CAfile m2mes.pem -noout
	run -3 --separate-stderr eval 'crl >/dev/full'
	[ "$(sqlite3 m2mes.ledger "SELECT crl FROM supplier")" = 2 ]
	crl | openssl crl -noout -crlnumber | grep -xE "crlNumber=(0x)?03"
}

@test "only a CA that may sign lists signs one" {
	rejects 2 "plc-crl: --cert: 'operators.pem' lacks the role M2MES" \
		plc-crl --key operators.key --cert operators.pem --ledger m2mes.ledger
	sed '/^\[m2mes\]/,/^$/s/, cRLSign//' "$examples/roles.cnf" >use.cnf
	config=use.cnf anchor m2mes use use.example
	rejects 2 "plc-crl: --cert: certificate of use.example: needs a CA's, with key usage cRLSign and a subject key identifier" \
		plc-crl --key use.key --cert use.pem --ledger m2mes.ledger
	rejects 3 "plc-crl: --ledger: cannot open 'none': No such file or directory" \
		plc-crl --key m2mes.key --cert m2mes.pem --ledger none
}

@test "a CA with a key on Ed25519 issues and lists" {
	openssl genpkey -algorithm ED25519 -out ed.key
	openssl req -x509 -config "$examples/roles.cnf" -extensions m2mes -subj /CN=ed.example -days 3650 -key ed.key -out ed.pem
	plc-sign --key ed.key --cert ed.pem --ledger ed.ledger --state state.cnf device.00 >plc
	openssl verify -x509_strict -CAfile ed.pem plc
	plc-revoke --ledger ed.ledger --reason keyCompromise plc
	plc-crl --key ed.key --cert ed.pem --ledger ed.ledger >crl.pem
	run -2 openssl verify -crl_check -CAfile ed.pem -CRLfile crl.pem plc
	[[ $output == *"certificate revoked"* ]]
}

# --- memory, and faults ---------------------------------------------------------------

@test "a ledger of version 1 is taken along" {
	cp m2mes.ledger old.ledger
	for table in plc supplier released holder acked ordered reported deletion successor successor_package renewal; do
		sqlite3 old.ledger "DROP TABLE $table"
	done
	sqlite3 old.ledger "ALTER TABLE drf DROP COLUMN since"
	sqlite3 old.ledger "PRAGMA user_version = 1"
	plc-sign --key m2mes.key --cert m2mes.pem --ledger old.ledger --state state.cnf device.00 >plc
	[ "$(sqlite3 old.ledger "PRAGMA user_version; SELECT count(*) FROM plc" | tr '\n' ' ')" = "4 1 " ]
}

@test "two stations sign the same requests at once, and both get the same" {
	csr-gen 300 5000 >batch
	sign batch >one &
	pid=$!
	sign batch >two
	wait $pid
	cmp one two
	[ "$(sqlite3 m2mes.ledger "SELECT count(*), count(DISTINCT serial) FROM plc")" = "303|303" ]
}

# SPDX-License-Identifier: Apache-2.0
# Download and provisioning: what the DPF does not deliver, and reports it does not pass on.
load helper
load trust

deliver() {
	dpf-deliver --ledger ro.ledger "${dpf[@]}" --trust trust.pem "$@"
}

report() {
	dpf-report --ledger ro.ledger --trust trust.pem "$@"
}

# undeliverable MESSAGE AUTHORIZATION PACKAGE [OPTION...] - refused, and nothing has changed
undeliverable() {
	local before
	before=$(state ro.ledger)
	rejects 1 "dpf-deliver: item 2: $1" deliver "${@:4}" "$2" "$3"
	[ "$(state ro.ledger)" = "$before" ]
}

# unreportable MESSAGE REPORT [OPTION...]
unreportable() {
	local before
	before=$(state ro.ledger)
	rejects 1 "dpf-report: item 1: $1" report "${@:3}" "$2"
	[ "$(state ro.ledger)" = "$before" ]
}

# authorization, package [FILTER] [SIGNER] - the world's, changed and signed anew, into files of that name
authorization() {
	forge authorization "${1:-.}" "${2:-sho}.example" <11-authorization >authorization
}
package() {
	forge mid-package "${1:-.}" "${2:-sho}.example" <11-mid-package >package
}

# --- dpf-deliver ---

@test "dpf-deliver delivers only what the operator signed" {
	world
	undelivered
	authorization . sho2
	rejects 1 "dpf-deliver: item 1: authorization.sho: is not who signed it [wrong-signer]" \
		deliver authorization 11-mid-package
	package . sho2
	undeliverable "mid-package.sho: is not who signed it [wrong-signer]" 11-authorization package
	for other in ro:RO dpf.ro:DPF pva:PVA; do
		authorization . "${other%:*}"
		rejects 1 "dpf-deliver: item 1: authorization.protected.x5chain: needs the role SHO, has ${other#*:} [wrong-role]" \
			deliver authorization 11-mid-package
		package . "${other%:*}"
		undeliverable "mid-package.protected.x5chain: needs the role SHO, has ${other#*:} [wrong-role]" \
			11-authorization package
	done
	stranger sho alien sho.example
	forge mid-package . alien <11-mid-package >package
	undeliverable "mid-package.protected.x5chain: certificate of sho.example: no path to an anchor [untrusted-issuer]" \
		11-authorization package
}

@test "dpf-deliver delivers for the operator that the device registered with" {
	world
	undelivered
	authorization '.payload.sho = "sho2.example"' sho2
	undeliverable "mid-package.sho: is not the authorization's [wrong-operator]" authorization 11-mid-package
	package '.payload.sho = "sho2.example"' sho2
	undeliverable "mid-package.sho: is not the authorization's [wrong-operator]" 11-authorization package
	undeliverable "authorization.sho: is not the registration's [wrong-operator]" authorization package
}

@test "dpf-deliver delivers what it is told to, and installs" {
	world
	undelivered
	authorization '.payload.aud = "dpf2.example"'
	undeliverable "authorization.aud: is dpf2.example, not us [wrong-dpf]" authorization 11-mid-package
	authorization "$to_delete"
	undeliverable "authorization.scope: needs install or update, has delete [wrong-scope]" authorization 11-mid-package
	certify dpf dpf2.example dpf2.example
	authorization '.payload.aud = "dpf2.example"'
	rejects 1 "dpf-deliver: item 2: authorization.aud: is not the registration's [wrong-dpf]" \
		dpf-deliver --ledger ro.ledger --key dpf2.example.key --cert dpf2.example.pem --trust trust.pem \
		authorization 11-mid-package
	rejects 2 "dpf-deliver: --cert: 'sho.example.pem' lacks the role DPF" \
		dpf-deliver --ledger ro.ledger "${sho[@]}" --trust trust.pem 11-authorization 11-mid-package
}

@test "dpf-deliver mixes no PCIDs and no registrations" {
	world
	undelivered
	authorization '.payload.pcid = "001010000000002"'
	package '.payload.pcid = "001010000000002"'
	undeliverable "mid-package.pcid: is not the authorization's [wrong-pcid]" authorization 11-mid-package
	undeliverable "mid-package.pcid: is not the authorization's [wrong-pcid]" 11-authorization package
	undeliverable "authorization.pcid: is not the registration's [wrong-pcid]" authorization package
	authorization '.payload.nonce |= .[2:] + .[:2]'
	package '.payload.nonce |= .[2:] + .[:2]'
	undeliverable "mid-package.nonce: is not the authorization's [wrong-nonce]" authorization 11-mid-package
	undeliverable "mid-package.nonce: is not the authorization's [wrong-nonce]" 11-authorization package
	undeliverable "authorization.nonce: is of no registration in this ledger [unknown-nonce]" authorization package
}

@test "dpf-deliver keeps to the time of registration, authorization and package" {
	world
	undelivered
	iat=$(field .payload.iat 11-authorization) exp=$(field .payload.exp 11-authorization)
	undeliverable "authorization.exp: ended at $(spelt "$exp") [expired]" 11-authorization 11-mid-package --now "$exp"
	package ".payload.exp = $((iat + 50))"
	undeliverable "mid-package.exp: ended at $(spelt $((iat + 50))) [expired]" 11-authorization package --now $((iat + 50))
	authorization '.payload.iat += 1000'
	undeliverable "authorization.iat: lies in the future, at $(spelt $((iat + 1000))) [not-yet-valid]" \
		authorization 11-mid-package --now $((iat + 699))
	package '.payload.iat += 1000'
	undeliverable "mid-package.iat: lies in the future, at $(spelt $(($(field .payload.iat package)))) [not-yet-valid]" \
		11-authorization package --now $((iat + 699))
	sqlite3 ro.ledger "UPDATE registration SET expires = $((iat + 50))"
	undeliverable "registration.exp: ended at $(spelt $((iat + 50))) [expired]" \
		11-authorization 11-mid-package --now $((iat + 50))
}

@test "dpf-deliver gives the same delivery again, however late, and no other" {
	world
	before=$(state ro.ledger)
	deliver --now $(($(field .payload.exp 11-authorization) + 30 * day)) 11-authorization 11-mid-package >again
	cmp 12-delivery again
	[ "$(state ro.ledger)" = "$before" ]
	package '.payload.exp += 1'
	undeliverable "authorization.nonce: was delivered with other content [nonce-used]" 11-authorization package
	authorization '.payload.exp += 1'
	undeliverable "authorization.nonce: was delivered with other content [nonce-used]" authorization 11-mid-package
}

@test "dpf-deliver gives the same delivery of the same two under another signature" {
	world
	before=$(state ro.ledger)
	mirror authorization <11-authorization >authorization
	mirror mid-package <11-mid-package >package
	for two in "authorization 11-mid-package" "11-authorization package" "authorization package"; do
		deliver $two | cmp - 12-delivery
	done
	[ "$(state ro.ledger)" = "$before" ]
}

@test "dpf-deliver delivers nothing for a PCID that another device has proved to be its own since" {
	world
	bind() { sqlite3 ro.ledger "DELETE FROM device; INSERT INTO device VALUES('001010000000001', x'$1')"; }
	ours=$(field .payload.ueid 07-registration)
	taken="authorization.pcid: 001010000000001 belongs to another device [other-device]"
	bind 01020304050607
	undeliverable "$taken" 11-authorization 11-mid-package
	bind "$ours"
	deliver 11-authorization 11-mid-package | cmp - 12-delivery
	undelivered
	bind 01020304050607
	undeliverable "$taken" 11-authorization 11-mid-package
	bind "$ours"
	deliver 11-authorization 11-mid-package >delivery
	undelivered
	sqlite3 ro.ledger "DELETE FROM device"
	deliver 11-authorization 11-mid-package >delivery
}

@test "dpf-deliver delivers nothing for a PCID that was withheld since, not even again" {
	world
	for again in : undelivered; do
		$again
		for state in dormant quarantined; do
			sub-set --ledger ro.ledger --state $state 001010000000001
			undeliverable "001010000000001 is $state [$state]" 11-authorization 11-mid-package
		done
		sub-set --ledger ro.ledger --state live 001010000000001
		deliver 11-authorization 11-mid-package >delivery
	done
	undelivered
	exp=$(field .payload.exp 07-registration)	# the first to end
	sqlite3 ro.ledger "UPDATE identity SET not_after = $((exp - 1))"
	undeliverable "001010000000001 is expired [expired]" 11-authorization 11-mid-package --now $((exp - 1))
	deliver --now $((exp - 2)) 11-authorization 11-mid-package >delivery
}

@test "the device that reports first is the one that is delivered to" {
	world
	# a copy of the PCID in another device has a registration, authorization and package too
	other=030409000105040200030203070502
	unregistered
	register() { drf-register --ledger ro.ledger "${ro[@]}" --trust trust.pem "$@"; }
	register 06-referral >registration
	forge referral ".payload.ueid = \"$other\"" ro.example <06-referral >referral2
	register referral2 >registration2
	for i in '' 2; do
		nonce=$(field .payload.nonce registration$i)
		forge authorization ".payload.nonce = \"$nonce\"" sho.example <11-authorization >authorization$i
		forge mid-package ".payload.nonce = \"$nonce\"" sho.example <11-mid-package >package$i
		deliver authorization$i package$i >delivery$i
	done
	device copy $other
	forge report ".payload |= (.ueid = \"$other\" | .nonce = \"$(field .payload.nonce registration2)\")" copy \
		<13-report >report2
	report report2 >/dev/null
	undeliverable "authorization.pcid: 001010000000001 belongs to another device [other-device]" authorization package
	deliver authorization2 package2 | cmp - delivery2
}

@test "dpf-deliver wants an authorization before each package" {
	world
	rejects 2 "dpf-deliver: item 1: needs an authorization before the mid-package" deliver 11-mid-package
	rejects 2 "dpf-deliver: ends before its mid-package/1" deliver 11-authorization
	rejects 2 "dpf-deliver: item 2: needs authorization/1, verdict/1 or mid-package/1, has report/1" \
		deliver 11-authorization 13-report
	edit authorization '.payload.exp += 1' <11-authorization >changed
	rejects 1 "dpf-deliver: item 2: authorization.signature: does not verify [bad-signature]" \
		deliver --keep-going 11-authorization changed 11-mid-package
}

@test "no changed bit of authorization or package is delivered" {
	world
	undelivered
	before=$(state ro.ledger)
	deliver --keep-going <(bitflips 11-authorization 11-mid-package) >answers 2>said && return 1
	deliver --keep-going 11-authorization <(bitflips 11-mid-package) >>answers 2>>said && return 1
	[ ! -s answers ]
	grep -c . said | grep -qx $((8 * ($(stat -c %s 11-authorization) + $(stat -c %s 11-mid-package))))
	[ "$(state ro.ledger)" = "$before" ]
}

# --- dpf-report ---

# twin - the device's name on a key outside of the TRE; told FILTER - its report, in the file forged
twin() {
	device M2ME-0001 "$(field .payload.ueid 08-evidence)"
}
told() {
	forge report "${1:-.}" M2ME-0001 <13-report >forged
}

@test "dpf-report passes on reports of the device that registered" {
	world
	twin
	told '.payload.ueid |= "0102" + .[4:]'
	unreportable "report.ueid: is not the one that registered [wrong-device]" forged
	device other 030409000105040200030203070502
	forge report . other <13-report >forged
	unreportable "report.ueid: is not the one that registered [wrong-device]" forged
	forge report '.payload.ueid = "030409000105040200030203070502"' other <13-report >forged
	unreportable "report.ueid: is not the one that registered [wrong-device]" forged
}

@test "dpf-report passes on what fits the registration and the delivery" {
	world
	twin
	told '.payload.pcid = "001010000000002"'
	unreportable "report.pcid: is not the registration's [wrong-pcid]" forged
	told '.payload.sho = "sho2.example"'
	unreportable "report.sho: is not the registration's [wrong-operator]" forged
	told '.payload.mid = "8988000000000000024"'
	unreportable "report.mid: is not what was delivered [wrong-mid]" forged
	told '.payload.counter = 2'
	unreportable "report.mid: is not what was delivered [wrong-mid]" forged
	told '.payload.nonce |= .[2:] + .[:2]'
	unreportable "report.nonce: is of no registration in this ledger [unknown-nonce]" forged
	undelivered
	unreportable "report.nonce: nothing was delivered for it [not-delivered]" 13-report
}

@test "dpf-report takes reports from a TRE, in their time" {
	world
	for other in ro:RO dpf.ro:DPF sho:SHO pva:PVA; do
		forge report . "${other%:*}.example" <13-report >forged
		unreportable "report.protected.x5chain: needs the role TRE, has ${other#*:} [wrong-role]" forged
	done
	iat=$(field .payload.iat 13-report)
	twin
	told ".payload.iat = $((iat + 1000))"
	unreportable "report.iat: lies in the future, at $(spelt $((iat + 1000))) [not-yet-valid]" \
		forged --now $((iat + 699))
	edit report '.payload.counter = 2' <13-report >changed
	unreportable "report.signature: does not verify [bad-signature]" changed
	rejects 2 "dpf-report: item 1: needs report/1, has delivery/1" report 12-delivery
}

@test "dpf-report passes the same report on again, and no second success" {
	world
	before=$(state ro.ledger)
	report 13-report >again
	cmp 13-report again
	[ "$(state ro.ledger)" = "$before" ]
	twin
	told '.payload.iat += 1'
	unreportable "report.nonce: its success was reported before, in another report [already-reported]" forged
	told '.payload.result = "refused" | .payload.reason = "tampered" | del(.payload.active)'
	unreportable "report.nonce: its success was reported before, in another report [already-reported]" forged
}

@test "dpf-report passes the same report on under another signature" {
	world
	before=$(state ro.ledger)
	mirror report <13-report >mirrored
	report mirrored | cmp - mirrored
	[ "$(state ro.ledger)" = "$before" ]
}

@test "dpf-report passes a refusal on, then the success of another try" {
	world
	sqlite3 ro.ledger "UPDATE registration SET state = 'delivered', report = NULL; DELETE FROM reported"
	twin
	told '.payload.result = "refused" | .payload.reason = "tampered" | del(.payload.active)'
	report forged >passed
	cmp forged passed
	report 13-report >passed
	cmp 13-report passed
	[ "$(sqlite3 ro.ledger 'SELECT state FROM registration')" = installed ]
}

@test "no changed bit of a report is passed on" {
	world
	sqlite3 ro.ledger "UPDATE registration SET state = 'delivered', report = NULL; DELETE FROM reported"
	before=$(state ro.ledger)
	report --keep-going <(bitflips 13-report) >answers 2>said && return 1
	[ ! -s answers ]
	[ "$(cut -d : -f 2 said | sort -u | wc -l)" = $((8 * $(stat -c %s 13-report))) ]
	[ "$(state ro.ledger)" = "$before" ]
}

@test "dpf-report takes success from one device alone for a PCID" {
	world
	sqlite3 ro.ledger "UPDATE registration SET state = 'delivered', report = NULL; DELETE FROM reported" \
		"UPDATE device SET ueid = x'01020304050607'"
	before=$(state ro.ledger)
	rejects 1 "dpf-report: item 1: report.ueid: 001010000000001 belongs to another device [other-device]" \
		dpf-report --ledger ro.ledger --trust trust.pem 13-report
	[ "$(state ro.ledger)" = "$before" ]
}

# refers - whom the RO refers the device to
refers() {
	drf-resolve --ledger ro.ledger "${ro[@]}" 06-attach-request | m2m-show --json | jq -r .payload.sho
}

# is STATE [SHO] - the registration with that operator
is() {
	[ "$(sqlite3 ro.ledger "SELECT state FROM registration WHERE sho = '${2:-sho2.example}'")" = "$1" ]
}

# activated [OPTION...] - the other MID made active by order, the report in the file "activated"
activated() {
	us-order --ledger us.ledger "${us[@]}" --order activate --sho sho2.example --mid 8988000000000000016 inventory |
		mid-activate --tre m2me "$@" >activated
}

@test "a device is the subscriber of the operator whose MID it has active, and is referred there" {
	world
	is installed sho.example
	[ "$(field .payload.active 13-report)" = true ]
	sed 's/sho_example/nobody/; s/sho\.example/nobody.example/' "$examples/drf.cnf" >moved.cnf
	drf-set --ledger ro.ledger moved.cnf	# its whole range; not this one
	[ "$(refers)" = sho.example ]
	[ "$(drf-resolve --ledger ro.ledger "${ro[@]}" 06-attach-request | m2m-show --json | jq -r .payload.pva)" = pva.example ]
	beside
	[ "$(field .payload.active second.report)" = null ]
	sqlite3 ro.ledger "DELETE FROM drf WHERE prefix = '001010000000001'"
	is delivered
	report second.report >passed
	is installed
	[ "$(refers)" = nobody.example ]	# it is there, not active
	activated
	report activated >passed
	is activated
	[ "$(refers)" = sho2.example ]
}

@test "a report that says what is past moves no device" {
	world
	beside
	activated
	now=$(field .payload.iat activated)
	# its owner chooses another operator, and only then the report arrives
	sed 's/sho2\.example/sho3.example/' drf2.cnf >drf3.cnf
	drf-set --ledger ro.ledger --now $((now + 1)) drf3.cnf
	report activated >passed
	is activated
	[ "$(refers)" = sho3.example ]
	report second.report >passed	# after the other: it stays where it is
	is activated
	# what was passed on before changes nothing when it comes again
	drf-set --ledger ro.ledger --now $((now - 1)) drf3.cnf
	before=$(state ro.ledger)
	report activated second.report >passed
	[ "$(state ro.ledger)" = "$before" ]
}

@test "a refusal that comes again after the success is passed on again" {
	world
	sqlite3 ro.ledger "UPDATE registration SET state = 'delivered', report = NULL; DELETE FROM reported"
	twin
	told '.payload.result = "refused" | .payload.reason = "tampered" | del(.payload.active)'
	report forged >passed
	report 13-report >passed
	before=$(state ro.ledger)
	report forged | cmp - forged
	[ "$(state ro.ledger)" = "$before" ]
}

@test "a ledger from before the registry followed reports is taken along" {
	world
	digest=$(sqlite3 ro.ledger "SELECT hex(report) FROM registration")
	sqlite3 ro.ledger "DROP TABLE reported; DROP TABLE deletion; DROP TABLE successor; DROP TABLE successor_package; DROP TABLE renewal;
		ALTER TABLE drf DROP COLUMN since;
		CREATE TABLE old(
		  nonce BLOB PRIMARY KEY, referral BLOB NOT NULL UNIQUE,
		  pcid TEXT NOT NULL, ueid BLOB NOT NULL, sho TEXT NOT NULL, dpf TEXT NOT NULL,
		  expires INTEGER NOT NULL,
		  state TEXT NOT NULL CHECK(state IN ('registered', 'delivered', 'reported')),
		  registration BLOB NOT NULL,
		  asked BLOB, delivery BLOB, mid TEXT, counter INTEGER, report BLOB
		) STRICT, WITHOUT ROWID;
		INSERT INTO old SELECT nonce, referral, pcid, ueid, sho, dpf, expires, 'reported', registration, asked,
		  delivery, mid, counter, report FROM registration;
		DROP TABLE registration; ALTER TABLE old RENAME TO registration; PRAGMA user_version = 3"
	report 13-report | cmp - 13-report
	is installed sho.example
	dpf-ack --ledger ro.ledger "${dpf[@]}" --trust trust.pem 13-report | tre-settle --tre m2me
	[ "$(sqlite3 ro.ledger "SELECT hex(report) FROM registration")" = "$digest" ]
}

# SPDX-License-Identifier: Apache-2.0
# Receipts: what a TRE reports waits in its outbox until who it is for has acknowledged it.
load helper
load trust
load change

one=8988000000000000016

# waiting - what waits, a line each
waiting() {
	tre-show --tre m2me | m2m-show --json | jq -r '.waiting[]? | [.kind, .to, .mid] | join(" ")'
}

# dack FILE... - the DPF's acknowledgements
dack() {
	dpf-ack --ledger ro.ledger "${dpf[@]}" --trust trust.pem "$@"
}

# pass FILE... - the DPF passes reports on
pass() {
	dpf-report --ledger ro.ledger --trust trust.pem "${dpf[@]}" "$@"
}

# digest OBJECT - the digest it is acknowledged by: of the digest of all but the signature
digest() {
	head -c -64 "$1" | openssl dgst -sha256 -binary | sha256sum | cut -c 1-64
}

# unsettled MESSAGE ACK [OPTION...] - refused, and all waits as before
unsettled() {
	local before message=$1
	before=$(state m2me)
	rejects 1 "tre-settle: item 1: $message" tre-settle --tre m2me "${@:3}" "$2"
	[ "$(state m2me)" = "$before" ]
}

# erased - the world's MID is deleted by order; the notice in the file "notice"
erased() {
	us-order --ledger us.ledger "${us[@]}" --order delete --sho sho.example --mid $one inventory |
		mid-delete --tre m2me >notice
}

# notified - the operator's acknowledgement of the file "notice", in "ack"
notified() {
	sho-ack --ledger sho.ledger "${sho[@]}" --trust trust.pem notice >ack
}

# --- what waits ---

@test "a report waits, is sent again and again, and goes when the DPF has acknowledged it" {
	world
	[ "$(waiting)" = "report dpf.ro.example $one" ]
	[ "$(tre-show --tre m2me | m2m-show --json | jq -r '.waiting[0].digest')" = "$(digest 13-report)" ]
	[ "$(tre-show --tre m2me | m2m-show --json | jq -r '.waiting[0].made')" = "$(field .payload.iat 13-report)" ]
	before=$(state m2me)
	tre-outbox --tre m2me | cmp - 13-report
	tre-outbox --tre m2me | cmp - 13-report
	[ "$(state m2me)" = "$before" ]
	dack 13-report >ack
	[ "$(field '.payload | [.by, .pcid, .digest] | join(" ")' ack)" = "dpf.ro.example 001010000000001 $(digest 13-report)" ]
	tre-settle --tre m2me ack
	[ -z "$(waiting)" ]
	tre-outbox --tre m2me | none
}

@test "the same ack again, or another of the same, settles no more than the first" {
	world
	dack 13-report >ack
	tre-settle --tre m2me ack
	before=$(state m2me)
	tre-settle --tre m2me ack ack
	mirror ack <ack | tre-settle --tre m2me
	forge ack '.payload.iat += 1' dpf.ro.example <ack | tre-settle --tre m2me --now $(($(date +%s) + 30 * day))
	[ "$(state m2me)" = "$before" ]
}

@test "a notice waits for the operator whose MID was erased, a report for the DPF" {
	world
	erased
	[ "$(waiting)" = "report dpf.ro.example $one
discard sho.example $one" ]
	tre-outbox --tre m2me | cmp - <(cat 13-report notice)
	notified
	tre-settle --tre m2me ack
	tre-outbox --tre m2me | cmp - 13-report
}

@test "what a change of operator leaves is sent in its order, and is known at the other end" {
	world
	discarded
	tre-outbox --tre m2me | cmp - <(cat 13-report notice)
	switch ack >reports
	tre-outbox --tre m2me | cmp - <(cat 13-report reports)	# the ack was for the switch, and for the notice
	switch ack | cmp - reports
	tre-outbox --tre m2me | pass >passed
	[ "$(m2m-show --json passed | jq -r .type | tr '\n' ' ')" = "report/1 release/1 report/1 " ]
	tre-outbox --tre m2me | dack | tre-settle --tre m2me
	[ -z "$(waiting)" ]
}

@test "a refusal waits as well, and gives way to the outcome that comes after it" {
	world
	uninstalled
	forge authorization '.payload.scope = "update"' sho.example <11-authorization >authorization
	parcel authorization 11-mid-package >forged
	for i in 1 2 3; do
		refuses "mid-install: item 1: authorization.scope: needs install, has update [wrong-scope]" mid-install --tre m2me forged
	done
	tre-outbox --tre m2me | cmp - answer
	mid-install --tre m2me 12-delivery >report
	tre-outbox --tre m2me | cmp - report
}

@test "a refused delivery keeps others of its batch, and its own report" {
	world
	uninstalled
	forge authorization '.payload.scope = "update"' sho.example <11-authorization >authorization
	parcel authorization 11-mid-package >forged
	run -1 --separate-stderr mid-install --tre m2me --keep-going forged 12-delivery forged
	[ "$(waiting)" = "report dpf.ro.example $one" ]
	[ "$(tre-outbox --tre m2me | m2m-show --json | jq -r .payload.result)" = installed ]
	sqlite3 m2me "SELECT state FROM application WHERE kind = 'usim'" | grep -x active
}

# --- whose ack counts ---

@test "only who a receipt was for settles it: by role, name and signature" {
	world
	erased
	notified
	mv ack notice.ack
	dack 13-report >ack
	for other in ro:RO sho:SHO pva:PVA us:US; do
		forge ack . "${other%:*}.example" <ack >forged
		unsettled "ack.protected.x5chain: needs the role DPF, has ${other#*:} [wrong-role]" forged
	done
	for other in ro:RO dpf.ro:DPF; do
		forge ack . "${other%:*}.example" <notice.ack >forged
		unsettled "ack.protected.x5chain: needs the role SHO, has ${other#*:} [wrong-role]" forged
	done
	certify dpf dpf2.example dpf2.example
	forge ack . dpf2.example <ack >forged
	unsettled "ack.by: is not who signed it [wrong-signer]" forged
	forge ack '.payload.by = "dpf2.example"' dpf2.example <ack >forged
	unsettled "ack.by: is not dpf.ro.example, whom it was for [wrong-recipient]" forged
	forge ack '.payload.by = "sho2.example"' sho2.example <notice.ack >forged
	unsettled "ack.by: is not sho.example, whom it was for [wrong-recipient]" forged
	stranger dpf alien dpf.ro.example
	forge ack . alien <ack >forged
	unsettled "ack.protected.x5chain: certificate of dpf.ro.example: no path to an anchor [untrusted-issuer]" forged
	edit ack '.payload.iat += 1' <ack >changed
	unsettled "ack.signature: does not verify [bad-signature]" changed
}

@test "an ack is of one receipt, of this device, and not of the future" {
	world
	dack 13-report >ack
	forge ack '.payload.digest |= (if .[:2] == "00" then "01" else "00" end) + .[2:]' dpf.ro.example <ack >forged
	unsettled "ack.digest: is of nothing that waits here [unknown-receipt]" forged
	forge ack '.payload.ueid |= .[:30] + "09"' dpf.ro.example <ack >forged
	unsettled "ack.ueid: is another device's [wrong-device]" forged
	forge ack '.payload.iat += 9999' dpf.ro.example <ack >forged
	unsettled "ack.iat: lies in the future, at $(spelt "$(field .payload.iat forged)") [not-yet-valid]" forged
	rejects 2 "tre-settle: item 1: needs ack/1, has report/1" tre-settle --tre m2me 13-report
}

@test "no changed bit of an ack settles anything" {
	world
	dack 13-report >ack
	before=$(state m2me)
	tre-settle --tre m2me --keep-going <(bitflips ack) 2>said && return 1
	[ "$(wc -l <said)" = $((8 * $(stat -c %s ack))) ]
	[ "$(state m2me)" = "$before" ]
}

@test "the ack that a change of operator waits for is taken by the change" {
	world
	discarded
	unsettled "ack.digest: is what a change of operator waits for, see sho-switch [switch-under-way]" ack
	switch ack >reports
	tre-settle --tre m2me ack
	sound 001030000000001
}

@test "an ack that comes after the wait settles the notice, by either tool" {
	for tool in sho-switch tre-settle; do
		mkdir "$tool"
		cd "$tool"
		world
		discarded
		switch --unacknowledged --now $(($(field .payload.iat notice) + 1000)) >reports
		waiting | grep -x "discard sho.example $one"
		forge ack '.payload.by = "sho2.example"' sho2.example <ack >forged
		switch forged | cmp - reports
		waiting | grep -x "discard sho.example $one"
		$tool --tre m2me ack >answer
		[ "$(waiting | grep -c discard)" = 0 ]
		cd ..
	done
}

# --- dropping ---

@test "what is not acknowledged is dropped by force alone, and it is said what is lost" {
	world
	d=$(digest 13-report)
	was="report for dpf.ro.example about $one, made at $(spelt "$(field .payload.iat 13-report)"),"
	before=$(state m2me)
	rejects 1 "tre-outbox: $was is not acknowledged [unacknowledged]" tre-outbox --tre m2me --drop "$d"
	[ "$(state m2me)" = "$before" ]
	for i in 1 2; do	# the same answer again
		rejects 0 "tre-outbox: $was is lost" tre-outbox --tre m2me --drop "$d" --force
		tre-outbox --tre m2me | none
	done
	before=$(state m2me)
	dack 13-report | tre-settle --tre m2me	# too late, and no harm
	[ "$(state m2me)" = "$before" ]
}

@test "of what was acknowledged nothing is lost" {
	world
	dack 13-report | tre-settle --tre m2me
	before=$(state m2me)
	rejects 0 "" tre-outbox --tre m2me --drop "$(digest 13-report)"
	rejects 0 "" tre-outbox --tre m2me --drop "$(digest 13-report)" --force
	[ "$(state m2me)" = "$before" ]
}

@test "a digest that is none, or of nothing, is said to be so" {
	world
	rejects 1 "tre-outbox: --drop: is of nothing that waits here [unknown-receipt]" \
		tre-outbox --tre m2me --drop "$(printf '%064d' 0)" --force
	for bad in '' 00 "$(printf '%066d' 0)" "$(printf '%063dx' 0)"; do
		rejects 2 "tre-outbox: --drop: needs 64 hex digits, has '$bad'" tre-outbox --tre m2me --drop "$bad"
	done
	rejects 2 "tre-outbox: --force: needs --drop" tre-outbox --tre m2me --force
}

# --- bounds ---

@test "more than can wait is not made; deliveries leave room for the owner's orders" {
	world
	fill() { # N - so many wait
		amend m2me "DELETE FROM outbox; WITH RECURSIVE n(i) AS (SELECT 1 UNION SELECT i + 1 FROM n WHERE i < $1)
			INSERT INTO outbox SELECT i, randomblob(32), 'waiting', 'report', 'dpf.ro.example', 'm', 1, NULL, x'80' FROM n"
	}
	order() { us-order --ledger us.ledger "${us[@]}" --order delete --sho sho.example --mid $one inventory >order; }
	order
	fill 64
	before=$(state m2me)
	rejects 1 "mid-delete: item 1: 64 reports and notices are not acknowledged yet, see tre-outbox [outbox-full]" \
		mid-delete --tre m2me order
	[ "$(state m2me)" = "$before" ]
	tre-show --tre m2me | m2m-show --json | jq -r '.waiting | length' | grep -x 64
	cp -a m2me full
	uninstalled
	fill 32
	before=$(state m2me)
	rejects 1 "mid-install: item 1: 32 reports and notices are not acknowledged yet, see tre-outbox [outbox-full]" \
		mid-install --tre m2me 12-delivery
	[ "$(state m2me)" = "$before" ]
	forge authorization '.payload.scope = "update"' sho.example <11-authorization >authorization
	parcel authorization 11-mid-package >forged
	fill 31
	refuses "mid-install: item 1: authorization.scope: needs install, has update [wrong-scope]" mid-install --tre m2me forged
	waiting | wc -l | grep -x 32
	mid-install --tre m2me 12-delivery >report	# in the place of its refusal, which is one of them
	waiting | wc -l | grep -x 32
	cp -a full m2me
	fill 63
	mid-delete --tre m2me order >notice
	waiting | tail -n 1 | grep -x "discard sho.example $one"
}

# --- dpf-ack ---

# unacked MESSAGE REPORT [OPTION...] - refused, and the ledger is no different
unacked() {
	local before message=$1
	before=$(state ro.ledger)
	rejects 1 "dpf-ack: item 1: $message" dack "${@:3}" "$2"
	[ "$(state ro.ledger)" = "$before" ]
}

@test "dpf-ack acknowledges what was passed on, and the same the same, however late" {
	world
	dack 13-report >ack
	before=$(state ro.ledger)
	dack 13-report | cmp - ack
	mirror report <13-report | dack | cmp - ack
	dack --now $(($(date +%s) + 30 * day)) 13-report | cmp - ack
	[ "$(state ro.ledger)" = "$before" ]
	sqlite3 ro.ledger "UPDATE registration SET report = NULL; DELETE FROM reported"
	unacked "was not passed on to the operator yet [not-reported]" 13-report
	pass 13-report >passed
	[ "$(dack 13-report | m2m-show --json | jq -r .payload.digest)" = "$(digest 13-report)" ]
}

@test "dpf-ack acknowledges reports of TREs, that registered with this DPF" {
	world
	certify dpf dpf2.example dpf2.example
	dpf=(--key dpf2.example.key --cert dpf2.example.pem)
	unacked "report.nonce: is of another DPF's registration [wrong-dpf]" 13-report
	dpf=(--key dpf.ro.example.key --cert dpf.ro.example.pem)
	forge report . sho.example <13-report >forged
	unacked "report.protected.x5chain: needs the role TRE, has SHO [wrong-role]" forged
	edit report '.payload.iat += 1' <13-report >changed
	unacked "report.signature: does not verify [bad-signature]" changed
	rejects 2 "dpf-ack: --cert: 'sho.example.pem' lacks the role DPF" \
		dpf-ack --ledger ro.ledger "${sho[@]}" --trust trust.pem 13-report
}

# --- nothing grows ---

# changed N - the device changes from one of the two operators to the other, for the Nth time, and all is acknowledged
changed() {
	local from=sho to=sho2
	[ $(($1 % 2)) = 1 ] || { from=sho2; to=sho; }
	sed "s/^00101 = .*/001010000000001 = x/; s/sho_example/x/; s/sho\.example/$to.example/" "$examples/drf.cnf" >"$to.drf.cnf"
	drf-set --ledger ro.ledger "$to.drf.cnf"
	to=(--ledger $to.ledger --key $to.example.key --cert $to.example.pem --trust trust.pem $to.example)
	us-order --ledger us.ledger "${us[@]}" --order re-provision --sho "${to[8]}" inventory >"order.$1"
	switch "order.$1" >"attach.$1"
	drf-resolve --ledger ro.ledger "${ro[@]}" --validity $((3600 + $1)) "attach.$1" |
		drf-register --ledger ro.ledger "${ro[@]}" --trust trust.pem >second
	switch second >evidence
	pva-verify "${pva[@]}" --trust trust.pem --policy "$examples/pva.cnf" second evidence >verdict
	mid-gen --profile "$([ "${to[8]}" = sho.example ] && echo "$examples/mid.cnf" || echo mid2.cnf)" --ledger "${to[1]}" >mid3
	sho-authorize "${to[@]:0:8}" second verdict >authorization
	mid-wrap "${to[@]:0:8}" second verdict mid3 >package
	dpf-deliver --ledger ro.ledger "${dpf[@]}" --trust trust.pem authorization package | switch >notice
	sho-ack --ledger $from.ledger --key $from.example.key --cert $from.example.pem --trust trust.pem notice | switch >reports
	tre-outbox --tre m2me >again
	pass again >passed
	dack again | tre-settle --tre m2me
	[ -z "$(waiting)" ]
}

# rows - how many each table of the TRE has
rows() {
	sqlite3 m2me "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name" | while read -r table; do
		sqlite3 m2me "SELECT '$table', count(*) FROM $table"
	done
}

@test "a device that changes its operator again and again does not grow" {
	world
	another_operator
	for ((i = 1; i <= 20; i++)); do
		changed $i
		rows >"rows.$i"
	done
	for i in 17 18 19; do
		diff "rows.$i" rows.20
	done
	diff - rows.20 <<-END
		anchor|2
		application|2
		counter|2
		device|1
		measured|1
		obeyed|32
		outbox|32
		owner|1
		provisioning|16
		seal|1
		slot|1
		switch|1
	END
	sound 001020000000011
	# a late order gets its answer, a very late one none
	switch order.19 | cmp - attach.19
	rejects 1 "sho-switch: item 1: order.counter: is not above that of the last order obeyed [old-counter]" switch order.1
	# and nothing that was installed before comes back
	before=$(state m2me)
	rejects 1 "mid-install: item 1: delivery.nonce: is not one this TRE attested under [unknown-nonce]" \
		mid-install --tre m2me 12-delivery
	[ "$(state m2me)" = "$before" ]
}

@test "of a MID that was erased nothing stays once its operator knows; nor does it come back" {
	world
	erased
	sqlite3 m2me "SELECT state FROM application WHERE sho = 'sho.example'" | grep -x discarded
	notified
	tre-settle --tre m2me ack
	sqlite3 m2me "SELECT * FROM application WHERE sho = 'sho.example'" | none
	before=$(state m2me)
	mid-install --tre m2me 12-delivery | cmp - 13-report	# what was answered, and no MID
	[ "$(state m2me)" = "$before" ]
	tre-settle --tre m2me ack
	[ "$(state m2me)" = "$before" ]
	sound 001010000000001
}

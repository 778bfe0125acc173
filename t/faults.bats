# SPDX-License-Identifier: Apache-2.0
# State under faults: asked again, killed at any call, on a full or broken disk, several at once.
load helper
load trust
load change

# --- the steps that remember ---
#
# Each NAME_before makes the world as it was before the step, NAME is the step, and NAME_after looks whether
# what it left is sound.  The step's output is in the file "before", that of the same step again in "after".

request='{"identity":"001010000000001","request":"000102030405060708090a0b0c0d0e0f","kind":"umts","count":3,"plmn":"901-70"}'

av-answer_before() { m2m-make av-request <<<"$request" >request; m2m-make av-request <<<"${request/000102/ff0102}" >next; }
av-answer_step() { "$@" av-answer --ledger ro.ledger request; }
av-answer_after() {	# no SQN twice, and none lost
	[ "$(sqn pcid after)" = "2 0
3 0
4 0" ] && [ "$(av-answer --ledger ro.ledger next | sqn pcid - | head -n 1)" = "5 0" ]
}

pcid-load_before() { pcid-gen --plmn 001-01 --ro ro.example --first 001010000000002 --count 3 >pcids; }
pcid-load_step() { "$@" pcid-load --ledger ro.ledger pcids; }
pcid-load_after() { [ "$(sqlite3 ro.ledger 'SELECT count(*) FROM identity')" = 4 ]; }

drf-register_before() { unregistered; }
drf-register_step() { "$@" drf-register --ledger ro.ledger "${ro[@]}" --trust trust.pem 06-referral; }
drf-register_after() { [ "$(sqlite3 ro.ledger 'SELECT count(*) FROM registration')" = 1 ]; }

sho-authorize_before() { unauthorised; }
sho-authorize_step() { "$@" sho-authorize --ledger sho.ledger "${sho[@]}" --trust trust.pem 07-registration 09-verdict; }
sho-authorize_after() { [ "$(sqlite3 sho.ledger 'SELECT count(*) FROM authorized')" = 1 ]; }

mid-wrap_before() { sqlite3 sho.ledger "DELETE FROM package; DELETE FROM counter"; }
mid-wrap_step() { "$@" mid-wrap --ledger sho.ledger "${sho[@]}" --trust trust.pem 07-registration 09-verdict mid; }
mid-wrap_after() { [ "$(field .payload.counter after)" = 1 ]; }

dpf-deliver_before() { undelivered; }
dpf-deliver_step() { "$@" dpf-deliver --ledger ro.ledger "${dpf[@]}" --trust trust.pem 11-authorization 11-mid-package; }
dpf-deliver_after() { [ "$(sqlite3 ro.ledger 'SELECT state FROM registration')" = delivered ]; }

dpf-report_before() { sqlite3 ro.ledger "UPDATE registration SET state = 'delivered', report = NULL; DELETE FROM reported"; }
dpf-report_step() { "$@" dpf-report --ledger ro.ledger --trust trust.pem 13-report; }
dpf-report_after() {
	[ "$(sqlite3 ro.ledger 'SELECT state FROM registration')" = installed ] && [ "$(refers)" = sho.example ]
}
# refers - whom the RO refers the device to
refers() { drf-resolve --ledger ro.ledger "${ro[@]}" 06-attach-request | m2m-show --json | jq -r .payload.sho; }

dpf-report.activated_before() { beside; dpf-report --ledger ro.ledger --trust trust.pem second.report; order activate sho2.example; mid-activate --tre m2me order >activated; }
dpf-report.activated_step() { "$@" dpf-report --ledger ro.ledger --trust trust.pem activated; }
dpf-report.activated_after() { [ "$(sqlite3 ro.ledger "SELECT state FROM registration WHERE sho = 'sho2.example'")" = activated ]; }

dpf-ack_before() { :; }
dpf-ack_step() { "$@" dpf-ack --ledger ro.ledger "${dpf[@]}" --trust trust.pem 13-report; }
dpf-ack_after() { [ "$(sqlite3 ro.ledger 'SELECT count(ack) FROM reported')" = 1 ]; }

tre-settle_before() { dpf-ack --ledger ro.ledger "${dpf[@]}" --trust trust.pem 13-report >ack; }
tre-settle_step() { "$@" tre-settle --tre m2me ack; }
tre-settle_after() { tre-outbox --tre m2me | none; }

# waits FILE - what the step answered is what waits to be acknowledged
waits() { tre-outbox --tre m2me | cmp - "$1"; }

tre-outbox.drop_before() { tre-show --tre m2me | m2m-show --json | jq -r '.waiting[0].digest' >dropped; }
tre-outbox.drop_step() {	# what it says of the loss is no complaint
	{
		"$@" tre-outbox --tre m2me --drop "$(<dropped)" --force 2>&1 >&8 | { grep -v ' is lost$' >&2 || true; }
		return "${PIPESTATUS[0]}"
	} 8>&1
}
tre-outbox.drop_after() { tre-outbox --tre m2me | none; }

mid-install_before() { uninstalled; }
mid-install_step() { "$@" mid-install --tre m2me 12-delivery; }
mid-install_after() {
	[ "$(sqlite3 m2me "SELECT count(*), sum(state = 'active') FROM application")" = "2|2" ] &&
		[ "$(sqlite3 m2me "SELECT last FROM counter")" = 1 ] && waits after
}

# order WHAT SHO - an order to the world's device about the first MID of that operator
order() { us-order --ledger us.ledger "${us[@]}" --order "$1" --sho "$2" --mid 8988000000000000016 "${@:3}" inventory >order; }

mid-activate_before() { beside; order activate sho2.example --former discarded; }
mid-activate_step() { "$@" mid-activate --tre m2me order; }
mid-activate_after() {
	[ "$(sqlite3 m2me "SELECT sho, state FROM application WHERE kind = 'usim' ORDER BY sho")" = "sho.example|discarded
sho2.example|active" ]
}

mid-delete_before() { order delete sho.example; }
mid-delete_step() { "$@" mid-delete --tre m2me order; }
mid-delete_after() { [ "$(sqlite3 m2me "SELECT state FROM application WHERE kind = 'usim'")" = discarded ]; }

sho-authorize.delete_before() { governed '{delete_by: "sho", replace_by: "owner"}'; }
sho-authorize.delete_step() { "$@" sho-authorize --scope delete --ledger sho.ledger "${sho[@]}" --trust trust.pem report; }
sho-authorize.delete_after() { [ "$(sqlite3 sho.ledger 'SELECT count(*) FROM deletion')" = 1 ]; }

mid-delete.authorized_before() { sho-authorize.delete_before; sho-authorize.delete_step env >authorization; }
mid-delete.authorized_step() { "$@" mid-delete --tre m2me authorization; }
mid-delete.authorized_after() { mid-delete_after && sound 001010000000001; }

mid-gen.update_before() { :; }
mid-gen.update_step() { "$@" mid-gen --ledger sho.ledger --update 001020000000001; }
mid-gen.update_after() { [ "$(sqlite3 sho.ledger 'SELECT count(*) FROM successor')" = 1 ] && sound 001020000000001; }

mid-wrap.update_before() { renewed; sqlite3 sho.ledger "DELETE FROM successor_package"; }
mid-wrap.update_step() { "$@" mid-wrap --ledger sho.ledger "${sho[@]}" --trust trust.pem update update.verdict new; }
mid-wrap.update_after() { [ "$(sqlite3 sho.ledger 'SELECT count(*) FROM successor_package')" = 1 ]; }

mid-install.update_before() { renewed; }
mid-install.update_step() { "$@" mid-install --tre m2me update.delivery; }
mid-install.update_after() { sound 001020000000001 && cp after update.report && heard && sound 001020000000001; }

sho-report_before() { rekeyed; }
sho-report_step() { "$@" sho-report --ledger sho.ledger --trust trust.pem update.report; }
sho-report_after() { [ "$(sqlite3 sho.ledger 'SELECT count(*) FROM successor')" = 0 ] && sound 001020000000001; }

sho-ack_before() { order delete sho.example; mid-delete --tre m2me order >notice; }
sho-ack_step() { "$@" sho-ack --ledger sho.ledger "${sho[@]}" --trust trust.pem notice; }
sho-ack_after() { [ "$(sqlite3 sho.ledger 'SELECT state FROM identity')" = quarantined ]; }

# A change of operator: whatever is killed when, the device gets on line.
sho-switch.order_before() { ordered; mv attach answer; rm m2me*; cp -a "$BATS_RUN_TMPDIR"/world/flow/m2me* .; }
sho-switch.order_step() { "$@" sho-switch --tre m2me order; }
sho-switch.order_after() { cmp after answer && sound 001020000000001; }

sho-switch.registration_before() { registered; }
sho-switch.registration_step() { "$@" sho-switch --tre m2me second; }
sho-switch.registration_after() { packed second after && sound 001020000000001; }

sho-switch.delivery_before() { attested; }
sho-switch.delivery_step() { "$@" sho-switch --tre m2me second.delivery; }
sho-switch.delivery_after() { sound 001010000000001; }

sho-switch.ack_before() { discarded; }
sho-switch.ack_step() { "$@" sho-switch --tre m2me ack; }
sho-switch.ack_after() { sound 001030000000001; }

dpf-report.release_before() { discarded; sho-switch --tre m2me ack | m2m-show --json | sed 1q | m2m-make report >free; }
dpf-report.release_step() { "$@" dpf-report --ledger ro.ledger --trust trust.pem "${dpf[@]}" free; }
dpf-report.release_after() { [ "$(field '[.type, .payload.sho] | join(" ")' after)" = "release/1 sho2.example" ]; }

# A renewal of the PCID: whatever is killed when, the old one or the new one is let in.
asked() {
	pcid-gen --plmn 001-01 --ro ro.example --first 001010000000002 >new
	pcid-load --ledger ro.ledger --dormant new
	tre-attach --tre m2me --pcid | drf-resolve --ledger ro.ledger "${ro[@]}" --renew |
		drf-register --ledger ro.ledger "${ro[@]}" --trust trust.pem >second
	tre-attest --tre m2me second >evidence
	pva-verify "${pva[@]}" --trust trust.pem --policy "$examples/pva.cnf" second evidence >verdict
}
wrapped() { asked; pcid-wrap_step >package; }
brought() { wrapped; pcid-install --tre m2me package >report; }
lets_in() { tre-attach --tre m2me "$1" >with && [ "$(field .identity with)" = "$2" ] && aka "$2"; }

pcid-wrap_before() { asked; }
pcid-wrap_step() { "$@" pcid-wrap --ledger ro.ledger "${ro[@]}" --trust trust.pem second verdict new; }
pcid-wrap_after() {
	lets_in --pcid 001010000000001 && pcid-install --tre m2me after >report && lets_in --pcid 001010000000002
}

pcid-install_before() { wrapped; }
pcid-install_step() { "$@" pcid-install --tre m2me package; }
pcid-install_after() { lets_in --former 001010000000001 && lets_in --pcid 001010000000002; }

usim-auth.renewal_before() {
	brought
	tre-attach --tre m2me --pcid | vno-request --plmn 901-70 --count 2 | av-answer --ledger ro.ledger | vno-challenge >both
	m2m-show --json both | sed 1q | m2m-make challenge >challenge
}
usim-auth.renewal_step() { "$@" usim-auth --tre m2me challenge; }
usim-auth.renewal_after() {
	[ "$(sqlite3 m2me "SELECT group_concat(state) FROM application WHERE kind = 'pcid'")" = discarded,active ] &&
		lets_in --pcid 001010000000002
}

pcid-install.used_before() { brought; lets_in --pcid 001010000000002; }
pcid-install.used_step() { "$@" pcid-install --tre m2me --used; }
pcid-install.used_after() { lets_in --pcid 001010000000002; }

dpf-report.renewal_before() { pcid-install.used_before; pcid-install --tre m2me --used >used; }
dpf-report.renewal_step() { "$@" dpf-report --ledger ro.ledger --trust trust.pem used; }
dpf-report.renewal_after() {
	[ "$(sqlite3 ro.ledger "SELECT group_concat(not_after > 0) FROM identity")" = 1,0 ] &&
		lets_in --pcid 001010000000002
}

us-order_before() { :; }
us-order_step() { "$@" us-order --ledger us.ledger "${us[@]}" --order re-provision --sho sho2.example inventory; }
us-order_after() { [ "$(field .payload.counter after)" = 1 ]; }

tre-load_before() { rm m2me m2me.storage-key; tre-init --tre m2me --serial M2ME-0001; tre-csr --tre m2me >csr.pem
	plc-sign --key m2mes.key --cert m2mes.pem --state state.cnf csr.pem >plc.pem; }
tre-load_step() { "$@" tre-load --tre m2me --trust trust.pem plc.pem pcid; }
tre-load_after() { [ "$(tre-show --tre m2me | m2m-show --json | jq -r '.anchors, .pcid, (.plc | length)' | tr '\n' ' ')" = "2 001010000000001 64 " ]; }

plc-sign_before() { sqlite3 m2mes.ledger "DELETE FROM plc"; }
plc-sign_step() { "$@" plc-sign --ledger m2mes.ledger --key m2mes.key --cert m2mes.pem --state state.cnf csr.pem; }
plc-sign_after() { [ "$(sqlite3 m2mes.ledger "SELECT hex(object) FROM plc" | tr A-F a-f)" = "$(openssl x509 -in after -outform der | hex)" ]; }

plc-revoke_before() { :; }
plc-revoke_step() { "$@" plc-revoke --ledger m2mes.ledger --reason keyCompromise plc.pem; }
plc-revoke_after() { [ "$(sqlite3 m2mes.ledger "SELECT reason FROM plc")" = 1 ]; }

# What gives something new each time: what left must not come again, and must be known.

mid-gen_before() { :; }
mid-gen_step() { "$@" mid-gen --profile "$examples/mid.cnf" --ledger sho.ledger --count 2; }
mid-gen_after() {
	cat before after | m2m-show --json --reveal | jq -r .usim.imsi >imsis
	[ "$(cat before after | m2m-show --json --reveal | jq -r '.usim | .imsi, .k' | sort | uniq -d | wc -l)" = 0 ] &&
		sqlite3 sho.ledger "SELECT identity FROM identity" | grep -cxFf imsis | grep -qx "$(wc -l <imsis)"
}

pcid-gen_before() { pcid-gen --ledger ro.ledger --plmn 001-01 --ro ro.example >first; }
pcid-gen_step() { "$@" pcid-gen --ledger ro.ledger --plmn 001-01 --ro ro.example --count 3; }
pcid-gen_after() { [ "$(cat first before after | m2m-show --json | jq -r .pcid | sort | uniq -d | wc -l)" = 0 ]; }

plc-crl_before() { plc-revoke --ledger m2mes.ledger --reason keyCompromise plc.pem; }
plc-crl_step() { "$@" plc-crl --ledger m2mes.ledger --key m2mes.key --cert m2mes.pem; }
plc-crl_after() {
	: >numbers
	{ [ ! -s before ] || openssl crl -in before -noout -crlnumber >numbers; } &&
		openssl crl -in after -noout -crlnumber >>numbers && [ -z "$(uniq -d numbers)" ]
}

tre-attest_before() { amend m2me "DELETE FROM provisioning"; }
tre-attest_step() { "$@" tre-attest --tre m2me 07-registration; }
tre-attest_after() { [ "$(sqlite3 m2me 'SELECT count(*) FROM provisioning')" = 1 ]; }

drf-set_before() { sqlite3 ro.ledger "DELETE FROM drf"; sed 's/^00101 .*/&\n00102 = sho_example/' "$examples/drf.cnf" >table; }
drf-set_step() { "$@" drf-set --ledger ro.ledger table; }
drf-set_after() { [ "$(sqlite3 ro.ledger 'SELECT count(*) FROM drf')" = 2 ]; }

tre-init_before() { rm m2me m2me.storage-key; }
tre-init_step() { "$@" tre-init --tre m2me --serial M2ME-0001; }
tre-init_after() { tre-csr --tre m2me >csr.pem && [ "$(stat -c %a m2me m2me.storage-key | tr '\n' ' ')" = "600 600 " ]; }

# A card answers a challenge once; the next one it always answers.
usim-auth_before() {
	av-answer --ledger sho.ledger <(m2m-make av-request <<<"${request/00101/00102}") | vno-challenge >both
	m2m-show --json both | sed 1q | m2m-make challenge >challenge
	m2m-show --json both | sed 1d | m2m-make challenge >next
}
usim-auth_step() { "$@" usim-auth --tre m2me challenge; }
usim-auth_after() {
	{ [ ! -s before ] || [ "$(field .res before)" = null ] || [ "$(field .auts after)" != null ]; } &&
		usim-auth --tre m2me next >response
}

same='av-answer pcid-load drf-register sho-authorize mid-wrap dpf-deliver dpf-report dpf-ack tre-settle tre-outbox.drop mid-install mid-activate mid-delete sho-ack us-order tre-load drf-set plc-sign plc-revoke
	sho-authorize.delete mid-delete.authorized mid-gen.update mid-wrap.update mid-install.update sho-report
	sho-switch.order sho-switch.registration sho-switch.delivery sho-switch.ack
	dpf-report.release dpf-report.activated pcid-wrap pcid-install pcid-install.used dpf-report.renewal'
new='mid-gen pcid-gen tre-attest usim-auth usim-auth.renewal tre-init plc-crl'
some='av-answer mid-wrap mid-install pcid-gen tre-init sho-switch.delivery sho-switch.ack'

# --- striking ---

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	case $BATS_TEST_DESCRIPTION in
	*\[strace\]*) strace -f -o trace true 2>/dev/null || skip "strace cannot trace here" ;;
	esac
}

# ready STEP - its world, and a copy of all state to start from each time
ready() {
	world
	"$1_before"
	mkdir then
	cp -a $(ls m2me m2me.storage-key ./*.ledger 2>/dev/null) then
}

again() {
	rm -f m2me m2me[.-]* ./*.ledger*
	cp -a then/. .
}

# repeated STEP - the same step once more, without a fault
repeated() {
	local status=0
	"$1_step" >after 2>said || status=$?
	case $1:$status:$(cat said) in
	*:0:) ;;
	tre-init:1:"tre-init: 'm2me' holds a device [already-initialised]") ;;
	usim-auth*:1:"usim-auth: item 1: challenge.autn: SQN is not fresh (TS 33.102 6.3.3) [sync-failure]") ;;
	*) cat said; return 1 ;;
	esac
	case " $same " in
	*" $1 "*) ! [ -s before ] || cmp before after || return 1 ;;
	esac
	"$1_after" >&2 || { echo "$1 left unsound state"; return 1; }
}

# struck FAULT CALL N STEP - the step from its beginning, with a fault at its Nth CALL; 2: it has no Nth
struck() {
	local status=0
	again
	"$4_step" strace -f -o trace -e "trace=$2" -e "inject=$2:$1:when=$3" >before 2>said || status=$?
	grep -q -e INJECTED -e 'killed by SIGKILL' trace || return 2
	case $1:$status in
	signal=KILL:137 | error=*:3) ;;
	error=*:0) [ ! -s said ] || [ "$2" = write ] || { cat said; return 1; } ;;	# nothing depended on it
	*) echo "status $status"; cat said; return 1 ;;
	esac
	repeated "$4"
}

# strike FAULT STEP CALL... - a fault at each of these calls, one at a time
strike() {
	local call n status hits=0
	ready "$2"
	for call in "${@:3}"; do
		for ((n = 1; n < 200; n++)); do
			status=0
			struck "$1" "$call" "$n" "$2" >why || status=$?
			[ "$status" != 2 ] || break
			[ "$status" = 0 ] || { echo "$2: $1 at $call $n: $(cat why)"; return 1; }
			hits=$((hits + 1))
		done
	done
	[ "$hits" -ge 5 ] || { echo "$2: $1 hit only $hits times"; return 1; }
}

# each FAULT STEP... - of these steps, side by side
each() {
	local fault=$1 step failed=0
	local -A jobs
	world	# made once
	for step in "${@:2}"; do
		mkdir "at-$step"
		(cd "at-$step" && "$fault" "$step") >"$step.log" 2>&1 3>&- &
		jobs[$step]=$!
	done
	for step in "${@:2}"; do
		wait "${jobs[$step]}" || { grep -v ' Killed ' "$step.log"; failed=1; }
	done
	return $failed
}

killed() { strike signal=KILL "$1" write pwrite64 fdatasync fsync ftruncate unlink link rename; }
full() { strike error=ENOSPC "$1" write pwrite64 ftruncate; }
broken() { strike error=EIO "$1" write pwrite64 fdatasync fsync; }

@test "killed at any call, each step goes on where it was, and uses nothing twice [strace]" {
	each killed $same $new
}

@test "on a full disk each step says so, and goes on when there is room [strace]" {
	each full $(slow "$some" "$same $new")
}

@test "on a broken disk each step says so, and goes on when it is repaired [strace]" {
	each broken $(slow "$some" "$same $new")
}

# --- committed, then answered ---

@test "no answer leaves before its state is on the disk [strace]" {
	for step in $same $new; do
		case $step in
		pcid-load | plc-revoke | sho-report | tre-load | tre-settle | tre-outbox.drop | drf-set | tre-init) continue ;;	# they answer nothing
		esac
		mkdir "at-$step"
		cd "at-$step"
		world
		"${step}_before"
		"${step}_step" strace -f -o trace -e trace=pwrite64,fdatasync,fsync,write >before
		# what was written is synced, at least once, before anything goes to standard output
		awk '/ pwrite64\(/ { dirty = 1 } / f(data)?sync\(/ { dirty = 0; synced++ }
			/ write\(1,/ { written++; if (dirty || !synced) bad++ } END { exit bad || !written }' trace || {
			echo "$step:"
			cat trace
			return 1
		}
		cd ..
	done
}

@test "a dialogue gets each answer once its state is on the disk, not at the end" {
	world
	m2m-make av-request <<<"$request" >one
	m2m-make av-request <<<"${request/000102/ff0102}" >two
	mkfifo in out
	av-answer --ledger ro.ledger <in >out 3>&- &
	exec 7>in 8<out
	cat one >&7
	dd bs=64K count=1 <&8 >answer 2>/dev/null
	[ "$(sqlite3 ro.ledger 'SELECT seq FROM identity')" = 4 ]
	[ "$(sqn pcid answer | tail -n 1)" = "4 0" ]
	kill -9 $!
	exec 7>&- 8<&-
	cat one two | av-answer --ledger ro.ledger | sqn pcid - >seqs
	[ "$(cut -d ' ' -f 1 seqs | tr '\n' ' ')" = "2 3 4 5 6 7 " ]
}

# --- full disks that need no strace ---

@test "a full standard output is a fault, and what was answered is answered again" {
	for step in $same $new; do
		case $step in
		pcid-load | plc-revoke | sho-report | tre-load | tre-settle | tre-outbox.drop | drf-set | tre-init) continue ;;
		esac
		mkdir "at-$step"
		cd "at-$step"
		ready "$step"
		status=0
		"${step}_step" >/dev/full 2>said || status=$?
		[ "$status" = 3 ]
		[ "$(sed 's/item [0-9]: //' said)" = "${step%.*}: cannot write: No space left on device" ]
		: >before
		repeated "$step"
		cd ..
	done
}

@test "a closed standard output is a fault" {
	world
	m2m-make av-request <<<"$request" >request
	run -3 --separate-stderr bash -c 'av-answer --ledger ro.ledger request >&-'
	[ "$stderr" = "av-answer: cannot write: Bad file descriptor" ]
	mkfifo out
	sleep 10 <out 3>&- &	# a reader that goes away
	exec 7>out
	kill $!
	wait $! || true
	status=0
	av-answer --ledger ro.ledger request >&7 2>said || status=$?
	exec 7>&-
	[ "$status" = 3 ]
	[ "$(cat said)" = "av-answer: cannot write: Broken pipe" ]
}

limited() {
	(ulimit -f "$1" && "${@:2}")
}

@test "a limit on the size of files is a fault of the world" {
	for step in $same $new; do
		mkdir "at-$step"
		cd "at-$step"
		ready "$step"
		for limit in 0 4 12; do
			again
			status=0
			message=$({ "${step}_step" limited "$limit" | cat >before; exit "${PIPESTATUS[0]}"; } 2>&1) || status=$?
			case $limit:$status:$message in
			[1-9]*:0:) ;;
			*:3:"${step%.*}: "*) [ ! -s before ] ;;
			*) echo "$step: status $status with ulimit -f $limit: $message"; return 1 ;;
			esac
			repeated "$step"
		done
		cd ..
	done
}

# --- asked again ---

@test "each step that remembers gives the same answer again and changes nothing" {
	for step in $same; do
		mkdir "at-$step"
		cd "at-$step"
		world
		"${step}_before"
		"${step}_step" >before
		cp -a m2me.storage-key key
		was=$(state m2me ./*.ledger)
		"${step}_step" | cmp - before
		[ "$(state m2me ./*.ledger)" = "$was" ]
		repeated "$step"
		cd ..
	done
}

# --- several at once ---

# crowd N CMD... - N of it at once, each told its number; fails when one does
crowd() {
	local n=$1 i pids=()
	shift
	for ((i = 0; i < n; i++)); do
		"$@" "$i" 3>&- &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i" || return
	done
}

@test "eight at one ledger take each SQN once, and each in order" {
	world
	pcid-gen --plmn 001-01 --ro ro.example --first 001010000000002 >second
	pcid-load --ledger ro.ledger second
	for i in {0..7}; do
		for identity in 001010000000001 001010000000002; do
			jq -nc --arg i "$identity" --argjson n "$i" 'range(250) | {identity: $i, kind: "umts", count: 1, plmn: "901-7\($n % 4)",
				request: ("000\($n)" + $i + "0000000000" + ("00\(.)" | .[-3:]))}'
		done | m2m-make av-request >"requests.$i"
	done
	ask() {	# in pieces, so that all take turns
		split -n 25 -d "requests.$1" "piece.$1."
		for piece in "piece.$1".*; do
			cat "$piece"
			sleep 0.002
		done | av-answer --ledger ro.ledger >"av.$1"
	}
	crowd 8 ask
	for i in {0..7}; do
		m2m-show --json --reveal "av.$i" >all
		for who in pcid second; do
			grep "$(field .pcid $who)" all | m2m-make av | sqn $who - | sed "s/$/ $i/" >>"$who.seqs"
		done
	done
	for who in pcid second; do
		[ "$(wc -l <"$who.seqs")" = 2000 ]
		cut -d ' ' -f 1,2 "$who.seqs" | sort | uniq -d | none	# no SQN twice
		cut -d ' ' -f 1 "$who.seqs" | sort | uniq -d | none	# nor the same SEQ in two indices
		for i in {0..7}; do
			grep " $i\$" "$who.seqs" | cut -d ' ' -f 1 | sort -c -n -u	# ascending in each answer
			[ "$(grep " $i\$" "$who.seqs" | cut -d ' ' -f 2 | sort -u | wc -l)" = 1 ]
		done
	done
	[ "$(cut -d ' ' -f 3 pcid.seqs | uniq | wc -l)" = 8 ]
	[ "$(sort -n pcid.seqs | cut -d ' ' -f 3 | uniq | wc -l)" -gt 8 ]	# they did take turns
}

@test "two of the same delivery at once install one MID, and report the same" {
	world
	uninstalled
	install() { mid-install --tre m2me 12-delivery >"report.$1"; }
	crowd 4 install
	for i in 1 2 3; do
		cmp report.0 "report.$i"
	done
	[ "$(sqlite3 m2me 'SELECT count(*) FROM application')" = 2 ]
}

@test "two of the same referral at once get the same registration" {
	world
	unregistered
	register() { drf-register --ledger ro.ledger "${ro[@]}" --trust trust.pem 06-referral >"registration.$1"; }
	crowd 4 register
	for i in 1 2 3; do
		cmp registration.0 "registration.$i"
	done
	[ "$(sqlite3 ro.ledger 'SELECT count(*) FROM registration')" = 1 ]
}

@test "one MID wanted for two devices at once is sealed for exactly one" {
	world
	sqlite3 sho.ledger "DELETE FROM package; DELETE FROM counter"
	for i in 0 1 2 3; do
		drf-resolve --ledger ro.ledger "${ro[@]}" --validity $((i + 100)) 06-attach-request >referral
		drf-register --ledger ro.ledger "${ro[@]}" --trust trust.pem referral >"registration.$i"
		tre-attest --tre m2me "registration.$i" >"evidence.$i"
		pva-verify "${pva[@]}" --trust trust.pem --policy "$examples/pva.cnf" "registration.$i" "evidence.$i" >"verdict.$i"
		sho-authorize --ledger sho.ledger "${sho[@]}" --trust trust.pem "registration.$i" "verdict.$i" >"authorization.$i"
	done
	wrap() {
		mid-wrap --ledger sho.ledger "${sho[@]}" --trust trust.pem "registration.$1" "verdict.$1" mid \
			>"package.$1" 2>"said.$1" || echo "$?" >"status.$1"
	}
	crowd 4 wrap
	[ "$(cat status.* | tr '\n' ' ')" = "1 1 1 " ]
	[ "$(cat said.* | sort -u)" = "mid-wrap: mid: item 3: mid.id: 8988000000000000016 was sealed for another device [mid-used]" ]
	[ "$(cat package.* | m2m-show --json | jq -r .payload.counter)" = 1 ]
	[ "$(sqlite3 sho.ledger 'SELECT count(*) FROM package')" = 1 ]
}

@test "several at one range take each number once" {
	gen() { pcid-gen --ledger ledger --plmn 001-01 --ro ro.example --count 20 >"pcids.$1"; }
	crowd 8 gen
	[ "$(cat pcids.* | m2m-show --json | jq -r .pcid | sort -u | wc -l)" = 160 ]
	mint() { mid-gen --ledger ledger --profile "$examples/mid.cnf" --count 20 >"mids.$1"; }
	crowd 8 mint
	[ "$(cat mids.* | m2m-show --json | jq -r .usim.imsi | sort -u | wc -l)" = 160 ]
}

@test "two that make the same TRE at once make one" {
	init() { tre-init --tre m2me --serial "$1" 2>"said.$1" || echo "$?" >"status.$1"; }
	crowd 4 init
	[ "$(cat status.* | tr '\n' ' ')" = "1 1 1 " ]
	tre-csr --tre m2me >csr
}

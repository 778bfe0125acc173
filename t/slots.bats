# SPDX-License-Identifier: Apache-2.0
# The MIDs inside a TRE: only their owner's orders count, only legal moves are made, and there is always a way back.
load helper
load trust

one=8988000000000000016	# the name of the first MID of either operator

# order WHAT SHO [OPTION...] - to the world's device, about the MID one; into the file "order"
order() {
	us-order --ledger us.ledger "${us[@]}" --order "$1" --sho "$2" --mid $one "${@:3}" inventory >order
}

# held - the MIDs inside, a line each
held() {
	tre-show --tre m2me | m2m-show --json | jq -r '.mids[]? | .sho + " " + .state'
}

# unmoved MESSAGE CMD... - refused, and nothing in the TRE is any different
unmoved() {
	local before message=$1
	before=$(state m2me)
	rejects 1 "$2: item 1: $message" "$2" --tre m2me "${@:3}"
	[ "$(state m2me)" = "$before" ]
}

# attaches AS LEDGER PLMN - with that identity, and that ledger lets it in
attaches() {
	tre-attach --tre m2me >attach
	[ "$(field .identity attach)" = "$1" ]
	vno-request --plmn "$3" attach >request
	av-answer --ledger "$2" request >av
	sub-answer --ledger "$2" request >subscription
	vno-challenge av | usim-auth --tre m2me >response
	vno-check --plmn "$3" av subscription response >grant
}

# --- mid-activate ---

@test "mid-activate makes the other MID active, and reports to its operator" {
	world
	beside
	[ "$(held)" = "sho.example active
sho2.example installed" ]
	order activate sho2.example
	mid-activate --tre m2me order >report
	[ "$(field '.payload | [.sho, .mid, .result, .pcid] | join(" ")' report)" = "sho2.example $one activated 001010000000001" ]
	[ "$(field '.payload | .nonce' report)" = "$(field .payload.nonce second)" ]
	[ "$(held)" = "sho.example inactive
sho2.example active" ]
	attaches 001030000000001 sho2.ledger 001-03
	order activate sho.example
	mid-activate --tre m2me order >back
	[ "$(field .payload.sho back)" = sho.example ]
	attaches 001020000000001 sho.ledger 001-02
}

@test "mid-activate answers the same order the same, however late, and changes nothing" {
	world
	beside
	order activate sho2.example --former discarded
	mid-activate --tre m2me order >answers
	before=$(state m2me)
	mid-activate --tre m2me order | cmp - answers
	mirror order <order | mid-activate --tre m2me | cmp - answers
	mid-activate --tre m2me --now $(($(field .payload.exp order) + 30 * day)) order | cmp - answers
	[ "$(state m2me)" = "$before" ]
}

@test "mid-activate discards the former MID when the order says so: nothing of it stays, its operator is told" {
	world
	beside
	sealed=$(sqlite3 m2me "SELECT hex(sealed) FROM application WHERE sho = 'sho.example'")
	order activate sho2.example --former discarded
	mid-activate --tre m2me order >answers
	m2m-show --json answers | sed 1d >notice
	[ "$(jq -r '[.type, (.payload | .sho, .mid, .cause, .counter, .nonce, .pcid)] | join(" ")' notice)" = \
		"discard/1 sho.example $one activate 1 $(field .payload.nonce 07-registration) 001010000000001" ]
	[ "$(held)" = "sho2.example active" ]
	[ "$(sqlite3 m2me "SELECT state, length(sealed) FROM application WHERE sho = 'sho.example'")" = "discarded|0" ]
	[ "$(sqlite3 m2me "SELECT count(*) FROM slot WHERE identity = '001020000000001'")" = 0 ]
	cat m2me m2me-wal 2>/dev/null | hex >bytes
	run -1 grep -c "$(echo "${sealed:0:64}" | tr A-F a-f)" bytes
	order activate sho.example
	unmoved "$one is discarded, and cannot become active [illegal-state]" mid-activate order
}

@test "orders count only from the owner, by its role and name" {
	world
	beside
	order activate sho2.example
	forge order . sho.example <order >forged
	unmoved "order.protected.x5chain: needs the role US, has SHO [wrong-role]" mid-activate forged
	stranger us alien us.example
	forge order . alien <order >forged
	unmoved "order.protected.x5chain: certificate of us.example: no path to an anchor [untrusted-issuer]" \
		mid-activate forged
	certify us us2.example us2.example
	forge order . us2.example <order >forged
	unmoved "order.owner: is not who signed it [wrong-signer]" mid-activate forged
	forge order '.payload.owner = "us2.example"' us2.example <order >forged
	unmoved "order.owner: is us2.example, not this device's [wrong-owner]" mid-activate forged
	edit order '.payload.exp += 1' <order >changed
	unmoved "order.signature: does not verify [bad-signature]" mid-activate changed
}

@test "orders are for one device, one purpose and one time" {
	world
	beside
	order activate sho2.example
	forge order '.payload.ueid |= .[:30] + "09"' us.example <order >forged
	unmoved "order.ueid: is another device's [wrong-device]" mid-activate forged
	unmoved "order.what: needs delete, has activate [wrong-order]" mid-delete order
	exp=$(field .payload.exp order)
	unmoved "order.exp: ended at $(spelt "$exp") [expired]" mid-activate --now "$exp" order
	forge order '.payload.iat += 1000' us.example <order >forged
	unmoved "order.iat: lies in the future, at $(spelt "$(field .payload.iat forged)") [not-yet-valid]" \
		mid-activate --now "$(field .payload.iat order)" forged
	order delete sho2.example
	unmoved "order.what: needs activate, has delete [wrong-order]" mid-activate order
}

@test "no order is obeyed after a later one" {
	world
	beside
	order activate sho2.example
	mv order first
	order delete sho2.example
	mid-delete --tre m2me order >notice
	unmoved "order.counter: is not above that of the last order obeyed [old-counter]" mid-activate first
	forge order '.payload.counter = 2' us.example <first >forged
	unmoved "order.counter: is not above that of the last order obeyed [old-counter]" mid-activate forged
}

@test "mid-activate names what it does not have, and what it cannot do" {
	world
	beside
	for who in sho.example nobody.example; do
		us-order --ledger us.ledger "${us[@]}" --order activate --sho $who --mid other inventory >order
		unmoved "the TRE holds no other of $who [unknown-mid]" mid-activate order
	done
	order activate sho.example
	unmoved "$one is active, and cannot become active [illegal-state]" mid-activate order
	order activate sho2.example
	for change in "not_before = 9999999999|is not valid yet [not-yet-valid]" "not_after = 1|has expired [expired]"; do
		cp m2me then
		amend m2me "UPDATE application SET ${change%|*} WHERE sho = 'sho2.example'"
		unmoved "$one ${change#*|}" mid-activate order
		mv then m2me
	done
}

@test "a device without an owner obeys nobody, and one has only one" {
	world
	beside
	order activate sho2.example
	tre-load --tre m2me us.example.pem
	certify us us2.example us2.example
	rejects 1 "tre-load: item 1: owner: the TRE has another [already-owned]" tre-load --tre m2me us2.example.pem
	stranger us alien us.example
	rejects 1 "tre-load: item 1: owner: certificate of us.example: no path to an anchor [untrusted-issuer]" \
		tre-load --tre m2me alien.pem
	amend m2me "DELETE FROM owner"
	unmoved "the TRE has no owner; see tre-load [no-owner]" mid-activate order
}

# --- mid-delete ---

@test "mid-delete erases a MID and gives notice; its operator may deliver another" {
	world
	beside
	order delete sho2.example
	mid-delete --tre m2me order >notice
	[ "$(field '[.type, (.payload | .sho, .mid, .cause)] | join(" ")' notice)" = "discard/1 sho2.example $one delete" ]
	[ "$(held)" = "sho.example active" ]
	mid-delete --tre m2me order | cmp - notice
	forge order '.payload.counter = 9' us.example <order >forged
	unmoved "$one is discarded, and cannot become discarded [illegal-state]" mid-delete forged
	mid-install --tre m2me second.delivery | cmp - second.report
	[ "$(held)" = "sho.example active" ]
}

@test "mid-delete erases the active MID only while the PCID is valid" {
	world
	order delete sho.example
	amend m2me "UPDATE application SET not_after = 1 WHERE kind = 'pcid'"
	unmoved "without $one the device has neither a valid PCID nor a valid MID that is active [no-way-back]" \
		mid-delete order
	beside_active=$(held)
	[ "$beside_active" = "sho.example active" ]
	amend m2me "UPDATE application SET not_after = 0 WHERE kind = 'pcid'"
	mid-delete --tre m2me order >notice
	[ -z "$(held)" ]
	attaches 001010000000001 ro.ledger 901-70
}

@test "a MID whose policy is its operator's alone is neither deleted nor replaced by the owner's order" {
	governed '{delete_by: "sho", replace_by: "sho"}'
	order delete sho.example
	unmoved "$one is for sho.example alone to have deleted [not-permitted]" mid-delete order
	us-order --ledger us.ledger "${us[@]}" --order re-provision --sho sho2.example inventory >order
	unmoved "$one is for sho.example alone to have replaced [not-permitted]" sho-switch order
	beside
	order activate sho2.example --former discarded
	unmoved "$one is for sho.example alone to have replaced [not-permitted]" mid-activate order
	order activate sho2.example
	mid-activate --tre m2me order >report	# it stays, inactive
	rm -r ./*
	governed '{delete_by: "either", replace_by: "owner"}'
	order delete sho.example
	mid-delete --tre m2me order >notice
	[ -z "$(held)" ]
}

# --- states ---

@test "a MID makes the moves of its table, of all pairs of states these alone" {
	world
	states=(created installed active inactive discarded)
	for from in "${states[@]}"; do
		amend m2me "UPDATE application SET state = '$from' WHERE kind = 'usim'"
		before=$(state m2me)
		cp m2me then
		for n in 1 2 3 4 5; do
			to=${states[n - 1]}
			if moves m2me sho.example $one $n 2>said; then
				echo "$from $to"
				[ "$(sqlite3 m2me "SELECT state FROM application WHERE kind = 'usim'")" = "$to" ]
			else
				[ "$(cat said)" = "moves: $one is $from, and cannot become $to [illegal-state]" ]
				[ "$(state m2me)" = "$before" ]
			fi
			rm -f m2me-wal m2me-shm
			cp then m2me
		done
	done >moves
	diff moves - <<-END
		created installed
		created discarded
		installed active
		installed discarded
		active inactive
		active discarded
		inactive active
		inactive discarded
	END
}

@test "a MID that was only created is neither active nor can it be made so; it can be deleted" {
	world
	amend m2me "UPDATE application SET state = 'created' WHERE kind = 'usim'"
	[ "$(held)" = "sho.example created" ]
	attaches 001010000000001 ro.ledger 901-70
	order activate sho.example
	unmoved "$one is created, and cannot become active [illegal-state]" mid-activate order
	order delete sho.example
	mid-delete --tre m2me order >notice
	[ -z "$(held)" ]
}

# --- quota ---

@test "an operator has no more MIDs in a device than are allowed, and others have theirs" {
	world
	tre-init --tre other --serial 9 --quota 16
	rejects 2 "tre-init: --quota: needs a number from 1 to 16, has '0'" tre-init --tre third --serial 9 --quota 0
	beside
	amend m2me "UPDATE device SET quota = 1; UPDATE provisioning SET package = NULL, report = NULL;
		DELETE FROM application WHERE sho = 'sho.example'; UPDATE counter SET last = 0"
	# sho2.example has one: no second, and what is sealed is not even opened
	forge mid-package '.payload.sealed.ciphertext |= "00" + .[2:]' sho2.example <second.package >package
	parcel second.authorization package ".payload.nonce = \"$(field .payload.nonce second)\"" >forged
	refuses "mid-install: item 1: mid-package.sho: has all the 1 MIDs here that an operator may have [quota]" \
		mid-install --tre m2me forged
	[ "$(field .payload.sho answer)" = sho2.example ]
	mid-install --tre m2me 12-delivery >report
	[ "$(held)" = "sho.example active
sho2.example installed" ]
}

@test "a MID that was discarded counts no more, and does not come back" {
	world
	beside
	order delete sho2.example
	mid-delete --tre m2me order >notice
	amend m2me "UPDATE provisioning SET package = NULL, report = NULL; UPDATE counter SET last = 0"
	refuses "mid-install: item 1: the TRE holds such a MID already [already-known]" mid-install --tre m2me second.delivery
	[ "$(held)" = "sho.example active" ]
}

# --- dpf-report ---

@test "dpf-report passes on, as often as it happens, that a MID was activated" {
	world
	beside
	dpf-report --ledger ro.ledger --trust trust.pem second.report | cmp - second.report
	for who in sho2.example sho.example sho2.example; do
		order activate $who
		mid-activate --tre m2me order >report
		dpf-report --ledger ro.ledger --trust trust.pem report | cmp - report
		dpf-report --ledger ro.ledger --trust trust.pem report | cmp - report
	done
	dpf-report --ledger ro.ledger --trust trust.pem second.report | cmp - second.report
}

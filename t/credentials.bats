# SPDX-License-Identifier: Apache-2.0
# Credentials on their way in and out: OPc from OP, keys that all the world knows, other programs' forms.
load helper

pcid=001010000000001

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	pcid-gen --plmn 001-01 --ro ro.example --first $pcid >pcid
	pcid-gen --plmn 001-01 --ro ro.example --first $pcid --algorithm tuak >tuak
	pcid-gen --plmn 001-01 --ro ro.example --first $pcid --algorithm xor --allow-test-keys >xor
}

# --- opc-derive -------------------------------------------------------------------------

@test "OPc follows from OP and K, and nothing else changes" {
	echo cdc202d5123e20f62b6d676ac72cb318 >op
	edit pcid '.k = "465b5ce8b199b49faa5f0a2ee238a6bc" | .sqn = 320 | .batch = "b"' <pcid >before
	opc-derive --op op before >after
	[ "$(m2m-show --json --reveal after | jq -r .opc)" = cd63cb71954a9f4e48a5994e37a02baf ]
	diff <(m2m-show --json --reveal before | jq -c 'del(.opc)') \
		<(m2m-show --json --reveal after | jq -c 'del(.opc)')
}

@test "one run derives for both algorithms" {
	echo cdc202d5123e20f62b6d676ac72cb318 >op
	printf '%s\r\n' "$(printf '%064d' 7)" >top
	opc-derive --op op --top top pcid tuak | cmp - <(opc-derive --op op pcid; opc-derive --top top tuak)
}

@test "a file that is not an OP is refused, before anything is written" {
	op=cdc202d5123e20f62b6d676ac72cb318
	for wrong in '' ${op%?} ${op}0 "$op$op" "$op$op$op" "$op $op" " $op" "${op%?}g" "0x$op"; do
		echo "$wrong" >op
		rejects 2 "opc-derive: --op: 'op' needs 32 hex digits and nothing else" opc-derive --op op pcid
	done
	printf '%s\n%s\n' $op $op >op
	rejects 2 "opc-derive: --op: 'op' needs 32 hex digits and nothing else" opc-derive --op op pcid
	printf '%s\0' $op >op
	rejects 2 "opc-derive: --op: 'op' needs 32 hex digits and nothing else" opc-derive --op op pcid
	cbor $op >op
	rejects 2 "opc-derive: --op: 'op' needs 32 hex digits and nothing else" opc-derive --op op pcid
	echo $op >op
	rejects 2 "opc-derive: --top: 'op' needs 64 hex digits and nothing else" opc-derive --top op tuak
	rejects 3 "opc-derive: --op: cannot open 'none': No such file or directory" opc-derive --op none pcid
	rejects 3 "opc-derive: --op: cannot read '.': Is a directory" opc-derive --op . pcid
}

@test "an OP is not used for another algorithm" {
	echo cdc202d5123e20f62b6d676ac72cb318 >op
	printf '%064d\n' 7 >top
	rejects 2 'opc-derive: item 1: pcid.algorithm: is TUAK: needs --top' opc-derive --op op tuak
	rejects 2 'opc-derive: item 1: pcid.algorithm: is MILENAGE: needs --op' opc-derive --top top pcid
	rejects 2 'opc-derive: item 1: pcid.algorithm: has neither OPc nor TOPc' opc-derive --op op xor
	rejects 2 'opc-derive: needs --op or --top; see opc-derive --help' opc-derive pcid
}

# --- keys that all the world knows ---------------------------------------------------------

known() { # ITEM - pcid-load refuses it, unless allowed
	rejects 1 'pcid-load: item 1: pcid.k: is known to all the world; see --allow-test-keys [sample-key]' \
		pcid-load --ledger ro.ledger "$1"
	[ "$(sqlite3 ro.ledger 'SELECT count(*) FROM identity')" -eq 0 ]
	pcid-load --ledger test.ledger --allow-test-keys "$1"
	[ "$(sqlite3 test.ledger 'SELECT count(*) FROM identity')" -eq 1 ]
	rm test.ledger*
}

@test "a key of a published test set is refused, and allowed for tests" {
	for k in $(grep -h '^[0-9a-f]* [0-9a-f]* [0-9a-f]* [0-9a-f]* [0-9a-f]* [0-9a-f]*$' "$root/t/vectors/gsm" |
		cut -d ' ' -f 1) 5122250214c33e723a5dd523fc145fc0 90dca4eda45b53cf0f12d7c9c3bc6a89; do
		edit pcid ".k = \"$k\"" <pcid >sample
		known sample
		echo $k >>tried
	done
	for k in $(grep -v '^#' "$root/t/vectors/tuak" | cut -d ' ' -f 2 | sort -u); do
		edit pcid ".k = \"$k\"" <tuak >sample
		known sample
		echo $k >>tried
	done
	[ "$(wc -l <tried)" -eq 15 ]
}

@test "a byte repeated, and K equal to OPc or TOPc, are refused" {
	for filter in '.k = "00" * 16' '.k = "ff" * 16' '.k = .opc' '.opc = .k'; do
		edit pcid "$filter" <pcid >sample
		known sample
	done
	for filter in '.k = "00" * 32' '.k = .topc'; do
		edit pcid "$filter" <tuak >sample
		known sample
	done
}

@test "pcid-gen and mid-gen notice that their randomness is none" {
	head -c 4096 /dev/zero >zeros
	rejects 1 'pcid-gen: k: is known to all the world; see --allow-test-keys [sample-key]' \
		pcid-gen --plmn 001-01 --ro ro.example --first $pcid --random zeros
	rejects 1 'mid-gen: k: is known to all the world; see --allow-test-keys [sample-key]' \
		mid-gen --profile "$root/share/examples/mid.cnf" --ledger sho.ledger --random zeros
	[ "$(sqlite3 sho.ledger 'SELECT count(*) FROM identity')" -eq 0 ]
	pcid-gen --plmn 001-01 --ro ro.example --first $pcid --random zeros --allow-test-keys |
		m2m-show --json --reveal | jq -e '.k == "00" * 16'
	mid-gen --profile "$root/share/examples/mid.cnf" --ledger sho.ledger --random zeros --allow-test-keys |
		m2m-show --json --reveal | jq -e '.usim.k == "00" * 16'
}

@test "after a sample key the others are loaded with --keep-going" {
	edit pcid '.k = "00" * 16' <pcid >sample
	pcid-gen --plmn 001-01 --ro ro.example --first 001010000000002 >other
	run -1 --separate-stderr pcid-load --ledger ro.ledger --keep-going sample other
	[ "$(sqlite3 ro.ledger 'SELECT identity FROM identity')" = 001010000000002 ]
}

# --- sim-export -----------------------------------------------------------------------------

# of ITEM FIELD - from its JSON
of() {
	m2m-show --json --reveal "$1" | jq -r ".$2"
}

# hlr - an empty database like OsmoHLR's
hlr() {
	sqlite3 hlr.db 'CREATE TABLE subscriber(id INTEGER PRIMARY KEY, imsi TEXT, nam_cs, nam_ps);
		CREATE TABLE auc_3g(subscriber_id, algo_id_3g, k, opc, sqn, ind_bitlen)'
}

@test "osmo-hlr gets SQL for MILENAGE and XOR" {
	hlr
	edit pcid '.sqn = 4096 | .options = {ind_bits: 6}' <pcid >other
	edit pcid '.pcid = "001010000000002"' <xor >second
	sim-export --for osmo-hlr other second | sqlite3 hlr.db
	sqlite3 hlr.db 'SELECT imsi, nam_cs, nam_ps, algo_id_3g, k, opc, sqn, ind_bitlen FROM subscriber
		JOIN auc_3g ON id = subscriber_id ORDER BY imsi' >rows
	diff rows - <<-E
		$pcid|1|1|5|$(of other k)|$(of other opc)|4032|6
		001010000000002|1|1|4|$(of second k)||0|5
	E
}

@test "what osmo-hlr cannot hold keeps it from taking anything" {
	hlr
	for option in '' --keep-going; do
		run -1 --separate-stderr sim-export --for osmo-hlr $option pcid tuak
		[ "$stderr" = "sim-export: tuak: item 2: algorithm: the target cannot hold tuak [not-representable]" ]
		[ "$(grep -c '^INSERT' <<<"$output")" -eq 2 ]
		[ "$(grep -c '^COMMIT' <<<"$output")" -eq 0 ]
		sqlite3 hlr.db <<<"$output"
		[ "$(sqlite3 hlr.db 'SELECT count(*) FROM subscriber')" -eq 0 ]
	done
}

@test "hostapd gets a line of its milenage file" {
	edit pcid '.sqn = 4096' <pcid >other
	[ "$(sim-export --for hostapd other)" = "$pcid $(of pcid k) $(of pcid opc) 8000 000000000fe0" ]
}

@test "open5gs gets JSON lines" {
	edit pcid '.sqn = 281474976710624' <pcid >other
	sim-export --for open5gs pcid other >lines
	[ "$(jq -s length lines)" -eq 2 ]
	head -n 1 lines | jq -r '[.imsi, .security.k, .security.opc, .security.amf,
		.security.sqn["$numberLong"], .security.op] | join(" ")' >ours
	diff ours <(echo "$pcid $(of pcid k) $(of pcid opc) 8000 32 ")
	[ "$(tail -n 1 lines | jq -r '.security.sqn["$numberLong"]')" = 281474976710624 ]
}

@test "free5gc gets JSON lines" {
	edit pcid '.sqn = 4096' <pcid >other
	sim-export --for free5gc other | jq -r '[.ueId, .permanentKey.permanentKeyValue, .opc.opcValue,
		.milenage.op.opValue, .authenticationManagementField, .sequenceNumber] | join(" ")' >ours
	diff ours <(echo "imsi-$pcid $(of pcid k) $(of pcid opc)  8000 000000001000")
}

@test "pysim gets CSV with one heading, of MIDs too" {
	mid-gen --profile "$root/share/examples/mid.cnf" --ledger sho.ledger >mid
	sim-export --for pysim pcid mid >csv
	diff csv - <<-E
		imsi,ki,opc
		$pcid,$(of pcid k),$(of pcid opc)
		$(of mid usim.imsi),$(of mid usim.k),$(of mid usim.opc)
	E
}

@test "strongswan gets triplets, and takes nothing else" {
	av-gen --kind gsm --count 3 pcid >av
	diff <(sim-export --for strongswan av) \
		<(m2m-show --json --reveal av | jq -r '[.identity, .rand, .sres, .kc] | join(",")')
	av-gen pcid >umts
	rejects 2 'sim-export: item 1: av.kind: needs gsm, has umts' sim-export --for strongswan umts
	rejects 2 'sim-export: item 1: needs av/1, has pcid/1' sim-export --for strongswan pcid
	rejects 2 'sim-export: item 1: needs pcid/1 or mid/1, has av/1' sim-export --for pysim av
}

@test "each program is refused what it cannot hold, and nothing is written" {
	refused() { # ITEM WHERE WHAT
		for program in $programs; do
			rejects 1 "sim-export: item 1: $2: the target cannot hold $3 [not-representable]" \
				sim-export --for $program "$1"
		done
	}
	programs='osmo-hlr hostapd open5gs free5gc pysim'
	refused tuak algorithm tuak
	edit pcid '.rotations = "4000204060" | .xorings = "00" * 80' <pcid >own
	refused own rotations "an operator's own constants"
	for options in '{delta: 5}' '{age_limit: 5}'; do
		edit pcid ".options = $options" <pcid >limits
		refused limits options "the card's limits"
	done
	programs='hostapd open5gs free5gc pysim'
	refused xor algorithm xor
	edit pcid '.options = {ind_bits: 6}' <pcid >ind
	refused ind options.ind_bits 'another length of IND than 5'
}

@test "a program must be named, and known" {
	rejects 2 'sim-export: --for is required; see sim-export --help' sim-export pcid
	rejects 2 "sim-export: --for: there is no program 'hlr'; see sim-export --help" sim-export --for hlr pcid
}

@test "a full disk is said" {
	run -3 --separate-stderr bash -c 'sim-export --for osmo-hlr pcid >/dev/full'
	[ "$stderr" = "sim-export: cannot write: No space left on device" ]
	run -3 --separate-stderr bash -c 'echo cdc202d5123e20f62b6d676ac72cb318 >op; opc-derive --op op pcid >/dev/full'
	[ "$stderr" = "opc-derive: cannot write: No space left on device" ]
}

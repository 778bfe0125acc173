# SPDX-License-Identifier: Apache-2.0
# Real peers, unmodified, on both ends: hostapd and eapol_test, osmo-hlr, osmo-auc-gen.
load helper

realm=nai.epc.mnc001.mcc001.3gppnetwork.org
pcid=001010000000001
PATH=$PATH:/usr/sbin	# hostapd lies there

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	pcid-gen --plmn 001-01 --ro ro.example --first $pcid >pcid
	pcid-load --ledger ro.ledger <pcid
	tre-init --tre m2me --serial M2ME-0001
	tre-load --tre m2me <pcid
}

needs_eap() {
	local what
	for what in hostapd eapol_test ip unshare; do
		command -v $what >/dev/null || skip "no $what: its package cannot be installed here"
	done
	unshare -rn true 2>/dev/null || skip "no network namespace can be made here"
}

eap() { # METHOD IDENTITY
	"$root/share/flows/eap-run" "$1" "$2@$realm"
}

seq() { # what the ledger counts
	sqlite3 ro.ledger "SELECT seq FROM identity"
}

@test "EAP-SIM, EAP-AKA and EAP-AKA' succeed between hostapd and eapol_test" {
	needs_eap
	eap SIM 1$pcid
	eap AKA 0$pcid
	eap "AKA'" 6$pcid
	none <auc.log
	none <usim.log
	grep -q "MPPE keys OK: 1" eapol.log
}

@test "a card that is ahead is resynchronised by AUTS, and the run succeeds" {
	needs_eap
	amend m2me "INSERT INTO slot VALUES('$pcid', 0, 700000)"
	eap AKA 0$pcid
	[ "$(cat usim.log)" = "usim-wpa: challenge.autn: SQN is not fresh (TS 33.102 6.3.3) [sync-failure]" ]
	none <auc.log
	[ "$(seq)" -eq 700001 ]
}

@test "a wrong K fails: the card refuses the network" {
	needs_eap
	pcid-gen --plmn 001-01 --ro ro.example --first $pcid >other
	tre-init --tre other.tre --serial other
	tre-load --tre other.tre <other
	mv other.tre m2me
	mv other.tre.storage-key m2me.storage-key
	rm -f m2me-wal m2me-shm
	run eap AKA 0$pcid
	[ "$status" -ne 0 ] && [ "$status" -ne 99 ]
	[ "$(sort -u usim.log)" = "usim-wpa: challenge.autn: MAC is wrong (TS 33.102 6.3.3) [mac-failure]" ]
}

@test "an AMF without separation bit fails with EAP-AKA'" {
	needs_eap
	rm ro.ledger* m2me*
	pcid-gen --plmn 001-01 --ro ro.example --first $pcid --amf 0000 >pcid
	pcid-load --ledger ro.ledger <pcid
	tre-init --tre m2me --serial M2ME-0001
	tre-load --tre m2me <pcid
	eap AKA 0$pcid
	run eap "AKA'" 6$pcid
	[ "$status" -ne 0 ] && [ "$status" -ne 99 ]
	grep -qi "separation bit" eapol.log
}

@test "an unknown identity fails, and av-hostapd says which" {
	needs_eap
	run eap AKA 0001010000000009
	[ "$status" -ne 0 ] && [ "$status" -ne 99 ]
	[ "$(sort -u auc.log | head -1)" = "av-hostapd: item 1: 001010000000009 is not in the ledger [unknown-identity]" ]
}

@test "a stock osmo-hlr answers for 100,000 of our subscribers" {
	command -v osmo-hlr >/dev/null || skip "no osmo-hlr: its package cannot be installed here"
	unshare -rn true 2>/dev/null || skip "no network namespace can be made here"
	pcid-gen --plmn 001-01 --ro ro.example --first 001010000100001 --count 100000 >many
	osmo-hlr-db-tool -s -l hlr.db create >/dev/null 2>&1
	sim-export --for osmo-hlr <many | sqlite3 hlr.db
	[ "$(sqlite3 hlr.db "SELECT count(*) FROM auc_3g")" -eq 100000 ]
	: >hlr.cfg
	unshare -rn sh -c '
		ip link set lo up
		osmo-hlr -s -c hlr.cfg -l hlr.db >hlr.log 2>&1 &
		hlr=$!
		for i in $(seq 100); do
			python3 "$0" 4222 001010000150000 >vectors 2>/dev/null && [ -s vectors ] && break
			sleep 0.05
		done
		python3 "$0" 4222 001019999999999 >unknown
		kill $hlr; wait $hlr' "$root/t/gsup.py" || true
	[ "$(wc -l <vectors)" -ge 1 ]
	[ "$(cat unknown)" = "error 2" ]
	# the same RAND and SQN by our own hand give the same vector
	read -r rand autn xres ck ik <vectors
	m2m-show --json --reveal many | sed -n 50000p >subscriber
	[ "$(jq -r .pcid subscriber)" = 001010000150000 ]
	cbor "$rand" >rand
	jq -c ".amf = \"${autn:12:4}\" | .sqn = 32" subscriber | m2m-make pcid | av-gen --random rand |
		m2m-show --json --reveal | jq -r '[.xres, .ck, .ik] | join(" ")' | diff <(echo "$xres $ck $ik") -
}

# SPDX-License-Identifier: Apache-2.0
# The XOR test algorithm, and both it and MILENAGE against an implementation of others, osmo-auc-gen.
load helper

pcid=001010000000001

# dice N HEX - bytes that look random and are the same in every run, as lines of 2 * HEX digits
dice() {
	openssl enc -aes-128-ctr -K "$(printf '%032d' 1)" -iv "$(printf '%032d' "$2")" </dev/zero 2>/dev/null |
		head -c $(($1 * $2)) | hex | fold -w $((2 * $2))
	echo
}

# credentials - lines "k opc amf sqn" to pcids for algorithm $1
credentials() {
	jq -Rc --arg algorithm "$1" 'split(" ") as [$k, $opc, $amf, $sqn] | {pcid: "001010000000001",
		plmn: "001-01", ro: "ro.example", algorithm: $algorithm, k: $k, amf: $amf, sqn: ($sqn | tonumber)} +
		if $algorithm == "milenage" then {opc: $opc} else {} end' | m2m-make pcid
}

# inputs N - lines "k opc amf sqn rand", with SQNs of any size
inputs() {
	dice "$1" 56 | while read -r d; do
		echo "${d:0:32} ${d:32:32} ${d:64:4} $((16#${d:68:12} >> 16#${d:111:1} * 2)) ${d:80:32}"
	done
}

# osmo ARGUMENT... - "res ck ik autn sres kc", as osmo-auc-gen has them
osmo() {
	osmo-auc-gen -3 "$@" | awk -F ':\t' '{ v[$1] = $2 } END {
		print v["RES"], v["CK"], v["IK"], v["AUTN"], v["SRES"], v["Kc"] }'
}

# vectors - the same of the pcids on stdin, RANDs in the file rands
vectors() {
	cat >pcids
	paste -d ' ' <(av-gen --random rands pcids | m2m-show --json --reveal |
		jq -r '[.xres, .ck, .ik, .autn] | join(" ")') \
		<(av-gen --kind gsm --random rands pcids | m2m-show --json --reveal | jq -r '.sres + " " + .kc')
}

@test "XOR gives the figures of the table, vectors and triplets" {
	grep -v '^#' "$root/t/vectors/xor" >table
	cbor "$(cut -d ' ' -f 2 table)" >rands
	while read -r k _ sqn amf _; do
		echo "$k - $amf $((16#$sqn))"
	done <table | credentials xor | vectors >ours
	[ "$(wc -l <ours)" -eq 4 ]
	diff <(cut -d ' ' -f 5-10 table) ours
}

@test "a card with XOR answers with the AUTS of the table" {
	read -r k rand sqn _ < <(grep ' 000000000020 ' "$root/t/vectors/xor")
	auts=$(grep ' 000000000020 ' "$root/t/vectors/xor" | cut -d ' ' -f 11)
	echo "$k - 8000 $((16#$sqn))" | credentials xor >pcid
	tre-init --tre m2me --serial M2ME-0001
	tre-load --tre m2me <pcid
	cbor "$rand" >rand
	av-gen --random rand pcid | vno-challenge >challenge
	usim-auth --tre m2me challenge >first
	run -1 bash -c 'usim-auth --tre m2me challenge 2>/dev/null >second'
	[ "$(m2m-show --json second | jq -r .auts)" = "$auts" ]
}

@test "random credentials for XOR give what osmo-auc-gen gives" {
	n=$(slow 60 3000)
	inputs "$n" >in
	cbor "$(cut -d ' ' -f 5 in)" >rands
	cut -d ' ' -f 1-4 in | credentials xor | vectors >ours
	while read -r k _ amf sqn rand; do
		# its XOR takes a step off what -s says
		[ "$sqn" -le $((2 ** 48 - 33)) ] || continue
		osmo -a xor -k "$k" -o "$k" -f "$amf" -s $((sqn + 32)) -r "$rand"
	done <in >theirs
	[ "$(wc -l <theirs)" -eq "$n" ]
	diff theirs ours
}

@test "random credentials for MILENAGE give what osmo-auc-gen gives" {
	n=$(slow 60 3000)
	inputs "$n" >in
	cbor "$(cut -d ' ' -f 5 in)" >rands
	cut -d ' ' -f 1-4 in | credentials milenage | vectors >ours
	while read -r k opc amf sqn rand; do
		osmo -a milenage -k "$k" -o "$opc" -f "$amf" -s "$sqn" -r "$rand"
	done <in >theirs
	[ "$(wc -l <theirs)" -eq "$n" ]
	diff theirs ours
}

@test "osmo-auc-gen reads from the AUTS of 12 random cards what they hold" {
	inputs 12 | while read -r k opc amf sqn rand; do
		for algorithm in milenage xor; do
			rm -f m2me*
			# SEQ 0 is never fresh
			echo "$k $opc $amf 0" | credentials $algorithm >pcid
			tre-init --tre m2me --serial M2ME-0001
			tre-load --tre m2me <pcid
			amend m2me "INSERT INTO slot VALUES('$pcid', $((sqn % 32)), $((sqn / 32 + 1)))"
			cbor "$rand" >rand
			av-gen --random rand pcid | vno-challenge >challenge
			usim-auth --tre m2me challenge >response 2>/dev/null || true
			auts=$(m2m-show --json response | jq -r .auts)
			[ "$algorithm" = milenage ] || opc=$k
			echo "SQN.MS:	$((sqn + 32))"
			osmo-auc-gen -3 -a $algorithm -k "$k" -o "$opc" -f "$amf" -r "$rand" -A "$auts" |
				grep '^SQN.MS' >>theirs
		done
	done >held
	[ "$(wc -l <held)" -eq 24 ]
	diff held theirs
}

@test "XOR is refused, but for tests" {
	rejects 1 'pcid-gen: algorithm: xor is for tests; see --allow-test-keys [test-algorithm]' \
		pcid-gen --plmn 001-01 --ro ro.example --first $pcid --algorithm xor
	pcid-gen --plmn 001-01 --ro ro.example --first $pcid --algorithm xor --allow-test-keys >pcid
	rejects 1 'pcid-load: item 1: pcid.algorithm: xor is for tests; see --allow-test-keys [test-algorithm]' \
		pcid-load --ledger ro.ledger pcid
	run -0 pcid-load --ledger ro.ledger --allow-test-keys pcid
	sed '/^sho =/a algorithm = xor' "$root/share/examples/mid.cnf" >mid.cnf
	rejects 1 'mid-gen: algorithm: xor is for tests; see --allow-test-keys [test-algorithm]' \
		mid-gen --profile mid.cnf --ledger sho.ledger
	mid-gen --profile mid.cnf --ledger sho.ledger --allow-test-keys | m2m-show --json |
		jq -e '.usim.algorithm == "xor"'
}

# SPDX-License-Identifier: Apache-2.0
# TUAK: the published figures, by the functions and by the tools.
load helper

table=$root/t/vectors/tuak
pcid=001010000000001

# rows - the published sets, without comment
rows() {
	grep -v -e '^#' -e '^$' "$table"
}

# credential ITERATIONS K SQN AMF TOPC RES_LENGTH - a pcid with it
credential() {
	jq -nc --arg k "$2" --arg amf "$4" --arg topc "$5" --argjson i "$1" --argjson sqn $((16#$3)) \
		--argjson res "$6" '{pcid: "001010000000001", plmn: "001-01", ro: "ro.example",
		algorithm: "tuak", k: $k, topc: $topc, amf: $amf, sqn: $sqn,
		options: {iterations: $i, res_length: $res}}' | m2m-make pcid
}

# tre - a TRE with the credential in pcid
tre() {
	tre-init --tre m2me --serial M2ME-0001
	tre-load --tre m2me <pcid
}

@test "f1 to f5* and TOPc give the published figures, of every length" {
	[ "$(rows | wc -l)" -eq 6 ]
	diff <(rows) <(tuak-vector <"$table")
}

@test "a credential gives the published vector, where the lengths are those of AKA" {
	rows | while read -r i k rand sqn amf _ topc f1 _ f2 f3 f4 f5 _; do
		[ ${#f2} -le 32 ] && [ ${#f3} -eq 32 ] && [ ${#f4} -eq 32 ] || continue
		cbor "$rand" >rand
		concealed=$(printf '%012x' $((16#$sqn ^ 16#$f5)))
		credential "$i" "$k" "$sqn" "$amf" "$topc" $((${#f2} / 2)) | av-gen --random rand |
			m2m-show --json --reveal >av
		# a longer MAC is no part of AUTN
		[ ${#f1} -eq 16 ] || f1=$(jq -r '.autn[16:]' av)
		echo "$f2 $f3 $f4 $concealed$amf$f1" >>published
		jq -r '[.xres, .ck, .ik, .autn] | join(" ")' av >>ours
	done
	[ "$(wc -l <published)" -eq 3 ]
	diff published ours
}

@test "opc-derive gives the published TOPc, of either K and any iterations" {
	rows | while read -r i k _ sqn amf top topc _; do
		echo "$top" >top
		echo "$topc" >>published
		credential "$i" "$k" "$sqn" "$amf" "$(printf '%064d' 0)" 8 | opc-derive --top top |
			m2m-show --json --reveal | jq -r .topc >>ours
	done
	[ "$(wc -l <published)" -eq 6 ]
	diff published ours
}

@test "a card that is out of step conceals SQN with the published f5*" {
	read -r i k rand sqn amf _ topc f1 _ _ _ _ f5 f5_star < <(rows)
	credential "$i" "$k" "$sqn" "$amf" "$topc" 4 >pcid
	tre
	cbor "$rand" >rand
	av-gen --random rand pcid | vno-challenge >challenge
	run -1 --separate-stderr bash -c 'usim-auth --tre m2me challenge >response'
	[ "$stderr" = "usim-auth: item 1: challenge.autn: SQN is not fresh (TS 33.102 6.3.3) [sync-failure]" ]
	[ "$(m2m-show --json response | jq -r '.auts[:12]')" = "$f5_star" ]
}

@test "keys of 16 and of 32 bytes attach, and are resynchronised" {
	for n in 16 32; do
		rm -f m2me* ro.ledger*
		pcid-gen --plmn 001-01 --ro ro.example --first $pcid --algorithm tuak --k-length $n >pcid
		[ "$(m2m-show --json --reveal pcid | jq -r '.k | length')" -eq $((2 * n)) ]
		pcid-load --ledger ro.ledger pcid
		tre
		tre-attach --tre m2me >attach
		vno-request --plmn 901-70 attach >request
		av-answer --ledger ro.ledger request >av
		vno-challenge av | usim-auth --tre m2me >response
		vno-check --plmn 901-70 av <(sub-answer --ledger ro.ledger attach) response | m2m-show --short
		run -1 bash -c 'vno-challenge av | usim-auth --tre m2me 2>/dev/null >response'
		vno-request --plmn 901-70 response | av-answer --ledger ro.ledger | vno-challenge |
			usim-auth --tre m2me | m2m-show --json | jq -e .res
	done
}

@test "a longer RES, more iterations and another IND are used by both sides" {
	pcid-gen --plmn 001-01 --ro ro.example --first $pcid --algorithm tuak |
		edit pcid '.options = {iterations: 3, res_length: 16, ind_bits: 7}' >pcid
	pcid-load --ledger ro.ledger pcid
	tre
	tre-attach --tre m2me | vno-request --plmn 901-70 | av-answer --ledger ro.ledger >av
	vno-challenge av | usim-auth --tre m2me | m2m-show --json | jq -r .res >res
	[ "$(tr -d '\n' <res | wc -c)" -eq 32 ]
	diff res <(m2m-show --json --reveal av | jq -r .xres)
}

# wrong JQ FACT - m2m-make says FACT of a credential that JQ has spoilt
wrong() {
	pcid-gen --plmn 001-01 --ro ro.example --first $pcid --algorithm tuak |
		m2m-show --json --reveal | jq -c "$1" >json
	rejects 2 "m2m-make: item 1: pcid.$2" m2m-make pcid <json
}

@test "a credential that is not TUAK's is malformed" {
	wrong 'del(.topc)' 'topc: is missing (byte 0)'
	wrong '.opc = "00" * 16' 'opc: opc and constants are for MILENAGE only (byte 0)'
	wrong '.k = "ab" * 24' 'k: needs 16 or 32 bytes for TUAK, has 24 (byte 0)'
	wrong '.options.res_length = 5' 'options.res_length: needs 4, 8 or 16 for TUAK, has 5 (byte 0)'
	wrong '.options.iterations = 256' 'options.iterations: needs 1 to 255, has 256 (byte 103)'
	wrong '.algorithm = "milenage" | .opc = .topc[32:] | del(.topc) | .options.iterations = 2' \
		'topc: topc, iterations and res_length are for TUAK only (byte 0)'
	wrong '.algorithm = "milenage" | .opc = "00" * 16 | .k += .k | del(.topc)' \
		'k: needs 16 bytes for MILENAGE, has 32 (byte 0)'
	wrong '.algorithm = "milenage" | del(.topc)' 'opc: is missing (byte 0)'
	wrong '.algorithm = "xor" | .k += .k | del(.topc)' 'k: needs 16 bytes for XOR, has 32 (byte 0)'
}

@test "pcid-gen makes no key of a length that its algorithm has not" {
	rejects 2 'pcid-gen: pcid.k: needs 16 or 32 bytes for TUAK, has 24' \
		pcid-gen --plmn 001-01 --ro ro.example --first $pcid --algorithm tuak --k-length 24
	rejects 2 'pcid-gen: pcid.k: needs 16 bytes for MILENAGE, has 32' \
		pcid-gen --plmn 001-01 --ro ro.example --first $pcid --k-length 32
	rejects 2 "pcid-gen: --algorithm: 'keccak' is none of its choices; see pcid-gen --help" \
		pcid-gen --plmn 001-01 --ro ro.example --first $pcid --algorithm keccak
}

@test "an operator's profile may ask for TUAK" {
	sed '/^sho =/a algorithm = tuak\nk_length = 32' "$root/share/examples/mid.cnf" >mid.cnf
	mid-gen --profile mid.cnf --ledger sho.ledger | m2m-show --json --reveal >mid
	[ "$(jq -r '[.usim.algorithm, (.usim.k, .usim.topc | length)] | join(" ")' mid)" = "tuak 64 64" ]
	sed -i 's/= tuak/= milenage/' mid.cnf
	rejects 2 'mid-gen: mid.cnf: [mid] k_length: needs 16, or 32 for tuak' \
		mid-gen --profile mid.cnf --ledger sho.ledger
	sed -i 's/= milenage/= comp128/' mid.cnf
	rejects 2 "mid-gen: mid.cnf: [mid] algorithm: 'comp128' is none of its choices" \
		mid-gen --profile mid.cnf --ledger sho.ledger
}

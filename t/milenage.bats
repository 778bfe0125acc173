# SPDX-License-Identifier: Apache-2.0
# MILENAGE, against the published test sets, a reference that goes bit by bit, and osmo-auc-gen.
load helper

sets() { # NUMBERS - those columns of the published test sets
	grep -v '^#' "$root/t/vectors/milenage" | cut -d ' ' -f "$1"
}

pcids() { # lines "k opc sqn amf" as pcid objects
	local k opc sqn amf n=0
	while read -r k opc sqn amf; do
		printf '{"pcid":"00101%010d","plmn":"001-01","algorithm":"milenage","k":"%s","opc":"%s",' \
			$((++n)) "$k" "$opc"
		printf '"amf":"%s","sqn":%d,"ro":"ro.example"}\n' "$amf" $((16#$sqn))
	done | m2m-make pcid
}

vectors() { # pcids on stdin, RANDs in hex as operand: "rand autn xres ck ik" of each
	cbor "$1" >rands
	av-gen --random rands | m2m-show --json --reveal | jq -r '[.rand, .autn, .xres, .ck, .ik] | join(" ")'
}

cases() { # N BYTES - N lines of hex, the same in every run
	openssl dgst -shake256 -xoflen $(($1 * $2)) -binary </dev/null | hex | fold -w $((2 * $2))
	echo
}

holds() { # N FILE - so many lines, lest nothing be compared with nothing
	[ "$(wc -l <"$2")" -eq "$1" ]
}

# K OPC SQN AMF RAND, of one case a line
cut_case() {
	sed -E 's/^(.{32})(.{32})(.{12})(.{4})(.{32}).*/\1 \2 \3 \4 \5/'
}

@test "all published test sets come out of av-gen as AUTN, XRES, CK and IK" {
	sets 2- | while read -r k rand sqn amf _ _ f1 _ f2 f3 f4 f5 _; do
		printf '%s %012x%s%s %s %s %s\n' "$rand" $((16#$sqn ^ 16#$f5)) "$amf" "$f1" "$f2" "$f3" "$f4"
	done >expected
	holds 21 expected
	sets 2,7,4,5 | awk '{ print $1, $4, $2, $3 }' | pcids | vectors "$(sets 3)" | diff expected -
}

@test "all published test sets: f1 to f5 with f1* and f5*" {
	sets 2-5,7 | awk '{ print $1, $5, $2, $3, $4 }' | milenage-vector fast | diff <(sets 8-) -
}

@test "OPc comes from K and OP as published" {
	sets 2,6 | milenage-vector opc | diff <(sets 7) -
}

@test "the K of every published test set is known as no secret; so are nought and K equal to OPc" {
	zero=$(printf %032d 0)
	{ sets 2,7; echo "$zero ${zero//0/1}"; echo "${zero//0/2} ${zero//0/2}"; } >known
	milenage-vector sample <known | sort | uniq -c | diff <(echo "     23 known") -
	milenage-vector sample <<<"${zero%0}2 ${zero//0/3}" | diff <(echo secret) -
}

@test "AUTS gives the SQN_MS that was published, and none when MAC-S does not fit" {
	grep -v '^#' "$root/t/vectors/auts" >auts
	holds 5 auts
	cut -d ' ' -f 1-4 auts | milenage-vector resync | diff <(cut -d ' ' -f 5 auts) -
}

@test "the reference itself computes the published test sets" {
	sets 2-5,7 | awk '{ print $1, $5, $2, $3, $4 }' | milenage-vector slow | diff <(sets 8-) -
}

@test "operator constants: any rotation and any addend, as the bit by bit reference has them" {
	cases 5000 141 | sed -E 's/^(.{32})(.{32})(.{32})(.{12})(.{4})(.{10})/\1 \2 \3 \4 \5 \6 /' >cases
	awk '{ print substr($6, 1, 2) }' cases | grep -q '[1-79a-f]$'	# not only multiples of 8
	milenage-vector slow <cases >expected
	holds 5000 expected
	milenage-vector fast <cases | diff expected -
}

@test "operator constants reach the vectors through the object" {
	cases 1 141 | sed -E 's/^(.{32})(.{32})(.{32})(.{12})(.{4}).{10}/\1 \2 \3 \4 \5 0d3f4a6107 /' >case
	read -r k opc rand sqn amf rotations xorings <case
	read -r f1 _ f2 f3 f4 f5 _ < <(milenage-vector slow <case)
	pcids <<<"$k $opc $sqn $amf" | edit pcid ". + {rotations: \"$rotations\", xorings: \"$xorings\"}" |
		vectors "$rand" >got
	printf '%s %012x%s%s %s %s %s\n' "$rand" $((16#$sqn ^ 16#$f5)) "$amf" "$f1" "$f2" "$f3" "$f4" | diff - got
}

@test "operator constants come both or not at all, and rotations stay below 128" {
	pcids <<<"00112233445566778899aabbccddeeff 0123456789abcdef0123456789abcdef 20 8000" >pcid
	m2m-show --json --reveal pcid | jq -c '. + {rotations: "0000000000"}' >half
	rejects 2 "m2m-make: item 1: pcid.xorings: constants come both or not at all (TS 35.206 4) (byte 0)" \
		m2m-make pcid <half
	jq -c '. + {rotations: "0001027f80", xorings: ("00" * 80)}' half >far
	rejects 2 "m2m-make: item 1: pcid.rotations: needs 0 to 127 bits, has 128 (byte 0)" m2m-make pcid <far
}

@test "thousands of random subscribers: the same as the bit by bit reference" {
	cases 5000 72 | cut_case >cases
	awk '{ print $1, $2, $5, $3, $4 }' cases >inputs
	milenage-vector slow <inputs >expected
	holds 5000 expected
	milenage-vector fast <inputs | diff expected -
}

@test "a sample of random subscribers: the same as osmo-auc-gen" {
	command -v osmo-auc-gen || skip "osmo-auc-gen is not installed"
	cases 60 72 | cut_case >cases
	while read -r k opc sqn amf rand; do
		osmo-auc-gen -3 -a milenage -k "$k" -o "$opc" -f "$amf" -s $((16#$sqn)) -r "$rand" | awk '
			{ is[$1] = $2 }
			END { print is["RAND:"], is["AUTN:"], is["RES:"], is["CK:"], is["IK:"] }'
	done <cases >expected
	holds 60 expected
	cut -d ' ' -f 1-4 cases | pcids | vectors "$(cut -d ' ' -f 5 cases)" | diff expected -
}

@test "osmo-auc-gen reads SQN_MS out of our AUTS" {
	command -v osmo-auc-gen || skip "osmo-auc-gen is not installed"
	cases 20 72 | cut_case >cases
	awk '{ print $1, $2, $5, $3, "0000" }' cases | milenage-vector fast >functions	# AMF* is 0 (TS 33.102 6.3.3)
	paste -d ' ' cases functions | while read -r k opc sqn _ rand _ macs _ _ _ _ aks; do
		auts=$(printf '%012x' $((16#$sqn ^ 16#$aks)))$macs
		osmo-auc-gen -3 -a milenage -k "$k" -o "$opc" -f 8000 -r "$rand" -A "$auts" |
			sed -n 's/^SQN.MS:[^0-9]*//p'
		echo "$k $opc $rand $auts" >>auts
	done >seen
	holds 20 seen
	awk '{ print $3 }' cases | while read -r sqn; do echo $((16#$sqn)); done | diff - seen
	milenage-vector resync <auts | diff <(awk '{ print $3 }' cases) -
}

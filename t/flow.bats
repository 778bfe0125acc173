# SPDX-License-Identifier: Apache-2.0
# The first flow, as a user runs it.
load helper

@test "authenticated access ends with the new USIM authenticating" {
	run -0 --separate-stderr "$root/share/flows/authenticated-access" flow
	[ -z "$stderr" ]
	[ "$(echo "$output" | sed -n 's/^\([0-9]\+\) *[A-Z].*/\1/p' | tr '\n' ' ')" = "1 2 3 4 5 6 7 8 9 10 11 12 13 14 " ]
	[ "$(m2m-show --json flow/15-grant | jq -r .identity)" = 001020000000001 ]
}

@test "a flow does not overwrite an earlier run" {
	mkdir flow
	touch flow/trust.pem
	rejects 2 "authenticated-access: 'flow' holds an earlier run" "$root/share/flows/authenticated-access" flow
}

steps_of() { # FLOW - its step numbers, and the identities that were granted connectivity
	run -0 --separate-stderr "$root/share/flows/$1" flow
	[ -z "$stderr" ]
	echo "$output" | sed -n 's/^\([0-9]\+\) *[A-Z].*/\1/p' | tr '\n' ' '
	m2m-show --json flow/grant-? | jq -r .identity | tr '\n' ' '
}

@test "PCIDs are handed over by the CCIF, by the M2MES, and by the U/S" {
	[ "$(steps_of hand-over-by-ccif)" = "1 2 3 4 5 001010000000001 001010000000002 001010000000003 " ]
	rm -r flow
	[ "$(steps_of hand-over-by-m2mes)" = "1 2 3 4 5 6 001010000000101 001010000000102 001010000000103 " ]
	rm -r flow
	[ "$(steps_of hand-over-by-us)" = "1 2 3 4 5 001010000000001 001010000000002 001010000000003 " ]
	[ "$(wc -l <flow/list)" = 4 ]
	# each device has a platform credential that its supplier remembers
	[ "$(sqlite3 flow/m2mes.ledger "SELECT count(DISTINCT ueid) FROM plc WHERE reason IS NULL")" = 3 ]
}

@test "a parcel that was changed, is for another, or is from another does not open" {
	"$root/share/flows/hand-over-by-us" flow >log
	cd flow
	here=$root/share/flows
	opens() { # FROM TO - of the parcel on standard input; a shell of its own, as steps.sh sets options
		here=$here sh -c '. "$here/steps.sh"; unseal "$1" "$2"' steps "$1" "$2"
	}
	opens ccif.example line.m2mes.example <parcel.pem | cmp - pcids
	rejects 1 "steps: what ccif.example handed over to us.example does not open" \
		opens ccif.example us.example <parcel.pem
	rejects 1 "steps: what us.example handed over to line.m2mes.example does not open" \
		opens us.example line.m2mes.example <parcel.pem
	openssl base64 -d -in <(grep -v -e ----- parcel.pem) | hex >der
	n=$(($(wc -c <der) / 2))
	for ((i = n - 1; i > 0; i -= n / 12)); do
		byte=$(printf %02x $((16#$(cut -c $((2 * i + 1))-$((2 * i + 2)) der) ^ 1)))
		{ echo -----BEGIN CMS-----; cbor "$(sed "s/^\(.\{$((2 * i))\}\)../\1$byte/" der)" | base64 -w 64; echo -----END CMS-----; } >changed
		rejects 1 "steps: what ccif.example handed over to line.m2mes.example does not open" \
			opens ccif.example line.m2mes.example <changed
	done
	ls ./*.tmp 2>/dev/null | none
}

# changes FLOW STEPS GRANT IDENTITY OLD - it ends with that identity let in, and the old one refused
changes() {
	run -0 --separate-stderr "$root/share/flows/$1" "$1"
	[ -z "$stderr" ]
	[ "$(echo "$output" | sed -n 's/^\([0-9]\+\) *[A-Z].*/\1/p' | tr '\n' ' ')" = "$(seq "$2" | tr '\n' ' ')" ]
	[ "$(m2m-show --json "$1/$3" | jq -r .identity)" = "$4" ]
	[[ $output == *"   av-answer: item 1: $5 is quarantined [quarantined]"* ]]
	[[ $output == *"all that the M2ME reported is acknowledged"* ]]
	tre-outbox --tre "$1/m2me" | none
}

@test "a change over the old operator's connectivity ends with the new USIM authenticating, and the old one refused" {
	changes change-over-osho 14 c15-grant 001030000000001 001020000000001
}

@test "a change between two MIDs in the TRE, and back, likewise" {
	changes change-prepared 6 c7-grant 001020000000001 001030000000001
	[ "$(m2m-show --json change-prepared/c4-grant | jq -r .identity)" = 001030000000001 ]
}

@test "a change by way of the pristine state likewise" {
	changes change-from-pristine 15 c16-grant 001030000000001 001020000000001
	[ "$(m2m-show --json change-from-pristine/c05-grant | jq -r .identity)" = 001010000000001 ]
}

@test "the renewal of a PCID ends with the new one authenticating, and the old one refused by the RO and by the TRE" {
	run -0 --separate-stderr "$root/share/flows/renew-initial-credential" flow
	[ -z "$stderr" ]
	[ "$(echo "$output" | sed -n 's/^\([0-9]\+\) *[A-Z].*/\1/p' | tr '\n' ' ')" = "1 2 3 4 5 6 7 8 " ]
	[ "$(m2m-show --json flow/c?-grant | jq -r .identity | tr '\n' ' ')" = "001010000000001 001010000000002 001010000000002 " ]
	[[ $output == *"   av-answer: item 1: 001010000000001 has expired [expired]
   usim-auth: item 1: another PCID has taken the place of 001010000000001 [not-active]"* ]]
}

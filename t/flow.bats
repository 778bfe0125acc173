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

# SPDX-License-Identifier: Apache-2.0
# The owner's orders: made once, counted, and nothing in them that does not belong.
load helper
load trust

# order OPTION... - to the world's device
order() {
	us-order --ledger us.ledger "${us[@]}" "$@" inventory
}

@test "us-order says to which device, what, until when" {
	world
	order --order re-provision --sho sho2.example --wait 60 --now 2026-11-24T08:00:00Z >order
	diff <(field '.payload | del(.ueid)' order | jq -c .) - <<-END
		{"owner":"us.example","exp":$((1795507200 + 7 * day)),"iat":1795507200,"sho":"sho2.example","counter":1,"what":"re-provision","wait":60}
	END
	[ "$(field .payload.ueid order)" = "$(field .ueid inventory)" ]
	order --order activate --sho sho.example --mid one --former discarded --validity 1 --now 5 >order
	diff <(field '.payload | del(.ueid)' order | jq -c .) - <<-END
		{"owner":"us.example","exp":6,"iat":5,"sho":"sho.example","mid":"one","counter":2,"what":"activate","former":"discarded"}
	END
}

@test "us-order counts for each device, and gives the last order again while it holds" {
	world
	tre-init --tre second --serial 2
	tre-show --tre second >>inventory
	delete() { order --order delete --sho sho.example --mid "$1" --now "$2" --validity 10; }
	counters() { m2m-show --json "$1" | jq -r .payload.counter | tr '\n' ' '; }
	delete one 1000 >first
	[ "$(counters first)" = "1 1 " ]
	delete one 1009 | cmp - first
	[ "$(delete one 1010 >again; counters again)" = "2 2 " ]
	[ "$(delete two 1010 >other; counters other)" = "3 3 " ]
	[ "$(delete one 1010 >again; counters again)" = "4 4 " ]
}

@test "us-order refuses what no device can obey" {
	world
	says() { rejects 2 "us-order: $1" order "${@:2}"; }
	says "--order is required; see us-order --help" --sho sho.example
	says "--sho is required; see us-order --help" --order delete
	says "--order: 'install' is none of its choices; see us-order --help" --order install --sho sho.example
	says "--mid: is missing from an order to activate" --order activate --sho sho.example
	says "--mid: is missing from an order to delete" --order delete --sho sho.example
	says "--mid: is not part of an order to re-provision" --order re-provision --sho sho.example --mid one
	says "--former: is not part of an order to delete" --order delete --sho sho.example --mid one --former inactive
	says "--former: 'gone' is none of its choices; see us-order --help" \
		--order activate --sho sho.example --mid one --former gone
	says "--wait: is not part of an order to activate" --order activate --sho sho.example --mid one --wait 1
	says "--sho: needs 1 to 64 bytes of text" --order re-provision --sho ''
	says "--mid: needs 1 to 64 bytes of text" --order delete --sho sho.example --mid "$(printf 'a\tb')"
	[ ! -e us.ledger ]
}

@test "us-order orders for an owner only" {
	world
	rejects 2 "us-order: --cert: 'sho.example.pem' lacks the role US" \
		us-order --ledger us.ledger "${sho[@]}" --order re-provision --sho sho.example inventory
}

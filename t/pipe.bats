# SPDX-License-Identifier: Apache-2.0
# The contract of the pipe, for every tool: one line in a table is all a new tool needs.
load helper

# Reads objects: tool | options | one case | another | what it says it needs
readers() {
	local trust="--trust trust.pem" ro="--key ro.example.key --cert ro.example.pem"
	local dpf="--key dpf.ro.example.key --cert dpf.ro.example.pem"
	local sho="--key sho.example.key --cert sho.example.pem"
	local us="--key us.example.key --cert us.example.pem"
	cat <<-END
		av-answer|--ledger ro.ledger|02-av-request|again-av-request|av-request/1
		av-gen|--count 2|pcid|mid|pcid/1 or mid/1
		dpf-ack|--ledger ro.ledger $dpf $trust|13-report|13-report|report/1
		dpf-deliver|--ledger ro.ledger $dpf $trust|11-authorization 11-mid-package|11-authorization 11-mid-package|authorization/1, verdict/1 or mid-package/1
		dpf-report|--ledger ro.ledger $trust|13-report|13-report|report/1
		drf-register|--ledger ro.ledger $ro $trust|06-referral|06-referral|referral/1
		drf-resolve|--ledger ro.ledger $ro|06-attach-request|06-attach-request|attach-request/1
		m2m-show|--json --reveal|12-delivery|03-av|an object of a known type
		mid-activate|--tre second-idle|activate|activate|order/1
		mid-delete|--tre m2me|delete|delete|order/1 or authorization/1
		mid-install|--tre m2me|12-delivery|12-delivery|delivery/1
		mid-unwrap|--key sealing.pem $trust|package|package|registration/1 or mid-package/1
		mid-wrap|--ledger sho.ledger $sho $trust|07-registration 09-verdict mid|07-registration 09-verdict mid|registration/1, verdict/1 or mid/1
		opc-derive|--op op.hex|pcid|pcid-2|pcid/1
		pcid-install|--tre m2me|pcid-package|pcid-package|pcid-package/1
		pcid-load|--ledger new.ledger|pcid|pcid-2|pcid/1
		pcid-wrap|--ledger ro.ledger $ro $trust|renewal renewal-verdict pcid-new|renewal renewal-verdict pcid-new|registration/1, verdict/1 or pcid/1
		plc-revoke|--ledger m2mes.ledger --reason keyCompromise|plc.pem|plc-2.pem|a CERTIFICATE block
		plc-sign|--key m2mes.key --cert m2mes.pem --state state.cnf --ledger new.ledger|csr.pem|csr-2.pem|a CERTIFICATE REQUEST block
		pva-verify|--key pva.example.key --cert pva.example.pem $trust --policy pva.cnf|07-registration 08-evidence|07-registration 08-evidence|registration/1 or evidence/1
		sho-ack|--ledger sho.ledger $sho $trust|notice|notice|discard/1
		sho-authorize|--ledger sho.ledger $sho $trust|07-registration 09-verdict|07-registration 09-verdict|registration/1 or verdict/1
		sho-report|--ledger sho.ledger $trust|update.report|update.report|report/1
		sho-switch|--tre second-switch|re-provision|re-provision|order/1, registration/1, delivery/1 or ack/1
		sim-export|--for pysim|pcid|mid|pcid/1 or mid/1
		sub-answer|--ledger ro.ledger|02-av-request|01-attach-request|attach-request/1 or av-request/1
		tre-attest|--tre m2me|07-registration|07-registration|registration/1
		tre-load|--tre second $trust|plc-2.pem|pcid-2|pcid/1 or a PlC
		tre-settle|--tre m2me|ack|ack|ack/1
		us-order|--ledger us.ledger $us --order activate --sho sho.example --mid one|inventory|inventory-2|inventory/1
		usim-auth|--tre m2me|challenge|challenge-2|challenge/1
		vno-challenge||03-av|15-av|av/1
		vno-check|--plmn 901-70|03-av 03-subscription 04-auth-response|15-av 15-subscription 15-auth-response|av/1, subscription/1 or auth-response/1
		vno-request|--plmn 901-70|01-attach-request|15-attach-request|attach-request/1 or auth-response/1
	END
}

# Makes objects from none, or from JSON: tool | options | standard input
makers() {
	cat <<-END
		m2m-make|pcid|pcid.json
		mid-gen|--profile mid.cnf --ledger sho.ledger --count 2|/dev/null
		pcid-gen|--plmn 001-01 --ro ro.example --first 001010000000007 --count 2|/dev/null
		plc-crl|--key m2mes.key --cert m2mes.pem --ledger m2mes.ledger|/dev/null
		tre-attach|--tre m2me|/dev/null
		tre-csr|--tre m2me|/dev/null
		tre-outbox|--tre m2me|/dev/null
		tre-show|--tre m2me|/dev/null
	END
}

# Changes state and writes nothing: tool | options | standard input
silent() {
	cat <<-END
		drf-set|--ledger ro.ledger drf.cnf|/dev/null
		pcid-load|--ledger new.ledger|pcid
		plc-revoke|--ledger m2mes.ledger --reason unspecified|plc.pem
		sho-report|--ledger sho.ledger --trust trust.pem|update.report
		sub-set|--ledger ro.ledger --state live 001010000000001|/dev/null
		tre-init|--tre third --serial 3|/dev/null
		tre-load|--tre second|pcid
		tre-settle|--tre m2me|ack
	END
}

# Speaks another language than CBOR at both ends: t/sockets.bats, t/peers.bats, t/status.bats
strangers() {
	printf '%s\n' av-hostapd pva-ocsp usim-wpa
}

is_silent() {
	silent | grep -q "^$1|"
}

every_tool() {
	basename -s .c "$root"/tools/*.c
}

# A finished flow, and a second case of what the tools take, made once for all tests.
prepare() {
	local point
	cp "$root"/share/examples/*.cnf .
	mv state.cnf.flow state.cnf
	now=$(date +%s)
	for tool in $(every_tool); do	# what makes a run the same again, where the tool has it
		"$tool" --help | sed -n -e "s/.* --now=.*/--now $now/p" -e 's/.* --random=.*/--random random/p' |
			tr '\n' ' ' >"same-again.$tool"
	done
	openssl enc -aes-128-ctr -nosalt -pass pass:m2m -pbkdf2 </dev/zero 2>/dev/null | head -c 100000 >random
	vno-request --plmn 901-70 01-attach-request >again-av-request
	vno-request --plmn 001-02 --count 2 15-attach-request | av-answer --ledger sho.ledger |
		vno-challenge | m2m-show --json >challenges
	sed -n 1p challenges | m2m-make challenge >challenge
	sed -n 2p challenges | m2m-make challenge >challenge-2
	pcid-gen --plmn 001-01 --ro ro.example --first 001010000000002 >pcid-2
	m2m-show --json --reveal pcid pcid-2 >pcid.json
	tre-init --tre second --serial M2ME-0002 --measure "$PWD/firmware"
	tre-csr --tre second >csr-2.pem
	tre-show --tre second >inventory-2
	order() { us-order --ledger us.ledger --key us.example.key --cert us.example.pem --sho sho.example --order "$@" inventory; }
	order delete --mid 8988000000000000016 >delete
	cp m2me second-idle
	cp m2me second-less
	cp m2me second-switch
	us-order --ledger us.ledger --key us.example.key --cert us.example.pem --sho sho2.example \
		--order re-provision inventory >re-provision
	for tool in idle less switch; do cp m2me.storage-key second-$tool.storage-key; done
	mid-delete --tre second-less delete >notice
	dpf-ack --ledger ro.ledger --key dpf.ro.example.key --cert dpf.ro.example.pem --trust trust.pem 13-report >ack
	amend second-idle "UPDATE application SET state = 'inactive' WHERE kind = 'usim'"
	order activate --mid 8988000000000000016 >activate
	plc-sign --ledger m2mes.ledger --now "$now" --key m2mes.key --cert m2mes.pem --state state.cnf csr-2.pem >plc-2.pem
	pcid-gen --plmn 001-01 --ro ro.example --first 001010000000009 >pcid-new
	pcid-load --ledger ro.ledger pcid-new
	tre-attach --tre m2me --pcid | drf-resolve --ledger ro.ledger --key ro.example.key --cert ro.example.pem --renew |
		drf-register --ledger ro.ledger --key ro.example.key --cert ro.example.pem --trust trust.pem >renewal
	tre-attest --tre m2me renewal | pva-verify --key pva.example.key --cert pva.example.pem --trust trust.pem \
		--policy pva.cnf renewal - >renewal-verdict
	pcid-wrap --ledger ro.ledger --key ro.example.key --cert ro.example.pem --trust trust.pem \
		renewal renewal-verdict pcid-new >pcid-package
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out sealing.pem 2>/dev/null
	point=$(openssl pkey -in sealing.pem -pubout -outform DER | tail -c 64 | hex)
	forge verdict ".payload.cnf.key |= (.x = \"${point:0:64}\" | .y = \"${point:64}\")" pva.example \
		<09-verdict >verdict
	mid-gen --profile mid.cnf --ledger other.ledger >other-mid
	for tool in sho-authorize mid-wrap; do
		$tool --ledger other.ledger --key sho.example.key --cert sho.example.pem --trust trust.pem \
			07-registration verdict $([ $tool = sho-authorize ] || echo other-mid) >package
	done
	(. "$root/t/trust.bash" && . "$root/t/change.bash" && rekeyed)
	: >empty
	echo 00112233445566778899aabbccddeeff >op.hex
	cbor ff >garbage
	cbor a1 00 63 612f31 >nonsense	# well-formed, and of a type "a/1" that no tool knows
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	made=$BATS_RUN_TMPDIR/pipes
	(
		flock 9
		[ -e "$made.done" ] || {
			mkdir "$made" && cd "$made" && world && mv state.cnf state.cnf.flow && prepare &&
				touch "$made.done"
		}
	) 9>"$made.lock"
}

teardown() {
	[ -n "${BATS_TEST_COMPLETED-}" ] || echo "at: ${tool-} ${options-}"
}

# fresh CMD... - in a copy of the prepared folder, "run", with all state as it was
fresh() {
	if [ ! -d run ]; then
		cp -a "$made" run
	else
		rm -f run/*.ledger* run/m2me run/m2me[-.]* run/second* run/third* run/in run/out
		cp -a "$made"/*.ledger* "$made"/m2me "$made"/m2me.* "$made"/second* run
	fi
	(cd run && "$@")
}

# ways WAY - one run of $tool with $options over the files $one and $two, handed over in that way
# shellcheck disable=SC2086	# lists of words
handed() {
	case $1 in
	operands) $tool $options $one $two </dev/null ;;
	stdin) cat $one $two >in && $tool $options <in ;;
	dash) cat $one $two >in && $tool $options - <in ;;
	cat) cat $one $two | $tool $options ;;
	cat-dash) cat $one $two | $tool $options - ;;
	mixed) cat $two >in && $tool $options $one - <in ;;
	drip) cat $one $two | drip | $tool $options ;;
	esac
}

each_reader() { # CMD - with $tool, $options, $one, $two, $needs of each line
	while IFS='|' read -r tool options one two needs <&7; do
		options="$options $(<"$made/same-again.$tool")"
		"$@"
	done 7< <(readers)
}

each_writer() { # CMD - with $tool, $options, $input of all that write objects
	while IFS='|' read -r tool options input <&7; do
		options="$options $(<"$made/same-again.$tool")"
		"$@"
	done 7< <(makers; readers | while IFS='|' read -r tool options one two _; do
		is_silent "$tool" || { cat $(printf "$made/%s " $one $two) >"in.$tool"; echo "$tool|$options|$PWD/in.$tool"; }
	done)
}

items() { # how many objects the files hold
	(cd "$made" && cat "$@" | m2m-show --short | wc -l)
}

@test "every tool is in a table here" {
	{ readers; makers; silent; strangers; } | cut -d '|' -f 1 | sort -u | diff <(every_tool) -
}

# --- in ------------------------------------------------------------------------------

same_in_all_ways() {
	fresh handed operands >expected 2>message
	[ ! -s message ]
	is_silent "$tool" || [ -s expected ]
	for way in stdin dash cat cat-dash mixed; do
		fresh handed $way | cmp - expected
	done
}

@test "operands, standard input, - and cat are the same" {
	each_reader same_in_all_ways
}

same_dripped() {
	fresh handed operands >expected
	fresh handed drip | cmp - expected
}

@test "one byte at a time gives the same output" {
	each_reader same_dripped
}

@test "one byte at a time, armoured or as JSON, gives the same output" {
	cd "$made"
	m2m-show --json --reveal 12-delivery >json
	m2m-make --armor delivery <json >pem
	cat pem pem | drip | m2m-show --json --reveal | cmp - <(cat json json)
	cat json json | drip | m2m-make delivery | cmp - <(cat 12-delivery 12-delivery)
}

item_by_item() {
	is_silent "$tool" && return
	fresh handed operands >both
	fresh eval "$tool $options $one; $tool $options $two" | cmp -s - both || {
		# with --random the second process starts at the file's beginning: compare what was not drawn
		fresh eval "$tool $options $one" >one
		cmp -n "$(wc -c <one)" one both
		[ "$(wc -c <both)" -gt "$(wc -c <one)" ]
	}
}

@test "two items are handled item by item" {
	each_reader item_by_item
}

armored_in() {
	[[ $one != *.pem ]] || return 0
	fresh handed operands >expected
	for file in $(cd "$made" && echo $one $two); do
		m2m-show --json --reveal "$made/$file" >json
		m2m-make --armor "$(jq -r '.type | sub("/.*"; "")' json | head -1)" <json
	done >pem
	fresh eval "$tool $options" <pem | cmp - expected
}

@test "armoured objects are taken as well" {
	each_reader armored_in
}

armored_out() {
	$tool --help | grep -q -- --armor || return 0
	fresh eval "$tool $options" <"$([ "$input" = pcid.json ] && echo "$made/$input" || echo "$input")" >plain
	fresh eval "$tool --armor $options" <"$([ "$input" = pcid.json ] && echo "$made/$input" || echo "$input")" >armored
	grep -c '^-----BEGIN M2M ' armored | diff <(m2m-show --short plain | wc -l) -
	m2m-show --json --reveal armored | m2m-make "$(m2m-show --json plain | jq -r '.type | sub("/.*"; "")' | head -1)" |
		cmp - plain
}

@test "--armor writes the same objects, as PEM" {
	each_writer armored_out
}

says_empty() {
	fresh rejects 2 "$tool: needs an object, has empty input" eval "$tool $options </dev/null"
	fresh rejects 2 "$tool: needs an object, has empty input" eval "printf ' \n\n' | $tool $options"
	fresh rejects 2 "$tool: needs an object, has empty input" eval "$tool $options empty - empty </dev/null"
}

@test "empty input is a fault of the request" {
	each_reader says_empty
	rejects 2 "m2m-make: needs an object, has empty input" m2m-make pcid </dev/null
}

says_unreadable() {
	fresh rejects 3 "$tool: cannot read: Bad file descriptor" eval "$tool $options <&-"
	fresh rejects 3 "$tool: cannot read: Is a directory" eval "$tool $options </"
	fresh rejects 3 "$tool: cannot read '/': Is a directory" eval "$tool $options /"
	fresh rejects 3 "$tool: cannot open 'none': No such file or directory" eval "$tool $options none"
	fresh eval "$tool $options $one none" >out 2>message && return 1
	echo "$tool: cannot open 'none': No such file or directory" | diff - message
	fresh eval "$tool $options $one" | cmp - out
}

@test "closed standard input, a directory, a file that is not there; what came before is answered" {
	each_reader says_unreadable
	rejects 3 "m2m-make: cannot read: Bad file descriptor" eval 'm2m-make pcid <&-'
	rejects 3 "m2m-make: cannot read: Is a directory" eval 'm2m-make pcid </'
}

# --- out ------------------------------------------------------------------------------

with_input() { # REDIRECTION - $tool with $options and its input
	case $input in /*) ;; *) input=$made/$input ;; esac
	fresh eval "$tool $options <$input $1"
}

says_full() {
	rejects 3 "$tool: cannot write: No space left on device" with_input '>/dev/full'
}

@test "a full disk is noticed" {
	each_writer says_full
}

says_closed() {
	rejects 3 "$tool: cannot write: Bad file descriptor" with_input '>&-'
}

@test "a closed standard output is an error" {
	each_writer says_closed
}

says_broken() {
	rm -f fifo
	mkfifo fifo
	exec 5<>fifo 6>fifo 5>&-
	rejects 3 "$tool: cannot write: Broken pipe" with_input '>&6'
	exec 6>&-
}

@test "a broken pipe is an error" {
	each_writer says_broken
}

@test "tools that write nothing do not mind where they would" {
	while IFS='|' read -r tool options input <&7; do
		for out in '>/dev/full' '>&-'; do
			run -0 with_input "$out"
			[ -z "$output" ]
		done
	done 7< <(silent)
}

lost_and_given_again() {
	is_silent "$tool" && return
	[ "$tool" != usim-auth ] || return 0	# a card answers a challenge once; it resynchronises
	fresh handed operands >expected
	run -3 fresh eval "$tool $options $one $two >/dev/full"
	(cd run && handed operands) | cmp - expected
}

@test "an answer that was lost on a full disk is given again" {
	each_reader lost_and_given_again
}

answered_in_turn() {
	is_silent "$tool" && return
	fresh handed operands >expected
	fresh true
	cd run
	mkfifo in out
	eval "$tool $options <in >out" 7<&- &
	exec 5>in 6<out
	cat $one >&5
	timeout 5 head -c 1 <&6 >first
	[ -s first ]
	cat $two >&5
	exec 5>&-
	cat first - <&6 | cmp - ../expected
	exec 6<&-
	wait $!
	cd ..
}

@test "a dialogue over two pipes: an item is answered before the next is sent" {
	each_reader answered_in_turn
}

shown_on_a_terminal() {
	case $input in /*) ;; *) input=$made/$input ;; esac
	fresh eval "$tool $options <$input" >plain
	fresh eval "NO_COLOR=1 script -qec '$tool $options <$input' /dev/null </dev/null" | tr -d '\r' >shown
	if [ "$tool" = m2m-show ] || [ "$tool" = sim-export ] || grep -q -e -----BEGIN plain; then
		cmp shown plain
	else
		m2m-show plain | diff - shown
	fi
}

@test "on a terminal an object is shown, never written; PEM is text and is" {
	command -v script || skip "script (Debian: bsdutils) is not installed"
	each_writer shown_on_a_terminal
}

# --- faults on the way ---------------------------------------------------------------

stops_at_nonsense() {
	fresh eval "$tool $options $one" >expected
	run -2 --separate-stderr fresh eval "$tool $options $one nonsense $two >../got"
	cmp got expected
	[ "$stderr" = "$tool: nonsense: item $(($(items $one) + 1)): needs $needs, has a/1" ]
}

@test "a bad item ends the stream: what came before is answered in full, nothing after" {
	each_reader stops_at_nonsense
}

goes_on() {
	fresh handed operands >expected
	run -2 --separate-stderr fresh eval "$tool $options --keep-going $one nonsense $two >../got"
	cmp got expected
	[ "$stderr" = "$tool: nonsense: item $(($(items $one) + 1)): needs $needs, has a/1" ]
}

@test "--keep-going goes on with the next item, and the status tells" {
	each_reader goes_on
}

stops_at_garbage() {
	fresh eval "$tool $options $one" >expected
	run -2 --separate-stderr fresh eval "$tool $options --keep-going $one garbage $two >../got"
	cmp got expected
	[ "$stderr" = "$tool: garbage: item $(($(items $one) + 1)): not CBOR (byte 0)" ]
}

@test "after garbage no framing can be trusted: --keep-going or not, it ends there" {
	each_reader stops_at_garbage
}

# Whatever is fed to whichever tool, in one order and the other: each item is answered, refused,
# or called by its name.
takes_or_refuses() {
	local objects
	objects=$(cd "$made" && ls -d [01][0-9]-* pcid mid inventory nonsense trust.pem csr.pem)
	for order in cat tac; do
		fresh eval "$tool $options --keep-going $($order <<<"$objects" | tr '\n' ' ')" \
			>/dev/null 2>message && status=0 || status=$?
		[ $status -le 2 ]
		[ "$tool" = m2m-show ] || [ "$tool" = us-order ] || grep -q ": needs $needs, has inventory/1$" message
		grep -v -x -E -f - message <<-END | none
			$tool: [a-z0-9.-]+: item [0-9]+: needs $needs, has [a-z-]+/1
			$tool: [a-z0-9.-]+: item [0-9]+: needs $needs, has a (CERTIFICATE|CERTIFICATE REQUEST) block
			$tool: [a-z0-9.-]+: item [0-9]+: needs an? [a-z ]+ before the [a-z-]+
			$tool: ends before its [a-z-]+/1
			$tool: [a-z0-9.-]+: item [0-9]+: auth-response.auts: is missing: nothing to resynchronise
			$tool: [a-z0-9.-]+: item [0-9]+: .* \[[a-z-]+\]
		END
	done
}

@test "every object of the flow, fed to every tool, is taken, refused, or called by its name" {
	each_reader takes_or_refuses
}

@test "a case that is cut off is said to be so; the last of it alone is refused" {
	while IFS='|' read -r tool last message <&8; do
		IFS='|' read -r tool options one _ < <(readers | grep "^$tool|")
		options="$options $(<"$made/same-again.$tool")"
		read -ra objects <<<"$one"
		fresh rejects 2 "$tool: ends before its ${last#* }" eval "$tool $options ${objects[*]::${#objects[@]} - 1}"
		fresh rejects 2 "$tool: item 1: $message" eval "$tool $options ${objects[*]: -1}"
	done 8<<-END
		dpf-deliver|a mid-package/1|needs an authorization before the mid-package
		mid-wrap|a mid/1|needs a registration and a verdict before the mid
		pva-verify|an evidence/1|needs a registration before the evidence
		sho-authorize|a verdict/1|needs a registration before the verdict
		vno-check|an auth-response/1|needs an av and a subscription before the auth-response
	END
}

fresh_then() {
	fresh true
	"$@"
}

# --- options --------------------------------------------------------------------------

@test "an unknown option is a fault of the request" {
	for tool in $(every_tool); do
		rejects 2 "$tool: --nonsense: unknown option" "$tool" --nonsense
		rejects 2 "$tool: -x: unknown option" "$tool" -x
	done
}

@test "an operand where none belongs is one too" {
	while IFS='|' read -r tool options _; do
		rejects 2 "$tool: unexpected operand 'extra'" "$tool" $options extra
	done < <(makers; silent | grep -v -e '^pcid-load|' -e '^plc-revoke|' -e '^sho-report|' -e '^tre-load|' -e '^tre-settle|' -e '^sub-set|')
}

@test "numbers are decimal digits and nothing else, within their bounds" {
	local n=0 option
	for tool in $(every_tool); do
		options=$(least "$tool")
		for option in $("$tool" --help | sed -n 's/.*\(--[a-z-]*\)=\(N\|SECONDS\) .*/\1/p'); do
			fresh_then cd run
			for bad in '' ' 1' '1 ' +1 -1 0x1 1e3 1.0 0 99999999999999999999 18446744073709551617; do
				run -2 --separate-stderr "$tool" $options "$option=$bad"
				[[ $stderr == "$tool: $option: needs a number from "[0-9]*" to "*[0-9]", has '$bad'" ]]
			done
			cd ..
			n=$((n + 1))
		done
	done
	[ $n -ge 8 ]
}

least() { # the options a tool cannot do without
	{ readers; makers; silent; } | grep "^$1|" | head -n 1 | cut -d '|' -f 2
}

@test "times are RFC 3339 in UTC or seconds, and nothing else" {
	local n=0 option
	for tool in $(every_tool); do
		options=$(least "$tool")
		for option in $("$tool" --help | sed -n 's/.*\(--[a-z-]*\)=TIME .*/\1/p'); do
			fresh_then cd run
			for bad in '' tomorrow 2026-11-24 2026-11-24T08:00:00 2026-02-30T00:00:00Z 2026-11-24T24:00:00Z \
				' 1' 1x 0 1970-01-01T00:00:00Z 1969-12-31T23:59:59Z 253402300800; do
				rejects 2 "$tool: $option: needs a time such as 2026-11-24T08:00:00Z or seconds since 1970, has '$bad'" \
					"$tool" $options "$option=$bad"
			done
			cd ..
			n=$((n + 1))
		done
	done
	[ $n -ge 10 ]
}

counted() {
	fresh handed operands 2>silence >plain
	[ ! -s silence ]
	options="$options --progress"
	fresh handed operands 2>said | cmp - plain
	tail -n 1 said | diff - <(echo "$tool: $(items $one $two) done")
}

@test "--progress counts the items on standard error, and changes nothing else" {
	each_reader counted
	for n in 1 3; do
		pcid-gen --progress --plmn 001-01 --ro ro.example --first 001010000000001 --count $n 2>&1 >pcids |
			diff - <(echo "pcid-gen: $n done")
	done
	m2m-show --json --reveal pcids | m2m-make --progress pcid 2>&1 >again | diff - <(echo "m2m-make: 3 done")
}

@test "a clock that is not set is an error, unless --now says what time it is" {
	[[ $BUILD != *san* ]] || skip "the sanitizers want to be loaded first"
	for at in 0 -1 253402300800; do
		echo "long time(long *t) { (void)t; return $at; }" | cc -shared -fPIC -x c -o clock.so -
		fresh rejects 3 "tre-attest: the clock is not set: needs seconds since 1970, has $at" \
			env LD_PRELOAD="$PWD/clock.so" tre-attest --tre m2me 07-registration
		fresh env LD_PRELOAD="$PWD/clock.so" tre-attest --tre m2me --now "$(date +%s)" 07-registration >evidence
		[ -s evidence ]
	done
}

@test "--help and --version say what they should, and a full disk is noticed there too" {
	for tool in $(every_tool); do
		run -0 --separate-stderr "$tool" --version
		[ "$output" = "$tool (m2mkit) 0.1" ]
		run -0 --separate-stderr "$tool" --help
		[[ $output == "Usage: $tool "* ]]
		[ -z "$stderr" ]
		for option in --help --version; do
			rejects 3 "$tool: cannot write: No space left on device" eval "$tool $option >/dev/full"
		done
	done
}

@test "--random is refused outside tests, wherever it is an option" {
	local n=0
	for tool in $(every_tool); do
		if "$tool" --help | grep -q -- --random; then
			rejects 2 "$tool: --random: refused outside tests: what is drawn from a file is no secret" \
				env -u M2MKIT_TEST "$tool" --random /dev/zero
			n=$((n + 1))
		else
			rejects 2 "$tool: --random: unknown option" "$tool" --random /dev/zero
		fi
	done
	[ $n -ge 10 ]
}

@test "a file of randomness that is used up is an error" {
	head -c 31 /dev/zero >short
	rejects 3 "pcid-gen: --random: 'short' is used up" pcid-gen --plmn 001-01 --ro ro --first 001010000000001 \
		--random short
	rejects 3 "pcid-gen: --random: cannot open 'none': No such file or directory" pcid-gen --plmn 001-01 \
		--ro ro --first 001010000000001 --random none
}

# --- memory and speed ---------------------------------------------------------------

@test "200,000 items pass in constant memory, under 16 MiB" {
	[[ $BUILD != *san* ]] || skip "sanitizers take memory"
	pcid-gen --plmn 001-01 --ro ro.example --first 001010000000001 --count 200000 |
		peak gen av-gen | peak show m2m-show --short | tail -1 | cut -d ' ' -f 1,2 |
		diff <(echo "av/1 identity=001010000200000") -
	pcid-gen --plmn 001-01 --ro ro.example --first 001010000000001 --count 200000 |
		peak json m2m-show --json --reveal | peak make m2m-make pcid | peak armor m2m-show --short | wc -l |
		diff <(echo 200000) -
	for each in gen show json make armor; do
		echo "$each $(cat $each)"
		[ "$(cat $each)" -lt 16384 ]
	done
}

# SPDX-License-Identifier: Apache-2.0
# Put in front of every test: the built tools, a scratch directory, a few idioms.

bats_require_minimum_version 1.5.0

root=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
export BUILD=${BUILD:-$root/build}
PATH=$BUILD:$BUILD/t:$PATH
export M2MKIT_TEST=1	# allows --random

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# cbor HEX... - the bytes, from hex with any spacing
cbor() {
	printf '%s' "$@" | tr -d ' \n' | tr a-f A-F | basenc --base16 -d
}

# hex - the bytes on stdin, as hex
hex() {
	basenc --base16 -w0 | tr A-F a-f
}

# rejects STATUS MESSAGE CMD... - CMD exits STATUS, says exactly MESSAGE, prints nothing; which of
# several files the item is in may be left out of MESSAGE: t/pipe.bats holds every tool to that
rejects() {
	local want=$1 message=$2
	shift 2
	run "-$want" --separate-stderr "$@"
	[ "$stderr" = "$message" ] || stderr=$(unnamed <<<"$stderr")
	[ "$stderr" = "$message" ] || { diff <(echo "$message") <(echo "$stderr"); return 1; }
	[ -z "$output" ] || { echo "printed: $output"; return 1; }
}

# unnamed - the messages on stdin, without which of several files an item is in
unnamed() {
	sed 's/^\([a-z0-9-]*\): .*: \(item [0-9]*: \)/\1: \2/'
}

# none - fails, showing them, if there are lines on stdin; "! cmd" in mid-test would not fail
none() {
	diff /dev/null -
}

# slow FEW MANY - how many there are to be: MANY under make check-slow
slow() {
	if [ -n "${SLOW-}" ]; then echo "$2"; else echo "$1"; fi
}

# edit TYPE FILTER - the object on stdin, changed by a jq filter; signatures stay as they were
edit() {
	m2m-show --json --reveal | jq -c "$2" | m2m-make "$1"
}

# forge TYPE FILTER NAME - edit a signed object and sign it anew with NAME.key and NAME.pem
forge() {
	edit "$1" "$2" | resign "$3.key" "$3.pem"
}

# amend STORE SQL - a TRE's store changed, and sealed anew as if its own tools had done it
amend() {
	sqlite3 "$1" "$2" && reseal "$1"
}

# world - a finished run of authenticated-access, copied into the test's folder: roles,
# ledgers, the TRE and every object, 01-attach-request to 15-grant
world() {
	local made=$BATS_RUN_TMPDIR/world
	(
		flock 9
		[ -n "$(find "$made/done" -mmin -5 2>/dev/null)" ] || {	# evidence grows old in ten minutes
			rm -rf "$made"
			"$root/share/flows/authenticated-access" "$made/flow" >"$BATS_RUN_TMPDIR/world.log" &&
				touch "$made/done"
		}
	) 9>"$BATS_RUN_TMPDIR/world.lock" || { cat "$BATS_RUN_TMPDIR/world.log"; return 1; }
	cp -a "$made/flow/." .
}

# python ARGUMENT... - a python with both modules; in a pipe, call it before with -c '' to skip
python() {
	local each
	for each in python3 /usr/bin/python3; do
		if "$each" -c 'import cbor2, cryptography' 2>/dev/null; then
			"$each" "$@"
			return
		fi
	done
	skip "no python3 here has cbor2 and cryptography (Debian: python3-cbor2 python3-cryptography)"
}

# SPDX-License-Identifier: Apache-2.0
# What a tool does not need it does not load; what a stream is long of costs nothing but time.
load helper

# loads TOOL - its libraries, a line for each
loads() {
	readelf -d "$BUILD/$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'
}

@test "a tool without keys and ledgers starts without OpenSSL and SQLite" {
	for tool in m2m-make vno-challenge vno-request; do
		loads $tool | grep -E 'crypto|sqlite' | none
	done
}

@test "a tool without a ledger starts without SQLite" {
	for tool in av-gen m2m-show pva-verify; do
		loads $tool | grep sqlite | none
	done
}

@test "no tool loads what is for tokens and TPMs before it is needed" {
	for tool in "$root"/tools/*.c; do
		loads "$(basename "$tool" .c)" | grep -E 'tss2|p11' | none
	done
}

@test "no tool loads what only its tests need" {
	for tool in "$root"/tools/*.c; do
		loads "$(basename "$tool" .c)" | grep -E 'cbor|osmo' | none
	done
}

@test "no OPENSSL_CONF reaches a tool: OpenSSL starts without a configuration" {
	cat >hostile.cnf <<-'EOF'
		openssl_conf = all
		[all]
		alg_section = none
		[none]
		default_properties = provider=hostile
	EOF
	export OPENSSL_CONF=$PWD/hostile.cnf
	run openssl dgst -sha256 hostile.cnf
	[ "$status" -ne 0 ]	# it is hostile
	pcid-gen --plmn 001-01 --ro ro.example --first 001010000000001 >pcid
	av-gen pcid | m2m-show >shown
	for tool in "$root"/tools/*.c; do
		tool=$(basename "$tool" .c)
		! loads "$tool" | grep -q crypto || nm "$BUILD/$tool" | grep -q ' openssl_started\b' || echo "$tool"
	done | none
}

@test "more objects cost no more calls of the system, but for the bytes [strace]" {
	strace -f -o trace true 2>/dev/null || skip "strace cannot trace here"
	pcid-gen --plmn 001-01 --ro ro.example --first 001010000000001 --count 20000 >pcids
	for tool in av-gen "m2m-show --short"; do
		strace -c -o once $tool pcids >/dev/null
		strace -c -o twice $tool pcids pcids >out
		# a read, a write and what they ask before, for 64 KiB
		[ "$(awk '$NF == "total" { calls = $4 - calls } END { print calls }' once twice)" -lt 300 ]
	done
	[ "$(stat -c %s out)" -gt $((40 * 65536)) ]
}

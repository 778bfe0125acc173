# SPDX-License-Identifier: Apache-2.0
# Secrets: where they must not be seen.
load helper
load trust

# secrets FILE... - K and OPc of pcids and mids, and the private scalars of keys, in hex
secrets() {
	local f
	for f; do
		case $f in
		*.key) openssl ec -in "$f" -outform DER 2>/dev/null | hex | sed 's/^.\{14\}\(.\{64\}\).*/\1\n/' ;;
		*) m2m-show --json --reveal "$f" | jq -r '.usim // . | .k, .opc' ;;
		esac
	done
}

# none_in FILE... - none of the secrets on standard input is in these files: as bytes, as hex, as base64
none_in() {
	local secret pad f
	while read -r secret || [ -n "$secret" ]; do
		[ "${#secret}" -ge 32 ] || return 1
		echo "$secret"
		for pad in "" 00 0000; do	# wherever in a group of three bytes it begins
			cbor "$pad$secret" | base64 -w0 | cut -c 5-20
		done
	done >patterns
	[ -s patterns ] || return 1
	for f; do
		! { cat "$f"; echo; tr -d "\n" <"$f"; echo; hex <"$f"; } | grep -qaiF -f patterns || { echo "$f holds a secret"; return 1; }
	done
}

traced() {
	strace -f -o /dev/null true 2>/dev/null || skip "strace cannot trace here"
}

@test "no secret is in arguments, environment or messages, in a whole flow [strace]" {
	traced
	strace -f -v -s 100000 -e trace=execve -o trace "$root/share/flows/authenticated-access" flow >out 2>err
	secrets flow/pcid flow/mid flow/*.key | none_in trace out err
	cat flow/*.key | grep -v -e -- | cut -c 1-40 | while read -r line; do grep -F "$line" trace out err; done | none
	[ "$(grep -c 'execve(.*/tre-load' trace)" -ge 1 ]
}

@test "the tests would find a secret" {
	world
	for f in pcid mid pva.example.key; do
		secrets $f | none_in $f && return 1
	done
	field '.k' pcid >text
	secrets pcid | none_in text && return 1
	for pad in "" 00 0000; do
		cbor "$pad$(field .k pcid)" | base64 >text
		secrets pcid | none_in text && return 1
	done
	secrets pcid | none_in plc.pem
}

@test "what leaves the TRE and the operator holds no secret" {
	world
	secrets pcid mid ./*.key | none_in 01-* 02-* 04-* 05-* 06-* 07-* 08-* 09-* 1[1-4]-* 15-attach-request \
		15-av-request 15-challenge 15-grant inventory csr.pem plc.pem state.cnf
}

@test "the store of the TRE holds no secret in the clear, nor does its log" {
	world
	secrets pcid mid | none_in m2me
	tre-init --tre new --serial 1
	tre-csr --tre new | plc-sign --key m2mes.key --cert m2mes.pem --state state.cnf >new.pem
	mkfifo in
	tre-load --tre new --trust trust.pem <in 3>&- &
	exec 7>in
	cat new.pem pcid >&7
	for ((i = 0; i < 100; i++)); do
		[ "$(sqlite3 new 'SELECT count(*) FROM application')" = 0 ] || break
		sleep 0.02
	done
	[ "$(sqlite3 new 'SELECT count(*) FROM application')" = 1 ]
	[ -s new-wal ]
	secrets pcid | none_in new new-wal new-shm new.storage-key
	hex <new.storage-key | none_in new new-wal new-shm
	kill -9 $!
	exec 7>&-
	secrets pcid | none_in new new-wal
}

@test "nothing of a MID is left in a TRE's store that refused it" {
	world
	uninstalled
	sqlite3 m2me "VACUUM"
	edit mid '.trial.xres = "0011223344556677"' <mid >content
	pack sho.example.key sho.example.pem 09-verdict 11-mid-package content >package
	parcel 11-authorization package >forged
	mid-install --tre m2me forged >report 2>said && return 1
	secrets mid | none_in m2me report said
}

@test "stores and keys are for their owner only, whatever the umask" {
	for mask in 000 022 077 777; do
		mkdir $mask
		(
			cd $mask
			umask $mask
			tre-init --tre m2me --serial 1
			pcid-gen --ledger ledger --plmn 001-01 --ro ro.example >/dev/null
		)
		[ "$(stat -c '%a %n' $mask/* | tr '\n' ' ')" = "600 $mask/ledger 600 $mask/m2me 600 $mask/m2me.storage-key " ]
	done
}

@test "the logs of stores are for their owner only" {
	umask 000
	pcid-gen --plmn 001-01 --ro ro.example --first 001010000000001 >pcid
	tre-init --tre m2me --serial 1
	mkfifo in
	for tool in "pcid-load --ledger ledger" "tre-load --tre m2me"; do
		store=${tool##* }
		$tool <in 3>&- &
		exec 7>in
		cat pcid >&7
		for ((i = 0; i < 100; i++)); do
			[ ! -s "$store-wal" ] || break
			sleep 0.02
		done
		[ "$(stat -c %a "$store" "$store-wal" "$store-shm" | tr '\n' ' ')" = "600 600 600 " ]
		exec 7>&-
		wait $!
	done
}

@test "m2m-show hides secrets unless it is told to reveal them" {
	world
	for form in "" --json --short; do
		for object in pcid mid 03-av 15-av; do
			m2m-show $form $object >hidden
			m2m-show $form --reveal $object >shown
			[ "$(grep -c … hidden)" -ge 1 ]
			case $object in
			*av) m2m-show --json --reveal $object | jq -r '.ck, .ik' ;;
			*) secrets $object ;;
			esac >wanted
			none_in hidden <wanted
			while read -r secret; do
				grep -qF "${secret:0:12}" shown	# --short cuts
			done <wanted
		done
	done
}

@test "a message about a malformed secret does not repeat it" {
	world
	k=$(field .k pcid)
	for bad in "${k}zz" "${k:0:30}" "${k}00" "${k:0:31}"; do
		m2m-show --json --reveal pcid | jq -c ".k = \"$bad\"" | m2m-make pcid >out 2>said && return 1
		m2m-show --json --reveal pcid | jq -c ".opc = \"$bad\"" | m2m-make pcid >out 2>>said && return 1
		m2m-show --json --reveal mid | jq -c ".usim.k = \"$bad\"" | m2m-make mid >out 2>>said && return 1
		m2m-show --json --reveal 03-av | jq -c ".ck = \"$bad\"" | m2m-make av >out 2>>said && return 1
		[ "$(wc -l <said)" = 4 ]
		grep -F "${k:0:8}" said | none
	done
	m2m-show --json --reveal pcid | jq -c ".k = 1234567890123456" | m2m-make pcid >out 2>said && return 1
	[ "$(cat said)" = "m2m-make: item 1: pcid.k: needs a string of hex digits, has a number" ]
	echo "{\"k\": \"$k" | m2m-make pcid >out 2>said && return 1
	grep -F "${k:0:8}" said | none
	# the same as bytes: K a byte short
	cbor "$(hex <pcid | sed "s/50$k/4f${k:2}/")" >short
	for tool in "pcid-load --ledger l" "tre-load --tre m2me" av-gen "m2m-show --reveal"; do
		$tool short >out 2>said && return 1
		[ "$(cat said)" = "${tool%% *}: item 1: pcid.k: needs 16 to 32 bytes, has 15 (byte 45)" ]
		[ ! -s out ]
	done
}

@test "a message about a broken key file does not repeat it" {
	world
	scalar=$(secrets sho.example.key)
	sed 's/^M/*/' sho.example.key >broken.key
	run -3 --separate-stderr drf-resolve --ledger ro.ledger --key broken.key --cert ro.example.pem 06-attach-request
	[ -z "$output" ]
	grep -v -e -- sho.example.key | while read -r line; do grep -F "${line:1:20}" <<<"$stderr"; done | none
	grep -F "${scalar:0:10}" <<<"$stderr" | none
	# a key in the place of a certificate
	run -2 --separate-stderr drf-resolve --ledger ro.ledger --key ro.example.key --cert ro.example.key 06-attach-request
	[ "$stderr" = "drf-resolve: --cert: 'ro.example.key': holds no certificate" ]
}

@test "every tool forbids core files and onlookers before it opens anything [strace]" {
	traced
	for tool in "$root"/tools/*.c; do
		tool=$(basename "$tool" .c)
		strace -o trace -e trace=prctl,openat "$tool" --none 2>said && return 1
		grep -v '\.so\|ld.so.cache\|/etc/\|/proc/' trace | head -n 1 >first
		[ "$(cat first)" = "prctl(PR_SET_DUMPABLE, SUID_DUMP_DISABLE) = 0" ] || { echo "$tool:"; cat trace; return 1; }
	done
}

@test "a process that holds secrets cannot be looked into by its own user" {
	as=()
	[ "$(id -u)" != 0 ] || as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
	"${as[@]}" "$(command -v vno-challenge)" --version >/dev/null || skip "the tools are not for everybody here"
	mkfifo in
	for wanted in "sleep 10:$("${as[@]}" id -u)" "$(command -v vno-challenge):0"; do
		"${as[@]}" ${wanted%:*} <in 3>&- &
		exec 7>in
		name=$(basename "${wanted%%[ :]*}")
		for ((i = 0; i < 100; i++)); do	# until it is what it will be
			seen=$(cat /proc/$!/comm):$(stat -c %u "/proc/$!/mem")
			[ "$seen" != "$name:${wanted##*:}" ] || break
			sleep 0.01
		done
		[ "$seen" = "$name:${wanted##*:}" ]
		kill $!
		exec 7>&-
	done
}

# SPDX-License-Identifier: Apache-2.0
# For tests with keys in tokens: a software token and a software TPM, each in the test's folder.

softhsm=/usr/lib/softhsm/libsofthsm2.so

# role_names - whose keys make-roles takes from a token
role_names() {
	echo m2mes
	sed -n 's/^role [a-z]* \([^ ]*\).*/\1/p' "$root/share/examples/make-roles"
}

# token NAME... - the token "m2mkit" with a key of each name, made in it; PIN 1234, in the file pin
token() {
	local name id=0
	for name in softhsm2-util pkcs11-tool; do
		command -v $name >/dev/null || skip "$name is not installed (Debian: softhsm2, opensc)"
	done
	[ -e "$(openssl version -e | cut -d '"' -f 2)/pkcs11.so" ] ||
		skip "OpenSSL's engine pkcs11 is not installed (Debian: libengine-pkcs11-openssl)"
	umask 077
	mkdir tokens
	printf '%s\n' "directories.tokendir = $PWD/tokens" "objectstore.backend = file" "log.level = ERROR" >softhsm2.conf
	export SOFTHSM2_CONF=$PWD/softhsm2.conf
	printf 1234 >pin	# the engine takes a line's end for a part of it
	printf '9999\n' >wrong-pin
	softhsm2-util --init-token --free --label m2mkit --pin 1234 --so-pin 5678 >/dev/null
	for name; do
		id=$((id + 1))
		in_token --keypairgen --key-type EC:prime256v1 --id $(printf %02x $id) --label "$name" --usage-sign --usage-derive
	done
	export PKCS11_MODULE_PATH=$softhsm PKCS11_PROVIDER_MODULE=$softhsm	# not what else this machine has
	keys="pkcs11:token=m2mkit;object=%s?pin-source=file:$PWD/pin"
}

# in_token OPTION... - pkcs11-tool with the token
in_token() {
	pkcs11-tool --module $softhsm --token-label m2mkit --login --pin 1234 "$@" >tool.log 2>&1 || { cat tool.log; return 1; }
}

# tpm - a software TPM with, under the parent 0x81000000: 0x81000001, which signs and is restricted, and
# platform.pem, the same as a file; 0x81000002 and sealing.pem, which agree on keys.  What tre-init is
# told of these is in the list in_tpm
tpm() {
	local name
	for name in swtpm tpm2_create; do
		command -v $name >/dev/null || skip "$name is not installed (Debian: swtpm, tpm2-tools)"
	done
	umask 077
	start_tpm
	tpm2_createprimary -Q -C o -g sha256 -G ecc -c parent.ctx && flush
	tpm2_evictcontrol -Q -C o -c parent.ctx 0x81000000 && flush
	tpm_key platform 0x81000001 ecc256:ecdsa-sha256:null 'restricted|sign'
	tpm_key sealing 0x81000002 ecc256 decrypt
	in_tpm=(--platform handle:0x81000001 --sealing handle:0x81000002 --parent handle:0x81000000)
}

# start_tpm, stop_tpm - the latter as a loss of power: PCRs are at zero again
start_tpm() {
	mkdir -p tpm.state
	swtpm socket --tpm2 --tpmstate dir=$PWD/tpm.state --server type=unixio,path=$PWD/tpm.sock \
		--ctrl type=unixio,path=$PWD/tpm.sock.ctrl --flags not-need-init,startup-clear \
		--daemon --pid file=$PWD/tpm.pid 3>&- 4>&-
	export TPM2TOOLS_TCTI=swtpm:path=$PWD/tpm.sock
}
stop_tpm() {
	local pid=$BATS_TEST_TMPDIR/tpm.pid tries
	[ ! -s "$pid" ] || kill "$(<"$pid")"
	for ((tries = 0; tries < 100; tries++)); do
		[ -e "$pid" ] || return 0	# it removes it at its end
		sleep 0.02
	done
}

# flush - empties the TPM's few slots, in which other's tools leave objects and sessions
flush() {
	tpm2_flushcontext -t && tpm2_flushcontext -l
}

# tpm_key NAME HANDLE ALGORITHM ATTRIBUTES [OPTION...] - a key in the TPM, persistent, and NAME.pem
tpm_key() {
	tpm2_create -Q -C 0x81000000 -g sha256 -G "$3" -u "$1.pub" -r "$1.priv" \
		-a "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|$4" "${@:5}" && flush
	tpm2_load -Q -C 0x81000000 -u "$1.pub" -r "$1.priv" -c "$1.ctx" && flush
	tpm2_evictcontrol -Q -C o -c "$1.ctx" "$2" && flush
	tpm2_encodeobject -C 0x81000000 -u "$1.pub" -r "$1.priv" -o "$1.pem" && flush
	chmod 600 "$1.pem"
}

# SPDX-License-Identifier: Apache-2.0
# The responder behind web servers as users have them, asked by clients as users have them.
load helper
load trust

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$PATH:/usr/sbin
	examples=$root/share/examples
	command -v curl >/dev/null || skip "curl is not installed"
	world
	cp "$examples"/ocsp* .
	sed "s|^dir=.*|dir=$PWD|; s|^PATH=|&$BUILD:|" "$examples/ocsp.conf" >ocsp.conf
	csr-gen 40 | plc-sign --ledger m2mes.ledger --key m2mes.key --cert m2mes.pem --state state.cnf >more.pem
	csplit -s -z -f more. more.pem '/BEGIN/' '{*}'
	plc-revoke --ledger m2mes.ledger --reason keyCompromise more.00
	mkdir www
	pva-ocsp --key ocsp.example.key --cert ocsp.example.pem --issuer m2mes.pem --ledger m2mes.ledger --prepare www/prepared
	pids=
}

teardown() {
	for pid in ${pids-}; do kill "$pid" 2>/dev/null || :; done
	for pid in ${pids-}; do wait "$pid" 2>/dev/null || :; done
}

# free_port - one that nothing listens at
free_port() {
	python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# start COMMAND... - in the background, until the port answers
start() {
	"$@" >server.log 2>&1 3>&- &
	pids="$pids $!"
	for _ in $(seq 100); do
		! (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || return 0
		sleep 0.05
	done
	cat server.log
	return 1
}

# status URL CERTIFICATE OPTION... - openssl's word for it, from a POST
status() {
	openssl ocsp "${@:3}" -issuer m2mes.pem -cert "$2" -url "$1" -CAfile m2mes.pem >said 2>&1 || { cat said; return 1; }
	grep -q 'Response verify OK' said || { cat said; return 1; }
	sed -n "s/^$2: //p" said
}

# percent - base64 on stdin, as RFC 6960 A.1 wants it in a path
percent() {
	base64 -w 0 | sed 's/+/%2B/g; s,/,%2F,g; s/=/%3D/g'
}

# get URL REQUEST - by GET, into response; answers the media type
get() {
	curl -sS --path-as-is -o response -w '%{http_code} %{content_type}\n' "$1/$(percent <"$2")"
}

# get_raw URL REQUEST - the same, slashes as they are
get_raw() {
	curl -sS --path-as-is -o response -w '%{http_code} %{content_type}\n' "$1/$(base64 -w 0 "$2" | sed 's/+/%2B/g; s/=/%3D/g')"
}

understood() { # CERTIFICATE - what response says of it
	openssl ocsp -respin response -CAfile m2mes.pem -issuer m2mes.pem -cert "$1" -no_nonce 2>/dev/null | sed -n "s/^$1: //p"
}

answers() { # URL - in every way that a client may ask
	[ "$(status "$1" plc.pem)" = good ]
	[ "$(status "$1" more.00)" = revoked ]
	[ "$(status "$1" more.01 -sha256)" = good ]
	for f in more.??; do
		openssl ocsp -issuer m2mes.pem -cert "$f" -reqout request
		[ "$(get "$1" request)" = "200 application/ocsp-response" ]
		[ "$(understood "$f")" = "$([ "$f" = more.00 ] && echo revoked || echo good)" ]
		openssl ocsp -respin response -reqin request -CAfile m2mes.pem 2>&1 | grep -q 'Response verify OK'
		[[ $f > more.05 ]] && continue
		[ "$(get_raw "$1" request)" = "200 application/ocsp-response" ]
		[ "$(understood "$f")" = "$([ "$f" = more.00 ] && echo revoked || echo good)" ]
	done
	refuses_nonsense "$1"
}

posted() { # TYPE BODY URL
	curl -sS -o response -w '%{http_code}\n' -H "Content-Type: $1" --data-binary "$2" "$3"
}

refuses_nonsense() { # URL
	[ "$(posted application/ocsp-request garbage "$1")" = 200 ]
	[ "$(hex <response)" = 30030a0101 ]
	[ "$(curl -sS -o response -w '%{http_code}' "$1/garbage")" = 200 ]
	[ "$(hex <response)" = 30030a0101 ]
	[ "$(posted text/plain garbage "$1")" = 415 ]
	head -c 70000 /dev/zero >large
	[ "$(posted application/ocsp-request @large "$1")" = 413 ]
	[ "$(curl -sS -o response -w '%{http_code}' -X DELETE "$1")" = 405 ]
	# a ledger that is not there
	mv m2mes.ledger away
	openssl ocsp -issuer m2mes.pem -cert plc.pem -reqout request
	[ "$(posted application/ocsp-request @request "$1")" = 200 ]
	[ "$(hex <response)" = 30030a0102 ]
	mv away m2mes.ledger
}

hands_out() { # URL - prepared responses: by GET, and about nobody it does not know
	for f in plc.pem more.??; do
		openssl ocsp -issuer m2mes.pem -cert "$f" -no_nonce -reqout request
		for way in get get_raw; do
			[ "$($way "$1" request)" = "200 application/ocsp-response" ]
			[ "$(understood "$f")" = "$([ "$f" = more.00 ] && echo revoked || echo good)" ]
		done
	done
	openssl ocsp -issuer m2mes.pem -serial 0x99 -no_nonce -reqout request
	[[ $(get "$1" request) == 404* ]]
}

@test "lighttpd: POST and GET by CGI, prepared responses as files [lighttpd]" {
	command -v lighttpd >/dev/null || skip "lighttpd is not installed"
	port=$(free_port)
	sed -i "s/8880/$port/" ocsp-lighttpd.conf
	start lighttpd -D -f ocsp-lighttpd.conf
	answers "http://127.0.0.1:$port/ocsp"
	hands_out "http://127.0.0.1:$port/prepared"
}

@test "nginx with fcgiwrap: the same [nginx-light fcgiwrap]" {
	command -v nginx >/dev/null && command -v fcgiwrap >/dev/null || skip "nginx or fcgiwrap is not installed"
	port=$(free_port)
	sed -i "s/8881/$port/" ocsp-nginx.conf
	[ "$(id -u)" -ne 0 ] || sed -i '1i user root;' ocsp-nginx.conf	# the tests' folder is root's alone
	fcgiwrap -c 2 -s "unix:$PWD/fcgi.sock" >fcgi.log 2>&1 3>&- &
	pids=$!
	start nginx -p "$PWD" -c "$PWD/ocsp-nginx.conf" -e nginx.log
	answers "http://127.0.0.1:$port/ocsp"
	hands_out "http://127.0.0.1:$port/prepared"
}

@test "systemd's socket activation, without a web server [systemd]" {
	command -v systemd-socket-activate >/dev/null || skip "systemd-socket-activate is not there"
	port=$(free_port)
	start systemd-socket-activate -l "127.0.0.1:$port" --inetd -a -E PATH -E BUILD ./ocsp-inetd
	answers "http://127.0.0.1:$port/ocsp"
	# the units that go with it are sound, where systemd can tell
	! command -v systemd-analyze >/dev/null || {
		mkdir units
		sed "s|^ExecStart=.*|ExecStart=$PWD/ocsp-inetd|; /^User=/d" "$examples/ocsp@.service" >units/ocsp@.service
		cp "$examples/ocsp.socket" units
		run systemd-analyze verify units/ocsp.socket
		[[ $output != *units/* ]] || { echo "$output"; return 1; }
	}
}

@test "one connection of inetd: headers in any case, a request that waits for Continue, and nonsense" {
	openssl ocsp -issuer m2mes.pem -cert plc.pem -reqout request
	length=$(wc -c <request)
	{ printf 'POST /ocsp HTTP/1.1\r\nhost: x\r\ncontent-type: application/ocsp-request\r\ncontent-length: %d\r\nExpect: 100-continue\r\n\r\n' "$length"
	  cat request; } | ./ocsp-inetd >answer
	[ "$(head -n 1 answer)" = $'HTTP/1.1 100 Continue\r' ]
	[ "$(sed -n 3p answer)" = $'HTTP/1.1 200 OK\r' ]
	sed '1,/^Content-Length/d' answer | tail -n +2 >response
	openssl ocsp -respin response -reqin request -CAfile m2mes.pem 2>&1 | grep -q 'Response verify OK'
	for line in '' 'GET' 'GET /' 'GET / HTTP/2' 'nonsense'; do
		printf '%s\r\n\r\n' "$line" | ./ocsp-inetd >answer
		[ ! -s answer ]
	done
	for length in -5 5x 99999999999999999999 ''; do
		printf 'POST /ocsp HTTP/1.1\r\nContent-Type: application/ocsp-request\r\nContent-Length: %s\r\n\r\n' "$length" | ./ocsp-inetd >answer
		[ "$(head -n 1 answer)" = $'HTTP/1.1 413 Content Too Large\r' ]
	done
}

@test "a live query through curl stands in the pipeline of validation [lighttpd]" {
	command -v lighttpd >/dev/null || skip "lighttpd is not installed"
	port=$(free_port)
	sed -i "s/8880/$port/" ocsp-lighttpd.conf
	start lighttpd -D -f ocsp-lighttpd.conf
	live() {
		./ocsp-query "http://127.0.0.1:$port/$1" m2mes.pem 08-evidence |
			pva-verify "${pva[@]}" --trust trust.pem --policy "$examples/pva.cnf" --ocsp-response /dev/stdin \
				07-registration 08-evidence
	}
	live ocsp | m2m-show --short | grep -q verdict/1
	# another PlC says itself where to ask
	plc-sign --ledger m2mes.ledger --key m2mes.key --cert m2mes.pem --state state.cnf \
		--ocsp "http://127.0.0.1:$port/ocsp" csr.pem >new.pem
	tre-load --tre m2me --trust trust.pem new.pem
	tre-attest --tre m2me 07-registration >new
	./ocsp-query m2mes.pem new >response
	pva-verify "${pva[@]}" --trust trust.pem --policy "$examples/pva.cnf" --ocsp-response response \
		07-registration new | m2m-show --short | grep -q verdict/1
	run -1 --separate-stderr live ocsp
	[[ $stderr == *" [superseded]" ]]
	plc-revoke --ledger m2mes.ledger --reason keyCompromise plc.pem
	run -1 --separate-stderr live ocsp
	[[ $stderr == *"was revoked at "*" [revoked]" ]]
	# what is not there is no answer
	run -3 --separate-stderr ./ocsp-query "http://127.0.0.1:$port/none" m2mes.pem 08-evidence
	[ -z "$output" ]
	run -2 --separate-stderr ./ocsp-query m2mes.pem
	[ "$stderr" = "ocsp-query: needs [URL] ISSUER EVIDENCE" ]
	run -2 --separate-stderr ./ocsp-query m2mes.pem 08-evidence
	[ "$stderr" = "ocsp-query: the credential does not say where to ask" ]
}

@test "ocsp-query asks nobody whom another than the credential's CA names, and nothing but one responder" {
	anchor m2mes false "Example supplier CA"
	plc-sign --key false.key --cert false.pem --state state.cnf --ocsp http://127.0.0.1:1/ csr.pem >false.plc
	m2m-show --json 08-evidence | jq -c --arg plc "$(openssl x509 -in false.plc -outform DER | od -An -v -tx1 | tr -d ' \n')" \
		'.protected.x5chain[0] = $plc' | m2m-make evidence >forged
	run -1 --separate-stderr ./ocsp-query m2mes.pem forged
	[ "$stderr" = "ocsp-query: the credential is not of that CA" ]
	run -3 --separate-stderr ./ocsp-query false.pem forged
	[[ $stderr == *"curl: "*"connect"* ]]
	# neither a file, nor each of what curl would take for a pattern, nor an option
	run -3 --separate-stderr ./ocsp-query "file://$PWD/m2mes.pem" m2mes.pem 08-evidence
	run -3 --separate-stderr ./ocsp-query "http://127.0.0.1:1/{a,b,c}" m2mes.pem 08-evidence
	[ "$(grep -c ^curl: <<<"$stderr")" = 1 ]
	run -3 --separate-stderr ./ocsp-query "-o$PWD/written" m2mes.pem 08-evidence
	[[ $stderr == *"curl: "*"-o"* ]]
}

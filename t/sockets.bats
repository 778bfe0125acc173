# SPDX-License-Identifier: Apache-2.0
# av-hostapd and usim-wpa at their sockets, without hostapd and wpa_supplicant; with them: peers.bats.
load helper

pcid=001010000000001

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	pcid-gen --plmn 001-01 --ro ro.example --first $pcid >pcid
	pcid-load --ledger ro.ledger pcid
	cat >ask <<-'E'
		# ask MESSAGE... - sends each, waits only for the last one's answer, and prints it
		use IO::Socket::UNIX;
		my $s = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => "ask.$$", Peer => "auc.sock") or die "no server\n";
		$SIG{ALRM} = sub { unlink "ask.$$"; print "no answer\n"; exit };
		$s->send($_) // die "cannot send: $!\n" for @ARGV;
		alarm 3;
		$s->recv(my $answer, 4096);
		unlink "ask.$$";
		print "$answer\n";
	E
}

teardown() {
	[ -z "${server-}" ] || kill "$server" 2>/dev/null || true
}

# serve COMMAND... - starts av-hostapd, by COMMAND if there is one
serve() {
	"$@" av-hostapd --ledger ro.ledger --socket auc.sock 2>auc.log &
	server=$!
	for _ in $(seq 100); do
		! perl -MIO::Socket::UNIX -e 'exit !IO::Socket::UNIX->new(Type => SOCK_DGRAM, Peer => "auc.sock")' ||
			return 0
		sleep 0.02
	done
	return 1
}

# stop - as a person does; the status is the server's
stop() {
	kill "$server"
	wait "$server"
	server=
}

# --- av-hostapd --------------------------------------------------------------------------

@test "a quintet and triplets are answered, as by the vectors of the identity" {
	serve
	perl ask "AKA-REQ-AUTH $pcid" >aka
	perl ask "SIM-REQ-AUTH $pcid 3" >sim
	stop
	read -r word imsi rand autn ik ck res <aka
	[ "$word $imsi" = "AKA-RESP-AUTH $pcid" ]
	cbor "$rand" >rand
	edit pcid '.sqn = 32' <pcid | av-gen --random rand | m2m-show --json --reveal |
		jq -r '[.rand, .autn, .ik, .ck, .xres] | join(" ")' | diff <(echo "$rand $autn $ik $ck $res") -
	[[ $(cat sim) =~ ^SIM-RESP-AUTH\ $pcid(\ [0-9a-f]{16}:[0-9a-f]{8}:[0-9a-f]{32}){3}$ ]]
	for triplet in $(cut -d ' ' -f 3- sim); do
		cbor "${triplet##*:}" >rand
		[ "$(av-gen --kind gsm --random rand pcid | m2m-show --json --reveal |
			jq -r '[.kc, .sres, .rand] | join(":")')" = "$triplet" ]
	done
	none <auc.log
	[ "$(sqlite3 ro.ledger 'SELECT seq FROM identity')" -eq 4 ]
}

@test "who is refused gets FAILURE, and the server goes on" {
	serve
	[ "$(perl ask 'AKA-REQ-AUTH 001010000000009')" = "AKA-RESP-AUTH 001010000000009 FAILURE" ]
	[ "$(perl ask 'SIM-REQ-AUTH 001010000000009 3')" = "SIM-RESP-AUTH 001010000000009 FAILURE" ]
	sub-set --ledger ro.ledger --state dormant $pcid
	[ "$(perl ask "AKA-REQ-AUTH $pcid")" = "AKA-RESP-AUTH $pcid FAILURE" ]
	sub-set --ledger ro.ledger --state quarantined $pcid
	[ "$(perl ask "AKA-REQ-AUTH $pcid")" = "AKA-RESP-AUTH $pcid FAILURE" ]
	sub-set --ledger ro.ledger --state live $pcid
	[[ $(perl ask "AKA-REQ-AUTH $pcid") =~ ^AKA-RESP-AUTH\ $pcid(\ [0-9a-f]+){5}$ ]]
	stop
	diff auc.log - <<-E
		av-hostapd: item 1: 001010000000009 is not in the ledger [unknown-identity]
		av-hostapd: item 2: 001010000000009 is not in the ledger [unknown-identity]
		av-hostapd: item 3: $pcid is not activated [dormant]
		av-hostapd: item 4: $pcid is quarantined [quarantined]
	E
}

@test "a datagram that is no request is complained about, and not answered" {
	serve
	perl -e 'print "AKA-REQ-AUTH ", "7" x 3000' >long
	# the last one is a request: its answer is the only one
	perl ask '' HELLO "aka-req-auth $pcid" $'\x1b[2J\xff\x01' AKA-AUTS "AKA-AUTS $pcid" \
		"AKA-AUTS $pcid zz 00" "AKA-AUTS $pcid 0011 00112233445566778899aabbccddeeff" \
		"AKA-REQ-AUTH $pcid" >answer
	[[ $(cat answer) =~ ^AKA-RESP-AUTH\ $pcid(\ [0-9a-f]+){5}$ ]]
	[ "$(perl ask AKA-REQ-AUTH)" = "AKA-RESP-AUTH  FAILURE" ]
	[ "$(perl ask "AKA-REQ-AUTH ' OR 1=1")" = "AKA-RESP-AUTH ' FAILURE" ]
	[ "$(perl ask "$(cat long)" | wc -c)" -eq 3023 ]
	stop
	diff <(head -n 8 auc.log) - <<-E
		av-hostapd: item 1: '' is no request of hostapd's
		av-hostapd: item 2: 'HELLO' is no request of hostapd's
		av-hostapd: item 3: 'aka-req-auth' is no request of hostapd's
		av-hostapd: item 4: '\x1b[2J\xff\x01' is no request of hostapd's
		av-hostapd: item 5: AKA-AUTS: needs an identity, AUTS and RAND
		av-hostapd: item 6: AKA-AUTS: needs an identity, AUTS and RAND
		av-hostapd: item 7: AKA-AUTS: needs an identity, AUTS and RAND
		av-hostapd: item 8: AKA-AUTS: needs an identity, AUTS and RAND
	E
	[ "$(sqlite3 ro.ledger 'SELECT seq FROM identity')" -eq 1 ]
}

@test "a count of triplets that is none of 1 to 5 gives one" {
	serve
	for n in 0 6 x 33 ''; do
		[[ $(perl ask "SIM-REQ-AUTH $pcid $n") =~ ^SIM-RESP-AUTH\ $pcid\ [0-9a-f]{16}:[0-9a-f]{8}:[0-9a-f]{32}$ ]]
	done
	stop
	none <auc.log
}

@test "a genuine AUTS sets what the next quintet counts, a forged one nothing" {
	tre-init --tre m2me --serial M2ME-0001
	tre-load --tre m2me <pcid
	amend m2me "INSERT INTO slot VALUES('$pcid', 0, 900)"
	edit pcid '.sqn = 0' <pcid | av-gen | vno-challenge >challenge
	run -1 bash -c 'usim-auth --tre m2me challenge 2>/dev/null >response'
	read -r auts rand < <(m2m-show --json response | jq -r '.auts + " " + .rand')
	serve
	perl ask "AKA-AUTS $pcid $(printf '%028d' 0) $rand" "AKA-REQ-AUTH $pcid" >/dev/null
	[ "$(sqlite3 ro.ledger 'SELECT seq FROM identity')" -eq 1 ]
	perl ask "AKA-AUTS $pcid $auts $rand" "AKA-REQ-AUTH $pcid" >/dev/null
	[ "$(sqlite3 ro.ledger 'SELECT seq FROM identity')" -eq 901 ]
	perl ask "AKA-AUTS $pcid $auts $rand" "AKA-REQ-AUTH $pcid" >/dev/null
	[ "$(sqlite3 ro.ledger 'SELECT seq FROM identity')" -eq 902 ]
	# out of the card's reach
	sqlite3 ro.ledger "UPDATE identity SET seq = 900 + 268435456"
	perl ask "AKA-AUTS $pcid $(printf '%028d' 0) $rand" "AKA-REQ-AUTH $pcid" >/dev/null
	[ "$(sqlite3 ro.ledger 'SELECT seq FROM identity')" -eq $((901 + 268435456)) ]
	# heard before, it moves nothing; heard for the first time, it does
	perl ask "AKA-AUTS $pcid $auts $rand" "AKA-REQ-AUTH $pcid" >/dev/null
	[ "$(sqlite3 ro.ledger 'SELECT seq FROM identity')" -eq $((902 + 268435456)) ]
	sqlite3 ro.ledger "DELETE FROM resync"
	perl ask "AKA-AUTS $pcid $auts $rand" "AKA-REQ-AUTH $pcid" >reply
	[ "$(sqlite3 ro.ledger 'SELECT seq FROM identity')" -eq 901 ]
	read -r _ _ rand autn _ <reply
	m2m-make challenge <<<"{\"identity\":\"$pcid\",\"rand\":\"$rand\",\"autn\":\"$autn\"}" |
		usim-auth --tre m2me | m2m-show --json | jq -e .res
	stop
	sed 's/item [0-9]*: //' auc.log | uniq -c |
		diff - <(echo "      2 av-hostapd: av-request.auts: MAC-S does not fit (TS 33.102 6.3.5) [wrong-auts]")
}

@test "SIGTERM and SIGINT end it with 0, and its socket goes with it" {
	for signal in TERM INT; do
		serve
		[ "$(stat -c %a auc.sock)" = 700 ]
		kill -$signal $server
		wait $server
		server=
		[ ! -e auc.sock ]
	done
}

@test "a socket that is served is not taken, one left behind is" {
	serve
	rejects 3 "av-hostapd: --socket: 'auc.sock' is served by another process" \
		av-hostapd --ledger ro.ledger --socket auc.sock
	[[ $(perl ask "AKA-REQ-AUTH $pcid") == "AKA-RESP-AUTH $pcid "* ]]
	kill -9 $server
	wait $server || true
	[ -S auc.sock ]
	serve
	[[ $(perl ask "AKA-REQ-AUTH $pcid") == "AKA-RESP-AUTH $pcid "* ]]
	stop
}

@test "a path where no socket can be is refused, and a file there stays" {
	echo precious >file
	rejects 3 "av-hostapd: --socket: cannot make a socket at 'file': Address already in use" \
		av-hostapd --ledger ro.ledger --socket file
	[ "$(cat file)" = precious ]
	rejects 3 "av-hostapd: --socket: cannot make a socket at 'no/auc.sock': No such file or directory" \
		av-hostapd --ledger ro.ledger --socket no/auc.sock
	rejects 2 "av-hostapd: --socket: needs a path below 108 bytes, has 200" \
		av-hostapd --ledger ro.ledger --socket "$(printf '%0200d' 0)"
	rejects 2 'av-hostapd: --socket is required; see av-hostapd --help' av-hostapd --ledger ro.ledger
}

@test "a full ledger ends it with 3, and nothing is answered that is not on disk" {
	# files may not grow: the log of the database is soon full
	serve bash -c 'trap "" XFSZ; ulimit -f 64; exec "$@"' -
	for _ in $(seq 200); do
		perl ask "AKA-REQ-AUTH $pcid" >answer 2>/dev/null || break
		echo "no answer" | cmp -s - answer && break
		cat answer >>answers
	done
	run -3 wait $server
	server=
	[[ $(cat auc.log) == "av-hostapd: item "*ledger* ]]
	[ "$(grep -c "^AKA-RESP-AUTH $pcid [0-9a-f]" answers)" -eq "$(wc -l <answers)" ]
	[ "$(sqlite3 ro.ledger 'SELECT seq FROM identity')" -eq "$(wc -l <answers)" ]
}

@test "a ledger that is none is said at once" {
	head -c 8192 /dev/urandom >noise
	run -3 --separate-stderr av-hostapd --ledger noise --socket auc.sock
	[[ $stderr == "av-hostapd: --ledger: 'noise'"* ]]
	[ ! -e auc.sock ]
}

# --- usim-wpa ------------------------------------------------------------------------------

# card - a TRE with the PCID
card() {
	tre-init --tre m2me --serial M2ME-0001
	tre-load --tre m2me <pcid
}

# supplicant MESSAGE... - usim-wpa with a wpa_supplicant that sends these; prints what it is answered
supplicant() {
	cat >supplicant.pl <<-'E'
		use IO::Socket::UNIX;
		my $s = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => "wlan0") or die;
		my $from = $s->recv(my $hello, 4096);
		print "$hello\n";
		for my $message (@ARGV) {
			$s->send($message, 0, $from);
			next if $message !~ /needed/;
			$SIG{ALRM} = sub { print "no answer\n"; $s->send("<3>CTRL-EVENT-TERMINATING", 0, $from); exit };
			alarm 3;
			$s->recv(my $answer, 4096);
			print "$answer\n";
		}
		$s->send("<3>CTRL-EVENT-TERMINATING", 0, $from);
	E
	rm -f wlan0
	perl supplicant.pl "$@" >answers &
	for _ in $(seq 100); do
		[ ! -S wlan0 ] || break
		sleep 0.02
	done
	usim-wpa --tre m2me --control ./wlan0 2>usim.log
	wait $!
}

# umts SEQ - a request for this challenge; the vector is in av
umts() {
	edit pcid ".sqn = $(($1 * 32))" <pcid | av-gen | tee av | m2m-show --json |
		jq -r '"<3>CTRL-REQ-SIM-0:UMTS-AUTH:\(.rand):\(.autn) needed for SSID m2m"'
}

@test "it answers as the card of the vector, and ends when wpa_supplicant does" {
	card
	message=$(umts 1)
	supplicant "<3>CTRL-EVENT-SCAN-STARTED" OK "$message"
	diff answers - <<-E
		ATTACH
		$(m2m-show --json --reveal av | jq -r '"CTRL-RSP-SIM-0:UMTS-AUTH:\(.ik):\(.ck):\(.xres)"')
	E
	none <usim.log
	[ "$(sqlite3 m2me 'SELECT seq FROM slot')" -eq 1 ]
}

@test "once the MID has expired it answers with the PCID" {
	card
	amend m2me "INSERT INTO application SELECT '001020000000001', 'usim', NULL, 'sho.example', 'mid', 'active',
		0, 1000, sealed, digest, NULL, NULL, NULL FROM application"
	supplicant "$(umts 1)"
	[ "$(tail -n 1 answers)" = "$(m2m-show --json --reveal av |
		jq -r '"CTRL-RSP-SIM-0:UMTS-AUTH:\(.ik):\(.ck):\(.xres)"')" ]
	none <usim.log
}

@test "three challenges of GSM are answered in their order" {
	card
	av-gen --kind gsm --count 3 pcid >av
	message=$(m2m-show --json av | jq -sr '"<3>CTRL-REQ-SIM-1:GSM-AUTH:\(map(.rand) | join(":")) needed for SSID m2m"')
	supplicant "$message"
	[ "$(tail -n 1 answers)" = "$(m2m-show --json --reveal av |
		jq -sr '"CTRL-RSP-SIM-1:GSM-AUTH:\(map(.kc + ":" + .sres) | join(":"))"')" ]
	none <usim.log
}

@test "a network that is refused is told so, and one out of step gets AUTS" {
	card
	message=$(umts 1)
	supplicant "$message" "$message" "${message/UMTS-AUTH:????/UMTS-AUTH:0000}"
	run -0 cat answers
	[[ ${lines[2]} =~ ^CTRL-RSP-SIM-0:UMTS-AUTS:[0-9a-f]{28}$ ]]
	[ "${lines[3]}" = "CTRL-RSP-SIM-0:UMTS-FAIL" ]
	diff usim.log - <<-E
		usim-wpa: challenge.autn: SQN is not fresh (TS 33.102 6.3.3) [sync-failure]
		usim-wpa: challenge.autn: MAC is wrong (TS 33.102 6.3.3) [mac-failure]
	E
}

@test "what is no challenge is complained about, and the next one is answered" {
	card
	message=$(umts 1)
	supplicant CTRL-REQ-SIM- CTRL-REQ-SIM-0 CTRL-REQ-SIM-0:UMTS-AUTH CTRL-REQ-SIM-0:UMTS-AUTH:00:11 \
		CTRL-REQ-SIM-0:GSM-AUTH:zz CTRL-REQ-SIM-0:PIN-AUTH:1234 '' "$message"
	run -0 cat answers
	[ "${#lines[@]}" -eq 2 ]
	[[ ${lines[1]} == CTRL-RSP-SIM-0:UMTS-AUTH:* ]]
	diff usim.log - <<-E
		usim-wpa: CTRL-REQ-SIM: needs a network and a request
		usim-wpa: CTRL-REQ-SIM: needs a network and a request
		usim-wpa: UMTS-AUTH: needs RAND and AUTN
		usim-wpa: UMTS-AUTH: needs RAND and AUTN
		usim-wpa: GSM-AUTH: needs RANDs
		usim-wpa: CTRL-REQ-SIM: 'PIN-AUTH' is no request to a SIM
	E
}

@test "without a control socket, or a TRE, it says so" {
	card
	rejects 3 "usim-wpa: --control: cannot connect to './wlan0': No such file or directory" \
		usim-wpa --tre m2me --control ./wlan0
	rejects 3 "usim-wpa: --tre: 'ro.ledger': needs a tre, has another database" \
		usim-wpa --tre ro.ledger --control ./wlan0
	rejects 2 'usim-wpa: --control is required; see usim-wpa --help' usim-wpa --tre m2me
}

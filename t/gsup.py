#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# gsup.py PORT IMSI [RAND AUTS] - asks the osmo-hlr on 127.0.0.1 for vectors, as an MSC does:
# GSUP over IPA.  Prints a line "rand autn xres ck ik" each, or "error N".
import socket
import struct
import sys

IPA_CCM, IPA_OSMO, GSUP = 0xFE, 0xEE, 5
SEND_AUTH_INFO, RESULT, ERROR = 0x08, 0x0A, 0x09
IE_IMSI, IE_CAUSE, IE_TUPLE, IE_RAND, IE_AUTS, IE_DOMAIN = 0x01, 0x02, 0x03, 0x20, 0x26, 0x28
PARTS = (0x20, 0x25, 0x27, 0x24, 0x23)		# RAND AUTN RES CK IK


def element(tag, value):
    return bytes([tag, len(value)]) + value


def elements(data):
    while data:
        yield data[0], data[2:2 + data[1]]
        data = data[2 + data[1]:]


def bcd(digits):
    digits += "f" * (len(digits) % 2)
    return bytes(int(digits[i + 1] + digits[i], 16) for i in range(0, len(digits), 2))


def identity():
    answer = b"\x05"
    for tag, value in ((0x08, b"0/0/0"), (0x01, b"m2mkit"), (0x00, b"m2mkit")):
        answer += struct.pack(">HB", len(value) + 2, tag) + value + b"\0"
    return answer


class Peer:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=5)
        self.stream = self.socket.makefile("rb")

    def send(self, protocol, body):
        self.socket.sendall(struct.pack(">HB", len(body), protocol) + body)

    def receive(self):
        length, protocol = struct.unpack(">HB", self.stream.read(3))
        return protocol, self.stream.read(length)


def main():
    peer = Peer(int(sys.argv[1]))
    request = bytes([SEND_AUTH_INFO]) + element(IE_IMSI, bcd(sys.argv[2]))
    if len(sys.argv) > 3:
        request += element(IE_AUTS, bytes.fromhex(sys.argv[4]))
        request += element(IE_RAND, bytes.fromhex(sys.argv[3]))
    request += element(IE_DOMAIN, b"\x01")
    asked = False
    for _ in range(20):
        protocol, body = peer.receive()
        if protocol == IPA_CCM and body[0] == 0x04:
            peer.send(IPA_CCM, identity())
        elif protocol == IPA_CCM and body[0] == 0x06:
            peer.send(IPA_CCM, b"\x06")
        elif protocol == IPA_CCM and body[0] == 0x00:
            peer.send(IPA_CCM, b"\x01")
        if not asked and protocol == IPA_CCM and body[0] in (0x04, 0x06):
            peer.send(IPA_OSMO, bytes([GSUP]) + request)
            asked = True
        if protocol != IPA_OSMO or body[0] != GSUP:
            continue
        if body[1] == ERROR:
            print("error", dict(elements(body[2:])).get(IE_CAUSE, b"\0")[0])
            return
        for tag, value in elements(body[2:]):
            if tag == IE_TUPLE:
                parts = dict(elements(value))
                print(*(parts[p].hex() for p in PARTS))
        return


main()

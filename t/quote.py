# SPDX-License-Identifier: Apache-2.0
"""quote.py KEY.pem [CHANGES...] <evidence - the evidence, as if the TRE had a TPM whose platform key is
KEY.pem: with a quote and a certification of its sealing key, written from the TPM 2.0 Library part 2
alone; one for each CHANGES.  Its own signature has to be made anew.

CHANGES, words NAME=VALUE, each spoil something: pcrs=7:HEX,... selected=HEX digest=HEX, and for quote. and cert.:
magic, type, extra, more (bytes at the end), key (another signer); bank; attributes, curve, name, x."""
import hashlib
import struct
import sys

import cbor2
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

CLASS, TPM = -70010, -70011
changes = {}


def change(name, value):
    """The bytes or number of that name, spoilt if asked for."""
    if name not in changes:
        return value
    text = changes.pop(name)
    return int(text, 0) if isinstance(value, int) else bytes.fromhex(text)


def sized(data):
    return struct.pack(">H", len(data)) + data


def sha256(data):
    return hashlib.sha256(data).digest()


def sign(path, message):
    with open(path, "rb") as f:
        key = serialization.load_pem_private_key(f.read(), None)
    r, s = utils.decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def attest(what, kind, extra, body):
    """TPMS_ATTEST and its signature."""
    message = struct.pack(">IH", change(what + ".magic", 0xFF544347), change(what + ".type", kind))
    message += sized(b"\0\x0b" + bytes(32)) + sized(change(what + ".extra", extra))
    message += bytes(17) + bytes(8)  # clock, firmware
    message += body + change(what + ".more", b"")
    return message, sign(changes.pop(what + ".key", sys.argv[1]), message)


def evidence(protected, unprotected, payload, signature):
    """Spoilt as changes say, all of which are used."""
    claims = cbor2.loads(payload)
    claims[CLASS] = "tpm"
    claims.pop(TPM, None)
    qualifying = sha256(cbor2.dumps(claims))

    pcrs = [part.split(":") for part in changes.pop("pcrs", "0:" + "00" * 32 + ",7:" + "77" * 32).split(",")]
    pcrs = [[int(index), bytes.fromhex(value)] for index, value in pcrs]
    bits = sum(1 << index for index, _ in pcrs)
    digest = change("digest", sha256(b"".join(value for _, value in pcrs)))
    selected = change("selected", struct.pack("<I", bits)[:3])
    bank = change("bank", 0x0B)
    quote = attest("quote", 0x8018, qualifying,
                   struct.pack(">IHB", change("banks", 1), bank, len(selected)) + selected + sized(digest))

    cnf = claims[8][1]
    sealing = struct.pack(">HHI", change("algorithm", 0x23), change("names", 0x0B), change("attributes", 0x20072))
    sealing += sized(b"") + struct.pack(">HHHH", 0x10, 0x10, change("curve", 3), 0x10)
    sealing += sized(change("x", cnf[-2])) + sized(cnf[-3])
    name = change("name", b"\0\x0b" + sha256(sealing))
    certification = attest("cert", 0x8017, qualifying, sized(name) + sized(b"\0\x0b" + bytes(32)))
    sealing += change("sealing.more", b"")

    claims[TPM] = {1: quote[0], 2: quote[1], 3: pcrs, 4: certification[0], 5: certification[1], 6: sealing}
    claims = dict(sorted(claims.items(), key=lambda claim: cbor2.dumps(claim[0])))
    assert not changes, changes
    return cbor2.dumps(cbor2.CBORTag(18, [protected, unprotected, cbor2.dumps(claims), signature]))


original = cbor2.load(sys.stdin.buffer).value
for words in sys.argv[2:] or [""]:
    changes.update(word.split("=", 1) for word in words.split())
    sys.stdout.buffer.write(evidence(*original))

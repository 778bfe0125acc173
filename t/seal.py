# SPDX-License-Identifier: Apache-2.0
"""seal.py STORE - the seal that a TRE's store should have, in hex

By another's code, as lib/role/trestore.h words it.
"""
import hashlib
import hmac
import sqlite3
import sys

TABLES = (("device", "one"), ("measured", "position"), ("anchor", "der"), ("application", "identity"),
          ("slot", "identity, ind"), ("provisioning", "position"), ("counter", "sho, pcid"),
          ("owner", "one"), ("obeyed", "position"), ("switch", "one"), ("outbox", "position"))


def mac(key, message=b""):
    return hmac.new(key, message, hashlib.sha256)


def head(major, n):
    for more, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if n < 24:
            return bytes([major << 5 | n])
        if n < 256 ** size:
            return bytes([major << 5 | more]) + n.to_bytes(size, "big")


def cbor(value):
    if isinstance(value, tuple):
        return head(4, len(value)) + b"".join(map(cbor, value))
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    return b"\xf4" if value is None else head(0, value % 2**64)


db = sqlite3.connect(sys.argv[1])
with open(sys.argv[1] + ".storage-key", "rb") as f:
    key = mac(mac(bytes(32), f.read()).digest(), b"m2mkit tre store\x01").digest()
seal = mac(key)
for table, order in TABLES:
    for row in db.execute("SELECT * FROM %s ORDER BY %s" % (table, order)):
        seal.update(cbor((table, *row)))
print(seal.hexdigest())

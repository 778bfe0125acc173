# SPDX-License-Identifier: Apache-2.0
"""independent.py signature PEM  - verifies the signed object on stdin, says what it is and by whom;
                               the signer's certificate is left in the file PEM
independent.py open KEY       - of a mid-package on stdin, what is sealed in it to KEY (PEM)

Our objects read by another's code: cbor2 for CBOR, python3-cryptography for the rest;
the structures as RFC 9052 and 9053 word them.
"""
import sys

import cbor2
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, keywrap, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ALG, CONTENT_TYPE, IV, X5CHAIN, EPHEMERAL_KEY = 1, 3, 5, 33, -1
ES256, EDDSA, A256GCM, ECDH_ES_A256KW, A256KW = -7, -8, 3, -31, -5
SEALED = -70032


def tagged(data, tag):
    item = cbor2.loads(data)
    assert item.tag == tag, "needs tag %d, has %d" % (tag, item.tag)
    return item.value


def verify(key, alg, signature, message):
    if alg == EDDSA:
        assert isinstance(key, ed25519.Ed25519PublicKey)
        key.verify(signature, message)
    else:
        assert alg == ES256 and key.curve.name == "secp256r1" and len(signature) == 64
        r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
        key.verify(utils.encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))


def open_signed(data):
    """The claims, undecoded, once the signature holds; with the header and the certificate."""
    protected, unprotected, payload, signature = tagged(data, 18)
    header = cbor2.loads(protected)
    assert unprotected == {}
    chain = header[X5CHAIN] if isinstance(header[X5CHAIN], list) else [header[X5CHAIN]]
    certificate = x509.load_der_x509_certificate(chain[0])
    verify(certificate.public_key(), header[ALG], signature,
           cbor2.dumps(["Signature1", protected, b"", payload]))
    return payload, header, certificate


def unwrap(key, recipient):
    protected, unprotected, wrapped = recipient
    assert cbor2.loads(protected) == {ALG: ECDH_ES_A256KW}
    e = unprotected[EPHEMERAL_KEY]
    assert (e[1], e[-1]) == (2, 1)      # EC2, P-256
    peer = ec.EllipticCurvePublicNumbers(int.from_bytes(e[-2], "big"), int.from_bytes(e[-3], "big"),
                                         ec.SECP256R1()).public_key()
    nobody = [None, None, None]
    context = cbor2.dumps([A256KW, nobody, nobody, [256, protected]])
    kek = HKDF(hashes.SHA256(), 32, None, context).derive(key.exchange(ec.ECDH(), peer))
    return keywrap.aes_key_unwrap(kek, wrapped)


def open_sealed(key, sealed, external):
    protected, unprotected, ciphertext, recipients = tagged(sealed, 96)
    assert cbor2.loads(protected) == {ALG: A256GCM} and len(recipients) == 1
    return AESGCM(unwrap(key, recipients[0])).decrypt(
        unprotected[IV], ciphertext, cbor2.dumps(["Encrypt", protected, external]))


def main():
    data = sys.stdin.buffer.read()
    payload, header, certificate = open_signed(data)
    name = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value
    if sys.argv[1] == "signature":
        with open(sys.argv[2], "wb") as f:
            f.write(certificate.public_bytes(serialization.Encoding.PEM))
        print(header[CONTENT_TYPE], "by", name)
    else:
        claims = cbor2.loads(payload)   # in the order they came in, the sealed part last
        sealed = claims.pop(SEALED)
        with open(sys.argv[2], "rb") as f:
            key = serialization.load_pem_private_key(f.read(), None)
        sys.stdout.buffer.write(open_sealed(key, sealed, cbor2.dumps(claims)))


try:
    main()
except InvalidSignature:
    sys.exit("independent.py: the signature does not verify")

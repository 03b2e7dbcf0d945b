#!/usr/bin/env python3
"""The published test vector of bound passports, by Python's `cryptography` instead of libsodium.

    keys.py > Tests/KeysTests/Fixtures/vector.json

Whoever writes another implementation compares with the file; Sources/Keys/README.md has the formulas.
"""
import hashlib
import json
import struct

from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

SECRET = bytes(range(32))
STATEMENT = "Lab 26 claims AlexNet for CIFAR-10, 2026 – büro"
PATH = "features.4"
CHANNELS = 20
VALUES = 24


def extract(salt, material):
    code = hmac.HMAC(salt, hashes.SHA256())
    code.update(material)
    return code.finalize()


def expand(key, info, count):
    return HKDFExpand(hashes.SHA256(), count, info.encode()).derive(key)


def framed(part):
    return struct.pack("<Q", len(part)) + part


def stream(key, count):
    encryptor = Cipher(algorithms.ChaCha20(key, bytes(16)), mode=None).encryptor()
    words = struct.unpack(f"<{count}I", encryptor.update(bytes(4 * count)))
    return [(word >> 8) / (1 << 23) - 1 for word in words]


seed = expand(extract(b"passbook/identity/v1", SECRET), "ed25519", 32)
signer = Ed25519PrivateKey.from_private_bytes(seed)
public = signer.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
statement = STATEMENT.encode()
key = extract(hashlib.sha256(framed(public) + framed(statement)).digest(), SECRET)
bits = expand(key, "signature/" + PATH, (CHANNELS + 7) // 8)
print(json.dumps({
    "secret": SECRET.hex(),
    "statement": STATEMENT,
    "identity": public.hex(),
    "secret_hash": hashlib.sha256(SECRET).hexdigest(),
    "path": PATH,
    "signature": [1 if bits[i // 8] >> (7 - i % 8) & 1 else -1 for i in range(CHANNELS)],
    "scale": stream(expand(key, "passport/scale/" + PATH, 32), VALUES),
    "shift": stream(expand(key, "passport/shift/" + PATH, 32), VALUES),
    "signed": "passbook",
    "signature_of_signed": signer.sign(b"passbook").hex(),
    "practice_7": extract(b"passbook/practice/v1", struct.pack("<Q", 7)).hex(),
}, indent=2, ensure_ascii=False))

"""Published vectors: X-Wing and HPKE agree with the drafts, and our seals are exactly those HPKE messages."""

import hashlib
import hmac
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from whistle.vault.envelope import Context, open_with, seal_to
from whistle.vault.keys import new_pair, pair_from_seed
from whistle.vault.padding import pad, unpad

VECTORS = Path(__file__).parent / "vectors"
XWING = json.loads((VECTORS / "xwing.json").read_text())["vectors"]
HPKE_PQ = json.loads((VECTORS / "hpke_pq.json").read_text())["vector"]

#: "HPKE", KEM 0x647a, KDF HKDF-SHA256, AEAD AES-256-GCM
OUR_SUITE = b"HPKE" + bytes.fromhex("647a00010002")
XWING_LABEL = bytes.fromhex("5c2e2f2f5e5c")
ENC_BYTES = 1120
CONTEXT = Context("case key", "7f3a", "lead", "12", 3)


def decapsulate(seed: bytes, enc: bytes) -> bytes:
    """X-Wing by its parts, as the draft's section on decapsulation writes it."""
    expanded = hashlib.shake_256(seed).digest(96)
    mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
    x25519 = X25519PrivateKey.from_private_bytes(expanded[64:])
    shared_m = mlkem.decapsulate(enc[:1088])
    shared_x = x25519.exchange(X25519PublicKey.from_public_bytes(enc[1088:]))
    public_x = x25519.public_key().public_bytes_raw()
    return hashlib.sha3_256(shared_m + shared_x + enc[1088:] + public_x + XWING_LABEL).digest()


def key_schedule(shared: bytes, info: bytes, suite: bytes) -> tuple[bytes, bytes]:
    """Key and nonce of RFC 9180, section 5.1, base mode, HKDF-SHA256."""

    def extract(salt: bytes, label: bytes, material: bytes) -> bytes:
        return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + material, "sha256")

    def expand(secret: bytes, label: bytes, about: bytes, length: int) -> bytes:
        labelled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + about
        return HKDFExpand(algorithm=SHA256(), length=length, info=labelled).derive(secret)

    about = b"\x00" + extract(b"", b"psk_id_hash", b"") + extract(b"", b"info_hash", info)
    secret = extract(shared, b"secret", b"")
    return expand(secret, b"key", about, 32), expand(secret, b"base_nonce", about, 12)


@pytest.mark.parametrize("vector", XWING)
def test_a_seed_gives_the_public_key_of_the_draft(vector):
    assert pair_from_seed(bytes.fromhex(vector["seed"])).public.hex() == vector["pk"]


@pytest.mark.parametrize("vector", XWING)
def test_the_parts_give_the_shared_secret_of_the_draft(vector):
    seed, enc = bytes.fromhex(vector["seed"]), bytes.fromhex(vector["ct"])

    assert decapsulate(seed, enc).hex() == vector["ss"]


@pytest.mark.parametrize("vector", XWING)
def test_a_seal_written_from_the_drafts_ciphertext_and_secret_opens(vector):
    key, nonce = key_schedule(bytes.fromhex(vector["ss"]), b"\x01\x01" + CONTEXT.to_bytes(), OUR_SUITE)
    sealed = b"\x01\x01" + bytes.fromhex(vector["ct"]) + AESGCM(key).encrypt(nonce, pad(b"words"), b"")

    assert open_with(bytes.fromhex(vector["seed"]), sealed, CONTEXT) == b"words"


def test_what_we_seal_opens_by_the_drafts_alone():
    pair = new_pair()
    sealed = seal_to(pair.public, b"words", CONTEXT)

    shared = decapsulate(pair.seed, sealed[2 : 2 + ENC_BYTES])
    key, nonce = key_schedule(shared, sealed[:2] + CONTEXT.to_bytes(), OUR_SUITE)

    assert unpad(AESGCM(key).decrypt(nonce, sealed[2 + ENC_BYTES :], b"")) == b"words"


def test_key_pair_secret_and_schedule_are_those_of_hpke_pq():
    vector = {name: value for name, value in HPKE_PQ.items() if isinstance(value, str)}
    seed, enc = bytes.fromhex(vector["skRm"]), bytes.fromhex(vector["enc"])

    shared = decapsulate(seed, enc)
    key, nonce = key_schedule(shared, bytes.fromhex(vector["info"]), bytes.fromhex(vector["suite_id"]))

    assert pair_from_seed(seed).public.hex() == vector["pkRm"]
    assert (shared.hex(), key.hex(), nonce.hex()) == tuple(
        vector[name] for name in ("shared_secret", "key", "base_nonce")
    )


def test_the_first_message_of_hpke_pq_decrypts():
    first = {name: bytes.fromhex(value) for name, value in HPKE_PQ["encryption"].items() if name != "nonce"}
    cipher = ChaCha20Poly1305(bytes.fromhex(HPKE_PQ["key"]))

    assert cipher.decrypt(bytes.fromhex(HPKE_PQ["base_nonce"]), first["ct"], first["aad"]) == first["pt"]


def test_argon2id_gives_the_tag_of_rfc_9106():
    slow = Argon2id(
        salt=b"\x02" * 16,
        length=32,
        iterations=3,
        lanes=4,
        memory_cost=32,
        secret=b"\x03" * 8,
        ad=b"\x04" * 12,
    )

    expected = "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"
    assert slow.derive(b"\x01" * 32).hex() == expected

"""Checkpoints: the published note formats, every kind of damage, and keys as lines of text."""

import base64
import struct

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
from hypothesis import given
from hypothesis import strategies as st

from whistle.ledger import checkpoints
from whistle.ledger.checkpoints import CheckpointError, Head

NAME = "district.example/ledger"
AT = 1_790_000_000
HEAD = Head(NAME, 20852163, bytes(range(32)))

#: From the documentation of Go's note package, the first implementation of the format.
GO_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
)
GO_SIGNATURE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="


@pytest.fixture(scope="module")
def keys() -> tuple[checkpoints.SigningKey, ...]:
    return checkpoints.new_keys(NAME)


@pytest.fixture(scope="module")
def verifiers(keys: tuple[checkpoints.SigningKey, ...]) -> tuple[checkpoints.VerifierKey, ...]:
    return tuple(key.verifier for key in keys)


@pytest.fixture(scope="module")
def note(keys: tuple[checkpoints.SigningKey, ...]) -> str:
    return checkpoints.sign(HEAD, keys, AT)


def test_keys_of_the_first_implementation_are_read_and_written_the_same() -> None:
    key = checkpoints.read_signing_key(GO_SECRET)
    assert key.to_text() == GO_SECRET
    assert key.verifier.to_text() == GO_VERIFIER
    signature = base64.b64decode(GO_SIGNATURE)
    assert signature[:4] == key.verifier.key_id
    Ed25519PublicKey.from_public_bytes(key.verifier.public).verify(signature[4:], GO_TEXT.encode())


def test_the_example_of_the_specification_is_read() -> None:
    example = (
        "example.com/behind-the-sofa\n"
        "20852163\n"
        "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
        "\n"
        "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+"
        "zyWE+xeMcTOAYQ8=\n"
    )
    head = checkpoints.read(example)
    assert (head.origin, head.size) == ("example.com/behind-the-sofa", 20852163)
    assert head.to_text() + "\n" == example[: example.index("—")]


def test_a_signed_checkpoint_verifies_with_both_keys(
    note: str, verifiers: tuple[checkpoints.VerifierKey, ...]
) -> None:
    assert checkpoints.verify(note, verifiers) == HEAD
    for key in verifiers:
        assert checkpoints.verify(note, (key,)) == HEAD


def test_the_ml_dsa_line_signs_the_cosigned_message_of_the_specification(
    note: str, verifiers: tuple[checkpoints.VerifierKey, ...]
) -> None:
    signature = base64.b64decode(note.splitlines()[-1].split(" ")[2])
    name = NAME.encode()
    prefixed = bytes([len(name)]) + name
    message = b"subtree/v1\n\x00" + prefixed + struct.pack(">Q", AT) + prefixed
    message += struct.pack(">Q", 0) + struct.pack(">Q", HEAD.size) + HEAD.root
    assert signature[:4] == verifiers[1].key_id
    assert signature[4:12] == struct.pack(">Q", AT)
    MLDSA44PublicKey.from_public_bytes(verifiers[1].public).verify(signature[12:], message)


def test_signatures_of_witnesses_are_ignored(
    note: str, verifiers: tuple[checkpoints.VerifierKey, ...]
) -> None:
    witness = checkpoints.new_keys("witness.example/w1")[0]
    line = checkpoints.sign(HEAD, (witness,), AT).splitlines(keepends=True)[-1]
    assert checkpoints.verify(note + line, verifiers) == HEAD


def test_a_note_without_the_signature_of_a_wanted_key_is_refused(
    keys: tuple[checkpoints.SigningKey, ...], verifiers: tuple[checkpoints.VerifierKey, ...]
) -> None:
    with pytest.raises(CheckpointError, match="no signature"):
        checkpoints.verify(checkpoints.sign(HEAD, keys[:1], AT), verifiers)
    stranger = tuple(key.verifier for key in checkpoints.new_keys(NAME))
    with pytest.raises(CheckpointError, match="no signature"):
        checkpoints.verify(checkpoints.sign(HEAD, keys, AT), stranger)


@given(data=st.data())
def test_no_changed_character_survives(
    data: st.DataObject, note: str, verifiers: tuple[checkpoints.VerifierKey, ...]
) -> None:
    place = data.draw(st.integers(0, len(note) - 1))
    other = data.draw(st.sampled_from([c for c in "0aA+/=\n —" if c != note[place]]))
    with pytest.raises(CheckpointError):
        checkpoints.verify(note[:place] + other + note[place + 1 :], verifiers)


@pytest.mark.parametrize(
    "damaged",
    [
        "",
        "\n",
        "no empty line",
        "a\n1\nAAAA\n\n— a AAAAAAAAAA==\n",
        f"{NAME}\n01\n{base64.b64encode(bytes(32)).decode()}\n\n— a AAAAAAAAAA==\n",
        f"{NAME}\n-1\n{base64.b64encode(bytes(32)).decode()}\n\n— a AAAAAAAAAA==\n",
        f"{NAME}\n{'9' * 5000}\n{base64.b64encode(bytes(32)).decode()}\n\n— a AAAAAAAAAA==\n",
        f"{NAME}\n٣\n{base64.b64encode(bytes(32)).decode()}\n\n— a AAAAAAAAAA==\n",
        f"{NAME}\n1\n{base64.b64encode(bytes(32)).decode()}\nextension\n\n— a AAAAAAAAAA==\n",
        f"{NAME}\n1\n{base64.b64encode(bytes(32)).decode()}\n\n- a AAAAAAAAAA==\n",
        f"{NAME}\n1\n{base64.b64encode(bytes(32)).decode()}\n\n— a AAAA\n",
        f"{NAME}\n1\n{base64.b64encode(bytes(32)).decode()}\n\n— a not base64\n",
        f"{NAME}\n1\r\n{base64.b64encode(bytes(32)).decode()}\n\n— a AAAAAAAAAA==\n",
    ],
)
def test_a_damaged_note_is_an_error_and_never_a_crash(
    damaged: str, verifiers: tuple[checkpoints.VerifierKey, ...]
) -> None:
    with pytest.raises(CheckpointError):
        checkpoints.verify(damaged, verifiers)


def test_a_verification_with_no_key_is_none(note: str) -> None:
    with pytest.raises(CheckpointError, match="no key"):
        checkpoints.verify(note, ())


def test_signing_keys_survive_their_line_and_hide_in_a_repr(keys: tuple[checkpoints.SigningKey, ...]) -> None:
    for key in keys:
        assert checkpoints.read_signing_key(key.to_text()) == key
        assert key.seed.hex() not in repr(key)
        assert repr(key.seed) not in repr(key)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "PRIVATE+KEY+",
        GO_VERIFIER,
        GO_SECRET.replace("c74f20a3", "c74f20a4"),
        GO_SECRET.replace("c74f20a3", "nothexad"),
        GO_SECRET[:-4],
        "PRIVATE+KEY+name+00000000+",
        "PRIVATE+KEY+name+00000000+" + base64.b64encode(b"\x09" + bytes(32)).decode(),
    ],
)
def test_a_damaged_signing_key_is_refused(line: str) -> None:
    with pytest.raises(CheckpointError):
        checkpoints.read_signing_key(line)


@pytest.mark.parametrize("name", ["", "with space", "with+plus", "with\nline", "x" * 256])
def test_a_log_has_a_name_that_a_note_can_carry(name: str) -> None:
    with pytest.raises(CheckpointError):
        checkpoints.new_keys(name)
    with pytest.raises(CheckpointError):
        checkpoints.sign(Head(name, 1, bytes(32)), checkpoints.new_keys(NAME), AT)

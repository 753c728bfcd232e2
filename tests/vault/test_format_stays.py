"""Everything version 1 ever sealed or derived stays readable: fixed bytes, made once, opened for ever.

A failure here means that stored cases, printed sheets or kept receipts would no longer open. Never renew the
file to make this pass: add a new suite byte instead.
"""

import io
import json
from pathlib import Path

from whistle.vault import blind_index, keys, passwords, receipts, recovery
from whistle.vault.envelope import Context, open_json_record, open_record, open_with
from whistle.vault.stream import open_stream

KEPT = json.loads((Path(__file__).parent / "vectors" / "version_1.json").read_text())
SEED, KEY = bytes(range(32)), bytes(range(32, 64))
CONTEXT = Context("purpose", "record", "kind", "reader", 7)


def kept(name):
    return bytes.fromhex(KEPT[name])


def test_contexts_have_the_bytes_of_the_specification():
    texts = b"\0\7purpose" + b"\0\6record" + b"\0\4kind" + b"\0\6reader"

    assert CONTEXT.to_bytes() == b"\1" + texts + b"\0\0\0\7"


def test_envelopes_open():
    assert open_with(SEED, kept("seal"), CONTEXT) == "封存".encode()
    assert open_record(KEY, kept("record"), CONTEXT) == "封存".encode()
    assert open_json_record(KEY, kept("json"), CONTEXT) == {"text": "封存", "order": 1}
    assert b"".join(open_stream(io.BytesIO(kept("stream")), KEY, CONTEXT)) == "封存".encode()


def test_what_people_keep_gives_the_same_keys():
    receipt = receipts.derive(KEPT["receipt"], b"salt of sixteen.")
    password = passwords.derive("湖边三只灰鸭子", b"salt of sixteen.")

    assert receipt.lookup == kept("receipt_lookup")
    assert receipt.pair.seed == kept("receipt_seed")
    assert (password.verify, password.wrap) == (kept("password_verify"), kept("password_wrap"))
    assert recovery.from_sheet(KEPT["sheet"]) == SEED
    assert passwords.hash_recovery_code("ABCD-EFGH-JKMN-PQRS") == kept("recovery_code_hash")


def test_derived_values_stay():
    public = keys.pair_from_seed(SEED).public

    assert keys.derive(KEY, "label") == kept("derived")
    assert keys.mix_identity(SEED, KEY) == kept("identity")
    assert keys.short_code(public) == KEPT["short_code"]
    assert keys.hash_token("token") == kept("token_hash")
    assert blind_index.blind(KEY, "name", "张三") == kept("blind")

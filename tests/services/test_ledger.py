"""The transparency log end to end: acts leave leaves, and whatever is done behind its back is found."""

import base64
import datetime as dt
import hashlib
import json
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peewee import Database

from whistle import clock
from whistle.ledger import checkpoints, tree
from whistle.services import ledger
from whistle.services.errors import NotFound
from whistle.services.ledger import checking, leaves, signing
from whistle.store.base import Table, database
from whistle.store.cases import Case, CaseSeal
from whistle.store.channels import Channel
from whistle.store.database import (
    NoTransaction,
    atomic_read,
    atomic_write,
    close,
    close_all,
    open_database,
)
from whistle.store.desks import Desk
from whistle.store.entries import Checkpoint, Entry, LogHead, Node
from whistle.store.people import Person
from whistle.store.reports import Message, Report, ReportKey
from whistle.store.units import Unit

T = TypeVar("T", bound=Table)
NOW = dt.datetime(2026, 11, 23, 8, 30, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 23)


@dataclass
class World:
    """Rows of several tables, each with its leaf."""

    unit: Unit
    person: Person
    desk: Desk
    case: Case
    report: Report
    messages: list[Message]


@pytest.fixture(autouse=True)
def instance(tmp_path: Path) -> Iterator[Path]:
    with clock.at(NOW):
        ledger.use_instance(tmp_path)
        yield tmp_path


@pytest.fixture
def world(database: Database) -> World:
    with atomic_write():
        unit = logged(Unit.create(code="U1", recorded_at=NOW))
        for code in ("U2", "U3"):
            logged(Unit.create(code=code, recorded_at=NOW))
        person = logged(
            Person.create(user_name="wang", name="王", role="intake", state="active", recorded_at=NOW)
        )
        desk = logged(
            Desk.create(name_zh="台", name_en="Desk", kind="intake", deputy=person, recorded_at=NOW)
        )
        logged(Channel.create(token="t", name="大厅", unit=unit, desk=desk, recorded_at=NOW))
        case = logged(
            Case.create(desk=desk, state="received", kind="lead", received_on=DAY, severity="minor")
        )
        report = Report.create(
            case=case,
            origin="qr",
            kind="lead",
            received_on=DAY,
            lookup_hash=b"l" * 32,
            sealed_body=b"sealed" * 50,
        )
        ledger.append("received", "receive", report)
        CaseSeal.create(case=case, generation=1, is_recovery=True, reason="recovery", sealed=b"sealed")
        ReportKey.create(report=report, generation=1, case_generation=1, wrapped=b"sealed")
        messages = [
            logged(
                Message.create(
                    report=report,
                    side="reporter",
                    purpose="message",
                    sent_on=DAY,
                    generation=1,
                    sealed=bytes([n]),
                )
            )
            for n in range(3)
        ]
    return World(unit, person, desk, case, report, messages)


def logged(row: T) -> T:
    ledger.append("other", "made", row)
    return row


def grown(hashes: Iterable[bytes]) -> dict[tuple[int, int], bytes]:
    """All full nodes over some leaves."""
    nodes: dict[tuple[int, int], bytes] = {}

    def get(level: int, place: int) -> bytes:
        return nodes[level, place]

    for size, hashed in enumerate(hashes):
        nodes |= {(level, place): digest for level, place, digest in tree.append(size, hashed, get)}
    return nodes


def kinds() -> set[str]:
    return {finding.kind for finding in ledger.verify().findings}


def days_later(days: int) -> dt.datetime:
    return NOW + dt.timedelta(days=days)


# Appending


def test_an_append_outside_a_transaction_is_refused(database: Database) -> None:
    with pytest.raises(NoTransaction):
        ledger.append("other", "nothing")
    assert Entry.select().count() == 0


def test_an_append_goes_with_its_act(database: Database) -> None:
    def act() -> None:
        with atomic_write():
            logged(Unit.create(code="U", recorded_at=NOW))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    assert (Entry.select().count(), Node.select().count(), LogHead.get().size) == (0, 0, 0)
    with atomic_write():
        assert ledger.append("other", "first") == 0
        assert ledger.append("other", "second") == 1


@pytest.mark.parametrize(
    ("type", "more", "fault"),
    [
        ("wrong", {}, "no type"),
        ("declined", {}, "reason"),
        ("", {}, "no type"),
        ("declined", {"reason": ""}, "reason"),
    ],
)
def test_a_leaf_has_a_known_type_and_a_declined_one_its_reason(
    database: Database, type: str, more: dict[str, str], fault: str
) -> None:
    with atomic_write(), pytest.raises(ValueError, match=fault):
        ledger.append(type, "what", None, **more)


def test_a_row_is_saved_before_it_is_logged(database: Database) -> None:
    with atomic_write(), pytest.raises(ValueError, match="save the unit"):
        ledger.append("other", "made", Unit(id=5, code="U", recorded_at=NOW))


def test_the_public_leaf_tells_type_day_and_nothing_else(world: World) -> None:
    for entry in Entry.select():
        leaf = json.loads(bytes(entry.leaf))
        assert set(leaf) == {"v", "type", "day", "commitment"}
        assert leaf["day"] == "2026-11-23"
    assert json.loads(bytes(Entry.get(Entry.type == "received").leaf))["type"] == "received"
    with atomic_write():
        ledger.append("declined", "decline", world.report, by=world.person.id, reason="not_ours")
    declined = json.loads(bytes(Entry.get(Entry.type == "declined").leaf))
    assert (declined["type"], declined["reason"]) == ("declined", "not_ours")


def test_two_leaves_about_one_row_share_nothing_but_type_and_day(world: World) -> None:
    with atomic_write():
        for _ in range(2):
            logged(world.case)
    public = [bytes(entry.leaf) for entry in Entry.select()]
    assert len(set(public)) == len(public)
    one, other = (json.loads(leaf) for leaf in public[-2:])
    assert {key for key in one if one[key] == other[key]} == {"v", "type", "day"}


def test_the_day_of_a_leaf_is_the_offices_day(database: Database) -> None:
    with clock.at(dt.datetime(2026, 11, 23, 17, 0, tzinfo=dt.UTC)), atomic_write():
        ledger.append("other", "late")
    assert json.loads(bytes(Entry.get().leaf))["day"] == "2026-11-24"


def test_an_append_costs_the_same_few_queries_however_long_the_log_is(database: Database) -> None:
    counts = []
    with atomic_write():
        unit = Unit.create(code="U", recorded_at=NOW)
        for _ in range(300):
            events: list[object] = []
            database.query_hooks.append(events.append)
            ledger.append("other", "seen", unit)
            database.query_hooks.clear()
            counts.append(len(events))
    assert max(counts) <= 5
    assert counts[255] == counts[1] == max(counts)


def test_appends_from_many_threads_take_turns(database: Database) -> None:
    failed: list[Exception] = []

    def work(number: int) -> None:
        try:
            for turn in range(10):
                with clock.at(NOW), atomic_write():
                    logged(Unit.create(code=f"{number}-{turn}", recorded_at=NOW))
        except Exception as fault:
            failed.append(fault)
        finally:
            close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    result = ledger.verify()
    assert (result.size, result.findings) == (40, ())


APPEND = """
import datetime as dt, sys
from whistle.services import ledger
from whistle.store import database
from whistle.store.units import Unit
database.open_database(sys.argv[1])
for turn in range(10):
    with database.atomic_write():
        unit = Unit.create(code=f"{sys.argv[2]}-{turn}", recorded_at=dt.datetime.now(dt.UTC))
        ledger.append("other", "made", unit)
database.close_all()
"""


def test_appends_from_several_processes_take_turns(database: Database, database_url: str) -> None:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", APPEND, database_url, str(n)], stderr=subprocess.PIPE, text=True
        )
        for n in range(3)
    ]
    errors = [process.communicate(timeout=60)[1] for process in started]
    assert errors == [""] * 3
    result = ledger.verify()
    assert (result.size, result.findings) == (30, ())


# Openings and rows


def _opening(row: Table, type: str) -> dict[str, Any]:
    """The newest opening of a type about a row."""
    return ledger.openings_about(leaves.table_name(row.__class__), str(row.get_id()), (type,))[-1]


def test_an_opening_can_be_checked_with_nothing_but_a_hash_function(world: World) -> None:
    opening = json.loads(json.dumps(_opening(world.report, "received")))
    leaf = opening["leaf"].encode()
    assert hashlib.sha256(b"\x00" + leaf).hexdigest() == opening["leaf_hash"]
    salted = bytes.fromhex(opening["salt"]) + opening["record"].encode()
    assert hashlib.sha256(salted).hexdigest() == json.loads(leaf)["commitment"]
    record = json.loads(opening["record"])
    assert (record["table"], record["id"], record["what"]) == ("report", world.report.id, "receive")
    assert bytes(Entry.get(Entry.position == opening["position"]).leaf_hash).hex() == opening["leaf_hash"]


def root_by_path(position: int, size: int, leaf_hash: bytes, path: list[bytes]) -> bytes:
    """RFC 9162 section 2.1.3.2, as somebody else would write it."""
    at, last, root = position, size - 1, leaf_hash
    for beside in path:
        assert last
        if at & 1 or at == last:
            root = tree.node_hash(beside, root)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            root = tree.node_hash(root, beside)
        at, last = at >> 1, last >> 1
    assert last == 0
    return root


def test_an_opening_carries_the_newest_signature_once_it_covers_the_leaf(world: World) -> None:
    assert "signed" not in _opening(world.report, "received")
    made = ledger.make_checkpoint()
    with atomic_write():
        ledger.append("accepted", "accept", world.report)
    assert "signed" not in _opening(world.report, "accepted")
    for model, row in ((Report, world.report), (Message, world.messages[2]), (Unit, world.unit)):
        opening = _opening(row, "received" if model is Report else "other")
        signed = opening["signed"]
        path = [bytes.fromhex(step) for step in signed["path"]]
        leaf_hash = bytes.fromhex(opening["leaf_hash"])
        assert (signed["size"], signed["note"]) == (11, made.note)
        assert root_by_path(opening["position"], 11, leaf_hash, path) == checkpoints.read(signed["note"]).root
    Node.delete().where(Node.level == 0).execute()
    assert "signed" not in _opening(world.report, "received")


def test_openings_are_found_by_row_and_type_oldest_first(world: World) -> None:
    with atomic_write():
        position = ledger.append("accepted", "accept", world.report)
    about = ledger.openings_about("report", world.report.id, ("received", "accepted", "ended"))
    assert [json.loads(opening["leaf"])["type"] for opening in about] == ["received", "accepted"]
    assert about[1]["position"] == position
    assert ledger.openings_about("report", "another", ("received",)) == []


def test_the_openings_of_reporters_do_not_tell_who_acted(world: World) -> None:
    with atomic_write():
        for type, more in (("accepted", {}), ("declined", {"reason": "not_ours"}), ("ended", {})):
            ledger.append(type, "act", world.report, by=world.person.id, **more)
        ledger.append("other", "act", world.report, by=world.person.id)
    by = {e.type: json.loads(e.record).get("by") for e in Entry.select().where(Entry.position > 10)}
    assert by == {"accepted": None, "declined": None, "ended": None, "other": world.person.id}


def test_the_clear_columns_cannot_be_guessed_from_an_opening(world: World) -> None:
    """Whoever holds it could else try officers, categories and severities until the digest fits."""
    with atomic_write():
        position = ledger.append("accepted", "accept", world.case)
    opening = _opening(world.case, "accepted")
    blind = bytes(Entry.get(Entry.position == position).blind)
    assert blind.hex() not in json.dumps(opening)
    said = json.loads(opening["record"])["digest"]
    assert said == leaves.digest(Case, world.case.columns(), blind)
    assert said != leaves.digest(Case, world.case.columns(), b"")
    assert said != leaves.digest(Case, world.case.columns(), bytes.fromhex(opening["salt"]))


def test_a_row_matches_as_long_as_nothing_was_changed(world: World) -> None:
    assert ledger.matches(world.desk)
    assert ledger.matches(Desk.get_by_id(world.desk.id))
    world.desk.name_en = "Another"
    assert not ledger.matches(world.desk)
    assert not ledger.matches(Unit.create(code="new", recorded_at=NOW))


def test_columns_outside_the_digest_may_change(world: World) -> None:
    world.case.needs_new_keys = True
    world.case.save()
    assert ledger.matches(world.case)
    assert ledger.verify().findings == ()


def test_a_lawful_re_encryption_names_the_old_and_the_new_digest(world: World) -> None:
    before = json.loads(_opening(world.report, "received")["record"])["digest"]
    with atomic_write():
        world.report.sealed_body = b"sealed anew"
        world.report.save()
        ledger.resealed(world.report)
    record = json.loads(_opening(world.report, "other")["record"])
    assert (record["what"], record["more"]["was"]) == ("resealed", before)
    assert record["digest"] != before
    assert ledger.verify().findings == ()
    with atomic_write(), pytest.raises(NotFound):
        ledger.resealed(Unit.create(code="unlogged", recorded_at=NOW))


def test_the_digest_of_a_row_is_the_same_on_every_database() -> None:
    columns = {name: None for name in (f.column_name for f in Case._meta.sorted_fields)}
    columns |= {"id": "c1", "state": "received", "is_named": True, "other_categories": '["a"]', "desk_id": 3}
    on_sqlite = columns | {"is_named": 1}
    text = '{"desk_id":3,"id":"c1","is_named":true,"other_categories":"[\\"a\\"]","state":"received"}'
    expected = hashlib.sha256(b"blind" + text.encode()).hexdigest()
    assert leaves.digest(Case, columns, b"blind") == expected
    assert leaves.digest(Case, on_sqlite, b"blind") == expected


# Verifying


def test_of_an_empty_log_nothing_is_said_to_be_fine(database: Database) -> None:
    result = ledger.verify()
    assert (result.size, result.root, result.findings) == (0, tree.EMPTY, ())
    assert result.unchecked == ("log_empty",)


def test_a_log_that_nobody_touched_is_fine_and_its_root_follows_from_the_leaves(world: World) -> None:
    ledger.make_checkpoint()
    result = ledger.verify()
    assert (result.findings, result.complete) == ((), True)
    nodes = grown(tree.leaf_hash(bytes(entry.leaf)) for entry in Entry.select().order_by(Entry.position))
    assert result.root == tree.root(result.size, lambda level, place: nodes[level, place])
    assert result.size == Entry.select().count()


def test_a_deleted_row_is_fine_with_its_leaf(world: World) -> None:
    with atomic_write():
        gone = world.messages[0]
        gone.delete_instance()
        ledger.append("deleted", "retention", gone, rule="three_years")
    assert ledger.verify().findings == ()
    assert not ledger.matches(gone)


def change(table: str, column: str, value: str) -> Callable[[Database], None]:
    def attack(database: Database) -> None:
        database.execute_sql(f'UPDATE "{table}" SET {column} = {value}')  # noqa: S608

    return attack


def swap_ciphertexts(database: Database) -> None:
    first, second = Message.select().where(Message.sealed != b"\x02").order_by(Message.sealed)
    Message.update(sealed=second.sealed).where(Message.id == first.id).execute()
    Message.update(sealed=first.sealed).where(Message.id == second.id).execute()


def forge_an_opening(database: Database) -> None:
    """Change the row and the record together, which leaves the leaf's commitment."""
    entry = Entry.get(Entry.about_table == "case")
    Case.update(severity="grave").execute()
    held = leaves.digest(Case, Case.get().columns(), bytes(entry.blind))
    Entry.update(record=json.dumps(json.loads(entry.record) | {"digest": held})).where(
        Entry.position == entry.position
    ).execute()


def forge_a_leaf(database: Database) -> None:
    """As above and the leaf with its hash as well, which leaves the tree above."""
    forge_an_opening(database)
    entry = Entry.get(Entry.about_table == "case")
    committed = leaves.commitment(bytes(entry.salt), entry.record)
    leaf = json.dumps(json.loads(bytes(entry.leaf)) | {"commitment": committed}).encode()
    Entry.update(leaf=leaf, leaf_hash=tree.leaf_hash(leaf)).where(Entry.position == entry.position).execute()


def forge_the_whole_tree(database: Database) -> None:
    """As above and every node, which leaves what was signed."""
    forge_a_leaf(database)
    Node.delete().execute()
    nodes = grown(bytes(entry.leaf_hash) for entry in Entry.select().order_by(Entry.position))
    Node.insert_many([(*name, digest) for name, digest in nodes.items()]).execute()


def forge_the_checkpoint(database: Database) -> None:
    """As above and the checkpoint's row and note, which leaves the signatures."""
    forge_the_whole_tree(database)
    row = Checkpoint.get()
    root = signing.root_of(row.size)
    old, new = (base64.b64encode(bytes(hashed)).decode() for hashed in (row.root, root))
    Checkpoint.update(root=root, note=row.note.replace(old, new)).execute()


def bury(database: Database) -> None:
    """Delete a report's messages, the report and all their leaves."""
    Entry.delete().where(Entry.about_table.in_(["message", "report"])).execute()
    ReportKey.delete().execute()
    Message.delete().execute()
    Report.delete().execute()


def truncate(database: Database) -> None:
    """Put the log back to before the report came in, consistent in itself."""
    size = Entry.get(Entry.type == "received").position
    ReportKey.delete().execute()
    Message.delete().execute()
    Report.delete().execute()
    Entry.delete().where(Entry.position >= size).execute()
    LogHead.update(size=size).execute()
    for node in list(Node.select()):
        if (node.place + 1) << node.level > size:
            Node.delete().where(Node.level == node.level, Node.place == node.place).execute()


def truncate_what_was_signed(database: Database) -> None:
    """As above, and take away every checkpoint; the signing key stays."""
    truncate(database)
    Checkpoint.delete().execute()


ATTACKS: dict[str, tuple[Callable[[Database], None], set[str]]] = {
    "a clear column is changed": (change("case", "severity", "'grave'"), {"row_changed"}),
    "a clear column is emptied": (change("case", "severity", "NULL"), {"row_changed"}),
    "an empty column is filled": (change("case", "number", "'2026-1'"), {"row_changed"}),
    "a day becomes nonsense": (change("case", "received_on", "'yesterday'"), {"row_changed"}),
    "truth is turned": (lambda d: Report.update(is_named=True).execute(), {"row_changed"}),
    "a role is changed": (change("person", "role", "'head'"), {"row_changed"}),
    "ciphertexts are swapped": (swap_ciphertexts, {"row_changed"}),
    "a row is deleted": (lambda d: Message.get().delete_instance(), {"row_missing"}),
    "a row appears": (lambda d: Unit.create(code="new", recorded_at=NOW), {"row_without_leaf"}),
    "an opening is forged": (forge_an_opening, {"commitment"}),
    "an opening becomes nonsense": (
        lambda d: Entry.update(record="no json").where(Entry.position == 6).execute(),
        {"commitment", "entry", "row_changed"},
    ),
    "a leaf is forged": (forge_a_leaf, {"node", "root", "checkpoint_root"}),
    "a whole tree is forged": (forge_the_whole_tree, {"checkpoint_root"}),
    "a checkpoint is forged": (forge_the_checkpoint, {"checkpoint_signature"}),
    "a checkpoint is made up": (
        lambda d: Checkpoint.create(size=3, root=bytes(32), day="2026-01-01", note="trust me", made_at=NOW),
        {"checkpoint_signature", "checkpoint_root"},
    ),
    "a leaf's hash is changed": (
        lambda d: Entry.update(leaf_hash=bytes(32)).where(Entry.position == 4).execute(),
        {"leaf_hash"},
    ),
    "a leaf says another type than its row": (
        lambda d: Entry.update(type="other").where(Entry.type == "received").execute(),
        {"entry"},
    ),
    "a leaf is hung on another row": (
        lambda d: (
            Entry.update(about_id="3").where(Entry.about_table == "unit", Entry.about_id == "2").execute()
        ),
        {"entry", "row_without_leaf"},
    ),
    "a leaf says a row was deleted that is there": (
        lambda d: Entry.update(type="deleted").where(Entry.about_table == "desk").execute(),
        {"entry", "row_back"},
    ),
    "an entry is deleted": (
        lambda d: Entry.delete().where(Entry.about_table == "desk").execute(),
        {"gap", "size", "row_without_leaf"},
    ),
    "the last entry is deleted": (
        lambda d: Entry.delete().where(Entry.position == 10).execute(),
        {"size", "node", "row_without_leaf", "checkpoint_size"},
    ),
    "a report is buried with its leaves": (bury, {"size", "node", "checkpoint_size"}),
    "the log is truncated": (truncate, {"checkpoint_size"}),
    "the log is truncated with its checkpoints": (truncate_what_was_signed, {"checkpoint_missing"}),
    "a case's seals are deleted": (lambda d: CaseSeal.delete().execute(), {"case_without_seal"}),
    "a case's seals are of an older key": (
        lambda d: Case.update(key_generation=2).execute(),
        {"case_without_seal"},
    ),
    "a report's keys are deleted": (
        lambda d: ReportKey.delete().execute(),
        {"report_without_key", "message_without_key"},
    ),
    "one of a report's keys is deleted": (
        lambda d: Report.update(key_generation=2).execute(),
        {"report_without_key"},
    ),
    "a message's key is taken with its number": (
        lambda d: Message.update(generation=2).execute(),
        {"row_changed", "message_without_key"},
    ),
    "the head is set back": (lambda d: LogHead.update(size=5).execute(), {"size"}),
    "the head is gone": (lambda d: LogHead.delete().execute(), {"size"}),
    "an inner node is changed": (
        lambda d: Node.update(hash=bytes(32)).where(Node.level == 1, Node.place == 1).execute(),
        {"node"},
    ),
    "a node is deleted": (
        lambda d: Node.delete().where(Node.level == 3, Node.place == 0).execute(),
        {"node", "root"},
    ),
    "a node is put in": (lambda d: Node.create(level=9, place=9, hash=b""), {"node"}),
}


@pytest.mark.on_both_databases
@pytest.mark.parametrize(("attack", "expected"), ATTACKS.values(), ids=list(ATTACKS))
def test_what_is_done_behind_its_back_is_found(
    database: Database, world: World, attack: Callable[[Database], None], expected: set[str]
) -> None:
    ledger.make_checkpoint()
    assert kinds() == set()
    attack(database)
    assert kinds() == expected


def test_a_finding_names_the_leaf_and_the_row(database: Database, world: World) -> None:
    Case.update(severity="grave").execute()
    (finding,) = ledger.verify().findings
    position = Entry.get(Entry.about_table == "case").position
    assert (finding.kind, finding.index, finding.what) == ("row_changed", position, f"case {world.case.id}")


def test_a_changed_leaf_blames_the_leaf_and_not_all_nodes_above(database: Database, world: World) -> None:
    Entry.update(leaf=b"{}").where(Entry.position == 0).execute()
    found = [finding.kind for finding in ledger.verify().findings]
    assert sorted(found) == ["commitment", "entry", "leaf_hash", "root"]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    place=st.integers(0, 10),
    column=st.sampled_from(["leaf", "leaf_hash", "salt", "blind"]),
    bit=st.integers(0, 255),
)
def test_a_flipped_bit_in_any_leaf_is_found(world: World, place: int, column: str, bit: int) -> None:
    field = getattr(Entry, column)
    before = bytes(getattr(Entry.get_by_id(place), column))
    index = bit // 8 % len(before)
    after = before[:index] + bytes([before[index] ^ 1 << bit % 8]) + before[index + 1 :]
    Entry.update({field: after}).where(Entry.position == place).execute()
    try:
        assert kinds()
    finally:
        Entry.update({field: before}).where(Entry.position == place).execute()


def test_long_logs_are_read_page_by_page(
    database: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for page in (1, 2, 3, 7, 11):
        monkeypatch.setattr(checking, "PAGE", page)
        assert kinds() == set(), f"pages of {page}"
    Message.update(sealed=b"x").execute()
    assert [finding.kind for finding in ledger.verify().findings] == ["row_changed"] * 3


def test_a_ruined_log_lists_so_much_and_says_that_there_is_more(
    database: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "MOST", 2)
    Message.update(sealed=b"x").execute()
    result = ledger.verify()
    assert (len(result.findings), result.unchecked) == (2, ("more_findings",))


def test_verify_wants_a_transaction_of_its_own(database: Database) -> None:
    with atomic_read(), pytest.raises(RuntimeError):
        ledger.verify()


def test_verify_sees_one_moment_while_others_write(
    database: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write() -> None:
        with clock.at(NOW), atomic_write():
            Message.update(sealed=b"new words").where(Message.id == world.messages[0].id).execute()
            ledger.append("other", "message", world.messages[0])
            logged(Unit.create(code="meanwhile", recorded_at=NOW))
        close()

    check = checking._check_stored_tree

    def interrupted(walk: object) -> object:
        writer = threading.Thread(target=write)
        writer.start()
        writer.join()
        return check(walk)  # type: ignore[arg-type]

    monkeypatch.setattr(checking, "_check_stored_tree", interrupted)
    result = ledger.verify()
    assert (result.findings, result.size) == ((), 11)
    monkeypatch.undo()
    assert ledger.verify().size == 13


def test_a_database_without_tables_cannot_be_checked(empty_database_url: str) -> None:
    open_database(empty_database_url)
    with pytest.raises(ledger.Unreadable):
        ledger.verify()
    close_all()


# Checkpoints


def test_the_key_is_made_with_the_first_checkpoint_for_its_owner_alone(world: World, instance: Path) -> None:
    made = ledger.make_checkpoint()
    path = instance / "log_signing.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    keys = tuple(checkpoints.read_signing_key(line).verifier for line in path.read_text().splitlines())
    assert [key.type for key in keys] == [checkpoints.ED25519, checkpoints.ML_DSA_44]
    assert checkpoints.verify(made.note, keys) == checkpoints.Head(keys[0].name, 11, made.root)
    assert made.root == ledger.verify().root


def test_a_day_has_one_checkpoint_whatever_comes_in(world: World) -> None:
    """Size and time of a second one would tell of a single report."""
    assert not ledger.has_checkpoint(DAY)
    first = ledger.make_checkpoint()
    assert ledger.has_checkpoint(DAY)
    with atomic_write():
        ledger.append("other", "later")
    assert ledger.make_checkpoint() == first
    with clock.at(days_later(1)):
        second = ledger.make_checkpoint()
    assert (second.size, second.day) == (first.size + 1, DAY + dt.timedelta(days=1))
    assert ledger.verify().findings == ()


def test_a_day_without_leaves_needs_no_new_checkpoint(world: World) -> None:
    first = ledger.make_checkpoint()
    with clock.at(days_later(1)):
        assert ledger.make_checkpoint() == first
    assert Checkpoint.select().count() == 1


def test_an_empty_log_is_not_signed_and_the_first_leaf_is(database: Database) -> None:
    with pytest.raises(ledger.LogEmpty):
        ledger.make_checkpoint()
    with clock.at(days_later(1)), atomic_write():
        ledger.append("other", "first")
    with clock.at(days_later(1)):
        assert ledger.make_checkpoint().size == 1
    assert ledger.verify().findings == ()


def test_checkpoints_made_at_once_are_one(world: World) -> None:
    made: list[ledger.PublicCheckpoint] = []

    def work() -> None:
        with clock.at(NOW):
            made.append(ledger.make_checkpoint())
        close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 3
    assert len(set(made)) == 1


def test_a_missing_key_is_never_silently_replaced(world: World, instance: Path) -> None:
    ledger.make_checkpoint()
    (instance / "log_signing.key").unlink()
    with clock.at(days_later(1)):
        with atomic_write():
            ledger.append("other", "later")
        with pytest.raises(ledger.SigningKeyMissing):
            ledger.make_checkpoint()
    result = ledger.verify()
    assert (result.findings, result.complete, result.unchecked) == ((), False, ("checkpoint_signatures",))


@pytest.mark.parametrize("content", ["", "nonsense\n", "\udcff"])
def test_with_a_damaged_key_signatures_count_as_unchecked(world: World, instance: Path, content: str) -> None:
    ledger.make_checkpoint()
    (instance / "log_signing.key").write_bytes(content.encode(errors="surrogateescape"))
    assert not ledger.verify().complete


def test_checkpoints_of_another_key_are_found(world: World, instance: Path) -> None:
    ledger.make_checkpoint()
    keys = checkpoints.new_keys("another.example/ledger")
    (instance / "log_signing.key").write_text("".join(f"{key.to_text()}\n" for key in keys))
    assert kinds() == {"checkpoint_signature"}


def test_nothing_is_signed_that_does_not_lead_back_to_the_last_checkpoint(world: World) -> None:
    size = ledger.make_checkpoint().size
    level, place = tree.peaks(size)[0]
    Node.update(hash=bytes(32)).where(Node.level == level, Node.place == place).execute()
    with clock.at(days_later(1)):
        with atomic_write():
            ledger.append("other", "later")
        with pytest.raises(ledger.LogDamaged) as damaged:
            ledger.make_checkpoint()
    assert damaged.value.size == size


def test_what_lies_unsigned_for_more_than_two_days_counts_as_unchecked(world: World) -> None:
    """Whoever takes the newest checkpoints away and cuts the log back to before them leaves old leaves unsigned."""
    ledger.make_checkpoint()
    with atomic_write():
        ledger.append("other", "later")
    with clock.at(days_later(2)):
        assert ledger.verify().complete
    with clock.at(days_later(3)):
        assert ledger.verify().unchecked == ("checkpoint_old",)
        ledger.make_checkpoint()
        assert ledger.verify().complete
    with clock.at(days_later(30)):
        assert ledger.verify().complete
        with atomic_write():
            ledger.append("other", "later")
        assert ledger.verify().complete
    with clock.at(days_later(33)):
        assert ledger.verify().unchecked == ("checkpoint_old",)


def test_roots_behind_a_gap_count_as_unchecked(world: World) -> None:
    ledger.make_checkpoint()
    Entry.delete().where(Entry.position == 5).execute()
    result = ledger.verify()
    assert result.unchecked == ("checkpoint_root 11",)
    assert result.size == 5


def test_checkpoints_that_are_gone_with_the_key_are_not_the_same_as_a_worker_that_sleeps(
    world: World, instance: Path
) -> None:
    ledger.make_checkpoint()
    Checkpoint.delete().execute()
    (instance / "log_signing.key").unlink()
    with clock.at(days_later(1)):
        assert ledger.verify().complete
    with clock.at(days_later(2)):
        assert ledger.verify().unchecked == ("signatures_missing",)


def cut_back(size: int) -> None:
    """Put the log back to so many leaves, consistent in itself, with the rows that came after."""
    for model, id in Entry.select(Entry.about_table, Entry.about_id).where(Entry.position >= size).tuples():
        database.execute_sql(f"DELETE FROM {model} WHERE id = {int(id)}")  # noqa: S608
    Entry.delete().where(Entry.position >= size).execute()
    LogHead.update(size=size).execute()
    for node in list(Node.select()):
        if (node.place + 1) << node.level > size:
            Node.delete().where(Node.level == node.level, Node.place == node.place).execute()


def test_leaves_cut_off_behind_the_newest_signature_cannot_be_missed_so_its_reach_is_said(
    world: World,
) -> None:
    assert (ledger.verify().signed_size, ledger.verify().unsigned) == (None, 11)
    ledger.make_checkpoint()
    with atomic_write():
        for code in ("X", "Y"):
            logged(Unit.create(code=code, recorded_at=NOW))
    result = ledger.verify()
    assert (result.size, result.signed_size, result.signed_on, result.unsigned) == (13, 11, "2026-11-23", 2)
    cut_back(12)
    result = ledger.verify()
    assert (result.findings, result.size, result.unsigned) == ((), 12, 1)


# A note that was kept elsewhere


def test_a_kept_note_fits_the_log_as_it_grows(world: World) -> None:
    note = ledger.make_checkpoint().note
    with atomic_write():
        ledger.append("other", "later")
    for copied in (note, note.rstrip("\n"), "\n" + note.replace("\n", "\r\n")):
        result = ledger.verify(kept=copied)
        assert (result.findings, result.complete) == ((), True)


def test_a_kept_note_shows_what_the_database_alone_cannot(world: World) -> None:
    ledger.make_checkpoint()
    with atomic_write():
        logged(Unit.create(code="X", recorded_at=NOW))
    with clock.at(days_later(1)):
        newest = ledger.make_checkpoint()
    Checkpoint.delete().where(Checkpoint.size == newest.size).execute()
    cut_back(11)
    assert kinds() == set()
    (finding,) = ledger.verify(kept=newest.note).findings
    assert (finding.kind, finding.index) == ("kept_size", 12)
    forge_the_whole_tree(world.case._meta.database)
    Checkpoint.delete().execute()
    with clock.at(days_later(2)):
        with atomic_write():
            logged(Unit.create(code="Z", recorded_at=NOW))
        ledger.make_checkpoint()
        assert kinds() == set()
        assert [finding.kind for finding in ledger.verify(kept=newest.note).findings] == ["kept_root"]


def test_a_kept_note_of_another_log_is_told_apart(world: World) -> None:
    ledger.make_checkpoint()
    head = checkpoints.Head("another.example/ledger", 3, bytes(32))
    note = checkpoints.sign(head, checkpoints.new_keys(head.origin), 0)
    assert [finding.kind for finding in ledger.verify(kept=note).findings] == ["kept_signature"]
    with pytest.raises(ledger.NoNote):
        ledger.verify(kept="trust me")


def test_a_kept_note_without_the_keys_is_compared_but_not_called_checked(
    world: World, instance: Path
) -> None:
    note = ledger.make_checkpoint().note
    (instance / "log_signing.key").unlink()
    result = ledger.verify(kept=note)
    assert (result.findings, result.unchecked) == ((), ("checkpoint_signatures",))
    Entry.delete().where(Entry.position == 5).execute()
    assert ledger.verify(kept=note).unchecked == ("checkpoint_signatures", "checkpoint_root 11")


def test_a_finding_is_of_a_known_kind() -> None:
    with pytest.raises(ValueError, match="no kind"):
        ledger.Finding("odd", None, "")

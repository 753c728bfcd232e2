"""`whistle log` as a story: typed, printed, exit code, and what must not exist afterwards."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from peewee import Database

from tests.builders import Office
from whistle import clock, config, create_app
from whistle.cli import shell
from whistle.cli.log import REMEDIES, log
from whistle.services import ledger
from whistle.services.ledger import checking
from whistle.store.attachments import Attachment
from whistle.store.base import database as bound
from whistle.store.cases import Case
from whistle.store.database import atomic_write, close_all, is_sqlite
from whistle.store.entries import Checkpoint, Entry, LogHead, Node
from whistle.store.reports import Report
from whistle.store.units import Unit

TypeIn = Callable[..., Result]
NOW = dt.datetime(2026, 11, 23, 8, 30, tzinfo=dt.UTC)


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    ledger.use_instance(tmp_path)
    return tmp_path


@pytest.fixture
def unit(database: Database, instance: Path) -> Unit:
    with atomic_write():
        unit = Unit.create(code="U", recorded_at=NOW)
        ledger.append("other", "unit", unit)
    return unit


@pytest.fixture
def type_in(database: Database, instance: Path) -> Iterator[TypeIn]:
    """Type `whistle log …`."""

    def type_words(*words: str) -> Result:
        script = ScriptInfo(create_app=lambda: Flask(__name__))
        return CliRunner().invoke(log, words, obj=script, catch_exceptions=False)

    with clock.at(NOW):
        yield type_words


def test_a_sound_log(type_in: TypeIn, unit: Unit) -> None:
    typed = type_in("verify")
    assert typed.exit_code == 0
    assert typed.stdout.splitlines() == [
        f"1 leaves, root {ledger.verify().root.hex()}",
        "Nothing is signed yet; the 1 leaf is unsigned: had more of them been cut off with their rows, "
        "this check could not tell.",
        "Reporters' files were compared by presence and length alone: whistle log verify --files reads each and "
        "compares its bytes.",
        "Everything that is here was checked, nothing was found.",
    ]
    assert typed.stderr == ""


def test_an_empty_log_is_not_called_sound_and_is_not_signed(type_in: TypeIn, instance: Path) -> None:
    """Whoever names another folder than the office's reads that, and a nightly check does not end with 0."""
    typed = type_in("verify")
    assert (typed.exit_code, "nothing was found" in typed.stdout) == (2, False)
    assert "the log is empty" in typed.stderr
    assert "WHISTLE_INSTANCE" in typed.stderr
    told = json.loads(type_in("verify", "--json").stdout)
    assert [reason["kind"] for reason in told["unchecked"]] == ["log_empty"]
    typed = type_in("checkpoint")
    assert (typed.exit_code, typed.stdout, len(typed.stderr.splitlines())) == (1, "", 1)
    assert "the log is empty" in typed.stderr
    assert not (instance / "log_signing.key").exists()


def test_how_far_the_newest_signature_reaches_is_said(type_in: TypeIn, unit: Unit) -> None:
    type_in("checkpoint")
    signed = "The newest signature, of 2026-11-23, covers the first 1 leaves"
    assert type_in("verify").stdout.splitlines()[1] == f"{signed}."
    with atomic_write():
        ledger.append("other", "later")
        ledger.append("other", "later")
    assert type_in("verify").stdout.splitlines()[1] == (
        f"{signed}; 2 leaves after it are unsigned: had more of them been cut off with their rows, "
        "this check could not tell."
    )
    told = json.loads(type_in("verify", "--json").stdout)
    assert (told["signed_size"], told["signed_on"], told["unsigned"]) == (1, "2026-11-23", 2)


def test_a_kept_note_is_held_against_the_log(type_in: TypeIn, unit: Unit, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(type_in("checkpoint").stdout, encoding="utf-8")
    assert type_in("verify", "--against", str(kept)).exit_code == 0
    Checkpoint.delete().execute()
    for table in (Entry, Node, Unit):
        table.delete().execute()
    LogHead.update(size=0).execute()
    (tmp_path / "log_signing.key").rename(tmp_path / "away")
    assert type_in("verify").exit_code == 2
    typed = type_in("verify", "--against", str(kept))
    assert typed.exit_code == 1
    assert "kept_size 1: the kept note covers 1 leaves, there are 0" in typed.stdout


def test_what_is_no_note_is_not_compared(type_in: TypeIn, unit: Unit, tmp_path: Path) -> None:
    for content in (b"trust me", b"\xff"):
        (tmp_path / "kept.txt").write_bytes(content)
        typed = type_in("verify", "--against", str(tmp_path / "kept.txt"), "--json")
        assert typed.exit_code == 2
        assert json.loads(typed.stdout)["unchecked"][0]["kind"] == "kept_note"
        assert len(typed.stderr.splitlines()) == 1


def test_missing_signatures_are_not_to_be_signed_over(type_in: TypeIn, unit: Unit) -> None:
    with clock.at(NOW + dt.timedelta(days=9)):
        typed = type_in("verify")
        told = json.loads(type_in("verify", "--json").stdout)
    assert typed.exit_code == 2
    assert "Sign nothing yet" in typed.stderr
    assert "--against" in typed.stderr
    assert [reason["kind"] for reason in told["unchecked"]] == ["signatures_missing"]


def test_every_reason_has_its_words() -> None:
    assert set(REMEDIES) == ledger.REASONS


def test_every_file_is_read_where_that_is_asked(office: Office, office_url: str, tmp_path: Path) -> None:
    """What is not what was written is found by reading alone; what has no hash is never called fine."""
    settings = config.load({"WHISTLE_DATABASE_URL": office_url, "WHISTLE_INSTANCE": str(tmp_path / "i")})
    app = create_app(settings)
    office.file({"a.txt": b"as it was", "b.txt": b"and this"})
    row = Attachment.select().order_by(Attachment.id).first()
    place = Path(settings.storage_url.removeprefix("file://")) / row.id[:2] / row.id
    assert (
        CliRunner().invoke(log, ["verify", "--files"], obj=ScriptInfo(create_app=lambda: app)).exit_code == 0
    )
    sealed = bytearray(place.read_bytes())
    sealed[-1] ^= 1
    place.write_bytes(sealed)
    for words, code in ((["verify"], 0), (["verify", "--files"], 1)):
        typed = CliRunner().invoke(log, words, obj=ScriptInfo(create_app=lambda: app))
        assert typed.exit_code == code
        assert (f"file_changed: attachment {row.id}" in typed.stdout) == bool(code)
    place.write_bytes(bytes(sealed[:-1]) + bytes([sealed[-1] ^ 1]))
    _as_of_an_earlier_version(row)
    typed = CliRunner().invoke(log, ["verify", "--files"], obj=ScriptInfo(create_app=lambda: app))
    assert (typed.exit_code, "nothing was found" in typed.stdout) == (2, False)
    assert "before their hash was kept" in typed.stderr


def _as_of_an_earlier_version(row: Attachment) -> None:
    """A row without hash, logged so: NULL columns are left out of the digest."""
    with atomic_write():
        Attachment.update(file_sha256=None).where(Attachment.id == row.id).execute()
        ledger.append("other", "attachment", row)


def test_a_deleted_row_is_named_and_stops_no_check(office: Office, office_url: str, tmp_path: Path) -> None:
    filed = office.file()
    if is_sqlite():
        bound.execute_sql("PRAGMA foreign_keys = 0")
        Report.delete().where(Report.id == filed.report).execute()
        Case.delete().where(Case.id == filed.case).execute()
        close_all()
        settings = config.load({"WHISTLE_DATABASE_URL": office_url, "WHISTLE_INSTANCE": str(tmp_path / "i")})
        info = ScriptInfo(create_app=lambda: create_app(settings))
        typed = CliRunner().invoke(shell, ["log", "verify"], obj=info, catch_exceptions=False)
        assert typed.exit_code == 1
        assert f": report {filed.report}" in typed.stdout
        assert f": case {filed.case}" in typed.stdout


def test_a_sound_log_for_machines(type_in: TypeIn, unit: Unit) -> None:
    typed = type_in("verify", "--json")
    assert typed.exit_code == 0
    root = ledger.verify().root.hex()
    assert json.loads(typed.stdout) == {
        "size": 1,
        "root": root,
        "findings": [],
        "unchecked": [],
        "signed_size": None,
        "signed_on": None,
        "unsigned": 1,
    }


def test_a_damaged_log_is_told_row_by_row(type_in: TypeIn, unit: Unit) -> None:
    Unit.update(code="changed").execute()
    typed = type_in("verify")
    assert typed.exit_code == 1
    assert f"row_changed 0: unit {unit.id}" in typed.stdout.splitlines()
    assert "nothing was found" not in typed.stdout
    found = json.loads(type_in("verify", "--json").stdout)["findings"]
    assert found == [{"kind": "row_changed", "index": 0, "what": f"unit {unit.id}"}]


def test_a_log_whose_signatures_cannot_be_checked_is_never_called_fine(
    type_in: TypeIn, unit: Unit, instance: Path
) -> None:
    assert type_in("checkpoint").exit_code == 0
    (instance / "log_signing.key").unlink()
    typed = type_in("verify")
    assert typed.exit_code == 2
    assert "nothing was found" not in typed.stdout
    assert typed.stderr == (
        "Could not check: signatures of checkpoints: put log_signing.key back into the instance folder.\n"
    )
    told = json.loads(type_in("verify", "--json").stdout)
    assert told["findings"] == []
    assert [reason["kind"] for reason in told["unchecked"]] == ["checkpoint_signatures"]


def test_findings_outweigh_what_could_not_be_checked(type_in: TypeIn, unit: Unit) -> None:
    with atomic_write():
        ledger.append("other", "second")
    type_in("checkpoint")
    Entry.delete().where(Entry.position == 0).execute()
    typed = type_in("verify")
    assert typed.exit_code == 1
    assert "gap 0" in typed.stdout
    assert len(typed.stderr.splitlines()) == 1


def test_a_database_that_cannot_be_read(database: Database, type_in: TypeIn) -> None:
    database.execute_sql("DROP TABLE node")
    typed = type_in("verify")
    assert typed.exit_code == 2
    assert typed.stdout == ""
    assert len(typed.stderr.splitlines()) == 1
    assert "WHISTLE_DATABASE_URL" in typed.stderr
    for_machines = type_in("verify", "--json")
    assert for_machines.exit_code == 2
    told = json.loads(for_machines.stdout)
    assert told == {"size": None, "root": None, "findings": [], "unchecked": told["unchecked"]}
    assert [reason["kind"] for reason in told["unchecked"]] == ["database"]
    assert told["unchecked"][0]["what"] == typed.stderr.strip()
    assert for_machines.stderr == typed.stderr


def test_a_database_that_is_not_there_was_not_checked(tmp_path: Path) -> None:
    """The program does not even start: still the object, and the code for what could not be checked."""
    environ = {
        "WHISTLE_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
        "WHISTLE_INSTANCE": str(tmp_path),
    }
    info = ScriptInfo(create_app=lambda: create_app(config.load(environ)))
    typed = CliRunner().invoke(shell, ["log", "verify", "--json"], obj=info)
    close_all()
    assert typed.exit_code == 2
    told = json.loads(typed.stdout)
    assert (told["size"], told["root"], told["findings"]) == (None, None, [])
    assert [reason["kind"] for reason in told["unchecked"]] == ["database"]
    assert len(typed.stderr.splitlines()) == 1
    assert "WHISTLE_DATABASE_URL" in typed.stderr


def test_several_things_that_could_not_be_checked_are_one_line(
    type_in: TypeIn, unit: Unit, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in("checkpoint")
    (instance / "log_signing.key").unlink()
    monkeypatch.setattr(checking, "MOST", 0)
    Unit.update(code="changed").execute()
    typed = type_in("verify")
    assert typed.stderr == (
        "Could not check: signatures of checkpoints: put log_signing.key back into the instance folder; "
        "there are more findings than are listed: mend these first.\n"
    )


def test_a_checkpoint_is_made_once_a_day_and_printed(type_in: TypeIn, unit: Unit, instance: Path) -> None:
    typed = type_in("checkpoint")
    assert typed.exit_code == 0
    assert typed.stdout.splitlines()[1] == "1"
    with atomic_write():
        ledger.append("other", "later")
    assert type_in("checkpoint").stdout == typed.stdout
    assert (instance / "log_signing.key").exists()


def test_a_checkpoint_without_its_key_makes_no_new_one(type_in: TypeIn, unit: Unit, instance: Path) -> None:
    type_in("checkpoint")
    (instance / "log_signing.key").unlink()
    with clock.at(NOW + dt.timedelta(days=1)):
        with atomic_write():
            ledger.append("other", "later")
        typed = type_in("checkpoint")
    assert typed.exit_code == 1
    assert typed.stdout == ""
    assert typed.stderr == (
        f"The signing key is missing: put {instance / 'log_signing.key'} back from the backup.\n"
    )
    assert not (instance / "log_signing.key").exists()


def test_a_damaged_log_is_not_signed(type_in: TypeIn, unit: Unit) -> None:
    type_in("checkpoint")
    Node.update(hash=bytes(32)).execute()
    with clock.at(NOW + dt.timedelta(days=1)):
        with atomic_write():
            ledger.append("other", "later")
        typed = type_in("checkpoint")
    assert typed.exit_code == 1
    assert "whistle log verify" in typed.stderr


@pytest.mark.parametrize("command", [[], ["verify"], ["checkpoint"]])
def test_help_shows_an_example(type_in: TypeIn, command: list[str]) -> None:
    typed = type_in(*command, "--help")
    assert typed.exit_code == 0
    assert "Example: whistle log" in typed.stdout

"""Every service function that writes leaves a leaf in the log, or stands on a short list with the reason."""

import pytest

from tests.builders import Office
from tests.house.calling import MODULES, reached
from tests.written import COLUMN, SOMETIMES, WITHOUT_LEAF, WRITE, Written, what_is_missing
from whistle.services.use_case import REGISTRY, note_asked, use_case
from whistle.store.desks import Desk


def _appends(module: str, name: str) -> bool:
    """Whether a function may come to `ledger.append`, by following the calls in its text."""
    return any(
        where.startswith("ledger") and called == "append" for where, called in reached({(module, name)})
    )


def _load_all() -> None:
    for name in MODULES:
        __import__(f"whistle.services.{name}" if name else "whistle.services")


def test_every_use_case_that_writes_leaves_a_leaf() -> None:
    _load_all()
    silent = [
        name
        for name, writes in REGISTRY.items()
        if writes and name not in WITHOUT_LEAF and not _appends(*name.rsplit(".", 1))
    ]
    assert silent == [], "append to the log in these use cases, or say in WITHOUT_LEAF why not"


def test_the_short_list_names_only_what_is_there_and_really_silent() -> None:
    _load_all()
    stale = [name for name in WITHOUT_LEAF if name not in REGISTRY or _appends(*name.rsplit(".", 1))]
    assert stale == []
    assert [name for name in SOMETIMES if not _appends(*name.rsplit(".", 1))] == []


def test_no_use_case_that_reads_comes_to_the_log() -> None:
    _load_all()
    wrong = [name for name, writes in REGISTRY.items() if not writes and _appends(*name.rsplit(".", 1))]
    assert wrong == [], "make these @use_case, or call nothing that appends"


def test_a_silent_function_would_be_found() -> None:
    assert not _appends("visits", "write")
    assert _appends("casework.act", "act")


def test_the_watch_over_all_tests_knows_what_it_sees() -> None:
    """The run of every use case is watched (tests/written.py); here is what the watch would say."""
    said = Written(changed={"channel"}, to_log={"channel"}, logged={"", "channel"})
    assert what_is_missing("channels.make", said) == ""
    about_another = Written(changed={"channel"}, to_log={"channel"}, logged={"", "unit"})
    assert "channel" in what_is_missing("channels.make", about_another)
    silent = Written(changed={"desk_seal"})
    assert "desk_seal" in what_is_missing("desks.make_key", silent)
    assert what_is_missing("drafts.save", Written(changed={"reporter_session"})) == ""


def test_statements_are_understood_as_peewee_writes_them(office: Office) -> None:
    statements = {
        "insert": Desk.insert(name_zh="台"),
        "update": Desk.update(name_zh="台").where(Desk.id == 1),
        "delete": Desk.delete().where(Desk.id == 1),
    }
    for sql in (query.sql()[0] for query in statements.values()):
        found = WRITE.match(sql)
        assert found is not None, sql
        assert found[1] == "desk"
    assert COLUMN.findall(statements["update"].sql()[0].partition(" WHERE ")[0]) == ["name_zh"]


def test_a_use_case_that_changes_rows_in_silence_fails(office: Office) -> None:
    @use_case
    def whispers() -> None:
        note_asked("desks.rename")
        Desk.update(name_zh="台").where(Desk.id == 1).execute()

    try:
        with pytest.raises(AssertionError, match="desk"):
            whispers()
        assert Desk.get_by_id(1).name_zh != "台"
    finally:
        del REGISTRY[next(name for name in REGISTRY if name.endswith("whispers"))]

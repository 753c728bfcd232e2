"""Questions whose SQL is made once: what they answer is what peewee would have answered."""

import pytest
from peewee import Database

from whistle.store.people import ReporterSession
from whistle.store.prepared import Prepared

pytestmark = pytest.mark.on_both_databases


@pytest.fixture
def asked() -> list[str]:
    """The texts that questions were written down for."""
    return []


@pytest.fixture
def of_kind(asked: list[str], database: Database) -> Prepared[ReporterSession]:
    """Visits of a kind, among others, by id."""
    for id, kind in (("a", "draft"), ("b", "track"), ("c", "draft"), ("d", "receipt")):
        ReporterSession.insert(
            id=id, kind=kind, sealed=b"\0\xff", expires_at=0, made_on="2026-09-07"
        ).execute()

    def ask(kind: str):  # type: ignore[no-untyped-def]
        asked.append(kind)
        query = ReporterSession.select().where(ReporterSession.kind == kind)
        return query.where(ReporterSession.id != "d").order_by(ReporterSession.id)

    return Prepared(ReporterSession, ask)


def test_each_text_has_its_own_rows_as_the_fields_read_them(of_kind: Prepared[ReporterSession]) -> None:
    assert [row.id for row in of_kind.all("draft")] == ["a", "c"]
    found = of_kind.first("track")
    assert found is not None
    wanted = ReporterSession.get_by_id("b")
    assert found.columns() == wanted.columns()
    assert (found.expires_at, found.made_on) == (wanted.expires_at, wanted.made_on)


@pytest.mark.parametrize("text", ["", "receipt", "x' OR '1'='1", "%s", "?", '"'])
def test_what_is_not_there_is_none_whatever_it_is_called(
    of_kind: Prepared[ReporterSession], text: str
) -> None:
    assert of_kind.first(text) is None
    assert list(of_kind.all(text)) == []


def test_the_question_is_written_down_once(of_kind: Prepared[ReporterSession], asked: list[str]) -> None:
    for text in ("draft", "track", "draft"):
        of_kind.first(text)
    assert len(asked) == 1
    assert asked[0] not in ("draft", "track")

"""Who did what in administration: from the log, by person, kind and days, and never a word about a case."""

import datetime as dt

import pytest

from tests.builders import MONDAY, Office
from whistle import clock
from whistle.services import administration, channels, days_off, desks, units
from whistle.services.administration import Wanted
from whistle.services.errors import NotAllowed
from whistle.store.channels import Channel
from whistle.web.admin.acts import ACTS

TUESDAY = MONDAY + dt.timedelta(days=1)


def record(office: Office, **wanted: object) -> list[tuple[str | None, str, list[str]]]:
    acts = administration.record(office["auditor"], Wanted(**wanted)).acts  # type: ignore[arg-type]
    return [(act.who, act.what, [thing.zh for thing in act.things]) for act in acts]


@pytest.fixture
def busy(office: Office) -> Office:
    """A case, and on Tuesday some acts of two people."""
    office.accepted()
    with clock.at(TUESDAY):
        units.make(office["admin"], "QY07", "区税务局", "Tax Bureau")
        desk = desks.make(office["admin2"], "二号台", "Second desk")
        channels.move(office["admin"], Channel.get().id, desk.id)
        days_off.enter(office["admin2"], {dt.date(2026, 12, 1): False})
    return office


def test_acts_are_told_with_who_what_and_about_which_thing(busy: Office) -> None:
    channel = Channel.get().name
    admin, other = (busy[name].name for name in ("admin", "admin2"))
    assert record(busy, since=clock.local(TUESDAY).date()) == [
        (other, "day_off", []),
        (admin, "confirmation_asked", [channel, "二号台"]),
        (other, "desk", ["二号台"]),
        (admin, "unit_fact", ["区税务局"]),
        (admin, "unit", ["区税务局"]),
    ]
    acts = administration.record(busy["auditor"], Wanted()).acts
    assert {act.at for act in acts[:5]} == {TUESDAY}


def test_person_kind_and_days_narrow_it(busy: Office) -> None:
    person_id = busy["admin2"].person_id
    assert [what for _who, what, _things in record(busy, person_id=person_id)] == [
        "day_off",
        "desk",
        "account_activated",
        "invitation_used",
    ]
    assert [what for _who, what, _things in record(busy, group="days")] == ["day_off"]
    assert record(busy, since=dt.date(2030, 1, 1)) == record(busy, until=dt.date(2020, 1, 1)) == []
    assert record(busy, group="cases") == []


def test_pages_are_turned_both_ways(busy: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(administration, "PAGE_ROWS", 2)
    first = administration.record(busy["admin"], Wanted())
    second = administration.record(busy["admin"], Wanted(before=first.acts[-1].position))
    back = administration.record(busy["admin"], Wanted(after=second.acts[0].position))
    assert (first.has_newer, first.has_older, second.has_newer) == (False, True, True)
    assert back.acts == first.acts
    assert not back.has_newer


def test_nothing_of_a_case_is_in_it(busy: Office) -> None:
    found = set()
    before = None
    while acts := administration.record(busy["auditor"], Wanted(before=before)).acts:
        found |= {act.what for act in acts}
        before = acts[-1].position
    assert found <= set(ACTS)


def test_head_and_auditor_may_read_it_and_nobody_else(busy: Office) -> None:
    for who in ("admin", "head", "auditor"):
        assert administration.record(busy[who], Wanted()).acts
    for who in ("intake", "officer", "deputy", "oversight"):
        with pytest.raises(NotAllowed):
            administration.record(busy[who], Wanted())

"""What was decided for a person is told on the desk until it was looked at or is over."""

import datetime as dt

from tests.builders import MONDAY, Office
from tests.stages import archived, lend
from whistle import clock
from whistle.services import recusal, recusal_register
from whistle.services.casework import answered, identity_asking, identity_giving, reading, recusals
from whistle.services.casework.recusals import Said
from whistle.store.cases import Case
from whistle.store.reports import IdentityAsking

NAMED = {"identity": "named", "name": "李四", "contact": "1380000xx04"}


def told(office: Office, who: str) -> list[tuple[str, str | None]]:
    return [(one.what, one.number) for one in answered.for_me(office[who])]


def ask(office: Office, case: str, report: str) -> str:
    identity_asking.ask(office["officer"], case, report, "要打电话")
    return str(IdentityAsking.get(IdentityAsking.state == "waiting").id)


def test_a_look_that_is_given_is_told_until_it_is_used(office: Office) -> None:
    filed, noise = office.assigned(**NAMED), office.assigned("officer2", **NAMED)
    identity_asking.ask(office["officer2"], noise.case, noise.report, "要打电话")
    identity_giving.give(office["reviewer"], str(IdentityAsking.get().id), "day")
    assert told(office, "officer") == []
    identity_giving.give(office["reviewer"], ask(office, filed.case, filed.report), "day")
    number = Case.get_by_id(filed.case).number
    assert told(office, "officer") == [("given", number)]
    identity_asking.look(office["officer"], filed.case, filed.report)
    assert told(office, "officer") == []


def test_a_look_that_is_over_is_told_no_more(office: Office) -> None:
    filed = office.assigned(**NAMED)
    identity_giving.give(office["reviewer"], ask(office, filed.case, filed.report), "hours")
    with clock.at(MONDAY + dt.timedelta(days=2)):
        assert told(office, "officer") == []


def test_a_look_that_is_refused_is_told_until_the_case_is_opened(office: Office) -> None:
    filed = office.assigned(**NAMED)
    identity_giving.refuse(office["reviewer"], ask(office, filed.case, filed.report), "先用站内消息。")
    assert told(office, "officer") == [("refused", Case.get_by_id(filed.case).number)]
    reading.open_case(office["officer"], filed.case)
    assert told(office, "officer") == []


def test_who_borrows_a_file_is_told_until_it_is_opened(office: Office) -> None:
    filed = archived(office)
    lend(office, filed, "officer2")
    assert told(office, "officer2") == [("lent", Case.get_by_id(filed.case).number)]
    assert told(office, "officer") == []
    reading.open_case(office["officer2"], filed.case)
    assert told(office, "officer2") == []


def test_who_declared_reads_what_was_decided(office: Office) -> None:
    filed, other = office.assigned(), office.assigned()
    recusals.declare(office["officer"], filed.case, "relative", "亲属。")
    number = Case.get_by_id(other.case).number
    recusals.declare(office["officer2"], str(number), "relative", "亲属。")
    assert [row.state for row in recusal_register.own(office["officer"])] == ["suspended"]
    assert recusal_register.own(office["officer2"]) == [], "whether there is such a case stays hidden"
    for wish in recusal.waiting(office["head"]):
        recusals.refuse(office["head"], wish.id, Said("关系太远。"))
    (row,) = recusal_register.own(office["officer"])
    assert (row.number, row.state) == (Case.get_by_id(filed.case).number, "refused")
    assert recusal_register.own(office["officer2"]) == []

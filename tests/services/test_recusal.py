"""Wishes for recusal: read by who decides, before acceptance too; gone with the decider and with the sealed way."""

import datetime as dt

import pytest

from tests.builders import ANSWERS, MONDAY, Filed, Office
from tests.people import Town
from whistle import clock
from whistle.services import accounts, contexts, drafts, intake, recusal, tracking
from whistle.services.casework import reading, recusals
from whistle.services.casework.recusals import Said
from whistle.services.errors import Conflict, NotAllowed, NotFound
from whistle.store.channels import Channel
from whistle.store.recusals import RecusalRequest
from whistle.vault import envelope


def _ask(office: Office, filed: Filed, whom: str = "周承办") -> None:
    tracking.request_recusal(office.visit(filed), whom, "他是局长的亲戚", f"n-{whom}")


def test_the_head_reads_a_wish_about_a_case_that_nobody_has_accepted(office: Office) -> None:
    filed = office.file()
    _ask(office, filed)
    with pytest.raises((NotAllowed, NotFound)):
        reading.open_case(office["head"], filed.case)
    wish = recusal.waiting(office["head"])[0]
    assert (wish.whom, wish.why, wish.can_open) == ("周承办", "他是局长的亲戚", False)
    assert recusal.count(office["head"]) == 1
    assert recusal.waiting(office["deputy"]) == []


def test_a_wish_against_the_head_goes_to_the_deputy(office: Office) -> None:
    filed = office.file()
    _ask(office, filed, office["head"].name)
    assert recusal.waiting(office["head"]) == []
    assert recusal.waiting(office["deputy"])[0].whom == office["head"].name


def test_one_receipt_code_has_five_wishes_waiting_at_most_and_others_are_not_bound(office: Office) -> None:
    filed, other = office.assigned(), office.file()
    for number in range(recusal.WAITING_AT_MOST):
        _ask(office, filed, f"某某{number}")
    with pytest.raises(Conflict, match="too_many_wishes") as told:
        _ask(office, filed)
    assert told.value.data == {"most": 5}
    _ask(office, other)
    refused = next(wish for wish in recusal.waiting(office["head"]) if wish.whom == "某某0")
    recusals.refuse(office["head"], refused.id, Said("没有这个人。"))
    _ask(office, filed)
    assert recusal.count(office["head"]) == recusal.WAITING_AT_MOST + 1


def test_wishes_that_nobody_can_read_any_more_keep_nobody_from_another(office: Office) -> None:
    filed = office.assigned()
    for number in range(recusal.WAITING_AT_MOST):
        _ask(office, filed, f"某某{number}")
    office.act(filed.case, "to_oversight", "officer", reason="涉及本机关人员。")
    _ask(office, filed)
    assert [wish.whom for wish in recusal.waiting(office["oversight"])] == ["周承办"]


def test_whoever_wishes_later_hides_no_older_wish(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recusal, "SHOWN", 2)
    ended = office.file()
    _ask(office, ended, "已经办完的")
    office.classify(ended.case)
    office.act(ended.case, "decline", "intake", reason="court", message="请向法院起诉。")
    office.approve("deputy")
    with clock.at(MONDAY + dt.timedelta(days=1)):
        _ask(office, office.file(), "先来的")
    with clock.at(MONDAY + dt.timedelta(days=2)):
        flooding = office.file()
        for number in range(3):
            _ask(office, flooding, f"某某{number}")
        shown = [wish.whom for wish in recusal.waiting(office["head"])]
    assert shown[0] == "先来的"
    assert "已经办完的" not in shown


def test_the_sealed_way_takes_the_wishes_from_the_line_and_tells_the_reporter(office: Office) -> None:
    filed = office.assigned()
    _ask(office, filed)
    row = RecusalRequest.get()
    context = contexts.recusal(row.id, f"person-key:{office['head'].key_id}")
    assert envelope.open_json_with(office["head"].seed, row.sealed, context)["whom"] == "周承办"
    assert tracking.view(office.visit(filed)).recusals[0]["is_read"]
    office.act(filed.case, "to_oversight", "officer", reason="涉及本机关人员。")
    assert recusal.waiting(office["head"]) == []
    assert RecusalRequest.get().sealed is None
    shown = tracking.view(office.visit(filed)).recusals[0]
    assert (shown["whom"], shown["is_read"]) == ("周承办", False)


def test_a_decider_who_comes_back_with_a_new_key_reads_no_old_wish_and_the_reporter_is_told(
    staffed: Town,
) -> None:
    secret = _visit_of_a_new_report()
    tracking.request_recusal(secret, "某officer", "亲属", "n1")
    assert tracking.view(secret).recusals[0]["is_read"]
    staffed.activate(accounts.reinvite(staffed["admin"], staffed["head"].person_id))
    staffed.admit("deputy", "head")
    assert not tracking.view(secret).recusals[0]["is_read"]


def _visit_of_a_new_report() -> str:
    draft = drafts.begin(Channel.select().order_by(Channel.id).get().token)
    drafts.save(draft, ANSWERS)
    intake.submit(draft)
    return tracking.open_report(intake.show_receipt(draft).code)

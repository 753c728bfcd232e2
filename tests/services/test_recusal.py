"""Wishes for recusal: read by who decides, before acceptance too; gone with the decider and with the sealed way."""

import pytest

from tests.builders import ANSWERS, Filed, Office
from tests.people import Town
from whistle.services import accounts, contexts, drafts, intake, recusal, tracking
from whistle.services.casework import reading
from whistle.services.errors import NotAllowed, NotFound
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

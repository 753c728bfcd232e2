"""Every address that takes a form asks for the form's token: without one it says so, and nothing has happened."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from tests.house.walking import READERS, SAME_SITE, Call, Walk, calls, case_calls, token
from tests.visiting import Visitor
from tests.web.reporters import Reporter, code_on
from whistle import clock
from whistle.services import accounts, setup
from whistle.store.database import close_all
from whistle.store.schema import TABLES

#: What both the page of a button and a form with fields say.
OLD_PAGE = "这个页面打开得太久"
#: Addresses that need more than the walk has: each has a test of its own, below or where it is named.
APART = {
    "POST office.invitation",
    "POST office.invitation_weigh",
    "POST office.recover",
    "POST office.activate",
    "POST setup.office",
    "POST setup.try_it",
    # A trial has neither a second factor nor a sheet to be checked: tests/web/test_office_sign_in.py, …_keys.py.
    "POST office.second_factor",
    "POST office.keys_sheet_check",
}
#: What merely looking changes: marks of visits, the opening of a case with its leaf, and the sealed copy of its words.
MARKS = {
    "opening",
    "case_digest",
    "read_state",
    "officer_session",
    "reporter_session",
    "entry",
    "node",
    "log_head",
}


def _rows() -> dict[str, list[tuple[object, ...]]]:
    """Everything there is, but for the marks of who looked at it."""
    models = [model for model in TABLES if model._meta.table_name not in MARKS]
    return {model._meta.table_name: sorted(model.select().tuples(), key=repr) for model in models}


def _visitor(walk: Walk) -> Reporter:
    """A reporter in the middle of a form, with a report sent before that stands open."""
    reporter = Reporter(Visitor(walk.app), walk.office.token)
    reporter.look_up(code_on(reporter.send()))
    reporter.walk()
    return reporter


def _posts(walk: Walk) -> Iterator[tuple[Call, str]]:
    """Each address that takes a form, with somebody who may send it."""
    for call in calls(walk):
        if call.method == "POST" and call.name not in APART:
            yield call, min(call.who)
    for which in READERS:
        for call in case_calls(walk, which):
            is_possible = call.must or call.name != "POST office.case_do"
            if call.method == "POST" and call.who and is_possible:
                yield call, min(call.who)


def _fault(client: FlaskClient, address: str, data: dict[str, object]) -> str:
    """Send a form without its token; what is wrong with the answer."""
    before = _rows()
    answer = client.post(address, data=data, headers=SAME_SITE | {"Accept-Language": "zh-CN"})
    if answer.status_code != 422 or OLD_PAGE not in answer.text:
        return f"answers {answer.status}"
    return "" if _rows() == before else "has changed something"


def test_no_address_takes_a_form_without_its_token(walk: Walk) -> None:
    with clock.at(walk.now):
        reporter = _visitor(walk)
        wrong, seen = [], set()
        for call, who in _posts(walk):
            seen.add(call.name)
            is_public = call.name.startswith("POST public.")
            client = reporter.visitor.client if is_public else walk.clients[who]
            data = {name: value for name, value in call.data.items() if not name.endswith("csrf_token")}
            fault = _fault(client, call.address, data)
            if fault:
                wrong.append(f"{call.name} {call.note}: {fault}")
    walk.fresh()
    assert not wrong, "call form.validate_on_submit() or forms.check_button():\n" + "\n".join(wrong)
    posts = {
        f"POST {rule.endpoint}" for rule in walk.app.url_map.iter_rules() if "POST" in (rule.methods or ())
    }
    assert seen | APART == posts


def test_one_time_links_take_no_form_without_its_token(walk: Walk) -> None:
    password = {"password": "tuo-9-gehu-luobo-kanjia", "again_password": "tuo-9-gehu-luobo-kanjia"}
    with clock.at(walk.now):
        link = accounts.invite(walk.office["admin"], "later", "后来的", "officer")
        lost = accounts.reinvite(walk.office["admin"], walk.office["reviewer"].person_id)
        client = walk.clients["stranger"]
        faults = [
            _fault(client, f"/office/invitation/{link}", password),
            _fault(client, f"/office/invitation/{link}/strength", password),
            _fault(client, f"/office/invitation/{lost}/sheet", password | {"sheet": "A"}),
        ]
        with_token = client.post(
            f"/office/invitation/{link}", data=password | token(walk.app), headers=SAME_SITE
        )
        assert with_token.status_code == 303
        faults.append(_fault(client, "/office/activation", {}))
    walk.fresh()
    assert faults == [""] * 4


def test_the_first_start_takes_no_form_without_its_token(visit: Visitor) -> None:
    link = setup.first_link()
    visit.get(f"/setup/{link}")
    close_all()
    assert _fault(visit.client, f"/setup/{link}/trial", {}) == ""
    assert _fault(visit.client, f"/setup/{link}/office", {}) == ""


@pytest.fixture(autouse=True)
def _ends_closed() -> Iterator[None]:
    yield
    close_all()

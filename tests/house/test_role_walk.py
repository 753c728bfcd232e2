"""Every address × every role × (own, granted, another's) case: who gets in, and who is turned away.

A new address must be entered in one of the tables below; the test fails until somebody has said who may call it.
Getting in is any answer but the sign-in page, 403 and 404; what the page then refuses for other reasons (409, 422)
is another test's matter.
"""

import copy
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from tests.builders import MONDAY, Filed, Office, build_trial
from whistle import clock, config, create_app
from whistle.rules import workflow
from whistle.rules.permits import ROLES
from whistle.services import accounts, ledger
from whistle.store.cases import Case, Proposal
from whistle.store.database import close_all, migrate, open_database
from whistle.store.people import PersonKey

#: One person of each role; 'officer2' is an officer to whom nothing was assigned; None is a stranger.
PEOPLE = {
    "stranger": None,
    "intake": "intake",
    "officer": "officer",
    "an officer without the case": "officer2",
    "reviewer": "reviewer",
    "deputy": "deputy",
    "head": "head",
    "auditor": "auditor",
    "supervisor": "supervisor",
    "oversight": "oversight",
    "admin": "admin",
}
EVERYBODY = set(PEOPLE)
SIGNED_IN = EVERYBODY - {"stranger"}
LINE = {"deputy", "head"}
LETS_IN = LINE | {"oversight"}
CASEWORK = {"intake", "officer", "an officer without the case", "reviewer"} | LETS_IN

#: The cases of the walk and who can read each: one still at the desk, one being worked, one gone the sealed way.
READERS = {
    "at the desk": {"intake"},
    "assigned to the officer": {"officer"} | LINE,
    "sealed": {"oversight"},
}

#: Addresses about a case: open to its readers alone.
OF_A_CASE = {
    "office.case": CASEWORK,
    "office.case_messages": CASEWORK,
    "office.case_record": CASEWORK,
    "office.case_no_answer": {"intake", "officer", "oversight"},
    # Nothing has gone up yet: the readers are told so (409), all others that there is no such case.
    "office.case_package": CASEWORK,
}

#: Addresses of the administrator alone.
ADMIN = (
    "GET admin.channels",
    "GET admin.channel",
    "GET admin.channel_edit",
    "POST admin.channel_edit",
    "GET admin.channel_move",
    "POST admin.channel_move",
    "GET admin.channel_poster",
    "GET admin.channel_poster_svg",
    "GET admin.channel_qr_png",
    "GET admin.channel_qr_svg",
    "POST admin.channel_resume",
    "GET admin.channel_rotate",
    "POST admin.channel_rotate",
    "POST admin.channel_suspend",
    "GET admin.channel_new",
    "POST admin.channel_new",
    "GET admin.desks",
    "GET admin.desk",
    "GET admin.desk_deputy",
    "POST admin.desk_deputy",
    "GET admin.desk_rename",
    "POST admin.desk_rename",
    "GET admin.desk_seat_end",
    "POST admin.desk_seat_end",
    "GET admin.desk_holder",
    "POST admin.desk_holder",
    "GET admin.desk_new",
    "POST admin.desk_new",
    "GET admin.people",
    "GET admin.person",
    "GET admin.person_deactivate",
    "POST admin.person_deactivate",
    "GET admin.person_reinvite",
    "POST admin.person_reinvite",
    "POST admin.person_let_pass",
    "GET admin.person_role",
    "POST admin.person_role",
    "GET admin.person_seat",
    "POST admin.person_seat",
    "GET admin.person_new",
    "POST admin.person_new",
    "GET admin.settings",
    "POST admin.settings",
    "GET admin.units",
    "GET admin.unit",
    "POST admin.unit",
    "GET admin.unit_new",
    "POST admin.unit_new",
)

#: All others: method and endpoint → who gets in.
WHO = {
    **{
        name: EVERYBODY
        for name in (
            "GET public.home",
            "GET public.leave",
            "GET public.leave_report",
            "GET public.leave_track",
            "GET public.report_channel",
            "POST public.report_begin",
            "GET public.report_question",
            "POST public.report_answer",
            "GET public.report_check",
            "POST public.report_send",
            "POST public.report_discard",
            "GET public.report_receipt",
            "GET public.track_code",
            "POST public.track_code",
            "POST public.track_close",
            "GET public.track_proof",
            "GET public.track_record",
            "GET public.track_recuse",
            "POST public.track_recuse",
            "GET public.track_report",
            "GET public.track_withdraw",
            "POST public.track_withdraw",
            "GET public.track_write",
            "POST public.track_write",
            "GET health.alive",
            "GET health.ready",
            "GET static.send",
            "GET office.sign_in",
            "POST office.sign_in",
            "POST office.sign_out",
            "POST office.switch",
            "GET office.second_factor",
            "POST office.second_factor",
            "GET office.activate",
            "POST office.activate",
        )
    },
    # One-time links: a wrong token is nothing, for anybody.
    **{
        name: set()
        for name in (
            "GET office.invitation",
            "POST office.invitation",
            "POST office.invitation_weigh",
            "GET office.recover",
            "POST office.recover",
        )
    },
    "GET office.home": SIGNED_IN,
    "GET office.desk": CASEWORK,
    "GET office.approvals": CASEWORK,
    "GET office.recusals": CASEWORK,
    "GET office.approval": {"deputy"},
    "POST office.approval_approve": {"deputy"},
    "POST office.approval_return": {"deputy"},
    "POST office.approval_withdraw": {"intake"},
    "GET office.admissions": LETS_IN,
    "POST office.admission_admit": LINE,
    "POST office.admission_confirm": set(),
    "POST office.admission_refuse": set(),
    "GET office.account": SIGNED_IN,
    "GET office.account_password": SIGNED_IN,
    "POST office.account_password": SIGNED_IN,
    "POST office.account_password_weigh": SIGNED_IN,
    "GET office.account_recovery_codes": SIGNED_IN,
    "POST office.account_recovery_codes": SIGNED_IN,
    "GET office.hand_over": LINE,
    "GET office.hand_over_person": LINE,
    "POST office.hand_over_person": LINE,
    "GET office.setup": LETS_IN | {"admin"},
    "GET office.keys": LETS_IN,
    "POST office.keys_desk_make": LINE,
    "POST office.keys_desk_renew": LINE,
    "POST office.keys_names_renew": LINE,
    "POST office.keys_cases_renew": CASEWORK,
    "GET office.keys_rescue": {"head"},
    "POST office.keys_rescue": {"head"},
    "GET office.keys_holder_end": {"head"},
    "POST office.keys_holder_end": {"head"},
    "POST office.keys_oversight": {"oversight"},
    "GET office.keys_sheet": {"head"},
    "POST office.keys_sheet": {"head"},
    "GET office.keys_sheet_check": {"head"},
    "POST office.keys_sheet_check": {"head"},
    "GET office.keys_superior": {"oversight"},
    "POST office.keys_superior": {"oversight"},
    "GET office.keys_superior_confirm": {"oversight"},
    "POST office.keys_superior_confirm": {"oversight"},
    **{name: {"admin"} for name in ADMIN},
    "GET admin.checklist": {"admin"},
    "GET setup.choose": set(),
    "GET setup.office": set(),
    "POST setup.office": set(),
    "POST setup.try_it": set(),
    "GET setup.trial": EVERYBODY,
    "GET audit.log": {"auditor", "head", "oversight"},
    "POST audit.log_verify": {"auditor", "head", "oversight"},
}


@dataclass
class Walk:
    """The office that is walked through, and what the addresses name."""

    office: Office
    cases: dict[str, Filed]
    values: dict[str, object]
    path: Path
    app: Flask
    clients: dict[str, FlaskClient] = field(default_factory=dict)

    def fresh(self) -> None:
        """The office as it was before the last call."""
        close_all()
        shutil.copyfile(self.path.with_suffix(".kept"), self.path)


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    folder = tmp_path_factory.mktemp("walk")
    path = folder / "walk.db"
    url = f"sqlite:///{path}"
    ledger.use_instance(folder)
    open_database(url)
    migrate()
    close_all()
    office = build_trial(url)
    open_database(url)
    with clock.at(MONDAY):
        cases = {
            "at the desk": office.file(),
            "assigned to the officer": office.assigned(),
            "sealed": office.file(own_people=True),
        }
        declined = office.file()
        office.classify(declined.case)
        office.act(declined.case, "decline", "intake", reason="court", message="请起诉。")
        values: dict[str, object] = {
            "proposal_id": Proposal.get().id,
            "key_id": _somebody_new(office),
            "person_id": office["officer"].person_id,
            "confirmation_id": 1,
            "desk_id": 1,
            "token": office.token,
            "step": "kind",
            "channel_id": 1,
            "code": "QY01",
            "name": "nothing.css",
        }
    close_all()
    environ = {"WHISTLE_DATABASE_URL": url, "WHISTLE_INSTANCE": str(folder / "instance")}
    app = create_app(config.load(environ))
    walk = Walk(office, cases, values, path, app)
    with clock.at(MONDAY):
        walk.clients = {who: _signed_in(app, user_name) for who, user_name in PEOPLE.items()}
    close_all()
    shutil.copyfile(path, path.with_suffix(".kept"))
    yield walk
    close_all()


def _somebody_new(office: Office) -> int:
    """The key of an officer who waits to be let in."""
    link = accounts.invite(office["admin"], "newcomer", "新来的", "officer")
    accounts.finish_activation(accounts.start_activation(link, "tuo-9-gehu-luobo-kanjia"), None)
    return int(PersonKey.select().order_by(PersonKey.id.desc()).get().id)


def _methods(rule: object) -> list[str]:
    return sorted(rule.methods - {"HEAD", "OPTIONS"})  # type: ignore[attr-defined]


def _signed_in(app: Flask, user_name: str | None) -> FlaskClient:
    """A browser with a form token of its own and, where somebody is named, signed in."""
    client = app.test_client()
    with client.session_transaction() as own:
        own["csrf_token"] = TOKEN_SEED
    if user_name is not None:
        answer = client.post("/office/switch", data={"user_name": user_name} | _token(app), headers=SAME_SITE)
        assert answer.status_code == 303
    return client


def _token(app: Flask) -> dict[str, str]:
    return {
        "csrf_token": URLSafeTimedSerializer(app.secret_key or "", salt="wtf-csrf-token").dumps(TOKEN_SEED)
    }


TOKEN_SEED = secrets.token_hex(20)
#: Open to everybody, but what they show hangs on a cookie or a token of the caller's own, which the walk has not.
OWN_COOKIE = {
    "GET static.send",
    "POST office.sign_out",
    "POST office.switch",
    "GET office.second_factor",
    "POST office.second_factor",
    "GET office.activate",
    "POST office.activate",
    "GET public.track_proof",
    "GET public.track_record",
}
#: A proposal that is not in one's own queue is answered like one that was decided: 409, and nothing of it.
OWN_QUEUE = "/office/approvals/"
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


def _gets_in(walk: Walk, who: str, method: str, address: str) -> bool:
    """Call an address as somebody; what a POST changed is put back afterwards."""
    data = _token(walk.app) if method == "POST" else None
    client = walk.clients[who]
    kept = copy.deepcopy(client._cookies)
    answer = client.open(address, method=method, data=data, headers=SAME_SITE)
    client._cookies = kept
    if method == "POST":
        walk.fresh()
    away = answer.headers.get("Location", "")
    assert answer.status_code < 500, f"{method} {address}: {answer.status}"
    refused = (403, 404, 409) if address.startswith(OWN_QUEUE) else (403, 404)
    return answer.status_code not in refused and "/office/sign-in" not in away


def test_every_address_stands_in_a_table(walk: Walk) -> None:
    known = set(WHO) | {f"{m} {e}" for e in (*OF_A_CASE, "office.case_do") for m in ("GET", "POST")}
    missing = [
        f"{method} {rule.endpoint}"
        for rule in walk.app.url_map.iter_rules()
        for method in _methods(rule)
        if f"{method} {rule.endpoint}" not in known
    ]
    assert missing == [], "say in WHO or OF_A_CASE who may call these addresses"


@pytest.mark.parametrize("who", PEOPLE)
def test_who_gets_in_where(walk: Walk, who: str) -> None:
    wrong = []
    with clock.at(MONDAY):
        for rule in walk.app.url_map.iter_rules():
            for method in _methods(rule):
                name = f"{method} {rule.endpoint}"
                if name not in WHO or rule.endpoint == "static.send":
                    continue
                with walk.app.test_request_context():
                    wanted = {key: walk.values[key] for key in rule.arguments}
                    if rule.endpoint == "office.keys_holder_end":
                        wanted["person_id"] = walk.office["reviewer"].person_id
                    if rule.endpoint == "admin.desk_seat_end":
                        wanted["person_id"] = walk.office["intake2"].person_id
                    if WHO[name] == set() and "token" in wanted:
                        wanted["token"] = "x" * 32
                    address = walk.app.url_map.bind("localhost").build(rule.endpoint, wanted, method=method)
                expected = who in WHO[name]
                got_in = _gets_in(walk, who, method, address)
                if got_in != expected and name not in OWN_COOKIE:
                    wrong.append(f"{name}: {who} {'is turned away' if expected else 'gets in'}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_the_roles_of_the_walk_are_all_roles() -> None:
    assert set(ROLES) <= EVERYBODY


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("which", READERS)
def test_a_case_opens_for_its_readers_alone(walk: Walk, who: str, which: str) -> None:
    wrong = []
    with clock.at(MONDAY):
        case = Case.get_by_id(walk.cases[which].case)
        reference, state = case.number or case.id, case.state
        shelf = "cases" if case.number else "new"
        for endpoint, roles in OF_A_CASE.items():
            address = f"/office/{shelf}/{reference}" + PATHS[endpoint]
            method = "POST" if endpoint == "office.case_no_answer" else "GET"
            if _gets_in(walk, who, method, address) != (who in READERS[which] & roles):
                wrong.append(f"{method} {endpoint}")
        for action in workflow.ACTIONS.values():
            if not action.frm:
                continue
            roles = {name for name in PEOPLE if _role(name) in action.by}
            got_in = _gets_in(walk, who, "POST", f"/office/{shelf}/{reference}/do/{action.name}")
            if got_in and who not in READERS[which] & roles:
                wrong.append(action.name)
            if not got_in and who in READERS[which] & roles and state in action.frm:
                wrong.append(f"{action.name} (turned away)")
    assert not wrong, "\n" + "\n".join(wrong)


PATHS = {
    "office.case": "",
    "office.case_messages": "/messages",
    "office.case_record": "/record",
    "office.case_no_answer": "/messages/no-answer",
    "office.case_package": "/package",
}


def _role(name: str) -> str:
    return "officer" if name == "an officer without the case" else name

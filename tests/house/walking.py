"""The walk over every address: who may call which, the office that is walked through, and forms that go through there.

A new address must be entered in one of the tables below. Getting in is any answer but the sign-in page, 403 and 404;
what a page then refuses for other reasons (409, 422) is another test's matter, except where the form is filled in
below: there it goes through. Whoever is turned away leaves nothing behind.
"""

import copy
import datetime as dt
import secrets
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from tests import stages
from tests.builders import MONDAY, Filed, Office, build_trial
from whistle import clock, config, create_app
from whistle.rules import workflow
from whistle.services import absences, accounts, channels, desks, headship, ledger, recusal, tracking, units
from whistle.services.casework import identity_asking, identity_giving, recusals
from whistle.store import files
from whistle.store.attachments import Attachment
from whistle.store.cases import Case, Proposal
from whistle.store.channels import Channel
from whistle.store.database import close_all, migrate, open_database
from whistle.store.entries import Entry
from whistle.store.people import Absence, PersonKey
from whistle.store.recusals import ActingHead
from whistle.store.reports import IdentityAsking
from whistle.store.units import UnitFact
from whistle.vault import keys

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

#: The cases of the walk, one at each stage, and who can read each.
READERS = {
    "at the desk": {"intake"},
    "classified": {"intake"},
    "accepted": {"intake"} | LINE,
    "assigned to the officer": {"officer"} | LINE,
    "sealed": {"oversight"},
    # Kept by the intake officers, and lent to the officer.
    "archived": {"intake", "officer"},
}
#: As what somebody acts on a case beside the own role, by where they sit or what was lent to them.
BESIDE = {"archived": {"intake": {"archive"}, "officer": {"borrower"}}}
WRITES = {"intake", "officer", "oversight"}

#: Each of them bears a name.
NAMED = {"identity": "named", "name": "澹台明镜", "contact": "13800004242"}

#: Addresses about a case: open to those of its readers who are of these roles. A step is open to who the rulebook says.
OF_A_CASE = {
    "GET office.case": CASEWORK,
    "GET office.case_file": CASEWORK,
    "GET office.case_messages": CASEWORK,
    # The letters' page answers whoever reads the case; the letter itself is refused by the service.
    "POST office.case_messages": WRITES,
    "GET office.case_record": CASEWORK,
    "GET office.case_related": CASEWORK,
    "POST office.case_related_answer": CASEWORK,
    "GET office.case_identity": CASEWORK,
    "POST office.case_identity": CASEWORK,
    "POST office.case_identity_stop": CASEWORK,
    # Nobody was granted a look: the readers are told so (409).
    "POST office.case_identity_look": CASEWORK,
    "GET office.case_measures": CASEWORK,
    "GET office.case_rectification": CASEWORK,
    "GET office.case_excerpts": CASEWORK,
    # No excerpt was confirmed yet: the readers, too, find none.
    "GET office.case_excerpt": set(),
    "POST office.case_no_answer": WRITES,
    # Nothing has gone up yet: the readers are told so (409), all others that there is no such case.
    "GET office.case_package": CASEWORK,
    "GET office.case_package_files": CASEWORK,
    "GET office.case_recusals": CASEWORK,
    # Who keeps off the walk's cases is somebody the head decides on; in sealed handling nobody does.
    "GET office.case_recusal_end": {"head"},
    "POST office.case_recusal_end": {"head"},
}
OF_A_STEP = ("GET office.case_do", "POST office.case_do")

#: A step's form, filled in for every step at once: each takes what it asks for.
FILLED = {
    "category": "inaction",
    "kind": "lead",
    "severity": "serious",
    "complexity": "ordinary",
    "reason": "court",
    "receiver": "市场监管局",
    "not_led_by_subject": "y",
    "not_own_people": "y",
    "objection": "不属于该机关",
    "way": "phone",
    "until": "2026-10-01",
    "message": "请等候答复。",
    "whom": "某承办人",
    "asker": "subject",
}
#: Steps that go through where the form is filled in: so far the call gets, whoever else is turned away.
GO_THROUGH = {
    "at the desk": {"classify", "request_supplement", "to_oversight", "note_recusal_request"},
    "classified": {"accept", "decline", "redirect", "reclassify", "request_supplement", "to_oversight"},
    "accepted": {"assign", "redirect", "reclassify", "request_supplement", "to_oversight"},
    "assigned to the officer": {"assign", "hand_over", "redirect", "reclassify", "request_supplement"},
    "sealed": {"release_oversight", "forward_up", "request_supplement", "note_recusal_request"},
    "archived": {"lend", "give_back"},
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
    "GET admin.channel_sheet",
    "GET admin.channel_import",
    "POST admin.channel_import",
    "POST admin.channel_import_make",
    "GET admin.channel_template_csv",
    "GET admin.channel_template_xlsx",
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
    "GET admin.person_absent",
    "POST admin.person_absent",
    "POST admin.person_back",
    "GET admin.person_correct",
    "POST admin.person_correct",
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
    "POST admin.change_withdraw",
    "GET admin.calendar",
    "POST admin.calendar",
    "POST admin.calendar_take_back",
    "POST admin.calendar_year",
    "GET admin.settings",
    "POST admin.settings",
    "GET admin.storage",
    "GET admin.units",
    "GET admin.unit",
    "GET admin.unit_edit",
    "POST admin.unit_edit",
    "POST admin.unit_take_back",
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
            "GET public.report_files",
            "POST public.report_files_sent",
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
            "GET public.track_rate",
            "POST public.track_rate",
            "GET public.track_protect",
            "POST public.track_protect",
            "POST public.track_withdraw",
            "GET public.track_write",
            "POST public.track_written",
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
    # One-time links, and frames of some minutes: a wrong token is nothing, for anybody.
    **{
        name: set()
        for name in (
            "GET office.invitation",
            "POST office.invitation",
            "POST office.invitation_weigh",
            "GET office.recover",
            "POST office.recover",
            "GET sealed.frame",
            "GET sealed.content",
            "GET sealed.download",
        )
    },
    "GET office.home": SIGNED_IN,
    "GET office.desk": CASEWORK,
    "GET office.search": CASEWORK,
    "POST office.search": CASEWORK,
    "GET office.search_found": CASEWORK,
    "GET office.search_number": CASEWORK,
    "GET office.board": CASEWORK,
    "GET office.papers_week": CASEWORK - {"oversight"},
    "GET office.papers_week_xlsx": CASEWORK - {"oversight"},
    "GET office.papers_month": LINE,
    "GET office.papers_month_xlsx": LINE,
    "GET office.papers_quarter": LINE | {"intake"},
    "GET office.papers_quarter_xlsx": LINE | {"intake"},
    "GET office.approvals": CASEWORK,
    "GET office.recusals": CASEWORK,
    "GET office.identity": CASEWORK,
    # Who holds the first half and was asked.
    "GET office.identity_asked": {"reviewer"},
    "POST office.identity_give": {"reviewer"},
    "POST office.identity_refuse": {"reviewer"},
    "POST office.identity_take_back": {"reviewer"},
    "GET audit.identity": {"auditor", "head"},
    "GET office.recusal_declare": CASEWORK,
    "POST office.recusal_declare": CASEWORK,
    "GET office.recusal_decide": LETS_IN,
    "POST office.recusal_decide": LETS_IN,
    # A wish is addressed to the head; for all others there is none.
    "GET office.recusal_wish": {"head"},
    "POST office.recusal_grant": {"head"},
    "POST office.recusal_refuse": {"head"},
    "GET office.acting_head": LETS_IN,
    # The deputy and an oversight member are asked for different things: neither finishes it here.
    "POST office.acting_head": {"deputy", "oversight"},
    "POST office.acting_head_end": {"deputy", "oversight"},
    "GET office.interference": SIGNED_IN,
    "GET office.interference_new": SIGNED_IN,
    "POST office.interference_new": SIGNED_IN,
    "GET audit.recusals": {"auditor"},
    # Who proposed it, and whoever may know of the case, sees how it stands.
    "GET office.approval": {"intake", "deputy", "head"},
    "POST office.approval_approve": {"deputy", "head"},
    "POST office.approval_return": {"deputy", "head"},
    "POST office.approval_delegate": {"deputy", "head"},
    "POST office.approval_withdraw": {"intake"},
    "GET office.admissions": LETS_IN,
    "POST office.admission_admit": LINE,
    "POST office.admission_confirm": LINE,
    "POST office.admission_refuse": LINE,
    "GET office.account": SIGNED_IN,
    "GET office.account_email": SIGNED_IN,
    "POST office.account_email": SIGNED_IN,
    "GET office.account_password": SIGNED_IN,
    "POST office.account_password": SIGNED_IN,
    "POST office.account_password_weigh": SIGNED_IN,
    "GET office.account_authenticator": SIGNED_IN,
    "POST office.account_authenticator": SIGNED_IN,
    "GET office.account_recovery_codes": SIGNED_IN,
    "POST office.account_recovery_codes": SIGNED_IN,
    "GET office.register": {"intake"},
    "POST office.register": {"intake"},
    "GET office.register_receipt": {"intake"},
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
    "GET admin.record": {"admin", "head", "auditor"},
    "GET setup.choose": set(),
    "GET setup.office": set(),
    "POST setup.office": set(),
    "POST setup.try_it": set(),
    "GET setup.trial": EVERYBODY,
    "GET audit.log": {"auditor", "head", "oversight"},
    "GET audit.log_verify": {"auditor", "head", "oversight"},
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
    now: dt.datetime = MONDAY

    def fresh(self) -> None:
        """The office as it was before the last call."""
        close_all()
        shutil.copyfile(self.path.with_suffix(".kept"), self.path)


@dataclass
class Call:
    """One address called with a form. `who` gets in; `must`: and then it is done, not only looked at."""

    name: str
    address: str
    who: Collection[str]
    data: dict[str, object] = field(default_factory=dict)
    must: bool = False
    may: bool = False
    note: str = ""

    @property
    def method(self) -> str:
        return self.name.split()[0]


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
    files.use(files.Folder(folder / "instance" / "attachments"))
    with clock.at(MONDAY):
        cases = _cases(office)
        values = _values(office)
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


def _cases(office: Office) -> dict[str, Filed]:
    said = {"files": {"a.txt": b"as it was"}, **NAMED}
    classified = office.file(**said)
    office.classify(classified.case)
    found = {
        "at the desk": office.file(**said),
        "classified": classified,
        "accepted": office.accepted(**said),
        "assigned to the officer": office.assigned(**said),
        "sealed": office.file(own_people=True, **said),
        "archived": _lent(office, **said),
    }
    for which in ("accepted", "assigned to the officer"):
        off = recusals.Said("同窗", "other")
        recusals.impose(office["head"], found[which].case, office["intake2"].person_id, off)
    return found


def _lent(office: Office, **said: object) -> Filed:
    """A case in the archive that is lent to its officer."""
    filed = office.assigned(**said)
    ended = {"finding": "unfounded", "reason": "查无实据"}
    stages.ask(office, filed.case, "conclude_unfounded", "officer", "head", **ended)
    stages.strike_off(office, filed)
    stages.put_away(office, filed)
    stages.lend(office, filed, "officer")
    return filed


def _values(office: Office) -> dict[str, object]:
    """What the addresses name: things that are there, and wait for somebody."""
    declined = office.file()
    office.classify(declined.case)
    office.act(declined.case, "decline", "intake", reason="court", message="请起诉。")
    other_desk = desks.make(office["admin"], "二号台", "Second desk")
    tracking.request_recusal(office.visit(office.accepted()), "周承办", "亲属", "n1")
    return {
        "wish_id": recusal.waiting(office["head"])[0].id,
        "acting_id": _acting(office),
        "proposal_id": Proposal.get(Proposal.state == "waiting").id,
        "given_id": _given(office),
        "asking_id": _asked(office),
        "key_id": _somebody_new(office),
        "person_id": office["officer"].person_id,
        "confirmation_id": channels.move(office["admin"], Channel.get().id, other_desk.id),
        "desk_id": 1,
        "token": office.token,
        "step": "kind",
        "channel_id": 1,
        "code": "QY01",
        "fact_id": _plan(office),
        "absence_id": _away(office),
        "name": "whistle.css",
        "day": "2027-03-01",
        "year": 2027,
        "says": "known",
    }


def _asked(office: Office) -> str:
    """What the officer asked of those who keep halves of names."""
    filed = office.assigned(**NAMED)
    identity_asking.ask(office["officer"], filed.case, filed.report, "要打电话告知")
    return str(IdentityAsking.get(IdentityAsking.state == "waiting").id)


def _given(office: Office) -> str:
    """What the reviewer let the officer see."""
    asking = _asked(office)
    identity_giving.give(office["reviewer"], asking, "day")
    return asking


def _plan(office: Office) -> int:
    """The record of a name that a unit is to have."""
    later = clock.today() + dt.timedelta(days=30)
    units.change(
        office["admin"], "QY01", "新名", "New name", kind="department", parent_code=None, valid_on=later
    )
    return int(UnitFact.select().order_by(UnitFact.id.desc()).get().id)


def _away(office: Office) -> int:
    """Days that the officer is away."""
    absences.enter(office["admin"], office["officer"].person_id, clock.today(), clock.today())
    return int(Absence.get(Absence.person == office["officer"].person_id).id)


def _acting(office: Office) -> str:
    """Somebody who will act as head, for days that have not come; the head is away from today on."""
    later = clock.today() + dt.timedelta(days=30)
    absences.enter(office["admin"], office["head"].person_id, clock.today(), later)
    headship.enter(
        office["deputy"], office["officer2"].person_id, later, later, "清纪〔2026〕3号", clock.today()
    )
    return str(ActingHead.get().id)


def _somebody_new(office: Office) -> int:
    """The key of an officer who waits to be let in."""
    link = accounts.invite(office["admin"], "newcomer", "新来的", "officer")
    accounts.finish_activation(accounts.start_activation(link, "tuo-9-gehu-luobo-kanjia"), None)
    return int(PersonKey.select().order_by(PersonKey.id.desc()).get().id)


def _signed_in(app: Flask, user_name: str | None) -> FlaskClient:
    """A browser with a form token of its own and, where somebody is named, signed in."""
    client = app.test_client()
    with client.session_transaction() as own:
        own["csrf_token"] = TOKEN_SEED
    if user_name is not None:
        answer = client.post("/office/switch", data={"user_name": user_name} | token(app), headers=SAME_SITE)
        assert answer.status_code == 303
    return client


def token(app: Flask) -> dict[str, object]:
    return {
        "csrf_token": URLSafeTimedSerializer(app.secret_key or "", salt="wtf-csrf-token").dumps(TOKEN_SEED)
    }


TOKEN_SEED = secrets.token_hex(20)
#: Open to everybody, but what they show hangs on a cookie or a token of the caller's own, which the walk has not.
OWN_COOKIE = {
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


# The calls


def calls(walk: Walk) -> list[Call]:
    """Every address of WHO, its form filled in where the service is to decide."""
    with clock.at(MONDAY):
        forms = _forms(walk)
    found: list[Call] = []
    for name, who in WHO.items():
        method, endpoint = name.split()
        rules = list(walk.app.url_map.iter_rules(endpoint))
        wanted = {key: walk.values[key] for rule in rules for key in rule.arguments}
        wanted |= OTHER_VALUES.get(endpoint, lambda _walk: {})(walk)
        if who == set() and "token" in wanted:
            wanted["token"] = "x" * 32
        address = walk.app.url_map.bind("localhost").build(endpoint, wanted, method=method)
        found.append(Call(name, address, who, forms.get(name, {}), must=name in forms))
    return found


#: Addresses that name somebody else than the others.
OTHER_VALUES = {
    "office.keys_holder_end": lambda walk: {"person_id": walk.office["reviewer"].person_id},
    "office.identity_take_back": lambda walk: {"asking_id": walk.values["given_id"]},
    "admin.desk_seat_end": lambda walk: {"person_id": walk.office["intake2"].person_id},
}


def _forms(walk: Walk) -> dict[str, dict[str, object]]:
    """Forms that go through for whoever may send them."""
    key_id = walk.values["key_id"]
    proposal = Proposal.get_by_id(walk.values["proposal_id"])
    admitting = {
        f"key{key_id}-csrf_token": token(walk.app)["csrf_token"],
        f"key{key_id}-shown": keys.short_code(PersonKey.get_by_id(key_id).public),
        f"key{key_id}-compared": "y",
    }
    return {
        "POST office.approval_approve": {"version": proposal.case.version, "shown_up_to": proposal.case_seq},
        "POST office.approval_return": {"words": "请先核实"},
        "POST office.approval_withdraw": {},
        "POST office.identity_give": {"length": "day"},
        "POST office.identity_take_back": {},
        "POST office.identity_refuse": {"words": "不必"},
        "POST office.admission_admit": admitting,
        "POST office.admission_confirm": {},
        "POST office.admission_refuse": {},
        "POST office.register": {
            "origin": "visit",
            "received_on": str(MONDAY.date()),
            "desk": 1,
            "kind": "advice",
            "unit": "unknown",
            "story": "来访",
            "identity": "anonymous",
        },
        "POST office.hand_over_person": {
            "which": "all",
            "person": walk.office["officer2"].person_id,
            "reason": "调岗",
        },
        "POST office.keys_holder_end": {},
        "POST office.recusal_declare": {
            "number": Case.get_by_id(walk.cases["accepted"].case).number,
            "ground": "relative",
            "reason": "亲属",
        },
        "POST office.recusal_grant": {
            "people": [walk.office["officer"].person_id],
            "ground": "relative",
            "reason": "亲属",
        },
        "POST office.recusal_refuse": {
            "no-reason": "不是亲属",
            "no-csrf_token": token(walk.app)["csrf_token"],
        },
        "POST office.acting_head_end": {},
        "POST office.interference_new": {"who": "某人", "asked_on": str(clock.today()), "how": "问进度"},
        "POST admin.desk_rename": {"name_zh": "总台", "name_en": "Main desk"},
        "POST admin.desk_seat_end": {},
        "POST admin.desk_holder": {"person": walk.office["officer2"].person_id},
        "POST admin.calendar": {"days": "2027年3月1日休息"},
        "POST admin.change_withdraw": {},
        "POST admin.calendar_take_back": {},
        "POST admin.calendar_year": {},
        "POST admin.channel_suspend": {},
        "POST admin.channel_import_make": {
            "rows": '[["名称", "单位代码", "受理台"], ["窗口", "QY01", "二号台"]]'
        },
        "POST admin.unit_take_back": {},
        "POST admin.person_absent": {"from_on": "2030-01-01", "to_on": "2030-01-02"},
        "POST admin.person_back": {},
        "POST admin.person_correct": {"name": "王承办", "user_name": "wang", "unit": ""},
        "POST admin.person_deactivate": {},
    }


def case_calls(walk: Walk, which: str) -> list[Call]:
    """Every address of a case and every step on it."""
    with clock.at(MONDAY):
        case = Case.get_by_id(walk.cases[which].case)
        day = str(clock.today())
    reference = {"shelf": "cases" if case.number else "new", "ref": case.number or case.id}
    file = Attachment.get(Attachment.report == walk.cases[which].report)
    filled = FILLED | {
        "version": case.version,
        "day": day,
        "person": walk.office["officer2" if case.officer_id else "officer"].person_id,
        "from_person": case.officer_id or "",
    }
    address = walk.app.url_map.bind("localhost")
    of_others = {
        "office.case_file": {"file_id": file.id},
        "office.case_recusal_end": {"person_id": walk.office["intake2"].person_id},
    }
    found: list[Call] = []
    for name, roles in OF_A_CASE.items():
        method, endpoint = name.split()
        who = READERS[which] & roles
        must = which != "archived" and name in (
            "POST office.case_messages",
            "POST office.case_no_answer",
            "POST office.case_identity",
            "POST office.case_recusal_end",
        )
        named = reference | of_others.get(endpoint, {})
        named |= {"excerpt": "0" * 24} if endpoint == "office.case_excerpt" else {}
        if "identity" in endpoint:
            named |= {"report_id": walk.cases[which].report}
        found.append(Call(name, address.build(endpoint, named, method=method), who, filled, must, note=which))
    for action in workflow.ACTIONS.values():
        if not (action.frm or action.in_states):
            continue
        beside = BESIDE.get(which, {})
        able = {name for name in PEOPLE if ({_role(name)} | beside.get(name, set())) & set(action.by)}
        who = READERS[which] & able
        # A thing's step names no thing here: where it does not make one, nothing is there to do it to.
        fits = case.state in (action.frm or action.in_states)
        if not fits and which != "assigned to the officer":
            continue
        for name in OF_A_STEP:
            method, endpoint = name.split()
            if not fits and method == "GET":
                continue  # the form of a step that cannot be done leads to the same refusal as sending it
            place = address.build(endpoint, reference | {"action": action.name}, method=method)
            must = method == "POST" and action.name in GO_THROUGH[which]
            note = f"{action.name}, {which}"
            found.append(Call(name, place, who, filled, must, may=not fits, note=note))
    return found


def _role(name: str) -> str:
    return "officer" if name == "an officer without the case" else name


def faults(walk: Walk, who: str, calls: list[Call]) -> str:
    """What is wrong with the answers to these calls; what a POST changed is put back afterwards."""
    found = []
    with clock.at(MONDAY):
        for call in calls:
            fault = _fault(walk, who, call)
            if call.method == "POST":
                walk.fresh()
            if fault and call.name not in OWN_COOKIE:
                found.append(f"{call.name} {call.note}: {who} {fault}")
    return "\n".join(found)


def _fault(walk: Walk, who: str, call: Call) -> str:
    client, before = walk.clients[who], leaves()
    kept = copy.deepcopy(client._cookies)
    data = token(walk.app) | call.data if call.method == "POST" else None
    answer = client.open(call.address, method=call.method, data=data, headers=SAME_SITE)
    client._cookies = kept
    assert answer.status_code < 500, f"{call.name} {call.note}: {answer.status}"
    refused = (403, 404, 409) if call.address.startswith(OWN_QUEUE) else (403, 404)
    away = "/office/sign-in" in answer.headers.get("Location", "")
    got_in = answer.status_code not in refused and not away
    if who not in call.who:
        return "gets in" if got_in else "changes something" if leaves() != before else ""
    if not got_in:
        return "" if call.may else "is turned away"
    went_through = answer.status_code == 303 or (answer.status_code == 200 and leaves() > before)
    return f"cannot finish it: {answer.status}" if call.must and not went_through else ""


def leaves() -> int:
    """How long the log is, but for the openings of cases, which come before the refusal of a step."""
    return int(Entry.select().where(Entry.about_table != "opening").count())

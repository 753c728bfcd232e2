"""`whistle user` as a story: an account is made, a link printed, and nobody is let in; a slowed sign-in is eased."""

import json
import re
from collections.abc import Callable

import pytest

from tests.builders import Office
from tests.cli.typed import TypeIn, refused, type_early, type_in, typing  # noqa: F401 - fixtures
from tests.people import PASSWORD, Town
from tests.visiting import Visitor
from whistle.services import accounts, sessions
from whistle.services.errors import Busy, Invalid, NotFound
from whistle.store.desks import DeskMember
from whistle.store.entries import Entry
from whistle.store.people import Admission, KnownDevice, Person

Founded = Callable[[], Visitor]


def test_a_person_is_invited_by_one_link(type_in: TypeIn, office: Office) -> None:  # noqa: F811
    done = type_in("user", "add", "zhang", "--role", "intake", "--full-name", "张三", "--desk", "受理台")
    assert done.exit_code == 0, done.stderr
    link = re.fullmatch(r"https://report\.example\.gov\.cn/office/invitation/(\S{22,})\n", done.stdout)
    assert link is not None
    view = accounts.invitation(link[1])
    assert (view.user_name, view.name, view.role) == ("zhang", "张三", "intake")


def test_nobody_is_let_in_from_the_shell(type_in: TypeIn, office: Office) -> None:  # noqa: F811
    admissions = Admission.select().count()
    done = type_in("user", "add", "zhang", "--role", "intake", "--desk", "受理台")
    accounts.finish_activation(
        accounts.start_activation(done.stdout.strip().rpartition("/")[2], office.password)
    )
    person = Person.get(Person.user_name == "zhang")
    assert Admission.select().count() == admissions
    assert DeskMember.get(DeskMember.person == person).admitted_at is None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("intake", "--role", "intake"), "Somebody has this user name already"),
        (("Z!", "--role", "intake"), "begins with a letter"),
        (("zhang", "--role", "intake", "--unit", "NONE"), "no unit with this code"),
        (("zhang", "--role", "intake", "--outside"), "--role oversight"),
        (("zhang", "--role", "intake", "--desk", "没有"), "There is no desk named 没有"),
        (("zhang", "--role", "auditor", "--desk", "受理台"), "cannot sit at this desk"),
    ],
)
def test_what_cannot_be_is_one_line_and_leaves_nothing(
    type_in: TypeIn,  # noqa: F811
    words: tuple[str, ...],
    told: str,
) -> None:
    before = Person.select().count()
    assert told in refused(type_in("user", "add", *words))
    assert Person.select().count() == before


def test_somebody_who_never_came_in_gets_a_new_link(type_in: TypeIn, office: Office) -> None:  # noqa: F811
    first = type_in("user", "add", "zhang", "--role", "intake", "--full-name", "张三", "--desk", "受理台")
    size = Entry.select().count()
    again = type_in("user", "add", "zhang", "--role", "intake", "--full-name", "张三", "--desk", "受理台")
    assert again.exit_code == 0, again.stderr
    assert "nothing else has changed" in again.stderr
    with pytest.raises(NotFound):
        accounts.invitation(first.stdout.strip().rpartition("/")[2])
    assert accounts.invitation(again.stdout.strip().rpartition("/")[2]).name == "张三"
    leaves = [json.loads(row.record)["what"] for row in Entry.select().order_by(Entry.position).offset(size)]
    assert leaves == ["account_reinvited", "invitation_ended", "invitation"]
    assert type_in("user", "add", "zhang").exit_code == 0, "the role is known"


def test_a_new_link_is_not_another_role(type_in: TypeIn) -> None:  # noqa: F811
    type_in("user", "add", "zhang", "--role", "intake")
    assert "has this user name already" in refused(type_in("user", "add", "zhang", "--role", "deputy"))


def test_who_had_an_account_gets_no_link_from_the_shell(type_in: TypeIn, office: Office) -> None:  # noqa: F811
    person = office["intake2"].person_id
    accounts.deactivate(office["admin"], person)
    accounts.reinvite(office["admin"], person)
    assert "has this user name already" in refused(type_in("user", "add", "intake2", "--role", "intake"))


def test_a_new_person_needs_a_role(type_in: TypeIn) -> None:  # noqa: F811
    done = type_in("user", "add", "zhang")
    assert done.exit_code == 2
    assert "--role" in done.stderr
    assert not Person.select().where(Person.user_name == "zhang").exists()


def test_an_unknown_role_is_a_usage_fault(type_in: TypeIn) -> None:  # noqa: F811
    done = type_in("user", "add", "zhang", "--role", "emperor")
    assert done.exit_code == 2
    assert "emperor" in done.stderr


def test_before_the_set_up_it_says_what_comes_first(type_early: TypeIn) -> None:  # noqa: F811
    assert "whistle init" in refused(type_early("user", "add", "zhang", "--role", "admin"))
    assert not Person.select().exists()


def test_a_link_is_good_once(type_in: TypeIn, office: Office) -> None:  # noqa: F811
    token = type_in("user", "add", "zhang", "--role", "auditor").stdout.strip().rpartition("/")[2]
    accounts.finish_activation(accounts.start_activation(token, office.password))
    with pytest.raises(NotFound):
        accounts.invitation(token)


def test_a_lone_administrator_whom_strangers_keep_out_comes_in_by_a_link(
    town: Town, founded: Founded
) -> None:
    visit = founded()
    for _ in range(sessions.FREE_TRIES):
        with pytest.raises(Invalid):
            sessions.sign_in("admin", "a-strangers-guess")
    with pytest.raises(Busy):
        sessions.sign_in("admin", PASSWORD)
    done = typing(visit.app)("user", "let-pass", "Admin")
    assert done.exit_code == 0, done.stderr
    link = re.fullmatch(r"http://\S+(/office/sign-in\?device=\S{22,})\n", done.stdout)
    assert link is not None
    page = visit.submit(visit.get(link[1]), "登录", user_name="admin", password=PASSWORD)
    assert page.h1 == "验证码"
    eased = [entry for entry in Entry.select() if json.loads(entry.record)["what"] == "sign_in_eased"]
    assert [(entry.about_table, entry.about_id) for entry in eased] == [
        ("person", str(town.person("admin").id))
    ]


def test_the_link_proves_nothing_else(town: Town, founded: Founded) -> None:
    visit = founded()
    link = typing(visit.app)("user", "let-pass", "admin").stdout.strip().removeprefix("http://127.0.0.1:8000")
    visit.submit(visit.get(link), "登录", 422, user_name="admin", password="a-strangers-guess")


@pytest.mark.parametrize("name", ["nobody", "Z!", "invited"])
def test_who_cannot_sign_in_gets_no_link(type_in: TypeIn, office: Office, name: str) -> None:  # noqa: F811
    accounts.invite(office["admin"], "invited", "某人", "auditor")
    devices = KnownDevice.select().count()
    assert "Nobody with an account in use has this user name" in refused(type_in("user", "let-pass", name))
    assert KnownDevice.select().count() == devices

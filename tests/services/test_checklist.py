"""The six steps of an office, read from what is really there: what is next, whose it is, who is missing."""

from tests.people import Town
from whistle.services import accounts, channels, checklist, desks, superior
from whistle.services.checklist import Missing, Task


def _task(town: Town, name: str, who: str = "admin") -> Task:
    return next(task for task in checklist.tasks(town[who]) if task.name == name)


def _states(town: Town) -> str:
    return " ".join(f"{task.name}:{task.state}" for task in checklist.tasks(town["admin"]))


def _waits(town: Town, name: str) -> tuple[str, str, tuple[str, ...]]:
    task = _task(town, name)
    return task.what, task.waits_for, task.people


def _invite(town: Town, user_name: str, role: str, *, is_outside: bool = False) -> str:
    desk = {"intake": town.desk().id, "oversight": town.desk("oversight").id}.get(role)
    name = f"某{user_name}"
    return accounts.invite(town["admin"], user_name, name, role, desk_id=desk, is_outside=is_outside)


def test_the_six_steps_of_an_office(town: Town) -> None:
    assert _states(town) == "office:now keys:later people:later admit:later oversight:later channel:later"
    town.join("head", "head")
    assert _states(town) == "office:done keys:now people:now admit:later oversight:later channel:later"
    town.make_keys()
    assert _states(town) == "office:done keys:done people:now admit:later oversight:later channel:later"
    town.join("intake", "intake", desk="intake")
    town.join("deputy", "deputy")
    town.admit("head")
    assert _states(town) == "office:done keys:done people:now admit:done oversight:later channel:now"
    town.channel()
    outside = _invite(town, "oversight", "oversight", is_outside=True)
    assert _states(town) == "office:done keys:done people:done admit:done oversight:now channel:done"
    town.activate(outside)
    town.join("oversight2", "oversight", desk="oversight")
    town.found_oversight()
    assert {task.state for task in checklist.tasks(town["oversight2"])} == {"done"}


def test_the_last_step_is_open_again_when_no_channel_takes_reports(staffed: Town) -> None:
    assert "channel:done" in _states(staffed)
    for row in channels.list_channels(staffed["admin"]):
        channels.suspend(staffed["admin"], row.id)
    assert "channel:now" in _states(staffed)


def test_a_later_step_names_the_one_that_comes_first(town: Town) -> None:
    assert [task.after for task in checklist.tasks(town["admin"])] == [None, 1, 1, 2, 3, 4]
    town.join("head", "head")
    town.make_keys()
    assert [task.after for task in checklist.tasks(town["admin"])] == [None, None, None, 3, 3, 4]


def test_the_keys_wait_for_a_head_who_has_come(town: Town) -> None:
    link = _invite(town, "head", "head")
    assert _waits(town, "keys") == ("activate", "invited", ("某head",))
    town.activate(link)
    assert _waits(town, "keys") == ("print_sheet", "head", ("某head",))
    assert _task(town, "keys", "head").is_mine
    assert not _task(town, "keys").is_mine


def test_step_three_names_only_who_is_still_missing(town: Town) -> None:
    town.join("head", "head")
    assert _task(town, "people").missing == (
        Missing("deputy", 1),
        Missing("intake", 2),
        Missing("officer", 2),
        Missing("reviewer", 2),
        Missing("admin", 1),
        Missing("oversight", 2, from_outside=True),
    )
    for user_name, role in (("intake", "intake"), ("officer", "officer"), ("deputy", "deputy")):
        _invite(town, user_name, role)
    _invite(town, "oversight", "oversight")
    task = _task(town, "people")
    assert task.state == "now"
    assert task.missing == (
        Missing("intake", 1),
        Missing("officer", 1),
        Missing("reviewer", 2),
        Missing("admin", 1),
        Missing("oversight", 1, from_outside=True),
    )
    _invite(town, "oversight2", "oversight", is_outside=True)
    assert _task(town, "people").state == "done"
    assert Missing("oversight", 1) not in _task(town, "people").missing


def test_letting_in_begins_as_soon_as_somebody_waits(town: Town) -> None:
    town.join("head", "head")
    town.join("intake", "intake", desk="intake")
    assert _task(town, "admit").after == 2, "the head has no keys to pass on yet"
    town.make_keys()
    assert _waits(town, "admit") == ("admit", "head", ("某head",))
    assert _task(town, "admit").state == "now"
    town.admit("head")
    assert _task(town, "admit").after == 3


def test_letting_in_waits_for_those_who_have_not_come(town: Town) -> None:
    town.join("head", "head")
    town.make_keys()
    intake = _invite(town, "intake", "intake")
    town.join("deputy", "deputy")
    _invite(town, "oversight", "oversight", is_outside=True)
    town.admit("head", "deputy")
    assert _waits(town, "admit") == ("activate", "invited", ("某intake",))
    town.activate(intake)
    town.admit("head")
    assert _task(town, "admit").state == "done"


def test_somebody_let_in_without_a_place_is_the_administrators_to_seat(town: Town) -> None:
    town.join("head", "head")
    town.make_keys()
    town.join("deputy", "deputy")
    town.join("intake", "intake")
    town.join("oversight", "oversight", is_outside=True)
    town.admit("head")
    assert _waits(town, "admit") == ("give_seat", "admin", ())
    assert _task(town, "admit").is_mine
    desks.ask_seat(town["admin"], town.desk().id, town.person("intake").id)
    assert _waits(town, "admit") == ("admit", "head", ("某head",))


def test_step_five_says_whose_turn_it_is(town: Town) -> None:
    town.join("head", "head")
    outside = _invite(town, "oversight", "oversight", is_outside=True)
    assert _waits(town, "oversight") == ("activate", "invited", ("某oversight",))
    town.activate(outside)
    assert _waits(town, "oversight") == ("make_oversight_key", "oversight", ("某oversight",))
    desks.make_oversight_key(town["oversight"])
    assert _waits(town, "oversight") == ("invite_second", "admin", ())
    second = accounts.invite(town["admin"], "oversight2", "某oversight2", "oversight")
    assert _waits(town, "oversight") == ("activate", "invited", ("某oversight2",))
    town.activate(second)
    assert _waits(town, "oversight") == ("admit_second", "oversight", ("某oversight",))
    town.admit("oversight", "oversight2")
    assert _waits(town, "oversight") == ("give_oversight_seat", "admin", ())
    desks.ask_seat(town["admin"], town.desk("oversight").id, town.person("oversight2").id)
    town.admit("oversight", "oversight2")
    assert _waits(town, "oversight") == ("enter_superior", "oversight", ("某oversight", "某oversight2"))
    pair = superior.make_pair()
    code = superior.enter(town["oversight"], pair.public_text)
    assert _waits(town, "oversight") == ("confirm_superior", "oversight", ("某oversight2",))
    assert _task(town, "oversight", "oversight2").is_mine
    assert not _task(town, "oversight", "oversight").is_mine
    superior.confirm(town["oversight2"], code)
    assert _task(town, "oversight").state == "done"


def test_a_newcomer_who_waits_opens_the_step_again(staffed: Town) -> None:
    staffed.join("late", "officer")
    assert "admit:now" in _states(staffed)


def test_an_office_at_work_is_set_up_whoever_comes_later(staffed: Town) -> None:
    staffed.join("late", "officer")
    assert not checklist.waits_for(staffed["head"])


def test_the_set_up_waits_for_head_and_outside_member(town: Town) -> None:
    town.join("head", "head")
    town.join("oversight", "oversight", is_outside=True)
    assert checklist.waits_for(town["head"])
    assert checklist.waits_for(town["oversight"])
    desks.make_oversight_key(town["oversight"])
    assert not checklist.waits_for(town["oversight"]), "it waits for a second member"
    town.make_keys()
    assert not checklist.waits_for(town["head"])
    town.join("intake", "intake", desk="intake")
    assert checklist.waits_for(town["head"])

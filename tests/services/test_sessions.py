"""Sessions: opened by two factors, sealed under the cookie, ended in time; tries slowed down without locking out."""

import datetime as dt

import pytest

from tests.people import PASSWORD, Town
from whistle.services import accounts, office, sessions, setup
from whistle.services.errors import Busy, Invalid, NotAllowed, NotFound
from whistle.store.people import KnownDevice, OfficerSession, SignInTries
from whistle.vault import keys

WRONG = "so-heisst-es-nicht"


def test_two_factors_open_a_session(town: Town) -> None:
    secret = town.sign_in("admin")
    acting = sessions.acting(secret)
    assert (acting.user_name, acting.role) == ("admin", "admin")
    assert keys.pair_from_seed(acting.seed).public == town.key("admin").public


def test_user_names_forgive_case_and_spaces(town: Town) -> None:
    assert sessions.sign_in("  Admin ", PASSWORD).stage == "second_factor"


def test_half_a_sign_in_is_no_session(town: Town) -> None:
    half = sessions.sign_in("admin", PASSWORD)
    with pytest.raises(NotFound):
        sessions.acting(half.secret)


def test_the_second_step_gives_another_secret(town: Town) -> None:
    town.wait(minutes=1)
    half = sessions.sign_in("admin", PASSWORD)
    whole = sessions.second_factor(half.secret, town.code("admin"))
    assert whole.secret != half.secret
    with pytest.raises(NotFound):
        sessions.second_factor(half.secret, town.code("admin"))


def test_a_one_time_code_works_once(town: Town) -> None:
    town.sign_in("admin")
    again = sessions.sign_in("admin", PASSWORD)
    with pytest.raises(Invalid):
        sessions.second_factor(again.secret, town.code("admin"))
    town.wait(seconds=30)
    assert sessions.second_factor(again.secret, town.code("admin")).stage == "open"


def test_a_recovery_code_works_once_in_any_writing(town: Town) -> None:
    code = town.codes["admin"][3]
    half = sessions.sign_in("admin", PASSWORD)
    assert sessions.second_factor(half.secret, f" {code.lower().replace('-', ' ')} ").stage == "open"
    half = sessions.sign_in("admin", PASSWORD)
    with pytest.raises(Invalid):
        sessions.second_factor(half.secret, code)


def test_nobody_uses_another_ones_recovery_code(staffed: Town) -> None:
    half = sessions.sign_in("admin", PASSWORD)
    with pytest.raises(Invalid):
        sessions.second_factor(half.secret, staffed.codes["admin2"][0])


@pytest.mark.on_both_databases
@pytest.mark.parametrize("secret", ["", "x", "é", "\ud800", "A" * 5000])
def test_a_cookie_nobody_gave_out_is_no_session(town: Town, secret: str) -> None:
    with pytest.raises(NotFound):
        sessions.acting(secret)
    sessions.sign_out(secret)


def test_twenty_minutes_without_a_sign_of_life_end_a_session(town: Town) -> None:
    secret = town.sign_in("admin")
    for _ in range(4):
        town.wait(minutes=19)
        sessions.acting(secret)
    town.wait(minutes=20)
    with pytest.raises(NotFound):
        sessions.acting(secret)


def test_twelve_hours_end_a_session_however_busy(town: Town) -> None:
    secret = town.sign_in("admin")
    for _ in range(47):
        town.wait(minutes=15)
        sessions.acting(secret)
    town.wait(minutes=15)
    with pytest.raises(NotFound):
        sessions.acting(secret)


def test_signing_out_ends_it(town: Town) -> None:
    secret = town.sign_in("admin")
    sessions.sign_out(secret)
    with pytest.raises(NotFound):
        sessions.acting(secret)


def test_a_session_row_of_another_person_does_not_open(staffed: Town) -> None:
    secret, other = staffed.sign_in("admin"), staffed.sign_in("head")
    theirs = OfficerSession.get(OfficerSession.secret_hash == keys.hash_token(other))
    OfficerSession.update(sealed=theirs.sealed, person=theirs.person).where(
        OfficerSession.secret_hash == keys.hash_token(secret)
    ).execute()
    with pytest.raises(NotFound):
        sessions.acting(secret)


def test_the_cookie_is_not_in_the_database(town: Town) -> None:
    secret = town.sign_in("admin")
    rows = [str(row) for row in OfficerSession.select().dicts()]
    assert rows
    assert not any(secret in row for row in rows)


def test_ended_sessions_are_swept(town: Town) -> None:
    town.sign_in("admin")
    town.wait(hours=1)
    fresh = town.sign_in("admin")
    sessions.sweep()
    assert OfficerSession.select().count() == 1
    assert sessions.acting(fresh)


# --- slowing down ----------------------------------------------------------------------------------------------


def _fail(town: Town, times: int, user_name: str = "admin", device: str | None = None) -> None:
    for _ in range(times):
        with pytest.raises(Invalid):
            sessions.sign_in(user_name, WRONG, device)


def _wait_for(user_name: str, device: str | None = None, password: str = WRONG) -> int:
    with pytest.raises(Busy) as busy:
        sessions.sign_in(user_name, password, device)
    return busy.value.seconds


def test_delays_grow_to_a_quarter_of_an_hour_and_no_further(town: Town) -> None:
    _fail(town, sessions.FREE_TRIES)
    waits = []
    for _ in range(12):
        waits.append(_wait_for("admin"))
        town.wait(seconds=waits[-1])
        _fail(town, 1)
    assert waits[:5] == [2, 4, 8, 16, 32]
    assert waits[-2:] == [900, 900]


def test_even_the_right_password_waits(town: Town) -> None:
    _fail(town, sessions.FREE_TRIES)
    assert _wait_for("admin", password=PASSWORD) == 2
    town.wait(seconds=2)
    assert sessions.sign_in("admin", PASSWORD)


def test_a_name_that_does_not_exist_is_answered_alike(town: Town) -> None:
    for name in ("admin", "nobody"):
        _fail(town, sessions.FREE_TRIES, name)
        assert _wait_for(name) == 2
    faults = []
    for name in ("admin", "nobody"):
        town.wait(seconds=10)
        with pytest.raises(Invalid) as fault:
            sessions.sign_in(name, WRONG)
        faults.append((fault.value.field, fault.value.reason, fault.value.data))
    assert faults[0] == faults[1]


def test_strangers_do_not_lock_out_the_owner_at_a_known_browser(town: Town) -> None:
    town.sign_in("admin")
    device = town.devices["admin"]
    for _ in range(20):
        town.wait(hours=1)
        _fail(town, 1)
    assert _wait_for("admin") > 800
    assert sessions.sign_in("admin", PASSWORD, device).stage == "second_factor"


def test_a_known_browser_is_slowed_down_by_itself(town: Town) -> None:
    town.sign_in("admin")
    device = town.devices["admin"]
    _fail(town, sessions.FREE_TRIES, device=device)
    assert _wait_for("admin", device) == 2
    assert sessions.sign_in("admin", PASSWORD).stage == "second_factor"


def test_a_known_browser_of_one_person_is_a_stranger_for_another(staffed: Town) -> None:
    staffed.sign_in("officer")
    _fail(staffed, sessions.FREE_TRIES, "admin", staffed.devices["officer"])
    assert _wait_for("admin", staffed.devices["officer"]) == 2
    assert _wait_for("admin") == 2


def test_an_administrator_lets_a_browser_pass(staffed: Town) -> None:
    _fail(staffed, sessions.FREE_TRIES, "officer")
    device = sessions.let_pass(staffed["admin"], staffed["officer"].person_id)
    assert sessions.sign_in("officer", PASSWORD, device).stage == "second_factor"
    with pytest.raises(Invalid):
        sessions.sign_in("officer", WRONG, device)
    with pytest.raises(NotAllowed):
        sessions.let_pass(staffed["head"], staffed["officer"].person_id)


def test_wrong_codes_are_slowed_down_too_and_apart(town: Town) -> None:
    town.sign_in("admin")
    device = town.devices["admin"]
    half = sessions.sign_in("admin", PASSWORD)
    for _ in range(sessions.FREE_TRIES):
        with pytest.raises(Invalid):
            sessions.second_factor(half.secret, "000000")
    with pytest.raises(Busy):
        sessions.second_factor(half.secret, "000000")
    again = sessions.sign_in("admin", PASSWORD)
    with pytest.raises(Busy):
        sessions.second_factor(again.secret, "000000")
    at_home = sessions.sign_in("admin", PASSWORD, device)
    town.wait(seconds=30)
    assert sessions.second_factor(at_home.secret, town.code("admin")).stage == "open"


def test_failures_are_forgotten_after_a_day(town: Town) -> None:
    _fail(town, sessions.FREE_TRIES)
    town.wait(days=1)
    _fail(town, sessions.FREE_TRIES)


def test_the_memory_for_failures_is_bounded(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "MOST_NAMES", 20)
    for number in range(60):
        town.wait(seconds=1)
        _fail(town, 1, f"name{number}")
    assert SignInTries.select().count() <= 20
    town.wait(days=2)
    sessions.sweep()
    assert SignInTries.select().count() == 0


def test_a_person_has_at_most_ten_known_browsers(town: Town) -> None:
    for _ in range(12):
        town.sign_in("admin")
    assert KnownDevice.select().where(KnownDevice.person == town.person("admin")).count() == 10


@pytest.mark.on_both_databases
@pytest.mark.parametrize("password", ["", "x" * 100_000, "\ud800", "пароль"])
def test_odd_passwords_are_just_wrong(town: Town, password: str) -> None:
    with pytest.raises(Invalid):
        sessions.sign_in("admin", password)


def test_who_was_only_invited_cannot_sign_in(town: Town) -> None:
    accounts.invite(town["admin"], "head", "高主任", "head")
    with pytest.raises(Invalid):
        sessions.sign_in("head", "")


# --- trial -----------------------------------------------------------------------------------------------------


def test_an_office_has_no_switch(staffed: Town) -> None:
    assert sessions.invented_people() == []
    with pytest.raises(NotFound):
        sessions.switch(None, "admin")


@pytest.mark.usefixtures("database", "quick_passwords")
def test_in_a_trial_one_click_changes_person() -> None:
    link = setup.first_link()
    assert link is not None
    setup.start_trial(link)
    about = office.about()
    assert about is not None
    assert about.is_invented
    first = sessions.switch(None, "intake")
    second = sessions.switch(first.secret, "deputy")
    assert sessions.acting(second.secret).role == "deputy"
    with pytest.raises(NotFound):
        sessions.acting(first.secret)
    with pytest.raises(Invalid):
        sessions.switch(second.secret, "nobody")
    assert sessions.acting(second.secret).role == "deputy"
    assert {person.user_name for person in sessions.invented_people()} >= {"intake", "head", "oversight2"}
    assert dt.timedelta(hours=12) == sessions.LONGEST

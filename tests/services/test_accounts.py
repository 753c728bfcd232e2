"""Accounts: invited once, activated from the own password, changed and ended so that nothing held stays held."""

import datetime as dt

import pyotp
import pytest

from tests.people import NAMES, PASSWORD, Town
from whistle.services import accounts, admissions, desks, keyholding, ledger, sessions
from whistle.services.errors import Conflict, Invalid, NotAllowed, NotFound
from whistle.store.base import database
from whistle.store.desks import BlindSeal, DeskKey, DeskMember, DeskSeal
from whistle.store.entries import Entry
from whistle.store.people import Admission, Invitation, OfficerSession, Person, PersonKey, RecoveryCode
from whistle.store.schema import TABLES
from whistle.vault import keys

OTHER_PASSWORD = "bieren-caibudao-de-7-liang-che"


def test_an_invitation_works_once(town: Town) -> None:
    token = accounts.invite(town["admin"], "head", "高主任", "head")
    assert accounts.invitation(token).role == "head"
    town.activate(token)
    with pytest.raises(NotFound):
        accounts.invitation(token)
    with pytest.raises(NotFound):
        accounts.start_activation(token, PASSWORD)


def test_of_two_activations_begun_with_one_link_only_the_first_ends(town: Town) -> None:
    token = accounts.invite(town["admin"], "head", "高主任", "head")
    slow = accounts.start_activation(token, OTHER_PASSWORD)
    view = accounts.activation(slow)
    town.activate(token)
    with pytest.raises(NotFound):
        accounts.finish_activation(slow, view.totp_secret)
    assert PersonKey.select().where(PersonKey.person == town.person("head")).count() == 1


def test_an_invitation_ends_after_seven_days(town: Town) -> None:
    token = accounts.invite(town["admin"], "head", "高主任", "head")
    town.wait(days=6, hours=23)
    assert accounts.invitation(token).user_name == "head"
    town.wait(hours=1)
    with pytest.raises(NotFound):
        accounts.invitation(token)


def test_only_a_hash_of_the_link_is_kept(town: Town) -> None:
    token = accounts.invite(town["admin"], "head", "高主任", "head")
    assert token not in _dump()
    assert Invitation.select().where(Invitation.used_at.is_null()).count() == 1


def test_the_second_factor_is_not_optional(town: Town) -> None:
    secret = accounts.start_activation(accounts.invite(town["admin"], "head", "高主任", "head"), PASSWORD)
    for wrong in (None, "", "000000", "abcdef", "１２３４５"):
        with pytest.raises(Invalid, match="code"):
            accounts.finish_activation(secret, wrong)
    assert town.person("head").state == "invited"
    assert sessions.sign_in("admin", PASSWORD).stage == "second_factor"


def test_what_is_stored_opens_nothing(town: Town) -> None:
    head = town.join("head", "head")
    kept = _dump()
    for secret in (
        head.seed.hex(),
        repr(head.seed),
        town.totp["head"],
        PASSWORD,
        town.codes["head"][0].replace("-", ""),
    ):
        assert secret not in kept


@pytest.mark.on_both_databases
@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "too_short"),
        ("kurz9-x", "too_short"),
        ("x" * 129, "too_long"),
        ("12345678901234", "too_weak"),
        ("Jiwei@2026纪委", "too_weak"),
        ("aaaaaaaaaaaaaa", "too_weak"),
        ("head-head-head-head", "too_weak"),
    ],
)
def test_a_guessable_password_is_refused(town: Town, password: str, reason: str) -> None:
    token = accounts.invite(town["admin"], "head", "高主任", "head")
    with pytest.raises(Invalid) as fault:
        accounts.start_activation(token, password)
    assert (fault.value.field, fault.value.reason) == ("password", reason)


@pytest.mark.on_both_databases
@pytest.mark.parametrize(
    ("given", "field", "reason"),
    [
        ({"user_name": ""}, "user_name", "pattern"),
        ({"user_name": "x"}, "user_name", "pattern"),
        ({"user_name": "9lives"}, "user_name", "pattern"),
        ({"user_name": "two words"}, "user_name", "pattern"),
        ({"user_name": "林"}, "user_name", "pattern"),
        ({"user_name": "a" * 33}, "user_name", "pattern"),
        ({"user_name": "ADMIN "}, "user_name", "taken"),
        ({"name": "  "}, "name", "empty"),
        ({"name": "长" * 61}, "name", "too_long"),
        ({"name": "a\u202eb"}, "name", "unprintable"),
        ({"name": "a\ud800"}, "name", "unprintable"),
        ({"name": "a\nb"}, "name", "unprintable"),
        ({"role": "king"}, "role", "unknown"),
        ({"is_outside": True}, "is_outside", "only_oversight"),
        ({"unit_code": "NONE"}, "unit_code", "unknown"),
    ],
)
def test_a_wrong_invitation_names_its_field(
    town: Town, given: dict[str, object], field: str, reason: str
) -> None:
    usual: dict[str, object] = {"user_name": "li", "name": "李", "role": "intake"}
    with pytest.raises(Invalid) as fault:
        accounts.invite(town["admin"], **{**usual, **given})  # type: ignore[arg-type]
    assert (fault.value.field, fault.value.reason) == (field, reason)


def test_only_an_administrator_invites(staffed: Town) -> None:
    for who in ("head", "deputy", "intake", "oversight", "auditor"):
        with pytest.raises(NotAllowed):
            accounts.invite(staffed[who], "puppet", "木偶", "deputy")


def test_a_person_may_belong_to_a_unit(town: Town) -> None:
    accounts.invite(town["admin"], "seconded", "借调", "officer", unit_code=NAMES.unit_code.lower())
    assert town.person("seconded").unit.code == NAMES.unit_code


# --- ending --------------------------------------------------------------------------------------------------


def test_deactivation_takes_everything_at_once(staffed: Town) -> None:
    secret = staffed.sign_in("intake")
    accounts.deactivate(staffed["admin"], staffed["intake"].person_id)
    person = staffed.person("intake")
    assert person.state == "deactivated"
    assert person.verifier is None
    with pytest.raises(NotFound):
        sessions.acting(secret)
    for seal in (DeskSeal, BlindSeal):
        assert not seal.select().where(seal.person == person).exists()
    assert not DeskMember.select().where(DeskMember.person == person, DeskMember.ended_at.is_null()).exists()
    assert not keyholding.is_admitted(person)
    with pytest.raises(Invalid):
        sessions.sign_in("intake", PASSWORD)
    with pytest.raises(NotAllowed):
        desks.list_desks(staffed["intake"])


def test_a_departure_leaves_the_desk_key_to_be_renewed(staffed: Town) -> None:
    accounts.deactivate(staffed["admin"], staffed["intake"].person_id)
    waiting = desks.renewals(staffed["deputy"])
    assert [row.id for row in waiting.desks] == [staffed.desk().id]
    assert waiting.blind_key
    before = waiting.desks[0].generation
    row = desks.renew_key(staffed["deputy"], staffed.desk().id)
    desks.renew_blind_key(staffed["head"])
    assert row.generation == (before or 0) + 1
    assert [seat.user_name for seat in row.seats if seat.holds_key] == ["intake2"]
    assert desks.renewals(staffed["deputy"]) == desks.Renewals(desks=(), cases=0, blind_key=False)


def test_a_departed_key_gets_nothing_any_more(staffed: Town) -> None:
    old = staffed.key("intake")
    accounts.deactivate(staffed["admin"], staffed["intake"].person_id)
    desks.renew_key(staffed["deputy"], staffed.desk().id)
    staffed.sign_in("intake2")
    assert not DeskSeal.select().where(DeskSeal.person_key == old).exists()
    with pytest.raises(Conflict, match="key_retired"):
        admissions.admit(staffed["deputy"], old.id, keys.short_code(old.public))


def test_the_last_holder_of_names_stays_until_there_is_another(staffed: Town) -> None:
    admin, reviewer = staffed["admin"], staffed["reviewer"].person_id
    desks.name_holder(staffed["head"], reviewer)
    staffed.file_named()
    desks.end_holder(staffed["head"], staffed["head"].person_id)
    assert accounts.ending(admin, reviewer).is_holder
    with pytest.raises(Conflict, match="last_holder_leaves"):
        accounts.deactivate(admin, reviewer)
    with pytest.raises(Conflict, match="last_holder_leaves"):
        accounts.change_role(admin, reviewer, "officer")
    desks.name_holder(staffed["head"], staffed["intake"].person_id)
    assert accounts.ending(admin, reviewer).held_alone == 1
    accounts.deactivate(admin, reviewer)


def test_how_many_cases_are_in_sealed_handling_is_told_to_no_administrator(staffed: Town) -> None:
    ending = accounts.ending(staffed["admin"], staffed["oversight"].person_id)
    assert ending.wants_new_keys is None


def test_the_last_head_stays_until_there_is_another(staffed: Town) -> None:
    old = staffed["head"].person_id
    with pytest.raises(Conflict, match="last_head"):
        accounts.deactivate(staffed["admin"], old)
    with pytest.raises(Conflict, match="last_head"):
        accounts.change_role(staffed["admin"], old, "officer")
    staffed.join("head2", "head")
    with pytest.raises(Conflict, match="last_head"):
        accounts.deactivate(staffed["admin"], old)
    staffed.admit("deputy", "head2")
    desks.name_holder(staffed["head2"], staffed["reviewer"].person_id)
    accounts.deactivate(staffed["admin"], old)
    assert staffed.person("head").state == "deactivated"


def test_the_last_person_who_can_let_in_stays_whoever_it_is(staffed: Town) -> None:
    deputy = staffed["deputy"].person_id
    token = accounts.reinvite(staffed["admin"], staffed["head"].person_id)
    staffed.activate(token, OTHER_PASSWORD)
    with pytest.raises(Conflict, match="last_leader"):
        accounts.deactivate(staffed["admin"], deputy)
    with pytest.raises(Conflict, match="last_leader"):
        accounts.change_role(staffed["admin"], deputy, "officer")
    staffed.admit("deputy", "head")
    accounts.deactivate(staffed["admin"], deputy)
    assert staffed.person("deputy").state == "deactivated"


def test_an_administrator_does_nothing_to_the_own_account_so_one_remains(town: Town) -> None:
    own = town["admin"].person_id
    with pytest.raises(NotAllowed):
        accounts.change_role(town["admin"], own, "head")
    with pytest.raises(NotAllowed):
        accounts.reinvite(town["admin"], own)
    with pytest.raises(NotAllowed):
        accounts.deactivate(town["admin"], own)


def test_a_new_role_starts_with_nothing(staffed: Town) -> None:
    secret = staffed.sign_in("intake")
    person = staffed.person("intake")
    accounts.change_role(staffed["admin"], person.id, "officer")
    with pytest.raises(NotFound):
        sessions.acting(secret)
    assert not keyholding.is_admitted(staffed.person("intake"))
    assert not DeskSeal.select().where(DeskSeal.person == person).exists()
    assert "intake" in {row.user_name for row in admissions.waiting(staffed["deputy"])}
    assert ledger.matches(staffed.person("intake"))


@pytest.mark.parametrize(("who", "role"), [("officer", "oversight"), ("oversight2", "head")])
def test_nobody_moves_into_or_out_of_oversight(staffed: Town, who: str, role: str) -> None:
    with pytest.raises(Conflict, match="oversight_needs_own_account"):
        accounts.change_role(staffed["admin"], staffed[who].person_id, role)


# --- coming back ---------------------------------------------------------------------------------------------


def test_a_new_invitation_changes_nothing_until_it_is_used(staffed: Town) -> None:
    secret = staffed.sign_in("intake")
    token = accounts.reinvite(staffed["admin"], staffed["intake"].person_id)
    assert sessions.acting(secret).user_name == "intake"
    assert accounts.invitation(token).is_return
    old = staffed.key("intake")
    staffed.activate(token, OTHER_PASSWORD)
    assert PersonKey.get_by_id(old.id).retired_at is not None
    assert not DeskSeal.select().where(DeskSeal.person == staffed.person("intake")).exists()
    with pytest.raises(NotFound):
        sessions.acting(secret)


def test_who_comes_back_with_a_new_key_is_admitted_and_sealed_to_again(staffed: Town) -> None:
    held = DeskKey.select().count()
    token = accounts.reinvite(staffed["admin"], staffed["intake2"].person_id)
    staffed.activate(token, OTHER_PASSWORD)
    assert not keyholding.is_admitted(staffed.person("intake2"))
    waiting = next(row for row in admissions.waiting(staffed["deputy"]) if row.user_name == "intake2")
    assert waiting.is_return
    assert [seat.may_admit for seat in waiting.seats] == [True]
    staffed.admit("deputy", "intake2")
    assert DeskKey.select().count() == held + 1
    staffed.sign_in("intake")
    assert _generations("intake2", staffed) >= _generations("intake", staffed)


def _generations(user_name: str, town: Town) -> set[int]:
    seals = DeskSeal.select(DeskSeal, DeskKey).join(DeskKey).where(DeskSeal.person == town.person(user_name))
    return {seal.desk_key.generation for seal in seals}


def test_the_sheet_brings_back_the_old_key_with_a_new_password(staffed: Town) -> None:
    before, seed = staffed.key("intake"), staffed["intake"].seed
    token = accounts.reinvite(staffed["admin"], staffed["intake"].person_id)
    assert accounts.invitation(token).may_recover
    acting = staffed.finish(accounts.recover_with_sheet(token, staffed.sheet.lower(), OTHER_PASSWORD))
    assert acting.seed == seed
    assert staffed.key("intake").id == before.id
    assert keyholding.is_admitted(staffed.person("intake"))
    assert keyholding.can_receive(staffed.desk())
    with pytest.raises(Invalid):
        sessions.sign_in("intake", PASSWORD)
    assert staffed.sign_in("intake", OTHER_PASSWORD)


def test_the_last_leader_keeps_the_key_for_a_new_one_could_be_let_in_by_nobody(staffed: Town) -> None:
    accounts.deactivate(staffed["admin"], staffed["deputy"].person_id)
    token = accounts.reinvite(staffed["admin"], staffed["head"].person_id)
    before, secret = staffed.key("head").id, staffed.sign_in("head")
    assert accounts.invitation(token).must_recover
    with pytest.raises(Conflict, match="needs_sheet"):
        accounts.start_activation(token, OTHER_PASSWORD)
    assert not OfficerSession.select().where(OfficerSession.stage == "activation").exists()
    assert sessions.acting(secret).user_name == "head"
    staffed.finish(accounts.recover_with_sheet(token, staffed.sheet, OTHER_PASSWORD))
    assert staffed.key("head").id == before
    assert keyholding.is_admitted(staffed.person("head"))


def test_who_became_the_last_leader_meanwhile_finishes_nothing(staffed: Town) -> None:
    token = accounts.reinvite(staffed["admin"], staffed["head"].person_id)
    half = accounts.start_activation(token, OTHER_PASSWORD)
    accounts.deactivate(staffed["admin"], staffed["deputy"].person_id)
    before, leaves = staffed.key("head").id, Entry.select().count()
    seed = accounts.activation(half).totp_secret
    assert seed is not None
    with pytest.raises(Conflict, match="needs_sheet"):
        accounts.finish_activation(half, pyotp.TOTP(seed).at(staffed.now))
    assert (staffed.key("head").id, Entry.select().count()) == (before, leaves)
    assert accounts.invitation(token).must_recover
    assert keyholding.is_admitted(staffed.person("head"))
    assert staffed.sign_in("head")


def test_a_deputy_alone_keeps_the_key_too(staffed: Town) -> None:
    staffed.activate(accounts.reinvite(staffed["admin"], staffed["head"].person_id), OTHER_PASSWORD)
    token = accounts.reinvite(staffed["admin"], staffed["deputy"].person_id)
    with pytest.raises(Conflict, match="needs_sheet"):
        accounts.start_activation(token, OTHER_PASSWORD)


def test_the_head_alone_may_start_afresh_until_the_sheet_is_in_force(town: Town) -> None:
    head = town.join("head", "head")
    town.activate(accounts.reinvite(town["admin"], head.person_id), OTHER_PASSWORD)
    town.make_keys()
    token = accounts.reinvite(town["admin"], head.person_id)
    town.finish(accounts.recover_with_sheet(token, town.sheet, PASSWORD))
    assert keyholding.is_admitted(town.person("head"))


def test_the_sheet_opens_no_oversight_member(staffed: Town) -> None:
    assert staffed.key("oversight").sealed_to_recovery is None
    token = accounts.reinvite(staffed["admin"], staffed["oversight2"].person_id)
    assert not accounts.invitation(token).may_recover
    with pytest.raises(Invalid, match="not_sealed"):
        accounts.recover_with_sheet(token, staffed.sheet, OTHER_PASSWORD)


def test_a_wrong_sheet_says_so(staffed: Town) -> None:
    token = accounts.reinvite(staffed["admin"], staffed["intake"].person_id)
    for sheet in ("", "ABCD", staffed.sheet[:-1] + ("0" if staffed.sheet[-1] != "0" else "1")):
        with pytest.raises(Invalid, match="sheet"):
            accounts.recover_with_sheet(token, sheet, OTHER_PASSWORD)


def test_who_was_deactivated_comes_back_only_with_a_new_key(staffed: Town) -> None:
    accounts.deactivate(staffed["admin"], staffed["intake"].person_id)
    token = accounts.reinvite(staffed["admin"], staffed.person("intake").id)
    assert not accounts.invitation(token).may_recover
    with pytest.raises(Invalid, match="not_sealed"):
        accounts.recover_with_sheet(token, staffed.sheet, OTHER_PASSWORD)
    staffed.activate(token, OTHER_PASSWORD)
    assert not keyholding.is_admitted(staffed.person("intake"))


def test_keys_older_than_the_recovery_key_are_sealed_to_it_at_the_next_sign_in(town: Town) -> None:
    town.join("head", "head")
    assert town.key("admin").sealed_to_recovery is None
    town.make_keys()
    assert town.key("head").sealed_to_recovery is not None
    town.sign_in("admin")
    assert town.key("admin").sealed_to_recovery is not None


# --- password and codes ----------------------------------------------------------------------------------------


def test_a_new_password_wraps_anew_and_ends_other_sessions(staffed: Town) -> None:
    other, secret = staffed.sign_in("intake"), staffed.sign_in("intake")
    seed = staffed["intake"].seed
    opened = accounts.change_password(sessions.acting(secret), PASSWORD, OTHER_PASSWORD)
    assert sessions.acting(opened.secret).seed == seed
    for ended in (other, secret):
        with pytest.raises(NotFound):
            sessions.acting(ended)
    with pytest.raises(Invalid):
        sessions.sign_in("intake", PASSWORD)
    assert staffed.sign_in("intake", OTHER_PASSWORD)


def test_a_new_password_is_another_one(staffed: Town) -> None:
    acting = sessions.acting(staffed.sign_in("intake"))
    with pytest.raises(Invalid) as fault:
        accounts.change_password(acting, PASSWORD, PASSWORD)
    assert (fault.value.field, fault.value.reason) == ("password", "same")


def test_a_password_is_changed_only_by_who_knows_the_old_one(staffed: Town) -> None:
    acting = staffed["intake"]
    for _ in range(sessions.FREE_TRIES):
        with pytest.raises(Invalid, match="old"):
            accounts.change_password(acting, "geraten-und-falsch", OTHER_PASSWORD)
    with pytest.raises(sessions.Busy):
        accounts.change_password(acting, PASSWORD, OTHER_PASSWORD)
    staffed.wait(minutes=1)
    with pytest.raises(Invalid, match="too_weak"):
        accounts.change_password(acting, PASSWORD, "11111111111111111")
    assert accounts.change_password(acting, PASSWORD, OTHER_PASSWORD).stage == "open"


def test_ten_recovery_codes_and_fresh_ones_end_the_old(town: Town) -> None:
    assert len(town.codes["admin"]) == 10
    with pytest.raises(Invalid, match="old"):
        accounts.new_recovery_codes(town["admin"], "geraten-und-falsch")
    assert accounts.own(town["admin"]).recovery_codes_left == 10
    fresh = accounts.new_recovery_codes(town["admin"], PASSWORD)
    assert len(set(fresh) | set(town.codes["admin"])) == 20
    assert RecoveryCode.select().count() == 10
    assert accounts.own(town["admin"]).recovery_codes_left == 10


def test_the_list_shows_who_waits(staffed: Town) -> None:
    staffed.join("late", "officer")
    rows = {row.user_name: row for row in accounts.list_people(staffed["admin"])}
    assert rows["late"].waits_for_admission
    assert not rows["late"].is_admitted
    assert rows["intake"].is_admitted
    assert not rows["auditor"].waits_for_admission
    assert rows["intake"].desks == (("受理台", "Intake desk"),)


def test_everything_is_in_the_log(staffed: Town) -> None:
    accounts.change_role(staffed["admin"], staffed["officer"].person_id, "reviewer")
    accounts.deactivate(staffed["admin"], staffed["intake2"].person_id)
    assert not ledger.verify().findings
    trusted = Admission.select().where(Admission.on_trust)
    assert {row.role for row in trusted} == {"head", "oversight"}


def _dump() -> str:
    """Every stored value as text."""
    found = []
    for table in TABLES:
        for row in table.select().dicts():
            for value in row.values():
                raw = bytes(value) if isinstance(value, bytes | bytearray | memoryview) else None
                found.append(f"{value!r} {raw.hex() if raw else ''}")
    assert database.obj is not None
    assert Person.select().exists()
    return "\n".join(found)


def test_sessions_of_activation_end_by_themselves(town: Town) -> None:
    secret = accounts.start_activation(accounts.invite(town["admin"], "head", "高主任", "head"), PASSWORD)
    town.wait(minutes=20)
    with pytest.raises(NotFound):
        accounts.activation(secret)
    assert sessions.sweep() >= 1
    assert OfficerSession.select().where(OfficerSession.stage == "activation").count() == 0
    assert dt.timedelta(minutes=20) == sessions.HALF_OPEN

"""A real name on the sealed way up and back: its halves go where the case goes, and what is lost is said."""

from tests.builders import Office
from whistle.services import contexts, grants, identity
from whistle.store.cases import Case, CaseEvent
from whistle.store.reports import Identity, IdentitySeal, Report
from whistle.vault import envelope, keys

NAMED = {"identity": "named", "name": "李四", "contact": "1380000xx04"}


def facts(case: str, action: str) -> dict[str, object]:
    found: dict[str, object] = CaseEvent.get(CaseEvent.case == case, CaseEvent.action == action).facts
    return found


def released(office: Office, case: str) -> None:
    office.act(case, "release_oversight", "oversight", not_own_people=True, reason="不涉及本机关")
    assert office.approve("oversight2").state == "received"


def test_back_on_the_ordinary_way_the_office_s_holders_have_the_first_half(office: Office) -> None:
    noise = office.file(own_people=True, **NAMED)
    filed = office.file(own_people=True, **NAMED)
    released(office, filed.case)
    seals = IdentitySeal.select().where(IdentitySeal.report == filed.report)
    holders = {person.id for person in identity.holders()}
    assert {seal.person_id for seal in seals} == holders
    assert holders
    assert all(seal.superior_key_id is None for seal in seals)
    assert Identity.get_by_id(filed.report).half_to_recovery is not None
    assert IdentitySeal.select().where(IdentitySeal.report == noise.report).count() == 3
    assert "identity_lost" not in facts(filed.case, "release_oversight")
    assert opens(office, filed.report)


def opens(office: Office, report_id: str) -> bool:
    """Whether a holder's half and the case's half together open the contact."""
    report = Report.get_by_id(report_id)
    case = Case.get_by_id(report.case_id)
    seal = IdentitySeal.get(IdentitySeal.report == report_id)
    holder = next(row for row in office.people.values() if row.person_id == seal.person_id)
    context = contexts.identity_half(report_id, f"person-key:{holder.key_id}")
    half = envelope.open_with(holder.seed, seal.sealed, context)
    row = Identity.get_by_id(report_id)
    other = envelope.open_record(
        grants.case_key(office["intake"], case),
        row.half_under_case,
        contexts.identity_half(report_id, "case", row.case_generation),
    )
    contact = envelope.open_json_record(
        keys.mix_identity(half, other), row.sealed_contact, contexts.identity_contact(report_id)
    )
    return bool(contact["name"] == "李四")


def test_on_the_sealed_way_up_only_the_reporter_keeps_the_half_and_the_event_says_so(office: Office) -> None:
    filed = office.assigned(**NAMED)
    office.act(filed.case, "to_oversight", "officer", reason="涉及本机关人员")
    assert facts(filed.case, "to_oversight")["identity_lost"] is True
    assert not IdentitySeal.select().where(IdentitySeal.report == filed.report).exists()
    row = Identity.get_by_id(filed.report)
    assert row.half_to_recovery is None
    assert row.half_to_reporter
    released(office, filed.case)
    assert facts(filed.case, "release_oversight")["identity_lost"] is True
    assert not IdentitySeal.select().where(IdentitySeal.report == filed.report).exists()


def test_an_anonymous_case_loses_no_name(office: Office) -> None:
    filed = office.assigned()
    office.act(filed.case, "to_oversight", "officer", reason="涉及本机关人员")
    assert "identity_lost" not in facts(filed.case, "to_oversight")


def test_a_member_who_came_later_gets_the_halves_of_the_oversight_desk(office: Office) -> None:
    """Whoever carries out the release must hold the half, or it would be lost by the release."""
    filed = office.file(own_people=True, **NAMED)
    late = office["oversight2"].person_id
    IdentitySeal.delete().where(IdentitySeal.person == late).execute()
    from whistle.services import keyholding
    from whistle.store.database import atomic_write

    with atomic_write():
        keyholding.share(office["oversight"])
    assert IdentitySeal.select().where(IdentitySeal.person == late).exists()
    released(office, filed.case)
    assert "identity_lost" not in facts(filed.case, "release_oversight")

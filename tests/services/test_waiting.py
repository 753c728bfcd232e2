"""What waits for whom beside cases: people to let in, changes to confirm, keys to renew."""

from tests.people import Town
from whistle.services import accounts, desks, waiting


def test_nobody_is_told_of_what_others_have_to_do(staffed: Town) -> None:
    staffed.join("newcomer", "officer")
    assert waiting.count(staffed["intake"]) == waiting.Waiting()
    assert waiting.count(staffed["deputy"]).people == 1
    staffed.admit("deputy", "newcomer")
    assert waiting.count(staffed["deputy"]).people == 0


def test_the_line_is_told_of_desk_keys_to_renew(staffed: Town) -> None:
    accounts.deactivate(staffed["admin"], staffed["intake2"].person_id)
    assert waiting.count(staffed["deputy"]).keys > 0


def test_a_desk_without_a_key_counts_for_its_deputy_and_the_head(staffed: Town) -> None:
    desks.make(staffed["admin"], "分台", "Branch", deputy_id=staffed["deputy"].person_id)
    assert waiting.count(staffed["deputy"]).keys == 1
    assert waiting.count(staffed["head"]).keys == 1

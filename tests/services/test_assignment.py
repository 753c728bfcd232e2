"""Handing cases over: which of an officer's cases go, which stay, and who can move those."""

from tests.builders import Office
from tests.cases import holders, sees
from whistle.services import assignment


def test_handing_over_moves_all_cases_with_their_keys_in_one_act(office: Office) -> None:
    filed = [office.assigned() for _ in range(3)]
    moved = assignment.hand_over(
        office["deputy"], office["officer"].person_id, office["officer2"].person_id, "调离"
    )
    assert moved == 3
    for each in filed:
        assert holders(each.case) == {"officer2", "deputy", "head", "recovery"}
        assert not sees(office, "officer", each.case)

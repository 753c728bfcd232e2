"""What a form sends for an act: a person's number is one a row can have, in plain digits."""

import pytest

from tests.builders import Office
from whistle.rules.workflow import ACTIONS
from whistle.services.casework.inputs import _person
from whistle.services.errors import Invalid

NEED = next(need for row in ACTIONS.values() for need in row.needs if need.kind == "person")


@pytest.mark.parametrize("value", ["9" * 10, "9" * 5_000, 10**30, "٣", "²", "-1", "1 ", "999999999"])
def test_a_number_of_no_person_is_refused(office: Office, value: str | int) -> None:
    with pytest.raises(Invalid, match="unknown"):
        _person(NEED, value)


def test_a_persons_number_is_taken_as_text_or_number(office: Office) -> None:
    wanted = office["officer"].person_id
    assert _person(NEED, str(wanted)) == _person(NEED, wanted) == wanted

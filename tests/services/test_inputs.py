"""What forms send: a person's number is one a row can have, in plain digits; a text has its limit."""

import pytest

from tests.builders import ANSWERS, Office
from whistle.rules.reporting import TEXT_LIMIT
from whistle.rules.workflow import ACTIONS
from whistle.services import intake
from whistle.services.casework.inputs import _person
from whistle.services.errors import Invalid

NEED = next(need for row in ACTIONS.values() for need in row.needs if need.kind == "person")


@pytest.mark.on_both_databases
@pytest.mark.parametrize("value", ["9" * 10, "9" * 5_000, 10**30, "٣", "²", "-1", "1 ", "999999999"])
def test_a_number_of_no_person_is_refused(office: Office, value: str | int) -> None:
    with pytest.raises(Invalid, match="unknown"):
        _person(NEED, value)


def test_a_persons_number_is_taken_as_text_or_number(office: Office) -> None:
    wanted = office["officer"].person_id
    assert _person(NEED, str(wanted)) == _person(NEED, wanted) == wanted


def test_a_report_of_twenty_thousand_characters_is_taken_and_one_more_is_not() -> None:
    kept = intake.check_answers({**ANSWERS, "story": "字" * TEXT_LIMIT})
    assert len(kept["story"]) == TEXT_LIMIT
    with pytest.raises(Invalid, match="story: too_long"):
        intake.check_answers({**ANSWERS, "story": "字" * (TEXT_LIMIT + 1)})

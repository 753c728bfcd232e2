"""What the instance says of itself."""

import pytest

from tests.people import Town
from whistle.services import office
from whistle.services.errors import NotFound


@pytest.mark.usefixtures("database")
def test_before_set_up_there_is_nothing() -> None:
    assert office.about() is None
    assert not office.is_invented()
    with pytest.raises(NotFound):
        office.current()


def test_an_office_is_not_invented(town: Town) -> None:
    about = office.about()
    assert about is not None
    assert (about.mode, about.name_zh, about.is_invented) == ("office", "清源区纪委监委", False)

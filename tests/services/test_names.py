"""Names: trimmed, visible, one line."""

import pytest

from whistle.services import names
from whistle.services.errors import Invalid


def test_a_name_is_trimmed_and_composed() -> None:
    assert names.clean("  Zu\u0308rich 局 ", "name") == "Zürich 局"
    assert names.clean("", "place", may_be_empty=True) == ""


@pytest.mark.parametrize("name", ["", " ", "a\u0000", "a\u202eb", "\ud800", "a\u2028b", "x" * 61])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        names.clean(name, "name")


def test_lines_are_kept_and_what_is_invisible_is_not() -> None:
    assert names.clean_lines(" a \r\n\r\n b \n", "text", longest=20) == "a\n\nb"
    with pytest.raises(Invalid):
        names.clean_lines("a\u202e", "text", longest=20)
    with pytest.raises(Invalid):
        names.clean_lines("a\n" * 20, "text", longest=20)

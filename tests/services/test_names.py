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


@pytest.mark.parametrize("prefix", ["清信/举", "<b>", "清 访", "清?", "清#", "%2f", "."])
def test_a_prefix_that_would_not_fit_into_an_address_is_refused(prefix: str) -> None:
    with pytest.raises(Invalid, match="not_for_numbers"):
        names.clean_prefix(prefix, "number_prefix", longest=8)


def test_a_prefix_is_letters_digits_and_hyphens() -> None:
    assert names.clean_prefix(" 清访-A1 ", "number_prefix", longest=8) == "清访-A1"


@pytest.mark.parametrize(
    "phone",
    [
        "",
        "12388",
        "010-12345678",
        "（010）1234 5678转3",
        "010-12388、010-12389",
        "+86 10 12388",
        "１２３８８",
    ],
)
def test_a_telephone_number_is_taken_as_people_write_it(phone: str) -> None:
    assert names.clean_phone(phone, "public_phone").count("8") == phone.count("8") + phone.count("８")


@pytest.mark.parametrize("phone", ["abc!!", "12", "见网站", "<12388>", "12388\u202e"])
def test_what_nobody_can_dial_is_refused(phone: str) -> None:
    with pytest.raises(Invalid):
        names.clean_phone(phone, "public_phone")


def test_lines_are_kept_and_what_is_invisible_is_not() -> None:
    assert names.clean_lines(" a \r\n\r\n b \n", "text", longest=20) == "a\n\nb"
    with pytest.raises(Invalid):
        names.clean_lines("a\u202e", "text", longest=20)
    with pytest.raises(Invalid):
        names.clean_lines("a\n" * 20, "text", longest=20)

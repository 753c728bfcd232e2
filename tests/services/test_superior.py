"""The superior's key: entered by one oversight member, confirmed by another, and its packages."""

import pytest

from tests.people import Town
from whistle.services import grants, superior
from whistle.services.errors import Conflict, Invalid, NotAllowed, NotFound


def test_a_package_is_opened_by_the_superior_alone(staffed: Town) -> None:
    key = grants.superior_key()
    assert key is not None
    package = superior.seal_package(key, {"text": "材料"})
    assert "材料" in superior.open_package(staffed.superior_private, package)
    with pytest.raises(Invalid, match="other_key"):
        superior.open_package(superior.make_pair().private_text, package)
    for broken in (b"", b"x", package[:-1], package[1:], b"\x00" * 4000):
        with pytest.raises(Invalid, match="file"):
            superior.open_package(staffed.superior_private, broken)


def test_the_text_survives_a_mail_programs_line_breaks() -> None:
    pair = superior.make_pair()
    text = "\r\n  ".join(
        pair.private_text[start : start + 30] for start in range(0, len(pair.private_text), 30)
    )
    with pytest.raises(Invalid, match="file"):
        superior.open_package(text, b"")


def test_a_new_key_waits_for_another_member(staffed: Town) -> None:
    before, pair = grants.superior_key(), superior.make_pair()
    code = superior.enter(staffed["oversight"], pair.public_text)
    assert code == pair.short_code
    assert grants.superior_key() == before
    with pytest.raises(Conflict, match="own_entry"):
        superior.confirm(staffed["oversight"], code)
    with pytest.raises(Invalid, match="differs"):
        superior.confirm(staffed["oversight2"], superior.make_pair().short_code)
    assert superior.state(staffed["oversight2"]).may_confirm
    superior.confirm(staffed["oversight2"], code)
    state = superior.state(staffed["head"])
    assert (state.in_force, state.waiting) == (code, None)
    with pytest.raises(NotFound):
        superior.confirm(staffed["oversight2"], code)


def test_a_second_entry_ends_the_first(staffed: Town) -> None:
    first = superior.enter(staffed["oversight"], superior.make_pair().public_text)
    superior.enter(staffed["oversight2"], superior.make_pair().public_text)
    with pytest.raises(Invalid, match="differs"):
        superior.confirm(staffed["oversight"], first)


@pytest.mark.parametrize(
    "text", ["", "x", "whistle-superior-public-1", "whistle-superior-public-1 AAAA 00000000"]
)
def test_what_is_no_key_is_refused(staffed: Town, text: str) -> None:
    with pytest.raises(Invalid, match="key"):
        superior.enter(staffed["oversight"], text)


def test_a_slip_in_the_text_is_noticed_and_the_private_line_is_not_taken(staffed: Town) -> None:
    pair = superior.make_pair()
    with pytest.raises(Invalid, match="mistyped"):
        superior.enter(staffed["oversight"], pair.public_text.replace("A", "B", 1))
    with pytest.raises(Invalid, match="private"):
        superior.enter(staffed["oversight"], pair.private_text)


def test_nobody_but_oversight_enters_or_confirms(staffed: Town) -> None:
    text = superior.make_pair().public_text
    for who in ("admin", "head", "deputy", "auditor"):
        with pytest.raises(NotAllowed):
            superior.enter(staffed[who], text)
        with pytest.raises(NotAllowed):
            superior.confirm(staffed[who], "0")


def test_a_private_key_is_refused_by_name_however_it_was_pasted(staffed: Town) -> None:
    text = superior.make_pair().private_text
    for pasted in (text, f"Key: {text}", text.replace(" ", "\n")):
        with pytest.raises(Invalid) as fault:
            superior.enter(staffed["oversight"], pasted)
        assert (fault.value.field, fault.value.reason) == ("key", "private")

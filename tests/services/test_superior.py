"""The superior's key: entered by one oversight member, confirmed by another, and its packages."""

import io
import json
from typing import Any

import pytest

from tests.builders import ANSWERS, attach
from tests.people import Town
from whistle.services import contexts, drafts, grants, intake, superior, waiting
from whistle.services.casework import packages
from whistle.services.casework.act import act
from whistle.services.errors import Conflict, Invalid, NotAllowed, NotFound
from whistle.store import files
from whistle.store.attachments import Attachment
from whistle.store.cases import Case
from whistle.store.channels import Channel
from whistle.vault import envelope


def test_a_package_is_opened_by_the_superior_alone(staffed: Town) -> None:
    key = grants.superior_key()
    assert key is not None
    package = superior.seal_package(key, "a1", {"note": "材料", "reports": []})
    assert "材料" in superior.open_package(staffed.superior_private, package)
    with pytest.raises(Invalid, match="other_key"):
        superior.open_package(superior.make_pair().private_text, package)
    for broken in (b"", b"x", package[:-1], package[1:], b"\x00" * 4000):
        with pytest.raises(Invalid, match="file"):
            superior.open_package(staffed.superior_private, broken)


def test_a_package_is_bound_to_its_case_and_its_key(staffed: Town) -> None:
    key = grants.superior_key()
    assert key is not None
    package = superior.seal_package(key, "a1", {"note": "材料", "reports": []})
    header, sealed = package.split(b"\n", 1)
    assert header == f"whistle-package-1 a1 {key.id}".encode()
    for other in (f"whistle-package-1 a2 {key.id}", f"whistle-package-1 a1 {key.id + 1}"):
        with pytest.raises(Invalid, match="other_key"):
            superior.open_package(staffed.superior_private, other.encode() + b"\n" + sealed)
    with pytest.raises(Invalid, match="other_version"):
        superior.open_package(staffed.superior_private, package.replace(b"-1 ", b"-2 ", 1))


def forwarded(staffed: Town, **answers: str) -> tuple[str, bytes]:
    """A report on the office's own people that went up with a covering note; its case and the file."""
    secret = drafts.begin(Channel.get().token)
    drafts.save(secret, {**ANSWERS, "own_people": True, **answers})
    intake.submit(secret)
    case = Case.get().id
    package = act(case, "forward_up", staffed["oversight"], note="请直接与举报人联系").download
    assert package is not None
    return case, package


def opened(private: str, package: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(superior.open_package(private, package))
    return found


NAMED = {"identity": "named", "name": "李四", "contact": "1380000xx04"}


def test_the_superior_reads_the_note_and_the_real_name(staffed: Town) -> None:
    case, package = forwarded(staffed, **NAMED)
    content = opened(staffed.superior_private, package)
    assert content["note"] == "请直接与举报人联系"
    assert content["reports"][0]["answers"]["story"] == ANSWERS["story"]
    assert content["reports"][0]["identity"] == {"name": "李四", "contact": "1380000xx04"}
    assert packages.again(staffed["oversight2"], case) != package
    assert opened(staffed.superior_private, packages.again(staffed["oversight2"], case)) == content


def test_the_office_has_no_name_in_the_package_it_makes(staffed: Town) -> None:
    """The acting member opens the case's half alone; the other one stays sealed to the superior."""
    case, package = forwarded(staffed, **NAMED)
    header, sealed = package.split(b"\n", 1)
    seed = superior._from_text(superior.PRIVATE_MARK, staffed.superior_private, "key")
    context = contexts.package(case, header.split(b" ")[2].decode())
    told = envelope.open_with(seed, sealed, context).decode()
    assert "请直接与举报人联系" in told
    assert "李四" not in told
    assert "1380000xx04" not in told


@pytest.mark.parametrize("content", [{}, {"reports": 1}, {"reports": [1]}, {"reports": [{"identity": {}}]}])
def test_what_a_stranger_sealed_to_the_public_key_is_no_package(
    staffed: Town, content: dict[str, Any]
) -> None:
    key = grants.superior_key()
    assert key is not None
    with pytest.raises(Invalid, match="no_package"):
        superior.open_package(staffed.superior_private, superior.seal_package(key, "a1", content))


def test_a_report_without_a_name_has_none_in_the_package(staffed: Town) -> None:
    _, package = forwarded(staffed)
    report = opened(staffed.superior_private, package)["reports"][0]
    assert (report["is_named"], report["identity"]) == (False, None)


def test_a_name_sealed_to_an_earlier_key_is_told_as_unopened(staffed: Town) -> None:
    case, _ = forwarded(staffed, **NAMED)
    pair = superior.make_pair()
    superior.confirm(staffed["oversight2"], superior.enter(staffed["oversight"], pair.public_text))
    report = opened(pair.private_text, packages.again(staffed["oversight"], case))["reports"][0]
    assert report["identity"] == {"unopened": "sealed to an earlier key of the superior"}
    assert report["answers"]["story"] == ANSWERS["story"]


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


def test_the_files_go_up_sealed_beside_the_package_that_opens_them(staffed: Town) -> None:
    secret = drafts.begin(Channel.get().token)
    drafts.save(secret, {**ANSWERS, "own_people": True})
    sent = [("账本.txt", "账".encode() * 50_000), ("看.html", b"second")]
    attach(secret, "draft", dict(sent))
    intake.submit(secret)
    case = Case.get().id
    package = act(case, "forward_up", staffed["oversight"], note="").download
    bundle = b"".join(packages.bundle(case, packages.list_files(staffed["oversight2"], case)))
    assert "账账账".encode() not in bundle
    assert package is not None
    assert opened_files(staffed, package, bundle) == [
        ("1-账本.txt", sent[0][1]),
        ("2-看.html.txt", sent[1][1]),
    ]
    damaged = bundle[:-1] + bytes([bundle[-1] ^ 1])
    with pytest.raises(Invalid, match="other_key"):
        opened_files(staffed, package, damaged)
    for none in (b"x", b"whistle-files-1 a\nzz 9\n"):
        with pytest.raises(Invalid, match="no_package"):
            opened_files(staffed, package, none)


def test_a_file_that_is_gone_keeps_no_other_here_and_is_said_to_be_left_out(staffed: Town) -> None:
    secret = drafts.begin(Channel.get().token)
    drafts.save(secret, {**ANSWERS, "own_people": True})
    attach(secret, "draft", {"a.txt": b"first", "b.txt": b"second"})
    intake.submit(secret)
    case = Case.get().id
    package = act(case, "forward_up", staffed["oversight"], note="").download
    assert package is not None
    whole = list(packages.bundle(case, packages.list_files(staffed["oversight"], case)))
    files.store().delete(Attachment.select().order_by(Attachment.id).first().id)
    bundle = b"".join(packages.bundle(case, packages.list_files(staffed["oversight"], case)))
    for cut in (bundle, b"".join(whole[:3])):
        found = superior.open_files(staffed.superior_private, package, io.BytesIO(cut))
        assert b"".join(next(found)[1]) in (b"first", b"second")
        with pytest.raises(Invalid, match="left_out"):
            next(found)


def opened_files(staffed: Town, package: bytes, bundle: bytes) -> list[tuple[str, bytes]]:
    found = superior.open_files(staffed.superior_private, package, io.BytesIO(bundle))
    return sorted((name, b"".join(pieces)) for name, pieces in found)


@pytest.mark.parametrize("between", ["-", "", " - ", "\u3000"])
def test_the_code_that_was_read_out_is_taken_however_it_is_typed(staffed: Town, between: str) -> None:
    code = superior.enter(staffed["oversight"], superior.make_pair().public_text)
    full_width = code.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    superior.confirm(staffed["oversight2"], full_width.replace(" ", between))
    assert superior.state(staffed["oversight"]).in_force == code


def test_the_second_member_is_told_that_a_key_waits_to_be_compared(staffed: Town) -> None:
    code = superior.enter(staffed["oversight"], superior.make_pair().public_text)
    assert waiting.count(staffed["oversight2"]).superior_key
    for who in ("oversight", "head", "intake"):
        assert not waiting.count(staffed[who]).superior_key
    superior.confirm(staffed["oversight2"], code)
    assert not waiting.count(staffed["oversight2"]).superior_key

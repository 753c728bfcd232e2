"""`whistle channel` as stories: make one, list them, write a poster that scans to the exact address."""

from pathlib import Path

import pytest

from tests.builders import Office
from tests.cli.typed import TypeIn, refused, type_early, type_in  # noqa: F401 - fixtures
from tests.scanning import scan_png, scan_svg
from whistle.services import channels, scanned
from whistle.store.channels import Channel

ADDRESS = "https://report.example.gov.cn/r/"


def test_a_channel_is_made_with_token_and_address(type_in: TypeIn) -> None:  # noqa: F811
    done = type_in("channel", "add", "车管窗口", "--unit", "qy01", "--place", "二楼", "--to", "2026-12-31")
    assert done.exit_code == 0, done.stderr
    token, address = done.stdout.split()
    assert address == ADDRESS + token
    view = scanned.view(token)
    assert (view.name, view.place, view.is_usable) == ("车管窗口", "二楼", True)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--unit", "NONE"), "no unit with this code"),
        (("--unit", "QY01", "--desk", "没有"), "There is no desk named 没有"),
        (("--unit", "QY01", "--desk", "监督受理台"), "cannot go to this desk"),
        (
            ("--unit", "QY01", "--from", "2026-12-31", "--to", "2026-12-30"),
            "The last day lies before the first",
        ),
    ],
)
def test_a_channel_that_cannot_be_is_not_made(
    type_in: TypeIn,  # noqa: F811
    words: tuple[str, ...],
    told: str,
) -> None:
    before = Channel.select().count()
    assert told in refused(type_in("channel", "add", "车管窗口", *words))
    assert Channel.select().count() == before


def test_the_list_tells_state_unit_and_place(type_in: TypeIn, office: Office) -> None:  # noqa: F811
    channels.suspend(office["admin"], 1)
    lines = [line.split("\t") for line in type_in("channel", "list").stdout.splitlines()]
    assert lines == [[office.token, "suspended", "QY01", "企业开办窗口", "政务服务大厅一楼3号窗口"]]


def test_the_png_scans_to_the_exact_address(type_in: TypeIn, office: Office, tmp_path: Path) -> None:  # noqa: F811
    out = tmp_path / "code.png"
    done = type_in("channel", "poster", office.token.upper(), "--format", "png", "--out", str(out))
    assert (done.exit_code, done.output) == (0, "")
    assert scan_png(out.read_bytes()) == [ADDRESS + office.token]


def test_the_svg_is_a_page_that_scans_and_says_that_it_is_a_trial(
    type_in: TypeIn,  # noqa: F811
    office: Office,
    tmp_path: Path,
) -> None:
    out = tmp_path / "poster.svg"
    assert type_in("channel", "poster", ADDRESS + office.token, "--out", str(out)).exit_code == 0
    svg = out.read_text("utf-8")
    assert "试用，请勿填写真实举报" in svg
    assert scan_svg(svg) == [ADDRESS + office.token]


def test_a_poster_of_nothing_leaves_no_file(type_in: TypeIn, tmp_path: Path) -> None:  # noqa: F811
    out = tmp_path / "poster.svg"
    assert "whistle channel list" in refused(type_in("channel", "poster", "nothing", "--out", str(out)))
    assert list(tmp_path.glob("*.svg*")) == []


def test_a_poster_that_cannot_be_written_leaves_no_half_of_it(
    type_in: TypeIn,  # noqa: F811
    office: Office,
    tmp_path: Path,
) -> None:
    folder = tmp_path / "not there"
    told = refused(type_in("channel", "poster", office.token, "--out", str(folder / "poster.svg")))
    assert "Name another file" in told
    assert not folder.exists()


def test_pdf_is_not_offered_yet(type_in: TypeIn, office: Office) -> None:  # noqa: F811
    done = type_in("channel", "poster", office.token, "--format", "pdf", "--out", "poster.pdf")
    assert done.exit_code == 2
    assert not Path("poster.pdf").exists()


def test_before_the_set_up_it_says_what_comes_first(type_early: TypeIn) -> None:  # noqa: F811
    assert "whistle init" in refused(type_early("channel", "add", "窗口", "--unit", "QY01"))
    assert "whistle init" in refused(type_early("channel", "list"))

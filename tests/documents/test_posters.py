"""Posters: what a phone reads off them, and what a strict page lets through."""

import io
import xml.etree.ElementTree as ElementTree

import pytest
import zxingcpp
from PIL import Image

from whistle.documents import posters

ADDRESS = "https://report.qingyuan.example.cn:8443/r/5v4cnsjcnq1z"
POSTER = posters.Poster(
    office_zh="清源区纪委监委",
    office_en="Discipline Office <of> Clearspring & Co",
    unit_zh="清源区住房和城乡建设局建设工程质量安全监督站综合业务窗口",
    unit_en="Construction Quality and Safety Supervision Station of the Housing Bureau",
    place="政务服务大厅一楼3号窗口",
    address=ADDRESS,
    phone="12388",
    is_invented=False,
)
TRIAL = posters.Poster(**{**{name: getattr(POSTER, name) for name in POSTER.__slots__}, "is_invented": True})


@pytest.mark.parametrize("poster", [POSTER, TRIAL], ids=["office", "trial"])
def test_a_phone_reads_the_address_off_the_png(poster: posters.Poster) -> None:
    image = Image.open(io.BytesIO(posters.poster_png(poster)))
    assert [found.text for found in zxingcpp.read_barcodes(image.convert("L"))] == [ADDRESS]


def test_a_phone_reads_the_address_off_the_svg() -> None:
    tree = ElementTree.fromstring(posters.qr_svg(ADDRESS))  # noqa: S314 - our own bytes
    side = int(tree.attrib["viewBox"].split()[2])
    image = Image.new("L", (side, side), 255)
    for run in tree.find("{http://www.w3.org/2000/svg}path").attrib["d"].split("M")[1:]:  # type: ignore[union-attr]
        start, rest = run.split("h", 1)
        x, y = map(int, start.split())
        for offset in range(int(rest.split("v")[0])):
            image.putpixel((x + offset, y), 0)
    found = zxingcpp.read_barcodes(image.resize((side * 8, side * 8), Image.Resampling.NEAREST))
    assert [code.text for code in found] == [ADDRESS]


def test_the_svg_needs_no_exception_of_the_content_policy() -> None:
    for svg in (posters.poster_svg(TRIAL), posters.qr_svg(ADDRESS)):
        for forbidden in ("style", "<script", "href", "onload", "url("):
            assert forbidden not in svg


def test_names_are_words_and_never_markup() -> None:
    tree = ElementTree.fromstring(posters.poster_svg(POSTER).encode())  # noqa: S314 - our own bytes
    said = [text.text for text in tree.iter("{http://www.w3.org/2000/svg}text")]
    assert POSTER.office_en in said
    assert POSTER.unit_zh in said


def test_long_names_are_set_smaller_instead_of_running_off_the_page() -> None:
    tree = ElementTree.fromstring(posters.poster_svg(POSTER).encode())  # noqa: S314 - our own bytes
    for text in tree.iter("{http://www.w3.org/2000/svg}text"):
        assert posters._width(text.text or "") * int(text.attrib["font-size"]) <= posters.LINE_WIDTH


def test_a_trials_posters_say_so() -> None:
    assert posters.WARNING_ZH in posters.poster_svg(TRIAL)
    assert posters.WARNING_ZH not in posters.poster_svg(POSTER)
    plain, trial = (Image.open(io.BytesIO(posters.poster_png(poster))) for poster in (POSTER, TRIAL))
    assert trial.height > plain.height

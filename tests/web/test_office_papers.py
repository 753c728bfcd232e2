"""The meeting papers as pages and as workbooks: both say the same, and lead only where one may go."""

import datetime as dt
import io
import zipfile
from urllib.parse import quote
from xml.etree import ElementTree

import pytest

from tests.builders import MONDAY
from tests.visiting import Page, Visitor, words
from tests.web.officers import Desks
from whistle import clock
from whistle.documents.workbooks import MAIN
from whistle.store.offices import Office
from whistle.store.units import Unit, UnitFact


def table(page: Page, caption: str) -> list[list[str]]:
    """The rows of the table with this caption."""
    found = next(t for t in page.soup.select("main table") if words(t.caption).startswith(caption))
    return [[words(cell) for cell in row.select("th, td")] for row in found.select("tbody tr")]


def sheets(visitor: Visitor, address: str) -> dict[str, list[list[str]]]:
    """A workbook's sheets by title, every cell as the text of its XML."""
    response = visitor.client.get(address)
    assert response.status_code == 200
    name = {"m": MAIN}
    with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
        titles = ElementTree.fromstring(archive.read("xl/workbook.xml")).findall(".//m:sheet", name)  # noqa: S314
        return {
            str(title.get("name")): [
                ["".join(cell.itertext()) for cell in row.findall("m:c", name)]
                for row in ElementTree.fromstring(  # noqa: S314
                    archive.read(f"xl/worksheets/sheet{number}.xml")
                ).findall(".//m:row", name)
            ]
            for number, title in enumerate(titles, 1)
        }


def test_the_weekly_sheet_says_who_must_do_what_by_when(desks: Desks) -> None:
    own, waiting = desks.office.assigned("officer"), desks.classified()
    desks.office.act(waiting.case, "decline", "intake", reason="court", message="请起诉。")
    deputy = desks.sit("deputy")
    page = deputy.get("/office/papers/week")
    assert page.h1 == "周例会材料"
    first, second = table(page, "新收：2件")
    assert first[2:] == [
        "待受理→研判中",
        "周承办",
        "周承办：提出处置意见",
        "2026年10月14日",
        "还剩18个工作日",
    ]
    assert "分管领导或主要负责人：批准“不予受理”" in second
    assert table(page, "承办人汇总")[0] == ["周承办", "1", "1", "0", "0", "0"]
    links = [str(a["href"]) for a in page.soup.select("tbody th a")]
    assert set(links) == {quote(desks.url(own)), quote(desks.url(waiting))}
    book = sheets(deputy, page.link("下载表格"))
    assert list(book) == ["承办人汇总", "单位汇总", "新收", "有进展", "七日内到期", "超期", "结束"]
    assert book["承办人汇总"][2] == ["周承办", "1", "1", "0", "0", "0"]
    assert book["新收"][2][4] == "周承办：提出处置意见"
    assert int(book["新收"][2][5]) == (dt.date(2026, 10, 14) - dt.date(1899, 12, 30)).days


def test_a_day_beyond_the_published_calendar_is_marked_on_the_sheet_too(desks: Desks) -> None:
    with clock.at(MONDAY + dt.timedelta(days=85)):
        desks.office.assigned("officer")
        deputy = desks.sit("deputy")
        (row,) = table(deputy.get("/office/papers/week"), "新收：1件")
    assert row[-2:] == ["2027年1月8日", "还剩22个工作日（暂计）"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [("2099-01-01", "这一天还没有到，请填过去的日期"), ("下周", "请按这样的格式填写日期")],
)
def test_a_day_that_cannot_be_the_last_meeting_is_asked_for_again(
    desks: Desks, typed: str, said: str
) -> None:
    page = desks.sit("officer").get(f"/office/papers/week?since={typed}", 422)
    assert any(said in fault for fault in page.faults)
    assert page.soup.select_one("input[name=since]")["value"] in (typed, "2099年1月1日")


def test_the_month_shows_figures_rates_and_how_they_are_counted(desks: Desks) -> None:
    desks.office.accepted()
    desks.office.file()
    with clock.at(MONDAY + dt.timedelta(days=30)):
        deputy = desks.sit("deputy")
        page = deputy.get("/office/papers/month")
        assert page.h1 == "2026年9月总结"
        counted = dict((row[0], row[1:]) for row in table(page, "收办情况"))
        assert counted["收到（件）"] == ["2", "–", "–"]
        assert counted["受理（件）"] == ["1", "–", "–"]
        assert "起使用本系统，更早的没有数字" in page.text
        rates = dict((row[0], row[1:]) for row in table(page, "比率"))
        assert rates["受理及时率"] == ["50.0%", "1", "2", "–", "–"]
        assert rates["查实率"] == ["–", "0", "0", "–", "–"]
        assert len(table(page, "现在超期最久的案件")) == 1
        assert any("《信访工作条例》" in row[2] for row in table(page, "计数口径"))
        book = sheets(deputy, page.link("下载表格"))
        assert ["受理及时率", "0.5", "1", "2", "", ""] in book["比率"]
        before = deputy.get("/office/papers/month?period=2026-08-01")
        assert before.h1 == "2026年8月总结"


def test_of_months_before_the_office_began_no_nought_is_shown(desks: Desks) -> None:
    """A month set beside one of which nothing is known would look like a rise."""
    desks.office.file()
    Office.update(made_on="2026-08-20").execute()
    with clock.at(MONDAY + dt.timedelta(days=30)):
        deputy = desks.sit("deputy")
        page = deputy.get("/office/papers/month")
        counted = dict((row[0], row[1:]) for row in table(page, "收办情况"))
        assert counted["收到（件）"] == ["1", "0", "–"]
        assert counted["约谈（次）"] == ["0", "0", "–"]
        assert "2026年8月20日起使用本系统" in page.text
        assert ["收到（件）", "1", "0", ""] in sheets(deputy, page.link("下载表格"))["收办情况"]
        Office.update(made_on="2025-08-31").execute()
        page = deputy.get("/office/papers/month")
        counted = dict((row[0], row[1:]) for row in table(page, "收办情况"))
        assert counted["收到（件）"] == ["1", "0", "0"]
        assert "更早的没有数字" not in page.text


def test_the_quarter_is_for_the_line_and_for_intake(desks: Desks) -> None:
    desks.office.accepted()
    intake = desks.sit("intake2")
    page = intake.get("/office/papers/week")
    assert [words(a) for a in page.soup.select(".tabs a")] == ["周例会", "季度反馈"]
    page = intake.get("/office/papers/quarter?period=2026-07-01")
    assert page.h1 == "2026年第3季度办理情况反馈"
    assert words(page.soup.select("tbody tr")[-1]) == "合计 1 0 0 0 1 0 0"
    assert not page.soup.select("tbody a")
    assert "《纪检监察机关处理检举控告工作规则》第十八条" in page.text
    assert "这一期没有要列的" not in page.text
    intake.get("/office/papers/month", 403)
    assert [words(a) for a in desks.sit("officer").get("/office/papers/week").soup.select(".tabs a")] == [
        "周例会"
    ]


def test_no_paper_of_cases_in_sealed_handling_is_printed(desks: Desks) -> None:
    member = desks.sit("oversight")
    assert "会议材料" not in member.get("/office/desk").text
    for address in ("/office/papers/week", "/office/papers/week.xlsx"):
        member.get(address, 403)


def test_a_period_that_is_none_is_the_last_one_that_is_over(desks: Desks) -> None:
    deputy = desks.sit("deputy")
    for period in ("", "x", "2026-13-01", "2026-09-02", "9999-01-01", "%00"):
        assert deputy.get(f"/office/papers/month?period={period}").h1 == "2026年8月总结"
        assert deputy.get(f"/office/papers/quarter?period={period}").h1 == "2026年第2季度办理情况反馈"


@pytest.mark.parametrize(
    ("since", "fault"),
    [
        ("9999-12-31", "这一天还没有到，请填过去的日期"),
        ("abc", "请按这样的格式填写日期：2026年11月23日"),
        ("2026-02-30", "日历上没有这一天，请核对日期"),
    ],
)
def test_no_workbook_of_another_week_is_given_for_a_day_that_cannot_be(
    desks: Desks, caplog: pytest.LogCaptureFixture, since: str, fault: str
) -> None:
    assert desks.sit("deputy").get(f"/office/papers/week.xlsx?since={since}", 422).faults == [fault]
    assert "no words" not in caplog.text


def test_a_name_that_looks_like_a_formula_stays_text_in_the_workbook(desks: Desks) -> None:
    name = "=cmd|' /C calc'!A0"
    UnitFact.update(name_zh=name).execute()
    desks.office.classify(desks.office.file().case, unit=Unit.get().code)
    response = desks.sit("intake").client.get("/office/papers/week.xlsx")
    with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
        sheet = archive.read("xl/worksheets/sheet3.xml").decode()
    assert f">{name}</t>" in sheet
    assert "<f>" not in sheet

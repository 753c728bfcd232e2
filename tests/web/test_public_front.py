"""The front page, before and after an office was set up, and leaving at once."""

import pytest
from peewee import OperationalError

from tests.visiting import words
from tests.web.reporters import Reporter, Street
from whistle.services import channels, units
from whistle.store.channels import Channel
from whistle.store.offices import Office
from whistle.store.people import ReporterSession
from whistle.store.units import UnitFact
from whistle.web.public.leave import NEUTRAL


def test_before_set_up_it_says_that_nothing_is_here_yet_and_gives_a_number(visit) -> None:
    page = visit.get("/")
    assert page.h1 == "这里还没有启用"
    assert page.link("12388") == "tel:12388"


def test_it_offers_every_public_channel_and_the_way_to_an_own_report(street: Street) -> None:
    other = channels.make(street.office["admin"], "西门", "QY01", 1, place="西门岗亭")
    hidden = channels.make(street.office["admin"], "内部", "QY01", 1, is_public=False)
    suspended = channels.make(street.office["admin"], "停用", "QY01", 1)
    channels.suspend(street.office["admin"], suspended.id)
    page = street.somebody().visitor.get("/")
    linked = {str(a["href"]) for a in page.soup.select(".channels a")}
    assert linked == {f"/r/{street.office.token}", f"/r/{other.token}"}
    assert hidden.token not in page.response.text
    assert page.link("查询我的举报") == "/track"
    assert "110" in page.text


def test_channels_of_one_unit_lie_together_and_each_tells_its_place(street: Street) -> None:
    admin = street.office["admin"]
    for number in range(1, 4):
        units.make(admin, f"QY1{number}", f"第{number}街道", f"Subdistrict {number}")
        channels.make(admin, "综合窗口", f"QY1{number}", 1, place=f"{number}号楼")
    channels.make(admin, "西门", "QY01", 1, place="西门岗亭")
    page = street.somebody().visitor.get("/")
    folded, *single = page.soup.select(".channels > li")
    assert words(folded.select_one("summary")) == "清源区行政审批局2个渠道"
    assert not folded.select_one("details").has_attr("open"), "there are four units"
    assert [words(a) for a in folded.select("li a")] == [
        "企业开办窗口政务服务大厅一楼3号窗口",
        "西门西门岗亭",
    ]
    assert [words(item) for item in single] == [f"第{n}街道综合窗口{n}号楼" for n in range(1, 4)]
    assert not page.soup.select(".channels > li > details details")


def test_the_channels_of_a_few_units_stand_open(street: Street) -> None:
    channels.make(street.office["admin"], "西门", "QY01", 1, place="西门岗亭")
    assert street.somebody().visitor.get("/").soup.select_one(".channels details").has_attr("open")


def test_what_happens_and_how_to_leave_stand_above_the_channels(street: Street) -> None:
    headings = [words(h2) for h2 in street.somebody().visitor.get("/").soup.select("main h2")]
    assert headings == ["提交以后", "不想让旁边的人看到", "从哪里反映"]


@pytest.mark.parametrize(
    ("phone", "told"),
    [("12388", "请打举报电话，或者过些时候再来"), ("", "现在没有别的网上渠道，请过些时候再来")],
)
def test_a_suspended_only_channel_points_at_nothing_below(street: Street, phone: str, told: str) -> None:
    Office.update(public_phone=phone).execute()
    channels.suspend(street.office["admin"], Channel.get().id)
    page = street.somebody().visitor.get(f"/r/{street.office.token}", 404)
    assert told in page.text
    assert "下面的渠道" not in page.text


def test_without_a_public_channel_it_says_what_would_be_here(street: Street) -> None:
    Channel.update(is_public=False).execute()
    assert "网上公开的渠道开通后会列在这里" in street.somebody().visitor.get("/").text


def test_a_page_of_channels_that_is_not_there_leads_back_to_the_first(street: Street) -> None:
    page = street.somebody().visitor.get("/?page=99")
    assert "没有这一页。" in page.text
    assert "开通后会列在这里" not in page.text
    assert page.link("回到第一页") == "/#channels"


def test_what_is_kept_from_whom_is_said_where_the_poster_hangs(street: Street) -> None:
    """At the office's own poster nobody's unit is kept out of what names none; elsewhere it is the channel's."""
    somebody = street.somebody()
    told, asks = "不清楚是哪个单位的，清源区行政审批局派来的人打不开。", "请在下面选出不能看的单位"
    assert told in somebody.visitor.get(somebody.address()).text
    assert told not in somebody.visitor.get("/").text
    page = somebody.walk("readers")
    assert "单位选了“不清楚”的，清源区行政审批局派来的人看不到。" in page.text
    assert asks not in page.text
    UnitFact.update(name_zh=Office.get().name_zh).execute()
    assert "派来的人打不开。" not in somebody.visitor.get(somebody.address()).text
    assert asks in street.somebody().walk("readers").text


def test_who_names_everybody_is_told_so_and_keeps_what_was_written(street: Street) -> None:
    everybody = "、".join(street.office[who].name for who in ("intake", "intake2", "deputy", "head"))
    somebody = street.somebody()
    page = somebody.visitor.submit(somebody.walk(people={"people": everybody}), "提交举报", 409)
    assert page.h1 == "这里没有人可以看这份材料"
    assert "没有提交，谁也没有看到" in page.text
    assert everybody in somebody.visitor.get(somebody.address("check")).text


class TestLeaving:
    @pytest.mark.parametrize("path", ["/", "/track", "/nowhere", "/r/unknown12345"])
    def test_every_public_page_has_the_link(self, reporter: Reporter, path: str) -> None:
        page = reporter.visitor.get(path, 200 if path in ("/", "/track") else 404)
        link = page.soup.select_one("a[data-leave]")
        assert words(link) == "快速离开"
        assert {"nofollow", "noreferrer"} <= set(link["rel"])
        assert reporter.visitor.client.get(link["href"]).location == NEUTRAL

    def test_it_deletes_the_draft_and_every_cookie_of_it(self, reporter: Reporter) -> None:
        page = reporter.walk("people")
        client = reporter.visitor.client
        client.get(page.link("快速离开"))
        assert client.get_cookie("w_draft", path=reporter.address()) is None
        assert client.get_cookie("w_form") is None
        assert ReporterSession.select().count() == 0
        reporter.visitor.get(reporter.address("story"), 410)

    def test_it_closes_an_opened_report(self, reporter: Reporter) -> None:
        page = reporter.look_up(reporter.report())
        reporter.visitor.client.get(page.link("快速离开"))
        assert ReporterSession.select().where(ReporterSession.kind == "track").count() == 0
        assert reporter.visitor.get("/track/report").h1 == "输入查询码"

    @pytest.mark.parametrize(
        "ahead", [{"Sec-Purpose": "prefetch"}, {"Purpose": "prefetch"}, {"X-Moz": "prefetch"}]
    )
    def test_a_browser_that_looks_ahead_deletes_nothing(self, reporter: Reporter, ahead: dict) -> None:
        page = reporter.walk("people")
        reporter.visitor.client.get(page.link("快速离开"), headers=ahead)
        reporter.visitor.client.head(page.link("快速离开"))
        assert reporter.visitor.get(reporter.address("people")).h1 == page.h1

    def test_it_works_while_the_database_is_away(self, reporter: Reporter, monkeypatch) -> None:
        page = reporter.walk("people")

        def away(*_args):
            raise OperationalError

        monkeypatch.setattr("whistle.services.visits.end", away)
        left = reporter.visitor.client.get(page.link("快速离开"))
        assert left.location == NEUTRAL
        assert reporter.visitor.client.get_cookie("w_draft", path=reporter.address()) is None

"""The front page, before and after an office was set up, and leaving at once."""

import pytest
from peewee import OperationalError

from tests.visiting import words
from tests.web.reporters import Reporter, Street
from whistle.services import channels
from whistle.store.channels import Channel
from whistle.store.people import ReporterSession
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


def test_without_a_public_channel_it_says_what_would_be_here(street: Street) -> None:
    Channel.update(is_public=False).execute()
    assert "网上公开的渠道开通后会列在这里" in street.somebody().visitor.get("/").text


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

"""The report form as a reporter meets it: the channel's page, the questions, the answers to check, the receipt."""

import datetime as dt
from urllib.parse import unquote

import pytest

from tests.builders import MONDAY
from tests.visiting import Page, filled, words
from tests.web.reporters import ANSWERS, Reporter, Street, code_on, reports
from whistle import clock
from whistle.documents import posters
from whistle.rules import reporting
from whistle.services import channels, scanned
from whistle.services.errors import NotFound
from whistle.store.cases import Case
from whistle.store.channels import Channel
from whistle.store.desks import Desk, DeskMember
from whistle.store.offices import Office
from whistle.store.reports import Identity, Report

HOUR = dt.timedelta(hours=1)


class TestTheChannelsPage:
    def test_it_says_which_office_unit_and_place_this_is_and_what_happens(self, reporter: Reporter) -> None:
        page = reporter.visitor.get(reporter.address())
        channel = scanned.view(reporter.token)
        for said in (channel.office_zh, channel.unit_zh, channel.place, "受理人员", "5个工作日内", "查询码"):
            assert said in page.text

    def test_leaving_at_once_is_explained_before_the_start(self, reporter: Reporter) -> None:
        page = reporter.visitor.get(reporter.address())
        assert "手机里还会留下浏览记录" in page.text
        assert page.link("快速离开") == reporter.address("leave")

    def test_the_first_visit_costs_three_requests_and_less_than_30_kilobytes(
        self, reporter: Reporter
    ) -> None:
        page = reporter.visitor.get(reporter.address())
        loaded = [str(e.get("href") or e.get("src")) for e in page.soup.select("head link, head script[src]")]
        headers = {"Accept-Encoding": "gzip"}
        sizes = [len(reporter.visitor.client.get(address, headers=headers).data) for address in loaded]
        assert len(loaded) <= 2
        assert len(page.response.data) + sum(sizes) < 30_000

    def test_the_title_says_nothing_of_reports(self, reporter: Reporter) -> None:
        for part in ("", "kind", "check", "receipt"):
            page = reporter.visitor.get(reporter.address(part), 200 if not part else 410)
            assert words(page.soup.title) == "清风哨"

    def test_a_token_in_capitals_is_the_same_channel(self, reporter: Reporter) -> None:
        page = reporter.visitor.get(f"/r/{reporter.token.upper()}")
        assert page.response.request.path == reporter.address()
        assert reporter.visitor.submit(page, "开始").h1 == "您想反映什么？"

    def test_it_welcomes_in_its_own_words(self, reporter: Reporter) -> None:
        Channel.update(welcome_zh="请放心反映。\n\n我们会查。").execute()
        page = reporter.visitor.get(reporter.address())
        assert [words(p) for p in page.soup.select('main p[dir="auto"]')] == ["请放心反映。", "我们会查。"]


class TestAChannelOfOneLanguage:
    @pytest.mark.parametrize(("only", "other", "tag"), [("zh_CN", "en", "zh-CN"), ("en", "zh_CN", "en")])
    def test_it_speaks_no_other_and_offers_none(
        self, reporter: Reporter, only: str, other: str, tag: str
    ) -> None:
        Channel.update(languages=[only]).execute()
        visitor = reporter.visitor
        visitor.headers["Accept-Language"] = other.replace("_", "-")
        visitor.client.set_cookie("w_lang", other)
        for address in (reporter.address(), f"{reporter.address()}?lang={other}", reporter.address("kind")):
            page = visitor.get(address, 410 if address.endswith("kind") else 200)
            assert page.soup.html["lang"] == tag
            assert not page.soup.select("[hreflang]")
        visitor.client.delete_cookie("w_lang")
        page = visitor.submit(visitor.get(f"{reporter.address()}?lang={other}"))
        assert visitor.client.get_cookie("w_lang") is None
        assert page.soup.html["lang"] == tag
        assert [b for b in page.soup.select("button[name=go]") if b["value"] == "language"] == []
        assert _press_by_hand(reporter, page, "language").soup.html["lang"] == tag

    def test_a_refusal_of_what_was_typed_is_in_its_language(self, reporter: Reporter) -> None:
        page = reporter.walk("story")
        Channel.update(languages=["zh_CN"]).execute()
        reporter.visitor.client.set_cookie("w_lang", "en")
        refused = reporter.visitor.submit(page, "继续", 422, story="前\x00后")
        assert "控制字符" in refused.faults[0]

    def test_elsewhere_both_are_offered(self, reporter: Reporter) -> None:
        Channel.update(languages=["zh_CN"]).execute()
        assert reporter.visitor.get("/track?lang=en").soup.html["lang"] == "en"
        assert reporter.visitor.get("/").soup.select("[hreflang]")


class TestAnUnusableChannel:
    @pytest.mark.parametrize(
        ("change", "heading"),
        [
            ({"state": "suspended"}, "这个二维码暂时停用"),
            ({"valid_to": dt.date(2026, 9, 1)}, "这个二维码已经过期"),
            ({"valid_from": dt.date(2027, 1, 1)}, "这个二维码还没有启用"),
        ],
    )
    def test_it_says_so_and_offers_the_public_ones(self, street: Street, change, heading) -> None:
        other = channels.make(street.office["admin"], "西门", "QY01", 1)
        Channel.update(**change).where(Channel.token == street.office.token).execute()
        somebody = street.somebody()
        page = somebody.visitor.get(somebody.address(), 404)
        assert page.h1 == heading
        assert page.soup.select_one(f'main a[href="/r/{other.token}"]')
        assert page.soup.select_one('main a[href="tel:12388"]')

    @pytest.mark.parametrize("token", ["nothing12345", "清风", "a" * 300, "..%2f..", "x%00y"])
    def test_an_unknown_one_is_told_the_same_way(self, reporter: Reporter, token: str) -> None:
        page = reporter.visitor.get(f"/r/{token}", 404)
        assert page.h1 in ("没有找到这个举报渠道", "没有找到这个页面")

    def test_a_replaced_poster_says_that_there_is_a_new_one(self, street: Street) -> None:
        old = street.somebody()
        channels.rotate(street.office["admin"], Channel.get().id)
        page = old.visitor.get(old.address(), 404)
        assert page.h1 == "这个二维码已经换新"
        assert page.soup.select_one(f'main a[href="/r/{street.office.token}"]')

    def test_a_channel_that_closes_under_the_hand_gives_the_words_back(self, street: Street) -> None:
        somebody = street.somebody()
        page = somebody.walk("people")
        channels.suspend(street.office["admin"], Channel.get().id)
        refused = somebody.visitor.submit(page, "继续", 404, people="戴眼镜的男同志")
        kept = [box.get_text().strip() for box in refused.soup.select("textarea[readonly]")]
        assert kept == ["二楼办证窗口", "2026-09-03", ANSWERS["story"]["story"], "戴眼镜的男同志"]


class TestTheQuestions:
    def test_they_come_one_a_page_in_the_order_of_the_rules(self, reporter: Reporter) -> None:
        page, seen = reporter.begin(), []
        while (step := page.response.request.path.rpartition("/")[2]) != reporting.CHECK:
            seen.append(step)
            assert len(page.soup.select("main button.first")) == 1
            page = reporter.visitor.submit(page, "继续", **ANSWERS[step])
        assert tuple(seen) == reporting.STEP_NAMES

    def test_advice_skips_what_is_about_misconduct(self, reporter: Reporter) -> None:
        page = reporter.visitor.submit(reporter.begin(), "继续", kind="advice")
        assert page.h1 == "是哪个单位，什么时候？"

    @pytest.mark.parametrize(
        ("step", "typed", "faults"),
        [
            ("kind", {"kind": ""}, ["请选择您想反映什么"]),
            ("kind", {"kind": "murder"}, ["请选择您想反映什么"]),
            ("problem", {"problem": ""}, ["请选择是哪一类问题"]),
            ("where", {"unit": ""}, ["请选择问题发生的单位，不清楚就选“不清楚”"]),
            ("where", {"unit": "NO99"}, ["请选择问题发生的单位，不清楚就选“不清楚”"]),
            ("where", {"happened_on": "2026-02-30"}, ["日历上没有这一天，请核对日期"]),
            ("where", {"happened_on": "2027-01-01"}, ["这一天还没有到，请核对日期"]),
            ("where", {"happened_on": "0-0-0"}, ["请写四位数的年份，例如2026年3月9日"]),
            ("where", {"happened_on": "26年3月9日"}, ["请写四位数的年份，例如2026年3月9日"]),
            (
                "where",
                {"happened_on": "1026年3月9日"},
                ["这一天在1990年以前，请核对日期。确实这么早，就不写成日期，例如写“80年代末”"],
            ),
            ("where", {"happened_on": "久" * 201}, ["最多200字，现在有201字，请删去1字"]),
            ("story", {"story": " \n "}, ["请写明发生了什么"]),
            ("identity", {"identity": ""}, ["请选择匿名还是实名"]),
            (
                "identity",
                {"identity": "named"},
                [
                    "请填写姓名。不想留姓名，请选“匿名”",
                    "请填写能联系到您的电话、地址或者邮箱。不想留，请选“匿名”",
                ],
            ),
        ],
    )
    def test_what_is_missing_or_impossible_is_said_at_the_field(
        self,
        reporter: Reporter,
        step: str,
        typed: dict,
        faults: list[str],
    ) -> None:
        page = reporter.walk(step)
        refused = reporter.visitor.submit(page, "继续", 422, **{**ANSWERS[step], **typed})
        assert refused.faults == faults
        assert [words(p) for p in refused.soup.select("p.fault")] == faults
        assert words(refused.soup.title).startswith("错误：")

    @pytest.mark.parametrize(
        ("typed", "shown"),
        [
            ("2026-9-3", "2026年9月3日"),
            ("2026.09.03", "2026年9月3日"),
            ("２０２６年９月３日", "2026年9月3日"),
            ("9月3日", "2026年9月3日"),
            ("12月3日", "2025年12月3日"),
            ("3 September 2026", "2026年9月3日"),
            ("3 Sep. 2026", "2026年9月3日"),
            ("1990-1-1", "1990年1月1日"),
            ("今年三月起每月月初", "今年三月起每月月初"),
            ("9.3-5", "9.3-5"),
            ("80年代末", "80年代末"),
            ("明天上午", "明天上午"),
            ("", "未填写"),
        ],
    )
    def test_a_day_is_taken_as_people_write_it(self, reporter: Reporter, typed: str, shown: str) -> None:
        page = reporter.walk(where={"happened_on": typed})
        row = next(row for row in page.soup.select(".summary > div") if words(row).startswith("发生时间"))
        assert words(row.select_one("dd")) == shown

    @pytest.mark.parametrize(
        ("story", "said"),
        [("一" * 20_001, "现在有20,001字，请删去1字"), ("码是4829 1170 3366 2210 5541 9037", "像查询码")],
    )
    def test_what_cannot_be_sent_leads_back_to_its_question_which_says_why(
        self, reporter: Reporter, story: str, said: str
    ) -> None:
        """The button that goes back keeps everything, so the fault is only met when all is sent."""
        page = reporter.walk()
        story_page = reporter.visitor.get(reporter.address("story"))
        _press(reporter, story_page, "back", story=story)
        page = reporter.visitor.submit(reporter.visitor.get(reporter.address("check")), "提交举报", 422)
        assert page.h1 == "发生了什么？"
        assert said in page.faults[0]
        page = reporter.visitor.post(page.response.request.full_path, _filled(page, story="短一些"))
        assert page.h1 == "核对并提交"

    @pytest.mark.parametrize(
        "day", ["2026年2月30日", "2027-01-01", "1026年3月9日", "0-0-0", "30 February 2026", "久" * 201]
    )
    def test_a_day_that_cannot_be_stays_as_it_was_typed(self, reporter: Reporter, day: str) -> None:
        page = reporter.walk("where")
        refused = reporter.visitor.submit(page, "继续", 422, unit="unknown", happened_on=day)
        assert refused.soup.select_one("#happened_on")["value"] == day
        _press(reporter, refused, "back", unit="unknown", happened_on=day)
        page = reporter.visitor.get(reporter.address("where"))
        assert page.soup.select_one("#happened_on")["value"] == day
        assert page.faults == []

    def test_a_day_that_cannot_be_is_asked_about_before_it_is_sent(self, reporter: Reporter) -> None:
        page = reporter.walk()
        where = reporter.visitor.get(f"{reporter.address('where')}?change=1")
        page = _press(reporter, where, "back", happened_on="2026-02-30")
        assert "2026-02-30" in page.text
        asked = reporter.visitor.submit(page, "提交举报", 422)
        assert asked.faults == ["日历上没有这一天，请核对日期"]
        assert reports() == 0

    @pytest.mark.parametrize(
        ("step", "typed"),
        [
            ("kind", {}),
            ("where", {"unit": "", "unit_words": "二楼", "happened_on": "2026-02-30"}),
            ("story", {"story": "一" * 20_001}),
            ("identity", {"identity": ["named"], "name": "王芳", "contact": ""}),
        ],
    )
    def test_a_refused_page_stands_at_an_address_that_the_browsers_way_back_can_open(
        self, reporter: Reporter, step: str, typed: dict
    ) -> None:
        page = reporter.walk(step)
        data = _filled(page, **typed)
        answer = reporter.visitor.client.post(reporter.address(step), data=data)
        assert answer.status_code == 303
        refused = reporter.visitor.get(answer.location, 422)
        assert refused.faults
        assert filled(refused.form()).items() >= typed.items()
        reporter.visitor.submit(refused, "继续", **ANSWERS[step])
        back = reporter.visitor.get(answer.location)
        assert back.faults == []
        assert back.h1 == page.h1

    def test_a_refused_page_keeps_that_it_was_a_change(self, reporter: Reporter) -> None:
        reporter.walk()
        address = f"{reporter.address('story')}?change=1"
        refused = reporter.visitor.post(address, _filled(reporter.visitor.get(address), story=""), 422)
        again = reporter.visitor.post(refused.response.request.full_path, _filled(refused, story="改过了"))
        assert again.h1 == "核对并提交"

    @pytest.mark.parametrize("story", ["字" * 100_000, "前\x00后"])
    def test_a_refused_page_that_a_draft_would_not_give_back_whole_is_the_answer_itself(
        self, reporter: Reporter, story: str
    ) -> None:
        data = _filled(reporter.walk("story"), story=story)
        answer = reporter.visitor.client.post(reporter.address("story"), data=data)
        assert answer.status_code == 422
        assert story.replace("\x00", "") in answer.text

    def test_going_back_by_the_button_keeps_what_is_on_the_page(self, reporter: Reporter) -> None:
        page = reporter.walk("people")
        back = _press(reporter, page, "back", people="只写了一半", proof="录音")
        assert back.h1 == "发生了什么？"
        assert back.soup.select_one("#story").get_text().strip() == ANSWERS["story"]["story"]
        again = reporter.visitor.submit(back, "继续")
        assert again.soup.select_one("#people").get_text().strip() == "只写了一半"

    def test_back_from_the_first_question_leads_to_the_channel_which_offers_to_go_on(
        self, reporter: Reporter
    ) -> None:
        page = _press(reporter, reporter.begin(), "back", kind="lead")
        assert page.response.request.path == reporter.address()
        assert reporter.visitor.get(page.link("接着填写")).h1 == "是哪一类问题？"

    def test_changing_the_language_keeps_what_is_on_the_page(self, reporter: Reporter) -> None:
        page = _press(reporter, reporter.walk("story"), "language", story="写到一半")
        assert page.soup.html["lang"] == "en"
        assert page.soup.select_one("#story").get_text().strip() == "写到一半"
        back = _press(reporter, page, "language", story="写到一半，又改了")
        assert back.soup.html["lang"] == "zh-CN"
        assert back.soup.select_one("#story").get_text().strip() == "写到一半，又改了"

    @pytest.mark.parametrize(
        "flags", ["_external=1&_scheme=javascript", "token=other&step=kind", "_anchor=x&lang=en"]
    )
    def test_the_button_of_the_language_carries_on_what_is_ours_alone(
        self, reporter: Reporter, flags: str
    ) -> None:
        page = reporter.walk("story")
        data = {**filled(page.form()), "go": "language", "story": "写到一半"}
        address = f"{reporter.address('story')}?change=1&{flags}"
        answer = reporter.visitor.client.post(address, data=data)
        assert answer.headers["Location"] == f"{reporter.address('story')}?change=1&lang={_other(flags)}"

    def test_pages_called_in_any_order_stay_whole(self, reporter: Reporter) -> None:
        reporter.begin()
        for step in ("identity", "story", "check", "where", "kind", "check", "readers"):
            reporter.visitor.get(reporter.address(step))
        page = reporter.visitor.get(reporter.address("check"))
        assert not page.soup.select("main form")
        assert "还没有回答，请填写" in page.text

    def test_the_enter_key_goes_on_and_not_back(self, reporter: Reporter) -> None:
        page = reporter.walk("where")
        first = page.soup.select('button[form="question"], form#question button')[0]
        assert not first.has_attr("name")


class TestADraft:
    def test_it_ends_an_hour_after_the_last_act_and_says_so(self, reporter: Reporter) -> None:
        reporter.walk("people")
        with clock.at(clock.now() + HOUR + dt.timedelta(seconds=1)):
            page = reporter.visitor.get(reporter.address("people"), 410)
            assert page.h1 == "这里没有正在填的内容"
            assert reporter.visitor.submit(page, "重新开始").h1 == "您想反映什么？"

    @pytest.mark.parametrize("ended", ["an hour", "leaving", "sending"])
    def test_its_end_is_told_in_words_that_hold_whatever_ended_it(
        self, reporter: Reporter, ended: str
    ) -> None:
        page = reporter.walk()
        if ended == "leaving":
            reporter.visitor.client.get(page.link("快速离开"))
        elif ended == "sending":
            reporter.visitor.submit(page, "提交举报")
        with clock.at(clock.now() + HOUR * (2 if ended == "an hour" else 0)):
            told = reporter.visitor.get(reporter.address("check"), 410).text
        assert "提交以后，点了“快速离开”以后，或者1小时没有操作" in told
        assert "看到过查询码，就是已经收到" in told

    def test_every_page_that_is_sent_keeps_it_for_another_hour(self, reporter: Reporter) -> None:
        page = reporter.walk("story")
        with clock.at(clock.now() + HOUR * 0.9):
            page = reporter.visitor.submit(page, "继续", **ANSWERS["story"])
        with clock.at(clock.now() + HOUR * 1.8):
            page = reporter.visitor.submit(page, "继续", **ANSWERS["people"])
            assert page.h1 == "有照片、录音或者文件吗？（选填）"

    def test_words_written_while_it_ended_are_kept_in_a_new_one(self, reporter: Reporter) -> None:
        page = reporter.walk("story")
        with clock.at(clock.now() + HOUR * 2):
            page = reporter.visitor.submit(page, "继续", story="写了两个小时")
            assert page.h1 == "您想反映什么？"
            assert "刚才那一页的内容还在" in page.text
            assert "没有提交的" in page.text
            story = reporter.visitor.get(reporter.address("story")).soup.select_one("#story")
            assert story.get_text().strip() == "写了两个小时"

    def test_starting_anew_forgets_the_old_one(self, reporter: Reporter) -> None:
        reporter.walk("people")
        page = reporter.visitor.get(reporter.address())
        assert "找不回来" in words(page.soup.select_one("details:has(button)"))
        reporter.visitor.submit(page, "删去填过的内容，重新开始")
        assert (
            not reporter.visitor.get(reporter.address("story")).soup.select_one("#story").get_text().strip()
        )

    def test_a_start_button_left_open_does_not_throw_away_what_was_written_since(
        self, reporter: Reporter
    ) -> None:
        before = reporter.visitor.get(reporter.address())
        reporter.walk("people")
        page = reporter.visitor.submit(before, "开始")
        assert page.link("接着填写") == reporter.address("identity")
        story = reporter.visitor.get(reporter.address("story")).soup.select_one("#story")
        assert story.get_text().strip() == ANSWERS["story"]["story"]

    def test_it_belongs_to_its_channel_alone(self, street: Street) -> None:
        other = channels.make(street.office["admin"], "西门", "QY01", 1)
        somebody = street.somebody()
        somebody.walk("people")
        somebody.visitor.get(f"/r/{other.token}/story", 410)


class TestTheAnswersToCheck:
    def test_each_row_leads_to_its_question_and_back(self, reporter: Reporter) -> None:
        page = reporter.walk()
        change = next(a for a in page.soup.select(".change a") if words(a) == "修改：发生了什么？")
        question = reporter.visitor.get(change["href"].partition("#")[0])
        page = reporter.visitor.post(change["href"].partition("#")[0], _filled(question, story="改过了"))
        assert page.h1 == "核对并提交"
        assert "改过了" in page.text

    def test_a_change_that_asks_something_new_asks_it_first(self, reporter: Reporter) -> None:
        reporter.walk(kind={"kind": "advice"})
        address = f"{reporter.address('kind')}?change=1"
        question = reporter.visitor.get(address)
        page = reporter.visitor.post(address, _filled(question, kind="lead"))
        assert page.h1 == "是哪一类问题？"
        page = reporter.visitor.post(f"{reporter.address('problem')}?change=1", _filled(page, problem="slow"))
        assert page.h1 == "核对并提交"

    def test_what_a_change_took_back_is_not_sent(self, reporter: Reporter) -> None:
        reporter.walk(identity={"identity": "named", "name": "王芳", "contact": "13800000000"})
        question = reporter.visitor.get(reporter.address("identity"))
        page = reporter.visitor.submit(question, "继续", identity="anonymous")
        assert "王芳" not in page.text
        reporter.visitor.submit(page, "提交举报")
        assert Identity.select().count() == 0

    def test_sending_with_a_gap_leads_to_the_gap(self, reporter: Reporter) -> None:
        page = reporter.walk()
        token = _filled(page)["csrf_token"]
        question = reporter.visitor.get(reporter.address("story"))
        _press(reporter, question, "back", story="")
        assert reporter.visitor.post(reporter.address("check"), {"csrf_token": token}).h1 == "发生了什么？"
        assert reports() == 0


class TestTheReceipt:
    def test_it_shows_the_code_once_with_what_comes_next(self, reporter: Reporter) -> None:
        page = reporter.send()
        assert page.response.request.path == reporter.address("receipt")
        assert len(code_on(page)) == 24
        # Five working days from Monday the 14th: the Sunday before the autumn holidays is worked.
        assert "最迟2026年9月20日告诉您是否受理" in page.text
        assert code_on(page) not in page.response.request.path
        gone = reporter.visitor.get(reporter.address("receipt"), 410)
        assert gone.h1 == "这里没有可以显示的查询码"
        assert "没有看到过，多半没有提交成功" in gone.text

    def test_its_picture_holds_the_digits_and_no_address(self, reporter: Reporter) -> None:
        page = reporter.send()
        drawn = page.soup.select_one(".qr path")["d"]
        assert f'd="{drawn}"' in posters.qr_svg(code_on(page))

    def test_it_can_be_kept_as_a_text_without_a_script(self, reporter: Reporter) -> None:
        page = reporter.send()
        text = unquote(page.link("存为文本"))
        assert code_on(page) in text.replace(" ", "")
        assert text.startswith("data:text/plain")

    def test_a_machine_that_looks_ahead_does_not_use_it_up(self, reporter: Reporter) -> None:
        page = reporter.walk()
        client = reporter.visitor.client
        client.post(reporter.address("check"), data=_filled(page))
        assert client.head(reporter.address("receipt")).status_code == 405
        ahead = {"Sec-Purpose": "prefetch;prerender"}
        assert client.get(reporter.address("receipt"), headers=ahead).status_code == 405
        assert len(code_on(reporter.visitor.get(reporter.address("receipt")))) == 24

    def test_it_cannot_change_the_language_for_it_would_be_lost(self, reporter: Reporter) -> None:
        assert not reporter.send().soup.select("a[hreflang]")

    def test_a_form_sent_again_makes_one_report_and_shows_no_second_receipt(self, reporter: Reporter) -> None:
        page = reporter.walk()
        data = _filled(page)
        reporter.visitor.post(reporter.address("check"), data)
        again = reporter.visitor.post(reporter.address("check"), data, 410)
        assert again.h1 == "这份举报已经收到"
        assert reports() == 1

    @pytest.mark.parametrize("ended", ["an hour", "the cookie", "leaving"])
    def test_a_report_that_never_arrived_is_never_said_to_have_been_received(
        self, reporter: Reporter, ended: str
    ) -> None:
        page = reporter.walk()
        if ended == "the cookie":
            reporter.visitor.client.delete_cookie("w_draft", path=reporter.address())
        elif ended == "leaving":
            reporter.visitor.client.get(page.link("快速离开"))
        with clock.at(clock.now() + HOUR * (2 if ended == "an hour" else 0)):
            told = reporter.visitor.submit(page, "提交举报", 410)
            assert told.h1 == "这份举报没有提交"
            assert "已经收到" not in told.text
            assert reporter.visitor.submit(told, "重新开始").h1 == "您想反映什么？"
        assert reports() == 0

    def test_a_draft_that_ends_under_the_last_button_is_told_the_same_way(
        self, reporter: Reporter, monkeypatch
    ) -> None:
        page = reporter.walk()

        def ended(_secret):
            raise NotFound("visit")

        monkeypatch.setattr("whistle.services.intake.submit", ended)
        assert reporter.visitor.submit(page, "提交举报", 410).h1 == "这份举报没有提交"

    @pytest.mark.parametrize("is_sent", [False, True])
    def test_a_page_left_open_does_not_send_another_draft_than_it_shows(
        self, reporter: Reporter, is_sent: bool
    ) -> None:
        page = reporter.walk(story={"story": "第一份"})
        if is_sent:
            reporter.visitor.submit(page, "提交举报")
        else:
            reporter.visitor.client.get(page.link("快速离开"))
        reporter.walk(story={"story": "第二份"})
        told = reporter.visitor.submit(page, "提交举报", 410 if is_sent else 422)
        assert reports() == int(is_sent)
        if is_sent:
            assert told.h1 == "这份举报已经收到"
            return
        assert "没有提交，已经删去" in told.faults[0]
        assert "第二份" in told.text
        assert len(code_on(reporter.visitor.submit(told, "提交举报"))) == 24

    def test_a_form_without_its_number_is_told_what_holds_in_either_case(self, reporter: Reporter) -> None:
        page = reporter.walk()
        reporter.visitor.client.get(page.link("快速离开"))
        told = reporter.visitor.submit(page, "提交举报", 410, form_number="")
        assert told.h1 == "这里没有可以显示的查询码"

    def test_its_picture_is_said_to_be_the_code_itself(self, reporter: Reporter) -> None:
        page = reporter.send()
        assert "不要用聊天软件扫" in words(page.soup.select_one("figure.qr figcaption"))
        assert "再扫一次办事现场的二维码" in page.text
        assert "同一个二维码" not in page.text

    def test_a_second_press_before_the_receipt_was_seen_still_shows_it(self, reporter: Reporter) -> None:
        page = reporter.walk()
        data = _filled(page)
        reporter.visitor.client.post(reporter.address("check"), data=data)
        again = reporter.visitor.post(reporter.address("check"), data)
        assert len(code_on(again)) == 24
        assert reports() == 1

    def test_back_after_the_receipt_says_what_became_of_it(self, reporter: Reporter) -> None:
        reporter.send()
        for part in ("check", "story", "kind"):
            assert "看到过查询码，就是已经收到" in reporter.visitor.get(reporter.address(part), 410).text

    @pytest.mark.parametrize("part", ["", "check", "story", "kind"])
    def test_an_answer_lost_on_the_way_costs_no_code(self, reporter: Reporter, part: str) -> None:
        """The form arrived, the page did not: whatever is opened or pressed next leads to the receipt."""
        page = reporter.walk()
        reporter.visitor.client.post(reporter.address("check"), data=_filled(page))
        assert len(code_on(reporter.visitor.get(reporter.address(part)))) == 24
        assert reports() == 1

    def test_to_start_anew_does_not_throw_away_a_receipt_that_waits(self, reporter: Reporter) -> None:
        first = reporter.visitor.get(reporter.address())
        page = reporter.walk()
        reporter.visitor.client.post(reporter.address("check"), data=_filled(page))
        assert len(code_on(reporter.visitor.submit(first, "开始"))) == 24

    def test_a_receipt_whose_page_did_not_come_through_is_shown_again(self, reporter: Reporter) -> None:
        page = reporter.walk()
        reporter.visitor.client.post(reporter.address("check"), data=_filled(page))
        cookie = reporter.visitor.client.get_cookie("w_draft", path=reporter.address())
        lost = code_on(reporter.visitor.get(reporter.address("receipt")))
        reporter.visitor.client.set_cookie("w_draft", cookie.value, path=reporter.address())
        assert code_on(reporter.visitor.get(reporter.address("receipt"))) == lost

    def test_ten_minutes_later_it_is_gone_for_whoever_kept_the_cookie(self, reporter: Reporter) -> None:
        page = reporter.walk()
        reporter.visitor.client.post(reporter.address("check"), data=_filled(page))
        with clock.at(MONDAY + dt.timedelta(minutes=10)):
            gone = reporter.visitor.get(reporter.address("receipt"), 410)
            assert gone.h1 == "这份举报已经收到"
            assert "没有提交" not in gone.text

    @pytest.mark.parametrize("name", ["Purpose", "X-Purpose", "X-Moz"])
    def test_nor_does_an_old_browser_that_looks_ahead(self, reporter: Reporter, name: str) -> None:
        page = reporter.walk()
        client = reporter.visitor.client
        client.post(reporter.address("check"), data=_filled(page))
        assert client.get(reporter.address("receipt"), headers={name: "prefetch"}).status_code == 405
        assert len(code_on(reporter.visitor.get(reporter.address("receipt")))) == 24

    def test_the_office_adds_words_of_its_own(self, reporter: Reporter) -> None:
        Office.update(receipt_zh="来窗口坐坐").execute()
        assert "来窗口坐坐" in reporter.send().text

    def test_it_says_where_the_answer_will_be(self, reporter: Reporter) -> None:
        assert "/track" in reporter.send().soup.select_one("main .address").get_text()


class TestOwnPeople:
    def test_a_ticked_box_says_what_it_means_and_goes_the_sealed_way(self, reporter: Reporter) -> None:
        told = {"public_phone": "0000-12345", "public_email": "jubao@qy.gov.cn", "receipt_zh": "来窗口坐坐"}
        Office.update(told).execute()
        page = reporter.walk(readers={"own_people": "y"})
        assert "本机关的受理台和主要负责人打不开" in page.text
        receipt = reporter.visitor.submit(page, "提交举报")
        assert "监督小组" in receipt.text
        assert "最迟2026年9月20日报送上级机关，或者在查询页面告诉您怎样办理" in receipt.text
        assert "请拨打" not in receipt.text
        assert not [words for words in told.values() if words in receipt.response.text]
        assert Report.get().is_flagged
        assert Case.get().desk.kind == "oversight"

    def test_without_an_oversight_desk_the_address_of_the_higher_body_is_shown_and_nothing_stored(
        self,
        reporter: Reporter,
    ) -> None:
        oversight = Desk.get(Desk.kind == "oversight")
        DeskMember.update(ended_at=clock.now()).where(DeskMember.desk == oversight).execute()
        page = reporter.walk("readers")
        superior = scanned.view(reporter.token).superior_address
        assert superior in page.text
        refused = reporter.visitor.submit(page, "继续", 409, own_people="y")
        assert refused.h1 == "请直接向上级机关反映"
        assert superior in refused.text
        kept = [box.get_text().strip() for box in refused.soup.select("textarea[readonly]")]
        assert {ANSWERS["story"]["story"], "二楼办证窗口"} < set(kept)
        assert reporter.visitor.get(reporter.address("check"), 409).h1 == "请直接向上级机关反映"
        assert reporter.visitor.get(reporter.address("readers")).soup.select_one("[name=own_people][checked]")
        assert "直接报上级机关" not in reporter.visitor.get(reporter.address("readers")).text
        kept = reporter.visitor.submit(refused, "现在删去", 422, csrf_token="old")
        assert kept.h1 == "请再确认一次"
        reporter.visitor.submit(refused, "现在删去")
        reporter.visitor.get(reporter.address("story"), 410)
        assert reports() == 0


def test_a_real_name_lies_under_the_identity_key(reporter: Reporter) -> None:
    reporter.send(identity={"identity": "named", "name": "王芳", "contact": "13800000000"})
    assert Report.get().is_named
    assert "王芳".encode() not in bytes(Identity.get().sealed_contact)


def _filled(page: Page, **typed: str) -> dict:
    return filled(page.form()) | typed


def _press_by_hand(reporter: Reporter, page: Page, go: str) -> Page:
    data = {**filled(page.form()), "go": go}
    return reporter.visitor.post(page.response.request.path, data)


def _press(who: Reporter, page: Page, go: str, **typed: str) -> Page:
    data = _filled(page, **typed) | {"go": go}
    return who.visitor.post(page.response.request.full_path, data)


def _other(flags: str) -> str:
    return "zh_CN" if "lang=en" in flags else "en"

"""Following a report with its receipt code: the code, the report's page, what can be written and taken home."""

import datetime as dt
import json
import time

import pytest

from tests import stages
from tests.crowds import full
from tests.visiting import words
from tests.web.reporters import ANSWERS, Reporter, Street
from whistle import clock
from whistle.services import messages, recusal, slow_hash
from whistle.services.casework import reading
from whistle.store.cases import Clock
from whistle.store.offices import Office
from whistle.store.people import ReporterSession
from whistle.store.recusals import RecusalRequest
from whistle.store.reports import Message
from whistle.vault import receipts
from whistle.web import waited

IDLE = dt.timedelta(minutes=21)
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


class TestTheCode:
    @pytest.mark.parametrize(
        "written",
        [
            lambda code: code,
            receipts.group,
            lambda code: receipts.group(code).replace(" ", "-"),
            lambda code: receipts.group(code).translate(FULL_WIDTH),
            lambda code: f"  {receipts.group(code)}\n",
            lambda code: f"查询码：{receipts.group(code)}",
        ],
    )
    def test_it_opens_however_it_is_written(self, reporter: Reporter, written) -> None:
        assert reporter.look_up(written(reporter.report())).h1 == "办理进度：已收到"

    @pytest.mark.parametrize(
        ("typed", "fault"),
        [
            ("", "请输入24位查询码"),
            ("二十四", "请输入24位查询码"),
            ("1234", "查询码是24位数字，这里抄得不全或有一位抄错了，请对照原来的记录再输一次"),
            ("1" * 24, "查询码是24位数字，这里抄得不全或有一位抄错了，请对照原来的记录再输一次"),
            ("1" * 81, "最多80字，现在有81字，请删去1字"),
            ("1" * 25, "查询码是24位数字，这里有25位数字，看不出哪些是查询码。请只留下查询码"),
        ],
    )
    def test_what_is_no_code_is_told_what_is_wrong_with_it(self, reporter: Reporter, typed, fault) -> None:
        page = reporter.visitor.submit(reporter.visitor.get("/track"), "查询", 422, code=typed)
        assert page.faults == [fault]

    def test_a_well_formed_strangers_code_is_not_known(self, reporter: Reporter) -> None:
        page = reporter.visitor.get("/track")
        page = reporter.visitor.submit(page, "查询", 422, code=receipts.new_code())
        assert page.faults == ["没有这个查询码。请对照原来的记录再输一次"]

    def test_in_a_crowd_the_code_waits_on_the_page_and_opens_a_moment_later(self, reporter: Reporter) -> None:
        code = reporter.report()
        with full(slow_hash.RECEIPTS):
            page = reporter.visitor.submit(reporter.visitor.get("/track"), "查询", 503, code=code)
        assert page.h1 == "正在排队，请稍等"
        seconds = page.response.headers["Retry-After"]
        assert 2 <= int(seconds) <= 4
        assert page.form("再提交一次")["data-again"] == seconds, "by itself, where scripts run"
        assert code not in page.response.request.path
        assert reporter.visitor.submit(page, "再提交一次").h1 == "办理进度：已收到"

    def test_who_waited_comes_before_those_who_did_not(
        self, reporter: Reporter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Also where a flood comes from the same address; the mark is good for this code alone."""
        code, other = reporter.report(), receipts.new_code()
        with full(slow_hash.RECEIPTS, rank=0):
            page = reporter.visitor.submit(reporter.visitor.get("/track"), "查询", 503, code=code)
            mark = page.soup.select_one("[name=waited]")["value"]
            again = reporter.visitor.submit(page, "再提交一次", 503)
            assert again.soup.select_one("[name=waited]")["value"] == mark, "the wait goes on"
        with reporter.visitor.app.test_request_context("/track", method="POST", data={"waited": mark}):
            begun = time.time()
            monkeypatch.setattr("time.time", lambda: begun + 30)
            assert waited.seconds(code) >= 30
            assert waited.seconds(other) == 0
            monkeypatch.setattr("time.time", lambda: begun + waited.LONGEST + 5)
            assert waited.seconds(code) == 0

    def test_a_crowd_at_sign_in_is_none_here(self, reporter: Reporter) -> None:
        code = reporter.report()
        with full(slow_hash.PASSWORDS):
            assert reporter.look_up(code).h1 == "办理进度：已收到"

    def test_wrong_codes_of_others_never_keep_a_right_one_out(self, street: Street) -> None:
        code = street.office.file().code
        guesser, page = street.somebody(), None
        for _ in range(12):
            page = guesser.visitor.get("/track")
            guesser.visitor.submit(page, "查询", 422, code=receipts.new_code())
        assert guesser.look_up(code).h1 == "办理进度：已收到"

    @pytest.mark.parametrize(
        "note",
        [
            "\ufeff查询码：{code}\r\n收到的日期：2026年9月14日\r\n查询的地址：https://a.example/track\r\n",
            "{code}。",
            "我的码是{code}，别丢",
            "{commas}",
            "{code} 2026年11月25日",
            "{code}（11月25日）",
            "2026年9月14日 {code}",
        ],
    )
    def test_a_code_is_found_in_the_note_it_was_kept_in(self, reporter: Reporter, note: str) -> None:
        code = reporter.report()
        grouped = [code[i : i + 4] for i in range(0, 24, 4)]
        page = reporter.look_up(note.format(code=" ".join(grouped), commas="，".join(grouped)))
        assert page.h1 == "办理进度：已收到"

    def test_the_code_is_in_no_address(self, reporter: Reporter) -> None:
        page = reporter.look_up(reporter.report())
        assert page.response.request.path == "/track/report"
        assert not page.response.request.query_string


class TestTheReportsPage:
    def test_it_says_the_stage_the_day_and_the_next_word(self, reporter: Reporter) -> None:
        page = reporter.look_up(reporter.report())
        assert "2026年9月14日收到" in page.text
        assert "最迟2026年9月20日（周日）在这里给您回复" in page.text
        assert ANSWERS["story"]["story"] in page.text

    def test_a_day_that_passed_is_said_to_have_passed(self, street: Street) -> None:
        filed = street.office.file()
        with clock.at(clock.now() + dt.timedelta(days=7)):
            page = street.somebody().look_up(filed.code)
            assert "最迟应在2026年9月20日（周日）给您回复，现在已经超过期限。" in page.text
            assert "在这里给您回复" not in page.text

    def test_a_report_on_own_people_has_its_day_too(self, street: Street) -> None:
        filed = street.office.file(own_people=True)
        page = street.somebody().look_up(filed.code)
        assert "最迟2026年9月20日报送上级机关，或者在查询页面告诉您怎样办理。" in page.text
        assert "在这里给您回复" not in page.text
        with clock.at(clock.now() + dt.timedelta(days=7)):
            page = street.somebody().look_up(filed.code)
            assert "最迟应在2026年9月20日报送上级机关" in page.text
            assert "现在已经超过期限" in page.text

    def test_who_reports_the_offices_own_people_is_sent_to_nobody_of_the_office(self, street: Street) -> None:
        Office.update(public_phone="0000-12345", public_email="jubao@qy.gov.cn").execute()
        own, other = street.office.file(own_people=True), street.office.file()
        somebody, noise = street.somebody(), street.somebody()
        assert "0000-12345" in noise.look_up(other.code).response.text
        assert "0000-12345" not in somebody.look_up(own.code).response.text
        assert "jubao@qy.gov.cn" not in somebody.visitor.get("/track/report").response.text
        somebody.visitor.planted |= {"0000-12345", "jubao@qy.gov.cn", "办理机关", "承办人"}
        street.office.act(own.case, "write", "oversight", message="已经收到。")
        page = somebody.write("再补一句")
        assert "您写的内容已经送到监督小组。" in page.text
        assert "监督小组的回复" in page.text
        page = somebody.visitor.get("/track/withdraw")
        assert "由监督小组决定怎样办理" in page.text
        page = somebody.visitor.submit(page, "申请撤回", text="算了")
        assert "撤回申请已经送到监督小组" in page.text
        page = somebody.visitor.get("/track/recuse")
        assert "只有监督小组的成员看得到" in page.text
        page = somebody.visitor.submit(page, "申请回避", whom="某某", why="有亲戚")
        assert "回避申请已经送到监督小组" in page.text
        somebody.visitor.get("/track/record.txt")

    def test_the_telephone_is_left_out_where_nobody_knows_whose_report_it_is(self, street: Street) -> None:
        Office.update(public_phone="0000-12345").execute()
        somebody = street.somebody()
        somebody.look_up(street.office.file(own_people=True).code)
        page = somebody.visitor.get("/track/write")
        somebody.visitor.planted.add("0000-12345")
        with clock.at(clock.now() + IDLE):
            somebody.visitor.submit(page, "提交补充", 422, text="写了很久")

    def test_after_acceptance_it_says_so_in_the_rulebooks_words_for_reporters(self, street: Street) -> None:
        filed = street.office.accepted()
        page = street.somebody().look_up(filed.code)
        assert page.h1 == "办理进度：已受理"
        assert "研判" not in page.text

    def test_a_declined_one_says_why_and_where_to_turn(self, street: Street) -> None:
        filed = street.office.file()
        street.office.act(filed.case, "decline", "intake", reason="test_or_spam", message="没有内容。")
        street.office.approve("deputy")
        page = street.somebody().look_up(filed.code)
        assert page.h1 == "办理进度：不予受理"
        assert "理由：测试、广告、无关内容" in page.text
        assert "有真实情况需要反映，请重新填写。" in page.text

    def test_the_text_to_keep_says_so_too(self, street: Street) -> None:
        filed = street.office.file()
        street.office.act(filed.case, "decline", "intake", reason="test_or_spam", message="没有内容。")
        street.office.approve("deputy")
        somebody = street.somebody()
        somebody.look_up(filed.code)
        text = somebody.visitor.get("/track/record.txt").response.text
        for said in ("办理进度：不予受理", "理由：测试、广告、无关内容", "没有内容。", "办理机关] 不予受理"):
            assert said in text

    def test_the_text_to_keep_names_the_files_that_went_along(self, street: Street) -> None:
        filed = street.office.file(files={"账本.txt": "账".encode()})
        somebody = street.somebody()
        somebody.look_up(filed.code)
        text = somebody.visitor.get("/track/record.txt").response.text
        assert "[附的文件]\r\n账本.txt\r\n" in text

    def test_a_wish_to_withdraw_is_made_once_and_then_waits(self, reporter: Reporter) -> None:
        page = reporter.look_up(reporter.report())
        page = reporter.visitor.submit(
            reporter.visitor.get(page.link("申请撤回")), "申请撤回", text="已经解决了"
        )
        assert "您已经申请撤回，等待答复。" in page.text
        assert "申请撤回" not in [words(link) for link in page.soup.select("main a")]
        page = reporter.visitor.get("/track/withdraw")
        assert "您已经申请撤回，等待答复。" in page.text
        assert not page.soup.select("main form")

    def test_a_wish_to_withdraw_is_answered_within_the_days_of_a_letter(self, street: Street) -> None:
        filed = street.office.assigned()
        somebody = street.somebody()
        page = somebody.look_up(filed.code)
        somebody.visitor.submit(somebody.visitor.get(page.link("申请撤回")), "申请撤回", text="已经解决了")
        assert Clock.get(Clock.case == filed.case, Clock.name == "reply_message").state == "running"
        street.office.act(
            filed.case, "write", "officer", message="您的意思收到了，事情关系到别人，我们继续办。"
        )
        assert "您申请过撤回，答复写在“往来”里。" in somebody.visitor.get("/track/report").text

    def test_a_second_wish_to_withdraw_is_no_second_letter(self, reporter: Reporter) -> None:
        reporter.look_up(reporter.report())
        first, second = (reporter.visitor.get("/track/withdraw") for _ in range(2))
        reporter.visitor.submit(first, "申请撤回", text="已经解决了")
        page = reporter.visitor.submit(second, "申请撤回", 409, text="真的解决了")
        assert page.h1 == "您已经申请撤回，等待答复"
        assert "真的解决了" in page.response.text
        assert Message.select().count() == 1
        assert "申请撤回" in reporter.visitor.submit(first, "申请撤回", text="已经解决了").text
        assert Message.select().count() == 1

    def test_what_is_refused_leads_back_to_the_report_and_its_title_says_nothing(
        self, reporter: Reporter
    ) -> None:
        reporter.look_up(reporter.report())
        first, second = (reporter.visitor.get("/track/withdraw") for _ in range(2))
        reporter.visitor.submit(first, "申请撤回", text="已经解决了")
        page = reporter.visitor.submit(second, "申请撤回", 409, text="真的解决了")
        assert words(page.soup.title) == "清风哨"
        assert "重新打开这个页面" not in page.text
        assert reporter.visitor.get(page.link("回到刚才打开的举报")).h1 == "办理进度：已收到"

    def test_a_page_that_is_not_there_is_called_by_the_sites_name(self, reporter: Reporter) -> None:
        assert words(reporter.visitor.get("/track/nothing", 404).soup.title) == "清风哨"

    def test_going_back_and_sending_other_words_makes_a_second_letter(self, reporter: Reporter) -> None:
        reporter.look_up(reporter.report())
        page = reporter.visitor.get("/track/write")
        reporter.visitor.submit(page, "提交补充", text="写了一半")
        reporter.visitor.submit(page, "提交补充", text="写了一半")
        page = reporter.visitor.submit(page, "提交补充", text="写了一半，后来写完了")
        texts = [words(p) for p in page.soup.select("article.message p")]
        assert texts == ["写了一半", "写了一半，后来写完了"]

    def test_what_is_asked_stays_beside_an_answer_that_has_to_be_mended(self, street: Street) -> None:
        filed = street.office.file()
        street.office.classify(filed.case)
        street.office.act(filed.case, "request_supplement", "intake", message="哪天去的？谁接待的？")
        somebody = street.somebody()
        page = somebody.visitor.submit(somebody.look_up(filed.code), "提交补充", 422, text="")
        assert "哪天去的？谁接待的？" in page.text
        assert page.h1 == "请您补充"
        assert [words(heading) for heading in page.soup.select("main h2")] == ["有问题需要修改"]

    def test_wishes_and_letters_of_one_day_stand_as_they_were_made(self, reporter: Reporter) -> None:
        reporter.look_up(reporter.report())
        for minute, (path, button, typed) in enumerate(
            (
                ("recuse", "申请回避", {"whom": "某某", "why": "有亲戚"}),
                ("withdraw", "申请撤回", {"text": "算了"}),
                ("write", "提交补充", {"text": "又想起来"}),
            )
        ):
            with clock.at(clock.now() + dt.timedelta(minutes=minute)):
                page = reporter.visitor.submit(reporter.visitor.get(f"/track/{path}"), button, **typed)
        assert [words(h) for h in page.soup.select("main h4")] == ["您申请回避", "您申请撤回", "您写的"]

    def test_letters_come_by_day_the_oldest_first(self, street: Street) -> None:
        filed = street.office.accepted()
        somebody = street.somebody()
        somebody.look_up(filed.code)
        somebody.write("第一封")
        with clock.at(clock.now() + dt.timedelta(minutes=5)):
            page = somebody.write("第二封")
            days = [words(h) for h in page.soup.select("main h3")]
            texts = [words(p) for p in page.soup.select("article.message p")]
        assert days == ["2026年9月14日"]
        assert texts == ["第一封", "第二封"]

    def test_a_waiting_question_comes_first_with_its_form(self, street: Street) -> None:
        filed = street.office.file()
        street.office.classify(filed.case)
        street.office.act(filed.case, "request_supplement", "intake", message="哪天去的？谁接待的？")
        somebody = street.somebody()
        page = somebody.look_up(filed.code)
        assert page.h1 == "办理进度：请您补充"
        assert "哪天去的？谁接待的？" in words(page.soup.select_one("main section"))
        assert page.text.count("哪天去的") == 1
        assert "2026年9月14日提出" in words(page.soup.select_one("main section"))
        assert "请最迟在2026年10月" in page.text
        page = somebody.visitor.submit(page, "提交补充", text="九月三日，王科长。")
        assert page.h1 == "办理进度：已收到"
        assert "九月三日，王科长。" in page.text

    def test_the_name_is_not_on_it(self, reporter: Reporter) -> None:
        reporter.visitor.planted.add("13800000000")
        named = {"identity": "named", "name": "王芳", "contact": "139"}
        page = reporter.look_up(reporter.report(identity=named))
        assert "王芳" not in page.text
        assert "姓名和联系方式另外加密保存" in page.text


class TestWriting:
    def test_added_facts_are_there_at_once(self, reporter: Reporter) -> None:
        reporter.look_up(reporter.report())
        page = reporter.write("我又想起来了")
        assert "您写的内容已经送到办理机关。" in page.text
        assert "我又想起来了" in page.text

    def test_a_form_sent_twice_is_one_letter(self, reporter: Reporter) -> None:
        reporter.look_up(reporter.report())
        form = reporter.visitor.get("/track/write")
        for _ in range(2):
            page = reporter.visitor.submit(form, "提交补充", text="只写一次")
        assert page.text.count("只写一次") == 1
        assert Message.select().count() == 1

    def test_withdrawal_is_asked_for(self, reporter: Reporter) -> None:
        reporter.look_up(reporter.report())
        page = reporter.visitor.submit(reporter.visitor.get("/track/withdraw"), "申请撤回", text="已经解决")
        assert "您申请撤回" in page.text

    def test_a_wish_for_recusal_shows_again_to_its_writer_alone(self, reporter: Reporter) -> None:
        reporter.look_up(reporter.report())
        page = reporter.visitor.get("/track/recuse")
        page = reporter.visitor.submit(page, "申请回避", whom="李科长", why="是他的表弟")
        assert "希望回避的人：李科长" in page.text
        assert RecusalRequest.select().count() == 1

    @pytest.mark.parametrize(("path", "button"), [("write", "提交补充"), ("protect", "送出")])
    @pytest.mark.parametrize(
        ("bound", "heading"),
        [
            ("LETTERS_A_DAY", "今天写的已经很多，请明天再写"),
            ("LETTERS_IN_ALL", "这件举报写的已经很多，不能再补充了"),
        ],
    )
    def test_one_letter_too_many_is_told_when_and_where_else_and_what_was_typed_stays(
        self, reporter: Reporter, monkeypatch: pytest.MonkeyPatch, path, button, bound, heading
    ) -> None:
        monkeypatch.setattr(messages, bound, 1)
        reporter.look_up(reporter.report())
        reporter.write("第一封")
        page = reporter.visitor.submit(
            reporter.visitor.get(f"/track/{path}"), button, 409, text="又想起一件事"
        )
        assert page.h1 == heading
        assert "110" in page.text
        assert "又想起一件事" in page.text

    def test_one_wish_too_many_is_told_to_wait_and_what_was_typed_stays(self, reporter: Reporter) -> None:
        reporter.look_up(reporter.report())
        for number in range(recusal.WAITING_AT_MOST):
            page = reporter.visitor.get("/track/recuse")
            reporter.visitor.submit(page, "申请回避", whom=f"某{number}", why="是亲戚")
        page = reporter.visitor.get("/track/recuse")
        page = reporter.visitor.submit(page, "申请回避", 409, whom="李科长", why="是他的表弟")
        assert page.h1 == "已经有5件申请等待决定，请等结果"
        assert "是他的表弟" in page.text

    @pytest.mark.parametrize(
        ("path", "button", "typed", "faults"),
        [
            ("write", "提交补充", {"text": " "}, ["请写下要补充的情况"]),
            ("withdraw", "申请撤回", {"text": ""}, ["请写明想撤回的原因"]),
            (
                "recuse",
                "申请回避",
                {"whom": "", "why": ""},
                ["请写明希望谁回避，不知道姓名可以写职务", "请写明为什么希望回避"],
            ),
        ],
    )
    def test_what_is_missing_is_said(self, reporter: Reporter, path, button, typed, faults) -> None:
        reporter.look_up(reporter.report())
        page = reporter.visitor.submit(reporter.visitor.get(f"/track/{path}"), button, 422, **typed)
        assert page.faults == faults

    def test_the_own_code_in_a_letter_is_refused_kindly_and_the_rest_stays(self, reporter: Reporter) -> None:
        code = reporter.report()
        reporter.look_up(code)
        text = f"我的码是{receipts.group(code)}，请查。"
        page = reporter.visitor.submit(reporter.visitor.get("/track/write"), "提交补充", 422, text=text)
        assert "查询码等于钥匙" in page.faults[0]
        assert page.soup.select_one("#text").get_text().strip() == text
        assert Message.select().count() == 0

    @pytest.mark.parametrize("lasts", [True, False])
    def test_a_visit_that_ended_while_writing_asks_the_code_and_keeps_the_words(
        self, reporter: Reporter, lasts: bool
    ) -> None:
        code = reporter.report()
        reporter.look_up(code)
        page = reporter.visitor.get("/track/write")
        with clock.at(clock.now() + IDLE):
            if not lasts:
                reporter.visitor.client.delete_cookie("w_track", path="/track")
            page = reporter.visitor.submit(page, "提交补充", 422, text="写了很久")
            assert "再输入一次查询码" in page.faults[0]
            page = reporter.visitor.submit(page, "提交补充", code=code)
            assert "写了很久" in page.text

    def test_a_crowd_when_the_code_is_asked_keeps_words_and_code(self, reporter: Reporter) -> None:
        code = reporter.report()
        reporter.look_up(code)
        page = reporter.visitor.get("/track/write")
        with clock.at(clock.now() + IDLE):
            page = reporter.visitor.submit(page, "提交补充", 422, text="写了很久")
            with full(slow_hash.RECEIPTS):
                page = reporter.visitor.submit(page, "提交补充", 503, code=code)
            assert "写了很久" in reporter.visitor.submit(page, "再提交一次").text

    def test_a_wrong_code_asked_then_keeps_the_words_too(self, reporter: Reporter) -> None:
        reporter.look_up(reporter.report())
        page = reporter.visitor.get("/track/write")
        with clock.at(clock.now() + IDLE):
            page = reporter.visitor.submit(page, "提交补充", 422, text="写了很久")
            page = reporter.visitor.submit(page, "提交补充", 422, code="1234")
            assert page.soup.select_one("#text").get_text().strip() == "写了很久"
            assert page.soup.select_one("#code")


class TestTakingHome:
    def test_the_own_report_as_a_text(self, reporter: Reporter) -> None:
        reporter.look_up(reporter.report())
        reporter.write("补充一句")
        page = reporter.visitor.get("/track/record.txt")
        for said in (ANSWERS["story"]["story"], "2026年9月3日", "补充一句", "二楼办证窗口"):
            assert said in page.response.text
        assert page.response.headers["Content-Disposition"] == 'attachment; filename="record.txt"'
        assert page.response.mimetype == "text/plain"

    def test_the_openings_of_its_entries_in_the_log(self, reporter: Reporter) -> None:
        reporter.look_up(reporter.report())
        page = reporter.visitor.get("/track/proof.json")
        found = json.loads(page.response.text)["openings"]
        assert json.loads(found[0]["leaf"])["type"] == "received"


class TestTheRating:
    def test_a_result_that_was_told_is_rated_once_and_both_sides_read_it(self, street: Street) -> None:
        filed = stages.concluded(street.office)
        somebody = street.somebody()
        assert "评价办理结果" not in somebody.look_up(filed.code).text
        stages.tell(street.office, filed.case)
        page = somebody.visitor.get("/track/report")
        page = somebody.visitor.submit(
            somebody.visitor.get(page.link("评价办理结果")), "提交评价", rating="not_satisfied"
        )
        assert "您的评价：不满意" in page.text
        assert "评价办理结果" not in [words(link) for link in page.soup.select("main a")]
        report = reading.open_case(street.office["officer"], filed.case).reports[0]
        assert report.rating == "not_satisfied"


class TestTheVisit:
    def test_it_ends_after_twenty_idle_minutes(self, reporter: Reporter) -> None:
        reporter.look_up(reporter.report())
        with clock.at(clock.now() + IDLE):
            page = reporter.visitor.get("/track/report")
            assert page.h1 == "输入查询码"
            assert "20分钟没有操作" in page.text

    def test_looking_keeps_it_open(self, reporter: Reporter) -> None:
        reporter.look_up(reporter.report())
        for minutes in (15, 30):
            with clock.at(clock.now() + dt.timedelta(minutes=minutes)):
                assert reporter.visitor.get("/track/report").h1.startswith("办理进度")

    def test_it_can_be_closed(self, reporter: Reporter) -> None:
        page = reporter.look_up(reporter.report())
        page = reporter.visitor.submit(page, "结束查看")
        assert "已经关闭" in page.text
        assert ReporterSession.select().where(ReporterSession.kind == "track").count() == 0

    @pytest.mark.parametrize("path", ["report", "write", "withdraw", "recuse", "record.txt", "proof.json"])
    def test_without_one_every_page_asks_for_the_code(self, reporter: Reporter, path: str) -> None:
        assert reporter.visitor.get(f"/track/{path}").h1 == "输入查询码"

    def test_it_cannot_be_read_under_another_path(self, reporter: Reporter) -> None:
        reporter.look_up(reporter.report())
        cookie = reporter.visitor.client.get_cookie("w_track", path="/track")
        assert cookie.http_only
        assert cookie.same_site == "Strict"
        assert cookie.max_age == 20 * 60

"""Forms: what is typed is cleaned, kept and answered kindly; old tokens and missing cookies lose no word."""

import datetime as dt

import pytest
from flask import redirect, request

from whistle.services.errors import Invalid
from whistle.web import forms

TEMPLATE = """{% extends 'base.html' %}
{% from '_macros/form.html' import posting, ask, button %}
{% block main %}
<h1>样例</h1>
{% call posting(form) %}
{% for field in form if field.type not in ('Hidden', 'CSRFTokenField') %}{{ ask(field) }}{% endfor %}
{{ button('提交') }}
{% endcall %}
{% endblock main %}"""

CHOICES = [("a", "不作为"), ("b", "不清楚")]


class Sample(forms.Form):
    """One field of each kind."""

    number = forms.Hidden()
    name = forms.Line("称呼", at_most=5)
    text = forms.Lines("经过", required="请写明发生了什么")
    kind = forms.Choice("类别", choices=CHOICES, hints={"a": "该办不办"}, required="请选择类别")
    unit = forms.OneOf("单位", choices=[("", "请选择"), *CHOICES])
    several = forms.Several("回避", choices=CHOICES)
    tick = forms.Tick("同意")
    day = forms.Day("日期")
    code = forms.Code("编码")
    password = forms.Password("口令")

    words = {"text.too_dull": "请写得具体些，至少%(count)s字"}  # noqa: RUF012 - read only


GOOD = {"text": "窗口不办事", "kind": "a"}


@pytest.fixture
def taken(app, monkeypatch):
    """What the page at /sample has taken so far."""
    found = []
    app.jinja_env.loader = _with(app, {"sample.html": TEMPLATE})

    def sample():
        form = Sample(data={"number": "7"})
        if form.validate_on_submit():
            with form.catching():
                if form.text.data == "乏味":
                    raise Invalid("text", "too_dull", count=20)
                if form.text.data == "查询码":
                    raise Invalid("text", "contains_code")
                found.append(form.data)
                return redirect("/healthz", 303)
        return forms.show("sample.html", form=form)

    def press():
        forms.check_button()
        found.append(request.form.to_dict())
        return redirect("/healthz", 303)

    app.add_url_rule("/sample", "sample", sample, methods=["GET", "POST"])
    app.add_url_rule("/press", "press", press, methods=["POST"])
    return found


def _with(app, templates):
    from jinja2 import ChoiceLoader, DictLoader

    return ChoiceLoader([DictLoader(templates), app.jinja_loader])


def test_a_good_form_is_taken_once_with_its_types(visit, taken):
    page = visit.get("/sample")
    visit.submit(page, **GOOD, several=["a", "b"], tick="y", day="2026.11.3", unit="b", name="李四")
    assert len(taken) == 1
    assert taken[0]["several"] == ["a", "b"]
    assert taken[0]["tick"] is True
    assert taken[0]["day"] == dt.date(2026, 11, 3)
    assert taken[0]["number"] == "7"


def test_an_empty_form_comes_back_with_a_message_at_each_field_and_a_summary(visit, taken):
    page = visit.submit(visit.get("/sample"), status=422)
    assert taken == []
    assert page.faults == ["请写明发生了什么", "请选择类别"]
    assert page.soup.title.text.startswith("错误：")
    assert [a["href"] for a in page.soup.select("#faults a")] == ["#text", "#kind-0"]
    assert "请写明发生了什么" in page.soup.select_one("#text-fault").text
    assert "text-fault" in page.soup.select_one("#text")["aria-describedby"]
    assert not page.soup.select("[required]")


def test_what_was_typed_stays(visit, taken):
    page = visit.submit(visit.get("/sample"), status=422, name="王五", day="十一月", unit="a", code="1234 56")
    assert page.soup.select_one("#name")["value"] == "王五"
    assert page.soup.select_one("#day")["value"] == "十一月"
    assert page.soup.select_one("#code")["value"] == "1234 56"
    assert page.soup.select_one("#unit option[selected]")["value"] == "a"


def test_a_password_is_never_shown_again(visit, taken):
    visit.planted.add("Tr0ub4dor-3")
    visit.submit(visit.get("/sample"), status=422, password="Tr0ub4dor-3")


@pytest.mark.parametrize(
    ("typed", "kept", "message"),
    [
        ("甲\x00乙", "甲乙", "控制字符"),
        ("甲\x1b[31m乙", "甲[31m乙", "控制字符"),
        ("甲\u202e乙", "甲乙", "文字方向"),
        ("甲\u2066乙\u2069", "甲乙", "文字方向"),
        ("甲\ufffd乙", "甲乙", "无法识别"),
        ("甲\ufeff乙", "甲乙", "控制字符"),
    ],
)
def test_hidden_characters_are_taken_out_told_and_the_next_try_works(visit, taken, typed, kept, message):
    page = visit.submit(visit.get("/sample"), status=422, kind="a", text=typed)
    assert message in page.faults[0]
    assert page.soup.select_one("#text").text.strip() == kept
    visit.submit(page)
    assert taken[0]["text"] == kept


def test_half_a_character_is_taken_out():
    assert forms.clean("甲\ud800乙")[0] == "甲乙"
    assert len(forms.clean("甲\ud800乙")[1]) == 1


def test_bytes_that_are_no_character_stay_harmless_in_an_encoded_form(visit, taken):
    token = visit.get("/sample").form().select_one("[name=csrf_token]")["value"]
    body = b"kind=a&text=%E7%94%B2%ED%A0%80&csrf_token=" + token.encode()
    visit.post("/sample", body, content_type="application/x-www-form-urlencoded")
    assert taken[0]["text"] == "甲%ED%A0%80"


@pytest.mark.parametrize("text", ["ئۇيغۇر\u200fچە", "👨\u200d👩\u200d👧", "a\tb", "𠮷野家", "甲\n\n乙"])
def test_marks_that_scripts_and_emoji_need_are_kept(visit, taken, text):
    visit.submit(visit.get("/sample"), kind="a", text=text)
    assert taken[0]["text"] == text


def test_text_is_brought_to_one_normal_form_and_one_kind_of_line_end(visit, taken):
    visit.submit(visit.get("/sample"), kind="a", text="  cafe\u0301\r\n甲\r乙  ", name="甲\r\n乙")
    assert taken[0]["text"] == "café\n甲\n乙"
    assert taken[0]["name"] == "甲 乙"


def test_twenty_thousand_chinese_characters_are_taken(visit, taken):
    visit.submit(visit.get("/sample"), kind="a", text="清" * 20_000)
    assert len(taken[0]["text"]) == 20_000


def test_one_more_is_told_with_the_counts_and_kept(visit, taken):
    page = visit.submit(visit.get("/sample"), status=422, kind="a", text="清" * 20_001)
    assert page.faults == ["最多20,000字，现在有20,001字，请删去1字"]
    assert page.soup.select_one("#text").text.strip() == "清" * 20_001


@pytest.mark.parametrize("value", ["c", "a\x00", "不作为"])
def test_a_choice_that_was_not_offered_is_no_choice(visit, taken, value):
    page = visit.submit(visit.get("/sample"), status=422, text="甲", kind=value)
    assert page.faults == ["请选择类别"]


def test_one_of_several_that_is_not_offered_any_more_is_told_and_the_others_stay_chosen(visit, taken):
    page = visit.submit(visit.get("/sample"), status=422, **GOOD, several=["a", "x"])
    assert page.faults == ["选的有一项已经没有了，请核对以后重新选"]
    assert [box["value"] for box in page.soup.select("input[name=several][checked]")] == ["a"]
    assert taken == []


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-11-23", dt.date(2026, 11, 23)),
        ("2026.11.23", dt.date(2026, 11, 23)),
        ("2026/1/3", dt.date(2026, 1, 3)),
        ("2026年11月23日", dt.date(2026, 11, 23)),
        ("２０２６年１１月２３日", dt.date(2026, 11, 23)),
        ("11月20日", dt.date(2026, 11, 20)),
        ("12月1日", dt.date(2025, 12, 1)),
        ("2024-02-29", dt.date(2024, 2, 29)),
    ],
)
def test_days_as_people_write_them(app, typed, day):
    with app.test_request_context():
        assert forms.read_day(forms.unicodedata.normalize("NFKC", typed), dt.date(2026, 11, 23)) == day


@pytest.mark.parametrize(
    ("typed", "today", "near", "ahead"),
    [
        ("11月30日", dt.date(2026, 11, 29), dt.date(2026, 11, 30), dt.date(2026, 11, 30)),
        ("11月29日", dt.date(2026, 11, 29), dt.date(2026, 11, 29), dt.date(2026, 11, 29)),
        ("11月26日", dt.date(2026, 11, 29), dt.date(2026, 11, 26), dt.date(2027, 11, 26)),
        ("1月4日", dt.date(2026, 11, 29), dt.date(2027, 1, 4), dt.date(2027, 1, 4)),
        ("5月1日", dt.date(2026, 11, 29), dt.date(2027, 5, 1), dt.date(2027, 5, 1)),
        ("12月30日", dt.date(2027, 1, 4), dt.date(2026, 12, 30), dt.date(2027, 12, 30)),
        ("2025年1月4日", dt.date(2026, 11, 29), dt.date(2025, 1, 4), dt.date(2025, 1, 4)),
    ],
)
def test_a_planned_day_without_a_year_is_not_last_years(app, typed, today, near, ahead):
    with app.test_request_context():
        assert forms.read_day(typed, today, "near") == near
        assert forms.read_day(typed, today, "ahead") == ahead


def test_the_leap_day_of_a_year_to_come_is_no_day_of_the_year_before(app):
    with app.test_request_context(), pytest.raises(ValueError, match=r"日历|calendar"):
        forms.read_day("2月29日", dt.date(2028, 1, 10))


@pytest.mark.parametrize(
    ("typed", "is_short"),
    [
        ("0-0-0", True),
        ("26年3月9日", True),
        ("20226.3.9", True),
        ("2026-3-9", False),
        ("9.3-5", False),
        ("9-3", False),
        ("1号到3号", False),
    ],
)
def test_a_day_whose_year_is_cut_short_is_told_from_a_span(typed, is_short):
    assert forms.is_cut_short(typed) == is_short


@pytest.mark.parametrize("typed", ["2026-02-30", "13月1日", "2月30日", "昨天", "20261123", "0000-01-01"])
def test_what_is_no_day_says_so(visit, taken, typed):
    page = visit.submit(visit.get("/sample"), status=422, **GOOD, day=typed)
    assert len(page.faults) == 1
    assert "日" in page.faults[0]


def test_a_service_that_refuses_speaks_at_the_field_in_the_forms_own_words(visit, taken):
    page = visit.submit(visit.get("/sample"), status=422, kind="a", text="乏味")
    assert page.faults == ["请写得具体些，至少20字"]
    page = visit.submit(page, status=422, text="查询码")
    assert "查询码" in page.faults[0]
    assert taken == []


def test_a_stale_token_keeps_the_text_and_the_next_try_works(visit, taken):
    page = visit.get("/sample")
    page = visit.post("/sample", GOOD | {"csrf_token": "stale"}, status=422)
    assert "请再提交一次" in page.faults[0]
    assert page.soup.select_one("#text").text.strip() == GOOD["text"]
    assert taken == []
    visit.submit(page)
    assert taken[0]["text"] == GOOD["text"]


def test_with_cookies_off_the_first_form_says_so_and_keeps_the_text(app, visit, taken):
    page = visit.get("/sample")
    visit.client = app.test_client(use_cookies=False)
    page = visit.submit(page, status=422, **GOOD)
    assert "Cookie" in page.faults[0]
    assert page.soup.select_one("#text").text.strip() == GOOD["text"]
    assert taken == []


def test_a_button_with_a_stale_token_comes_back_as_a_button(visit, taken):
    visit.get("/sample")
    page = visit.post("/press", {"csrf_token": "stale", "version": "3"}, status=422)
    assert taken == []
    visit.submit(page)
    assert taken[0]["version"] == "3"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_sent_by_another_site_is_refused_whole(visit, taken, site):
    page = visit.get("/sample")
    token = page.form().select_one("[name=csrf_token]")["value"]
    data = GOOD | {"csrf_token": token}
    visit.post("/sample", data, status=403, headers={"Sec-Fetch-Site": site})
    assert taken == []


@pytest.mark.parametrize(
    "name",
    [
        "csrf_token",
        "password",
        "new_password",
        "code",
        "receipt_code",
        "sheet",
        "group_2",
        "x-code",
        "secret",
    ],
)
def test_names_of_secrets_are_known(name):
    assert forms.is_secret(name)


@pytest.mark.parametrize("name", ["text", "unit", "reason", "number", "version", "decode_me", "encoding"])
def test_other_names_are_carried(name):
    assert not forms.is_secret(name)

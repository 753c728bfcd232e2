"""Related cases on their page: proposed before and while a case is classified, and asked of a person afterwards."""

import pytest

from tests.builders import Filed
from tests.visiting import words
from tests.web.officers import Desks
from whistle.store.cases import Case
from whistle.store.finding import Relation

STORY = "每个月月初城管中队的协管员来夜市收卫生管理费，一个摊二百元，只要现金，不给票，问他要收据他就说不交别想摆。"
RETOLD = (
    "城管中队的协管员每个月月初来夜市收卫生管理费，每个摊二百元，只收现金，没有票，问要收据就说不交别想摆摊。"
)


@pytest.fixture
def pair(desks: Desks) -> tuple[Filed, Filed]:
    return desks.office.assigned(story=STORY), desks.office.assigned(story=RETOLD)


def number(filed: Filed) -> str:
    return str(Case.get_by_id(filed.case).number)


def test_what_may_be_related_stands_on_an_unclassified_case_and_on_its_form(desks: Desks) -> None:
    desks.office.file(story=STORY)
    new = desks.office.file(story=RETOLD)
    visitor = desks.sit("intake")
    for part in ("", "/do/classify"):
        page = visitor.get(desks.url(new, part))
        assert "举报内容相近" in page.text
    classified = visitor.submit(visitor.get(desks.url(new, "/do/classify")), "分类登记")
    assert "可能相关的案件" not in classified.text
    assert "举报内容相近" in visitor.get(desks.url(new, "/related")).text
    assert "可能相关的案件" not in visitor.get(desks.url(new, "/do/decline")).text


def test_somebody_says_that_two_belong_together_and_both_pages_show_it(
    desks: Desks, pair: tuple[Filed, Filed]
) -> None:
    one, other = pair
    visitor = desks.sit("officer")
    page = visitor.get(desks.url(one, "/related"))
    assert page.link(number(other))
    page = visitor.submit(page, f"标记相关：{number(other)}")
    assert "已记下你的判断" in page.text
    assert "没有找到可能相关的案件" in page.text
    for filed in pair:
        assert visitor.get(desks.url(filed)).link("相关（1件）")
    page = visitor.submit(visitor.get(desks.url(other, "/related")), f"不相关：{number(one)}")
    assert "已判断为无关的1件" in page.text
    assert visitor.get(desks.url(one)).link("相关").endswith("/related")


def test_same_or_another_person_is_asked(desks: Desks) -> None:
    filed = []
    for story in ("路灯坏了。", "窗口没人。"):
        found = desks.office.file(story=story)
        desks.office.classify(found.case, subject="王大明")
        filed.append(found)
    visitor = desks.sit("intake")
    page = visitor.get(desks.url(filed[0], "/related"))
    assert "都写到“王大明”" in page.text
    page = visitor.submit(page, f"不是同一人：{number(filed[1])}")
    assert [words(tag) for tag in page.soup.select("details .tag")][-1] == "不是同一人"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"other": "{other}", "about": "matter", "is_so": "y"}, 200),
        ({"other": "{one}", "about": "matter"}, 422),
        ({"other": "{other}", "about": "unit"}, 422),
        ({"other": "{other}"}, 422),
        ({"about": "matter"}, 404),
        ({"other": "x" * 5_000, "about": "matter"}, 404),
        ({"other": "\x00", "about": "matter"}, 404),
        ({"other": "{secret}", "about": "matter"}, 404),
    ],
)
def test_only_what_can_be_said_is_kept(
    desks: Desks, pair: tuple[Filed, Filed], data: dict[str, str], status: int
) -> None:
    secret = desks.office.file(own_people=True)
    refs = {"one": number(pair[0]), "other": number(pair[1]), "secret": secret.case}
    visitor = desks.sit("officer")
    form = visitor.get(desks.url(pair[0], "/related")).soup.select_one("main form")
    token = form.select_one("[name=csrf_token]")["value"]
    sent = {name: value.format(**refs) for name, value in data.items()}
    visitor.post(desks.url(pair[0], "/related"), {"csrf_token": token, **sent}, status)
    assert Relation.select().count() == (status == 200)


def test_a_report_that_is_alike_is_offered_to_be_merged_with_the_case_filled_in(desks: Desks) -> None:
    into, new = desks.office.file(story=STORY), desks.office.file(story=RETOLD)
    desks.office.classify(into.case)
    visitor = desks.sit("intake")
    page = visitor.get(visitor.get(desks.url(new, "/related")).link(f"并案：{number(into)}"))
    assert page.soup.select_one("#target")["value"] == number(into)
    merged = visitor.submit(page, "并案", reason="同一件事。")
    assert Case.get_by_id(new.case).state == "merged", merged.text

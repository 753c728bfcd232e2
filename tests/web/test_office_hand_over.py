"""Handing cases over: all or some of one person's, keys in the same act."""

from tests.stages import reviewing, verifying
from tests.web.officers import Desks
from whistle import clock
from whistle.services import absences, accounts
from whistle.store.cases import Case
from whistle.store.people import Admission, PersonKey


def test_all_cases_go_to_another_who_then_opens_them(desks: Desks) -> None:
    filed = [desks.office.assigned("officer") for _ in range(2)]
    deputy = desks.sit("deputy")
    page = deputy.get(deputy.get("/office/hand-over").link("周承办"))
    page = deputy.submit(
        page, "移交", which="all", person=str(desks.office["officer2"].person_id), reason="调离。"
    )
    assert "案件已移交" in page.text
    desks.sit("officer2").get(desks.url(filed[0]))
    desks.sit("officer").get(desks.url(filed[1]), 404)


def test_only_the_listed_ones_go(desks: Desks) -> None:
    filed = [desks.office.assigned("officer") for _ in range(2)]
    number = Case.get_by_id(filed[0].case).number
    head = desks.sit("head")
    page = head.get(f"/office/hand-over/{desks.office['officer'].person_id}")
    values = {"which": "listed", "person": str(desks.office["officer2"].person_id), "reason": "分担。"}
    assert head.submit(page, "移交", 422, **values).faults == ["请勾选要移交的案件"]
    head.submit(page, "移交", cases=[number], **values)
    assert [Case.get_by_id(one.case).officer.user_name for one in filed] == ["officer2", "officer"]


def test_all_of_them_beside_a_choice_is_asked_about_and_moves_nothing(desks: Desks) -> None:
    filed = [desks.office.assigned("officer") for _ in range(2)]
    head = desks.sit("head")
    page = head.get(f"/office/hand-over/{desks.office['officer'].person_id}")
    assert not page.soup.select("input[name=which][checked]")
    values = {"which": "all", "person": str(desks.office["officer2"].person_id), "reason": "分担。"}
    refused = head.submit(page, "移交", 422, cases=[Case.get_by_id(filed[0].case).number], **values)
    assert "又勾选了一部分" in refused.faults[0]
    assert [Case.get_by_id(one.case).officer.user_name for one in filed] == ["officer", "officer"]


def test_nobody_is_offered_who_is_not_let_in(desks: Desks) -> None:
    desks.office.assigned("officer")
    other = desks.office["officer2"].person_id
    page = desks.sit("head").get(f"/office/hand-over/{desks.office['officer'].person_id}")
    assert page.soup.select(f"option[value='{other}']")
    Admission.update(ended_at=clock.now()).where(
        Admission.key.in_(PersonKey.select().where(PersonKey.person == other))
    ).execute()
    page = desks.sit("head").get(f"/office/hand-over/{desks.office['officer'].person_id}")
    assert not page.soup.select(f"option[value='{other}']")


def test_what_ended_is_not_offered_and_what_is_left_is_said_with_who_moves_it(desks: Desks) -> None:
    office = desks.office
    hidden = office.accepted(persons_shut_out=office["deputy"].name)
    office.act(hidden.case, "assign", "head", person=office["officer"].person_id)
    ended, going = office.assigned("officer"), office.assigned("officer")
    redirect = {"receiver": "市税务局", "not_led_by_subject": True, "message": "已转。"}
    office.act(ended.case, "redirect", "officer", **redirect)
    office.approve("deputy")
    deputy = desks.sit("deputy")
    page = deputy.get(deputy.get("/office/hand-over").link("周承办"))
    assert [box["value"] for box in page.soup.select("input[name=cases]")] == [
        Case.get_by_id(going.case).number
    ]
    assert "另有1件须由主要负责人移交" in page.text
    page = deputy.submit(page, "移交", which="all", person=str(office["officer2"].person_id), reason="调离。")
    assert "周承办 承办人 0 另有1件须由主要负责人移交" in page.text
    assert not page.soup.select(f"main a[href$='/{office['officer'].person_id}']")
    head = desks.sit("head")
    page = head.get(head.get("/office/hand-over").link("周承办"))
    assert "另有" not in page.text
    head.submit(page, "移交", which="all", person=str(office["officer2"].person_id), reason="调离。")
    assert "周承办" not in head.get("/office/hand-over").text


def test_what_is_missing_or_does_not_fit_is_said(desks: Desks) -> None:
    desks.office.assigned("officer")
    deputy = desks.sit("deputy")
    page = deputy.get(f"/office/hand-over/{desks.office['officer'].person_id}")
    assert deputy.submit(page, "移交", 422).faults == [
        "请选择移交全部还是一部分",
        "请选择接手人",
        "请写明为什么移交",
    ]
    other = str(desks.office["officer2"].person_id)
    accounts.deactivate(desks.office["admin"], int(other))
    back = deputy.submit(page, "移交", 422, which="all", person=other, reason="调离。")
    assert back.faults == ["请选择接手人"]
    assert back.soup.select_one("textarea").get_text().strip() == "调离。"


def test_the_cases_of_who_was_deactivated_wait_here(desks: Desks) -> None:
    filed = desks.office.assigned("officer")
    accounts.deactivate(desks.office["admin"], desks.office["officer"].person_id)
    deputy = desks.sit("deputy")
    page = deputy.get(deputy.get("/office/hand-over").link("周承办"))
    deputy.submit(page, "移交", which="all", person=str(desks.office["officer2"].person_id), reason="离岗。")
    desks.sit("officer2").get(desks.url(filed))


def test_it_is_the_lines_alone(desks: Desks) -> None:
    desks.office.assigned("officer")
    for user_name in ("intake", "officer", "oversight", "admin"):
        desks.sit(user_name).get("/office/hand-over", 403)
    desks.sit("deputy").get("/office/hand-over/999", 404)
    assert "还没有指派出去的案件" not in desks.sit("deputy").get("/office/hand-over").text


def test_the_cases_that_somebody_keeps_off_are_named_and_nothing_typed_is_lost(desks: Desks) -> None:
    office = desks.office
    kept = [office.assigned(persons_shut_out=office["officer2"].name) for _ in range(2)]
    free = office.assigned()
    numbers = [Case.get_by_id(filed.case).number for filed in (*kept, free)]
    deputy = desks.sit("deputy")
    page = deputy.get(f"/office/hand-over/{office['officer'].person_id}")
    chosen = {"which": "listed", "cases": numbers, "person": str(office["officer2"].person_id)}
    back = deputy.submit(page, "移交", 422, reason="长期离岗。", **chosen)
    name = office["officer2"].name
    assert back.faults == [
        f"{numbers[0]}、{numbers[1]}须由{name}回避，请另交别人；其余的下面已经勾选，可以先移交"
    ]
    assert [box["value"] for box in back.soup.select("input[name=cases][checked]")] == numbers[2:]
    assert back.soup.select_one("textarea").get_text().strip() == "长期离岗。"
    whole = {"which": "all", "person": chosen["person"], "reason": "长期离岗。"}
    again = deputy.submit(page, "移交", 422, **whole)
    assert again.faults == back.faults
    deputy.submit(again, "移交")
    assert Case.get_by_id(free.case).officer.user_name == "officer2"
    assert {Case.get_by_id(filed.case).officer.user_name for filed in kept} == {"officer"}


def test_a_reviewer_is_offered_only_where_a_review_is_handed_over(desks: Desks) -> None:
    office = desks.office
    filed = office.assigned()
    deputy = desks.sit("deputy")
    for address in (f"/office/hand-over/{office['officer'].person_id}", desks.url(filed, "/do/hand_over")):
        assert "审理员" not in deputy.get(address).text
    reviewed = reviewing(office)
    page = deputy.get(f"/office/hand-over/{office['reviewer'].person_id}")
    assert "（审理员，只接审理）" in page.text
    assert "（审理中，审理）" in page.text
    assert "审理员" in deputy.get(desks.url(reviewed, "/do/hand_over")).text


def test_who_is_only_of_a_group_and_who_is_away_is_said(desks: Desks) -> None:
    office = desks.office
    verifying(office)
    today = clock.today()
    absences.enter(office["admin"], office["officer2"].person_id, today, today)
    deputy = desks.sit("deputy")
    page = deputy.get("/office/hand-over")
    page = deputy.get(page.link(f"{office['officer2'].name}，离岗到2026年9月14日"))
    assert "只是核查组成员" in page.text

"""The forms of steps on a case and its things: what they begin with, what they show, what they offer."""

from tests import stages
from tests.visiting import filled, words
from tests.web.officers import Desks
from whistle.store.things import Item


def item_submitted(desks: Desks) -> tuple[object, str]:
    """A problem whose evidence one officer of two submitted, by its case and id."""
    filed = stages.verifying(desks.office)
    desks.office.act(
        filed.case, "item.make", "officer", problem="窗口没有公示", unit=stages.unit_code(), owner="钱主任"
    )
    item = Item.get(Item.case == filed.case).id
    desks.office.act(filed.case, "item.submit", "officer", thing=item, evidence="已经上墙公示，附照片两张。")
    return filed, item


def test_the_box_for_what_was_seen_is_empty_and_what_is_written_in_it_is_kept(desks: Desks) -> None:
    filed, item = item_submitted(desks)
    other = desks.sit("officer2")
    page = other.get(desks.url(filed, f"/do/item.strike_off?thing={item}"))
    assert filled(page.form("对账销号"))["seen"].strip() == ""
    page = other.post(f"{page.address}", filled(page.form("对账销号")) | {"seen": "现场看过。"})
    assert Item.get_by_id(item).state == "struck_off"


def test_the_record_names_the_people_of_a_group_that_was_proposed(desks: Desks) -> None:
    filed = stages.verifying(desks.office)
    page = desks.sit("officer").get(desks.url(filed, "/record"))
    groups = [words(dt.find_next("dd")) for dt in page.soup.select("dt") if words(dt).startswith("核查组")]
    assert len(groups) == 2
    assert groups[0] == groups[1]
    assert not any(digit in groups[0] for digit in "0123456789")

"""繁简分流: what is suggested from a report's words, before anybody registered its class."""

import pytest

from tests.builders import Office
from whistle.services.casework import triage
from whistle.store.units import Unit, UnitFact


@pytest.mark.parametrize(
    ("story", "people", "expected"),
    [
        ("窗口让我跑了四趟。", "窗口的刘某", "simple"),
        ("窗口让我跑了四趟。", "王局长", "complex"),
        ("先后收了四万元。", "", "complex"),
        ("收了两百元。", "", "ordinary"),
        ("住房建设中心推给园林绿化中心，两边都不管。", "", "complex"),
        ("住房建设中心和它下面的砚桥分中心都不管。", "", "simple"),
    ],
)
def test_a_reports_words_say_how_it_may_be_worked(
    office: Office, story: str, people: str, expected: str
) -> None:
    first = Unit.select().order_by(Unit.id).get()
    fact = UnitFact.get(UnitFact.unit == first)
    made = {}
    for code, name, above in (
        ("T1", "住房建设中心", first),
        ("T2", "园林绿化中心", first),
        ("T3", "砚桥分中心", None),
    ):
        made[code] = Unit.create(code=code, recorded_at=fact.recorded_at)
        UnitFact.create(
            unit=made[code],
            name_zh=name,
            name_en=code,
            parent=above or made["T1"],
            valid_on=fact.valid_on,
            recorded_at=fact.recorded_at,
        )
    found, _why = triage.suggest(office["intake"], category="delay", story=story, people=people)
    assert found == expected

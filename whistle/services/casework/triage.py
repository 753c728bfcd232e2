"""How a new case is suggested to be worked (繁简分流): from what its reporter wrote, for a person to overrule."""

from whistle.rules import signs, taxonomy
from whistle.rules.terms import Term
from whistle.services import units
from whistle.services.access import Acting, is_within, require
from whistle.services.use_case import reading


@reading
def suggest(by: Acting, *, category: str, story: str, people: str) -> tuple[str, Term]:
    """The complexity to propose and why. What nobody wrote, as a repeated report, is left to who reads it."""
    require(by, "case.list")
    text = f"{story}\n{people}"
    is_leading = signs.names_leading_cadre(text)
    facts = taxonomy.Triage(
        category=category,
        unit_count=_count_units(text),
        money_fen=signs.money_in(text),
        is_leading_cadre=is_leading,
        is_above_section_head=is_leading,
    )
    return taxonomy.suggest_complexity(facts)


def _count_units(text: str) -> int:
    """How many units a text speaks of; an office beneath another that is named too is no second one."""
    named = {min(place) for place in units.written_in(text)}
    tops = [unit for unit in named if not any(is_within(unit, other) for other in named - {unit})]
    return max(1, len(tops))

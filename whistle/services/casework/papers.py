"""The superior's paper, by which the deputy records what the superior decided: its number and day."""

import datetime as dt

from whistle import clock
from whistle.rules.recusal import PAPER_NUMBER
from whistle.rules.reporting import EARLIEST_YEAR
from whistle.services.casework.work import Work
from whistle.services.errors import Invalid


def check(paper: str, paper_on: dt.date | None, *, is_needed: bool) -> None:
    """The superior's paper, with number and day or neither; raises Invalid."""
    if not paper and not paper_on and not is_needed:
        return
    if not paper:
        raise Invalid("paper", "empty")
    if not PAPER_NUMBER.fullmatch(paper):
        raise Invalid("paper", "no_number")
    if paper_on is None:
        raise Invalid("paper_on", "empty")
    if paper_on > clock.today():
        raise Invalid("paper_on", "ahead")
    if paper_on.year < EARLIEST_YEAR:
        raise Invalid("paper_on", "too_early", year=EARLIEST_YEAR)


def of(work: Work) -> tuple[str | None, dt.date | None]:
    """The paper that an act names."""
    day = work.facts.get("paper_on")
    return work.words.get("paper"), None if day is None else dt.date.fromisoformat(day)

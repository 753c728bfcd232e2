"""For how long a holder may let somebody see a real-name reporter's contact: the office's own standard (rulebook §12).

Each look has reason, second person and end (rulebook §12); how late the end may lie is left open there. A telephone
call needs hours, a meeting days; who needs longer asks again, with a reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from whistle.rules.codes import Coded
from whistle.rules.terms import Source, Term, cite, force_day, read_day


@dataclass(frozen=True, slots=True, kw_only=True)
class LookLength(Coded):
    """A length to choose: natural hours from the moment of consent."""

    hours: int


_OWN: tuple[Source, ...] = cite("OWN")


def _length(name: str, zh: str, en: str, hours: int) -> LookLength:
    return LookLength(
        name=name,
        term=Term(zh, en),
        source=_OWN,
        since=force_day(_OWN),
        checked=read_day(_OWN),
        hours=hours,
    )


LOOK_LENGTHS: Mapping[str, LookLength] = MappingProxyType(
    {
        row.code: row
        for row in (
            _length("hours", "4小时", "4 hours", 4),
            _length("day", "1天", "1 day", 24),
            _length("days", "3天", "3 days", 3 * 24),
            _length("week", "7天", "7 days", 7 * 24),
        )
    }
)

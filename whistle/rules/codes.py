"""What a code is: a row whose name is kept in the database and chosen in forms."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from whistle.rules.terms import Row, Source, Term, cite, force_day, read_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded(Row):
    """A row whose name is kept in the database and chosen in forms."""

    @property
    def code(self) -> str:
        """The name, as what is stored."""
        return self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Coded):
    """A code to choose. `explained`: what it means to somebody who does not know the word."""

    explained: Term | None


def choice(
    name: str, zh: str, en: str, *, source: tuple[Source, ...] | None = None, explained: Term | None = None
) -> Choice:
    """A code, the office's own without a source."""
    source = source or cite("OWN")
    return Choice(
        name=name,
        term=Term(zh, en),
        source=source,
        since=force_day(source),
        checked=read_day(source),
        explained=explained,
    )


SomeCoded = TypeVar("SomeCoded", bound=Coded)


def by_code(rows: tuple[SomeCoded, ...]) -> Mapping[str, SomeCoded]:
    """Rows by their code, in their order."""
    return MappingProxyType({row.code: row for row in rows})

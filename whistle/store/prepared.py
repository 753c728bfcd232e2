"""Small questions that nearly every page asks, with their SQL made once.

peewee takes several times longer to write such a question down than the database to answer it.
"""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from peewee import ModelSelect

from whistle.store.base import Table
from whistle.store.database import is_sqlite

T = TypeVar("T", bound=Table)

#: Stands in the SQL's values where the text asked for belongs; no text of a page holds a NUL.
_PLACE = "\0asked for"


class Prepared(Generic[T]):
    """A question for rows by one text, which `ask` writes down at its first use on each kind of database.

    What it selects from other tables becomes an attribute of the row by the column's name.
    """

    def __init__(self, model: type[T], ask: "Callable[[str], ModelSelect[T]]") -> None:
        self._model, self._ask = model, ask
        #: By whether it is SQLite's; threads that come first at once write the same.
        self._written: dict[bool, tuple[str, list[object]]] = {}

    def first(self, text: str = "") -> T | None:
        """The first row, or None."""
        return next(self.all(text), None)

    def all(self, text: str = "") -> Iterator[T]:
        """Every row, in the question's order."""
        kind = is_sqlite()
        if kind not in self._written:
            self._written[kind] = self._ask(_PLACE).sql()
        sql, values = self._written[kind]
        return iter(self._model.raw(sql, *(text if value == _PLACE else value for value in values)))

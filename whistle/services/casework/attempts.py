"""Attempts that are refused and yet leave an entry in the log: to send a report to whom it is about (XF 30; HN 78).

What is refused is undone whole, so the entry is made afterwards, in a transaction of its own.
"""

import functools
import inspect
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from whistle.services import ledger
from whistle.services.access import Acting, require
from whistle.services.errors import Conflict
from whistle.services.use_case import use_case
from whistle.store.cases import Case
from whistle.store.database import in_transaction

P = ParamSpec("P")
R = TypeVar("R")

#: Why an act was refused, where the attempt itself must be known later.
NOTED = frozenset({"receiver_is_subject"})


def noted(act: Callable[P, R]) -> Callable[P, R]:
    """Let an act of a person that is refused for one of these reasons leave an entry; it is refused all the same."""

    @functools.wraps(act)
    def watched(*args: P.args, **inputs: P.kwargs) -> R:
        try:
            return act(*args, **inputs)
        except Conflict as fault:
            given = inspect.signature(act).bind(*args, **inputs).arguments
            if fault.why in NOTED and isinstance(given["by"], Acting) and not in_transaction():
                _note(given["case_ref"], given["action"], given["by"], fault.why)
            raise

    return watched


@use_case
def _note(case_ref: str, action: str, by: Acting, why: str) -> None:
    case = Case.get((Case.number == case_ref) | (Case.id == case_ref))
    require(by, "case.read", case)
    ledger.append("other", "refused", None, by.person_id, case=case.id, action=action, why=why)

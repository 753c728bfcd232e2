"""One use case is one transaction, and it cannot commit without having asked for leave."""

import contextvars
import functools
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, ParamSpec, TypeVar

from peewee import OperationalError

from whistle.store.database import atomic_read, atomic_write, in_transaction, is_deadlock

P = ParamSpec("P")
R = TypeVar("R")

#: How often a use case is begun where PostgreSQL ended it because it and another waited for each other's rows.
TRIES = 3

#: Every use case by `module.function`, with True where it may write. Read by the house tests.
REGISTRY: dict[str, bool] = {}

#: Entered with the use case's name inside its transaction. Tests look here at what it wrote and what it logged.
around: Callable[[str], AbstractContextManager[Any]] = nullcontext

#: The permissions asked so far by the running use case; None outside of one.
_asked: contextvars.ContextVar[list[str] | None] = contextvars.ContextVar("asked", default=None)


class ForgotToAsk(RuntimeError):
    """A use case ended without `access.require` or one of its twins: a programmer's mistake."""


def note_asked(permission: str) -> None:
    """Record that leave was asked; called by `access` alone."""
    asked = _asked.get()
    if asked is not None:
        asked.append(permission)


def use_case(function: Callable[P, R]) -> Callable[P, R]:
    """Run `function` in one write transaction; nested use cases are savepoints of the outer one."""
    return _wrap(function, writes=True)


def reading(function: Callable[P, R]) -> Callable[P, R]:
    """Run `function` in one read transaction."""
    return _wrap(function, writes=False)


def _wrap(function: Callable[P, R], *, writes: bool) -> Callable[P, R]:
    name = f"{function.__module__.removeprefix('whistle.services.')}.{function.__name__}"
    REGISTRY[name] = writes
    transaction = atomic_write if writes else atomic_read

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        for left in range(TRIES - 1, -1, -1):
            try:
                return once(*args, **kwargs)
            except OperationalError as fault:
                if not left or in_transaction() or not is_deadlock(fault):
                    raise
        raise RuntimeError("unreachable")

    def once(*args: P.args, **kwargs: P.kwargs) -> R:
        token = _asked.set([])
        try:
            with transaction(), around(name):
                result = function(*args, **kwargs)
                if not _asked.get():
                    raise ForgotToAsk(name)
                return result
        finally:
            _asked.reset(token)

    return run

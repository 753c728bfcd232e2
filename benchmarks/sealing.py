"""The bare cost of a report's cryptography: every vault call that making one and opening it takes, and nothing else."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from benchmarks.instance import Instance, opened
from benchmarks.reporter import ANSWERS
from whistle.services import drafts, intake, tracking
from whistle.vault import envelope, keys, receipts

REPORTS = 30

#: What costs: slow hash, key pairs, seals to people's keys, records under a symmetric key. None of them calls another
#: by this name, but for the pair that a receipt's hash gives, which is counted with it.
CALLS: tuple[tuple[Any, str], ...] = (
    (receipts, "derive"),
    (keys, "pair_from_seed"),
    (envelope, "seal_to"),
    (envelope, "open_with"),
    (envelope, "seal_record"),
    (envelope, "open_record"),
)


@dataclass
class Spent:
    """Calls and CPU seconds by function."""

    calls: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, with its calls counted here."""

        def run(*args: Any, **kwargs: Any) -> Any:
            begun = time.thread_time()
            try:
                return function(*args, **kwargs)
            finally:
                self.seconds[name] = self.seconds.get(name, 0) + time.thread_time() - begun
                self.calls[name] = self.calls.get(name, 0) + 1

        return run


def measure(instance: Instance) -> dict[str, Any]:
    """CPU milliseconds and calls a report, as means of some reports in this process."""
    with opened(instance):
        _report(instance.token)
        with _watched() as spent:
            for _ in range(REPORTS):
                _report(instance.token)
    return {
        "cpu_ms": 1000 * sum(spent.seconds.values()) / REPORTS,
        "argon2id_ms": 1000 * spent.seconds["derive"] / spent.calls["derive"],
        "seal_to_ms": 1000 * spent.seconds["seal_to"] / spent.calls["seal_to"],
        "calls": {name: count / REPORTS for name, count in spent.calls.items()},
    }


@contextmanager
def _watched() -> Iterator[Spent]:
    spent, before = Spent(), [(module, name, getattr(module, name)) for module, name in CALLS]
    for module, name, function in before:
        setattr(module, name, spent.timed(name, function))
    try:
        yield spent
    finally:
        for module, name, function in before:
            setattr(module, name, function)


def _report(token: str) -> None:
    """What the pages ask of the services, each page's draft read and written once. A file would add to it."""
    secret = drafts.begin(token)
    for answers in ANSWERS.values():
        drafts.load(secret)
        drafts.save(secret, {name: value for name, value in answers.items() if value != "2026年9月3日"})
    intake.submit(secret)
    tracking.view(tracking.open_report(intake.show_receipt(secret).code))

"""Somebody who keeps every key that ever opened for them, and a copy of the database whenever they like.

`look` takes a copy and opens all keys in it; `reads` tells which sealed rows of the database as it is now those keys
open. Nothing here asks a service: what the thief cannot open is kept by arithmetic alone.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from whistle.services import contexts, grants
from whistle.services.access import Acting
from whistle.store.attachments import Attachment
from whistle.store.cases import Case, CaseEvent, CaseKey, CaseSeal, MergedKey, Proposal
from whistle.store.desks import DeskKey, DeskSeal
from whistle.store.reports import Message, Report, ReportKey
from whistle.store.things import THING_TABLES
from whistle.vault import envelope
from whistle.vault.errors import VaultError


class Thief:
    """A person of the office with the private key of now."""

    def __init__(self, by: Acting) -> None:
        self.by = by
        self.desks: dict[int, bytes] = {}
        self.cases: dict[tuple[str, int], bytes] = {}
        self.reports: dict[tuple[str, int], bytes] = {}
        self.look()

    def look(self) -> None:
        """Open every key that opens: desks, then cases back along their chains, then reports under any of them."""
        me = f"person-key:{self.by.key_id}"
        for row in DeskSeal.select(DeskSeal, DeskKey).join(DeskKey):
            context = grants.desk_seal_context(row.desk_key, self.by.key_id)
            _keep(self.desks, row.desk_key_id, partial(envelope.open_with, self.by.seed, row.sealed, context))
        for seal in CaseSeal.select():
            seeds = {me: self.by.seed} | {f"desk-key:{desk}": seed for desk, seed in self.desks.items()}
            for reader, seed in seeds.items():
                context = contexts.case_key(seal.case_id, reader, seal.generation)
                place = (seal.case_id, seal.generation)
                _keep(self.cases, place, partial(envelope.open_with, seed, seal.sealed, context))
                ring = contexts.case_key_on_ring(seal.case_id, reader, seal.generation)
                _keep(
                    self.cases, place, partial(envelope.open_record, grants.keyring(seed), seal.sealed, ring)
                )
        known = -1
        while known < len(self.cases):
            known = len(self.cases)
            self._follow()
        for row in ReportKey.select():
            context = contexts.report_key(row.report_id, "case", row.generation)
            for key in self.cases.values():
                place = (row.report_id, row.generation)
                _keep(self.reports, place, partial(envelope.open_record, key, row.wrapped, context))

    def _follow(self) -> None:
        """From the case keys known so far to the older ones, and to those of the cases that were merged into these."""
        for row in CaseKey.select().order_by(CaseKey.generation.desc()):
            newer = self.cases.get((row.case_id, row.generation + 1))
            if newer is not None and row.sealed_under_next is not None:
                context = contexts.older_case_key(row.case_id, row.generation)
                place = (row.case_id, row.generation)
                _keep(self.cases, place, partial(envelope.open_record, newer, row.sealed_under_next, context))
        for row in MergedKey.select():
            key = self.cases.get((row.target_id, row.target_generation))
            if key is not None:
                box = grants.box_private(row.target, key, row.target_generation)
                context = contexts.merged_case_key(
                    row.case_id, row.target_id, row.generation, row.target_generation
                )
                place = (row.case_id, row.generation)
                _keep(self.cases, place, partial(envelope.open_with, box, row.sealed, context))

    def reads(self) -> set[str]:
        """The ids of all sealed rows of cases that open with the keys kept so far."""
        return {row.id for row, opens in self._rows() if _does(opens)}

    def _rows(self) -> Iterator[tuple[Any, Callable[[], Any]]]:
        for report in Report.select():
            yield report, self._under_report(report, report.id, 1, contexts.report_body, report.sealed_body)
        for table, context in ((Message, contexts.message), (Attachment, contexts.attachment)):
            for row in table.select():
                yield row, self._under_report(row, row.report_id, row.generation, context, row.sealed)
        for event in CaseEvent.select().where(CaseEvent.sealed.is_null(False)):
            yield event, self._under_case(event, contexts.event, in_box=event.by_kind != "office")
        for proposal in Proposal.select():
            yield proposal, self._under_case(proposal, contexts.proposal)
        for kind, table in THING_TABLES.items():
            for thing in table.select():
                yield (
                    thing,
                    self._under_case(thing, lambda id, case, g, kind=kind: contexts.thing(id, kind, case, g)),
                )

    def _under_report(
        self, row: Any, report: str, generation: int, context: Any, sealed: bytes
    ) -> Callable[[], Any]:
        where = context(row.id, generation) if row.id == report else context(row.id, report, generation)
        return lambda: envelope.open_record(self.reports[report, generation], sealed, where)

    def _under_case(self, row: Any, context: Any, *, in_box: bool = False) -> Callable[[], Any]:
        def opens() -> Any:
            key = self.cases[row.case_id, row.generation]
            where = context(row.id, row.case_id, row.generation)
            if not in_box:
                return envelope.open_record(key, row.sealed, where)
            box = grants.box_private(Case.get_by_id(row.case_id), key, row.generation)
            return envelope.open_with(box, row.sealed, where)

        return opens


def _does(opens: Callable[[], Any]) -> bool:
    try:
        opens()
    except (VaultError, KeyError):
        return False
    return True


def _keep(kept: dict[Any, bytes], place: Any, opens: Callable[[], bytes]) -> None:
    if place not in kept:
        try:
            kept[place] = opens()
        except VaultError:
            return

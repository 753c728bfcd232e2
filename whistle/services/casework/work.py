"""What one act on a case, or on a thing of it, carries from its check to its record."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

from whistle.rules.workflow import Action, Need
from whistle.services import grants
from whistle.services.access import Acting, Actor, role_in
from whistle.store.cases import Case
from whistle.store.reports import Report
from whistle.store.things import CaseThing


@dataclasses.dataclass(slots=True)
class Work:
    """An act under way. `facts` stay clear in the event, `words` are sealed; effects may add to both."""

    case: Case
    row: Action
    by: Actor
    facts: dict[str, Any] = dataclasses.field(default_factory=dict)
    words: dict[str, Any] = dataclasses.field(default_factory=dict)
    report: Report | None = None
    #: The measure, item, talk … it is done to; None where it makes one, or is done to the case.
    thing: CaseThing | None = None
    #: The one-time number of the reporter's form.
    form_number: str = ""
    #: The day it took effect, where that is not today.
    valid_on: dt.date | None = None
    #: Who proposed it, where it needed leave.
    proposed_by: int | None = None
    #: Which of several states it leads to.
    to: str | None = None
    held_key: bytes | None = dataclasses.field(default=None, repr=False)
    #: What is noted once the event is written.
    then: list[Callable[[], None]] = dataclasses.field(default_factory=list)
    #: Bytes handed to the person once, such as the package for the superior.
    download: bytes | None = None

    @property
    def person_id(self) -> int | None:
        """The acting person; None for reporter and system."""
        return self.by.person_id if isinstance(self.by, Acting) else None

    @property
    def role(self) -> str:
        """As what the person acts on this case: as head, for who acts as head; nothing for reporter and system."""
        return role_in(self.by, self.case) if isinstance(self.by, Acting) else ""

    @property
    def doer_id(self) -> int | None:
        """Whose act it is in the end: who proposed it, where it needed leave."""
        return self.proposed_by if self.proposed_by is not None else self.person_id

    def key(self) -> bytes:
        """The newest case key, opened in the acting person's session; raises NotAllowed without a grant."""
        if self.held_key is None:
            if not isinstance(self.by, Acting):
                raise TypeError("only a person opens a case")
            self.held_key = grants.case_key(self.by, self.case)
        return self.held_key

    def message(self) -> str:
        """The words meant for the other side, where the action has any and the way chosen sends them."""
        names = [need.name for need in self.row.needs if need.kind == "message" and self._is_sent(need)]
        return "".join(self.words.get(name, "") for name in names)

    def _is_sent(self, need: Need) -> bool:
        return need.required_with is None or self.facts.get(need.required_with[0]) == need.required_with[1]

    def reports(self) -> list[Report]:
        """The report the act is about, or all that joined the case."""
        return [self.report] if self.report is not None else list(self.case.reports)

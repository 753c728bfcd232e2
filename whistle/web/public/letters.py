"""The letters between a reporter and the office as the reporter reads them: headings, reasons in words, by day."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from whistle.rules.taxonomy import TABLES, DeclineReason
from whistle.rules.workflow import ACTIONS
from whistle.services.attachments import File
from whistle.services.messages import Letter
from whistle.services.tracking import Tracked
from whistle.web.filters import term

#: What a letter of the office is, by the action it came with; one that is not here goes by the action's own term.
FROM_OFFICE: Mapping[str, Any] = {
    "write": _l("办理机关的回复"),
    "request_supplement": _l("请您补充"),
    "accept": _l("已受理"),
    "give_notice": _l("受理告知"),
    "decline": _l("不予受理"),
    "redirect": _l("已转交有权处理的机关"),
    "answer": _l("首次答复"),
    "extend": _l("办理期限延长"),
    "feed_back": _l("结果反馈"),
    "second_look": _l("再核结果"),
}
#: The oversight group's own where it is another letter than the office's.
FROM_OVERSIGHT: Mapping[str, Any] = {**FROM_OFFICE, "write": _l("监督小组的回复")}
FROM_REPORTER: Mapping[str, Any] = {
    "write": _l("您写的"),
    "supplement": _l("您补充的"),
    "request_withdrawal": _l("您申请撤回"),
    "request_recusal": _l("您申请回避"),
    "rate": _l("您的评价"),
    "request_protection": _l("您请求保护"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter on the page. `told`: sentences that its codes stand for."""

    heading: str
    is_office: bool
    text: str
    items: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    files: tuple[File, ...] = ()


def by_day(tracked: Tracked) -> list[tuple[dt.date, list[Shown]]]:
    """Everything written so far but the question that waits, the oldest first, with the days as headings."""
    return _by_day(tracked, [letter for letter in tracked.letters if letter != tracked.question])


def all_by_day(tracked: Tracked) -> list[tuple[dt.date, list[Shown]]]:
    """Everything written so far, the question that waits too."""
    return _by_day(tracked, tracked.letters)


def _by_day(tracked: Tracked, letters: list[Letter]) -> list[tuple[dt.date, list[Shown]]]:
    office = FROM_OVERSIGHT if tracked.is_flagged else FROM_OFFICE
    dated = [(letter.sent_on, letter.at, _of_letter(letter, office, tracked.files)) for letter in letters]
    dated += [(asked["on"], asked["at"], _of_recusal(asked)) for asked in tracked.recusals]
    dated += [
        (asked["answered_on"], asked["at"], _of_outcome(asked))
        for asked in tracked.recusals
        if asked["outcome"]
    ]
    dated.sort(key=lambda one: one[:2])
    return [(day, [one[2] for one in group]) for day, group in groupby(dated, key=lambda one: one[0])]


def _of_letter(letter: Letter, from_office: Mapping[str, Any], files: Iterable[File]) -> Shown:
    is_office = letter.side == "office"
    heading = (from_office if is_office else FROM_REPORTER).get(letter.purpose)
    words = term(ACTIONS[letter.purpose]) if heading is None else str(heading)
    own = tuple(file for file in files if file.message_id == letter.id)
    return Shown(words, is_office, letter.text, letter.items, tuple(_told(letter.facts)), own)


def _of_recusal(asked: Mapping[str, Any]) -> Shown:
    told = [_("希望回避的人：%(whom)s", whom=asked["whom"])]
    if not asked["is_read"] and not asked["outcome"]:
        told.append(_("收到这件申请的人已经不再负责此事，需要时请重新申请"))
    return Shown(str(FROM_REPORTER["request_recusal"]), is_office=False, text=asked["why"], told=tuple(told))


#: How a wish for recusal ended, and nothing of who has the case.
OUTCOMES: Mapping[str, Any] = {
    "granted": _l("同意您的申请。应当回避的人不参与办理这件事，也看不到它。"),
    "refused": _l(
        "经审查，没有同意您的申请：写的情况不属于应当回避的情形，或者还不够具体。有新的情况，可以再申请。"
    ),
}


def _of_outcome(asked: Mapping[str, Any]) -> Shown:
    return Shown(_("回避申请的结果"), is_office=True, text=str(OUTCOMES[asked["outcome"]]))


def _told(facts: Mapping[str, Any]) -> list[str]:
    told = []
    reason = TABLES["decline_reasons"].get(facts.get("reason", ""))
    if isinstance(reason, DeclineReason):
        told += [_("理由：%(reason)s", reason=term(reason)), term(reason.where_to_turn)]
    if facts.get("receiver"):
        told.append(_("现在由这里办理：%(receiver)s", receiver=facts["receiver"]))
    return told

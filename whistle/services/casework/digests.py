"""A case's digest: all its words once more, sealed under the case key in the forms that searching and comparing need.

To look through two thousand cases as they lie would take ten records for each; a digest is one. It is made in the
session of somebody who reads the case, when they open it or look for words, and lies in no other place: not in memory
beyond the request, not on a disk. What it covers is told by how many events, proposals and reports the case has; where
these moved on, it is made anew before anybody relies on it. It is not compressed: how far a text can be compressed
tells what it has in common with another in the same record, and a reporter may have written one of the two.

Whatever has words of its own in a case has a function here, or `tests/house/test_searchable.py` says why not. Whoever
deletes words of a case deletes its digest with them.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from peewee import SQL, fn

from whistle.rules import likeness, workflow
from whistle.rules.finding import fold
from whistle.rules.naming import END, Named, is_among, letters
from whistle.rules.reporting import STEPS
from whistle.services import attachments, contexts, grants, messages
from whistle.services.casework import classification, record
from whistle.store.base import database
from whistle.store.cases import Case, CaseEvent, Proposal
from whistle.store.finding import CaseDigest
from whistle.store.reports import Report
from whistle.vault import envelope

#: Answers that are words, in the order of the form.
WRITTEN = tuple(field.name for step in STEPS for field in step.fields if field.kind in ("line", "text"))
#: Of these the text that tells the matter is compared with others.
COMPARED = ("story",)
#: Ends the names that keep readers out, and stands in them for what parts two names; words have none of either.
_END, _PARTED = b"\0", "\x1f"


class Piece(NamedTuple):
    """Some words of a case. `place`: answer, letter, file, step, proposal or decision; `name` says which of them."""

    place: str
    name: str
    text: str


class Covered(NamedTuple):
    """How much of a case there is, or a digest was made of."""

    events: int
    proposals: int
    reports: int


#: `Covered` of a case as it stands now, as columns of a query of cases.
COVERS = (
    fn.COALESCE(CaseEvent.select(fn.MAX(CaseEvent.seq)).where(CaseEvent.case == Case.id), 0),
    Proposal.select(fn.COUNT(Proposal.id) + fn.COUNT(Proposal.decided_at)).where(Proposal.case == Case.id),
    Report.select(fn.COUNT(SQL("1"))).where(Report.case == Case.id),
)


class Traits(NamedTuple):
    """What of a case is held against others: whom it is about, and sketches of its reports.

    `kept_out`: the texts that keep readers out, as `naming.letters` has them.
    """

    kept_out: tuple[str, ...]
    named: Named
    sketches: tuple[likeness.Sketch, ...]


def refresh(case: Case, key: bytes) -> None:
    """Make a case's digest where it is missing or older than the case; in the caller's transaction, the case locked."""
    (now,) = (Covered(*row) for row in database.execute(Case.select(*COVERS).where(Case.id == case.id)))
    row = CaseDigest.get_or_none(CaseDigest.case == case)
    if row is not None and (row.generation, row.events, row.proposals, row.reports) == (
        case.key_generation,
        *now,
    ):
        return
    fresh = CaseDigest(case=case, generation=case.key_generation, **now._asdict())
    pieces = list(_pieces(case, key))
    parts = {
        "folded": _to_folded(case, key, pieces),
        "pieces": json.dumps(pieces, ensure_ascii=False).encode("utf-8", "surrogatepass"),
        "traits": _to_traits(case, key, pieces),
    }
    for part, content in parts.items():
        context = contexts.digest(case.id, part, fresh.covers, fresh.generation)
        setattr(fresh, f"sealed_{part}", envelope.seal_record(key, content, context))
    fresh.save(force_insert=row is None)


def open_part(key: bytes, part: str, case_id: str, generation: int, covered: Covered, sealed: bytes) -> bytes:
    """A part of a digest: folded, pieces or traits. Raises VaultError for one that was not made of this case."""
    covers = ".".join(map(str, covered))
    return envelope.open_record(key, sealed, contexts.digest(case_id, part, covers, generation))


# --- what is in it -------------------------------------------------------------------------------------------


def _pieces(case: Case, key: bytes) -> Iterator[Piece]:
    for report in case.reports.order_by(Report.received_on, Report.id):
        yield from _of_report(case, key, report)
    for item in record.timeline(case, key):
        yield from _of_words("step", item.action.name, item.words, is_sent=bool(item.facts.get("messages")))
    for proposal in case.proposals.where(Proposal.state != "approved").order_by(
        Proposal.made_at, Proposal.id
    ):
        yield from _of_proposal(case, key, proposal)


def _of_report(case: Case, key: bytes, report: Report) -> Iterator[Piece]:
    def key_of(generation: int) -> bytes:
        return grants.report_key(case, key, report, generation)

    answers = _answers(case, key, report)
    yield from (Piece("answer", name, str(answers[name])) for name in WRITTEN if answers.get(name))
    letters_ = messages.letters(report, key_of)
    for letter in letters_:
        told = (letter.text, *letter.items, letter.facts.get("receiver", ""))
        yield from (Piece("letter", letter.side, text) for text in told if text)
    for file in attachments.of_report(report, key_of, letters_):
        yield Piece("file", "", file.name)


def _answers(case: Case, key: bytes, report: Report) -> dict[str, Any]:
    context = contexts.report_body(report.id, 1)
    body = envelope.open_json_record(grants.report_key(case, key, report, 1), report.sealed_body, context)
    return dict(body["answers"])


def _of_words(place: str, name: str, words: dict[str, Any], *, is_sent: bool = False) -> Iterator[Piece]:
    """What was written with a step; a message that went out stands among the letters, and a code is no words."""
    for need in workflow.ACTIONS[name].needs:
        value = words.get(need.name)
        if need.table or (need.kind == "message" and is_sent):
            continue
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and text:
                yield Piece(place, f"{name}/{need.name}", text)


def _of_proposal(case: Case, key: bytes, proposal: Proposal) -> Iterator[Piece]:
    own = grants.key_of_generation(case, key, proposal.generation)
    context = contexts.proposal(proposal.id, case.id, proposal.generation)
    body = envelope.open_json_record(own, proposal.sealed, context)
    yield from _of_words("proposal", proposal.action, body["words"])
    if proposal.sealed_decision is not None:
        context = contexts.decision(proposal.id, case.id, proposal.generation)
        answer = envelope.open_json_record(own, proposal.sealed_decision, context)
        yield Piece("decision", proposal.action, str(answer["text"]))


# --- the forms it has ----------------------------------------------------------------------------------------


def _to_folded(case: Case, key: bytes, pieces: list[Piece]) -> bytes:
    """Names that keep readers out, then the words, folded: UTF-8, in which a word is found without decoding."""
    kept_out = "\n".join(line.replace(END, _PARTED) for line in _kept_out(case, key))
    words = "\n".join(fold(piece.text) for piece in pieces)
    return _bytes(kept_out) + _END + _bytes(words)


def in_folded(content: bytes) -> tuple[bytes, bytes]:
    """The names that keep readers out, for `keeps_out`, and the words as they are searched."""
    kept_out, _end, words = content.partition(_END)
    return kept_out, words


def keeps_out(kept_out: bytes, name: str) -> bool:
    """Whether the names that keep readers out have this one among them; `name` is as `naming.letters` has it."""
    lines = kept_out.decode("utf-8", "surrogatepass").split("\n")
    return any(is_among(name, line.replace(_PARTED, END)) for line in lines)


def word_bytes(word: str) -> bytes:
    """A folded word as it stands in the words that are searched."""
    return _bytes(word)


def _to_traits(case: Case, key: bytes, pieces: list[Piece]) -> bytes:
    known = {
        "kept_out": _kept_out(case, key),
        "names": sorted(classification.registered_names(case, key)),
        "texts": [letters(p.text) for p in pieces if p.place == "answer" and p.name in ("people", "story")],
    }
    told = [p.text for p in pieces if p.place == "answer" and p.name in COMPARED]
    sketches = [data for text in told if (data := likeness.to_bytes(likeness.sketch(text)))]
    head = _bytes(json.dumps(known, ensure_ascii=False))
    return b"".join((len(part).to_bytes(4, "big") + part) for part in (head, *sketches))


def in_traits(content: bytes) -> Traits:
    """What is held against others."""
    parts, at = [], 0
    while at < len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        parts.append(content[at + 4 : at + 4 + size])
        at += 4 + size
    known = json.loads(parts[0].decode("utf-8", "surrogatepass"))
    named = Named(tuple(known["names"]), tuple(known["texts"]))
    return Traits(tuple(known["kept_out"]), named, tuple(likeness.from_bytes(part) for part in parts[1:]))


def in_pieces(content: bytes) -> list[Piece]:
    """The words as they were written; an older digest still has some that no case shows any more."""
    pieces = [Piece(*piece) for piece in json.loads(content.decode("utf-8", "surrogatepass"))]
    return [piece for piece in pieces if (piece.place, piece.name) != ("step", "record_interference")]


def _kept_out(case: Case, key: bytes) -> list[str]:
    return [letters(words) for words in grants.names_kept_out(case, key) if words]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")

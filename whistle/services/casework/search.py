"""Finding cases: by what lies in the clear, and by words inside what is sealed, of the cases that a person may read.

Words are looked for in the person's own session, in digests that are opened for the moment (`looking`); there is no
index of words. The query lies sealed under the person's own key until the session ends, so that the result has an
address without it. Each look leaves a leaf that says who looked through how many cases and how many were found, never
for what; and each case of which a line is shown counts as opened, as if its page had been.
"""

import dataclasses
import datetime as dt
from typing import Any

from whistle.rules import finding
from whistle.rules.naming import letters
from whistle.services import contexts, keyrings, ledger
from whistle.services.access import Acting, require
from whistle.services.casework import desk, digests, looking, openings, scope, typed_numbers
from whistle.services.casework.desk import DeskRow
from whistle.services.casework.desk_filters import DeskFilters, narrowed
from whistle.services.errors import Invalid, NotFound
from whistle.services.use_case import reading, use_case
from whistle.store.cases import Case
from whistle.store.database import lock_row
from whistle.store.finding import CaseDigest, LastSearch
from whistle.vault import envelope, keys
from whistle.vault.errors import VaultError

PAGE_SIZE = 20
#: Snippets shown of one case.
MOST_SNIPPETS = 3
#: So many ids a question may name; beyond that all that are held are asked for.
MOST_NAMED = 500


@dataclasses.dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. All words of `text` have to occur; every other field that is not empty narrows.

    These are the desk's, by the same names (`DeskFilters`).
    """

    text: str = ""
    number: str = ""
    state: str = ""
    kind: str = ""
    category: str = ""
    unit: str = ""
    officer: str = ""
    clock: str = ""
    received_from: dt.date | None = None
    received_to: dt.date | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Where:
    """A line that shows where a word stands: which place of the case (`digests.Piece`), and the words around it."""

    place: str
    name: str
    snippet: finding.Snippet


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """A case that was found; without words in the query nothing of it was read."""

    row: DeskRow
    where: tuple[Where, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """A page of what was found, what came in last first. `read`: cases that were looked through; `left`: that could not
    be yet.
    """

    query: Query
    found: tuple[Found, ...]
    total: int
    number: int
    pages: int
    read: int
    left: int


# --- what is looked for --------------------------------------------------------------------------------------


@use_case
def keep(by: Acting, query: Query) -> None:
    """Keep what a person looks for until the session ends, in place of what came before. Raises Invalid."""
    require(by, "case.search")
    _check(query)
    context = contexts.last_search(by.session_id)
    sealed = envelope.seal_json_record(_own_key(by), _to_plain(query), context)
    LastSearch.delete().where(LastSearch.session == by.session_id).execute()
    LastSearch.create(session=by.session_id, sealed=sealed)


@reading
def kept(by: Acting) -> Query:
    """What this session looks for; raises NotFound where it has not looked for anything."""
    require(by, "case.search")
    row = LastSearch.get_or_none(LastSearch.session == by.session_id)
    if row is None:
        raise NotFound("search")
    try:
        plain = envelope.open_json_record(_own_key(by), row.sealed, contexts.last_search(by.session_id))
        return _from_plain(plain)
    except (VaultError, KeyError, TypeError):  # of an older version of the program, perhaps
        raise NotFound("search") from None


def _own_key(by: Acting) -> bytes:
    return keys.derive(by.seed, "last-search")


_DAYS = ("received_from", "received_to")


def _to_plain(query: Query) -> dict[str, Any]:
    plain = dataclasses.asdict(query)
    return plain | {name: None if plain[name] is None else plain[name].isoformat() for name in _DAYS}


def _from_plain(plain: dict[str, Any]) -> Query:
    days = {name: None if plain[name] is None else dt.date.fromisoformat(plain[name]) for name in _DAYS}
    return Query(**plain | days)


def _check(query: Query) -> None:
    words = finding.words_of(query.text)
    if not _is_narrow(query) and not words:
        raise Invalid("text", "empty")
    if len(query.text) > finding.MOST_CHARACTERS:
        raise Invalid("text", "too_long", limit=finding.MOST_CHARACTERS)
    if len(words) > finding.MOST_WORDS:
        raise Invalid("text", "too_many", limit=finding.MOST_WORDS)
    if query.received_from and query.received_to and query.received_to < query.received_from:
        raise Invalid("received_to", "before_start")


def _is_narrow(query: Query) -> bool:
    return dataclasses.replace(query, text="") != Query()


# --- looking -------------------------------------------------------------------------------------------------


def find(by: Acting, query: Query, number: int = 1) -> Page:
    """A page of the cases that fit. Raises Invalid for a query that says nothing, or too much.

    What is shown of a case is recorded in the transaction before it is returned, and only for cases that may still be
    read then.
    """
    _check(query)
    words = finding.words_of(query.text)
    if not words:
        return _by_columns(by, query, number)
    wanted = [digests.word_bytes(word) for word in words]
    own_name = letters(by.name)

    def pick(content: bytes) -> bool | None:
        kept_out, text = digests.in_folded(content)
        if not all(word in text for word in wanted) or digests.keeps_out(kept_out, own_name):
            return None
        return True

    looked = looking.through(by, "folded", lambda cases: _narrowed(cases, by, query), pick)
    page = _shown(by, query, words, looked, number)
    keyrings.gather(by)
    return page


@reading
def _by_columns(by: Acting, query: Query, number: int) -> Page:
    """Without words: every case that the person may know of, as the desk lists it; nothing is opened."""
    require(by, "case.search")
    ids = [
        id
        for (id,) in _narrowed(scope.visible(by), by, query)
        .select(Case.id)
        .order_by(Case.received_on.desc(), Case.id.desc())
        .tuples()
    ]
    number, pages = _page_of(ids, number)
    rows = _rows(by, ids[(number - 1) * PAGE_SIZE : number * PAGE_SIZE])
    found = tuple(Found(row, ()) for row in rows.values())
    return Page(query, found, len(ids), number, pages, read=0, left=0)


@use_case
def _shown(by: Acting, query: Query, words: list[str], looked: looking.Looked[bool], number: int) -> Page:
    """The page's cases with the lines that were found, each recorded as opened."""
    require(by, "case.search")
    held = {picked.case_id: picked.key for picked in looked.picked}
    ids = _newest_first(by, list(held))
    number, pages = _page_of(ids, number)
    page_ids = ids[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    list(lock_row(Case.select(Case.id).where(Case.id.in_(page_ids)).order_by(Case.id)))
    rows = _rows(by, _newest_first(by, page_ids))
    where = _where(words, {case_id: held[case_id] for case_id in rows})
    openings.note_all(by, list(rows))
    ledger.append("other", "searched", None, by=by.person_id, cases=looked.read, found=len(ids))
    found = tuple(Found(row, where.get(case_id, ())) for case_id, row in rows.items())
    return Page(query, found, len(ids), number, pages, read=looked.read, left=looked.left)


def _newest_first(by: Acting, ids: list[str]) -> list[str]:
    """The ids of those that this person still holds, what came in last first."""
    query = scope.held_cases(by).select(Case.id).order_by(Case.received_on.desc(), Case.id.desc())
    if len(ids) <= MOST_NAMED:
        query = query.where(Case.id.in_(ids))
    wanted = set(ids)
    return [id for (id,) in query.tuples() if id in wanted]


def _page_of(ids: list[str], number: int) -> tuple[int, int]:
    """The number of a page that there is, and how many there are."""
    pages = max(1, -(-len(ids) // PAGE_SIZE))
    return min(max(1, number), pages), pages


def _rows(by: Acting, ids: list[str]) -> dict[str, DeskRow]:
    known = {case.id: case for case in Case.select().where(Case.id.in_(ids))}
    in_order = [known[id] for id in ids if id in known]
    return dict(zip((case.id for case in in_order), desk.rows(by, in_order), strict=True))


def _where(words: list[str], held: dict[str, bytes]) -> dict[str, tuple[Where, ...]]:
    rows = CaseDigest.select().where(CaseDigest.case.in_(list(held)))
    found = {}
    for row in rows:
        covered = digests.Covered(row.events, row.proposals, row.reports)
        try:
            content = digests.open_part(
                held[row.case_id], "pieces", row.case_id, row.generation, covered, row.sealed_pieces
            )
        except VaultError:
            continue  # it moved on in this moment: the case is shown without a line
        found[row.case_id] = tuple(_lines(words, digests.in_pieces(content)))
    return found


def _lines(words: list[str], pieces: list[digests.Piece]) -> list[Where]:
    """A line for each word, the first place where it stands; one that shows several words stands for all of them."""
    lines: list[Where] = []
    left = set(words)
    for piece in pieces:
        folded = finding.fold(piece.text)
        here = {word for word in left if word in folded}
        while here and len(lines) < MOST_SNIPPETS:
            snippet = finding.snippet(piece.text, sorted(here))
            if snippet is None:
                break
            lines.append(Where(piece.place, piece.name, snippet))
            shown = snippet.shows(here) or here
            here, left = here - shown, left - shown
    return lines


# --- what lies in the clear ----------------------------------------------------------------------------------


def _narrowed(cases: Any, by: Acting, query: Query) -> Any:
    plain = {name: value for name, value in dataclasses.asdict(query).items() if name != "text"}
    return narrowed(cases, by, DeskFilters(view="all", **plain))


@reading
def by_number(by: Acting, typed: str) -> list[str]:
    """The numbers that a typed one may mean, of the cases that this person may know of: at most two.

    The beginning may be left out, and zeros: 123 means 清访2026-000123 and what has that number in other years.
    """
    require(by, "case.search")
    number = typed_numbers.read(typed)
    return [] if number is None else [str(case.number) for case in typed_numbers.known(by, number)]

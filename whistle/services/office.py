"""What this instance is: its mode, the office's names and its own words."""

from dataclasses import dataclass

from whistle import clock
from whistle.services import access, ledger, names
from whistle.services.access import Acting
from whistle.services.errors import Conflict, Invalid, NotFound
from whistle.services.use_case import reading, use_case
from whistle.store.database import lock_row
from whistle.store.offices import Office, Series
from whistle.store.prepared import Prepared

#: Modes in which all people are invented: no second factor, one common password, a switcher.
INVENTED = frozenset({"trial", "demo"})
#: Digits a case number may have, at least and at most.
NUMBER_WIDTHS = (4, 9)
#: Languages that public pages can have; the first always, for everybody here reads it.
LANGUAGES = ("zh_CN", "en")
#: The longest of the office's own texts.
LONGEST_TEXT = 1_000
#: Texts in which an office says something in its own words, each in both languages; an empty one leaves ours.
TEXTS = ("front_zh", "front_en", "form_zh", "form_en", "receipt_zh", "receipt_en")


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What the office says itself: on the front page, where a report begins, and beneath the receipt code."""

    front_zh: str = ""
    front_en: str = ""
    form_zh: str = ""
    form_en: str = ""
    receipt_zh: str = ""
    receipt_en: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What anybody may know of the instance."""

    mode: str
    name_zh: str
    name_en: str
    public_phone: str
    superior_address: str
    public_email: str
    languages: tuple[str, ...]
    own_words: OwnWords

    @property
    def is_invented(self) -> bool:
        """Whether this is a trial or a demo, whose pages and posters must say so."""
        return self.mode in INVENTED


@dataclass(frozen=True, slots=True)
class OfficeSettings:
    """What an administrator may set; `number_prefix` and `number_width` make the numbers of cases to come."""

    name_zh: str
    name_en: str
    number_prefix: str
    number_width: int
    public_phone: str
    superior_address: str
    public_email: str = ""
    languages: tuple[str, ...] = LANGUAGES
    own_words: OwnWords = OwnWords()


@reading
def about() -> About | None:
    """The instance as it may be shown to anybody; None before it was set up."""
    access.as_stranger("office.about")
    row = _row()
    if row is None:
        return None
    return About(
        row.mode,
        row.name_zh,
        row.name_en,
        row.public_phone,
        row.superior_address,
        row.public_email or "",
        tuple(row.languages or LANGUAGES),
        _own_words(row),
    )


@reading
def settings(by: Acting) -> OfficeSettings:
    """The settings as they stand."""
    access.require(by, "office.settings")
    return _settings_of(current())


def _settings_of(row: Office) -> OfficeSettings:
    return OfficeSettings(
        name_zh=row.name_zh,
        name_en=row.name_en,
        number_prefix=row.number_prefix,
        number_width=row.number_width,
        public_phone=row.public_phone,
        superior_address=row.superior_address,
        public_email=row.public_email or "",
        languages=tuple(row.languages or LANGUAGES),
        own_words=_own_words(row),
    )


@reading
def next_number(by: Acting) -> str:
    """The number that the next case gets as things stand."""
    access.require(by, "office.settings")
    year = clock.today().year
    given = Series.get_or_none(Series.name == "case", Series.year == year)
    return case_number(current(), year, 1 if given is None else given.last + 1)


def case_number(row: Office, year: int, number: int) -> str:
    """A case's number as the office writes it now."""
    return f"{row.number_prefix}{year}-{number:0{row.number_width}d}"


@use_case
def change(by: Acting, wanted: OfficeSettings, was: OfficeSettings | None = None) -> None:
    """Set the office's names, the form of case numbers to come, how it is reached, its languages and its own words.

    `was` is how they stood when `wanted` was put together: raises Conflict 'changed' where they no longer do.
    """
    access.require(by, "office.change")
    row = lock_row(Office.select()).get()
    if was is not None and was != _settings_of(row):
        raise Conflict("changed")
    if not NUMBER_WIDTHS[0] <= wanted.number_width <= NUMBER_WIDTHS[1]:
        raise Invalid("number_width", "out_of_range", least=NUMBER_WIDTHS[0], most=NUMBER_WIDTHS[1])
    row.name_zh = names.clean(wanted.name_zh, "name_zh")
    row.name_en = names.clean(wanted.name_en, "name_en", longest=120, may_be_empty=True)
    row.number_prefix = names.clean_prefix(wanted.number_prefix, "number_prefix", longest=8)
    row.number_width = wanted.number_width
    row.public_phone = names.clean_phone(wanted.public_phone, "public_phone")
    row.superior_address = names.clean(
        wanted.superior_address, "superior_address", longest=200, may_be_empty=True
    )
    row.public_email = names.clean_email(wanted.public_email, "public_email") or None
    chosen = [code for code in LANGUAGES if code == LANGUAGES[0] or code in wanted.languages]
    row.languages = None if chosen == list(LANGUAGES) else chosen
    for name in TEXTS:
        text = names.clean_lines(getattr(wanted.own_words, name), name, longest=LONGEST_TEXT)
        setattr(row, name, text or None)
    row.save()
    ledger.append("other", "office_changed", row, by=by.person_id)


def current() -> Office:
    """The office's row; raises NotFound before set-up."""
    row = _row()
    if row is None:
        raise NotFound("office")
    return row


def is_invented() -> bool:
    """Whether the instance is a trial or a demo."""
    row = _row()
    return row is not None and row.mode in INVENTED


def _own_words(row: Office) -> OwnWords:
    return OwnWords(**{name: getattr(row, name) or "" for name in TEXTS})


def _row() -> Office | None:
    return _WHOLE.first()


_WHOLE = Prepared(Office, lambda _no_text: Office.select().order_by(Office.id))

"""What this instance is: its mode and the office's names."""

from dataclasses import dataclass, fields

from whistle.services import access, ledger, names
from whistle.services.access import Acting
from whistle.services.errors import Invalid, NotFound
from whistle.services.use_case import reading, use_case
from whistle.store.offices import Office

#: Modes in which all people are invented: no second factor, one common password, a switcher.
INVENTED = frozenset({"trial", "demo"})
#: Digits a case number may have, at least and at most.
NUMBER_WIDTHS = (4, 9)


@dataclass(frozen=True, slots=True)
class About:
    """What anybody may know of the instance."""

    mode: str
    name_zh: str
    name_en: str
    public_phone: str
    superior_address: str

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


@reading
def about() -> About | None:
    """The instance as it may be shown to anybody; None before it was set up."""
    access.as_stranger("office.about")
    columns = [getattr(Office, field.name) for field in fields(About)]
    row = Office.select(*columns).order_by(Office.id).tuples().first()
    return None if row is None else About(*row)


@reading
def settings(by: Acting) -> OfficeSettings:
    """The settings as they stand."""
    access.require(by, "office.settings")
    row = current()
    return OfficeSettings(
        row.name_zh, row.name_en, row.number_prefix, row.number_width, row.public_phone, row.superior_address
    )


@use_case
def change(by: Acting, wanted: OfficeSettings) -> None:
    """Set the office's names, the form of case numbers to come, the telephone and the superior's address."""
    access.require(by, "office.change")
    row = current()
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


def _row() -> Office | None:
    row: Office | None = Office.select().order_by(Office.id).first()
    return row

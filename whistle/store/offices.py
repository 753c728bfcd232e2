"""The instance itself: its mode, the office's names and the settings an administrator enters."""

from peewee import AutoField, BlobField, Check, IntegerField, TextField

from whistle.store.base import Table
from whistle.store.fields import DayField, InstantField, JsonField


class Office(Table):
    """One row: what this instance is. Its mode never changes once chosen."""

    id = IntegerField(primary_key=True, default=1, constraints=[Check("id = 1")])
    mode = TextField(constraints=[Check("mode IN ('office', 'trial', 'demo')")])
    name_zh = TextField()
    name_en = TextField()
    number_prefix = TextField(default="清访")
    number_width = IntegerField(default=6)
    public_phone = TextField(default="12388")
    superior_address = TextField(default="")
    #: Columns that came later may be NULL, which stands for nothing said: older digests of the log stay as they are.
    public_email = TextField(null=True)
    languages = JsonField(null=True)
    front_zh = TextField(null=True)
    front_en = TextField(null=True)
    form_zh = TextField(null=True)
    form_en = TextField(null=True)
    receipt_zh = TextField(null=True)
    receipt_en = TextField(null=True)
    made_on = DayField()
    #: Trial and demo only: the password all invented people share, so that the switcher can sign in as them.
    common_password = TextField(null=True)

    class Meta:
        constraints = [Check("common_password IS NULL OR mode <> 'office'")]


class SetupLink(Table):
    """The one-time link that starts an instance; only a hash of its token is kept."""

    id = AutoField()
    token_hash = BlobField(unique=True)
    made_at = InstantField()
    used_at = InstantField(null=True)


class ReceiptSalt(Table):
    """The public salt of receipt codes, by generation; the newest two are tried."""

    generation = IntegerField(primary_key=True)
    salt = BlobField()
    made_on = DayField()


class Series(Table):
    """A run of numbers without gaps: case numbers by year."""

    id = AutoField()
    name = TextField()
    year = IntegerField()
    last = IntegerField(constraints=[Check("last >= 0")])

    class Meta:
        indexes = ((("name", "year"), True),)


class DayOverride(Table):
    """What was entered by hand about a day, or about the whole year whose 1 January is `day`. Rows only come: the
    newest of a day counts, and 'published' takes an earlier one back.
    """

    id = AutoField()
    day = DayField()
    says = TextField(
        constraints=[Check("says IN ('off', 'worked', 'published', 'year_known', 'year_unknown')")]
    )
    entered_by = IntegerField()
    recorded_at = InstantField()

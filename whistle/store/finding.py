"""What searching and comparing keep: a sealed copy of each case's words, and what people said of two cases."""

from __future__ import annotations

from peewee import BlobField, BooleanField, Check, ForeignKeyField, IntegerField, TextField

from whistle.store.base import RandomIdTable
from whistle.store.cases import Case
from whistle.store.fields import InstantField, new_id
from whistle.store.people import OfficerSession, Person


class CaseDigest(RandomIdTable):
    """All words of a case once more, in the forms that searching and comparing need, under the newest case key.

    Made in the session of somebody who reads the case. `events`, `proposals` and `reports` say what it covers: how many
    of each there were, decided proposals twice. They are part of what each seal is bound to; where the case has other
    numbers now, the digest is made anew.
    """

    #: The sealed columns' names without `sealed_`.
    PARTS = ("folded", "pieces", "traits")

    case = ForeignKeyField(Case, primary_key=True, backref="digest")
    case_id: str
    generation = IntegerField()
    events = IntegerField()
    proposals = IntegerField()
    reports = IntegerField()
    #: The words as they are compared: folded, for every case at once.
    sealed_folded = BlobField()
    #: The words as they were written, for a snippet.
    sealed_pieces = BlobField()
    #: Names and sketches of texts, for what may be related.
    sealed_traits = BlobField()

    @property
    def covers(self) -> str:
        """How much of the case it was made of, as its seals are bound to it."""
        return f"{self.events}.{self.proposals}.{self.reports}"


class Relation(RandomIdTable):
    """What somebody who reads two cases said of them: whether they belong together, whether they are about one person.

    One row a pair and question: the case with the lesser id comes first. A later answer takes the place of an earlier
    one; the log keeps both.
    """

    id = TextField(primary_key=True, default=new_id)
    case = ForeignKeyField(Case, backref="relations")
    case_id: str
    other = ForeignKeyField(Case, backref="relations_of_other")
    other_id: str
    about = TextField(constraints=[Check("about IN ('matter', 'person')")])
    is_so = BooleanField()
    by = ForeignKeyField(Person)
    by_id: int
    recorded_at = InstantField()

    class Meta:
        constraints = [Check("case_id < other_id")]
        indexes = ((("case", "other", "about"), True),)


class LastSearch(RandomIdTable):
    """What a signed-in person last looked for, sealed under their own key; it ends with the session."""

    session = ForeignKeyField(OfficerSession, primary_key=True, on_delete="CASCADE")
    session_id: int
    sealed = BlobField()

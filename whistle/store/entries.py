"""The transparency log's rows: leaves with their openings, tree nodes, and signed checkpoints."""

from peewee import BlobField, Check, CompositeKey, IntegerField, TextField

from whistle.store.base import Table
from whistle.store.fields import DayField, InstantField


class Entry(Table):
    """A leaf with its opening. `position` is the leaf's index, counted from 0."""

    position = IntegerField(primary_key=True)
    type = TextField()
    day = DayField()
    leaf = BlobField()
    leaf_hash = BlobField()
    #: The opening: random bytes and the canonical record.
    salt = BlobField()
    record = TextField()
    #: Mixed into the record's digest of the row and never part of an opening: a row has few clear columns,
    #: and who holds an opening could else find officer or category by trying them all.
    blind = BlobField()
    #: What the record speaks of, again as columns, so that a row finds its leaves.
    about_table = TextField()
    about_id = TextField()

    class Meta:
        indexes = ((("about_table", "about_id", "position"), False),)


class Node(Table):
    """The root of a full subtree: `place` counted from the left at `level` (leaves are level 0)."""

    level = IntegerField()
    place = IntegerField()
    hash = BlobField()

    class Meta:
        primary_key = CompositeKey("level", "place")


class LogHead(Table):
    """One row that says how many leaves there are; locked by every append, so there is one writer."""

    id = IntegerField(primary_key=True, constraints=[Check("id = 1")])
    size = IntegerField()


class Checkpoint(Table):
    """A signed note of the log's size and root, made once a day."""

    size = IntegerField(primary_key=True)
    root = BlobField()
    day = DayField(unique=True)
    note = TextField()
    made_at = InstantField()

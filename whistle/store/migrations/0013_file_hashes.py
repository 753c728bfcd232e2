"""A file's row says what its sealed bytes are, for files sealed from now on; of older ones nobody could say it."""

from typing import Any

from peewee import SqliteDatabase


def up(migrator: Any, db: Any) -> None:
    """Add the column, empty in older rows: a hash taken now would vouch for whatever lies there now."""
    blob = "BLOB" if isinstance(db, SqliteDatabase) else "BYTEA"
    db.execute_sql(
        f'ALTER TABLE "attachment" ADD COLUMN "file_sha256" {blob} CHECK (length(file_sha256) = 32)'
    )

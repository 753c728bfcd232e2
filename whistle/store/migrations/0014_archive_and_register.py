"""One archive desk an office, and the contact of a real-name reporter who has no receipt code.

SQLite takes no NOT NULL away from a column, so the table is made anew there.
"""

from typing import Any

from peewee import SqliteDatabase

ONE_ARCHIVE = """CREATE UNIQUE INDEX "desk_one_archive" ON "desk" ("kind") WHERE ("kind" = 'archive')"""

COLUMNS = '"report_id", "sealed_contact", "half_under_case", "case_generation", "half_to_reporter", "half_to_recovery"'
SQLITE = f"""
CREATE TABLE "contact" (
    "report_id" TEXT NOT NULL PRIMARY KEY REFERENCES "report" ("id"),
    "sealed_contact" BLOB NOT NULL,
    "half_under_case" BLOB NOT NULL,
    "case_generation" INTEGER NOT NULL,
    "half_to_reporter" BLOB,
    "half_to_recovery" BLOB
) WITHOUT ROWID, STRICT;
INSERT INTO "contact" ({COLUMNS}) SELECT {COLUMNS} FROM "identity";
DROP TABLE "identity";
ALTER TABLE "contact" RENAME TO "identity"
"""  # noqa: S608 - nothing of it comes from outside

POSTGRESQL = 'ALTER TABLE "identity" ALTER COLUMN "half_to_reporter" DROP NOT NULL'


def up(migrator: Any, db: Any) -> None:
    """Make the index, and let the reporter's half be missing."""
    db.execute_sql(ONE_ARCHIVE)
    for statement in SQLITE.split(";\n") if isinstance(db, SqliteDatabase) else [POSTGRESQL]:
        db.execute_sql(statement.strip())

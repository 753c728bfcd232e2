"""Units that are kept out of a case although no report names them."""

from string import Formatter
from typing import Any

from peewee import SqliteDatabase

TABLES = """
CREATE TABLE "unit_shut_out" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "case_id" TEXT NOT NULL REFERENCES "case" ("id"),
    "unit_id" INTEGER NOT NULL REFERENCES "unit" ("id")
){strict_without_rowid};
CREATE UNIQUE INDEX "unit_shut_out_case_id_unit_id" ON "unit_shut_out" ("case_id", "unit_id");
CREATE INDEX "unit_shut_out_case_id" ON "unit_shut_out" ("case_id");
CREATE INDEX "unit_shut_out_unit_id" ON "unit_shut_out" ("unit_id");
"""


def up(migrator: Any, db: Any) -> None:
    """Make the table, as strict as those of the first form."""
    strict = " STRICT, WITHOUT ROWID" if isinstance(db, SqliteDatabase) else ""
    for statement in Formatter().vformat(TABLES, (), {"strict_without_rowid": strict}).split(";\n"):
        if statement.strip():
            db.execute_sql(statement.strip())

"""A wish that waits for somebody's word can be taken back; SQLite changes no check, so the table is made anew there."""

from typing import Any

from peewee import SqliteDatabase

CHANGED = (
    "state IN ('waiting', 'confirmed', 'refused', 'withdrawn')",
    "decided_by_id IS NULL OR decided_by_id <> asked_by_id OR state = 'withdrawn'",
)

SQLITE = f"""
CREATE TABLE "wish" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "kind" TEXT NOT NULL,
    "what" TEXT NOT NULL,
    "asked_by_id" INTEGER NOT NULL REFERENCES "person" ("id"),
    "asked_at" INTEGER NOT NULL,
    "state" TEXT NOT NULL CHECK ({CHANGED[0]}),
    "decided_by_id" INTEGER REFERENCES "person" ("id"),
    "decided_at" INTEGER,
    CHECK ((state = 'waiting') = (decided_at IS NULL)),
    CHECK ({CHANGED[1]})
) STRICT;
INSERT INTO "wish" ("id", "kind", "what", "asked_by_id", "asked_at", "state", "decided_by_id", "decided_at")
    SELECT "id", "kind", "what", "asked_by_id", "asked_at", "state", "decided_by_id", "decided_at"
    FROM "confirmation" ORDER BY "id";
DROP TABLE "confirmation";
ALTER TABLE "wish" RENAME TO "confirmation";
CREATE INDEX "confirmation_asked_by_id" ON "confirmation" ("asked_by_id");
CREATE INDEX "confirmation_decided_by_id" ON "confirmation" ("decided_by_id")
"""  # noqa: S608 - nothing of it comes from outside

#: The two checks by the column that only they name.
POSTGRESQL = """
SELECT conname FROM pg_constraint
WHERE contype = 'c' AND conrelid = to_regclass('confirmation')
  AND (pg_get_constraintdef(oid) LIKE '%%asked_by_id%%' OR pg_get_constraintdef(oid) LIKE '%%refused%%')
"""


def up(migrator: Any, db: Any) -> None:
    """Let a wish be withdrawn, by who asked for it too."""
    if isinstance(db, SqliteDatabase):
        for statement in SQLITE.split(";\n"):
            db.execute_sql(statement.strip())
        return
    for (name,) in db.execute_sql(POSTGRESQL).fetchall():
        db.execute_sql(f'ALTER TABLE "confirmation" DROP CONSTRAINT "{name}"')
    for check in CHANGED:
        db.execute_sql(f'ALTER TABLE "confirmation" ADD CHECK ({check})')

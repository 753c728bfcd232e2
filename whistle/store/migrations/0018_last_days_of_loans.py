"""The last day of a loan from the archive stands in the grant itself, so that it opens nothing from the next day on."""

import json
from typing import Any

COLUMN = """ALTER TABLE "case_seal" ADD COLUMN "until" TEXT CHECK (until IS NULL OR reason = 'lent')"""
LOANS = """
SELECT "case_seal"."id", "case_seal"."person_id", "case_event"."facts"
FROM "case_seal" JOIN "case_event" ON "case_event"."case_id" = "case_seal"."case_id"
WHERE "case_seal"."reason" = 'lent' AND "case_event"."action" = 'lend'
ORDER BY "case_event"."seq"
"""
SET_DAY = 'UPDATE "case_seal" SET "until" = ? WHERE "id" = ?'


def up(migrator: Any, db: Any) -> None:
    """Add the column with the days of the loans that last."""
    db.execute_sql(COLUMN)
    fill(db)


def fill(db: Any) -> None:
    """Take the days from the events; the newest loan of a person counts."""
    for seal_id, person_id, facts in db.execute_sql(LOANS).fetchall():
        said = json.loads(facts)
        if said["person"] == person_id:
            db.execute_sql(SET_DAY.replace("?", db.param), (said["until"], seal_id))

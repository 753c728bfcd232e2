"""What goes up to the superior: everything in a case as one file that only the superior's private key opens."""

import base64
from typing import Any

from whistle import clock
from whistle.services import attachments, contexts, grants, messages, superior
from whistle.services.errors import Conflict
from whistle.store.cases import Case
from whistle.store.reports import Identity, IdentitySeal, Report
from whistle.vault import envelope


def make(case: Case, key: bytes, note: str) -> bytes:
    """The case's reports and messages with the covering note. Raises Conflict 'no_superior_key'."""
    key_of_superior = grants.superior_key()
    if key_of_superior is None:
        raise Conflict("no_superior_key")
    content = {
        "case": case.id,
        "made_on": clock.today().isoformat(),
        "note": note,
        "reports": [
            _plain(case, key, report) for report in case.reports.order_by(Report.received_on, Report.id)
        ],
    }
    return superior.seal_package(key_of_superior, case.id, content)


def _plain(case: Case, key: bytes, report: Report) -> dict[str, Any]:
    def key_of(generation: int) -> bytes:
        return grants.report_key(case, key, report, generation)

    letters = messages.letters(report, key_of)
    body = envelope.open_json_record(key_of(1), report.sealed_body, contexts.report_body(report.id, 1))
    return {
        "report": report.id,
        "received_on": report.received_on.isoformat(),
        "is_named": bool(report.is_named),
        "identity": _identity(case, key, report),
        "answers": body["answers"],
        "files": [_file(file) for file in attachments.of_report(report, letters, key_of)],
        "messages": [{"side": m.side, "on": m.sent_on.isoformat(), "text": m.text} for m in letters],
    }


def _file(file: attachments.File) -> dict[str, Any]:
    """What opens a file that is handed over beside the package."""
    return {
        "id": file.id,
        "name": file.name,
        "kind": file.kind.name,
        "size": file.size,
        "key": file.key.hex(),
    }


def _identity(case: Case, key: bytes, report: Report) -> dict[str, Any] | None:
    """A real name as it lies here, with the case's half opened; the superior's own half makes the name readable.

    None where there is no name, or where the superior never got a half of its key.
    """
    row = Identity.get_or_none(Identity.report == report)
    seals = list(
        IdentitySeal.select()
        .where(IdentitySeal.report == report, IdentitySeal.superior_key.is_null(False))
        .order_by(IdentitySeal.superior_key.desc())
    )
    if row is None or not seals:
        return None
    own_key = grants.key_of_generation(case, key, row.case_generation)
    context = contexts.identity_half(report.id, "case", row.case_generation)
    return {
        "sealed_contact": _text(row.sealed_contact),
        "half_of_case": _text(envelope.open_record(own_key, row.half_under_case, context)),
        "halves_of_superior": [{"key": seal.superior_key_id, "sealed": _text(seal.sealed)} for seal in seals],
    }


def _text(data: bytes) -> str:
    return base64.b64encode(bytes(data)).decode()

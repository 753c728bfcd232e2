"""There is one way to change a case, one place that grants, one package that touches bytes."""

import ast
from pathlib import Path

import whistle

PACKAGE = Path(whistle.__file__).parent
WRITES = {"create", "insert", "insert_many", "update", "delete", "save", "delete_instance"}

#: Which tables only some modules may write.
OWNERS = {
    "Case": {"casework/receiving.py", "grants.py"},
    "CaseEvent": {"casework/writing.py"},
    "Measure": {"casework/things.py"},
    "Item": {"casework/things.py"},
    "Subject": {"casework/things.py"},
    "Talk": {"casework/things.py"},
    "Promise": {"casework/things.py"},
    "Excerpt": {"casework/things.py"},
    # `keyrings` gives and takes nothing: it wraps anew what is there.
    "CaseSeal": {"grants.py", "keyrings.py"},
    "MergedKey": {"grants.py"},
    "CaseDigest": {"casework/digests.py", "grants.py"},
    "Relation": {"casework/related.py"},
    "LastSearch": {"casework/search.py"},
    "CaseKey": {"grants.py"},
    "ReportKey": {"grants.py"},
    "Identity": {"grants.py", "identity.py"},
    "IdentitySeal": {"identity.py"},
    "IdentityAsking": {"casework/identity_asking.py"},
    "IdentityAskingSeal": {"askings.py", "casework/identity_asking.py", "identity.py"},
    "IdentityLook": {"casework/identity_asking.py"},
    "Clock": {"casework/clockwork.py"},
    "Proposal": {"casework/act.py"},
    "Message": {"messages.py"},
    "Recusal": {"casework/recusal_steps.py"},
    "RecusalRequest": {"recusal.py"},
    "Clearance": {"casework/recusal_steps.py"},
    "ActingHead": {"casework/acting_steps.py", "headship.py"},
    "Interference": {"interference.py"},
    "InterferenceSeal": {"interference.py"},
    "DeskSeal": {"keyholding.py"},
    "BlindSeal": {"keyholding.py"},
    "Entry": {"ledger/leaves.py"},
    "Node": {"ledger/leaves.py"},
    "ReporterSession": {"visits.py"},
}


def _writers(path: Path) -> set[str]:
    """Tables that a module writes through the class itself: `Table.create(…)`, `Table.update(…)`, `Table(…)`."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        func = node.func
        if isinstance(func, ast.Name) and func.id in OWNERS:
            found.add(func.id)
        if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.attr in WRITES:
            found |= {func.value.id} & set(OWNERS)
    return found


def test_each_table_of_a_case_is_written_in_its_own_place_alone() -> None:
    services = PACKAGE / "services"
    wrong = [
        f"{path.relative_to(services)} writes {table}: call what stands in {sorted(OWNERS[table])}"
        for path in services.rglob("*.py")
        for table in _writers(path)
        if str(path.relative_to(services)) not in OWNERS[table]
    ]
    assert wrong == []

"""Every service function that writes leaves a leaf in the log, or stands on a short list with the reason."""

import ast
from functools import cache
from pathlib import Path

import whistle.services
from whistle.services.use_case import REGISTRY

SERVICES = Path(whistle.services.__file__).parent

#: Use cases that write without a leaf, and why.
WITHOUT_LEAF = {
    "drafts.begin": "a reporter's draft: a trace would tell when somebody wrote",
    "drafts.save": "a reporter's draft",
    "drafts.discard": "a reporter's draft",
    "intake.show_receipt": "ends a visit that showed a receipt; the report itself has its leaf",
    "tracking._start_visit": "a reporter's visit: a trace would tell when somebody looked",
    "tracking.view": "keeps a reporter's visit alive",
    "tracking.close": "ends a reporter's visit",
    "sessions.sign_out": "ends a visit of hours; signing in left its leaf",
    "sessions.sweep": "deletes ended sign-ins",
    "sessions._claim_try": "a counter of tries",
    "sessions._give_back_try": "a counter of tries",
    "sessions._forget_tries": "a counter of tries",
    "accounts._store_activation": "a half-made account that nobody can use; its first code leaves the leaf",
    "setup.first_link": "a one-time link before there is an office",
    "duties._recount": "due days follow from the events, which have their leaves, and from the calendar",
    "duties.sweep_visits": "deletes ended visits, which never had a leaf",
    "duties.daily_checkpoint": "signs the log; the checkpoint is the trace",
}


def _modules() -> dict[str, ast.Module]:
    found = {}
    for path in SERVICES.rglob("*.py"):
        name = ".".join(path.relative_to(SERVICES).with_suffix("").parts).removesuffix(".__init__")
        found[name] = ast.parse(path.read_text())
    return found


MODULES = _modules()


@cache
def _functions(module: str) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in MODULES[module].body if isinstance(node, ast.FunctionDef)}


@cache
def _imports(module: str) -> dict[str, tuple[str, str | None]]:
    """What a name in a module stands for: a module of services, or a function in one."""
    found: dict[str, tuple[str, str | None]] = {}
    for node in ast.walk(MODULES[module]):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("whistle.services"):
            continue
        base = (node.module or "").removeprefix("whistle.services").lstrip(".")
        for alias in node.names:
            whole = f"{base}.{alias.name}".lstrip(".")
            target = (whole, None) if whole in MODULES else (base, alias.name)
            found[alias.asname or alias.name] = target
    return found


def _calls(module: str, function: ast.FunctionDef) -> set[tuple[str, str]]:
    found = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id in _functions(module):
            found.add((module, node.id))
        elif isinstance(node, ast.Name) and _imports(module).get(node.id, ("", None))[1]:
            target, name = _imports(module)[node.id]
            found.add((target, name or ""))
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            target, name = _imports(module).get(node.value.id, ("", "-"))
            if name is None:
                found.add((target, node.attr))
    return found


def _appends(module: str, name: str) -> bool:
    """Whether a function may come to `ledger.append`, by following the calls in its text."""
    seen: set[tuple[str, str]] = set()
    waiting = [(module, name)]
    while waiting:
        place = waiting.pop()
        if place in seen or place[0] not in MODULES:
            continue
        seen.add(place)
        if place[0].startswith("ledger") and place[1] in ("append", "resealed"):
            return True
        function = _functions(place[0]).get(place[1])
        if function is not None:
            waiting += _calls(place[0], function)
    return False


def _load_all() -> None:
    for name in MODULES:
        __import__(f"whistle.services.{name}" if name else "whistle.services")


def test_every_use_case_that_writes_leaves_a_leaf() -> None:
    _load_all()
    silent = [
        name
        for name, writes in REGISTRY.items()
        if writes and name not in WITHOUT_LEAF and not _appends(*name.rsplit(".", 1))
    ]
    assert silent == [], "append to the log in these use cases, or say in WITHOUT_LEAF why not"


def test_the_short_list_names_only_what_is_there_and_really_silent() -> None:
    _load_all()
    stale = [name for name in WITHOUT_LEAF if name not in REGISTRY or _appends(*name.rsplit(".", 1))]
    assert stale == []


def test_a_silent_function_would_be_found() -> None:
    assert not _appends("visits", "write")
    assert _appends("casework.act", "act")

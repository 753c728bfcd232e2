"""Which function of the services calls which, as far as the calls are written out by name."""

import ast
from functools import cache
from pathlib import Path

import whistle.services

SERVICES = Path(whistle.services.__file__).parent


def _modules() -> dict[str, ast.Module]:
    found = {}
    for path in SERVICES.rglob("*.py"):
        name = ".".join(path.relative_to(SERVICES).with_suffix("").parts).removesuffix(".__init__")
        found[name] = ast.parse(path.read_text())
    return found


MODULES = _modules()


@cache
def functions(module: str) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in MODULES[module].body if isinstance(node, ast.FunctionDef)}


@cache
def imports(module: str) -> dict[str, tuple[str, str | None]]:
    """What a name in a module of services stands for: a module of services, or a function in one."""
    return _imports(MODULES[module])


def _imports(tree: ast.Module) -> dict[str, tuple[str, str | None]]:
    found: dict[str, tuple[str, str | None]] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("whistle.services"):
            continue
        base = (node.module or "").removeprefix("whistle.services").lstrip(".")
        for alias in node.names:
            whole = f"{base}.{alias.name}".lstrip(".")
            target = (whole, None) if whole in MODULES else (base, alias.name)
            found[alias.asname or alias.name] = target
    return found


def services_called(path: Path) -> set[tuple[str, str]]:
    """The functions of services that a module above them calls as `module.function`."""
    tree = ast.parse(path.read_text())
    known = _imports(tree)
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    attributes = [f for f in called if isinstance(f, ast.Attribute) and isinstance(f.value, ast.Name)]
    return {(known[f.value.id][0], f.attr) for f in attributes if known.get(f.value.id, ("", ""))[1] is None}


def calls(module: str, function: ast.FunctionDef) -> set[tuple[str, str]]:
    """The functions of services that a function calls by name; what it only names, as a variable may, is no call."""
    found = set()
    for node in ast.walk(function):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Name):
            found.add(_named(module, called.id))
        elif isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
            target, name = imports(module).get(called.value.id, ("", "-"))
            if name is None:
                found.add((target, called.attr))
    return found


def _named(module: str, name: str) -> tuple[str, str]:
    """Where the function of this name lives, as a module knows it."""
    if name in functions(module):
        return module, name
    target, own_name = imports(module).get(name, ("", None))
    return target, own_name or ""


def reached(starts: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The functions that calls come to from these: (module below `whistle.services`, name), the starts included."""
    seen: set[tuple[str, str]] = set()
    waiting = list(starts)
    while waiting:
        module, name = place = waiting.pop()
        if place in seen or module not in MODULES:
            continue
        seen.add(place)
        function = functions(module).get(name)
        if function is not None:
            waiting += calls(module, function)
    return seen

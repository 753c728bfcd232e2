"""Rules about messages: every one in English, none left over, no text outside `_()`, words for every refusal."""

import ast
import re

import pytest

from tests.house.calling import functions, reached, services_called
from whistle.cli import wording as cli_wording
from whistle.config import ROOT
from whistle.web import catalogues, forms, wording

HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
HALF_WIDTH = re.compile("[\u3400-\u4dbf\u4e00-\u9fff][,.:;?!][\u3400-\u4dbf\u4e00-\u9fff]")
SPACED = re.compile("[\u3400-\u4dbf\u4e00-\u9fff] [0-9A-Za-z%]|[0-9A-Za-z)] [\u3400-\u4dbf\u4e00-\u9fff]")
PLACES = re.compile(r"%\((\w+)\)s")
TRANSLATE = {"_", "_l", "gettext", "lazy_gettext", "ngettext", "_n", "_lp"}
#: Modules whose Chinese is no message: {module: why}.
NOT_MESSAGES = {
    "admin/channel_words.py": "what people write in a sheet, in either language",
    "filters.py": "dates are composed there for both languages",
    "languages.py": "a language is named in itself",
    "forms.py": "the signs between the parts of a date",
    "unread.py": "it answers before a language is known, in both",
    "admin/day_lines.py": "the words by which pasted days off are read",
}


def strings(entry):
    return entry.string if isinstance(entry.string, tuple) else (entry.string,)


def test_every_message_has_its_english_and_none_is_left_over():
    wanted = {entry.id for entry in catalogues.collect() if entry.id}
    english = {entry.id: entry for entry in catalogues.read() if entry.id}
    assert set(english) == wanted, "run `make words`, then write the English of what is new"
    empty = [key for key, entry in english.items() if not all(strings(entry)) or entry.fuzzy]
    assert not empty, f"{len(empty)} messages have no English yet: {empty[:5]}"


def test_english_has_the_same_places_to_fill_and_no_chinese():
    for entry in catalogues.read():
        if not entry.id or not all(strings(entry)):
            continue
        chinese = entry.id[0] if isinstance(entry.id, tuple) else entry.id
        for english in strings(entry):
            assert set(PLACES.findall(english)) == set(PLACES.findall(chinese)), f"other places: {chinese}"
            assert not HAN.search(english), f"Chinese in the English of {chinese}"


def test_a_word_with_a_context_says_something_else_in_english_than_without():
    english = [entry for entry in catalogues.read() if entry.id]
    said = {(entry.context, entry.id): entry.string for entry in english}
    for (context, word), text in said.items():
        others = [other for (where, same), other in said.items() if same == word and where != context]
        assert context is None or text not in others, f"“{word}” as {context!r} reads like elsewhere: {text}"


def test_chinese_is_written_with_its_own_punctuation_and_without_typed_spaces():
    for entry in catalogues.collect():
        for text in entry.id if isinstance(entry.id, tuple) else (entry.id,):
            assert not HALF_WIDTH.search(text), f"half-width punctuation: {text}"
            assert not SPACED.search(text), f"a typed space beside Han: {text}"
            assert "！！" not in text
            assert not re.search("「|」|无效|非法|出错了", text), f"not our words: {text}"


@pytest.mark.parametrize("path", sorted((ROOT / "whistle" / "web").rglob("*.py")), ids=lambda path: path.name)
def test_no_chinese_stands_outside_a_message(path):
    if str(path.relative_to(ROOT / "whistle" / "web")) in NOT_MESSAGES:
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    bare = [text for text in _bare(tree) if HAN.search(text)]
    assert not bare, f"{path}: put it into _() or _l(): {bare[:3]}"


def _bare(node):
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in TRANSLATE:
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # a docstring
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for child in ast.iter_child_nodes(node):
        yield from _bare(child)


def test_no_message_is_composed_at_run_time():
    for path in sorted((ROOT / "whistle").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in TRANSLATE and node.args:
                assert isinstance(node.args[0], ast.Constant), (
                    f"{path}:{node.lineno}: a message is one literal"
                )


def _raised(name):
    """Every code a service raises this error with, as far as it is written out: (field or '', reason)."""
    for path in sorted((ROOT / "whistle" / "services").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name:
                yield [arg.value if isinstance(arg, ast.Constant) else "" for arg in node.args]


def test_every_conflict_has_its_words():
    worded = set(wording.CONFLICT)
    missing = {codes[0] for codes in _raised("Conflict") if codes[0]} - worded
    assert not missing, f"write them into wording.CONFLICT: {sorted(missing)}"


def test_every_refusal_that_a_shell_command_can_bring_has_its_words():
    """But for the demo, whose input is its own."""
    starts = {
        call
        for path in sorted((ROOT / "whistle" / "cli").glob("[!d_]*.py"))
        for call in services_called(path)
    }
    starts |= services_called(ROOT / "whistle" / "cli" / "doctor.py")
    missing = set()
    for module, name in reached(starts):
        for kind, codes in _refused_in(functions(module).get(name)):
            known = KNOWN_IN_THE_SHELL[kind]
            if not {".".join(codes), codes[-1]} & set(known):
                missing.add(f"{kind}({', '.join(codes)}) of {module}.{name}")
    assert not missing, f"write them into whistle/cli/wording.py: {sorted(missing)}"


KNOWN_IN_THE_SHELL = {
    "Invalid": cli_wording.INVALID,
    "NotFound": cli_wording.MISSING,
    "Unusable": cli_wording.UNUSABLE,
    "Conflict": {},
}


def _refused_in(function):
    for node in ast.walk(function) if function is not None else ():
        kind = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
        if kind in KNOWN_IN_THE_SHELL:
            codes = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
            yield kind, codes or ["a code that is not written out"]


def test_every_refusal_has_its_words(app):
    own = {key for form in _forms(forms.Form) if isinstance(form.words, dict) for key in form.words}
    worded = set(wording.INVALID) | own
    missing = {
        f"{field}.{reason}"
        for field, reason in _raised("Invalid")
        if reason and not {f"{field}.{reason}", reason} & worded
    }
    assert not missing, f"write them into the form's `words` or wording.INVALID: {sorted(missing)}"


def _forms(base):
    for form in base.__subclasses__():
        yield form
        yield from _forms(form)

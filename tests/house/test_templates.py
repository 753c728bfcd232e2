"""Rules about templates: one base, nothing unused, no words outside `_()`, a token in every form that writes."""

import re

import pytest
from jinja2 import Environment, nodes

from whistle.config import ROOT

FOLDER = ROOT / "templates"
ALL = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html"))
#: Macros and included parts: they extend nothing.
PARTS = [name for name in ALL if name.startswith("_") or name.rpartition("/")[2].startswith("_")]
#: `sealed/base.html`: within a frame, where no page of ours belongs.
BASES = {"base.html", "office/base.html", "sealed/base.html"}
#: What extends nothing.
ROOTS = {"base.html", "sealed/base.html"}
HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
#: Where the text in the template is not a message: {template: why}.
NOT_MESSAGES: dict[str, str] = {}
TRANSLATE = {"_", "gettext", "ngettext", "pgettext"}


def source(name):
    return (FOLDER / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name in ALL if name not in PARTS and name not in ROOTS])
def test_every_page_extends_a_base(name):
    above = name
    while above not in BASES:
        extends = re.match(r"(?:\{#.*?#\}\s*)?\{% extends '([^']+)' %\}", source(above), re.DOTALL)
        assert extends, (
            f"{above} has to begin with {{% extends 'base.html' %}} or {{% extends 'office/base.html' %}}"
        )
        above = extends[1]


@pytest.mark.parametrize("name", ALL)
def test_every_import_is_used(name):
    tree = Environment().parse(source(name))  # noqa: S701 - parsed, never rendered
    names = {node.name for node in tree.find_all(nodes.Name)}
    for imported in tree.find_all(nodes.FromImport):
        unused = {n if isinstance(n, str) else n[1] for n in imported.names} - names
        assert not unused, f"{name} imports {unused} and does not use it: take it out"


@pytest.mark.parametrize("name", [name for name in ALL if name not in NOT_MESSAGES])
def test_every_word_is_a_message(name):
    tree = Environment().parse(source(name))  # noqa: S701 - parsed, never rendered
    bare = [text.strip() for text in _bare_words(tree) if HAN.search(text)]
    assert not bare, f"{name} has words outside _(): {bare[:3]}"


def _bare_words(node):
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in TRANSLATE:
        return
    if isinstance(node, nodes.TemplateData):
        yield node.data
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    for child in node.iter_child_nodes():
        yield from _bare_words(child)


@pytest.mark.parametrize("name", ALL)
def test_every_form_that_writes_carries_a_token(name):
    written = source(name)
    by_hand = len(re.findall(r"<form[^>]*method=.?post", written, re.IGNORECASE))
    tokens = written.count('name="csrf_token"') + written.count("'CSRFTokenField'")
    assert by_hand <= tokens, f"{name}: draw the form with `posting` or `post_button` of _macros/form.html"


@pytest.mark.parametrize("name", ALL)
def test_blocks_are_closed_by_name(name):
    written = source(name)
    nameless = re.findall(r"\{% endblock %\}", written)
    opened_and_closed = re.findall(r"\{% block (\w+) %\}[^\n]*\{% endblock %\}", written)
    assert not nameless or len(nameless) == len(opened_and_closed), f"{name}: write {{% endblock name %}}"


@pytest.mark.parametrize("name", ALL)
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(name):
    written = source(name)
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", written), (
        f"{name} has inline style or script"
    )
    assert not re.search(r"(src|href)=.?https?:", written), f"{name} loads or links something from elsewhere"


@pytest.mark.parametrize("name", ALL)
def test_templates_stay_short(name):
    assert len(source(name).splitlines()) <= 150, f"{name} is long: make parts of it macros or pages"

"""The catalogues: found in pages and templates, compiled when their source is another."""

import os

import pytest

from whistle.web import catalogues

SOURCE = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "继续"
msgstr "%s"
"""


@pytest.fixture
def source(tmp_path, monkeypatch):
    """A catalogue of one message, in a folder of its own."""
    monkeypatch.setattr(catalogues, "FOLDER", tmp_path)
    path = tmp_path / "en" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(SOURCE % "Continue", encoding="utf-8")
    return path


def test_it_is_compiled_once_for_everybody_to_read(source):
    catalogues.compile_changed()
    compiled = source.with_suffix(".mo")
    assert b"Continue" in compiled.read_bytes()
    assert compiled.stat().st_mode & 0o777 == 0o644
    made_at = compiled.stat().st_ctime_ns
    catalogues.compile_changed()
    assert compiled.stat().st_ctime_ns == made_at


@pytest.mark.parametrize("shift", [-3600, 3600], ids=["an older source", "a newer source"])
def test_another_source_is_compiled_again(source, shift):
    catalogues.compile_changed()
    source.write_text(SOURCE % "Go on", encoding="utf-8")
    os.utime(source, (source.stat().st_mtime + shift,) * 2)
    catalogues.compile_changed()
    assert b"Go on" in source.with_suffix(".mo").read_bytes()
    assert [path.name for path in sorted(source.parent.iterdir())] == ["messages.mo", "messages.po"]


def test_messages_are_found_in_pages_tables_forms_and_macros():
    found = {message.id for message in catalogues.collect()}
    assert "跳到正文" in found  # a template
    assert "（选填）" in found  # a macro
    assert "这个页面不能这样打开" in found  # a table
    assert ("还剩%(num)s天", "还剩%(num)s天") in found  # one and many

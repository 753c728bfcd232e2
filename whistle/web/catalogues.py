"""The message catalogues: collected from the pages by `make words`, compiled when the program starts."""

import os
import tempfile
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from whistle.config import ROOT

FOLDER = ROOT / "whistle" / "translations"
ENGLISH = FOLDER / "en" / "LC_MESSAGES" / "messages.po"

#: What marks a message in Python and in templates; `_l` is the lazy form used in tables and forms. `pgettext` and `_lp`
#: say first where a word stands that means two things in English.
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "_n": (1, 2),
    "pgettext": ((1, "c"), 2),
    "_lp": ((1, "c"), 2),
}


def compile_changed() -> None:
    """Make the .mo of every catalogue whose .po is another than it was made of. Workers may all do it at once."""
    for source in FOLDER.glob("*/LC_MESSAGES/*.po"):
        target, made_of = source.with_suffix(".mo"), source.stat().st_mtime_ns
        if not target.exists() or target.stat().st_mtime_ns != made_of:
            _compile(source, target, made_of)


def _compile(source: Path, target: Path, made_of: int) -> None:
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as out:
        write_mo(out, read(source))
    os.chmod(out.name, 0o644)
    os.utime(out.name, ns=(made_of, made_of))
    os.replace(out.name, target)


def read(source: Path = ENGLISH) -> Catalog:
    """A catalogue as it is on disk."""
    with source.open("rb") as file:
        return read_po(file, locale=source.parent.parent.name)


def collect() -> Catalog:
    """Every message in templates and pages, with no translation yet."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(
        ROOT, methods, options, KEYWORDS, comment_tags=("for translators:",), directory_filter=_has_words
    )
    template = Catalog(project="Whistle", charset="utf-8")
    for name, line, message, comments, context in found:
        template.add(message, locations=[(name, line)], auto_comments=comments, context=context)
    return template


def _has_words(folder: str) -> bool:
    return Path(folder).relative_to(ROOT).parts[0] in ("templates", "whistle")


def update() -> Catalog:
    """Bring the English catalogue up to date: new messages empty, unused ones gone, nothing guessed."""
    catalog = read() if ENGLISH.exists() else Catalog(locale="en", charset="utf-8")
    catalog.update(collect(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    ENGLISH.parent.mkdir(parents=True, exist_ok=True)
    with ENGLISH.open("wb") as file:
        write_po(file, catalog, width=110, sort_output=True, omit_header=False, no_location=True)
    return catalog


def _main() -> None:
    catalog = update()
    empty = [message.id for message in catalog if message.id and not all(_strings(message.string))]
    print(f"{len(catalog)} messages, {len(empty)} without English, in {ENGLISH.relative_to(ROOT)}")


def _strings(string: Any) -> tuple[str, ...]:
    return string if isinstance(string, tuple) else (string,)


if __name__ == "__main__":
    _main()

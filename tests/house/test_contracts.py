"""The import contracts hold, and the documents say what the code says."""

from importlinter.cli import lint_imports

from whistle import config


def test_the_import_contracts_hold(monkeypatch):
    monkeypatch.chdir(config.ROOT)
    assert lint_imports(no_cache=True) == 0


def test_every_setting_is_documented_as_it_is():
    written = (config.ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for row in config.SETTINGS:
        default = f"`{row.default}`" if row.default else "none"
        line = f"| `{row.variable}` | {default} | {row.help} | `{row.example}` |"
        assert line in written, f"docs/settings.md has to have the line:\n{line}"


def test_the_makefile_helps_with_every_target():
    lines = (config.ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
    phony = next(line for line in lines if line.startswith(".PHONY:")).split()[1:]
    for target in phony:
        helped = [line for line in lines if line.startswith(f"{target}:") and "## " in line]
        assert helped, f"Makefile: write what `{target}` does behind ##"

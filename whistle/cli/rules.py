"""`whistle rules`: the rule tables as they are in the code."""

import json

import click

from whistle.rules.tables import as_json


@click.command("rules")
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object with every field.")
def command(is_json: bool) -> None:
    """Print the states, actions, clocks, measures and categories with their sources.

    Example: whistle rules --json
    """
    tables = as_json()
    if is_json:
        click.echo(json.dumps(tables, ensure_ascii=False, indent=1))
        return
    for name, rows in tables.items():
        click.echo(f"{name} ({len(rows)})")
        for row in rows:
            click.echo(f"  {row['name']}\t{row['zh']}\t{row['en']}\t{_plain(row['source'])}")


def _plain(source: object) -> str:
    return "; ".join(map(str, source)) if isinstance(source, list) else str(source)

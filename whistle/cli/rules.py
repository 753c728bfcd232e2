"""`whistle rules`: the rule tables as they are in the code."""

import json

import click

from whistle.rules import handbook
from whistle.rules.tables import as_json


@click.command("rules")
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object with every field.")
@click.option("--markdown", "is_markdown", is_flag=True, help="Print docs/rules.md: all of it in words.")
def command(is_json: bool, is_markdown: bool) -> None:
    """Print the states, actions, clocks, measures and categories with their sources.

    Example: whistle rules --json
    """
    if is_markdown:
        click.echo(handbook.text(), nl=False)
        return
    tables = as_json()
    if is_json:
        click.echo(json.dumps(tables, ensure_ascii=False, indent=1))
        return
    for name, rows in tables.items():
        click.echo(f"{name} ({len(rows)})")
        for row in rows:
            click.echo(f"  {row['name']}\t{row['zh']}\t{row['en']}\t{row['source']}")

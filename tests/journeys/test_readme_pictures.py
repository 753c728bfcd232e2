"""The two pictures of the README, taken of a demo that is made for them: `make pictures`."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo
from PIL import Image

from tests.browser import Surfer
from tests.journeys.officer import Officer
from whistle.cli import shell
from whistle.config import ROOT
from whistle.store.channels import Channel

pytestmark = [pytest.mark.for_pictures, pytest.mark.usefixtures("quick_passwords")]
FOLDER = ROOT / "docs/pictures"
#: What a README may weigh, in bytes a picture.
HEAVIEST = 150_000


@pytest.fixture
def district(app: Flask) -> str:
    """A demo in the program's database; the token of its first channel."""
    done = CliRunner().invoke(shell, ["demo"], obj=ScriptInfo(create_app=lambda: app))
    assert done.exit_code == 0, done.output
    return str(Channel.get(Channel.state == "open").token)


def _keep(window: Surfer, name: str) -> None:
    path: Path = FOLDER / f"{name}.png"
    FOLDER.mkdir(parents=True, exist_ok=True)
    window.page.screenshot(path=path)
    with Image.open(path) as taken:
        taken.convert("RGB").quantize(128).save(path, optimize=True)
    assert path.stat().st_size < HEAVIEST


def test_the_readmes_pictures(app: Flask, new_surfer: Callable[..., Surfer], district: str) -> None:
    phone = new_surfer(width=390, javascript=False)
    phone.go(f"/r/{district}")
    _keep(phone, "report")
    desk = Officer(new_surfer(width=1280)).become("deputy").open_desk("all")
    desk.page.set_viewport_size({"width": 1280, "height": 1080})
    _keep(desk.window, "desk")

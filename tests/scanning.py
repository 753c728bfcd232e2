"""A camera for tests: what a phone reads off a PNG, or off the QR code drawn in an SVG."""

import io
import xml.etree.ElementTree as ElementTree

import zxingcpp
from PIL import Image

PATH = "{http://www.w3.org/2000/svg}path"


def scan_png(content: bytes) -> list[str]:
    """The texts of the codes on a picture."""
    return [found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(content)).convert("L"))]


def scan_svg(svg: str) -> list[str]:
    """The texts of the code whose dark modules are the runs of the drawing's last path."""
    path = list(ElementTree.fromstring(svg.encode()).iter(PATH))[-1]  # noqa: S314 - our own bytes
    runs = [_run(text) for text in path.attrib["d"].split("M")[1:]]
    side = max(x + width for x, _y, width in runs) + 4
    image = Image.new("L", (side, side), 255)
    for x, y, width in runs:
        image.paste(0, (x, y, x + width, y + 1))
    found = zxingcpp.read_barcodes(image.resize((side * 8, side * 8), Image.Resampling.NEAREST))
    return [code.text for code in found]


def _run(text: str) -> tuple[int, int, int]:
    start, rest = text.split("h", 1)
    x, y = map(int, start.split())
    return x, y, int(rest.split("v")[0])

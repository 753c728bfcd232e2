"""QR codes and posters as bytes: an SVG of paths and text without style attributes, and a PNG of the code.

The code carries the address and nothing else. Error correction Q: a quarter of it may be scratched or wet.
"""

import io
from dataclasses import dataclass
from xml.sax.saxutils import escape

import qrcode
from PIL import Image, ImageDraw, ImageFont
from qrcode.constants import ERROR_CORRECT_Q

#: Quiet modules around a code, as the standard asks.
BORDER = 4
#: Pixels a module of the PNG: a code of 40 modules prints 10 cm wide at 100 dots per centimetre.
MODULE_PIXELS = 25
INK = "#0b4a4a"
WARNING_ZH = "试用，请勿填写真实举报"
WARNING_EN = "Trial: do not enter real reports"
FONTS = "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC','Noto Sans SC',sans-serif"

#: A4 in tenths of a millimetre.
PAGE_WIDTH, PAGE_HEIGHT = 2100, 2970
CODE_SIDE = 1300
#: Widths of a full-width character's line at the sizes used below, so that a long name is set smaller.
LINE_WIDTH = 1800


@dataclass(frozen=True, slots=True)
class Poster:
    """The words of one poster. `is_invented` puts the trial's warning on it."""

    office_zh: str
    office_en: str
    unit_zh: str
    unit_en: str
    place: str
    address: str
    phone: str
    is_invented: bool


def matrix(text: str, *, mask: int | None = None) -> list[list[bool]]:
    """The modules of a QR code, without a border. `mask`: one of the eight patterns, instead of trying which is best.

    Trying takes seven times as long; readers take any.
    """
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, border=0, mask_pattern=mask)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def qr_svg(text: str, *, mask: int | None = None) -> str:
    """A QR code as an SVG element, to be put into a page; it scales with its box. `mask` as for `matrix`."""
    modules = matrix(text, mask=mask)
    side = len(modules) + 2 * BORDER
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path fill="#000" d="{_path(modules)}"/></svg>'
    )


def _path(modules: list[list[bool]]) -> str:
    """Every run of dark modules as one rectangle."""
    parts: list[str] = []
    for y, row in enumerate(modules):
        x = 0
        while x < len(row):
            width = 1
            if row[x]:
                while x + width < len(row) and row[x + width]:
                    width += 1
                parts.append(f"M{x + BORDER} {y + BORDER}h{width}v1h-{width}z")
            x += width
    return "".join(parts)


def qr_png(text: str, *, warning: str | None = None) -> bytes:
    """A QR code as PNG, large enough to print; `warning` (Latin letters) is written beneath it."""
    modules = matrix(text)
    side = (len(modules) + 2 * BORDER) * MODULE_PIXELS
    foot = 4 * MODULE_PIXELS if warning else 0
    image = Image.new("1", (side, side + foot), 1)
    draw = ImageDraw.Draw(image)
    for y, row in enumerate(modules):
        for x, dark in enumerate(row):
            if dark:
                left, top = (x + BORDER) * MODULE_PIXELS, (y + BORDER) * MODULE_PIXELS
                draw.rectangle((left, top, left + MODULE_PIXELS - 1, top + MODULE_PIXELS - 1), fill=0)
    if warning:
        font = ImageFont.load_default(size=2 * MODULE_PIXELS)
        draw.text((side / 2, side + foot / 3), warning, fill=0, font=font, anchor="mm")
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True, dpi=(300, 300))
    return out.getvalue()


def poster_png(poster: Poster) -> bytes:
    """The code alone, for an office's own layout; a trial's carries its warning."""
    return qr_png(poster.address, warning=WARNING_EN if poster.is_invented else None)


def poster_svg(poster: Poster) -> str:
    """One A4 page: what this is, the code, for which unit and place, and the address to type."""
    centre = PAGE_WIDTH // 2
    lines = [
        _text(centre, 290, 130, "扫码举报", weight="bold", fill=INK),
        _text(centre, 400, 54, "Scan to report misconduct"),
        _text(centre, 2130, 92, poster.unit_zh, weight="bold"),
        _text(centre, 2215, 50, poster.unit_en),
        _text(centre, 2310, 60, poster.place),
        _text(centre, 2440, 52, "不用留姓名，内容加密，凭查询码查询办理进度"),
        _text(centre, 2510, 38, "No name needed. Sealed. Follow it with your receipt code."),
        _text(centre, 2640, 44, poster.address),
        _text(centre, 2740, 50, f"{poster.office_zh}　{poster.phone}".strip()),
        _text(centre, 2800, 36, poster.office_en),
    ]
    if poster.is_invented:
        lines.append(f'<rect x="0" y="0" width="{PAGE_WIDTH}" height="140" fill="#b00020"/>')
        lines.append(_text(centre, 92, 64, f"{WARNING_ZH}　{WARNING_EN}", fill="#fff", weight="bold"))
    left, top = (PAGE_WIDTH - CODE_SIDE) // 2, 560
    code = qr_svg(poster.address).replace(
        "<svg ", f'<svg x="{left}" y="{top}" width="{CODE_SIDE}" height="{CODE_SIDE}" ', 1
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="210mm" height="297mm"'
        f' viewBox="0 0 {PAGE_WIDTH} {PAGE_HEIGHT}" lang="zh-CN">'
        f'<rect width="{PAGE_WIDTH}" height="{PAGE_HEIGHT}" fill="#fff"/>{"".join(lines)}{code}</svg>\n'
    )


def _text(x: int, y: int, size: int, words: str, *, weight: str = "normal", fill: str = "#111") -> str:
    """A centred line, set smaller where it would not fit; nothing for no words."""
    if not words:
        return ""
    fitting = min(size, int(LINE_WIDTH / _width(words)))
    return (
        f'<text x="{x}" y="{y}" font-size="{fitting}" font-family="{FONTS}" font-weight="{weight}"'
        f' fill="{fill}" text-anchor="middle">{escape(words)}</text>'
    )


def _width(words: str) -> float:
    """How wide words run, in units of their size: Han characters are square, Latin ones a little over half."""
    return sum(1.0 if ord(character) > 0x2E7F else 0.56 for character in words)

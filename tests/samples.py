"""Small files of many kinds, made here: what reporters attach, and what somebody hostile would."""

import io
import math
import struct
import wave
import zipfile

from PIL import Image, ImageDraw

#: Tries everything a page can do; sent as whatever it is called, it must do nothing.
HOSTILE_PAGE = b"""<!doctype html><html><body>
<script>document.title = "ran"; parent.postMessage("ran", "*"); top.location = "/office/account";</script>
<img src="/healthz?from-a-file" onerror="top.document.title = 'ran'">
<iframe src="/office/account"></iframe><a href="/office/account" target="_top">sign in again</a>
</body></html>"""


def photo(width: int = 1600, height: int = 1200) -> bytes:
    """A picture larger than a screen, with a mark in each corner."""
    image = Image.new("RGB", (width, height), "#9fc5c9")
    draw = ImageDraw.Draw(image)
    for x in (0, width - 200):
        for y in (0, height - 200):
            draw.rectangle((x, y, x + 199, y + 199), fill="#7a2020")
    draw.ellipse((width // 3, height // 3, 2 * width // 3, 2 * height // 3), fill="#f4e3b2")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def sound(seconds: int = 20) -> bytes:
    """A tone, long enough to be asked for in parts: 16,000 bytes a second."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8_000)
        tone = (round(9_000 * math.sin(n / 8_000 * 440 * math.tau)) for n in range(8_000 * seconds))
        file.writeframes(b"".join(struct.pack("<h", value) for value in tone))
    return out.getvalue()


def pdf(pages: int = 3) -> bytes:
    """Chinese pages in a font that is not in the file, as many offices' documents are; it wants to run a script."""
    kids = " ".join(f"{10 + 2 * n} 0 R" for n in range(pages))
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\('ran'\\)) >> >>",
        2: f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
        3: b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
        b" /DescendantFonts [4 0 R] >>",
        4: b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 5 0 R"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>",
        5: b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0"
        b" /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
        6: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    }
    for number in range(pages):
        words = f"第{number + 1}页：关于办事拖延的情况说明".encode("utf-16-be").hex()
        drawn = (
            f"BT /F1 24 Tf 60 760 Td <{words}> Tj ET BT /F2 14 Tf 60 720 Td (Page {number + 1}) Tj ET "
            "0.7 0.1 0.1 RG 3 w 60 100 475 580 re S"
        ).encode()
        objects[10 + 2 * number] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]"
            b" /Resources << /Font << /F1 3 0 R /F2 6 0 R >> >>"
            + f" /Contents {11 + 2 * number} 0 R >>".encode()
        )
        objects[11 + 2 * number] = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn)
    return _written(objects)


def _written(objects: dict[int, bytes]) -> bytes:
    out, places = b"%PDF-1.4\n", {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table, last = len(out), max(objects)
    lines = [b"0000000000 65535 f "]
    lines += [
        b"%010d 00000 %c " % (places.get(n, 0), b"n" if n in places else b"f") for n in range(1, last + 1)
    ]
    out += b"xref\n0 %d\n" % (last + 1) + b"\n".join(lines) + b"\n"
    return out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (last + 1, table)


def archive() -> bytes:
    """A zip with one text in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(zipfile.ZipInfo("note.txt"), "经过")
    return out.getvalue()


__all__ = ["HOSTILE_PAGE", "archive", "pdf", "photo", "sound"]

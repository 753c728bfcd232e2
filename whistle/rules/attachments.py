"""Which files may be attached: how many, how large, and of which kinds, told by their first bytes and never by a name.

Only the kinds with `is_shown` are shown in a frame; all else is a download. What none of the rows knows is refused,
programs of machine code among it, whatever they are called. A script is text, and what lies in an archive or an office
document is not looked at. Nothing here unpacks anything.
"""

from dataclasses import dataclass

from whistle.rules.terms import Term

#: Files of one sending: a report, or one later message.
MOST_FILES = 10
#: Files of one report, those of all later messages included.
MOST_OF_REPORT = 60
#: Bytes of one file: 50 MB, as telephones and file managers count them.
MOST_BYTES = 50_000_000
#: Characters of a file's name.
LONGEST_NAME = 120
#: Bytes of a name that every disk takes: 255, less what is put before it. A Han character takes three.
MOST_NAME_BYTES = 240
#: As many bytes tell the kind of a file; the central directory of a zip is never needed.
HEAD_BYTES = 4_096


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file. media: what a browser is told. ending: what a download's name ends in."""

    name: str
    term: Term
    media: str
    ending: str
    is_shown: bool
    #: What this kind's files are usually called besides; any other name is told to the officer.
    endings: tuple[str, ...] = ()

    @property
    def family(self) -> str:
        """What shows it: 'image', 'audio', 'video', 'text', or 'application' for all others."""
        return self.media.partition("/")[0]

    def fits(self, file_name: str) -> bool:
        """Whether a name ends as this kind's names do, or has no ending."""
        stem, dot, ending = file_name.rpartition(".")
        return not dot or not stem or ending.lower() in (self.ending, *self.endings)


IMAGE, AUDIO, VIDEO = Term("图片", "Image"), Term("录音", "Audio"), Term("视频", "Video")
OFFICE, PACKED = Term("办公文档", "Office document"), Term("压缩文件", "Archive")

KINDS: tuple[Kind, ...] = (
    Kind("jpeg", IMAGE, "image/jpeg", "jpg", is_shown=True, endings=("jpeg", "jpe", "jfif")),
    Kind("png", IMAGE, "image/png", "png", is_shown=True),
    Kind("gif", IMAGE, "image/gif", "gif", is_shown=True),
    Kind("webp", IMAGE, "image/webp", "webp", is_shown=True),
    Kind("bmp", IMAGE, "image/bmp", "bmp", is_shown=True),
    Kind("avif", IMAGE, "image/avif", "avif", is_shown=True),
    Kind("heic", IMAGE, "image/heic", "heic", is_shown=False, endings=("heif",)),
    Kind("tiff", IMAGE, "image/tiff", "tif", is_shown=False, endings=("tiff",)),
    Kind("mp3", AUDIO, "audio/mpeg", "mp3", is_shown=True),
    Kind("m4a", AUDIO, "audio/mp4", "m4a", is_shown=True, endings=("mp4", "aac")),
    Kind("aac", AUDIO, "audio/aac", "aac", is_shown=True),
    Kind("wav", AUDIO, "audio/wav", "wav", is_shown=True),
    Kind("ogg", AUDIO, "audio/ogg", "ogg", is_shown=True, endings=("oga", "opus", "ogv")),
    Kind("flac", AUDIO, "audio/flac", "flac", is_shown=True),
    Kind("amr", AUDIO, "audio/amr", "amr", is_shown=False),
    Kind("mp4", VIDEO, "video/mp4", "mp4", is_shown=True, endings=("m4v", "mov", "3gp", "m4a")),
    Kind("webm", VIDEO, "video/webm", "webm", is_shown=True, endings=("mkv", "weba")),
    Kind("avi", VIDEO, "video/x-msvideo", "avi", is_shown=False),
    Kind("pdf", Term("PDF文档", "PDF document"), "application/pdf", "pdf", is_shown=True),
    Kind(
        "ole",
        OFFICE,
        "application/x-ole-storage",
        "doc",
        is_shown=False,
        endings=("xls", "ppt", "wps", "et", "dps"),
    ),
    Kind(
        "ooxml",
        OFFICE,
        "application/zip",
        "docx",
        is_shown=False,
        endings=("xlsx", "pptx", "ofd", "odt", "ods", "odp"),
    ),
    Kind("rtf", OFFICE, "application/rtf", "rtf", is_shown=False, endings=("doc",)),
    Kind(
        "zip",
        PACKED,
        "application/zip",
        "zip",
        is_shown=False,
        endings=("docx", "xlsx", "pptx", "ofd", "odt", "ods"),
    ),
    Kind("rar", PACKED, "application/vnd.rar", "rar", is_shown=False),
    Kind("7z", PACKED, "application/x-7z-compressed", "7z", is_shown=False),
    Kind(
        "text",
        Term("文本", "Text"),
        "text/plain; charset=utf-8",
        "txt",
        is_shown=True,
        endings=("csv", "md", "log"),
    ),
    Kind(
        "gbtext",
        Term("文本", "Text"),
        "text/plain; charset=gb18030",
        "txt",
        is_shown=True,
        endings=("csv", "md", "log"),
    ),
    # A browser goes by the mark at the begin, whichever way round the bytes are.
    Kind(
        "u16text",
        Term("文本", "Text"),
        "text/plain; charset=utf-16le",
        "txt",
        is_shown=True,
        endings=("csv", "md", "log"),
    ),
)
BY_NAME = {kind.name: kind for kind in KINDS}

#: What a file begins with: bytes at a place. The first row that fits decides.
_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"GIF87a", "gif"),
    (0, b"GIF89a", "gif"),
    (8, b"WEBP", "webp"),
    (0, b"II*\x00", "tiff"),
    (0, b"MM\x00*", "tiff"),
    (0, b"ID3", "mp3"),
    (0, b"#!AMR", "amr"),
    (8, b"WAVE", "wav"),
    (8, b"AVI ", "avi"),
    (0, b"OggS", "ogg"),
    (0, b"fLaC", "flac"),
    (0, b"\x1aE\xdf\xa3", "webm"),
    (0, b"%PDF-", "pdf"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (0, b"{\\rtf", "rtf"),
    (0, b"Rar!\x1a\x07", "rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
)
#: The brand of an ISO media file (`ftyp` box): what a telephone films, records and photographs.
_BRANDS: tuple[tuple[tuple[bytes, ...], str], ...] = (
    ((b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"), "heic"),
    ((b"avif", b"avis"), "avif"),
    ((b"M4A ", b"M4B "), "m4a"),
)
#: Names in the first entries of a zip that make it an office document.
_OFFICE_MARKS = (
    b"[Content_Types].xml",
    b"_rels/.rels",
    b"mimetypeapplication/vnd.oasis",
    b"OFD.xml",
    b"docProps/",
)


def kind_of(head: bytes) -> Kind | None:
    """The kind of a file from its first HEAD_BYTES bytes (all, where it has fewer); None for one that is not taken."""
    name = _by_signature(head) or _by_wide_text(head) or _by_sound(head) or _by_text(head)
    return None if name is None else BY_NAME[name]


def _by_signature(head: bytes) -> str | None:
    for place, mark, name in _SIGNATURES:
        if head[place : place + len(mark)] == mark:
            return name
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0":
        return "bmp"
    if head[4:8] == b"ftyp":
        return next((name for brands, name in _BRANDS if head[8:12] in brands), "mp4")
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return "ooxml" if any(mark in head for mark in _OFFICE_MARKS) else "zip"
    return None


def _by_wide_text(head: bytes) -> str | None:
    """Text in UTF-16 with the mark that Windows writes before it, which looks like sound without a header."""
    if head[:2] not in (b"\xff\xfe", b"\xfe\xff") or not _reads_as(head, "utf-16"):
        return None
    words = head.decode("utf-16", "ignore")
    return None if any(sign < " " and sign not in "\t\n\r\f" for sign in words) else "u16text"


def _by_sound(head: bytes) -> str | None:
    """Sound without a header: frames of MPEG audio, told apart by their layer bits (ISO/IEC 11172-3, 13818-7)."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    if head[1] & 0xF6 == 0xF0:
        return "aac"
    is_frame = head[1] & 0x06 and head[2] & 0xF0 != 0xF0 and head[2] & 0x0C != 0x0C
    return "mp3" if is_frame else None


def _by_text(head: bytes) -> str | None:
    """Text: no control characters, and readable as UTF-8 or GB 18030. A page or a script is text like any other."""
    if not head or any(byte < 32 and byte not in b"\t\n\r\f" for byte in head) or 127 in head:
        return None
    for name, encoding in (("text", "utf-8"), ("gbtext", "gb18030")):
        if _reads_as(head, encoding):
            return name
    return None


def _reads_as(head: bytes, encoding: str) -> bool:
    """The last character may be cut where the head ends."""
    for cut in range(4 if len(head) >= HEAD_BYTES else 1):
        try:
            head[: len(head) - cut].decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def tidy_name(name: str, kind: Kind, number: int) -> str:
    """A name fit to be kept: its last part without what could lead elsewhere or hide an ending; else a plain one.

    `number` makes the plain name, 附件1.jpg.
    """
    name = name.replace("\\", "/").rpartition("/")[2]
    name = "".join(sign for sign in name if sign.isprintable() and sign not in '<>:"|?*').strip(" .")
    if not name or name.startswith("."):
        return plain_name(kind, number)
    if len(name) > LONGEST_NAME:
        stem, dot, ending = name.rpartition(".")
        tail = f".{ending}" if dot and len(ending) <= 10 else ""
        name = (stem if tail else name)[: LONGEST_NAME - len(tail)] + tail
    return name


def download_name(name: str, kind: Kind) -> str:
    """A name to keep a file under on one's own machine; its ending leads to no other program than its content."""
    name = tidy_name(name, kind, 1)
    stem, dot, ending = name.rpartition(".")
    if not dot or not kind.fits(name):
        stem, ending = name, kind.ending
    room = MOST_NAME_BYTES - len(f".{ending}".encode())
    return f"{stem.encode()[:room].decode(errors='ignore')}.{ending}"


def plain_name(kind: Kind, number: int) -> str:
    """A name that tells nothing: 附件1.jpg."""
    return f"附件{number}.{kind.ending}"

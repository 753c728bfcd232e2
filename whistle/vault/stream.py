"""Files of any size, sealed and opened in constant memory.

    sealed file = header ‖ chunk 0 ‖ chunk 1 ‖ … ‖ last chunk
    header      = 0x01 0x03 ‖ salt (16, random)
    chunk key   = HKDF-SHA256(file key, salt, info "whistle/v1/stream")
    chunk i     = AES-256-GCM(chunk key, nonce i, aad = header ‖ context, plaintext i)
    nonce i     = i (11 bytes) ‖ 1 for the last chunk, else 0
    plaintext i = true length (4) ‖ piece        65,536 bytes; the last one is shorter or equal, never empty

The pieces joined are the file followed by zeros, `padded_size(file length)` bytes in all; `true length`
says how many bytes of a piece belong to the file. So the file's length is inside, the outside shows only
the Padmé class, and a writer needs to know nothing in advance.

A chunk that is changed, moved, repeated, left out, added or taken from another file fails; so does a file
cut anywhere, since only the true last chunk opens with the last flag. Use a fresh key for each file; the
salt keeps nonces apart even where that was forgotten.
"""

from collections.abc import Iterator
from secrets import token_bytes
from types import TracebackType
from typing import Protocol, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from whistle.vault.envelope import HEADER_BYTES, SUITE_STREAM, Context, check_header, cipher, header
from whistle.vault.errors import SealBroken
from whistle.vault.keys import KEY_BYTES
from whistle.vault.padding import LENGTH_BYTES, padded_size

CHUNK = 64 * 1024
PIECE = CHUNK - LENGTH_BYTES
TAG = 16
SEALED_CHUNK = CHUNK + TAG
SALT_BYTES = 16

_LABEL = b"whistle/v1/stream"


class Writable(Protocol):
    """Where sealed bytes go."""

    def write(self, data: bytes, /) -> object:
        """Take all of the bytes."""


class Readable(Protocol):
    """Where sealed bytes come from."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""


class Seekable(Readable, Protocol):
    """Sealed bytes that can be read from any place."""

    def seek(self, place: int, /) -> object:
        """Go to a place, counted from the start."""


class SealingStream:
    """Seals what is written to it into `out`, which stays the caller's to close.

    The file is whole only after `close`. Leaving a `with` block by an exception does not close it: what was
    written so far then never opens.
    """

    def __init__(self, out: Writable, key: bytes, context: Context) -> None:
        head = header(SUITE_STREAM) + token_bytes(SALT_BYTES)
        self._out = out
        self._chunks = _Chunks(key, head, context)
        self._waiting = bytearray()
        self._closed = False
        self.size = 0
        out.write(head)

    def write(self, data: bytes) -> int:
        """Take all of `data`; at most one chunk of it is held back."""
        if self._closed:
            raise ValueError("the stream is closed")
        self._waiting += data
        self.size += len(data)
        while len(self._waiting) > PIECE:
            self._seal(PIECE, PIECE)
        return len(data)

    def close(self) -> None:
        """Pad, and seal the last chunk. A second call does nothing."""
        if self._closed:
            return
        self._closed = True
        left = padded_size(self.size) - (self.size - len(self._waiting))
        while left > PIECE:
            self._seal(min(PIECE, len(self._waiting)), PIECE)
            left -= PIECE
        self._seal(min(left, len(self._waiting)), left, is_last=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.close()

    def _seal(self, true: int, size: int, *, is_last: bool = False) -> None:
        piece = bytes(self._waiting[:true]).ljust(size, b"\0")
        del self._waiting[:true]
        self._out.write(self._chunks.seal(true.to_bytes(LENGTH_BYTES, "big") + piece, is_last=is_last))


def open_stream(inp: Readable, key: bytes, context: Context) -> Iterator[bytes]:
    """The file, piece by piece; `SealBroken` at the first chunk that fails.

    The header is read at once, chunks as they are asked for. Only when the iterator has ended without an
    error is the file known to be whole: whoever passes pieces on earlier must be able to take them back or
    say that they were cut.
    """
    head = _read_fully(inp, HEADER_BYTES + SALT_BYTES)
    check_header(head, SUITE_STREAM)
    if len(head) != HEADER_BYTES + SALT_BYTES:
        raise SealBroken("too short")
    return _pieces(inp, _Chunks(key, head, context))


def open_part(
    inp: Seekable, key: bytes, context: Context, sealed_size: int, start: int, stop: int
) -> Iterator[bytes]:
    """The bytes from `start` to before `stop` of a sealed file of `sealed_size` bytes, piece by piece.

    Only the chunks that hold them are read. Each is known to stand where it was sealed; that the rest of the file is
    whole is not asked. Raises `SealBroken` at the first chunk that fails, and where the file ends before `stop`.
    """
    inp.seek(0)
    head = _read_fully(inp, HEADER_BYTES + SALT_BYTES)
    check_header(head, SUITE_STREAM)
    if len(head) != HEADER_BYTES + SALT_BYTES:
        raise SealBroken("too short")
    count = -(-(sealed_size - len(head)) // SEALED_CHUNK)
    first = start // PIECE
    inp.seek(len(head) + first * SEALED_CHUNK)
    return _part(inp, _Chunks(key, head, context, first), count, start, stop)


def _part(inp: Readable, chunks: "_Chunks", count: int, start: int, stop: int) -> Iterator[bytes]:
    for number in range(start // PIECE, -(-stop // PIECE)):
        sealed = _read_fully(inp, SEALED_CHUNK)
        plaintext = chunks.open(sealed, is_last=number == count - 1)
        true = int.from_bytes(plaintext[:LENGTH_BYTES], "big")
        low, high = max(start - number * PIECE, 0), min(stop - number * PIECE, PIECE)
        if true < high:
            raise SealBroken("padding")
        yield plaintext[LENGTH_BYTES + low : LENGTH_BYTES + high]


class _Chunks:
    """The chunk cipher of one file; counts chunks from `first` in the order they are given."""

    def __init__(self, key: bytes, head: bytes, context: Context, first: int = 0) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"a key has {KEY_BYTES} bytes")
        salt = head[HEADER_BYTES:]
        chunk_key = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=_LABEL).derive(key)
        self._cipher: AESGCM = cipher(chunk_key)
        self._aad = head + context.to_bytes()
        self._next = first

    def seal(self, plaintext: bytes, *, is_last: bool) -> bytes:
        return self._cipher.encrypt(self._nonce(is_last), plaintext, self._aad)

    def open(self, sealed: bytes, *, is_last: bool) -> bytes:
        try:
            return self._cipher.decrypt(self._nonce(is_last), sealed, self._aad)
        except InvalidTag:
            raise SealBroken("chunk") from None

    def _nonce(self, is_last: bool) -> bytes:
        number, self._next = self._next, self._next + 1
        return number.to_bytes(11, "big") + bytes((is_last,))


def _pieces(inp: Readable, chunks: _Chunks) -> Iterator[bytes]:
    size = padded = 0
    sealed = _read_fully(inp, SEALED_CHUNK)
    while sealed:
        following = _read_fully(inp, SEALED_CHUNK)
        plaintext = chunks.open(sealed, is_last=not following)
        true, piece = int.from_bytes(plaintext[:LENGTH_BYTES], "big"), plaintext[LENGTH_BYTES:]
        if true > len(piece) or (true and size != padded):  # bytes of the file after padding
            raise SealBroken("padding")
        size, padded = size + true, padded + len(piece)
        if true:
            yield piece[:true]
        sealed = following
    if not padded or padded != padded_size(size):
        raise SealBroken("padding")


def _read_fully(inp: Readable, size: int) -> bytes:
    """`size` bytes, fewer only at the end; pipes and sockets give what they have."""
    data = inp.read(size)
    while len(data) < size:
        more = inp.read(size - len(data))
        if not more:
            break
        data += more
    return data

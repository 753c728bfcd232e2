"""The vault: every sealed byte of the product is made and opened here, and nowhere else.

This docstring and those of the modules are the specification of version 1. A second implementation, say in a
browser, needs nothing but these pages. All integers are unsigned and big-endian, all text is UTF-8, and
``a ‖ b`` is the joining of bytes.

Modules
    errors       what can go wrong, named for what the caller can do
    envelope     contexts; seals to a public key; records under a key
    stream       files of any size under a key, in constant memory
    padding      how many bytes of a text are shown by its sealed length
    keys         key pairs, derivation, tokens, the short code two people compare
    receipts     the 24 digits a reporter keeps, and what is derived from them
    passwords    what a password gives, and which passwords are refused
    recovery     the recovery key as a printed sheet
    blind_index  equality of names without the names
    totp         the second factor

Envelopes
    Each begins with a version byte and a suite byte:

    ======= ===== ========================================================== =====================
    version suite primitives                                                 made by
    ======= ===== ========================================================== =====================
    1       1     HPKE base mode (RFC 9180, draft-ietf-hpke-pq), KEM 0x647a  ``envelope.seal_to``
                  MLKEM768-X25519 (X-Wing), KDF 1 HKDF-SHA256, AEAD 2
                  AES-256-GCM
    1       2     AES-256-GCM, random 96-bit nonce                           ``envelope.seal_record``
    1       3     AES-256-GCM in chunks of 64 KiB, HKDF-SHA256               ``stream.SealingStream``
    ======= ===== ========================================================== =====================

    Any other pair is refused with ``UnknownFormat``, which names the byte. Another family of primitives
    (SM2/SM3/SM4) gets new suite bytes; the version changes only when the layout does.

Contexts
    An envelope opens only under the ``Context`` it was made for: purpose, record, kind, reader, generation.
    It is authenticated, never stored; who opens must know what is expected. A sealed value copied to
    another row, another reader or an older generation therefore fails like a damaged one.

Key lengths
    Symmetric keys and private seeds are 32 bytes, public keys 1,216. A length that is wrong, or a public
    key that is none, is a programmer's mistake and raises ``ValueError``; damaged or foreign ciphertext
    raises ``SealBroken``.

What is not promised
    AES-GCM does not commit to its key: do not conclude from an envelope that opens *which* of several keys
    made it. Python cannot wipe memory; secrets live until they are collected.
"""

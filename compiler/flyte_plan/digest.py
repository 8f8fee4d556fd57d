"""Digests: SHA-256 over a domain, a tag and length-prefixed fields.

Every identity is 32 bytes made here. Nothing is joined without its length, so that no two lists
of fields give one digest; the tag keeps digests of different meaning apart, and the domain keeps
them apart from everybody else's and from a later version of ours.
"""

from __future__ import annotations

from base64 import b32decode, b32encode
from hashlib import sha256

DIGEST_SIZE = 32

_DOMAIN = b"flyte-compile/id/v1\0"
_SHOWN_SIZE = 52
"""Base32 letters for 32 bytes, without the padding."""

_SHORT_LENGTHS = tuple(length.to_bytes(8, "big") for length in range(256))

_heads: dict[str, bytes] = {}
"""Domain and tag of each tag seen: there are a dozen, and each digest needs one."""


def digest(tag: str, *fields: bytes) -> bytes:
    """The 32-byte digest of `fields` under `tag`."""
    head = _heads.get(tag)
    if head is None:
        head = _heads[tag] = _DOMAIN + len(tag.encode()).to_bytes(8, "big") + tag.encode()
    parts = [head]
    for field in fields:
        size = len(field)  # Two of these digests make an action id: calls would cost a third more.
        parts.append(_SHORT_LENGTHS[size] if size < 256 else size.to_bytes(8, "big"))
        parts.append(field)
    return sha256(b"".join(parts)).digest()


def show_digest(value: bytes) -> str:
    """Lowercase base32 without padding: safe in a file name on every system, and in a URL."""
    return b32encode(value).rstrip(b"=").decode().lower()


def parse_digest(text: str) -> bytes:
    """The digest that `show_digest` shows as `text`.

    Raises:
        ValueError: not the text of a digest, or not the one way to write it.
    """
    if len(text) != _SHOWN_SIZE or not text.isascii():
        raise ValueError(f"`{text}` is not a digest: expected {_SHOWN_SIZE} base32 letters")
    try:
        value = b32decode(text.upper().encode() + b"====")
    except ValueError as error:
        raise ValueError(f"`{text}` is not a digest: {error}") from error
    if show_digest(value) != text:
        raise ValueError(f"`{text}` is not a digest as it is written: `{show_digest(value)}` is")
    return value

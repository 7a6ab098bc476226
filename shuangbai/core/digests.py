"""The hashes of the trail: what exactly goes into them. Pure, so that anybody can compute them again.

An entry's digest covers its plain fields and a commitment to its personal part (a name, free text). The
commitment is salted: without the salt nobody can try out what stood there, so the personal part can be
forgotten and the digest still holds. A block's hash covers the hash of the block before and the ids and
digests of its entries in the order of their ids. SHA-256 throughout; texts are JSON with sorted keys, UTF-8.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

FORM = 1
NOTHING_BEFORE = "0" * 64
_MEMBER = 16 + 32
_quoted = json.encoder.encode_basestring  # as the encoder below writes a text
_TEXT = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _written(value: Any) -> str:
    """As JSON. Texts, and words by name, go without the encoder, which is made anew each time: entries are many."""
    if type(value) is str:
        return _quoted(value)
    if value is None:
        return "null"
    if type(value) is dict and all(type(one) is str for pair in value.items() for one in pair):
        return "{" + ",".join([f"{_quoted(name)}:{_quoted(value[name])}" for name in sorted(value)]) + "}"
    return _TEXT.encode(value)


def _hash(*parts: Any) -> str:
    return hashlib.sha256(f"[{FORM},{','.join(map(_written, parts))}]".encode()).hexdigest()


def commitment(salt: str, by_name: str, personal: Mapping[str, Any]) -> str:
    """What stands in the digest for the name of whoever acted and for the personal details."""
    return _hash(salt, by_name, personal)


def digest(
    *,
    id: UUID,
    at: datetime,
    kind: str,
    by_id: UUID | None,
    station_id: UUID | None,
    about_type: str,
    about_id: str,
    details: Mapping[str, Any],
    commitment: str,
) -> str:
    """The digest of one entry of the trail."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    who, where = (str(key) if key else None for key in (by_id, station_id))
    return _hash(str(id), moment, kind, who, where, about_type, about_id, details, commitment)


def block_hash(*, number: int, previous: str, sealed_at: datetime, members: bytes) -> str:
    """The hash of a block: its head."""
    moment = sealed_at.astimezone(UTC).isoformat(timespec="microseconds")
    header = f"{FORM}|{number}|{previous}|{moment}|{len(members) // _MEMBER}|"
    return hashlib.sha256(header.encode() + members).hexdigest()


def packed(members: Iterable[tuple[UUID, str]]) -> bytes:
    """Ids and digests of entries as a block keeps them: 16 bytes and 32 bytes each."""
    return b"".join(key.bytes + bytes.fromhex(digest) for key, digest in members)


def unpacked(members: bytes) -> Iterator[tuple[UUID, str]]:
    """The ids and digests that a block keeps. What is left over of a cut one is not given."""
    for start in range(0, len(members) - _MEMBER + 1, _MEMBER):
        yield UUID(bytes=members[start : start + 16]), members[start + 16 : start + _MEMBER].hex()

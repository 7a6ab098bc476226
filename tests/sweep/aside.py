"""What leaves beside a page: the address one is sent to, headers, cookies opened up, and what a cache keeps."""

from __future__ import annotations

import base64
import pickle
import zlib

from django.conf import settings
from django.core.cache import caches

from tests.sweep import cases, safeguarding
from tests.sweep.asking import Answer
from tests.sweep.world import WORDS

PLANTED = [
    *(text for words in WORDS.values() for text in words.values()), *safeguarding.SAID.values(), *cases.SAID.values()
]  # fmt: skip
# What the forms of the sweep type besides.
TYPED = ["林新", "说了些家常"]


def held(text: str) -> list[str]:
    """The planted words that a text holds."""
    return [word for word in (*PLANTED, *TYPED) if word in text]


def unsigned(cookie: str) -> str:
    """What a signed cookie says to whoever holds it."""
    body = cookie.rsplit(":", 2)[0]
    packed = body.startswith(".")
    raw = base64.urlsafe_b64decode(body.lstrip(".") + "==")
    said = (zlib.decompress(raw) if packed else raw).decode("utf-8", "replace")
    for _ in range(2):  # what waits to be shown is written in JSON inside the JSON of the cookie
        said = said.encode("raw_unicode_escape").decode("unicode_escape", "replace")
    return said


def told_aside(answer: Answer) -> list[str]:
    """Planted words in what an answer brings beside its page, each with the place."""
    said = [f"{name}: {value}" for name, value in answer.headers.items()]
    said += [str(morsel.value) for morsel in answer.cookies.values()]
    said += [unsigned(one.value) for name, one in answer.cookies.items() if name == "sessionid" and one.value]
    return [f"{word} in {text[:60]}" for text in said for word in held(text)]


def in_caches() -> str:
    """All that the caches keep."""
    kept = [pickle.loads(value) for name in settings.CACHES for value in getattr(caches[name], "_cache", {}).values()]  # noqa: S301
    return repr([[vars(caches[name]) for name in settings.CACHES], kept])

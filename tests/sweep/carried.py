"""What every answer carries, whoever asks and whatever comes of it: literal tables over all pages."""

from __future__ import annotations

from collections.abc import Mapping

from tests.sweep.asking import Answer, Row

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# header: what it says on every answer, whoever asks and whatever comes of it
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
    "Cache-Control": "no-store",
}
# What is sent as a file of somebody's runs nothing at all: its policy is stricter yet.
SANDBOXED = {
    "attachment-open", "award-certificate", "resource-link-receipt", "story-consent-paper", "picture-whole",
    "picture-small", "picture-public", "picture-public-small", "goods-receipt",
}  # fmt: skip
# cookie: httponly, samesite, path
COOKIES = {
    "sessionid": (True, "Lax", "/"),
    "csrftoken": (True, "Lax", "/"),
    "textsize": (True, "Lax", "/"),
    "taken": (False, "Lax", "/"),  # a form's own word, which the page reads once the file has come
}


def carried(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers of the table, the policy's parts in the order of the table."""
    found = {name: headers.get(name, "") for name in HEADERS}
    parts = {part.strip() for part in found["Content-Security-Policy"].split(";")}
    found["Content-Security-Policy"] = POLICY if parts == set(POLICY.split("; ")) else "; ".join(sorted(parts))
    cache = {part.strip() for part in found["Cache-Control"].split(",")}
    found["Cache-Control"] = "no-store" if "no-store" in cache else found["Cache-Control"]
    return found


def uncarried(row: Row, answer: Answer) -> list[str]:
    """What an answer to a line of the table should carry and does not, or carries and should not."""
    sent = answer.status == 200 and row.name in SANDBOXED
    expected = HEADERS | {"Content-Security-Policy": "default-src 'none'; sandbox" if sent else POLICY}
    found = [f"{name}: {said}" for name, said in carried(answer.headers).items() if said != expected[name]]
    found += [] if "HX-Request" in answer.headers["Vary"] else ["Vary"]
    return found + [
        f"cookie {name}"
        for name, morsel in answer.cookies.items()
        if morsel.value and (bool(morsel["httponly"]), morsel["samesite"], morsel["path"]) != COOKIES.get(name)
    ]

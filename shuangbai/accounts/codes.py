"""Codes that people type once: one-time codes, recovery codes, the six digits of an authenticator app. Pure."""

import base64
import hashlib
import secrets
import unicodedata
from urllib.parse import quote, urlencode

from django_otp.oath import hotp

# Without the letters and digits that look alike on paper.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
STEP_SECONDS = 30
STEPS_OFF = 1  # a telephone's clock may be this many steps early or late
DIGITS = 6


def new_code(groups: int = 3) -> str:
    """A random code in groups of four, as K7QX-9MPT-4WDR; three groups hold 59 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(groups))


def plain(typed: str) -> str:
    """A code as it is hashed: capitals without hyphens or spaces, wide characters narrowed."""
    narrow = unicodedata.normalize("NFKC", typed).upper()
    return "".join(letter for letter in narrow if letter.isalnum())


def digest(typed: str) -> str:
    """What of a code is kept, encrypted: the keyed hash beside it is made from this."""
    return hashlib.sha256(plain(typed).encode()).hexdigest()


def new_secret() -> str:
    """A secret of 160 bits for an authenticator app, in base 32."""
    return base64.b32encode(secrets.token_bytes(20)).decode("ascii")


def matching_step(secret: str, typed: str, at: float) -> int | None:
    """The time step whose six digits were typed (RFC 6238): this one or a neighbour; None for a wrong code."""
    digits = plain(typed)
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    key, now = base64.b32decode(secret), int(at // STEP_SECONDS)
    steps = [now, *(now + off for off in range(-STEPS_OFF, STEPS_OFF + 1) if off)]
    found = None
    for step in steps:  # all of them, so that the time taken tells nothing
        if secrets.compare_digest(f"{hotp(key, step, DIGITS):0{DIGITS}d}", digits) and found is None:
            found = step
    return found


def digits_at(secret: str, at: float) -> str:
    """What an authenticator app shows at a moment."""
    return f"{hotp(base64.b32decode(secret), int(at // STEP_SECONDS), DIGITS):0{DIGITS}d}"


def provisioning_uri(secret: str, username: str, issuer: str) -> str:
    """The otpauth:// address that an authenticator app reads from the QR code."""
    label = quote(f"{issuer}:{username}")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer, 'digits': DIGITS})}"

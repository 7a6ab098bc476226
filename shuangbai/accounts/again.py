"""Signing in again in the middle of a form: what was typed comes back, sealed, for the same account alone."""

import json
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shuangbai.accounts.queries import has_factor
from shuangbai.core.crypto import decrypt, encrypt
from shuangbai.network.models import User

PURPOSE = "account.typed"
LONG = 12  # characters from which a typed value is shown back


@dataclass(frozen=True, slots=True)
class Typed:
    """A form that was sent too late: whose, to which address, with which fields; whether files came along."""

    user_id: str
    path: str
    fields: list[tuple[str, str]]
    had_files: bool

    @property
    def words(self) -> list[str]:
        """What was written in whole phrases, to be shown back."""
        return [value for _, value in self.fields if len(value.strip()) >= LONG and not value.isascii()]


def seal(typed: Typed) -> str:
    parts = {"user": typed.user_id, "path": typed.path, "fields": typed.fields, "files": typed.had_files}
    return encrypt(json.dumps(parts, ensure_ascii=False), PURPOSE)


def unseal(sealed: str) -> Typed | None:
    """What was sealed here; None for anything else."""
    try:
        parts = json.loads(decrypt(sealed, PURPOSE))
    except (InvalidTag, ImproperlyConfigured, ValueError):
        return None
    return Typed(parts["user"], parts["path"], [(name, value) for name, value in parts["fields"]], parts["files"])


def ask_again(request: HttpRequest, sentence: str) -> HttpResponse:
    """The page that asks for the password and keeps the form meanwhile; nobody's own where the account is gone."""
    fields = [
        (name, value) for name, values in request.POST.lists() for value in values if name != "csrfmiddlewaretoken"
    ]
    typed = Typed(str(request.session.get(SESSION_KEY)), request.get_full_path(), fields, bool(request.FILES))
    return again_page(request, typed, sentence)


def again_page(request: HttpRequest, typed: Typed, sentence: str, error: str = "") -> HttpResponse:
    user = User.objects.filter(pk=typed.user_id, is_active=True).first()
    context = {
        "who": user, "typed": seal(typed), "sentence": sentence, "error": error, "words": typed.words,
        "needs_code": user is not None and has_factor(user),
    }  # fmt: skip
    return render(request, "accounts/again.html", context, status=401)

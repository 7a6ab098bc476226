"""How many wrong passwords lock an account at an address, for how long, and what is said then. Asked by axes."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shuangbai.accounts.queries import policy


def failure_limit(_request: HttpRequest, _credentials: dict[str, Any] | None) -> int:
    return policy().lock_after


def cool_off(_request: HttpRequest | None) -> timedelta:
    return timedelta(minutes=policy().lock_minutes)


def locked(request: HttpRequest, _answer: HttpResponse | None, _credentials: dict[str, Any] | None) -> HttpResponse:
    """The same page whether there is such an account or not."""
    return render(request, "accounts/locked.html", {"minutes": policy().lock_minutes}, status=429)

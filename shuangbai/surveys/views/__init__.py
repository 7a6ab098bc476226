"""Pages of surveys, villages and questionnaires: what they share."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from shuangbai.core.findings import Conflict
from shuangbai.households.views import conflict_of, tried
from shuangbai.network.context import SignedIn
from shuangbai.surveys.enums import Kind
from shuangbai.surveys.rules.survey import Answers, sections, told, whence

WORDS = (Kind.TEXT, Kind.LINES, Kind.RANKED)  # what may tell of people


def page(request: SignedIn, template: str, form: forms.Form, **more: Any) -> HttpResponse:
    """A page with a form; 422 where it came back with something to put right."""
    status = more.pop("status", 422 if form.is_bound else 200)
    return render(request, f"surveys/{template}.html", {"form": form, **more}, status=status)


def answered(answers: Answers, kinds: Iterable[Kind] = tuple(Kind)) -> list[tuple[str, list[dict[str, Any]]]]:
    """What a survey found by section, for surveys/_answers.html."""
    return [
        (name, [{"field": one, "said": said, "told": told(one, said), "whence": whence(said)} for one, said in rows])
        for name, rows in sections(answers, kinds)
    ]


def changed(form: forms.Form, act: Callable[[], Any], theirs: Callable[[Any], dict[str, Any]]) -> dict[str, Any] | None:
    """None where it was saved; otherwise what the page says of a conflict, if it was one.

    `theirs` gives the values of the row that now stands by the form's fields.
    """
    try:
        return None if tried(form, act) else {}
    except Conflict as conflict:
        now: Any = conflict.current
        return conflict_of(form, now, theirs(now))

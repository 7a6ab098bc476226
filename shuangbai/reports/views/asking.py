"""What every page of the reports asks first: who may, and the question that came along or stands by default."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, QueryDict

from shuangbai.network.access import viewer_of
from shuangbai.network.roles import Permission
from shuangbai.reports.forms import AskForm, default_question

F = TypeVar("F", bound=AskForm)


def first_question(request: HttpRequest) -> dict[str, Any]:
    """What is asked where nothing was said. Raises Http404 for who may ask none."""
    question = default_question(request.user)
    if question is None or not viewer_of(request.user).may(Permission.SEE_REPORTS):
        raise Http404
    return question


def came(request: HttpRequest) -> QueryDict:
    return request.POST if request.method == "POST" else request.GET


def asked_as(form: type[F], request: HttpRequest, question: Mapping[str, Any]) -> F:
    """The form with what came along, and what stands by default in place of the rest."""
    words: Any = {**question, **{name: value for name, value in came(request).items() if name in question}}
    return form(words, user=request.user)


def asked(request: HttpRequest) -> AskForm:
    """The question of a report. Raises Http404 for who may ask none."""
    return asked_as(AskForm, request, first_question(request))

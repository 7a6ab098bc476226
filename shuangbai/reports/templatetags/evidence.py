"""Links from a number to what it counts."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse

from shuangbai.reports.indicators import BY_CODE
from shuangbai.reports.queries import Ask, Indicator

register = template.Library()


def evidence_link(
    ask: Ask, code: str, dimension: str = "", key: str = "", unit_code: str = "", held: Mapping[str, str] | None = None
) -> str:
    """The address of the list behind a figure, or behind one part of it; `unit_code` narrows to a unit.

    `held` are further dimensions with the keys of their values.
    """
    said = asking(ask) | ({"scope": unit_code} if unit_code else {})
    if dimension:
        said[dimension] = key
    return f"{reverse('evidence', args=[code])}?{urlencode(said | dict(held or {}))}"


@register.simple_tag(takes_context=True)
def evidence(context: Any, code: str, dimension: str = "", key: str = "", unit: str = "") -> str:
    return evidence_link(context["ask"], code, dimension, key, unit)


@register.simple_tag(takes_context=True)
def held_evidence(context: Any, code: str, unit: str = "") -> str:
    """The same for a page all of whose numbers are held to the values of `held`."""
    return evidence_link(context["ask"], code, unit_code=unit, held=context["held"])


@register.simple_tag
def evidence_of(ask: Ask, code: str) -> str:
    """The same for a question that is not the page's own."""
    return evidence_link(ask, code)


@register.simple_tag(takes_context=True)
def note_beside(context: Any, code: str) -> str:
    """What stands beside a figure without being in it."""
    return str(context.get("notes", {}).get(code, ""))


@register.filter
def indicator(code: str) -> Indicator:
    """The figure of a code."""
    return BY_CODE[code]


@register.filter
def words(ask: Ask) -> str:
    """The question as words of an address: period and scope."""
    return urlencode(asking(ask))


def asking(ask: Ask) -> dict[str, str]:
    return {"first": ask.period.first.isoformat(), "last": ask.period.last.isoformat(), "scope": ask.unit.code}


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """The value of a mapping, for keys that only the page knows."""
    return mapping.get(key)


@register.simple_tag
def sum_of(report: Any, code: str) -> Any:
    """A column of the stations' rows added up."""
    return report.sum_of_stations(code)

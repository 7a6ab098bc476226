"""What became of a row of the network: was, became, who, when and why, from the history that it keeps."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models

from shuangbai.core import clock

_SILENT = {"version", "path", "id"}
UNDONE = "收回"  # why a row is as it was before
Say = Callable[[Any, str, Any], str | None]
DONE = {"+": "登记", "~": "修改", "-": UNDONE}
MOST = 60


@dataclass(frozen=True, slots=True)
class Change:
    """One line of history. `rows`: what, was, became; of a new row what it began with."""

    about: Any
    by_id: Any
    at: datetime
    by: str
    is_new: bool
    done: str
    title: str
    reason: str
    rows: list[tuple[str, str, str]]


def changes_of(
    model: type[models.Model],
    title: Callable[[Any], str] = lambda row: "",
    *,
    most: int = MOST,
    silent: Collection[str] = _SILENT,
    say: Say = lambda line, name, value: None,
    reasons: bool = False,
    **where: Any,
) -> list[Change]:
    """The changes of the rows that fit `where`, newest first, at most `most`. A query, and one for each key.

    `silent`: fields that are left out. `say`: how a value of a line reads where the field cannot tell by itself.
    `reasons`: a line that gives one stands also where nothing else of it is shown.
    """
    history = model.history.filter(**where).select_related("history_user")  # type: ignore[attr-defined]
    lines = list(history.order_by("history_date", "history_id"))
    shown = [f for f in model._meta.concrete_fields if f.name not in silent]
    names = _names_of(shown, lines)
    before: dict[Any, Any] = defaultdict(lambda: None)
    found = []
    for line in lines:
        rows = _differences(shown, names, before[line.id], line, say)
        before[line.id] = line
        if rows or line.history_type != "~" or (reasons and line.history_change_reason):
            found.append(_change(line, title(line), rows))
    return found[::-1][:most]


def _change(line: Any, title: str, rows: list[tuple[str, str, str]]) -> Change:
    return Change(
        about=line.id, by_id=line.history_user_id, at=line.history_date, is_new=line.history_type == "+",
        by=line.history_user.display_name if line.history_user else "系统", done=DONE[line.history_type],
        title=title, reason=line.history_change_reason or "", rows=rows,
    )  # fmt: skip


def _names_of(fields: Sequence[Any], lines: Iterable[Any]) -> dict[str, dict[Any, str]]:
    """How the rows are called that the lines point to, field by field."""
    names = {}
    for field in fields:
        if field.remote_field:
            keys = {getattr(line, field.attname) for line in lines} - {None}
            names[field.name] = {row.pk: str(row) for row in field.related_model.objects.filter(pk__in=keys)}
    return names


def _differences(
    fields: Sequence[Any], names: dict[str, dict[Any, str]], was: Any, now: Any, say: Say
) -> list[tuple[str, str, str]]:
    rows = []
    for field in fields:
        old, new = (getattr(line, field.attname, None) if line else None for line in (was, now))
        if old != new and now.history_type != "-":
            both = ((was, old), (now, new))
            said = [line and value not in (None, "") and say(line, field.name, value) for line, value in both]
            shown = [words or _shown(field, names, value) for words, value in zip(said, (old, new), strict=True)]
            rows.append((str(field.verbose_name), *shown))
    return rows  # type: ignore[return-value]


def _shown(field: Any, names: dict[str, dict[Any, str]], value: Any) -> str:
    if value in (None, "", []):
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if field.remote_field:
        return names[field.name].get(value, "—")
    return str(dict(field.flatchoices).get(value, value))


def newest(*parts: Iterable[Change], most: int = MOST) -> list[Change]:
    """Several histories as one, newest first."""
    return sorted((change for part in parts for change in part), key=lambda change: change.at, reverse=True)[:most]


def fresh(changes: Iterable[Change], day: date) -> set[Any]:
    """The keys of the rows of which somebody made the latest change on `day`, and did not undo one by it."""
    latest: dict[Any, Change] = {}
    for change in changes:
        if change.about not in latest or latest[change.about].at < change.at:
            latest[change.about] = change
    return {
        key
        for key, change in latest.items()
        if change.by_id and change.reason != UNDONE and clock.day_of(change.at) == day
    }

"""Reading the lists. Every page shows labels, so what stands is kept in the process and renewed when it changes."""

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db.models import Count, Max, Q, QuerySet, Sum, TextField
from django.db.models.functions import Cast

from shuangbai.codes.enums import ALWAYS, PAPERS, SPECS, CodeSpec, PaperSpec
from shuangbai.codes.models import CodeItem, CodeList, Decision, PaperTemplate, SpecialDay
from shuangbai.codes.rules import Item, Named
from shuangbai.core.workdays import Calendar
from shuangbai.network.roles import Permission

Items = Mapping[str, Item]

# Another process of the same machine may have changed a list: how long this one trusts what it read.
TRUSTED_SECONDS = 3.0


class _Kept:
    """What was read, the number of changes then, and until when it is trusted."""

    def __init__(self) -> None:
        self.lists: Mapping[str, Items] = {}
        self.number = -1
        self.until = 0.0


_kept = _Kept()
_reading = threading.Lock()


def forget() -> None:
    """Read the lists anew at the next question (after one was changed)."""
    _kept.until, _kept.number = 0.0, -1
    for kept in (_offered, _holds, _first):
        kept.cache_clear()


def all_lists() -> Mapping[str, Items]:
    """Every list with its items in their order. Usually no query at all; one small one every few seconds."""
    if time.monotonic() >= _kept.until:
        with _reading:
            number = CodeList.objects.aggregate(n=Sum("version"))["n"] or 0
            if number != _kept.number:
                _kept.lists = read_lists()
                _kept.number = number
            _kept.until = time.monotonic() + TRUSTED_SECONDS
    return _kept.lists


def read_lists() -> dict[str, Items]:
    """The lists as the database has them, one query: the city's rows, and the built-in items it never touched."""
    rows = CodeItem.objects.order_by("list_id", "code", "starts_on")
    said: dict[str, dict[str, list[CodeItem]]] = {}
    for (name, code), group in groupby(rows, key=lambda row: (row.list_id, row.code)):
        said.setdefault(name, {})[code] = list(group)
    return {name: _items(spec, said.get(name, {})) for name, spec in SPECS.items()}


def _items(spec: CodeSpec, said: Mapping[str, Sequence[CodeItem]]) -> Items:
    found = {}
    for place, (code, label) in enumerate(spec.built_in.items(), start=1):
        if code not in said:
            found[code] = Item(code, code, place * 10, 0, (Named(label, ALWAYS, None),))
    for code, rows in said.items():
        names = tuple(Named(row.label, row.starts_on, row.ends_on) for row in rows)
        found[code] = Item(code, rows[-1].base, rows[-1].position, rows[-1].version, names)
    return dict(sorted(found.items(), key=lambda pair: pair[1].position))


# WHAT THE ROOMS ABOVE ASK ---------------------------------------------------


def items_of(spec: CodeSpec) -> Items:
    return all_lists()[spec.code]


def label_of(spec: CodeSpec, code: str, day: date) -> str:
    """What an item is called on a day. A code that nobody knows (of a later version) shows itself."""
    item = items_of(spec).get(str(code))
    return item.label_on(day) if item else str(code)


def labels_of(spec: CodeSpec, codes: Iterable[str], day: date) -> list[str]:
    return [label_of(spec, code, day) for code in codes]


def base_of(spec: CodeSpec, code: str) -> str:
    """The built-in code whose meaning an item has."""
    item = items_of(spec).get(str(code))
    return item.base if item else str(code)


def counting_as(spec: CodeSpec, base: str) -> list[str]:
    """The codes of all items, ended ones too, that have the meaning of a built-in one."""
    return [item.code for item in items_of(spec).values() if item.base == base]


def choices_on(spec: CodeSpec, day: date, keep: Iterable[str] = ()) -> list[tuple[str, str]]:
    """The items that hold on a day, for a form, and those in `keep` (what a saved record already says)."""
    kept, items = {str(code) for code in keep}, items_of(spec)
    if not kept:
        return list(_offered(spec.code, day, _kept.number))
    return [(item.code, item.label_on(day)) for item in items.values() if item.code in kept or item.name_on(day)]


@lru_cache(maxsize=512)
def _offered(code: str, day: date, _number: int) -> list[tuple[str, str]]:
    """What every form of a day shows of a list. The number of changes stands for the list as it is now."""
    return [(item.code, item.label_on(day)) for item in _kept.lists[code].values() if item.name_on(day)]


def unoffered(spec: CodeSpec, codes: Iterable[str], day: date) -> list[str]:
    """What these codes are called, of those that do not hold on the day."""
    all_lists()
    return [label_of(spec, code, day) for code in codes if not _holds(spec.code, str(code), day, _kept.number)]


@lru_cache(maxsize=8192)  # a ledger of some years asks the same of each of its rows
def _holds(code: str, item: str, day: date, _number: int) -> bool:
    found = _kept.lists[code].get(item)
    return found is not None and found.name_on(day) is not None


def first_as(spec: CodeSpec, base: str, day: date) -> str:
    """The code that a form begins with: the built-in one where it holds, else the first that counts as it."""
    all_lists()
    return _first(spec.code, base, day, _kept.number)


@lru_cache(maxsize=8192)
def _first(code: str, base: str, day: date, _number: int) -> str:
    holding = [item.code for item in _kept.lists[code].values() if item.base == base and item.name_on(day)]
    return base if base in holding or not holding else holding[0]


# HOW MUCH IS USED -----------------------------------------------------------


def _rows(spec: CodeSpec) -> tuple[QuerySet[Any], str]:
    rows = apps.get_model(spec.model)._default_manager.all()
    if not spec.several:
        return rows, spec.field
    return rows.annotate(codes_said=Cast(spec.field, TextField())), "codes_said"


def _says(spec: CodeSpec, column: str, code: str) -> Q:
    return Q(**{f"{column}__contains": f'"{code}"'}) if spec.several else Q(**{column: code})


def uses_of(spec: CodeSpec, codes: Iterable[str]) -> dict[str, int]:
    """How many records keep each code, voided ones too: one query. None of a list of which that is not told."""
    if not spec.told:
        return {}
    rows, column = _rows(spec)
    if not spec.several:
        counted = rows.order_by().values(column).annotate(n=Count("pk")).values_list(column, "n")
        found = dict(counted)
        return {code: found.get(code, 0) for code in codes}
    wanted = list(codes)
    sums = {f"n{place}": Count("pk", filter=_says(spec, column, code)) for place, code in enumerate(wanted)}
    told = rows.aggregate(**sums)
    return {code: told[f"n{place}"] for place, code in enumerate(wanted)}


def uses_after(spec: CodeSpec, code: str, day: date) -> tuple[int, date | None]:
    """How many records of days after `day` keep the code, and the day of the latest; none where that is not told."""
    if not spec.told:
        return 0, None
    rows, column = _rows(spec)
    later = rows.filter(_says(spec, column, code), **{f"{spec.day}__gt": day})
    told = later.aggregate(n=Count("pk"), latest=Max(spec.day))
    return told["n"], told["latest"]


# PAGES ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """An item as its page shows it on a day."""

    item: Item
    label: str
    counts_as: str
    meaning: str
    uses: int | None
    state: str  # "now", "later", "ended"

    @property
    def earlier(self) -> Sequence[Named]:
        return self.item.names[:-1]


def lines_of(spec: CodeSpec, day: date) -> list[Line]:
    """The items of a list in their order, those that ended last."""
    items = items_of(spec)
    uses = uses_of(spec, items)
    lines = []
    for item in items.values():
        state = "now" if item.name_on(day) else "later" if item.latest.starts_on > day else "ended"
        counts_as = label_of(spec, item.base, day) if item.is_own else ""
        lines.append(
            Line(item, item.label_on(day), counts_as, spec.meanings.get(item.base, ""), uses.get(item.code), state)
        )
    return sorted(lines, key=lambda line: line.state == "ended")


def version_of(subject: str) -> int:
    """How many times a subject was changed."""
    return CodeList.objects.filter(code=subject).values_list("version", flat=True).first() or 0


def decisions_of(*subjects: str, item: str = "", limit: int = 50) -> QuerySet[Decision]:
    """What was decided about these subjects (or one item of them), the newest first."""
    rows = Decision.objects.filter(subject__in=subjects, **({"item": item} if item else {}))
    return rows.select_related("by").order_by("-id")[:limit]


def latest_decision(subject: str, item: str) -> Decision | None:
    return decisions_of(subject, item=item, limit=1).first()


# PAPER FORMS ----------------------------------------------------------------

PAPER = "paper."  # before a form's code: the subject of what is decided about it


def template_in_use(form: str) -> PaperTemplate | None:
    """The city's template of a form, without its file; None where the product's serves."""
    return PaperTemplate.objects.filter(form=form, ends_on__isnull=True).defer("file").first()


def templates_in_use(forms: Iterable[str]) -> dict[str, bytes]:
    """The city's templates of these forms: one query."""
    rows = PaperTemplate.objects.filter(form__in=list(forms), ends_on__isnull=True)
    return {row.form: bytes(row.file) for row in rows}


def has_templates(forms: Iterable[str]) -> bool:
    """Whether the city has a template of its own for any of these forms: one small query."""
    return PaperTemplate.objects.filter(form__in=list(forms), ends_on__isnull=True).exists()


def paper_lines() -> list[tuple[PaperSpec, PaperTemplate | None]]:
    """Every form whose template may be replaced, with the city's where it has one: one query."""
    own = {row.form: row for row in PaperTemplate.objects.filter(ends_on__isnull=True).defer("file")}
    return [(spec, own.get(code)) for code, spec in PAPERS.items()]


def templates_of(form: str) -> list[PaperTemplate]:
    """Every template that the city ever put, the newest first, without the files."""
    return list(PaperTemplate.objects.filter(form=form).defer("file").order_by("-number"))


# WORKING DAYS --------------------------------------------------------------


def calendar() -> Calendar:
    """Every day off and worked weekend that the city entered: one query."""
    rows = list(SpecialDay.objects.values_list("day", "works"))
    return Calendar(
        frozenset(day for day, works in rows if not works), frozenset(day for day, works in rows if works),
        frozenset(day.year for day, works in rows if not works),
    )  # fmt: skip


def special_days(year: int) -> list[SpecialDay]:
    return list(SpecialDay.objects.filter(day__year=year).order_by("day"))


def setup_items() -> list[tuple[str, str, str, Permission]]:
    """Pages of this room for the set-up hub: (url name, label, one line, permission)."""
    return [
        ("city", "城市与页脚", "城市名称、主管部门、页脚、报告抬头的标志", Permission.RUN_SYSTEM),
        ("paper-list", "文书模板", "个案文书用系统的样式，还是本市自己的 Word 模板", Permission.MANAGE_CODES),
        ("codes", "代码表", "走访方式、结果、话题、需求，活动类型，跟进级别，个案来源、类型", Permission.MANAGE_CODES),
        ("workdays", "放假与调休", "按工作日算期限时用，一年一份", Permission.MANAGE_CODES),
    ]

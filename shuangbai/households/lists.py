"""Writes of the dated lists: categories, the lists of categories that figures count by, how files are numbered."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from shuangbai.codes.access import check_decides
from shuangbai.codes.actions import note_decision, take_turn
from shuangbai.codes.rules import reason_findings
from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.findings import Conflict, Finding, Refused, refuse_if_any
from shuangbai.households.models import Category, CategoryList, CategoryListItem, NumberingRule
from shuangbai.households.queries import carried, number_samples, numbering_rules
from shuangbai.households.rules import (
    USUAL_PATTERN,
    Carried,
    category_findings,
    list_findings,
    numbering_findings,
    pattern_findings,
)
from shuangbai.network.models import User

CATEGORIES = Path(__file__).parent / "data" / "categories.json"
CLIENTS, CLIENTS_NAME = "civil", "民政对象"
ALWAYS = date(1949, 10, 1)
CATEGORY, LISTED, NUMBERING = "category", "category.civil", "file.numbering"
FIELDS = (
    "name", "group", "unit", "statutory", "restricted", "jinmin_code", "old_names", "min_age", "max_age", "starts_on",
    "ends_on",
)  # fmt: skip

LOADED = audit.kind("category.loaded", "{by} 载入了产品自带的类别表，新增 {count} 类")


@action
def load_categories(*, path: Path = CATEGORIES, by: User | None = None) -> int:
    """Load the category list that the product ships (domain 4.1), and 民政对象 from it.

    Codes already there are left alone. Returns the number of categories added.
    """
    rows = json.loads(path.read_text(encoding="utf-8"))
    known = set(Category.objects.values_list("code", flat=True))
    fields = ("code", "name", "group", "unit", "statutory", "jinmin_code", "old_names", "min_age", "max_age")
    made = Category.objects.bulk_create(
        Category(
            **{name: row[name] if row[name] is not None else "" if name == "jinmin_code" else None for name in fields},
            restricted=row.get("restricted", False),
            starts_on=row["starts_on"] or ALWAYS,
            ends_on=row["ends_on"],
            position=position,
        )
        for position, row in enumerate(rows, start=1)
        if row["code"] not in known
    )
    clients, _ = CategoryList.objects.get_or_create(code=CLIENTS, defaults={"name": CLIENTS_NAME})
    on_list = {row["code"] for row in rows if row["civil"]}
    CategoryListItem.objects.bulk_create(
        CategoryListItem(list=clients, category=category, starts_on=ALWAYS)
        for category in made
        if category.code in on_list
    )
    if made:
        audit.record(LOADED, by=by, about=clients, count=len(made))
    return len(made)


# CATEGORIES ----------------------------------------------------------------


def _others(besides: int = 0) -> list[tuple[str, date, date | None]]:
    return list(Category.objects.exclude(pk=besides).values_list("name", "starts_on", "ends_on"))


def _words(category: Category, names: Sequence[str]) -> str:
    """These fields of a category in words."""
    said = []
    for name in names:
        field, value = category._meta.get_field(name), getattr(category, name)
        shown = category.get_unit_display() if name == "unit" else value
        if isinstance(value, bool):
            shown = "是" if value else "否"
        elif isinstance(value, list):
            shown = "、".join(value)
        elif isinstance(value, date):
            shown = f"{value:%Y-%m-%d}"
        said.append(f"{field.verbose_name}：{shown if shown not in (None, '') else '无'}")  # type: ignore[union-attr]
    return "；".join(said)


@action
def add_category(*, by: User, said: dict[str, Any], reason: str) -> Category:
    """A category of the city's own. `said` has FIELDS. Raises Refused."""
    check_decides(by)
    findings = category_findings(said, others=_others(), carried=Carried(), was_unit=said["unit"])
    refuse_if_any([*findings, *reason_findings(reason)], acknowledged=False)
    codes = set(Category.objects.values_list("code", flat=True))
    code = next(name for number in range(1, 10_000) if (name := f"city{number}") not in codes)
    last = Category.objects.order_by("-position").first()
    category = Category(code=code, position=last.position + 1 if last else 1, **said)
    category.save(force_insert=True)
    note_decision(
        by=by, subject=CATEGORY, item=code, name="类别表", what=f"增加类别「{category.name}」",
        became=_words(category, FIELDS[1:]), reason=reason,
    )  # fmt: skip
    return category


@action
def change_category(
    *, by: User, category: Category, version: int, said: dict[str, Any], reason: str, acknowledged: bool = False
) -> Category:
    """Change a category. Its old name becomes one of its old names. Tags stay as they are.

    Raises Refused, Conflict, or NeedsAcknowledgement where people go on carrying a category that ends.
    """
    check_decides(by)
    current = Category.objects.select_for_update().get(pk=category.pk)
    if current.version != version:
        raise Conflict(current)
    if said["name"].strip() != current.name and current.name not in said["old_names"]:
        said = {**said, "old_names": [*said["old_names"], current.name]}
    held = carried(current, said["ends_on"], clock.today())
    findings = category_findings(said, others=_others(current.pk), carried=held, was_unit=current.unit)
    changed = [name for name in FIELDS if getattr(current, name) != said[name]]
    if not changed:
        findings.append(Finding("unchanged", "", "没有改动，不必保存"))
    if said["ends_on"] == current.ends_on:
        findings = [finding for finding in findings if finding.code != "still_carried"]
    refuse_if_any([*findings, *reason_findings(reason)], acknowledged=acknowledged)
    was = _words(current, changed)
    for name in FIELDS:
        setattr(current, name, said[name])
    current.version += 1
    current.save()
    note_decision(
        by=by, subject=CATEGORY, item=current.code, name="类别表", what=f"修改类别「{current.name}」", was=was,
        became=_words(current, changed), reason=reason,
    )  # fmt: skip
    return current


@action
def list_category(
    *, by: User, category: Category, starts_on: date, reason: str, acknowledged: bool = False
) -> CategoryListItem:
    """Put a category on the list 民政对象 from a day on. Raises Refused, NeedsAcknowledgement for a past day."""
    check_decides(by)
    clients, _ = CategoryList.objects.get_or_create(code=CLIENTS, defaults={"name": CLIENTS_NAME})
    clients = CategoryList.objects.select_for_update().get(pk=clients.pk)
    spans = list(clients.items.filter(category=category).values_list("starts_on", "ends_on"))
    findings = list_findings(starts_on, field="starts_on", today=clock.today(), spans=spans, starts_on=None)
    refuse_if_any([*findings, *reason_findings(reason)], acknowledged=acknowledged)
    item: CategoryListItem = clients.items.create(category=category, starts_on=starts_on)
    note_decision(
        by=by, subject=LISTED, item=category.code, name=CLIENTS_NAME, what=f"列入「{category.name}」",
        became=f"从{starts_on:%Y-%m-%d}起", reason=reason,
    )  # fmt: skip
    return item


@action
def unlist_category(
    *, by: User, item: CategoryListItem, ends_on: date, reason: str, acknowledged: bool = False
) -> None:
    """The last day of a category on the list. Raises Refused, NeedsAcknowledgement for a past day."""
    check_decides(by)
    current = CategoryListItem.objects.select_for_update().get(pk=item.pk)
    if current.ends_on:
        raise Refused.because("ends_on", f"这一类已于{current.ends_on:%Y-%m-%d}移出，不必再移")
    findings = list_findings(ends_on, field="ends_on", today=clock.today(), spans=[], starts_on=current.starts_on)
    refuse_if_any([*findings, *reason_findings(reason)], acknowledged=acknowledged)
    current.ends_on = ends_on
    current.save(update_fields=["ends_on"])
    category = current.category
    note_decision(
        by=by, subject=LISTED, item=category.code, name=CLIENTS_NAME, what=f"移出「{category.name}」", was="在表上",
        became=f"到{ends_on:%Y-%m-%d}为止", reason=reason,
    )  # fmt: skip


@action
def move_category(*, by: User, category: Category, up: bool) -> None:
    """One place up or down in the list; at its ends nothing happens."""
    check_decides(by)
    order = list(Category.objects.select_for_update().order_by("position", "pk"))
    place = next(index for index, one in enumerate(order) if one.pk == category.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(order):
        return
    order[place], order[other] = order[other], order[place]
    for position, one in enumerate(order, start=1):
        one.position = position
    Category.objects.bulk_update(order, ["position"])
    what = f"把「{category.name}」{'上移' if up else '下移'}一位"
    note_decision(by=by, subject=CATEGORY, item=category.code, name="类别表", what=what)


# NUMBERS OF FILES ----------------------------------------------------------


@action
def set_numbering(
    *, by: User, pattern: str, starts_on: date, version: int, reason: str, acknowledged: bool = False
) -> NumberingRule:
    """How the numbers of files opened from a day on are made. Numbers given before stay.

    Raises Refused, NeedsAcknowledgement, or Conflict where somebody set another rule since `version` was read.
    """
    check_decides(by)
    turn, rules = take_turn(NUMBERING), numbering_rules()
    newest = rules[0] if rules else None
    if turn.version != version:
        raise Conflict(newest)
    findings = numbering_findings(starts_on, today=clock.today(), newest_on=newest.starts_on if newest else None)
    findings += pattern_findings(pattern, [parts for _, parts in number_samples(clock.today())])
    refuse_if_any([*findings, *reason_findings(reason)], acknowledged=acknowledged)
    was = newest.pattern if newest else USUAL_PATTERN
    if newest and newest.starts_on == starts_on:
        rule = newest
        rule.pattern = pattern
    else:
        if newest:
            newest.ends_on = starts_on - timedelta(days=1)
            newest.save(update_fields=["ends_on"])
        rule = NumberingRule(pattern=pattern, starts_on=starts_on)
    rule.save()
    turn.version += 1
    turn.save(update_fields=["version"])
    note_decision(
        by=by, subject=NUMBERING, name="档案编号", what=f"改编号规则，从{starts_on:%Y-%m-%d}起", was=was,
        became=pattern, reason=reason,
    )  # fmt: skip
    return rule

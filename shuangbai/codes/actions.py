"""Writes of the lists: a city adds, renames, ends, brings back and orders. Nothing is deleted."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F

from shuangbai.codes import queries
from shuangbai.codes.access import check_decides
from shuangbai.codes.enums import CodeSpec, PaperSpec
from shuangbai.codes.models import CodeItem, CodeList, Decision, PaperTemplate, SpecialDay
from shuangbai.codes.rules import (
    Item,
    end_findings,
    label_findings,
    needed_findings,
    reason_findings,
    rename_findings,
    resume_findings,
    workdays_findings,
)
from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.findings import Conflict, Finding, Refused
from shuangbai.core.models import Installation
from shuangbai.core.pictures import Picture, content_name, drop_picture, keep_picture
from shuangbai.core.queries import forget as forget_installation
from shuangbai.network.models import User
from shuangbai.network.roles import Permission

CITY, WORKDAYS = "city", "workdays"
CITY_FIELDS = {
    "city_name": "城市名称", "bureau_name": "主管部门", "sponsor": "主办单位", "record_no": "备案号",
    "site_code": "网站标识码", "police_no": "公安备案号", "phone": "电话", "address": "地址",
}  # fmt: skip

DECIDED = audit.kind("decision.made", "{by} 调整了{name}：{what}")


def note_decision(
    *, by: User, subject: str, item: str = "", name: str, what: str, was: str = "", became: str = "", reason: str = ""
) -> Decision:
    """Keep what was decided, for the page's history and the trail. Inside the caller's action."""
    decision = Decision(
        subject=subject, item=item, name=name[:60], what=what[:60], was=was[:300], became=became[:300],
        reason=reason.strip()[:200], by=by,
    )  # fmt: skip
    decision.save(force_insert=True)
    audit.record(DECIDED, by=by, about=decision, name=name, what=what, was=was, became=became, reason=decision.reason)
    return decision


def take_turn(subject: str) -> CodeList:
    """The row that counts the changes of a subject, locked: nobody else changes it until the action ends."""
    CodeList.objects.get_or_create(code=subject)
    return CodeList.objects.select_for_update().get(code=subject)


def _locked(by: User, spec: CodeSpec) -> queries.Items:
    """The list's items as they stand, with nobody else changing them until the action ends."""
    check_decides(by)
    take_turn(spec.code)
    return queries.read_lists()[spec.code]


def _read(items: queries.Items, code: str, version: int) -> Item:
    """The item, unless somebody changed it since `version` was read. Raises Conflict, Refused."""
    item = items.get(code)
    if item is None:
        raise Refused.because("code", "这一项不在表上，请重新打开本页")
    if item.version != version:
        raise Conflict(item)
    return item


def _refuse(findings: Sequence[Finding]) -> None:
    if findings:
        raise Refused(findings)


def _rows(spec: CodeSpec, item: Item) -> list[CodeItem]:
    """The item's rows, the first one first; made from the product's own words where there are none yet."""
    rows = list(CodeItem.objects.filter(list_id=spec.code, code=item.code).order_by("starts_on"))
    if rows:
        return rows
    return CodeItem.objects.bulk_create(
        CodeItem(
            list_id=spec.code, code=item.code, base=item.base, label=name.label, position=item.position,
            starts_on=name.starts_on, ends_on=name.ends_on, version=0,
        )
        for name in item.names
    )  # fmt: skip


def _changed(spec: CodeSpec, *codes: str) -> None:
    """Count the change, for whoever has an older version open and for what other processes keep."""
    CodeItem.objects.filter(list_id=spec.code, code__in=codes).update(version=F("version") + 1)
    CodeList.objects.filter(code=spec.code).update(version=F("version") + 1)
    queries.forget()
    transaction.on_commit(queries.forget)


def _others(items: queries.Items, item: Item) -> list[Item]:
    return [other for other in items.values() if other.code != item.code]


# THE CITY ITSELF ------------------------------------------------------------


@action
def name_city(
    *, by: User, version: int, said: Mapping[str, str], emblem: Picture | None = None, no_emblem: bool = False,
    reason: str,
) -> Installation:  # fmt: skip
    """The city's name and what stands at the foot of pages (CITY_FIELDS). Raises Refused, Conflict."""
    check_decides(by, Permission.RUN_SYSTEM)
    row = Installation.objects.select_for_update().get(pk=1)
    if row.version != version:
        raise Conflict(row)
    wanted = {name: said[name].strip() for name in CITY_FIELDS}
    old = row.emblem
    wanted["emblem"] = content_name(emblem) if emblem else "" if no_emblem else old
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    findings = [Finding(name, name, "请填写这一项") for name in ("city_name", "bureau_name") if not wanted[name]]
    if not changed:
        findings.append(Finding("unchanged", "", "没有改动，不必保存"))
    _refuse([*findings, *reason_findings(reason)])
    was = _city_words(row, changed)
    if emblem:
        keep_picture(emblem, wanted["emblem"])
    for name, value in wanted.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    became = _city_words(row, changed)
    note_decision(by=by, subject=CITY, name="城市与页脚", what="修改", was=was, became=became, reason=reason)
    transaction.on_commit(forget_installation)
    if old and old != row.emblem:
        transaction.on_commit(lambda: drop_picture(old))
    return row


def _city_words(row: Installation, names: Sequence[str]) -> str:
    said = {name: getattr(row, name) for name in names}
    if said.get("emblem"):
        said["emblem"] = f"有（{said['emblem'][:6]}）"
    return "；".join(f"{CITY_FIELDS.get(name, '标志')}：{value or '无'}" for name, value in said.items())


# ITEMS OF LISTS --------------------------------------------------------------


@action
def add_item(*, by: User, spec: CodeSpec, label: str, base: str, starts_on: date, reason: str) -> str:
    """An item of the city's own, which counts as a built-in one. Returns its code. Raises Refused."""
    items = _locked(by, spec)
    if spec.closed:
        raise Refused.because("base", "这张表只能改名称，不能增加")
    findings = [*label_findings(label, starts_on, items.values()), *reason_findings(reason)]
    if base not in spec.built_in:
        findings.append(Finding("base", "base", "请选择算作哪一项"))
    _refuse(findings)
    code = f"c{1 + sum(item.is_own for item in items.values())}"
    CodeItem.objects.create(
        list_id=spec.code, code=code, base=base, label=label.strip(), starts_on=starts_on, version=0,
        position=max(item.position for item in items.values()) + 10,
    )  # fmt: skip
    _changed(spec, code)
    became = f"{label.strip()}，算作「{spec.built_in[base]}」，从{starts_on:%Y-%m-%d}起"
    what = f"增加「{label.strip()}」"
    note_decision(by=by, subject=spec.code, item=code, name=spec.name, what=what, became=became, reason=reason)
    return code


@action
def rename_item(*, by: User, spec: CodeSpec, code: str, version: int, label: str, starts_on: date, reason: str) -> None:
    """Another name from a day on; records of earlier days keep showing the old one. Raises Refused, Conflict."""
    items = _locked(by, spec)
    item = _read(items, code, version)
    findings = [*rename_findings(item, starts_on), *label_findings(label, starts_on, _others(items, item))]
    if label.strip() == item.latest.label:
        findings.append(Finding("label", "label", "名称没有变，请填写新的名称"))
    _refuse([*findings, *reason_findings(reason)])
    latest = _rows(spec, item)[-1]
    if latest.starts_on == starts_on:
        latest.label = label.strip()
        latest.save(update_fields=["label"])
    else:
        CodeItem.objects.filter(pk=latest.pk).update(ends_on=starts_on - timedelta(days=1))
        latest.pk, latest.label, latest.starts_on, latest.ends_on = None, label.strip(), starts_on, None
        latest.save(force_insert=True)
    _changed(spec, code)
    note_decision(
        by=by, subject=spec.code, item=code, name=spec.name, what=f"改名，从{starts_on:%Y-%m-%d}起",
        was=item.latest.label, became=label.strip(), reason=reason,
    )  # fmt: skip


@action
def end_item(*, by: User, spec: CodeSpec, code: str, version: int, ends_on: date, reason: str) -> None:
    """The item's last day. Records that keep it go on showing it. Raises Refused, Conflict."""
    items = _locked(by, spec)
    item = _read(items, code, version)
    if spec.closed:
        raise Refused.because("ends_on", "这张表只能改名称，不能停用")
    after, latest_use = queries.uses_after(spec, code, ends_on)
    findings = end_findings(item, ends_on, latest_use=latest_use, uses_after=after)
    if not findings:
        needed, word = item.base in spec.needed, spec.built_in[item.base]
        findings = needed_findings(item, ends_on, _others(items, item), needed, word)
    _refuse([*findings, *reason_findings(reason)])
    latest = _rows(spec, item)[-1]
    latest.ends_on = ends_on
    latest.save(update_fields=["ends_on"])
    _changed(spec, code)
    note_decision(
        by=by, subject=spec.code, item=code, name=spec.name, what=f"停用「{latest.label}」", was="使用中",
        became=f"用到{ends_on:%Y-%m-%d}", reason=reason,
    )  # fmt: skip


@action
def resume_item(*, by: User, spec: CodeSpec, code: str, version: int, starts_on: date, reason: str) -> None:
    """Bring an ended item back from a day on. Raises Refused, Conflict."""
    items = _locked(by, spec)
    item = _read(items, code, version)
    findings = resume_findings(item, starts_on) or label_findings(item.latest.label, starts_on, _others(items, item))
    _refuse([*findings, *reason_findings(reason)])
    latest = _rows(spec, item)[-1]
    latest.pk, latest.starts_on, latest.ends_on = None, starts_on, None
    latest.save(force_insert=True)
    _changed(spec, code)
    note_decision(
        by=by, subject=spec.code, item=code, name=spec.name, what=f"恢复「{latest.label}」",
        was=f"用到{item.latest.ends_on:%Y-%m-%d}", became=f"从{starts_on:%Y-%m-%d}起再用", reason=reason,
    )  # fmt: skip


@action
def move_item(*, by: User, spec: CodeSpec, code: str, up: bool) -> None:
    """One place up or down in the order of the forms; at the end of the list nothing happens."""
    items = _locked(by, spec)
    order = [item.code for item in items.values()]
    if code not in items:
        raise Refused.because("code", "这一项不在表上，请重新打开本页")
    place = order.index(code)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(order):
        return
    order[place], order[other] = order[other], order[place]
    for position, each in enumerate(order, start=1):
        if items[each].position != position * 10:
            _rows(spec, items[each])
            CodeItem.objects.filter(list_id=spec.code, code=each).update(position=position * 10)
    _changed(spec)
    label = items[code].latest.label
    note_decision(
        by=by, subject=spec.code, item=code, name=spec.name, what=f"把「{label}」{'上移' if up else '下移'}一位"
    )


# PAPER FORMS -----------------------------------------------------------------


def _paper_turn(by: User, spec: PaperSpec, version: int) -> CodeList:
    """Nobody else changes the form's template until the action ends. Raises NotAllowed, Conflict."""
    check_decides(by)
    turn = take_turn(f"{queries.PAPER}{spec.code}")
    if turn.version != version:
        raise Conflict(turn)
    turn.version += 1
    turn.save(update_fields=["version"])
    return turn


@action
def put_template(*, by: User, spec: PaperSpec, sent: bytes, name: str, version: int, reason: str) -> PaperTemplate:
    """The city's own template of a form, from today on, once it was filled on trial. Raises Refused, Conflict."""
    from shuangbai.core.word import NotATemplate, check_template  # takes long to load, and is seldom needed

    turn = _paper_turn(by, spec, version)
    _refuse(list(reason_findings(reason)))
    try:
        check_template(sent, names=spec.words, samples=[spec.sample, spec.blank])
    except NotATemplate as error:
        raise Refused.because("file", str(error)) from error
    was = _end_template(spec)
    number = 1 + PaperTemplate.objects.filter(form=spec.code).count()
    row = PaperTemplate(form=spec.code, number=number, file=sent, name=name[-100:], starts_on=clock.today())
    row.save(force_insert=True)
    note_decision(
        by=by, subject=turn.code, name=f"{spec.name}的模板", what=f"换成本市的第 {number} 份", was=was,
        became=row.name, reason=reason,
    )  # fmt: skip
    return row


@action
def drop_template(*, by: User, spec: PaperSpec, version: int, reason: str) -> None:
    """Back to the product's template of a form. Raises Refused where the city has none, Conflict."""
    turn = _paper_turn(by, spec, version)
    _refuse(list(reason_findings(reason)))
    if queries.template_in_use(spec.code) is None:
        raise Refused.because("", "现在用的就是系统的样式，不必恢复")
    was = _end_template(spec)
    note_decision(
        by=by, subject=turn.code, name=f"{spec.name}的模板", what="恢复系统的样式", was=was, became="系统的样式",
        reason=reason,
    )  # fmt: skip


def _end_template(spec: PaperSpec) -> str:
    """Today is the last day of the template in use; what it is called."""
    row = queries.template_in_use(spec.code)
    if row is None:
        return "系统的样式"
    PaperTemplate.objects.filter(pk=row.pk).update(ends_on=clock.today())
    return row.name


# WORKING DAYS --------------------------------------------------------------


@action
def set_workdays(*, by: User, year: int, version: int, days: Mapping[date, bool], source: str, reason: str) -> None:
    """A year's days off (False) and the weekends that are worked (True), in place of what was said. Raises NotAllowed,
    Refused, Conflict."""
    check_decides(by)
    turn = take_turn(WORKDAYS)
    if turn.version != version:
        raise Conflict(None)
    _refuse([
        *workdays_findings(year=year, days=days, source=source, today=clock.today()), *reason_findings(reason),
    ])  # fmt: skip
    before = queries.special_days(year)
    SpecialDay.objects.filter(day__year=year).delete()
    SpecialDay.objects.bulk_create(
        SpecialDay(day=day, works=works, source=source.strip()) for day, works in sorted(days.items())
    )
    turn.version += 1
    turn.save(update_fields=["version"])
    note_decision(
        by=by, subject=WORKDAYS, item=str(year), name=f"{year} 年放假与调休", what="登记放假与调休",
        was=_workdays_words({one.day: one.works for one in before}, before[0].source) if before else "没有登记",
        became=_workdays_words(days, source), reason=reason,
    )  # fmt: skip


def _workdays_words(days: Mapping[date, bool], source: str) -> str:
    worked = sum(days.values())
    return f"放假 {len(days) - worked} 天，调休上班 {worked} 天；{source.strip()}"

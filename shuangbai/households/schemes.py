"""Writes of the grade schemes: levels from a day on, which station uses which, longest intervals by category."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from shuangbai.codes.access import check_decides
from shuangbai.codes.actions import note_decision, take_turn
from shuangbai.codes.rules import reason_findings
from shuangbai.core import clock
from shuangbai.core.actions import action
from shuangbai.core.findings import Conflict, Finding, Refused, refuse_if_any
from shuangbai.households.enums import GRADES
from shuangbai.households.grades import Schemes, versions_of
from shuangbai.households.models import Category, CategoryFloor, GradeLevel, GradeScheme, StationScheme
from shuangbai.households.rules import PRESETS, floor_findings, level_findings
from shuangbai.network.models import OrgUnit, User

GRADING, FLOORS = "grade.scheme", "grade.floor"
ALWAYS = date(1949, 10, 1)
NUMBERS = ("interval_days", "grace_days", "modes", "face_times", "face_days", "review_days")
FIELDS = ("label", "colour", *NUMBERS)


def _scheme_row(code: str) -> GradeScheme:
    """The scheme's row, locked; a preset's is made with its levels as the product says them. Raises Refused."""
    row = GradeScheme.objects.select_for_update().filter(code=code).first()
    if row:
        return row
    preset = PRESETS.get(code)
    if preset is None:
        raise Refused.because("scheme", "没有这种分级办法，请重新打开本页")
    made = GradeScheme.objects.create(code=code, name=preset.name, example=preset.example)
    words = GRADES.built_in
    GradeLevel.objects.bulk_create(
        GradeLevel(
            scheme=made, code=one.code, label=words[one.code], colour=one.colour, rank=one.rank, starts_on=ALWAYS,
            **{name: list(one.modes) if name == "modes" else getattr(one, name) for name in NUMBERS},
        )
        for one in preset.levels
    )  # fmt: skip
    return GradeScheme.objects.select_for_update().get(pk=made.pk)


def _read(code: str, version: int) -> GradeScheme:
    """The scheme as it was read. Raises Conflict where somebody changed it since; version 0 is the product's own."""
    take_turn(GRADING)
    fresh = code in PRESETS and not GradeScheme.objects.filter(code=code).exists()
    row = _scheme_row(code)
    if version != (0 if fresh else row.version):
        raise Conflict(row)
    return row


def _words(said: Mapping[str, Any]) -> str:
    face = f"，{said['face_days']} 天内当面 {said['face_times']} 次" if said["face_times"] else ""
    return (
        f"{said['label']}：每 {said['interval_days']} 天，宽限 {said['grace_days']} 天{face}，"
        f"{said['review_days']} 天复评，{len(said['modes'])} 种方式算联系"
    )


def _said(row: GradeLevel) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FIELDS}


def _grown(scheme: GradeScheme) -> None:
    scheme.version += 1
    scheme.save(update_fields=["version"])


def _check(said: Mapping[str, Any], labels: Sequence[str], newest_on: date | None, reason: str) -> None:
    found = level_findings(said, others=labels, today=clock.today(), newest_on=newest_on)
    refuse_if_any([*found, *reason_findings(reason)], acknowledged=False)


@action
def add_scheme(*, by: User, name: str, starts_on: date, like: str, reason: str) -> GradeScheme:
    """A scheme of the city's own, which begins with the levels of another. Raises Refused."""
    check_decides(by)
    take_turn(GRADING)
    schemes = Schemes(clock.today())
    findings: list[Finding] = []
    if not name.strip():
        findings.append(Finding("name", "name", "请填写名称，如「本市四级」"))
    if name.strip() in {one.name for one in schemes.by_code.values()}:
        findings.append(Finding("name", "name", "已有这个名称的办法，请换一个"))
    if like not in schemes.by_code:
        findings.append(Finding("like", "like", "请选择从哪一种办法开始"))
    refuse_if_any([*findings, *reason_findings(reason)], acknowledged=False)
    code = next(word for n in range(1, 100) if (word := f"own{n}") not in schemes.by_code)
    made = GradeScheme.objects.create(code=code, name=name.strip())
    GradeLevel.objects.bulk_create(
        GradeLevel(
            scheme=made, code=f"{code}-{one.rank}", label=one.label, colour=one.colour, rank=one.rank,
            starts_on=min(starts_on, clock.today()),
            **{field: list(one.modes) if field == "modes" else getattr(one, field) for field in NUMBERS},
        )
        for one in schemes.by_code[like].levels
    )  # fmt: skip
    note_decision(
        by=by, subject=GRADING, item=code, name="跟进分级", what=f"增加办法「{made.name}」",
        became=f"从「{schemes.by_code[like].name}」的各级开始", reason=reason,
    )  # fmt: skip
    return made


@action
def change_level(*, by: User, level: str, version: int, said: Mapping[str, Any], reason: str) -> GradeLevel:
    """Other numbers for a level from `said["starts_on"]` on; days before keep the old. Raises Refused, Conflict."""
    check_decides(by)
    known = Schemes(clock.today()).levels.get(level)
    if known is None:
        raise Refused.because("level", "没有这一级，请重新打开本页")
    scheme = _read(known.scheme, version)
    rows = versions_of([level])[level]
    newest = rows[-1]
    if newest.ends_on:
        raise Refused.because("starts_on", "这一级已停用，不能再改")
    built_in = level in GRADES.built_in
    said = {**said, "label": newest.label if built_in else said["label"].strip()}
    others = [one.label for one in scheme.levels.exclude(code=level).filter(ends_on=None)]
    _check(said, others, newest.starts_on, reason)
    wanted = {name: said[name] for name in FIELDS}
    if wanted == _said(newest):
        raise Refused.because("", "没有改动，不必保存")
    was = _words(_said(newest))
    if newest.starts_on == said["starts_on"]:
        row = newest
    else:
        GradeLevel.objects.filter(pk=newest.pk).update(ends_on=said["starts_on"] - timedelta(days=1))
        row = GradeLevel(scheme=scheme, code=level, rank=newest.rank, starts_on=said["starts_on"])
    for name, value in wanted.items():
        setattr(row, name, value)
    row.save()
    _grown(scheme)
    note_decision(
        by=by, subject=GRADING, item=scheme.code, name=f"跟进分级「{scheme}」",
        what=f"改「{known.label}」，从{said['starts_on']:%Y-%m-%d}起", was=was, became=_words(wanted), reason=reason,
    )  # fmt: skip
    return row


@action
def add_level(*, by: User, scheme: str, version: int, said: Mapping[str, Any], reason: str) -> GradeLevel:
    """One more level of a city's own scheme, placed by its interval. Raises Refused, Conflict."""
    check_decides(by)
    if scheme in PRESETS:
        raise Refused.because("label", "系统自带的办法不能增减级别；请增加一种本市的办法，从它开始")
    row = _read(scheme, version)
    held = list(row.levels.filter(ends_on=None))
    _check(said, [one.label for one in held], None, reason)
    taken = set(row.levels.values_list("code", flat=True))
    code = next(word for n in range(1, 100) if (word := f"{scheme}-{n}") not in taken)
    made = GradeLevel(scheme=row, code=code, rank=len(held) + 1, starts_on=said["starts_on"],
                      **{name: said[name] for name in FIELDS})  # fmt: skip
    made.save(force_insert=True)
    for rank, one in enumerate(sorted([*held, made], key=lambda one: one.interval_days), start=1):
        GradeLevel.objects.filter(code=one.code).update(rank=rank)
    _grown(row)
    note_decision(
        by=by, subject=GRADING, item=scheme, name=f"跟进分级「{row}」", what=f"增加「{made.label}」",
        became=_words(said), reason=reason,
    )  # fmt: skip
    return made


@action
def end_level(*, by: User, level: str, version: int, ends_on: date, reason: str) -> None:
    """A level's last day. Files that have it keep it until they are graded anew. Raises Refused, Conflict."""
    check_decides(by)
    known = Schemes(clock.today()).levels.get(level)
    if known is None or level in GRADES.built_in:
        raise Refused.because("ends_on", "系统自带的级别不能停用；不想用它，可给各站另选一种办法")
    scheme = _read(known.scheme, version)
    newest = versions_of([level])[level][-1]
    findings = []
    if newest.ends_on:
        findings.append(Finding("ends_on", "ends_on", f"这一级已于{newest.ends_on:%Y-%m-%d}停用"))
    elif ends_on < max(clock.today(), newest.starts_on):
        findings.append(Finding("ends_on", "ends_on", "最后一天请定在今天或以后"))
    if scheme.levels.filter(ends_on=None).exclude(code=level).count() == 0:
        findings.append(Finding("ends_on", "ends_on", "这是最后一级，停用后就没有级别可用了"))
    refuse_if_any([*findings, *reason_findings(reason)], acknowledged=False)
    GradeLevel.objects.filter(pk=newest.pk).update(ends_on=ends_on)
    _grown(scheme)
    note_decision(
        by=by, subject=GRADING, item=scheme.code, name=f"跟进分级「{scheme}」", what=f"停用「{known.label}」",
        was="使用中", became=f"用到{ends_on:%Y-%m-%d}", reason=reason,
    )  # fmt: skip


@action
def choose_scheme(
    *, by: User, stations: Sequence[OrgUnit], scheme: str, starts_on: date, reason: str
) -> list[StationScheme]:
    """By which scheme stations grade from a day on; grades given before stay until given anew. Raises Refused."""
    check_decides(by)
    take_turn(GRADING)
    chosen = _scheme_row(scheme)
    findings: list[Finding] = []
    if not stations:
        findings.append(Finding("stations", "stations", "请至少选择一个社工站"))
    if starts_on < clock.today():
        findings.append(Finding("starts_on", "starts_on", "请从今天或以后起"))
    open_rows = {row.station_id: row for row in StationScheme.objects.filter(station__in=stations, ends_on=None)}
    late = [station for station in stations if station.pk in open_rows and open_rows[station.pk].starts_on > starts_on]
    if late:
        since = open_rows[late[0].pk].starts_on
        findings.append(
            Finding("starts_on", "starts_on", f"{late[0]}已定好从{since:%Y-%m-%d}起的办法，请从那天或以后起")
        )
    refuse_if_any([*findings, *reason_findings(reason)], acknowledged=False)
    made = []
    for station in stations:
        row = open_rows.get(station.pk)
        if row and row.scheme_id == chosen.pk:
            continue
        if row and row.starts_on == starts_on:
            row.scheme = chosen
        else:
            if row:
                StationScheme.objects.filter(pk=row.pk).update(ends_on=starts_on - timedelta(days=1))
            row = StationScheme(station=station, scheme=chosen, starts_on=starts_on)
        row.save()
        made.append(row)
    if not made:
        raise Refused.because("scheme", "所选各站已经用这种办法，不必保存")
    names = "、".join(str(row.station) for row in made)
    note_decision(
        by=by, subject=GRADING, item=scheme, name="各站的分级办法",
        what=f"{len(made)} 个站改用「{chosen}」，从{starts_on:%Y-%m-%d}起"[:60], became=names, reason=reason,
    )  # fmt: skip
    return made


@action
def set_floors(
    *, by: User, categories: Sequence[Category], days: int, starts_on: date, reason: str
) -> list[CategoryFloor]:
    """Families with these categories are seen at least every so many days from a day on. Raises Refused."""
    check_decides(by)
    take_turn(FLOORS)
    held: dict[int, list[CategoryFloor]] = {one.pk: [] for one in categories}
    for row in CategoryFloor.objects.filter(category__in=categories).order_by("starts_on"):
        held[row.category_id].append(row)
    spans = {str(one): [(row.starts_on, row.ends_on) for row in held[one.pk]] for one in categories}
    findings = floor_findings(days, starts_on, today=clock.today(), spans=spans)
    refuse_if_any([*findings, *reason_findings(reason)], acknowledged=False)
    made, before = [], []
    for one in categories:
        now = next((row for row in held[one.pk] if row.holds_on(starts_on)), None)
        before.append(f"{one} {now.days} 天" if now else f"{one} 没有")
        if now and now.starts_on == starts_on:
            row = now
            row.days, row.ends_on = days, None
        else:
            if now:
                CategoryFloor.objects.filter(pk=now.pk).update(ends_on=starts_on - timedelta(days=1))
            row = CategoryFloor(category=one, days=days, starts_on=starts_on)
        row.save()
        made.append(row)
    note_decision(
        by=by, subject=FLOORS, name="类别的最长间隔", what=f"{len(made)} 类至少每 {days} 天，从{starts_on:%Y-%m-%d}起",
        was="；".join(before), became="、".join(str(one) for one in categories), reason=reason,
    )  # fmt: skip
    return made


@action
def end_floor(*, by: User, floor: CategoryFloor, ends_on: date, reason: str) -> None:
    """The last day of a longest interval. Raises Refused."""
    check_decides(by)
    take_turn(FLOORS)
    current = CategoryFloor.objects.select_for_update().select_related("category").get(pk=floor.pk)
    findings = []
    if current.ends_on:
        findings.append(Finding("ends_on", "ends_on", f"已于{current.ends_on:%Y-%m-%d}结束，不必再结束"))
    elif ends_on < max(clock.today(), current.starts_on):
        findings.append(Finding("ends_on", "ends_on", "最后一天请定在今天或以后"))
    refuse_if_any([*findings, *reason_findings(reason)], acknowledged=False)
    current.ends_on = ends_on
    current.save(update_fields=["ends_on"])
    note_decision(
        by=by, subject=FLOORS, item=current.category.code, name="类别的最长间隔", what=f"结束「{current.category}」",
        was=f"至少每 {current.days} 天", became=f"到{ends_on:%Y-%m-%d}为止", reason=reason,
    )  # fmt: skip

"""Writes of the directory: a resource is listed, changed, renewed, ended."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shuangbai.codes.queries import unoffered
from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert, sign
from shuangbai.core.findings import Conflict, Finding, NotAllowed, refuse_if_any
from shuangbai.core.pinyin import initials
from shuangbai.network.models import OrgUnit, User
from shuangbai.resources import queries, rules
from shuangbai.resources.access import may_keep, units_kept_by
from shuangbai.resources.enums import KINDS
from shuangbai.resources.models import Resource, ResourceArea, ResourceTerm
from shuangbai.visits.enums import NEEDS

LISTED = audit.kind("resource.listed", "{by} 登记了资源「{name}」")
CHANGED = audit.kind("resource.changed", "{by} 修改了资源「{name}」：{fields}")
RENEWED = audit.kind("resource.renewed", "{by} 续期资源「{name}」：{span}")
ENDED = audit.kind("resource.ended", "{by} 停用资源「{name}」，用到 {on}，理由：{reason}")


@dataclass(slots=True)
class ResourceEntry:
    """A resource as its page says it. `area_ids`: where it is to be had; none: wherever the unit works."""

    name: str
    provider: str
    kind: str
    contact: str = ""
    phone: str = ""
    needs: Sequence[str] = ()
    area_ids: Collection[int] = ()
    conditions: str = ""


@action
def list_resource(
    *, by: User, unit: OrgUnit, entry: ResourceEntry, starts_on: date, ends_on: date | None = None
) -> Resource:
    """Enter a resource with its first term. Raises NotAllowed, Refused."""
    if unit.pk not in {one.pk for one in units_kept_by(by)}:
        raise NotAllowed
    findings = rules.resource_findings(name=entry.name, provider=entry.provider, starts_on=starts_on, ends_on=ends_on)
    refuse_if_any(findings + _code_findings(entry), acknowledged=False)
    resource = Resource(unit=unit, listed_on=clock.today(), entered_by=by, entered_at=clock.now(), **_said(entry, unit))
    insert([resource], by=by)
    ResourceTerm.objects.create(resource=resource, starts_on=starts_on, ends_on=ends_on)
    _put_areas(resource, entry.area_ids)
    audit.record(LISTED, by=by, about=resource, name=resource.name)
    return resource


def _code_findings(entry: ResourceEntry, kept: Resource | None = None) -> list[Finding]:
    """Codes that no list offers today, but for those that the entry holds already."""
    today, findings = clock.today(), []
    if unoffered(KINDS, [entry.kind], today) and (kept is None or kept.kind != entry.kind):
        findings.append(Finding("kind", "kind", "这一种类不在列表中，请重新选择"))
    new = set(entry.needs) - set(kept.needs if kept else ())
    if wrong := unoffered(NEEDS, sorted(new), today):
        findings.append(Finding("needs", "needs", f"「{wrong[0]}」不在需求列表中，请重新选择"))
    return findings


def _said(entry: ResourceEntry, unit: OrgUnit) -> dict[str, Any]:
    offered = queries.areas_offered(unit, clock.today())
    named = [area.short_name for area in offered if area.pk in set(entry.area_ids)]
    called = f"{initials(entry.name.strip())} {initials(entry.provider.strip())}"
    return {
        "name": entry.name.strip(), "provider": entry.provider.strip(), "kind": entry.kind, "initials": called,
        "contact": entry.contact.strip(), "phone": entry.phone.strip(), "needs": list(entry.needs),
        "conditions": entry.conditions.strip(), "covers": "、".join(named)[:300],
    }  # fmt: skip


def _put_areas(resource: Resource, area_ids: Collection[int]) -> None:
    ResourceArea.objects.filter(resource=resource).exclude(area__in=list(area_ids)).delete()
    held = set(ResourceArea.objects.filter(resource=resource).values_list("area_id", flat=True))
    ResourceArea.objects.bulk_create(ResourceArea(resource=resource, area_id=pk) for pk in area_ids if pk not in held)


def _kept(by: User, resource: Resource, version: int) -> Resource:
    """The resource as it stands, locked. Raises NotAllowed, Conflict."""
    if not may_keep(by, resource):
        raise NotAllowed
    current = Resource.objects.select_for_update(of=("self",)).select_related("unit").get(pk=resource.pk)
    if current.version != version:
        raise Conflict(current)
    return current


@action
def change_resource(*, by: User, resource: Resource, version: int, entry: ResourceEntry) -> Resource:
    """Change what the directory says of it; its terms have ways of their own. Raises NotAllowed, Refused, Conflict."""
    current = _kept(by, resource, version)
    findings = rules.resource_findings(name=entry.name, provider=entry.provider, starts_on=None, ends_on=None)
    refuse_if_any(findings + _code_findings(entry, current), acknowledged=False)
    said = _said(entry, current.unit)
    fields = {field.name: field for field in Resource._meta.concrete_fields if field.name != "initials"}
    words = [str(fields[name].verbose_name) for name in said if name in fields and getattr(current, name) != said[name]]
    for name, value in said.items():
        setattr(current, name, value)
    _put_areas(current, entry.area_ids)
    _save(current, by)
    audit.record(CHANGED, by=by, about=current, name=current.name, fields="、".join(words) or "无变化")
    return current


@action
def renew_resource(
    *, by: User, resource: Resource, version: int, starts_on: date, ends_on: date | None = None
) -> ResourceTerm:
    """A further term. Raises NotAllowed, Refused, Conflict."""
    current = _kept(by, resource, version)
    terms = [(one.starts_on, one.ends_on) for one in queries.terms_of(current)]
    refuse_if_any(rules.renew_findings(starts_on=starts_on, ends_on=ends_on, terms=terms), acknowledged=False)
    term = ResourceTerm.objects.create(resource=current, starts_on=starts_on, ends_on=ends_on)
    _save(current, by, f"续期：{term}")
    span = f"{starts_on:%Y-%m-%d} 起" + (f"至 {ends_on:%Y-%m-%d}" if ends_on else "")
    audit.record(RENEWED, by=by, about=current, name=current.name, span=span)
    return term


@action
def end_resource(*, by: User, resource: Resource, version: int, ends_on: date, reason: str) -> ResourceTerm:
    """The last day of its latest term. Raises NotAllowed, Refused, Conflict."""
    current = _kept(by, resource, version)
    latest = queries.terms_of(current)[0]
    findings = rules.end_findings(
        ends_on=ends_on, starts_on=latest.starts_on, used_after=queries.used_after(current, ends_on), reason=reason
    )
    refuse_if_any(findings, acknowledged=False)
    latest.ends_on = ends_on
    latest.save(update_fields=["ends_on"])
    _save(current, by, f"停用：{reason.strip()}"[:100])
    audit.record(ENDED, by=by, about=current, name=current.name, on=f"{ends_on}", reason=reason.strip()[:200])
    return latest


def _save(row: Any, by: User, reason: str = "") -> None:
    row.version += 1
    sign(row, by=by, reason=reason)
    row.save()

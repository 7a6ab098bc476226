"""The form of an activity, and an activity in the words of that form: for its history and a conflict."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.activities.actions import ActivityEntry
from shuangbai.activities.enums import KINDS
from shuangbai.activities.models import Activity, Series
from shuangbai.activities.queries import people_labels, series_names
from shuangbai.codes.queries import choices_on, label_of
from shuangbai.core.forms import words
from shuangbai.core.ids import random_id
from shuangbai.network.models import Area
from shuangbai.network.queries import villages_covered
from shuangbai.services.access import veiled
from shuangbai.services.enums import ContactKind, CountMethod, HeadGroup
from shuangbai.services.forms import RecordForm, SeveralField, chips, typed_ids
from shuangbai.services.models import Campaign, ServiceRecord
from shuangbai.services.queries import Version, names_of, row_at, versions


def _number(label: Any, **attrs: Any) -> forms.IntegerField:
    """A count: whole, not negative, and empty for none."""
    whole = {"invalid": _("请填整数"), "min_value": _("不能小于 0"), "max_value": _("太大了，请核对")}
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "class": "width-short", **attrs})
    field = forms.IntegerField(
        label=label, required=False, min_value=0, max_value=99_999, widget=widget, error_messages=whole
    )
    widget.attrs.pop("step", None)
    return field


def _heads(group: HeadGroup) -> forms.IntegerField:
    return _number(group.label, **{"data-count-part": ""})


class ActivityForm(RecordForm):
    """One activity of a station. Named participants and head counts do not overlap."""

    title = words(_("活动名称"), most=80, error_messages={"required": _("请填写活动名称")})
    kind = chips(_("类型"))
    series = words(_("系列"), most=60, required=False, help_text=_("同一系列每办一次算一场"))
    village = forms.ModelChoiceField(
        Area.objects.none(), label=_("村居"), required=False, empty_label=_("不限一村"),
        error_messages={"invalid_choice": _("请重新选择")},
    )  # fmt: skip
    place = words(_("地点"), most=60, required=False)
    partners = words(_("合作单位"), most=120, required=False)
    people = SeveralField(
        label=_("参加的人（实名）"), required=False, help_text=_("本站家庭里的人，打两个字或拼音首字母，逐个添加")
    )
    heads = forms.CharField(label=_("未实名人数"), required=False)
    children = _heads(HeadGroup.CHILDREN)
    elders = _heads(HeadGroup.ELDERS)
    clients = _heads(HeadGroup.CLIENTS)
    helpers = _heads(HeadGroup.VOLUNTEERS)
    others = _heads(HeadGroup.OTHERS)
    stated_total = _number(_("现场记的总人次"), **{"data-count-total": ""})
    method = chips(_("怎么数的"), choices=CountMethod.choices, required=False)
    volunteers = _number(_("志愿者人数"))
    volunteer_hours = forms.DecimalField(
        label=_("志愿服务小时（合计）"), required=False, min_value=0, max_digits=7, decimal_places=1,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.5", "class": "width-short"}),
        error_messages={"invalid": _("请填数字，如 6 或 6.5"), "max_decimal_places": _("最多一位小数")},
    )  # fmt: skip
    leaflets = _number(_("宣传资料份数"))
    summary = words(_("活动小结"), most=4000, rows=5, required=False)

    GROUPS = {
        HeadGroup.CHILDREN: "children", HeadGroup.ELDERS: "elders", HeadGroup.CLIENTS: "clients",
        HeadGroup.VOLUNTEERS: "helpers", HeadGroup.OTHERS: "others",
    }  # fmt: skip

    def __init__(self, data: Any = None, *, user: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["workers"].label = _("负责社工")
        self.fields["kind"].choices = choices_on(KINDS, self.day, [self.initial.get("kind", "")])  # type: ignore[attr-defined]
        picked = typed_ids(data.getlist("people") if data is not None else self.initial.get("people", ()))
        self.chosen = people_labels(user, picked)
        village = village_key(data.get("village") if data is not None else self.initial.get("village"))
        covered = villages_covered(self.station.pk, self.day).values("pk")
        self.fields["village"].queryset = Area.objects.filter(pk__in=covered).order_by("name", "id") | (  # type: ignore[attr-defined]
            Area.objects.filter(pk__in=[village] if village else []).order_by("name", "id")
        )
        self.series_names = series_names(self.station)
        self.fields["series"].widget.attrs["list"] = "series-names"

    def count_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.GROUPS.values()]

    def entry(self) -> ActivityEntry:
        """What was typed, for the action. Only after `is_valid`."""
        typed = self.cleaned_data
        named = ("occurred_on", "title", "series", "place", "campaign", "partners", "stated_total", "summary")
        return ActivityEntry(
            station=self.station, kind=typed["kind"], worker_ids=typed["workers"],
            village_id=typed["village"].pk if typed["village"] else None, person_ids=typed["people"],
            heads={group: typed[name] for group, name in self.GROUPS.items() if typed[name]},
            method=CountMethod(typed["method"]) if typed["method"] else None,
            volunteers=typed["volunteers"] or 0, volunteer_hours=typed["volunteer_hours"] or Decimal(0),
            leaflets=typed["leaflets"] or 0, client_id=typed.get("client_id") or random_id(),
            **{name: typed[name] for name in named},
        )  # fmt: skip


def village_key(value: Any) -> int | None:
    """A village's key as it was sent, or None."""
    return int(value) if str(value or "").isdecimal() else None


def blank_activity(*, day: date, me: UUID | None) -> dict[str, Any]:
    """What a new activity begins with: today and oneself."""
    return {"occurred_on": day, "client_id": random_id(), "workers": [me] if me else []}


def entry_of(activity: Activity) -> ActivityEntry:
    """A saved activity as an entry."""
    record = activity.record
    contacts = list(record.contacts.all())
    return _entry(
        record, activity, [row.staff_id for row in record.workers.order_by("position")],
        [row.person_id for row in contacts if row.person_id],
        {row.group: (row.heads, row.method) for row in contacts if row.kind == ContactKind.HEADS},
        station=record.station, series=activity.series.name if activity.series else "", campaign=record.campaign,
    )  # fmt: skip


def _entry(
    record: Any, detail: Any, workers: Sequence[UUID], people: Sequence[UUID], heads: Mapping[str, tuple[int, str]],
    *, station: Any, series: str, campaign: Campaign | None,
) -> ActivityEntry:  # fmt: skip
    methods = [method for _count, method in heads.values()]
    return ActivityEntry(
        station=station, occurred_on=record.occurred_on, title=detail.title, kind=detail.kind, worker_ids=workers,
        village_id=record.village_id, place=record.place, series=series, campaign=campaign, partners=detail.partners,
        person_ids=people, heads={HeadGroup(group): count for group, (count, _method) in heads.items()},
        method=CountMethod(methods[0]) if methods else None, volunteers=detail.volunteers,
        volunteer_hours=detail.volunteer_hours, leaflets=detail.leaflets, summary=detail.summary,
    )  # fmt: skip


def initial_of(activity: Activity) -> dict[str, Any]:
    """A saved activity as the first values of its correction."""
    entry = entry_of(activity)
    named = ("occurred_on", "title", "kind", "series", "place", "partners", "method", "summary")
    counts = {name: entry.heads.get(group) for group, name in ActivityForm.GROUPS.items()}
    return {name: getattr(entry, name) for name in named} | counts | {
        "workers": list(entry.worker_ids), "people": list(entry.person_ids), "village": entry.village_id,
        "campaign": entry.campaign.pk if entry.campaign else None, "volunteers": entry.volunteers or None,
        "volunteer_hours": entry.volunteer_hours or None, "leaflets": entry.leaflets or None,
        "version": activity.record.version,
    }  # fmt: skip


def told(entry: ActivityEntry, names: Mapping[UUID, str], villages: Mapping[int, str]) -> list[tuple[str, str]]:
    """An activity in words, line by line: label and text, always the same lines in the same order."""
    heads = [f"{HeadGroup(group).label} {count}" for group, count in sorted(entry.heads.items()) if count]
    return [
        ("活动名称", entry.title),
        ("类型", label_of(KINDS, entry.kind, entry.occurred_on)),
        ("日期", f"{entry.occurred_on:%Y-%m-%d}"),
        ("村居", villages.get(entry.village_id or 0, "")),
        ("地点", entry.place),
        ("系列", entry.series),
        ("专项", entry.campaign.name if entry.campaign else ""),
        ("合作单位", entry.partners),
        ("负责社工", "、".join(names.get(pk, "") for pk in entry.worker_ids)),
        ("参加的人（实名）", "、".join(sorted(names.get(pk, "") for pk in entry.person_ids))),
        ("未实名人数", "、".join(heads)),
        ("怎么数的", str(CountMethod(entry.method).label) if entry.method and heads else ""),
        ("志愿者人数", str(entry.volunteers or "")),
        ("志愿服务小时", f"{Decimal(entry.volunteer_hours):g}" if entry.volunteer_hours else ""),
        ("宣传资料份数", str(entry.leaflets or "")),
        ("活动小结", entry.summary),
    ]


def _village_names(entries: Sequence[ActivityEntry]) -> dict[int, str]:
    ids = {entry.village_id for entry in entries if entry.village_id}
    return dict(Area.objects.filter(pk__in=ids).values_list("pk", "name"))


def side_by_side(theirs: ActivityEntry, mine: ActivityEntry) -> list[dict[str, Any]]:
    """Two versions of one activity, line beside line; what both leave empty is left out."""
    names = names_of([*theirs.worker_ids, *mine.worker_ids], [*theirs.person_ids, *mine.person_ids])
    villages = _village_names([theirs, mine])
    both = zip(told(theirs, names, villages), told(mine, names, villages), strict=True)
    return [
        {"label": label, "theirs": old, "mine": new, "changed": old != new}
        for (label, old), (_label, new) in both
        if old or new
    ]


def corrections(record: ServiceRecord, hidden: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Each correction of an activity: who, when, why, and what was and became; the newest first.

    Names in `hidden` are masked wherever they stand.
    """
    kept = [(one, row_at(Activity.history.filter(record_id=record.pk), one.until)) for one in versions(record)]
    if len(kept) < 2:
        return []
    entries = _version_entries(kept, record)
    names = names_of(
        {pk for entry in entries for pk in entry.worker_ids}, {pk for entry in entries for pk in entry.person_ids}
    )
    villages = _village_names(entries)
    said = [(one, told(entry, names, villages)) for (one, _row), entry in zip(kept, entries, strict=True)]
    found = []
    for (_before, was), (one, became) in pairwise(said):
        both = zip(was, became, strict=True)
        changes = [
            (label, veiled(old, hidden), veiled(new, hidden)) for (label, old), (_label, new) in both if old != new
        ]
        if not one.record.voided_at:
            found.append({"by": one.by, "at": one.at, "reason": one.reason, "changes": changes})
    return found[::-1]


def _version_entries(kept: Sequence[tuple[Version, Any]], record: ServiceRecord) -> list[ActivityEntry]:
    campaigns = Campaign.objects.in_bulk({one.record.campaign_id for one, _row in kept if one.record.campaign_id})
    series = Series.objects.in_bulk({row.series_id for _one, row in kept if row.series_id})
    return [
        _entry(
            one.record, row, one.worker_ids, one.person_ids, one.heads, station=record.station,
            series=series[row.series_id].name if row.series_id else "", campaign=campaigns.get(one.record.campaign_id),
        )
        for one, row in kept
    ]  # fmt: skip

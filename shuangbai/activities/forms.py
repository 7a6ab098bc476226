"""The form of an activity, and an activity in the words of that form: for its history and a conflict."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.activities.actions import ActivityEntry
from shuangbai.activities.enums import KINDS
from shuangbai.activities.models import Activity, HeldWith, Series
from shuangbai.activities.queries import PLACES, people_labels, series_names, stations_beside
from shuangbai.codes.queries import choices_on, label_of
from shuangbai.core import clock
from shuangbai.core.forms import Choices, words
from shuangbai.core.ids import random_id
from shuangbai.network.models import Area, OrgUnit
from shuangbai.network.queries import villages_covered
from shuangbai.services.enums import ContactKind, CountMethod, HeadGroup
from shuangbai.services.forms import (
    RecordForm,
    SeveralField,
    beside,
    chips,
    corrections_told,
    head_count,
    typed_ids,
    whole_number,
)
from shuangbai.services.models import Campaign, ServiceRecord
from shuangbai.services.queries import Version, names_of, row_at, standing_at, versions


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
    venue = chips(_("用了本站哪处场地"), required=False)
    partners = words(_("合作单位"), most=120, required=False)
    joint = SeveralField(
        label=_("与哪些社工站合办"), required=False,
        help_text=_("由本站记一次，全市只算一场；对方站的人也看得到这一场，看不到姓名"),
    )  # fmt: skip
    people = SeveralField(
        label=_("参加的人（实名）"), required=False, help_text=_("本站家庭里的人，打两个字或拼音首字母，逐个添加")
    )
    heads = forms.CharField(label=_("未实名人数"), required=False)
    children = head_count(HeadGroup.CHILDREN)
    elders = head_count(HeadGroup.ELDERS)
    clients = head_count(HeadGroup.CLIENTS)
    helpers = head_count(HeadGroup.VOLUNTEERS)
    others = head_count(HeadGroup.OTHERS)
    stated_total = whole_number(_("现场记的总人次"), **{"data-count-total": ""})
    method = chips(_("怎么数的"), choices=CountMethod.choices, required=False)
    volunteers = whole_number(_("志愿者人数"))
    volunteer_hours = forms.DecimalField(
        label=_("志愿服务小时（合计）"), required=False, min_value=0, max_digits=7, decimal_places=1,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.5", "class": "width-short"}),
        error_messages={"invalid": _("请填数字，如 6 或 6.5"), "max_decimal_places": _("最多一位小数")},
    )  # fmt: skip
    leaflets = whole_number(_("宣传资料份数"))
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
        self.fields["venue"].choices = self._venues(data)  # type: ignore[attr-defined]
        joint = typed_ids(data.getlist("joint") if data is not None else self.initial.get("joint", ()))
        self.fields["joint"].choices = Choices(  # type: ignore[attr-defined]
            lambda: [(str(one.pk), one.name) for one in stations_beside(self.station, self.day, joint)]
        )
        self.held_jointly = bool(joint)
        self.series_names = series_names(self.station)
        self.fields["series"].widget.attrs["list"] = "series-names"

    def _venues(self, data: Any) -> list[tuple[str, Any]]:
        """The places of the station that are open on the day; nothing where there is none."""
        typed = data.get("venue") if data is not None else self.initial.get("venue")
        picked = next(iter(typed_ids([typed or ""])), None)
        rows = PLACES["venue"].offered(self.station, self.day, picked)
        return [("", _("没有用")), *((str(pk), name) for pk, name in rows)] if rows else []

    def clean_venue(self) -> UUID | None:
        return UUID(self.cleaned_data["venue"]) if self.cleaned_data["venue"] else None

    def count_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.GROUPS.values()]

    def entry(self) -> ActivityEntry:
        """What was typed, for the action. Only after `is_valid`."""
        typed = self.cleaned_data
        named = ("occurred_on", "title", "series", "place", "campaign", "partners", "stated_total", "summary")
        return ActivityEntry(
            station=self.station, kind=typed["kind"], worker_ids=typed["workers"],
            village_id=typed["village"].pk if typed["village"] else None, joint_ids=typed["joint"],
            venue_id=typed["venue"], person_ids=typed["people"],
            heads={group: typed[name] for group, name in self.GROUPS.items() if typed[name]},
            method=CountMethod(typed["method"]) if typed["method"] else None,
            volunteers=typed["volunteers"] or 0, volunteer_hours=typed["volunteer_hours"] or Decimal(0),
            leaflets=typed["leaflets"] or 0, client_id=typed.get("client_id") or random_id(),
            **{name: typed[name] for name in named},
        )  # fmt: skip


def village_key(value: Any) -> int | None:
    """A village's key as it was sent, or None."""
    return int(value) if str(value or "").isdecimal() else None


def village_choices(station: OrgUnit, picked: Any, empty: Any = "") -> list[tuple[str, Any]]:
    """The villages that the station covers today, and one that was chosen before."""
    rows = list(villages_covered(station.pk, clock.today()).order_by("name", "id"))
    key = village_key(picked)
    if key and key not in {area.pk for area in rows}:
        rows += Area.objects.filter(pk=key)
    return [("", empty or _("不限一村")), *((str(area.pk), area.name) for area in rows)]


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
        joint=list(record.held_with.order_by("id").values_list("partner_id", flat=True)),
        venue=PLACES["venue"].of(activity.pk),
    )  # fmt: skip


def _entry(
    record: Any, detail: Any, workers: Sequence[UUID], people: Sequence[UUID], heads: Mapping[str, tuple[int, str]],
    *, station: Any, series: str, campaign: Campaign | None, joint: Sequence[UUID] = (), venue: UUID | None = None,
) -> ActivityEntry:  # fmt: skip
    methods = [method for _count, method in heads.values()]
    return ActivityEntry(
        station=station, occurred_on=record.occurred_on, title=detail.title, kind=detail.kind, worker_ids=workers,
        village_id=record.village_id, place=record.place, series=series, campaign=campaign, partners=detail.partners,
        person_ids=people, heads={HeadGroup(group): count for group, (count, _method) in heads.items()},
        method=CountMethod(methods[0]) if methods else None, volunteers=detail.volunteers,
        volunteer_hours=detail.volunteer_hours, leaflets=detail.leaflets, summary=detail.summary, joint_ids=joint,
        venue_id=venue,
    )  # fmt: skip


def initial_of(activity: Activity) -> dict[str, Any]:
    """A saved activity as the first values of its correction."""
    entry = entry_of(activity)
    named = ("occurred_on", "title", "kind", "series", "place", "partners", "method", "summary")
    counts = {name: entry.heads.get(group) for group, name in ActivityForm.GROUPS.items()}
    return {name: getattr(entry, name) for name in named} | counts | {
        "workers": list(entry.worker_ids), "joint": list(entry.joint_ids), "people": list(entry.person_ids),
        "village": entry.village_id, "venue": entry.venue_id,
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
        ("合办社工站", "、".join(names.get(pk, "") for pk in entry.joint_ids)),
        ("负责社工", "、".join(names.get(pk, "") for pk in entry.worker_ids)),
        ("参加的人（实名）", "、".join(sorted(names.get(pk, "") for pk in entry.person_ids))),
        ("未实名人数", "、".join(heads)),
        ("怎么数的", str(CountMethod(entry.method).label) if entry.method and heads else ""),
        ("志愿者人数", str(entry.volunteers or "")),
        ("志愿服务小时", f"{Decimal(entry.volunteer_hours):g}" if entry.volunteer_hours else ""),
        ("宣传资料份数", str(entry.leaflets or "")),
        ("活动小结", entry.summary),
    ]


def _names(entries: Sequence[ActivityEntry]) -> dict[UUID, str]:
    """What workers, people and stations of these entries are called."""
    names = names_of(
        {pk for entry in entries for pk in entry.worker_ids}, {pk for entry in entries for pk in entry.person_ids}
    )
    joint = {pk for entry in entries for pk in entry.joint_ids}
    return names | dict(OrgUnit.objects.filter(pk__in=joint).values_list("pk", "name")) if joint else names


def _village_names(entries: Sequence[ActivityEntry]) -> dict[int, str]:
    ids = {entry.village_id for entry in entries if entry.village_id}
    return dict(Area.objects.filter(pk__in=ids).values_list("pk", "name"))


def side_by_side(theirs: ActivityEntry, mine: ActivityEntry) -> list[dict[str, Any]]:
    """Two versions of one activity, line beside line; what both leave empty is left out."""
    names = _names([theirs, mine])
    villages = _village_names([theirs, mine])
    both = [[*told(one, names, villages), ("场地", _venue_name(one))] for one in (theirs, mine)]
    return beside(*both)


def _venue_name(entry: ActivityEntry) -> str:
    rows = PLACES["venue"].offered(entry.station, entry.occurred_on, entry.venue_id)
    return next((name for pk, name in rows if pk == entry.venue_id), "")


def corrections(record: ServiceRecord, hidden: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Each correction of an activity: who, when, why, and what was and became; the newest first.

    Names in `hidden` are masked wherever they stand.
    """
    kept = [(one, row_at(Activity.history.filter(record_id=record.pk), one.until)) for one in versions(record)]
    if len(kept) < 2:
        return []
    entries = _version_entries(kept, record)
    names = _names(entries)
    villages = _village_names(entries)
    return corrections_told([one for one, _row in kept], [told(entry, names, villages) for entry in entries], hidden)


def _version_entries(kept: Sequence[tuple[Version, Any]], record: ServiceRecord) -> list[ActivityEntry]:
    campaigns = Campaign.objects.in_bulk({one.record.campaign_id for one, _row in kept if one.record.campaign_id})
    series = Series.objects.in_bulk({row.series_id for _one, row in kept if row.series_id})
    joint = list(HeldWith.history.filter(record_id=record.pk).order_by("history_date", "history_id"))
    return [
        _entry(
            one.record, row, one.worker_ids, one.person_ids, one.heads, station=record.station,
            series=series[row.series_id].name if row.series_id else "", campaign=campaigns.get(one.record.campaign_id),
            joint=[each.partner_id for each in standing_at(joint, one.until)],
        )
        for one, row in kept
    ]  # fmt: skip

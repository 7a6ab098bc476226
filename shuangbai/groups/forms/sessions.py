"""The form of a session with its roll, and a session in words: for its history and a conflict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.activities.forms import village_key
from shuangbai.core.forms import words
from shuangbai.core.ids import random_id
from shuangbai.groups.actions.sessions import Roll, SessionEntry
from shuangbai.groups.enums import THERE, Phase, Presence
from shuangbai.groups.models import Attendance, Group, GroupMember, GroupSession
from shuangbai.groups.queries import attendance_of, members_of, name_of, next_number, on_roll
from shuangbai.groups.rules import MINUTES_MOST, usual_phase
from shuangbai.network.models import Area
from shuangbai.network.queries import villages_covered
from shuangbai.services.enums import ContactKind, CountMethod, HeadGroup
from shuangbai.services.forms import (
    RecordForm,
    Told,
    beside,
    chips,
    corrections_told,
    head_count,
    whole_number,
)
from shuangbai.services.models import Contact, ServiceRecord
from shuangbai.services.queries import Version, names_of, row_at, standing_at, versions

TEXT_MOST = 4000
REASON_MOST = 60
USUAL_MINUTES = 60


@dataclass(frozen=True, slots=True)
class RollLine:
    """A member on the roll of the page: what is chosen, and the names of its fields."""

    member: GroupMember
    name: str
    chosen: str
    reason: str

    @property
    def field(self) -> str:
        return f"at-{self.member.pk.hex}"

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        return [(value, str(label), value == self.chosen) for value, label in Presence.choices]


class SessionForm(RecordForm):
    """One session. Everybody of the day is on the roll as present: only who was late or did not come is tapped."""

    number = whole_number(_("第几节"))
    minutes = whole_number(_("多少分钟"))
    theme = words(_("主题"), most=80, error_messages={"required": _("请填写这一节的主题")})
    phase = chips(_("阶段"), choices=Phase.choices)
    village = forms.ModelChoiceField(
        Area.objects.none(), label=_("村居"), required=False, empty_label=_("不限一村"),
        error_messages={"invalid_choice": _("请重新选择")},
    )  # fmt: skip
    place = words(_("地点"), most=60, required=False)
    roll = forms.CharField(label=_("点名"), required=False)
    heads = forms.CharField(label=_("来宾人数"), required=False)
    children = head_count(HeadGroup.CHILDREN)
    elders = head_count(HeadGroup.ELDERS)
    clients = head_count(HeadGroup.CLIENTS)
    helpers = head_count(HeadGroup.VOLUNTEERS)
    others = head_count(HeadGroup.OTHERS)
    method = chips(_("来宾怎么数的"), choices=CountMethod.choices, required=False)
    stated_total = whole_number(_("现场记的总人次"))
    process = words(_("过程"), most=TEXT_MOST, rows=5, required=False, help_text=_("做了什么，大家怎样"))
    interaction = words(_("组员互动"), most=TEXT_MOST, rows=3, required=False)
    reflection = words(_("反思"), most=TEXT_MOST, rows=3, required=False)
    following = words(_("下一节"), most=TEXT_MOST, rows=2, required=False)

    GROUPS = {
        HeadGroup.CHILDREN: "children", HeadGroup.ELDERS: "elders", HeadGroup.CLIENTS: "clients",
        HeadGroup.VOLUNTEERS: "helpers", HeadGroup.OTHERS: "others",
    }  # fmt: skip

    def __init__(
        self, data: Any = None, *, group: Group, saved: Mapping[UUID, Attendance] | None = None, typed: Any = None,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(data, **kwargs)
        self.group, self.saved = group, saved or {}
        self.typed = data if data is not None else typed or {}
        self.fields["workers"].label = _("带组社工")
        del self.fields["campaign"]
        self.fields["number"].required = True
        self.fields["number"].error_messages["required"] = _("请填第几节")
        self.fields["number"].min_value = 1  # type: ignore[attr-defined]
        self.fields["minutes"].max_value = MINUTES_MOST  # type: ignore[attr-defined]
        village = village_key(data.get("village") if data is not None else self.initial.get("village"))
        covered = villages_covered(self.station.pk, self.day).values("pk")
        self.fields["village"].queryset = Area.objects.filter(pk__in=covered).order_by("name", "id") | (  # type: ignore[attr-defined]
            Area.objects.filter(pk__in=[village] if village else []).order_by("name", "id")
        )
        self.members = list(members_of([group.pk]))

    def count_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.GROUPS.values()]

    def clean_number(self) -> int:
        number = self.cleaned_data["number"]
        if not 1 <= number <= 999:
            raise forms.ValidationError(_("请填 1 起的节次"))
        return int(number)

    def clean_minutes(self) -> int | None:
        minutes = self.cleaned_data["minutes"]
        if minutes is not None and not 1 <= minutes <= MINUTES_MOST:
            raise forms.ValidationError(_("请填 1 到 600 分钟"))
        return int(minutes) if minutes is not None else None

    def roll_lines(self) -> list[RollLine]:
        """The roll as the page shows it: who is of the group on the day, and whoever was said to be there."""
        found = []
        for member in self.members:
            line = self._line(member)
            if on_roll(member, self.day) or line.chosen in THERE or member.pk in self.saved:
                found.append(line)
        return found

    def _line(self, member: GroupMember) -> RollLine:
        key, saved = member.pk.hex, self.saved.get(member.pk)
        called = on_roll(member, self.day)
        chosen = saved.presence if saved else Presence.PRESENT if called and not self.saved else ""
        reason = saved.reason if saved else ""
        if f"at-{key}" in self.typed:
            chosen, reason = self.typed.get(f"at-{key}", ""), self.typed.get(f"why-{key}", "")
        elif self.is_bound:
            chosen = ""
        return RollLine(member, name_of(member), str(chosen), reason)

    def typed_roll(self) -> Roll:
        """What was tapped for each member; what is no answer is left out, and so asked for again."""
        found = {}
        for member in self.members:
            said = self.data.get(f"at-{member.pk.hex}", "")
            if said in Presence.values:
                reason = self.data.get(f"why-{member.pk.hex}", "").replace("\0", "").strip()
                found[member.pk] = (Presence(said), reason[:REASON_MOST])
        return found

    def entry(self) -> SessionEntry:
        """What was typed, for the action. Only after `is_valid`."""
        typed = self.cleaned_data
        named = ("occurred_on", "number", "minutes", "theme", "place", "stated_total", "process", "interaction",
                 "reflection", "following")  # fmt: skip
        return SessionEntry(
            station=self.station, group=self.group, worker_ids=typed["workers"], phase=Phase(typed["phase"]),
            village_id=typed["village"].pk if typed["village"] else None, roll=self.typed_roll(),
            guests={group: typed[name] for group, name in self.GROUPS.items() if typed[name]},
            method=CountMethod(typed["method"]) if typed["method"] else None,
            client_id=typed.get("client_id") or random_id(), **{name: typed[name] for name in named},
        )  # fmt: skip


# A NEW ONE, A SAVED ONE ----------------------------------------------------


def blank_session(group: Group, *, day: date, me: UUID | None) -> dict[str, Any]:
    """What a new session begins with: its number, what was planned for it, the group's place and workers."""
    number = next_number(group)
    theme = next((theme for planned, _day, theme in group.plan if planned == number), "")
    workers = [key for key in (group.worker_id, group.coworker_id) if key] or ([me] if me else [])
    return {
        "occurred_on": day, "number": number, "theme": theme, "phase": usual_phase(number, len(group.plan)),
        "minutes": USUAL_MINUTES, "village": group.village_id, "place": group.place, "client_id": random_id(),
        "workers": workers,
    }  # fmt: skip


def saved_roll(session: GroupSession) -> dict[UUID, Attendance]:
    return {one.member_id: one for one in attendance_of(session.pk)}


def entry_of(session: GroupSession, roll: Mapping[UUID, Attendance]) -> SessionEntry:
    """A saved session as an entry."""
    record = session.record
    heads = [row for row in record.contacts.all() if row.kind == ContactKind.HEADS]
    workers = [row.staff_id for row in record.workers.order_by("position")]
    said = {key: (Presence(one.presence), one.reason) for key, one in roll.items()}
    return _entry(record, session, session.group, workers, said, _method(session, heads))


def _method(session: GroupSession, heads: Sequence[Contact]) -> str:
    """How guests were counted: members who are only named are always on the list."""
    return next((row.method for row in heads if session.guests.get(row.group)), "")


def _entry(record: Any, detail: Any, group: Group, workers: Sequence[UUID], roll: Roll, method: str) -> SessionEntry:
    return SessionEntry(
        station=record.station, group=group, occurred_on=record.occurred_on, number=detail.number, theme=detail.theme,
        worker_ids=workers, roll=roll, phase=Phase(detail.phase), minutes=detail.minutes, village_id=record.village_id,
        place=record.place, guests={HeadGroup(one): count for one, count in detail.guests.items()},
        method=CountMethod(method) if method else None, process=detail.process, interaction=detail.interaction,
        reflection=detail.reflection, following=detail.following,
    )  # fmt: skip


def initial_of(session: GroupSession, roll: Mapping[UUID, Attendance]) -> dict[str, Any]:
    """A saved session as the first values of its correction."""
    entry = entry_of(session, roll)
    named = ("occurred_on", "number", "minutes", "theme", "phase", "place", "method", "process", "interaction",
             "reflection", "following")  # fmt: skip
    counts = {name: entry.guests.get(group) for group, name in SessionForm.GROUPS.items()}
    return {name: getattr(entry, name) for name in named} | counts | {
        "workers": list(entry.worker_ids), "village": entry.village_id, "version": session.record.version,
    }  # fmt: skip


# IN WORDS ------------------------------------------------------------------


def told(entry: SessionEntry, staff: Mapping[UUID, str], members: Mapping[UUID, str], village: str) -> Told:
    """A session in words, line by line."""

    def called(*presences: Presence) -> str:
        names = [members.get(key, "") for key, (presence, _why) in entry.roll.items() if presence in presences]
        return "、".join(sorted(names))

    away = [
        f"{members.get(key, '')}（{why}）" if why else members.get(key, "")
        for key, (presence, why) in entry.roll.items()
        if presence == Presence.ABSENT
    ]
    guests = [f"{HeadGroup(group).label} {count}" for group, count in sorted(entry.guests.items()) if count]
    return [
        ("第几节", str(entry.number)),
        ("主题", entry.theme),
        ("日期", f"{entry.occurred_on:%Y-%m-%d}"),
        ("分钟", str(entry.minutes or "")),
        ("阶段", str(Phase(entry.phase).label)),
        ("村居", village),
        ("地点", entry.place),
        ("带组社工", "、".join(staff.get(key, "") for key in entry.worker_ids)),
        ("到", called(Presence.PRESENT)),
        ("迟到", called(Presence.LATE)),
        ("没来", "、".join(sorted(away))),
        ("来宾人数", "、".join(guests)),
        ("来宾怎么数的", str(CountMethod(entry.method).label) if entry.method and guests else ""),
        ("过程", entry.process),
        ("组员互动", entry.interaction),
        ("反思", entry.reflection),
        ("下一节", entry.following),
    ]


def _names(group: Group) -> dict[UUID, str]:
    return {one.pk: name_of(one) for one in members_of([group.pk])}


def _villages(entries: Sequence[SessionEntry]) -> dict[int | None, str]:
    keys = {entry.village_id for entry in entries if entry.village_id}
    return dict(Area.objects.filter(pk__in=keys).values_list("pk", "name"))


def _told_all(group: Group, entries: Sequence[SessionEntry]) -> list[Told]:
    staff = names_of({key for entry in entries for key in entry.worker_ids}, [])
    members, villages = _names(group), _villages(entries)
    return [told(entry, staff, members, villages.get(entry.village_id, "")) for entry in entries]


def side_by_side(theirs: SessionEntry, mine: SessionEntry) -> list[dict[str, Any]]:
    """Two versions of one session, line beside line; what both leave empty is left out."""
    return beside(*_told_all(theirs.group, [theirs, mine]))


def corrections(session: GroupSession, hidden: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Each correction of a session: who, when, why, and what was and became; the newest first."""
    record = session.record
    kept = versions(record)
    if len(kept) < 2:
        return []
    rows = list(Attendance.history.filter(record_id=record.pk).order_by("history_date", "history_id"))
    entries = [_version_entry(one, session, rows, record) for one in kept]
    return corrections_told(kept, _told_all(session.group, entries), hidden)


def _version_entry(one: Version, session: GroupSession, rows: Sequence[Any], record: ServiceRecord) -> SessionEntry:
    detail = row_at(GroupSession.history.filter(record_id=record.pk), one.until)
    roll = {row.member_id: (Presence(row.presence), row.reason) for row in standing_at(rows, one.until)}
    method = next((how for group, (_heads, how) in one.heads.items() if detail.guests.get(group)), "")
    one.record.station = record.station
    return _entry(one.record, detail, session.group, one.worker_ids, roll, method)

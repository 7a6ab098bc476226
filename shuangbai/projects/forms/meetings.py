"""The form of a meeting, and a meeting in words: for its history and a conflict."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.activities.forms import village_choices, village_key
from shuangbai.codes.queries import choices_on, label_of
from shuangbai.core.forms import Choices, words
from shuangbai.core.ids import random_id
from shuangbai.network.models import Area
from shuangbai.projects.entries import MeetingEntry
from shuangbai.projects.enums import MEETINGS
from shuangbai.projects.forms.projects import TEXT_MOST, village_field
from shuangbai.projects.models import Meeting, Project
from shuangbai.projects.queries import open_projects
from shuangbai.services.enums import CountMethod, HeadGroup
from shuangbai.services.forms import RecordForm, Told, beside, chips, corrections_told, typed_ids, whole_number
from shuangbai.services.models import ServiceRecord
from shuangbai.services.queries import Version, names_of, row_at, versions

OTHERS = str(HeadGroup.OTHERS)


class MeetingForm(RecordForm):
    """One meeting: what about, who came in numbers, what was decided."""

    title = words(_("议题"), most=80, error_messages={"required": _("请填写议题，一句话")})
    kind = chips(_("什么会"))
    project = forms.ChoiceField(
        label=_("属于哪个项目"), required=False, error_messages={"invalid_choice": _("请重新选择")}
    )
    village = village_field()
    place = words(_("地点"), most=60, required=False)
    people = whole_number(_("到会人数"))
    method = chips(_("怎么数的"), choices=CountMethod.choices)
    decisions = words(_("议定的事"), most=TEXT_MOST, rows=4, required=False, help_text=_("定了什么、谁来做、什么时候"))

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        del self.fields["campaign"]
        asked = data if data is not None else self.initial
        fields: dict[str, Any] = self.fields
        fields["workers"].label = _("到会社工")
        fields["people"].required = True
        fields["people"].error_messages["required"] = _("请填到会人数")
        picked = typed_ids([asked.get("project") or ""])
        self.projects = open_projects(self.station, besides=picked[0] if picked else None)
        fields["project"].choices = [("", _("不属于某个项目")), *((str(one.pk), one.title) for one in self.projects)]
        fields["village"].choices = Choices(lambda: village_choices(self.station, asked.get("village")))
        kept = [str(self.initial["kind"])] if self.correcting and self.initial.get("kind") else []
        fields["kind"].choices = choices_on(MEETINGS, self.day, kept)

    def clean_project(self) -> Project | None:
        picked = self.cleaned_data["project"]
        return next((one for one in self.projects if str(one.pk) == picked), None)

    def entry(self) -> MeetingEntry:
        """What was typed, for the action. Only after `is_valid`."""
        c = self.cleaned_data
        named = ("occurred_on", "kind", "title", "people", "project", "place", "decisions")
        return MeetingEntry(
            station=self.station, worker_ids=c["workers"], village_id=village_key(c["village"]),
            method=CountMethod(c["method"]) if c["method"] else None, client_id=c.get("client_id") or random_id(),
            **{name: c[name] for name in named},
        )  # fmt: skip


def blank_meeting(*, day: date, me: UUID | None, project: Project | None) -> dict[str, Any]:
    """What a new meeting begins with: today, oneself, the village of its project."""
    first: dict[str, Any] = {"occurred_on": day, "client_id": random_id(), "workers": [me] if me else []}
    if project:
        first |= {"project": str(project.pk), "village": project.village_id}
    return first


def entry_of(meeting: Meeting) -> MeetingEntry:
    """A saved meeting as an entry."""
    record = meeting.record
    heads = record.contacts.filter(group=OTHERS).first()
    workers = list(record.workers.order_by("position").values_list("staff_id", flat=True))
    return _entry(record, meeting, meeting.project, workers, (heads.heads, heads.method) if heads else (0, ""))


def _entry(
    record: Any, detail: Any, project: Project | None, workers: Sequence[UUID], heads: tuple[int, str]
) -> MeetingEntry:
    return MeetingEntry(
        station=record.station, occurred_on=record.occurred_on, kind=detail.kind, title=detail.title,
        worker_ids=workers, people=heads[0], method=CountMethod(heads[1]) if heads[1] else None, project=project,
        village_id=record.village_id, place=record.place, decisions=detail.decisions,
    )  # fmt: skip


def initial_of(meeting: Meeting) -> dict[str, Any]:
    """A saved meeting as the first values of its correction."""
    entry = entry_of(meeting)
    named = ("occurred_on", "kind", "title", "people", "method", "place", "decisions")
    return {name: getattr(entry, name) for name in named} | {
        "workers": list(entry.worker_ids), "village": entry.village_id, "version": meeting.record.version,
        "project": str(meeting.project_id or ""),
    }  # fmt: skip


# IN WORDS ------------------------------------------------------------------


def told(entry: MeetingEntry, staff: Mapping[UUID, str], villages: Mapping[int | None, str]) -> Told:
    """A meeting in words, line by line."""
    return [
        ("议题", entry.title),
        ("什么会", label_of(MEETINGS, entry.kind, entry.occurred_on)),
        ("日期", f"{entry.occurred_on:%Y-%m-%d}"),
        ("项目", entry.project.title if entry.project else ""),
        ("村居", villages.get(entry.village_id, "")),
        ("地点", entry.place),
        ("到会社工", "、".join(staff.get(key, "") for key in entry.worker_ids)),
        ("到会人数", str(entry.people or "")),
        ("怎么数的", str(CountMethod(entry.method).label) if entry.method else ""),
        ("议定的事", entry.decisions),
    ]


def _told_all(entries: Sequence[MeetingEntry]) -> list[Told]:
    staff = names_of({key for entry in entries for key in entry.worker_ids}, [])
    keys = {entry.village_id for entry in entries if entry.village_id}
    villages: dict[int | None, str] = dict(Area.objects.filter(pk__in=keys).values_list("pk", "name"))
    return [told(entry, staff, villages) for entry in entries]


def side_by_side(theirs: MeetingEntry, mine: MeetingEntry) -> list[dict[str, Any]]:
    """Two versions of one meeting, line beside line; what both leave empty is left out."""
    return beside(*_told_all([theirs, mine]))


def corrections(meeting: Meeting) -> list[dict[str, Any]]:
    """Each correction of a meeting: who, when, why, and what was and became; the newest first."""
    kept = versions(meeting.record)
    if len(kept) < 2:
        return []
    projects = Project.objects.filter(station=meeting.record.station_id).in_bulk()
    return corrections_told(kept, _told_all([_version(one, meeting.record, projects) for one in kept]))


def _version(one: Version, record: ServiceRecord, projects: Mapping[UUID, Project]) -> MeetingEntry:
    detail = row_at(Meeting.history.filter(record_id=record.pk), one.until)
    one.record.station = record.station
    project = projects.get(detail.project_id) if detail.project_id else None
    return _entry(one.record, detail, project, one.worker_ids, one.heads.get(OTHERS, (0, "")))

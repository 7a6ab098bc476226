"""The forms of a consultation and of leaflets, and both in the words of the form: for their history and a conflict."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.activities.forms import village_key
from shuangbai.activities.queries import people_labels
from shuangbai.codes.queries import choices_on, label_of
from shuangbai.core.forms import Choices, words
from shuangbai.core.ids import random_id
from shuangbai.counter.entries import ConsultationEntry, HandoutEntry
from shuangbai.counter.enums import TOPICS, Outcome, Way
from shuangbai.counter.models import Consultation, Handout
from shuangbai.counter.queries import titles_of
from shuangbai.households.models import Household
from shuangbai.network.models import Area
from shuangbai.network.queries import villages_covered
from shuangbai.services.enums import ContactKind, HeadGroup
from shuangbai.services.forms import RecordForm, Told, beside, chips, corrections_told, typed_ids, whole_number
from shuangbai.services.models import ServiceRecord
from shuangbai.services.queries import names_of, row_at, versions
from shuangbai.visits.queries import member_choices

ROW_MOST = 200


class SmallForm(RecordForm):
    """What both ask: the day, the workers, the village. A campaign is not asked: nothing of it is counted here."""

    village = forms.ModelChoiceField(
        Area.objects.none(), label=_("村居"), required=False, empty_label=_("不限一村"),
        error_messages={"invalid_choice": _("请重新选择")},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, user: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        del self.fields["campaign"]
        self.user = user
        village = village_key(data.get("village") if data is not None else self.initial.get("village"))
        covered = Area.objects.filter(pk__in=villages_covered(self.station.pk, self.day).values("pk"))
        chosen = Area.objects.filter(pk__in=[village] if village else [])
        self.fields["village"].queryset = (covered | chosen).order_by("name", "id")  # type: ignore[attr-defined]

    @property
    def has_more(self) -> bool:
        """Whether something folded away is filled in or to be put right."""
        said = any(self[name].errors for name in ("occurred_on", "workers", *self.FOLDED))
        return said or self.correcting or any(self[name].value() for name in self.FOLDED)

    FOLDED: tuple[str, ...] = ()

    def _said(self, *names: str) -> dict[str, Any]:
        """What goes into an entry as it was typed, and what both have."""
        typed = self.cleaned_data
        return {name: typed[name] for name in names} | {
            "station": self.station, "occurred_on": typed["occurred_on"], "worker_ids": typed["workers"],
            "village_id": typed["village"].pk if typed["village"] else None,
            "client_id": typed.get("client_id") or random_id(),
        }  # fmt: skip


class ConsultationForm(SmallForm):
    """Somebody asked something: three taps where nothing is to be said about who. `household`: from its page."""

    topic = chips(_("问什么"))
    way = chips(_("怎么来的"), choices=Way.choices)
    outcome = chips(_("结果"), choices=Outcome.choices)
    summary = words(_("一句话"), most=ROW_MOST, required=False)
    group = chips(_("来的是"), choices=HeadGroup.choices)
    person = forms.UUIDField(
        label=_("在册的人"), required=False, help_text=_("本站家庭里的人，会记到他家的经过里"),
        error_messages={"invalid": _("请从名单里选")},
    )  # fmt: skip
    name = words(_("姓名"), most=20, required=False, help_text=_("不在册、又留了名字的"))
    many = whole_number(_("一起来几人"))
    household = forms.UUIDField(widget=forms.HiddenInput, required=False)

    FOLDED = ("name",)

    def __init__(self, data: Any = None, *, household: Household | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.home = household
        fields: dict[str, Any] = self.fields
        fields["topic"].choices = Choices(lambda: choices_on(TOPICS, self.day, [self.initial.get("topic", "")]))
        picked = typed_ids([data.get("person", "") if data is not None else self.initial.get("person") or ""])
        self.chosen = people_labels(self.user, picked)
        if household:
            members = Choices(lambda: [("", _("没有说")), *member_choices(household.pk, self.day, picked)])
            fields["person"].widget = forms.RadioSelect(choices=members)
            fields["person"].label, fields["person"].help_text = _("谁来问的"), ""

    def entry(self) -> ConsultationEntry:
        """What was typed, for the action. Only after `is_valid`."""
        typed = self.cleaned_data
        return ConsultationEntry(
            person_id=typed["person"], household_id=typed["household"], many=typed["many"] or 1,
            **self._said("topic", "way", "outcome", "summary", "name", "group"),
        )  # fmt: skip


class HandoutForm(SmallForm):
    """Leaflets handed out outside activities."""

    title = words(_("什么资料"), most=60, error_messages={"required": _("请写明是什么资料，如“防溺水宣传单”")})
    copies = whole_number(_("份数"))
    place = words(_("在哪里发的"), most=60, required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.titles = titles_of(self.station)
        self.fields["title"].widget.attrs["list"] = "handout-titles"
        self.fields["copies"].required = True
        self.fields["copies"].error_messages["required"] = _("请填份数")

    def entry(self) -> HandoutEntry:
        return HandoutEntry(copies=self.cleaned_data["copies"] or 0, **self._said("title", "place"))


def blank(*, day: date, me: UUID | None) -> dict[str, Any]:
    """What a new one begins with: today and oneself; of a consultation, somebody came and was answered."""
    return {
        "occurred_on": day, "client_id": random_id(), "workers": [me] if me else [], "way": Way.CAME,
        "outcome": Outcome.ANSWERED, "group": HeadGroup.OTHERS,
    }  # fmt: skip


# SAVED -----------------------------------------------------------------------


def consultation_entry(record: Any, row: Any, workers: Sequence[UUID], people: Sequence[UUID]) -> ConsultationEntry:
    """A saved consultation, or a version of one, as an entry."""
    return ConsultationEntry(
        station=record.station, occurred_on=record.occurred_on, worker_ids=workers, village_id=record.village_id,
        household_id=record.household_id, person_id=people[0] if people else None,
        **{name: getattr(row, name) for name in ("topic", "way", "outcome", "name", "group", "many", "summary")},
    )  # fmt: skip


def handout_entry(record: Any, row: Any, workers: Sequence[UUID], people: Sequence[UUID] = ()) -> HandoutEntry:
    return HandoutEntry(
        station=record.station, occurred_on=record.occurred_on, worker_ids=workers, village_id=record.village_id,
        place=record.place, title=row.title, copies=row.copies,
    )  # fmt: skip


def entry_of(found: Any) -> Any:
    """A saved consultation or handout as an entry."""
    record, make = found.record, consultation_entry if isinstance(found, Consultation) else handout_entry
    workers = [row.staff_id for row in record.workers.order_by("position")]
    people = record.contacts.filter(kind=ContactKind.PERSON).values_list("person_id", flat=True)
    return make(record, found, workers, list(people))


def initial_of(found: Any) -> dict[str, Any]:
    """A saved one as the first values of its correction."""
    entry = entry_of(found)
    said = {
        "occurred_on": entry.occurred_on, "workers": list(entry.worker_ids), "village": entry.village_id,
        "version": found.record.version,
    }  # fmt: skip
    if isinstance(entry, HandoutEntry):
        return said | {"title": entry.title, "copies": entry.copies, "place": entry.place}
    names = ("topic", "way", "outcome", "summary", "name", "group")
    return said | {name: getattr(entry, name) for name in names} | {
        "person": entry.person_id, "household": entry.household_id, "many": entry.many if entry.many > 1 else None,
    }  # fmt: skip


def told_consultation(entry: ConsultationEntry, names: Mapping[Any, str]) -> Told:
    """A consultation in words, line by line: always the same lines in the same order."""
    return [
        ("日期", f"{entry.occurred_on:%Y-%m-%d}"),
        ("问什么", label_of(TOPICS, entry.topic, entry.occurred_on)),
        ("怎么来的", str(Way(entry.way).label)),
        ("结果", str(Outcome(entry.outcome).label)),
        ("一句话", entry.summary),
        ("在册的人", names.get(entry.person_id, "")),
        ("姓名", "" if entry.person_id else entry.name),
        ("来的是", str(HeadGroup(entry.group).label)),
        ("人数", str(entry.many)),
        ("村居", names.get(entry.village_id, "")),
        ("社工", "、".join(names.get(pk, "") for pk in entry.worker_ids)),
    ]


def told_handout(entry: HandoutEntry, names: Mapping[Any, str]) -> Told:
    return [
        ("日期", f"{entry.occurred_on:%Y-%m-%d}"),
        ("什么资料", entry.title),
        ("份数", str(entry.copies)),
        ("在哪里发的", entry.place),
        ("村居", names.get(entry.village_id, "")),
        ("社工", "、".join(names.get(pk, "") for pk in entry.worker_ids)),
    ]


def _told(entries: Sequence[Any]) -> list[Told]:
    people = {entry.person_id for entry in entries if isinstance(entry, ConsultationEntry) and entry.person_id}
    names: dict[Any, str] = dict(names_of({pk for entry in entries for pk in entry.worker_ids}, people))
    villages = {entry.village_id for entry in entries if entry.village_id}
    names |= dict(Area.objects.filter(pk__in=villages).values_list("pk", "name"))
    say: Callable[..., Told] = told_consultation if isinstance(entries[0], ConsultationEntry) else told_handout
    return [say(entry, names) for entry in entries]


def side_by_side(theirs: Any, mine: Any) -> list[dict[str, Any]]:
    """Two versions, line beside line; what both leave empty is left out."""
    return beside(*_told([theirs, mine]))


def corrections(model: type[Consultation] | type[Handout], record: ServiceRecord) -> list[dict[str, Any]]:
    """Each correction: who, when, why, and what was and became; the newest first."""
    kept = [(one, row_at(model.history.filter(record_id=record.pk), one.until)) for one in versions(record)]
    if len(kept) < 2:
        return []
    make = consultation_entry if model is Consultation else handout_entry
    entries: list[Any] = []
    for one, row in kept:
        one.record.station = record.station
        entries.append(make(one.record, row, one.worker_ids, one.person_ids))
    return corrections_told([one for one, _row in kept], _told(entries))

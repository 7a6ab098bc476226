"""The form of a visit, and a visit in the words of that form: for its page, its history, a conflict."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from typing import Any
from uuid import UUID

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from shuangbai.codes.queries import choices_on, counting_as, first_as, items_of, label_of, labels_of
from shuangbai.core import clock
from shuangbai.core.forms import Choices, DayField, words
from shuangbai.core.ids import random_id
from shuangbai.households.models import Household
from shuangbai.network.models import OrgUnit
from shuangbai.services.access import veiled
from shuangbai.services.enums import ContactKind
from shuangbai.services.forms import RecordForm, SeveralField, TimeOfDayField, chips, typed_ids
from shuangbai.services.models import Campaign, ServiceRecord
from shuangbai.services.queries import Version, names_of, row_at, versions
from shuangbai.visits.actions import VisitEntry
from shuangbai.visits.enums import (
    FOLLOWUPS,
    MODES,
    NEEDS,
    PURPOSES,
    RESULTS,
    TOPICS,
    Followup,
    Mode,
    Purpose,
    Result,
)
from shuangbai.visits.models import Visit, VisitDraft
from shuangbai.visits.queries import member_choices


def _several(label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("请重新选择")},
    )  # fmt: skip


class VisitForm(RecordForm):
    """One visit to one family. `household` and `station` are settled before; the rest is asked."""

    mode = chips(_("方式"))
    result = chips(_("结果"))
    met = SeveralField(label=_("见到了谁"))
    topics = _several(_("谈及"))
    narrative = words(_("谈了什么、看到什么"), most=4000, rows=6, required=False)
    followup = chips(_("跟进"))
    next_on = DayField(label=_("下次日期"), required=False)
    purpose = chips(_("走访类型"), required=False)
    started_at = TimeOfDayField(label=_("开始时间"), required=False)
    ended_at = TimeOfDayField(label=_("结束时间"), required=False)
    observation = words(_("社工观察"), most=2000, rows=3, required=False, help_text=_("自己的判断，和对方说的分开写"))
    needs = _several(_("发现的需求"))
    draft = forms.BooleanField(widget=forms.HiddenInput, required=False)  # one is kept, to go with saving

    LISTS = {"mode": MODES, "result": RESULTS, "topics": TOPICS, "followup": FOLLOWUPS, "purpose": PURPOSES,
             "needs": NEEDS}  # fmt: skip
    FIRST = {"mode": Mode.HOME, "result": Result.MET, "followup": Followup.NONE, "purpose": Purpose.ORDINARY}

    def __init__(self, data: Any = None, *, household: Household, day: date, **kwargs: Any) -> None:
        super().__init__(data, day=day, **kwargs)
        self.household = household
        if self.correcting:
            del self.fields["draft"]
        for name, spec in self.LISTS.items():
            self.fields[name].choices = Choices(partial(choices_on, spec, day, self._said(name)))  # type: ignore[attr-defined]
        for name, base in self.FIRST.items():
            self.fields[name].initial = partial(first_as, self.LISTS[name], base, day)
        self.fields["workers"].label = _("走访社工")
        picked = typed_ids(data.getlist("met") if data is not None else self.initial.get("met", ()))
        choices = Choices(lambda: member_choices(household.pk, day, picked))
        self.fields["met"].choices = choices  # type: ignore[attr-defined]
        if not self.is_bound and "met" not in self.initial and len(choices.pairs) == 1:
            self.initial["met"] = [choices.pairs[0][0]]

    def _said(self, name: str) -> list[str]:
        """What a saved visit says already: it stays on offer, whatever the day is changed to."""
        said = self.initial.get(name) or ()
        return [said] if isinstance(said, str) else list(said)

    @property
    def met_codes(self) -> str:
        """The results that say somebody was met, as `data-show-when` takes them."""
        return "|".join(counting_as(RESULTS, Result.MET))

    @property
    def next_codes(self) -> str:
        """The follow-ups after which a next date is asked for: all but those without any."""
        nothing = set(counting_as(FOLLOWUPS, Followup.NONE))
        return "|".join(code for code in items_of(FOLLOWUPS) if code not in nothing)

    @property
    def has_more(self) -> bool:
        """Whether something folded away is filled in or to be put right."""
        folded = ("started_at", "ended_at", "observation", "needs")
        return any(self[name].value() or self[name].errors for name in folded) or (
            self["purpose"].value() != self["purpose"].initial
        )

    def entry(self) -> VisitEntry:
        """What was typed, for the action. Only after `is_valid`."""
        typed = self.cleaned_data
        named = ("occurred_on", "mode", "result", "topics", "narrative", "observation", "needs", "followup",
                 "next_on", "started_at", "ended_at", "campaign")  # fmt: skip
        return VisitEntry(
            station=self.station, household_id=self.household.pk, worker_ids=typed["workers"], met_ids=typed["met"],
            purpose=typed["purpose"] or self["purpose"].initial, client_id=typed.get("client_id") or random_id(),
            drafted=bool(typed.get("draft")), **{name: typed[name] for name in named},
        )  # fmt: skip


def blank_visit(asked: MultiValueDict[str, str], *, day: date, me: UUID | None) -> dict[str, Any]:
    """What a new visit begins with: today, oneself, at home, met; and whatever the address says besides."""
    initial: dict[str, Any] = {"occurred_on": day, "client_id": random_id(), "workers": [me] if me else []}
    if asked.get("mode") in items_of(MODES):
        initial["mode"] = asked["mode"]
    if asked.get("result") in items_of(RESULTS):
        initial["result"] = asked["result"]
    if "met" in asked:
        initial["met"] = typed_ids(asked.getlist("met"))
    if "workers" in asked:
        initial["workers"] = typed_ids(asked.getlist("workers"))
    if typed_ids([asked.get("campaign", "")]):
        initial["campaign"] = asked["campaign"]
    return initial


NO_DRAFT = frozenset({"draft", "version", "reason"})  # fields that say nothing of a visit


def typed_for_draft(typed: MultiValueDict[str, str]) -> dict[str, list[str]]:
    """What of a form that was sent is kept as a draft."""
    kept = {name: typed.getlist(name) for name in VisitForm.base_fields if name in typed and name not in NO_DRAFT}
    kept["client_id"] = [str(one) for one in typed_ids(kept.get("client_id", ()))]
    return kept


def initial_of_draft(draft: VisitDraft) -> dict[str, Any]:
    """A draft as the first values of a new visit, as it was typed: what no longer fits is said when it is saved.

    The id under which it was to be sent stays, so that sending it twice changes nothing.
    """
    typed: dict[str, list[str]] = json.loads(draft.typed)
    first: dict[str, Any] = {"draft": True}
    for name, field in VisitForm.base_fields.items():
        if name in NO_DRAFT:
            continue
        values = typed.get(name, [])
        several = isinstance(field, forms.MultipleChoiceField)
        first[name] = values if several else values[-1] if values else ""
    return first | {"client_id": first["client_id"] or random_id()}


def next_days(day: date) -> list[tuple[Any, str]]:
    """Usual days for the next visit, for one tap."""
    day = min(day, clock.today())
    spans = [(_("一周后"), 7), (_("两周后"), 14), (_("一个月后"), 30), (_("三个月后"), 91)]
    return [(label, (day + timedelta(days=days)).isoformat()) for label, days in spans]


def entry_of(visit: Visit) -> VisitEntry:
    """A saved visit as an entry: what its correction begins with."""
    record = visit.record
    met = record.contacts.filter(kind=ContactKind.PERSON).values_list("person_id", flat=True)
    workers = record.workers.order_by("position").values_list("staff_id", flat=True)
    return _entry(record, visit, list(workers), list(met), station=record.station, campaign=record.campaign)


def _entry(
    record: Any, detail: Any, workers: Sequence[UUID], met: Sequence[UUID], *, station: OrgUnit,
    campaign: Campaign | None,
) -> VisitEntry:  # fmt: skip
    return VisitEntry(
        station=station, household_id=record.household_id, occurred_on=record.occurred_on, mode=detail.mode,
        result=detail.result, worker_ids=workers, met_ids=met, purpose=detail.purpose, topics=detail.topics,
        narrative=detail.narrative, observation=detail.observation, needs=detail.needs, followup=detail.followup,
        next_on=detail.next_on, started_at=detail.started_at, ended_at=detail.ended_at, campaign=campaign,
    )  # fmt: skip


def initial_of(visit: Visit) -> dict[str, Any]:
    """A saved visit as the first values of its correction."""
    entry = entry_of(visit)
    named = ("occurred_on", "mode", "result", "purpose", "topics", "narrative", "observation", "needs", "followup",
             "next_on", "started_at", "ended_at")  # fmt: skip
    first = {name: getattr(entry, name) for name in named}
    campaign = entry.campaign.pk if entry.campaign else None
    return first | {
        "workers": list(entry.worker_ids), "met": list(entry.met_ids), "campaign": campaign,
        "version": visit.record.version,
    }  # fmt: skip


def told(entry: VisitEntry, names: Mapping[UUID, str]) -> list[tuple[str, str]]:
    """A visit in words, line by line: label and text, always the same lines in the same order."""
    day = entry.occurred_on
    times = [f"{moment:%H:%M}" if moment else "" for moment in (entry.started_at, entry.ended_at)]
    return [
        ("日期", f"{entry.occurred_on:%Y-%m-%d}"),
        ("走访社工", "、".join(names.get(pk, "") for pk in entry.worker_ids)),
        ("方式", label_of(MODES, entry.mode, day)),
        ("结果", label_of(RESULTS, entry.result, day)),
        ("见到了谁", "、".join(sorted(names.get(pk, "") for pk in entry.met_ids))),
        ("谈及", "、".join(labels_of(TOPICS, entry.topics, day))),
        ("谈了什么、看到什么", entry.narrative),
        ("跟进", label_of(FOLLOWUPS, entry.followup, day)),
        ("下次日期", f"{entry.next_on:%Y-%m-%d}" if entry.next_on else ""),
        ("走访类型", label_of(PURPOSES, entry.purpose, day)),
        ("时间", " 至 ".join(filter(None, times))),
        ("社工观察", entry.observation),
        ("发现的需求", "、".join(labels_of(NEEDS, entry.needs, day))),
        ("专项", entry.campaign.name if entry.campaign else ""),
    ]


def side_by_side(theirs: VisitEntry, mine: VisitEntry) -> list[dict[str, Any]]:
    """Two versions of one visit, line beside line; what both leave empty is left out."""
    names = names_of([*theirs.worker_ids, *mine.worker_ids], [*theirs.met_ids, *mine.met_ids])
    both = zip(told(theirs, names), told(mine, names), strict=True)
    return [
        {"label": label, "theirs": old, "mine": new, "changed": old != new}
        for (label, old), (_label, new) in both
        if old or new
    ]


def corrections(record: ServiceRecord, hidden: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Each correction of a visit: who, when, why, and what was and became; the newest first.

    Names in `hidden` are masked wherever they stand.
    """
    kept = [(one, row_at(Visit.history.filter(record_id=record.pk), one.until)) for one in versions(record)]
    if len(kept) < 2:
        return []
    names = names_of(
        {pk for one, _row in kept for pk in one.worker_ids}, {pk for one, _row in kept for pk in one.person_ids}
    )
    campaigns = Campaign.objects.in_bulk({one.record.campaign_id for one, _row in kept if one.record.campaign_id})
    said = [(one, told(_version_entry(one, row, record, campaigns), names)) for one, row in kept]
    found = []
    for (_before, was), (one, became) in pairwise(said):
        both = zip(was, became, strict=True)
        changes = [
            (label, veiled(old, hidden), veiled(new, hidden)) for (label, old), (_label, new) in both if old != new
        ]
        if not one.record.voided_at:
            found.append({"by": one.by, "at": one.at, "reason": one.reason, "changes": changes})
    return found[::-1]


def _version_entry(one: Version, row: Any, record: ServiceRecord, campaigns: Mapping[UUID, Campaign]) -> VisitEntry:
    campaign = campaigns.get(one.record.campaign_id)
    return _entry(one.record, row, one.worker_ids, one.person_ids, station=record.station, campaign=campaign)

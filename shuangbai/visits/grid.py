"""Many visits on one page: the head that all share, a row a family, each saved as a whole record of its own.

The evening page and a list of telephone contacts are both made of this.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shuangbai.codes.queries import choices_on, counting_as, first_as
from shuangbai.core.findings import Refused
from shuangbai.core.forms import DayField, add_findings, words
from shuangbai.core.ids import random_id
from shuangbai.services.forms import RecordForm, SeveralField, chips, typed_ids
from shuangbai.visits.actions import VisitEntry
from shuangbai.visits.enums import FOLLOWUPS, MODES, NEEDS, PURPOSES, RESULTS, Followup, Mode, Purpose, Result
from shuangbai.visits.models import GridDraft, Visit
from shuangbai.visits.queries import Offered

MOST_ROWS = 40
# Findings under a field of the head that speak of one family all the same.
ABOUT_ONE = frozenset({"same_visit_today", "everybody_dead"})


class GridForm(RecordForm):
    """What all rows share: the day, by whom, under which campaign, how, and what for."""

    mode = chips(_("方式"))
    purpose = chips(_("走访类型"))

    def __init__(self, data: Any = None, *, first_mode: str = Mode.HOME, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        del self.fields["client_id"]
        for name, spec, base in (("mode", MODES, first_mode), ("purpose", PURPOSES, Purpose.ORDINARY)):
            self.fields[name].choices = choices_on(spec, self.day)  # type: ignore[attr-defined]
            self.fields[name].initial = first_as(spec, base, self.day)
        self.fields["workers"].label = _("走访社工")

    @property
    def folded_open(self) -> bool:
        """Whether something under 更多 is to be put right or differs from the usual."""
        folded = ("purpose", "campaign")
        return any(self[name].errors or (self[name].value() or "") != (self[name].initial or "") for name in folded)


class RowForm(forms.Form):
    """One family on the page. Nothing is recorded of it until a result is tapped."""

    client_id = forms.UUIDField(error_messages={"required": _("请重新打开这一页"), "invalid": _("请重新打开这一页")})
    result = forms.ChoiceField(required=False, error_messages={"invalid_choice": _("请重新选择结果")})
    met = SeveralField(required=False)
    narrative = words(_("谈了什么、看到什么"), most=1000, required=False)
    mode = forms.ChoiceField(required=False, error_messages={"invalid_choice": _("请重新选择方式")})
    needs = forms.MultipleChoiceField(required=False, error_messages={"invalid_choice": _("请重新选择需求")})
    followup = forms.ChoiceField(required=False, error_messages={"invalid_choice": _("请重新选择跟进")})
    next_on = DayField(required=False)

    SAID = ("result", "met", "narrative", "mode", "needs", "followup", "next_on")
    LISTS = {"result": RESULTS, "mode": MODES, "needs": NEEDS, "followup": FOLLOWUPS}
    warnings: Sequence[Any] = ()
    about: Any = None  # what a page above knows of the family besides

    def __init__(self, data: Any = None, *, family: Offered, day: date, **kwargs: Any) -> None:
        super().__init__(data, prefix=row_name(family.household.pk), **kwargs)
        self.family, self.day = family, day
        for name, spec in self.LISTS.items():
            blank = [] if name == "needs" else [("", "")]
            self.fields[name].choices = blank + choices_on(spec, day)  # type: ignore[attr-defined]
        self.fields["met"].choices = family.members  # type: ignore[attr-defined]
        if not self.is_bound:
            self.initial["client_id"] = random_id()

    @property
    def heading(self) -> str:
        return gettext("%(name)s户") % {"name": self.family.line.name}

    @property
    def alone(self) -> str:
        """The only one of the family, who needs no tap of their own; '' where there are several."""
        return self.family.members[0][1] if len(self.family.members) == 1 else ""

    def _options(self, name: str, choices: Iterable[tuple[str, str]]) -> list[tuple[str, str, bool]]:
        value = self[name].value() or ""
        picked = {str(one) for one in value} if isinstance(value, list | tuple) else {str(value)}
        return [(code, label, code in picked) for code, label in choices]

    def _offers(self, name: str) -> list[tuple[str, str, bool]]:
        # What is typed on a page is drawn by its template: forty rows of Django's widgets cost a second.
        return self._options(name, self.fields[name].choices)  # type: ignore[attr-defined]

    @property
    def results(self) -> list[tuple[str, str, bool]]:
        return self._offers("result")

    @property
    def members(self) -> list[tuple[str, str, bool]]:
        return self._offers("met")

    @property
    def modes(self) -> list[tuple[str, str, bool]]:
        return self._offers("mode")

    @property
    def need_options(self) -> list[tuple[str, str, bool]]:
        return self._offers("needs")

    @property
    def followups(self) -> list[tuple[str, str, bool]]:
        return self._offers("followup")

    @property
    def met_codes(self) -> str:
        return "|".join(counting_as(RESULTS, Result.MET))

    @property
    def any_codes(self) -> str:
        """Every result: what is asked besides is asked once one is tapped."""
        return "|".join(code for code, _label, _picked in self.results if code)

    @property
    def has_more(self) -> bool:
        """Whether something folded away is filled in or to be put right."""
        return any(self[name].value() or self[name].errors for name in ("mode", "needs", "followup", "next_on"))

    @property
    def sentences(self) -> list[str]:
        """Everything that is to be put right in this row."""
        return [str(error) for errors in self.errors.values() for error in errors]

    @property
    def touched(self) -> bool:
        """Whether anything is said of the family: a row that is not is never lost by leaving it out."""
        return any(self[name].value() for name in self.SAID)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if not typed.get("result") and "result" not in self.errors and self.touched:
            self.add_error("result", _("这户填了内容，还没点结果；没去这户的，请把内容清掉"))
        if typed.get("result") in counting_as(RESULTS, Result.MET) and self.alone:
            typed["met"] = [UUID(self.family.members[0][0])]
        return typed

    @property
    def visited(self) -> bool:
        """Whether this row is a visit. Only after `is_valid`."""
        return bool(self.cleaned_data.get("result"))

    def entry(self, head: GridForm) -> VisitEntry:
        """The row with what all rows share, for the action. Only after both are valid."""
        typed, shared = self.cleaned_data, head.cleaned_data
        return VisitEntry(
            station=head.station, household_id=self.family.household.pk, occurred_on=shared["occurred_on"],
            worker_ids=shared["workers"], campaign=shared["campaign"], purpose=shared["purpose"],
            mode=typed["mode"] or shared["mode"], result=typed["result"], met_ids=typed["met"], needs=typed["needs"],
            narrative=typed["narrative"], next_on=typed["next_on"], client_id=typed["client_id"],
            followup=typed["followup"] or first_as(FOLLOWUPS, Followup.NONE, self.day), row=str(self.prefix),
        )  # fmt: skip


def row_name(household_id: UUID) -> str:
    return f"row-{household_id.hex}"


def rows_for(families: Sequence[Offered], day: date, data: Any = None, told: Iterable[UUID] = ()) -> list[RowForm]:
    """A row a family; those in `told` say what `data` says, the others begin anew."""
    said = set(told)
    return [RowForm(data if f.household.pk in said else None, family=f, day=day) for f in families]


def entries_of(head: GridForm, rows: Sequence[RowForm]) -> list[VisitEntry]:
    """The visits that are typed, or none where something is still to be put right: then it stands on the forms."""
    bound = [row for row in rows if row.is_bound]
    valid = all([head.is_valid(), *(row.is_valid() for row in bound)])
    if not valid:
        return []
    typed = [row.entry(head) for row in bound if row.visited]
    if not typed:
        head.add_error(None, gettext("还没有点任何一户的结果；去过哪几户，就在哪几户点结果"))
    return typed


def put_findings(head: GridForm, rows: Sequence[RowForm], refused: Refused) -> None:
    """The sentences of a refusal where they belong: once in the head what is about all, the rest in its row."""
    named = {f"{row.prefix}-": row for row in rows}
    placed = []
    for finding in refused.findings:
        prefix = next((one for one in named if finding.field.startswith(one)), "")
        name = finding.field.removeprefix(prefix)
        shared = name in head.fields and name not in RowForm.base_fields and finding.code not in ABOUT_ONE
        placed.append(replace(finding, field=name) if shared else finding)
    add_findings(head, Refused(dict.fromkeys(placed)), *rows)


def wrong_rows(rows: Iterable[RowForm]) -> list[RowForm]:
    return [row for row in rows if row.is_bound and row.errors]


def kept_otherwise(entries: Sequence[VisitEntry], visits: Sequence[Visit]) -> list[Visit]:
    """Of visits given back by `record_visits`, those that were saved before and say something else than was typed."""
    return [
        visit
        for entry, visit in zip(entries, visits, strict=True)
        if (entry.result, entry.mode, entry.narrative.strip(), list(entry.needs))
        != (visit.result, visit.mode, visit.narrative, list(visit.needs))
    ]


# DRAFTS ---------------------------------------------------------------------


def typed_for_draft(asked: MultiValueDict[str, str]) -> tuple[dict[str, list[str]], dict[str, dict[str, list[str]]]]:
    """What of a page that was sent is kept as a draft: what all share, and the rows of which anything is said."""
    head = {name: asked.getlist(name) for name in (*GridForm.base_fields, "village") if name in asked}
    rows = {}
    for home in dict.fromkeys(typed_ids(asked.getlist("rows"))[:MOST_ROWS]):
        names = {name: f"{row_name(home)}-{name}" for name in RowForm.base_fields}
        row = {name: asked.getlist(sent) for name, sent in names.items() if sent in asked}
        row["client_id"] = [str(one) for one in typed_ids(row.get("client_id", ()))]
        if any(any(row.get(name, ())) for name in RowForm.SAID):
            rows[str(home)] = row
    return head, rows


def sent_of_draft(draft: GridDraft) -> MultiValueDict[str, str]:
    """A draft as it was sent, for going on with it: as it was typed, and under the ids that it was given."""
    typed: dict[str, Any] = json.loads(draft.typed)
    sent: MultiValueDict[str, str] = MultiValueDict()
    for name, values in typed["head"].items():
        sent.setlist(name, values)
    sent.setlist("rows", list(typed["rows"]))
    for home, row in typed["rows"].items():
        for name, values in row.items():
            sent.setlist(f"{row_name(UUID(home))}-{name}", values)
    return sent

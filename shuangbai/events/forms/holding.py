"""The forms of the day: the roll, tapped by name, and the activity that is made of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.activities.actions import ActivityEntry
from shuangbai.activities.forms import ActivityForm
from shuangbai.activities.models import Activity
from shuangbai.core import clock
from shuangbai.core.findings import Finding
from shuangbai.core.ids import random_id
from shuangbai.events.models import Event, SignUp
from shuangbai.events.rules import TOGETHER_MOST, Numbers, line_before
from shuangbai.services.forms import chips, typed_ids


@dataclass(frozen=True, slots=True)
class RollLine:
    """A sign-up on the roll: whether it is ticked, how many came, and what it said when the page was made."""

    one: SignUp
    ticked: bool
    count: int
    was: str

    @property
    def several(self) -> bool:
        return self.one.people > 1 or self.count > 1


class RollForm(forms.Form):
    """Everybody who signed up, to be tapped. Drawn by hand: three hundred rows of Django's widgets cost seconds.

    Each row brings along what it said before, so that only what was changed here is sent to the action.
    """

    roll = forms.CharField(required=False, label=_("名单"))

    def __init__(self, data: Any = None, *, rows: Sequence[SignUp]) -> None:
        super().__init__(data)
        self.warnings: list[Finding] = []
        self.rows = rows

    def lines(self) -> list[RollLine]:
        return [self._line(one) for one in self.rows]

    def _line(self, one: SignUp) -> RollLine:
        was = "" if one.came is None else str(one.came)
        count, ticked = one.came or one.people, bool(one.came)
        if self.is_bound and f"was-{one.number}" in self.data:
            ticked, count = f"at-{one.number}" in self.data, self._count(one)
        return RollLine(one, ticked, count, was)

    def _count(self, one: SignUp) -> int:
        typed = str(self.data.get(f"n-{one.number}", "")).strip()
        most = min(int(typed), TOGETHER_MOST) if typed.isdecimal() and len(typed) < 4 else one.people
        return most or one.people

    def came(self) -> dict[int, int]:
        """How many came, for the rows that were changed on this page."""
        found = {}
        for one in self.rows:
            was = self.data.get(f"was-{one.number}")
            now = self._count(one) if f"at-{one.number}" in self.data else 0
            if was is not None and str(now) != was and (now or was):
                found[one.number] = now
        return found


class HoldForm(ActivityForm):
    """The activity that comes of a plan: what the activities' own form asks, and who of the list is on file."""

    matches = forms.CharField(required=False, label=_("名单上的人，在本站家庭里是谁"))

    def __init__(
        self, data: Any = None, *, event: Event, numbers: Numbers, came: Sequence[SignUp],
        likely: Mapping[UUID, Sequence[tuple[UUID, str]]], **kwargs: Any,
    ) -> None:  # fmt: skip
        self.event, self.came, self.likely = event, came, likely
        if data is None:
            kwargs["initial"] = _initial(event, numbers) | kwargs.get("initial", {})
        super().__init__(data, **kwargs)
        self.fields["people"].label = _("名单以外、本站家庭里的人")
        self.fields["heads"].label = _("名单以外、没有记名的人数")
        self.fields["method"].label = _("名单以外的人怎么数的")

    @property
    def match_lines(self) -> list[tuple[SignUp, list[tuple[UUID, str, bool]]]]:
        """Who came and is called as somebody of the station's families, with whom it may be."""
        lines = []
        for one in self.came:
            if one.pk in self.likely:
                picked = self.data.get(f"is-{one.number}", "") if self.is_bound else str(one.person_id or "")
                lines.append((one, [(key, hint, str(key) == picked) for key, hint in self.likely[one.pk]]))
        return lines

    def matched(self) -> dict[UUID, UUID]:
        """Who of the families a sign-up is, as was chosen among those called so."""
        found = {}
        for one in self.came:
            offered = {key for key, _hint in self.likely.get(one.pk, ())}
            chosen = typed_ids([self.data.get(f"is-{one.number}", "")])
            if chosen and chosen[0] in offered:
                found[one.pk] = chosen[0]
        return found

    def entry(self) -> ActivityEntry:
        entry = super().entry()
        entry.client_id = self.cleaned_data.get("client_id") or random_id()
        return entry


def _initial(event: Event, numbers: Numbers) -> dict[str, Any]:
    """What the plan says already, and how the summary begins."""
    day = min(event.held_on, clock.today())
    return {
        "occurred_on": day, "title": event.title, "kind": event.kind, "series": event.series, "place": event.place,
        "partners": event.partners, "village": event.village_id, "campaign": event.campaign_id,
        "workers": [event.worker_id], "client_id": random_id(),
        "summary": line_before(numbers) if numbers.taken or numbers.came else "",
    }  # fmt: skip


class LinkForm(forms.Form):
    """The activity that was recorded without its plan."""

    use_required_attribute = False

    activity = chips(_("已经记过的活动"))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, event: Event, near: Sequence[Activity]) -> None:
        super().__init__(data, initial={"version": event.version})
        self.warnings: list[Finding] = []
        self.near = {str(one.pk): one for one in near}
        said = [(key, f"{one.record.occurred_on:%Y-%m-%d} {one.title}") for key, one in self.near.items()]
        self.fields["activity"].choices = said  # type: ignore[attr-defined]

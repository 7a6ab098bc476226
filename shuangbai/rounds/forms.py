"""Forms of lists of calls, of the week's plan and of safety flags."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.core import clock
from shuangbai.core.forms import DayField, words
from shuangbai.households.enums import UnmaskReason
from shuangbai.households.queries import categories_on
from shuangbai.network.models import OrgUnit
from shuangbai.network.queries import villages_covered
from shuangbai.rounds.queries import Criteria
from shuangbai.rounds.rules import MOST_USUAL, PLAN_MOST, Typed
from shuangbai.services.forms import SeveralField, typed_ids
from shuangbai.services.queries import campaigns_near

UNSEEN_USUAL = 3


def _several(label: Any, **more: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("请重新选择")}, **more,
    )  # fmt: skip


class PickForm(forms.Form):
    """By what families are picked. Nothing in it is required: all families of the station answer to nothing."""

    CRITERIA = ("categories", "villages", "unseen_days", "mine")

    categories = _several(_("哪些人"), help_text=_("选几类，家里有其中一类就列出；不选就是所有家庭"))
    villages = _several(_("哪些村"), help_text=_("不选就是全部"))
    unseen_days = forms.IntegerField(
        label=_("超过几天没见到"), required=False, min_value=0, max_value=999,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 0, "class": "width-short"}),
        error_messages={"invalid": _("请填一个数字"), "min_value": _("请填 0 或以上"), "max_value": _("请填 999 以内")},
        help_text=_("不填就不看上次什么时候见到"),
    )  # fmt: skip
    mine = forms.BooleanField(label=_("只列我负责的"), required=False)

    def __init__(self, data: Any = None, *, station: OrgUnit, me: UUID | None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        today = clock.today()
        self.station, self.me = station, me
        self.fields["categories"].choices = list(categories_on(today).values_list("code", "name"))  # type: ignore[attr-defined]
        villages = [(str(one.pk), one.short_name) for one in villages_covered(station.pk, today)]
        self.fields["villages"].choices = villages  # type: ignore[attr-defined]
        self.fields["unseen_days"].initial = UNSEEN_USUAL

    def criteria(self) -> Criteria:
        """Only after `is_valid`."""
        typed = self.cleaned_data
        return Criteria(
            categories=typed["categories"], villages=[int(pk) for pk in typed["villages"]],
            unseen_days=typed["unseen_days"], staff_id=self.me if typed["mine"] else None,
        )  # fmt: skip


class KeepListForm(PickForm):
    """The list to be kept: the families that are ticked, its name, and the campaign that it belongs to."""

    name = words(_("名单叫什么"), most=40, required=False, help_text=_("如“寒潮问候”“重阳电访”"))
    campaign = forms.ChoiceField(
        label=_("专项"), required=False, widget=forms.RadioSelect, error_messages={"invalid_choice": _("请重新选择")}
    )
    household = SeveralField(label=_("家庭"), required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.campaigns = campaigns_near(self.station.path, clock.today(), [])
        choices = [("", _("不属于专项")), *((str(one.pk), one.name) for one in self.campaigns)]
        self.fields["campaign"].choices = choices  # type: ignore[attr-defined]

    def clean_campaign(self) -> Any:
        picked = self.cleaned_data["campaign"]
        return next((one for one in self.campaigns if str(one.pk) == picked), None)


class NumbersForm(forms.Form):
    """Why the numbers of a list are to be seen."""

    why = forms.ChoiceField(
        label=_("为什么要看"), choices=UnmaskReason.choices, initial=UnmaskReason.REACH,
        error_messages={"required": _("请选择为什么要看这些号码"), "invalid_choice": _("请重新选择")},
    )  # fmt: skip


# THE WEEK --------------------------------------------------------------------


class WeekForm(forms.Form):
    """What a week's plan says besides its stops."""

    most = forms.IntegerField(
        label=_("每天最多几户"), min_value=1, max_value=20, initial=MOST_USUAL,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 1, "max": 20}),
        error_messages={"required": _("请填 1 到 20"), "invalid": _("请填 1 到 20"), "min_value": _("请填 1 到 20"),
                        "max_value": _("请填 1 到 20")},
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


def typed_stops(data: Any) -> list[Typed]:
    """The stops as they stand on the page. What is no number leaves the family where it was."""
    found = []
    for index, pk in enumerate(typed_ids(data.getlist("stops"))[: PLAN_MOST * 2]):
        said = {name: data.get(f"stop-{pk.hex}-{name}", "") for name in ("day", "order", "was", "companion")}
        was = _number(said["was"], index + 1)
        picked = typed_ids([said["companion"]])
        found.append(
            Typed(pk, _day(said["day"]), _number(said["order"], was), was, index, picked[0] if picked else None)
        )
    return found


def _number(text: str, otherwise: int) -> int:
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 4 else otherwise


def _day(text: str) -> date | None:
    """The day of a choice; a day far off for what is none, so that the rules refuse it."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min


def asked_monday(data: Mapping[str, Any]) -> date | None:
    """The Monday that an address names; None where it names none."""
    day = _day(str(data.get("monday", "")))
    return day if day and day.weekday() == 0 and 2000 <= day.year <= 2200 else None


# SAFETY ----------------------------------------------------------------------


class FlagForm(forms.Form):
    """Why nobody should go to a family alone."""

    reason = words(_("为什么要两个人去"), most=200, help_text=_("只给社工看，不会印在给居民看的东西上"))
    starts_on = DayField(label=_("从哪天起"))


class FlagEndForm(forms.Form):
    """Why one may go alone again."""

    end_reason = words(_("为什么可以一个人去了"), most=200)
    ends_on = DayField(label=_("到哪天为止（含）"))
    version = forms.IntegerField(widget=forms.HiddenInput)

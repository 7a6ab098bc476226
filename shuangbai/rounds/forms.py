"""Forms of lists of calls: by what families are picked, under what name the list is kept."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.core import clock
from shuangbai.core.forms import words
from shuangbai.households.enums import UnmaskReason
from shuangbai.households.queries import categories_on
from shuangbai.network.models import OrgUnit
from shuangbai.network.queries import villages_covered
from shuangbai.rounds.queries import Criteria
from shuangbai.services.forms import SeveralField
from shuangbai.services.queries import campaigns_near

UNSEEN_USUAL = 3


def _several(label: Any, **more: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("请重新选择")}, **more,
    )  # fmt: skip


class PickForm(forms.Form):
    """By what families are picked. Nothing in it is required: all families of the station answer to nothing."""

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

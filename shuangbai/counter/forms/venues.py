"""Forms of venues."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.core import clock
from shuangbai.core.findings import Finding
from shuangbai.core.forms import DayField, words
from shuangbai.core.ids import random_id
from shuangbai.counter.entries import VenueEntry
from shuangbai.counter.enums import Condition, VenueState
from shuangbai.counter.models import Venue, VenueItem
from shuangbai.network.models import Area, OrgUnit
from shuangbai.network.queries import villages_covered
from shuangbai.services.enums import CountMethod
from shuangbai.services.forms import SeveralField, chips, whole_number

ITEMS_MOST = 60


class _Form(forms.Form):
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.warnings: list[Finding] = []


class VenueForm(_Form):
    """A place: new, or to be changed."""

    name = words(_("名称"), most=40, error_messages={"required": _("请填名称，如“村口儿童乐园”")})
    village = forms.ModelChoiceField(
        Area.objects.none(), label=_("村居"), required=False, empty_label=_("没有选"),
        error_messages={"invalid_choice": _("请重新选择")},
    )  # fmt: skip
    address = words(_("在哪里"), most=80, required=False)
    opened_on = DayField(label=_("启用日期"))
    hours = words(_("开放时间"), most=80, required=False, help_text=_("照牌子上写，如“每天 8:00 到天黑”"))
    items = words(_("设备，一行一样"), most=2000, rows=6, required=False)
    caretaker = words(_("管理人"), most=20, required=False)
    phone = words(_("管理人电话"), most=40, required=False)
    check_months = whole_number(_("几个月检查一次"))
    state = chips(_("现在"), choices=VenueState.choices)
    closed_on = DayField(label=_("停用日期"), required=False)
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    SAID = ("name", "address", "opened_on", "hours", "caretaker", "phone", "state", "closed_on")

    def __init__(self, data: Any = None, *, station: OrgUnit, venue: Venue | None = None) -> None:
        first: dict[str, Any] = {
            "opened_on": clock.today(), "check_months": 3, "state": VenueState.OPEN, "client_id": random_id()
        }  # fmt: skip
        if venue:
            first = self.plain(venue)
        super().__init__(data, initial=first)
        self.station = station
        covered = Area.objects.filter(pk__in=villages_covered(station.pk, clock.today()).values("pk"))
        kept = Area.objects.filter(pk__in=[venue.village_id] if venue and venue.village_id else [])
        self.fields["village"].queryset = (covered | kept).order_by("name", "id")  # type: ignore[attr-defined]

    @classmethod
    def plain(cls, venue: Venue) -> dict[str, Any]:
        rows = VenueItem.objects.filter(venue=venue, removed_on=None).order_by("name")
        said = {name: getattr(venue, name) for name in (*cls.SAID, "check_months", "version")}
        return said | {"village": venue.village_id, "items": "\n".join(rows.values_list("name", flat=True))}

    def entry(self) -> VenueEntry:
        typed = self.cleaned_data
        return VenueEntry(
            station=self.station, village_id=typed["village"].pk if typed["village"] else None,
            check_months=typed["check_months"] or 0, items=typed["items"].splitlines()[:ITEMS_MOST],
            client_id=typed["client_id"] or random_id(), **{name: typed[name] for name in self.SAID},
        )  # fmt: skip


class CheckForm(_Form):
    """A look over the whole place: each piece is as it was until it is tapped otherwise."""

    checked_on = DayField(label=_("检查日期"))
    safe = chips(_("总的来说"), choices=[("yes", _("可以放心用")), ("no", _("有不安全的地方"))])
    note = words(_("哪里有问题、怎样处理"), most=200, rows=2, required=False)
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, items: Sequence[VenueItem]) -> None:
        super().__init__(data, initial={"checked_on": clock.today(), "safe": "yes", "client_id": random_id()})
        self.pieces = {f"item-{item.pk.hex}": item for item in items}
        for name, item in self.pieces.items():
            self.fields[name] = chips(item.name, choices=Condition.choices)
            self.initial[name] = item.condition

    def rows(self) -> list[forms.BoundField]:
        return [self[name] for name in self.pieces]

    def found(self) -> dict[UUID, str]:
        return {item.pk: self.cleaned_data[name] for name, item in self.pieces.items()}


class CountUseForm(_Form):
    """How many used the place on a day."""

    counted_on = DayField(label=_("哪天"))
    heads = whole_number(_("多少人用过"))
    method = chips(_("怎么数的"), choices=CountMethod.choices)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"counted_on": clock.today(), "method": CountMethod.COUNTED})
        self.fields["heads"].required = True
        self.fields["heads"].error_messages["required"] = _("请填人次")


class UseForm(_Form):
    """Activities that were held at the place."""

    records = SeveralField(label=_("在这里办的活动"), error_messages={"required": _("请至少点选一场活动")})

    def __init__(self, data: Any = None, *, offered: Sequence[tuple[Any, bool]]) -> None:
        first = [str(record.pk) for record, likely in offered if likely]
        super().__init__(data, initial={"records": first})
        self.fields["records"].choices = [  # type: ignore[attr-defined]
            (str(record.pk), f"{record.occurred_on:%m-%d} {record.activity.title}") for record, _likely in offered
        ]

"""Forms of the account of goods and funds."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.core import clock
from shuangbai.core.findings import Finding
from shuangbai.core.forms import DayField, words
from shuangbai.core.ids import random_id
from shuangbai.counter.entries import ItemEntry, MoveEntry
from shuangbai.counter.enums import INS, OUTS, MoveWay, StockKind
from shuangbai.counter.models import StockItem
from shuangbai.dossier.forms import PaperField, money
from shuangbai.network.models import OrgUnit
from shuangbai.services.forms import chips


def _quantity(label: Any, *, least: str = "0.01", **more: Any) -> forms.DecimalField:
    said = {
        "required": _("请填数量"), "invalid": _("请填数字，如 12 或 350.5"), "max_digits": _("太大了，请核对"),
        "max_decimal_places": _("最多两位小数"), "min_value": _("要大于 0") if least != "0" else _("不能小于 0"),
    }  # fmt: skip
    widget = forms.NumberInput(attrs={"inputmode": "decimal", "step": "any", "class": "width-short"})
    return forms.DecimalField(
        label=label, max_digits=9, decimal_places=2, min_value=Decimal(least), widget=widget, error_messages=said,
        **more,
    )  # fmt: skip


class _Form(forms.Form):
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.warnings: list[Finding] = []


class ItemForm(_Form):
    """Something to keep an account of; changed, what it is stays."""

    kind = chips(_("是什么"), choices=StockKind.choices)
    name = words(_("名称"), most=40, error_messages={"required": _("请填名称，如“口罩”“站里备用金”")})
    unit = words(_("单位"), most=8, required=False, help_text=_("如“个”“箱”“斤”；经费不用填"))
    note = words(_("说明"), most=120, required=False)
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    SAID = ("name", "unit", "note")

    def __init__(self, data: Any = None, *, station: OrgUnit, item: StockItem | None = None) -> None:
        first: dict[str, Any] = {"kind": StockKind.GOODS, "client_id": random_id()}
        if item:
            first = {name: getattr(item, name) for name in (*self.SAID, "version")}
        super().__init__(data, initial=first)
        self.station = station
        if item:
            del self.fields["kind"], self.fields["client_id"]

    def entry(self) -> ItemEntry:
        typed = self.cleaned_data
        return ItemEntry(
            station=self.station, kind=typed["kind"], client_id=typed["client_id"] or random_id(),
            **{name: typed[name] for name in self.SAID},
        )  # fmt: skip


class MoveForm(_Form):
    """What came in or went out: `outward` says which."""

    moved_on = DayField(label=_("日期"))
    way = chips(_("怎么进出"))
    quantity = _quantity(_("数量"))
    value = money(_("价值（元）"))
    whom = words(_("来源或去向"), most=60, required=False)
    receipt_no = words(_("票据号"), most=40, required=False)
    paper = PaperField(label=_("票据照片"), required=False, help_text=_("JPG、PNG 或 PDF，5 MB 以内；没有也不要紧"))
    household = forms.UUIDField(widget=forms.HiddenInput, required=False)
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, files: Any = None, *, item: StockItem, outward: bool) -> None:
        offered = OUTS if outward else INS
        usual = MoveWay.OFFICE if outward else MoveWay.BOUGHT
        if not outward and item.kind == StockKind.MONEY:
            usual = MoveWay.ALLOTTED
        super().__init__(
            data, files, initial={"moved_on": clock.today(), "way": usual, "client_id": random_id()}
        )  # fmt: skip
        fields: dict[str, Any] = self.fields
        fields["way"].choices = [(str(way), way.label) for way in offered]
        fields["way"].label = _("怎么出的") if outward else _("怎么来的")
        fields["whom"].label = _("给了谁、用在哪里") if outward else _("从哪里来")
        if item.kind == StockKind.MONEY:
            fields["quantity"].label = _("金额")
            del fields["value"]
        if not outward:
            del fields["household"]
        self.order_fields(["moved_on", "way", "household", "quantity"])

    def entry(self, household: Any = None) -> MoveEntry:
        typed = self.cleaned_data
        names = ("moved_on", "way", "quantity", "whom", "receipt_no", "paper")
        return MoveEntry(
            value=typed.get("value"), household=household, client_id=typed["client_id"] or random_id(),
            **{name: typed[name] for name in names},
        )  # fmt: skip


class CountForm(_Form):
    """Stocktaking: how much was found."""

    on = DayField(label=_("盘点日期"))
    counted = _quantity(_("实有"), least="0")
    reason = words(_("不符的原因"), most=120, required=False, help_text=_("和账上一样就不用填"))
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"on": clock.today(), "client_id": random_id()})


class ReverseForm(_Form):
    reason = words(_("为什么冲销"), most=120, error_messages={"required": _("请写明冲销理由，如「数量写错」")})

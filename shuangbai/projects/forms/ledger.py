"""The forms of the ledger: a line of each kind asks for what that kind has; what may be changed; taking back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.core import clock
from shuangbai.core.forms import DayField, Warned, words
from shuangbai.core.ids import random_id
from shuangbai.projects.entries import LineEntry
from shuangbai.projects.enums import Giver, LineKind
from shuangbai.projects.models import LedgerLine
from shuangbai.resources.enums import ValuedBy
from shuangbai.services.forms import chips


def _decimal(label: Any, *, digits: int, places: int, required: bool = True, hint: Any = "") -> forms.DecimalField:
    wrong = {
        "required": _("请填写数目"), "invalid": _("请填数字，如 200 或 200.5"), "min_value": _("要大于 0"),
        "max_digits": _("太大了，请核对"), "max_whole_digits": _("太大了，请核对"),
        "max_decimal_places": _("最多 %(max)s 位小数"),
    }  # fmt: skip
    widget = forms.NumberInput(attrs={"inputmode": "decimal", "class": "width-short", "step": "any"})
    return forms.DecimalField(
        label=label, required=required, min_value=0, max_digits=digits, decimal_places=places, error_messages=wrong,
        help_text=hint, widget=widget,
    )  # fmt: skip


# What a line of each kind asks for, in this order.
ASKS: dict[str, tuple[str, ...]] = {
    LineKind.CASH: ("amount", "giver", "name", "named", "occurred_on", "receipt", "thanked_on", "what"),
    LineKind.GOODS: (
        "what", "quantity", "unit", "giver", "name", "named", "occurred_on", "value", "valued_by", "receipt",
        "thanked_on",
    ),
    LineKind.DAYS: ("quantity", "giver", "name", "named", "occurred_on", "what", "value", "valued_by", "thanked_on"),
    LineKind.SPENT: ("what", "amount", "occurred_on", "receipt", "name"),
}  # fmt: skip


class LineForm(Warned):
    """A line of the ledger; only what its kind has is asked."""

    what = words(_("是什么"), most=80, required=False)
    amount = _decimal(_("金额（元）"), digits=11, places=2)
    quantity = _decimal(_("数量"), digits=9, places=1)
    unit = words(_("单位"), most=10, required=False, help_text=_("如“袋”“块”“车”"))
    giver = chips(_("谁给的"), choices=Giver.choices)
    name = words(_("姓名或单位"), most=60, error_messages={"required": _("请写谁给的；不愿留名的写“热心人士”")})
    named = forms.BooleanField(
        label=_("本人（单位）同意在公开账目上写名字"), required=False,
        help_text=_("不勾选就只写“热心村民”或“爱心单位”"),
    )  # fmt: skip
    occurred_on = DayField(label=_("日期"))
    value = _decimal(_("折合（元）"), digits=11, places=2, required=False, hint=_("不估就留空，不和现金相加"))
    valued_by = chips(_("怎样估的"), choices=ValuedBy.choices, required=False)
    receipt = words(_("票据号"), most=40, required=False)
    thanked_on = DayField(label=_("哪天致谢的"), required=False)
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, kind: LineKind) -> None:
        super().__init__(data, initial={
            "occurred_on": clock.today(), "giver": Giver.PERSON, "client_id": random_id(),
        })  # fmt: skip
        self.kind = kind
        asked = ASKS[kind]
        self.fields = {name: self.fields[name] for name in (*asked, "client_id")}
        fields: dict[str, Any] = self.fields
        if kind == LineKind.DAYS:
            fields["quantity"].label, fields["what"].label = _("几个工日"), _("做了什么")
            fields["quantity"].help_text = _("一人做一天算一个，半天算 0.5")
        elif kind == LineKind.CASH:
            fields["what"].label = _("备注")
        elif kind == LineKind.SPENT:
            fields["what"].label, fields["name"].label = _("用在哪里"), _("付给谁")
            fields["name"].required, fields["name"].help_text = False, _("不公开")
            fields["what"].required = True
            fields["what"].error_messages["required"] = _("请写用在哪里，如“买地砖”")
        else:
            fields["what"].required = True
            fields["what"].error_messages["required"] = _("请写是什么东西，如“水泥”")

    def entry(self) -> LineEntry:
        c = self.cleaned_data
        said = {name: c[name] for name in ASKS[self.kind]}
        return LineEntry(kind=self.kind, client_id=c.get("client_id") or random_id(), **said)


class DescribeForm(Warned):
    """What may be changed of a line: never what adds up."""

    name = words(_("姓名或单位"), most=60, required=False)
    named = forms.BooleanField(label=_("本人（单位）同意在公开账目上写名字"), required=False)
    receipt = words(_("票据号"), most=40, required=False)
    thanked_on = DayField(label=_("哪天致谢的"), required=False)

    NAMES = ("name", "named", "receipt", "thanked_on")

    def __init__(self, data: Any = None, *, line: LedgerLine) -> None:
        super().__init__(data, initial=self.said(line) | {"version": line.version})
        if line.kind == LineKind.SPENT:
            self.fields["name"].label = _("付给谁")
            del self.fields["named"], self.fields["thanked_on"]

    @classmethod
    def said(cls, line: LedgerLine) -> dict[str, Any]:
        return {name: getattr(line, name) for name in cls.NAMES}

    def asked(self) -> dict[str, Any]:
        """What was typed; what the kind does not have is empty. Only after `is_valid`."""
        return {"named": False, "thanked_on": None} | {
            name: self.cleaned_data[name] for name in self.NAMES if name in self.cleaned_data
        }


class ReverseForm(Warned):
    """That a line is taken back: on which day, and why."""

    occurred_on = DayField(label=_("哪天冲回"))
    reason = words(
        _("为什么冲回"), most=200, help_text=_("如“本人收回”“金额记错，另记一笔”；公开账目上也会写"),
        error_messages={"required": _("请写明为什么冲回，一句话")},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, line: LedgerLine) -> None:
        super().__init__(data, initial={"version": line.version, "occurred_on": clock.today()})

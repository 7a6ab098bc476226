"""Forms of policy assistance. They read what was typed; whether it is right is for the rules to say."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.assistance import queries
from shuangbai.assistance.actions.city import RuleEntry
from shuangbai.assistance.actions.matters import MatterEntry, StepEntry
from shuangbai.assistance.enums import MatterKind, Move
from shuangbai.assistance.models import Matter
from shuangbai.assistance.rules import GRANTS, LINE_MOST, MOST_DAYS, WORDS_MOST, Rule, moves_of
from shuangbai.codes.forms import DecisionForm
from shuangbai.core import clock
from shuangbai.core.forms import DayField, Warned, words
from shuangbai.core.ids import random_id
from shuangbai.dossier.forms import money, pick
from shuangbai.households.models import Category, Household, Membership, Tag

WHOLE = ("", _("整个家庭"))


class MatterForm(Warned):
    """Which policy, for whom, what is asked for."""

    policy = pick(_("政策"), (), required=True, empty=("", _("请选择")))
    kind = pick(_("办什么"), MatterKind.choices, required=True, chips=True)
    person = pick(_("为谁"), (), empty=WHOLE, chips=True)
    opened_on = DayField(label=_("开始协助的日期"))
    special = forms.BooleanField(label=_("属特殊情况（情况复杂、要多部门核对），按较长的期限"), required=False)
    note = words(_("情况"), most=WORDS_MOST, rows=3, required=False, help_text=_("为什么申请、卡在哪里"))
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    SAID: ClassVar = ("policy", "opened_on", "special", "note")

    def __init__(
        self, data: Any = None, *, household: Household, members: Sequence[Membership], matter: Matter | None = None,
        **first: Any,
    ) -> None:  # fmt: skip
        today = clock.today()
        start = {"opened_on": today, "client_id": random_id(), "kind": MatterKind.NEW, **first}
        super().__init__(data, initial=self.plain(matter) | {"version": matter.version} if matter else start)
        self.household = household
        offered = queries.offered_policies(today, [matter.policy] if matter else ())
        self.fields["policy"].choices = [("", _("请选择")), *offered]  # type: ignore[attr-defined]
        people = {str(one.person_id): one.person.name for one in members}
        if matter and matter.person:
            people.setdefault(str(matter.person_id), matter.person.name)
        self.fields["person"].choices = [WHOLE, *people.items()]  # type: ignore[attr-defined]
        if matter:
            self.fields["reason"] = words(_("为什么更正"), most=200)

    @classmethod
    def plain(cls, matter: Matter) -> dict[str, Any]:
        """A matter as the form shows it."""
        said = {name: getattr(matter, name) for name in cls.SAID}
        return {**said, "kind": matter.kind, "person": str(matter.person_id or ""), "client_id": matter.client_id}

    def theirs(self, matter: Matter) -> dict[str, Any]:
        return {name: value for name, value in self.plain(matter).items() if name != "client_id"}

    def entry(self) -> MatterEntry:
        """Only after `is_valid`."""
        c = self.cleaned_data
        return MatterEntry(
            client_id=c["client_id"], household=self.household, kind=MatterKind(c["kind"]),
            person_id=UUID(c["person"]) if c["person"] else None, **{name: c[name] for name in self.SAID},
        )  # fmt: skip


class StepForm(Warned):
    """What happened to a matter."""

    move = pick(_("办到哪一步"), (), required=True, chips=True)
    happened_on = DayField(label=_("哪天"))
    amount = money(_("批准金额（元/月）"), help_text=_("一次性的救助也写在这里，并在情况里说明"))
    next_review_on = DayField(
        label=_("下次年审"), required=False, help_text=_("到时会成为一件跟进事项；不用年审就留空")
    )
    note = words(_("情况"), most=WORDS_MOST, rows=3, required=False)

    def __init__(self, data: Any = None, *, matter: Matter) -> None:
        offered, today = moves_of(matter.stage, matter.kind), clock.today()
        first: dict[str, Any] = {"happened_on": today, "version": matter.version}
        if set(offered) & set(GRANTS):
            first |= {"next_review_on": queries.first_review(matter.policy, today, queries.Rules())}
            first |= {"amount": matter.amount}
        if len(offered) == 1:
            first["move"] = offered[0]
        super().__init__(data, initial=first)
        self.fields["move"].choices = [(one.value, one.label) for one in offered]  # type: ignore[attr-defined]

    def entry(self) -> StepEntry:
        """Only after `is_valid`."""
        c, move = self.cleaned_data, Move(self.cleaned_data["move"])
        granted = move in GRANTS
        return StepEntry(
            move,
            c["happened_on"],
            c["note"],
            c["amount"] if granted else None,
            c["next_review_on"] if granted else None,
        )


class PapersForm(Warned):
    """Which papers are there, and one more that is asked for."""

    more = words(_("还要什么材料"), most=60, required=False)

    def got(self) -> list[int]:
        keys: list[str] = self.data.getlist("got") if hasattr(self.data, "getlist") else []
        return [int(one) for one in keys if one.isdecimal()]


class CategoryForm(Warned):
    """The category that a granted matter gives."""

    category = pick(_("登记为"), (), required=True, chips=True)
    starts_on = DayField(label=_("从哪天起"), help_text=_("批准文件上的日期"))
    level = words(_("等级"), most=20, required=False)

    def __init__(self, data: Any = None, *, matter: Matter, offered: Sequence[Category]) -> None:
        first: dict[str, Any] = {"version": matter.version, "starts_on": matter.decided_on}
        if len(offered) == 1:
            first["category"] = offered[0].code
        super().__init__(data, initial=first)
        self.fields["category"].choices = [(one.code, one.name) for one in offered]  # type: ignore[attr-defined]


class EndCategoryForm(Warned):
    """Which category a granted stop ends, and its last day."""

    tag = pick(_("结束哪个类别"), (), required=True, chips=True)
    ends_on = DayField(label=_("最后一天"))

    def __init__(self, data: Any = None, *, matter: Matter, held: Sequence[Tag]) -> None:
        first: dict[str, Any] = {"version": matter.version, "ends_on": matter.decided_on}
        if len(held) == 1:
            first["tag"] = str(held[0].pk)
        super().__init__(data, initial=first)
        self.fields["tag"].choices = [(str(one.pk), one.category.name) for one in held]  # type: ignore[attr-defined]


class VoidForm(Warned):
    reason = words(_("为什么作废"), most=200, help_text=_("如“重复登记”"))


# THE CITY ------------------------------------------------------------------------


def _whole(label: Any, most: int, **kwargs: Any) -> forms.IntegerField:
    told = {"invalid": _("请填一个整数"), "min_value": _("请填 1 以上的整数"), "max_value": _("太大了，请核对")}
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "min": 1, "class": "width-short"})
    return forms.IntegerField(
        label=label, required=False, min_value=1, max_value=most, widget=widget, error_messages=told, **kwargs
    )


class PolicyRuleForm(DecisionForm):
    """What the city says of a policy."""

    starts_on = DayField(label=_("从哪天起"))
    days = _whole(_("办理期限（工作日）"), MOST_DAYS, help_text=_("自受理的次日起算到审批；没有规定就留空"))
    special_days = _whole(_("特殊情况（工作日）"), MOST_DAYS)
    review_months = _whole(_("多少个月年审一次"), 120)
    line = money(_("标准（元/人/月）"), help_text=_("只填低保：提示时拿人均月收入和它比"))
    papers = words(_("要交的材料"), most=1000, rows=5, required=False, help_text=_("一行一项"))
    text = words(_("哪些人符合"), most=500, rows=3)
    source = words(_("依据"), most=LINE_MOST, help_text=_("文件名称和文号"))

    def __init__(self, data: Any = None, *, rule: Rule | None, version: int) -> None:
        first: dict[str, Any] = {"starts_on": clock.today(), "version": version}
        if rule:
            named = ("days", "special_days", "review_months", "line", "text", "source")
            first |= {name: getattr(rule, name) for name in named} | {"papers": "\n".join(rule.papers)}
        super().__init__(data, initial=first)

    def entry(self) -> RuleEntry:
        """Only after `is_valid`."""
        c = self.cleaned_data
        named = ("starts_on", "days", "special_days", "review_months", "line", "text", "source")
        papers = [line.strip() for line in c["papers"].splitlines() if line.strip()]
        return RuleEntry(**{name: c[name] for name in named}, papers=papers)

"""Forms of resources. They read what was typed; whether it is right is for the rules to say."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.cases.models import Case
from shuangbai.codes.queries import choices_on
from shuangbai.core import clock
from shuangbai.core.forms import DayField, Warned, words
from shuangbai.core.ids import random_id
from shuangbai.dossier.forms import PaperField, money, pick, several
from shuangbai.households.models import Household, Membership
from shuangbai.network.models import Area, OrgUnit
from shuangbai.resources.actions.directory import ResourceEntry
from shuangbai.resources.actions.linking import LinkEntry
from shuangbai.resources.actions.referring import MoveEntry, ReferralEntry
from shuangbai.resources.enums import KINDS, Move, ReferralState, ValuedBy
from shuangbai.resources.models import Referral, Resource, ResourceLink
from shuangbai.resources.queries import areas_offered
from shuangbai.resources.rules import AWAITED, LINE_MOST, NEEDS_NOTE, WORDS_MOST, moves_on
from shuangbai.visits.enums import NEEDS

WHOLE = ("", _("整个家庭"))


class KeyField(forms.UUIDField):
    """A row chosen while typing, by its key."""

    widget = forms.HiddenInput
    default_error_messages = {"invalid": _("请重新选择"), "required": _("请从名录里选一项")}


# THE DIRECTORY ---------------------------------------------------------------


class DirectoryFilter(forms.Form):
    """What is looked for in the directory."""

    use_required_attribute = False

    q = words(_("名称、提供方"), most=40, required=False, help_text=_("两个字就行，也可以打拼音首字母，如“ly”找轮椅"))
    need = pick(_("能帮什么"), (), empty=("", _("全部")))
    village = forms.ModelChoiceField(
        label=_("给哪个村居"), queryset=Area.objects.none(), required=False, empty_label=_("不限")
    )
    kind = pick(_("种类"), (), empty=("", _("全部")))
    ended = forms.BooleanField(label=_("也看已到期、已停用的"), required=False)

    def __init__(self, data: Any, *, villages: Any) -> None:
        super().__init__(data)
        today = clock.today()
        self.fields["need"].choices = [("", _("全部")), *choices_on(NEEDS, today)]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", _("全部")), *choices_on(KINDS, today)]  # type: ignore[attr-defined]
        self.fields["village"].queryset = villages  # type: ignore[attr-defined]
        self.fields["village"].label_from_instance = lambda area: area.short_name  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        """What makes sense of what was asked."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class ResourceForm(Warned):
    """An entry of the directory."""

    name = words(_("资源"), most=60, help_text=_("一看就懂的名称，如“轮椅借用”“困境儿童助学金”"))
    provider = words(_("提供方"), most=60)
    kind = pick(_("种类"), (), required=True, chips=True)
    needs = several(_("能帮什么"), ())
    areas = several(_("覆盖哪里"), (), help_text=_("不选就是都可以"))
    conditions = words(_("条件与手续"), most=500, rows=3, required=False, help_text=_("谁可以申请、要带什么、等多久"))
    contact = words(_("联系人"), most=40, required=False)
    phone = words(_("联系电话"), most=40, required=False)

    def __init__(self, data: Any = None, *, unit: OrgUnit, resource: Resource | None = None) -> None:
        super().__init__(data, initial=self.plain(resource) | {"version": resource.version} if resource else {})
        self.unit, today = unit, clock.today()
        held = [resource.kind] if resource else []
        self.fields["kind"].choices = choices_on(KINDS, today, held)  # type: ignore[attr-defined]
        kept = list(resource.needs) if resource else []
        self.fields["needs"].choices = choices_on(NEEDS, today, kept)  # type: ignore[attr-defined]
        areas = [(str(area.pk), area.short_name) for area in areas_offered(unit, today)]
        self.fields["areas"].choices = areas  # type: ignore[attr-defined]
        if resource is None:
            self.fields["starts_on"] = DayField(label=_("从哪天起有"), initial=today)
            self.fields["ends_on"] = DayField(label=_("到哪天为止"), required=False, help_text=_("没有期限请留空"))

    @classmethod
    def plain(cls, resource: Resource) -> dict[str, Any]:
        """An entry as the form shows it."""
        said = {name: getattr(resource, name) for name in cls.SAID}
        return said | {"areas": [str(pk) for pk in resource.areas.values_list("area_id", flat=True)]}  # type: ignore[attr-defined]

    SAID: ClassVar = ("name", "provider", "kind", "needs", "conditions", "contact", "phone")

    def entry(self) -> ResourceEntry:
        """Only after `is_valid`."""
        c = self.cleaned_data
        return ResourceEntry(**{name: c[name] for name in self.SAID}, area_ids=[int(pk) for pk in c["areas"]])


class RenewForm(Warned):
    starts_on = DayField(label=_("从哪天起"))
    ends_on = DayField(label=_("到哪天为止"), required=False, help_text=_("没有期限请留空"))


class EndForm(Warned):
    ends_on = DayField(label=_("最后一天"))
    reason = words(_("为什么不再提供"), most=200)


# LINKS -------------------------------------------------------------------------


def quantity() -> forms.DecimalField:
    told = {"invalid": _("请填数字"), "max_decimal_places": _("最多两位小数"), "max_digits": _("太大了，请核对"),
            "max_whole_digits": _("太大了，请核对")}  # fmt: skip
    widget = forms.NumberInput(attrs={"inputmode": "decimal", "step": "any", "class": "width-short"})
    return forms.DecimalField(
        label=_("数量"), max_digits=10, decimal_places=2, required=False, widget=widget, error_messages=told
    )


class LinkForm(Warned):
    """That a resource reached a family, or somebody of it; or was for an activity or a project (`about`)."""

    resource = KeyField(label=_("资源"), required=True)
    person = pick(_("给谁"), (), empty=WHOLE, chips=True)
    occurred_on = DayField(label=_("哪天"))
    quantity = quantity()
    unit = words(_("单位"), most=10, required=False, help_text=_("如“袋”“次”“小时”"))
    value = money(_("值多少元"), help_text=_("给的是钱必填；东西和服务能估就估，估不出可不填"))
    valued_by = pick(_("怎样估的价"), ValuedBy.choices, empty=("", _("没有估")), chips=True)
    note = words(_("给了什么"), most=WORDS_MOST, rows=2, required=False)
    result = words(_("效果"), most=WORDS_MOST, rows=2, required=False, help_text=_("过后再补也行"))
    paper = PaperField(label=_("票据或收条"), required=False, help_text=_("JPG、PNG 或 PDF，5 MB 以内；没有也不要紧"))
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    SAID: ClassVar = ("occurred_on", "quantity", "unit", "value", "valued_by", "note", "result")

    def __init__(
        self, data: Any = None, files: Any = None, *, household: Household | None = None,
        members: Sequence[Membership] = (), about: tuple[str, UUID] | None = None,
        link: ResourceLink | None = None, cases: Sequence[Case] = (), **first: Any,
    ) -> None:  # fmt: skip
        start = {"occurred_on": clock.today(), "client_id": random_id(), **first}
        super().__init__(data, files, initial=self.plain(link) | {"version": link.version} if link else start)
        self.household, self.about = household, about
        self.fields["person"].choices = [WHOLE, *people_of(members, link)]  # type: ignore[attr-defined]
        if about:
            del self.fields["person"]
        offer_cases(self, cases)
        if link:
            self.fields["reason"] = words(_("为什么更正"), most=200, help_text=_("如“数量写错了”"))

    @classmethod
    def plain(cls, link: ResourceLink) -> dict[str, Any]:
        """A link as the form shows it."""
        said = {name: getattr(link, name) for name in cls.SAID}
        keys = {"resource": str(link.resource_id), "person": str(link.person_id or "")}
        return {**said, **keys, "client_id": link.client_id}

    def theirs(self, link: ResourceLink) -> dict[str, Any]:
        """What somebody else saved meanwhile, for the page that shows both."""
        return {name: value for name, value in self.plain(link).items() if name not in ("resource", "client_id")}

    def entry(self) -> LinkEntry:
        """Only after `is_valid`."""
        c = self.cleaned_data
        return LinkEntry(
            client_id=c["client_id"], resource_id=c["resource"], household=self.household,
            person_id=UUID(c["person"]) if c.get("person") else None, paper=c["paper"], about=self.about,
            **case_said(c), **{name: c[name] for name in self.SAID},
        )  # fmt: skip


def people_of(members: Sequence[Membership], row: ResourceLink | Referral | None) -> list[tuple[str, str]]:
    """Who is of the family, and whom the row names already."""
    found = {str(one.person_id): one.person.name for one in members}
    if row and row.person:
        found.setdefault(str(row.person_id), row.person.name)
    return list(found.items())


def offer_cases(form: forms.Form, cases: Sequence[Case]) -> None:
    """Where somebody works on a case of the family, they may say that this belongs to it, and to it alone."""
    if cases:
        numbers = [(str(case.pk), case.number) for case in cases]
        form.fields["case"] = pick(_("属于哪个个案"), numbers, empty=("", _("不属于个案")), chips=True)
        form.fields["only_case"] = forms.BooleanField(
            label=_("只在个案里看得到（家庭页面、同事的名单里都不显示）"), required=False, initial=True
        )


def case_said(cleaned: dict[str, Any]) -> dict[str, Any]:
    chosen = cleaned.get("case")
    return {"case_key": UUID(chosen) if chosen else None, "only_case": bool(chosen and cleaned.get("only_case"))}


class VoidForm(Warned):
    reason = words(_("为什么作废"), most=200, help_text=_("如“重复登记”"))


# REFERRALS ---------------------------------------------------------------------


class ReferralForm(Warned):
    """Who is sent where, why, and what is asked."""

    resource = KeyField(label=_("转给名录里的哪一项"), required=False)
    body = words(_("或写单位名称"), most=60, required=False, help_text=_("名录里没有的，如“县人民医院心理科”"))
    contact = words(_("对方联系人、电话"), most=60, required=False)
    person = pick(_("转介谁"), (), empty=WHOLE, chips=True)
    why = words(_("为什么转介"), most=WORDS_MOST, rows=3, help_text=_("写必要的情况即可，会印在转介函上"))
    asks = words(_("请对方做什么"), most=WORDS_MOST, rows=2)
    asked_on = DayField(label=_("登记日期"))
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    SAID: ClassVar = ("body", "contact", "why", "asks", "asked_on")

    def __init__(
        self, data: Any = None, *, household: Household, members: Sequence[Membership],
        referral: Referral | None = None, cases: Sequence[Case] = (), **first: Any,
    ) -> None:  # fmt: skip
        start = {"asked_on": clock.today(), "client_id": random_id(), **first}
        super().__init__(data, initial=self.plain(referral) | {"version": referral.version} if referral else start)
        self.household = household
        self.fields["person"].choices = [WHOLE, *people_of(members, referral)]  # type: ignore[attr-defined]
        offer_cases(self, cases)

    @classmethod
    def plain(cls, referral: Referral) -> dict[str, Any]:
        said = {name: getattr(referral, name) for name in cls.SAID}
        keys = {"resource": str(referral.resource_id or ""), "person": str(referral.person_id or "")}
        return {**said, **keys, "client_id": referral.client_id}

    def theirs(self, referral: Referral) -> dict[str, Any]:
        return {name: value for name, value in self.plain(referral).items() if name not in ("resource", "client_id")}

    def entry(self) -> ReferralEntry:
        """Only after `is_valid`."""
        c = self.cleaned_data
        return ReferralEntry(
            client_id=c["client_id"], household=self.household, resource_id=c["resource"],
            person_id=UUID(c["person"]) if c["person"] else None, **case_said(c),
            **{name: c[name] for name in self.SAID},
        )  # fmt: skip


class MoveForm(Warned):
    """The next thing that was done about a referral, or answered."""

    move = pick(_("做了什么"), (), required=True, chips=True)
    happened_on = DayField(label=_("哪天"))
    whom = words(_("对方是谁"), most=LINE_MOST, required=False)
    note = words(_("情况"), most=WORDS_MOST, rows=3, required=False)
    next_on = DayField(label=_("哪天提醒再问"), required=False, help_text=_("留空就按常规：问答复七天，回访十四天"))

    def __init__(self, data: Any = None, *, referral: Referral) -> None:
        offered = list(moves_on(referral.state))
        first = {"happened_on": clock.today(), "version": referral.version}
        if len(offered) == 1 or referral.state == ReferralState.DRAFT:
            first["move"] = Move.SEND if Move.SEND in offered else offered[0]
        super().__init__(data, initial=first)
        self.fields["move"].choices = [(one.value, one.label) for one in offered]  # type: ignore[attr-defined]
        self.needs_note, self.awaited = NEEDS_NOTE, AWAITED

    def entry(self) -> MoveEntry:
        """Only after `is_valid`."""
        c = self.cleaned_data
        return MoveEntry(Move(c["move"]), c["happened_on"], c["whom"], c["note"], c["next_on"])


def yuan(value: Decimal | None) -> str:
    """An amount as pages print it."""
    return "" if value is None else f"{value:,.2f}".removesuffix(".00")

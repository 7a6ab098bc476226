"""Forms of the dossier, one a part. They read what was typed and say it by its fields; the rules are the actions'."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.codes.enums import CodeSpec
from shuangbai.codes.queries import choices_on
from shuangbai.core import clock
from shuangbai.core.forms import DayField, words
from shuangbai.core.papers import NotAPaper, Paper, read_paper
from shuangbai.core.privacy import mask_address, mask_id, mask_phone
from shuangbai.dossier import enums
from shuangbai.dossier.models import OF_PERSON, Economy, Part, PersonSheet
from shuangbai.dossier.rules import Money
from shuangbai.households.forms import CoveringForm
from shuangbai.households.models import Membership
from shuangbai.services.models import ServiceRecord
from shuangbai.visits.enums import NEEDS

WHOLE_FAMILY = ("", _("整个家庭"))
NOT_SAID = ("", "—")
Groups = Sequence[tuple[Any, Sequence[str]]]


def pick(label: Any, choices: Iterable[Any], *, empty: Any = NOT_SAID, chips: bool = False, **kwargs: Any) -> Any:
    """One of a list. Not required, it begins with nothing; `chips`: all to be seen."""
    required = kwargs.pop("required", False)
    offered = list(choices) if required and chips else [empty, *choices]
    widget = forms.RadioSelect() if chips else forms.Select()
    told = {"required": _("请选择一项"), "invalid_choice": _("请从列表中选择")}
    return forms.ChoiceField(
        label=label, choices=offered, required=required, widget=widget, error_messages=told, **kwargs
    )


def several(label: Any, choices: Iterable[Any] = (), **kwargs: Any) -> Any:
    told = {"invalid_choice": _("请从列表中选择")}
    return forms.MultipleChoiceField(
        label=label, choices=list(choices), required=False, widget=forms.CheckboxSelectMultiple, error_messages=told,
        **kwargs,
    )  # fmt: skip


def money(label: Any, **kwargs: Any) -> Any:
    told = {"invalid": _("请填数字，如 350 或 350.50"), "min_value": _("金额不能是负数")}
    widget = forms.NumberInput(attrs={"inputmode": "decimal", "min": 0, "step": "0.01", "class": "width-short"})
    return forms.DecimalField(
        label=label, required=False, min_value=0, max_digits=10, decimal_places=2, widget=widget, error_messages=told,
        **kwargs,
    )  # fmt: skip


class PartForm(CoveringForm):
    """A part of the dossier, new or to be changed. Fields are called as the part's own."""

    use_required_attribute = False
    GROUPS: ClassVar[Groups] = ()
    CODES: ClassVar[Mapping[str, CodeSpec]] = {}
    MASKS: ClassVar[Mapping[str, Any]] = {}
    SHOWN: ClassVar[Mapping[str, str]] = {}  # a field, and while which other has which value it is shown
    NOT_PLAIN: ClassVar[tuple[str, ...]] = ("version",)

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Any = None, files: Any = None, *, members: Sequence[Membership], part: Part | None = None,
        start: Mapping[str, Any] | None = None, records: Sequence[ServiceRecord] = (),
    ) -> None:  # fmt: skip
        first = {**self.plain(part), "version": part.version} if part else dict(start or {})
        super().__init__(data, files, initial=first)
        self.part, self.members = part, members
        people = {str(row.person_id): row.person.name for row in members}
        for name in ("person", "carer", "given_by"):
            if name in self.fields:
                field: Any = self.fields[name]
                field.choices = [*field.choices, *people.items()]
        for name in ("opened_by", "closed_by"):
            if name in self.fields:
                listed: Any = self.fields[name]
                listed.choices = [*listed.choices, *((str(row.pk), str(row)) for row in records)]
        for name, spec in self.CODES.items():
            self._offer(name, spec, part)
        for name, mask in self.MASKS.items():
            if part:
                self.cover(name, mask(getattr(part, name)))
        for name, when in self.SHOWN.items():
            self.fields[name].show_when = when  # type: ignore[attr-defined]

    def _offer(self, name: str, spec: CodeSpec, part: Part | None) -> None:
        """The city's items of today, and what the part says already."""
        held = getattr(part, name, None) if part else self.initial.get(name)
        keep = held if isinstance(held, list) else [held] if held else []
        field: Any = self.fields[name]
        offered = choices_on(spec, clock.today(), keep)
        blank = not field.required and not isinstance(field, forms.MultipleChoiceField)
        field.choices = [NOT_SAID, *offered] if blank else offered

    @classmethod
    def plain(cls, part: Part) -> dict[str, Any]:
        """What is not masked of a part, as the form shows it."""
        skip = {*cls.NOT_PLAIN, *cls.MASKS}
        found = {}
        for name in cls.base_fields:
            attribute = f"{name}_id" if hasattr(part, f"{name}_id") else name
            if name not in skip and hasattr(part, attribute):
                value = getattr(part, attribute)
                found[name] = str(value) if isinstance(value, UUID) else value
        return found

    def theirs(self, part: Part) -> dict[str, Any]:
        """What somebody else saved meanwhile, for the page that shows both."""
        return {name: value for name, value in self.plain(part).items() if name in self.fields}

    def said(self) -> dict[str, Any]:
        """What was typed, by the part's attributes."""
        c = self.cleaned_data
        skip = {"version", "person", "paper", *self.MASKS}
        plain = {name: c[name] for name in self.base_fields if name in self.fields and name not in skip}
        for name in ("carer", "given_by", "opened_by", "closed_by"):
            if name in plain:
                chosen = plain.pop(name)
                plain[f"{name}_id"] = UUID(chosen) if chosen else None
        for name in self.MASKS:
            plain |= self.uncovered(name) if self.part else {name: c[name]}
        return plain

    @property
    def person_id(self) -> UUID | None:
        chosen = self.cleaned_data.get("person")
        return UUID(chosen) if chosen else None

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The visible fields in their sections; those that no section names stand in the first."""
        named = {name for _title, names in self.GROUPS for name in names}
        rest = [name for name in self.fields if name not in named and name not in ("version", "acknowledged")]
        # A box that takes away a masked value stands with the value.
        found = [("", [self[name] for name in rest if name.removeprefix("drop_") not in named])]
        for title, names in self.GROUPS:
            with_drops = [one for name in names for one in (name, f"drop_{name}") if one in self.fields]
            found.append((title, [self[name] for name in with_drops]))
        return [(title, fields) for title, fields in found if fields]


# ABOUT A PERSON --------------------------------------------------------------


class SheetForm(PartForm):
    GROUPS: ClassVar = (
        (_("身份"), ("aliases", "nation", "marriage", "politics", "registration")),
        (_("读书与生计"), ("education", "school", "school_year", "work", "work_note", "whereabouts", "labour")),
        (_("健康"), ("health", "chronic", "serious", "mind")),
        (_("其他"), ("note", "known_on")),
    )
    CODES: ClassVar = {"registration": enums.REGISTRATIONS, "work": enums.WORKS, "health": enums.HEALTHS}
    MASKS: ClassVar = dict.fromkeys(PersonSheet.HIDDEN, mask_address)

    aliases = words(_("乳名、外号"), most=60, required=False, help_text=_("村里人怎样叫，几个用顿号分开"))
    nation = pick(_("民族"), enums.Nation.choices)
    marriage = pick(_("婚姻"), enums.Marriage.choices)
    politics = pick(_("政治面貌"), enums.Politics.choices)
    registration = pick(_("户籍状态"), ())
    education = pick(_("文化程度"), enums.Education.choices)
    school = words(_("在读学校"), most=40, required=False)
    school_year = words(_("年级"), most=20, required=False)
    work = pick(_("就业状态"), ())
    work_note = words(_("职业或没有就业的原因"), most=60, required=False)
    whereabouts = words(_("去向（外出地）"), most=60, required=False)
    labour = pick(_("劳动能力"), enums.Labour.choices)
    health = pick(_("健康状况"), ())
    chronic = words(_("慢性病"), most=100, required=False)
    serious = words(_("重病"), most=100, required=False)
    mind = words(_("精神状况"), most=100, required=False, help_text=_("病情只写服务需要知道的；加密保存，隐去显示"))
    note = words(_("备注"), most=200, rows=2, required=False)
    known_on = DayField(label=_("核实日期"), help_text=_("以上情况是哪天了解到的"))


class DisabilityForm(PartForm):
    MASKS: ClassVar = {"certificate": mask_id}

    person = pick(_("谁"), (), required=True, empty=("", _("请选择")))
    kind = pick(_("残疾类别"), enums.DisabilityKind.choices, required=True, chips=True)
    grade = pick(_("残疾等级"), enums.DisabilityGrade.choices, chips=True, empty=("", _("不清楚")))
    certificate = words(
        _("残疾证号"), most=40, required=False, help_text=_("20位：身份证号加类别、等级；还没有办证请留空")
    )
    issued_on = DayField(label=_("发证日期"), required=False)
    expires_on = DayField(label=_("有效期至"), required=False, help_text=_("不填时按发证日期起十年"))
    ended_on = DayField(label=_("停止日期"), required=False, help_text=_("注销或类别改变时填；仍有效请留空"))
    note = words(_("备注"), most=200, required=False)


class SelfCareForm(PartForm):
    CODES: ClassVar = {"level": enums.CARE_LEVELS}
    SHOWN: ClassVar = {"cannot": "scheme=civil", "level": "scheme=panyu"}

    person = pick(_("谁"), (), required=True, empty=("", _("请选择")))
    assessed_on = DayField(label=_("评估日期"))
    scheme = pick(_("评估办法"), enums.CareScheme.choices, required=True, chips=True, initial=enums.CareScheme.CIVIL)
    cannot = several(
        _("不能自己做的"), enums.CareItem.choices,
        help_text=_("六项都能做为自理，一至三项不能为半失能，四项以上为全失能（民发〔2021〕43号）；保存后自动得出"),
    )  # fmt: skip
    level = pick(_("评定的等级"), (), chips=True)
    assessor = words(_("评估人"), most=40, required=False)
    note = words(_("备注"), most=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["level"]
        field.choices = [(code, label) for code, label in field.choices if str(code).startswith("p")]

    def said(self) -> dict[str, Any]:
        return {**super().said(), "level": self.cleaned_data["level"]}


class CarerForm(PartForm):
    MASKS: ClassVar = {"phone": mask_phone}
    GROUPS: ClassVar = (
        ("", ("person", "role")),
        (_("是谁"), ("carer", "name", "phone", "relation")),
        (_("什么时候"), ("starts_on", "ends_on", "note")),
    )

    person = pick(_("照顾谁"), (), required=True, empty=("", _("请选择")))
    role = pick(_("身份"), enums.CarerRole.choices, required=True, chips=True, initial=enums.CarerRole.CARER)
    carer = pick(_("家里的人"), (), empty=("", _("不是家里的人")))
    name = words(_("家庭以外的人或单位"), most=40, required=False)
    phone = words(_("电话"), most=30, required=False, help_text=_("家里的人已登记电话的不必再填"))
    relation = words(_("与本人关系"), most=20, required=False, help_text=_("如「母亲」「邻居」「镇敬老院」"))
    starts_on = DayField(label=_("从哪天起"))
    ends_on = DayField(label=_("到哪天为止"), required=False, help_text=_("仍在照顾请留空"))
    note = words(_("备注"), most=200, required=False)


# SNAPSHOTS ---------------------------------------------------------------------


class HousingForm(PartForm):
    GROUPS: ClassVar = (
        (_("房子"), ("kind", "area", "rooms", "structure", "danger", "presence")),
        (_("水、电、气、厕"), ("water", "power", "fuel", "toilet")),
        (_("安全与家当"), ("hazards", "belongings", "note")),
    )
    CODES: ClassVar = {
        "kind": enums.HOUSE_KINDS, "structure": enums.STRUCTURES, "water": enums.WATERS, "power": enums.POWERS,
        "fuel": enums.FUELS, "toilet": enums.TOILETS, "hazards": enums.HAZARDS,
    }  # fmt: skip

    taken_on = DayField(label=_("看到的日期"))
    kind = pick(_("住房类型"), ())
    area = forms.DecimalField(
        label=_("面积（平方米）"), required=False, max_digits=7, decimal_places=1,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "min": 0, "step": "0.1", "class": "width-short"}),
    )  # fmt: skip
    rooms = forms.IntegerField(
        label=_("房间数"), required=False, min_value=0, max_value=99,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 0, "class": "width-short"}),
    )  # fmt: skip
    structure = pick(_("结构"), ())
    danger = pick(_("危房等级"), enums.DangerGrade.choices)
    presence = pick(_("人户分离"), enums.Presence.choices)
    water = pick(_("用水"), ())
    power = pick(_("用电"), ())
    fuel = pick(_("用气与燃料"), ())
    toilet = pick(_("厕所"), ())
    hazards = several(_("安全隐患"))
    belongings = words(_("家电家具"), most=100, required=False)
    note = words(_("说明"), most=300, rows=2, required=False)


class EconomyForm(PartForm):
    """Amounts by source, each month or each year; a source that is left empty was not told."""

    GROUPS: ClassVar = ((_("其他"), ("debt", "debt_note", "assets", "benefits", "note")),)
    CODES: ClassVar = {"benefits": enums.BENEFITS}
    LISTS: ClassVar = {"incomes": enums.INCOMES, "expenses": enums.EXPENSES}

    taken_on = DayField(label=_("了解的日期"))
    debt = money(_("欠债（元）"), help_text=_("没有欠债填 0"))
    debt_note = words(_("欠债原因"), most=100, required=False)
    assets = words(_("土地、车辆、经营"), most=100, required=False)
    benefits = several(_("享受的政策"))
    note = words(_("说明"), most=300, rows=2, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held: Any = self.part
        for name, spec in self.LISTS.items():
            lines = {line.source: line for line in getattr(held, name).all()} if held else {}
            lines |= {line.source: line for line in self.initial.get(name, ())}
            for code, label in choices_on(spec, clock.today(), lines):
                line = lines.get(code)
                self.fields[f"{name}_{code}"] = money(label, initial=line.amount if line else None)
                self.fields[f"{name}_{code}_per"] = pick(
                    _("%(what)s：每月还是每年") % {"what": label}, (), empty=enums.Per.choices[0],
                    initial=line.per if line else enums.Per.MONTH,
                )  # fmt: skip
                per: Any = self.fields[f"{name}_{code}_per"]
                per.choices = enums.Per.choices

    @property
    def sources(self) -> list[tuple[Any, list[tuple[forms.BoundField, forms.BoundField]]]]:
        """The grid of the page: a title, and for each source its amount and how often."""
        titles = {"incomes": _("收入"), "expenses": _("支出")}
        return [(titles[name], [(self[one], self[f"{one}_per"]) for one in self._of(name)]) for name in self.LISTS]

    def _of(self, name: str) -> list[str]:
        return [one for one in self.fields if one.startswith(f"{name}_") and not one.endswith("_per")]

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        lines = {part for name in self.LISTS for one in self._of(name) for part in (one, f"{one}_per")}
        return [(title, [f for f in fields if f.name not in lines]) for title, fields in super().groups]

    def said(self) -> dict[str, Any]:
        c = self.cleaned_data
        lines = {
            name: [
                Money(one.removeprefix(f"{name}_"), c[one], c[f"{one}_per"] or enums.Per.MONTH)
                for one in self._of(name)
                if c[one] is not None
            ]
            for name in self.LISTS
        }
        return {**super().said(), **lines}


# NEEDS, STRENGTHS, CONSENT, ATTACHMENTS ------------------------------------------


class NeedForm(PartForm):
    CODES: ClassVar = {"kind": NEEDS}
    SHOWN: ClassVar = dict.fromkeys(("closed_on", "outcome", "closed_by"), "state=solved")

    kind = pick(_("需求"), (), required=True, chips=True)
    person = pick(_("谁的"), (), empty=WHOLE_FAMILY)
    detail = words(_("具体是什么"), most=200, rows=2, required=False)
    opened_on = DayField(label=_("发现日期"))
    opened_by = pick(_("由哪次记录发现"), ())
    state = pick(_("状态"), enums.NeedState.choices, required=True, chips=True, initial=enums.NeedState.OPEN)
    closed_on = DayField(label=_("解决日期"), required=False)
    closed_by = pick(_("由哪次记录解决"), ())
    outcome = words(_("怎样解决的"), most=200, rows=2, required=False)


class StrengthForm(PartForm):
    CODES: ClassVar = {"kind": enums.STRENGTHS}

    kind = pick(_("种类"), (), required=True, chips=True)
    person = pick(_("谁的"), (), empty=WHOLE_FAMILY)
    text = words(_("是什么"), most=200, rows=2, help_text=_("一句话，如「大儿媳在镇上开店，每周回来两次」"))
    starts_on = DayField(label=_("哪天知道的"))
    ends_on = DayField(label=_("到哪天为止"), required=False, help_text=_("不再能依靠时填"))


class ConsentForm(PartForm):
    GROUPS: ClassVar = (
        (_("同意什么"), ("scope", "person", "agreed")),
        (_("谁、怎样表示的"), ("given_by", "giver", "as_guardian", "given_on", "form", "witness")),
        (_("撤回与备注"), ("withdrawn_on", "withdrawn_reason", "note")),
    )
    SHOWN: ClassVar = {"witness": "form=spoken"}

    scope = pick(_("事项"), enums.ConsentScope.choices, required=True, chips=True)
    person = pick(_("关于谁"), (), empty=WHOLE_FAMILY)
    agreed = forms.TypedChoiceField(
        label=_("是否同意"), choices=[("yes", _("同意")), ("no", _("不同意"))], widget=forms.RadioSelect,
        coerce=lambda value: value == "yes", initial="yes", error_messages={"required": _("请选择一项")},
    )  # fmt: skip
    given_by = pick(_("由谁表示"), (), empty=("", _("家庭以外的人")))
    giver = words(_("家庭以外的监护人"), most=40, required=False)
    as_guardian = forms.BooleanField(label=_("以监护人身份"), required=False)
    given_on = DayField(label=_("日期"))
    form = pick(_("形式"), enums.ConsentForm.choices, required=True, chips=True)
    witness = words(_("见证人"), most=40, required=False)
    withdrawn_on = DayField(label=_("撤回日期"), required=False)
    withdrawn_reason = words(_("撤回说明"), most=100, required=False)
    note = words(_("备注"), most=200, required=False)

    @classmethod
    def plain(cls, part: Part) -> dict[str, Any]:
        found = super().plain(part)
        return {**found, "agreed": "yes" if found["agreed"] else "no"}


class PaperField(forms.FileField):
    """A picture or PDF to upload. Its value is the paper written anew (core.papers), never what was sent."""

    default_error_messages = {"required": _("请选择一个文件"), "empty": _("这个文件是空的，请换一个")}

    def __init__(self, **kwargs: Any) -> None:
        accept = "image/png,image/jpeg,image/webp,application/pdf"
        super().__init__(widget=forms.FileInput(attrs={"accept": accept}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Paper | None:
        sent = super().clean(data, initial)
        try:
            return read_paper(sent, size=sent.size) if sent else None
        except NotAPaper as error:
            raise forms.ValidationError(str(error), code="paper") from error


class AttachmentForm(PartForm):
    CODES: ClassVar = {"kind": enums.ATTACHMENTS}

    kind = pick(_("种类"), (), required=True, chips=True)
    paper = PaperField(
        label=_("文件"), help_text=_("JPG、PNG 或 PDF，5 MB 以内；照片里的拍摄地点等信息会去掉。没有也不要紧")
    )
    title = words(_("说明"), most=60, required=False)
    person = pick(_("关于谁"), (), empty=WHOLE_FAMILY)
    taken_on = DayField(label=_("日期"), help_text=_("拍照、签字或出具的日子"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.part:
            del self.fields["paper"]


class VoidForm(forms.Form):
    use_required_attribute = False

    reason = words(_("为什么作废"), most=100, help_text=_("会和这一项一起留在历史里"))
    version = forms.IntegerField(widget=forms.HiddenInput)


FORMS: dict[str, type[PartForm]] = {
    "sheet": SheetForm, "disability": DisabilityForm, "selfcare": SelfCareForm, "carer": CarerForm,
    "housing": HousingForm, "economy": EconomyForm, "need": NeedForm, "strength": StrengthForm,
    "consent": ConsentForm, "attachment": AttachmentForm,
}  # fmt: skip
DAYS = {
    "sheet": "known_on", "selfcare": "assessed_on", "carer": "starts_on", "housing": "taken_on",
    "economy": "taken_on", "need": "opened_on", "strength": "starts_on", "consent": "given_on",
    "attachment": "taken_on",
}  # fmt: skip


def starting(part: str, previous: Part | None, day: date, person: str) -> dict[str, Any]:
    """What a new form begins with: the snapshot before it, today, and whom the link named."""
    first: dict[str, Any] = {}
    if previous is not None:
        first = FORMS[part].plain(previous) | {"note": ""}
    if isinstance(previous, Economy):
        first |= {"incomes": list(previous.incomes.all()), "expenses": list(previous.expenses.all())}
    if part in DAYS:
        first[DAYS[part]] = day
    return {**first, "person": person} if person or part in OF_PERSON else first

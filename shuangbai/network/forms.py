"""The forms of places, units, coverage and people; and a pasted list as entries."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.core.forms import DayField, words
from shuangbai.network.divisions import PlaceEntry
from shuangbai.network.enums import Batch, CoverageKind, Post, Sex, UnitKind
from shuangbai.network.models import Area, OrgUnit, Staff
from shuangbai.network.places import SYSTEMS, written_path
from shuangbai.network.teams import StaffEntry

# SETTING UP --------------------------------------------------------------------
Choices = Sequence[tuple[Any, Any]]


class VersionedForm(forms.Form):
    """A form over a row: the version that was read goes along, so that nobody is overwritten unseen."""

    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


def one_of(label: Any, choices: Choices, *, required: bool = True, **kwargs: Any) -> forms.TypedChoiceField:
    """One of a list whose keys are numbers or UUIDs; nothing chosen is None."""
    empty = [("", _("请选择"))] if required else [("", kwargs.pop("nothing", "—"))]
    return forms.TypedChoiceField(
        label=label, choices=[*empty, *choices], required=required, empty_value=None,
        error_messages={"required": _("请选择"), "invalid_choice": _("请从列表里选择")}, **kwargs,
    )  # fmt: skip


def unit_choices(units: Iterable[OrgUnit]) -> list[tuple[Any, str]]:
    return [(str(unit.pk), f"{unit.name}（{unit.code}）") for unit in units]


class PlaceForm(forms.Form):
    """A place to add under another."""

    use_required_attribute = False
    name = words(_("名称"), most=60, help_text=_("写全称，如「赤山村民委员会」；口头叫法会自动作为别名"))
    starts_on = DayField(label=_("设立日期"), required=False)
    code = words(_("区划代码"), most=12, required=False, help_text=_("统计局代码，没有就不填"))
    edition = words(_("代码版本"), most=20, required=False, initial="2023")

    def entry(self) -> PlaceEntry:
        said = self.cleaned_data
        return PlaceEntry(said["name"], said["code"].strip(), "nbs", said["edition"].strip() or "2023")


class RenameForm(VersionedForm):
    name = words(_("新名称"), most=60)
    on = DayField(label=_("从哪天起"), help_text=_("原名会留作别名，旧台账仍能按原名找到"))


class EndAreaForm(VersionedForm):
    ends_on = DayField(label=_("最后一天"), help_text=_("从次日起不再使用"))

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"] = one_of(
            _("并入哪里"), choices, required=False, coerce=int, nothing=_("不并入，直接撤销"),
            help_text=_("下级区划、覆盖、家庭都从次日起归到那里，历史留在原处"),
        )  # fmt: skip


class AliasForm(forms.Form):
    use_required_attribute = False
    name = words(_("别名"), most=60, help_text=_("另一种写法，如「鲘门镇」之于「鮜门镇」"))


class CodeForm(forms.Form):
    use_required_attribute = False
    system = forms.ChoiceField(label=_("代码体系"), choices=list(SYSTEMS.items()), widget=forms.RadioSelect)
    edition = words(_("版本"), most=20, help_text=_("发布年份，如 2026"))
    code = words(_("代码"), most=12)
    starts_on = DayField(label=_("启用日期"))


class VillagesForm(forms.Form):
    """A pasted list of villages: a line each, name, code and other names between commas."""

    use_required_attribute = False
    text = words(
        _("村居名单"), most=20000, rows=10,
        help_text=_("一行一个：名称，或「名称,代码,别名」；从表格里复制过来也可以"),
    )  # fmt: skip
    starts_on = DayField(label=_("设立日期"), required=False)
    edition = words(_("代码版本"), most=20, initial="2023", required=False)

    def entries(self) -> list[PlaceEntry]:
        edition = self.cleaned_data["edition"].strip() or "2023"
        found = []
        for line in self.cleaned_data["text"].splitlines():
            name, *rest = [part.strip() for part in re.split(r"[,，\t]", line)]
            if name and name not in {"名称", "村居", "村名"}:
                code = rest[0] if rest else ""
                aliases = tuple(filter(None, rest[1:]))
                found.append(PlaceEntry(name, code, "nbs", edition, aliases))
        return found


class UnitForm(VersionedForm):
    """A unit of the tree: new, or with `unit` one that stands. Its code stays for good once given."""

    name = words(_("名称"), most=60)
    code = words(_("代码"), most=20, help_text=_("按规则建议，可改；设立后不能再改，档案号里会用到"))
    starts_on = DayField(label=_("设立日期"))

    def __init__(self, *args: Any, kind: str, towns: Choices, counties: Choices, fixed: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if kind in (UnitKind.STATION, UnitKind.POINT):
            self.fields["town"] = one_of(_("所在镇街"), towns, required=kind == UnitKind.STATION, coerce=int)
        if kind == UnitKind.COUNTY:
            self.fields["county"] = one_of(_("所在县区"), counties, required=False, coerce=int)
        if kind == UnitKind.STATION:
            self.fields["starts_on"].label = _("开站日期")
            self.fields["batch"] = forms.ChoiceField(
                label=_("批次"), choices=Batch.choices, required=False, widget=forms.RadioSelect
            )
        self.fields["address"] = words(_("地址"), most=100, required=False)
        self.fields["phone"] = words(_("电话"), most=30, required=False)
        if fixed:
            del self.fields["code"]

    def changes(self) -> dict[str, Any]:
        """The fields as the row has them."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in ("version", "acknowledged")}
        for place in ("town", "county"):
            if place in said:
                said[f"{place}_id"] = said.pop(place)
        return said

    @staticmethod
    def plain(unit: OrgUnit) -> dict[str, Any]:
        """The row as the form has it."""
        names = ("name", "starts_on", "batch", "address", "phone")
        return {name: getattr(unit, name) for name in names} | {"town": unit.town_id, "county": unit.county_id}


class MoveForm(VersionedForm):
    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"] = one_of(_("划归"), choices, help_text=_("它和下面的机构一起划过去，从现在起生效"))


class CloseForm(VersionedForm):
    ends_on = DayField(label=_("最后一天"))

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if choices:
            self.fields["to"] = one_of(
                _("由哪个站接收"), choices, required=False, nothing=_("没有接收的站"),
                help_text=_("家庭和村居从次日起归那个站；档案号不变，以前的记录仍算在本站"),
            )  # fmt: skip
            self.fields["move_staff"] = forms.BooleanField(
                label=_("在岗人员也划到接收站，岗位不变"), required=False,
                help_text=_("不勾选就在最后一天结束任职。账号的角色要由账号管理员另行登记"),
            )  # fmt: skip


class CoverForm(forms.Form):
    """Villages that a station serves from a day: ticked in its town's list, pasted by name, or both."""

    use_required_attribute = False
    kind = forms.ChoiceField(label=_("方式"), choices=CoverageKind.choices, widget=forms.RadioSelect)
    starts_on = DayField(label=_("从哪天起"))

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["villages"] = forms.TypedMultipleChoiceField(
            label=_("本镇街的村居"), choices=choices, coerce=int, required=False, widget=forms.CheckboxSelectMultiple
        )
        self.fields["names"] = words(
            _("或粘贴名单"), most=8000, rows=5, required=False,
            help_text=_("一行一个；别的镇街写成「海丰县/城东镇/赤山村」。按名称和别名认，不按代码"),
        )  # fmt: skip

    def ask(self, asked: list[tuple[str, list[Area]]]) -> None:
        """A further field for each name that means several places."""
        for number, (typed, areas) in enumerate(asked):
            offered = [(area.pk, written_path(area)) for area in areas]
            self.fields[f"which-{number}"] = one_of(_("「%(name)s」是哪一个") % {"name": typed}, offered, coerce=int)


class EndForm(VersionedForm):
    ends_on = DayField(label=_("最后一天"))


class StaffForm(VersionedForm):
    """Somebody: new with a first posting, or with `known` their own fields alone."""

    name = words(_("姓名"), most=40)
    sex = forms.ChoiceField(label=_("性别"), choices=Sex.choices[1:3], required=False, widget=forms.RadioSelect)
    hired_on = DayField(label=_("入职日期"))

    def __init__(self, *args: Any, units: Choices = (), known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not known:
            self.fields["unit"] = one_of(_("在哪里"), units)
            self.fields["post"] = forms.ChoiceField(label=_("岗位"), choices=Post.choices, widget=forms.RadioSelect)
            self.fields["starts_on"] = DayField(
                label=_("任职日期"), required=False, help_text=_("不填就从入职或开站那天算起")
            )

    @staticmethod
    def plain(staff: Staff) -> dict[str, Any]:
        return {"name": staff.name, "sex": staff.sex, "hired_on": staff.hired_on}


class StaffListForm(forms.Form):
    """A pasted list of people: 姓名, 性别, 站, 岗位, 入职日期."""

    use_required_attribute = False
    text = words(
        _("名单"), most=20000, rows=10,
        help_text=_("一行一人：姓名,性别,站,岗位,入职日期。从表格里复制过来也可以；站可写名称或代码"),
    )  # fmt: skip


class PostingForm(VersionedForm):
    """A posting: new, at one of `units`, or with none of these one that stands."""

    post = forms.ChoiceField(label=_("岗位"), choices=Post.choices, widget=forms.RadioSelect)
    starts_on = DayField(label=_("从哪天起"))
    ends_on = DayField(label=_("到哪天"), required=False, help_text=_("还在任就不填"))

    def __init__(self, *args: Any, units: Choices | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if units is not None:
            self.fields = {"unit": one_of(_("在哪里"), units), **self.fields}

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("post", "starts_on", "ends_on")}


class TransferForm(VersionedForm):
    on = DayField(label=_("从哪天起"), help_text=_("原任职在前一天结束"))

    def __init__(self, *args: Any, units: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = one_of(_("调到哪里"), units)
        self.fields["post"] = forms.ChoiceField(label=_("岗位"), choices=Post.choices, widget=forms.RadioSelect)


class LeaveForm(VersionedForm):
    left_on = DayField(label=_("最后在岗日"), help_text=_("所有任职在这一天结束，账号从次日起什么也看不到"))


_SEXES = {"男": Sex.MALE, "女": Sex.FEMALE, "1": Sex.MALE, "2": Sex.FEMALE, "": Sex.UNKNOWN}
_POSTS = {str(post.label): post for post in Post}
_DAY = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?")


@dataclass(slots=True)
class PastedPerson:
    """A line of a pasted list, what it says, and what is wrong with it."""

    number: int
    typed: list[str]
    entry: StaffEntry | None = None
    faults: list[str] = field(default_factory=list)


def pasted_people(text: str, units: Iterable[OrgUnit]) -> list[PastedPerson]:
    """The lines of a pasted list as entries, each with its faults in words; the line of headings is left out."""
    by_name: dict[str, OrgUnit] = {}
    for unit in units:
        for name in (unit.name, unit.code, unit.name.removesuffix("社工站")):
            by_name.setdefault(name, unit)
    people = []
    for number, line in enumerate(text.splitlines(), 1):
        parts = [part.strip() for part in re.split(r"[,，\t]", line)]
        if any(parts) and parts[0] != "姓名":
            people.append(_pasted_person(number, parts, by_name))
    return people


def _pasted_person(number: int, parts: list[str], by_name: dict[str, OrgUnit]) -> PastedPerson:
    name, sex, station, post, hired = (*parts, "", "", "", "", "")[:5]
    one = PastedPerson(number, [name, sex, station, post, hired])
    unit, day = by_name.get(station), _day_in(hired)
    if not 2 <= len(name) <= 40:
        one.faults.append("姓名应为 2 到 40 个字")
    if sex not in _SEXES:
        one.faults.append(f"性别「{sex}」请写男或女，不清楚就空着")
    if unit is None:
        one.faults.append(f"没有叫「{station}」的站，请写站名或代码")
    if post not in _POSTS:
        one.faults.append(f"岗位「{post}」不认识，请写{'、'.join(_POSTS)}之一")
    if day is None:
        one.faults.append(f"入职日期「{hired}」不是日期，请写成 2020-06-05 的样子")
    if len(parts) > 5 and any(parts[5:]):
        one.faults.append("这一行多于五栏，请检查是否多了逗号")
    if unit and day and not one.faults:
        one.entry = StaffEntry(name, unit, _POSTS[post], day, _SEXES[sex])
    return one


def _day_in(text: str) -> date | None:
    found = _DAY.fullmatch(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None

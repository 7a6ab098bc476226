"""Forms about families. They read what was typed and say it as entries; the rules are the actions' business."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.codes.forms import DecisionForm
from shuangbai.core import clock, telephones
from shuangbai.core.forms import DayField, words
from shuangbai.core.privacy import mask_address, mask_id
from shuangbai.households.entries import HouseholdEntry, MemberEntry, TagEntry
from shuangbai.households.enums import BirthPrecision, CloseReason, Relation, TagEnd, TagSource, TagUnit, UnmaskReason
from shuangbai.households.likeness import Known, known_people, traits_of_entry
from shuangbai.households.models import Category, Household, Membership, Tag
from shuangbai.households.queries import categories_on
from shuangbai.network.enums import Sex
from shuangbai.network.models import Area, OrgUnit, Staff
from shuangbai.network.queries import colleagues, staff_of, villages_covered, villages_of

OFFERED = 5
SEXES = [(Sex.UNKNOWN, _("未知")), (Sex.MALE, _("男")), (Sex.FEMALE, _("女"))]


def chosen(label: Any, queryset: Any, *, empty: Any, **kwargs: Any) -> forms.ModelChoiceField:
    told = {"required": _("请选择一项"), "invalid_choice": _("请重新选择")}
    return forms.ModelChoiceField(queryset, label=label, empty_label=empty, error_messages=told, **kwargs)


class VillageField(forms.ModelChoiceField):
    """A village by the name that people say."""

    def __init__(self, **kwargs: Any) -> None:
        told = {"required": _("请选择村居"), "invalid_choice": _("这个村居不在本站覆盖范围内，请重新选择")}
        super().__init__(Area.objects.none(), label=_("村居"), error_messages=told, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.short_name)


def phone_field(label: Any, **kwargs: Any) -> forms.CharField:
    kwargs.setdefault("help_text", _("可写几个：本人 13…，邻居 0660-…"))
    field = words(label, most=200, required=False, **kwargs)
    field.widget.attrs |= {"autocomplete": "off"}
    return field


def id_field(**kwargs: Any) -> forms.CharField:
    field = words(_("身份证号"), most=30, required=False, **kwargs)
    field.widget.attrs |= {
        "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "data-id-number": "",
    }  # fmt: skip
    return field


class PlaceFilter(forms.Form):
    """Where families live and who is responsible for them, of these stations.

    Anything that is not a filter is passed over, never an error page.
    """

    station = chosen(_("社工站"), OrgUnit.objects.none(), empty=_("全部"), required=False)
    village = VillageField(empty_label=_("全部"), required=False)
    worker = chosen(_("负责社工"), Staff.objects.none(), empty=_("全部"), required=False)

    def __init__(self, data: Any, *, station_ids: Sequence[UUID]) -> None:
        super().__init__(data)
        today = clock.today()
        self.fields["village"].queryset = villages_of(station_ids, today)  # type: ignore[attr-defined]
        self.fields["worker"].queryset = staff_of(station_ids, today)  # type: ignore[attr-defined]
        if len(station_ids) > 1:
            stations = OrgUnit.objects.filter(pk__in=station_ids).order_by("path")
            self.fields["station"].queryset = stations  # type: ignore[attr-defined]
        else:
            del self.fields["station"]

    def asked(self) -> dict[str, Any]:
        """The filters that were given and can be understood."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class FamilyFilter(PlaceFilter):
    """The filters of the list of families."""

    q = forms.CharField(
        label=_("查找"), required=False, max_length=40,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("姓名、拼音首字母、档案号、村名、尾号四位")}),
    )  # fmt: skip
    category = chosen(_("类别"), Category.objects.none(), empty=_("全部"), required=False)
    file = forms.ChoiceField(
        label=_("档案"), required=False, choices=[("", _("全部")), ("yes", _("有档案")), ("no", _("还没有建档"))]
    )
    field_order = ("q", "station", "village", "category", "file", "worker")

    def __init__(self, data: Any, *, station_ids: Sequence[UUID]) -> None:
        super().__init__(data, station_ids=station_ids)
        self.fields["category"].queryset = categories_on(clock.today())  # type: ignore[attr-defined]


class PlaceForm(forms.Form):
    """Where a family lives and how it is reached."""

    use_required_attribute = False

    village = VillageField(empty_label=_("请选择"))
    group = words(_("村民小组"), most=30, required=False)
    address = words(_("门牌地址"), most=100, required=False)
    phone = phone_field(_("联系电话"))
    note = words(_("备注"), most=500, rows=2, required=False)


def tags_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("类别"), required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("没有这一类别，请从列表中选择")},
    )  # fmt: skip


def tag_choices(*units: TagUnit) -> list[tuple[str, str]]:
    return [(c.code, c.name) for c in categories_on(clock.today()) if c.unit in units]


class Tagged(forms.Form):
    """Categories with the day from which they hold; `since` is asked for only where one is picked."""

    category = tags_field()
    starts_on = DayField(
        label=_("类别从哪天起"), required=False, help_text=_("名册上的认定日期；不同日期的请保存后再逐项登记")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("category") and not cleaned.get("starts_on") and "starts_on" not in self.errors:
            self.add_error("starts_on", _("选了类别，请填从哪天起；不清楚时填认定那年的1月1日"))
        return cleaned

    def tags(self) -> list[TagEntry]:
        return [TagEntry(code, self.cleaned_data["starts_on"]) for code in self.cleaned_data["category"]]


class FamilyForm(Tagged, PlaceForm):
    """A family to enter, and whether its file is opened in the same stroke."""

    field_order = ("village", "group", "address", "phone", "note", "category", "starts_on")

    since = DayField(label=_("本站从哪天起服务这户"), help_text=_("默认为开站当日，补录以前的走访时不会被挡住"))
    open_file = forms.BooleanField(label=_("同时建档"), required=False)
    opened_on = DayField(label=_("建档日期"), required=False)
    worker = chosen(_("负责社工"), Staff.objects.none(), empty=_("暂不指定"), required=False)

    def __init__(self, data: Any = None, *, station: OrgUnit, me: UUID | None, village: str = "") -> None:
        today = clock.today()
        first = {"since": station.starts_on, "opened_on": today, "worker": me, "open_file": True}
        super().__init__(data, initial=first)
        self.station = station
        covered = villages_covered(station.pk, today)
        self.fields["village"].queryset = covered  # type: ignore[attr-defined]
        # The village that the link named, or the only one there is.
        keys = [str(pk) for pk in covered.values_list("pk", flat=True)]
        self.initial["village"] = village if village in keys else keys[0] if len(keys) == 1 else None
        self.fields["worker"].queryset = colleagues(station.pk, today)  # type: ignore[attr-defined]
        self.fields["category"].choices = tag_choices(TagUnit.HOUSEHOLD, TagUnit.EITHER)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("open_file") and not cleaned.get("opened_on") and "opened_on" not in self.errors:
            self.add_error("opened_on", _("选了同时建档，请填建档日期"))
        return cleaned

    def entry(self, members: Sequence[MemberEntry]) -> HouseholdEntry:
        c = self.cleaned_data
        for one in members:  # who was born since is of the family from then on
            one.starts_on = max(one.born or c["since"], c["since"]) if not one.known else None
        return HouseholdEntry(
            station=self.station, village_id=c["village"].pk, since=c["since"], members=members, group=c["group"],
            address=c["address"], phone=c["phone"], note=c["note"], tags=self.tags(),
        )  # fmt: skip


class PersonFields(forms.Form):
    """Who somebody is. An identity number gives the birth date and the sex by itself."""

    use_required_attribute = False

    name = words(_("姓名"), most=40, error_messages={"required": _("请填写姓名；不知道全名时可填称呼，如「陈婆婆」")})
    relation = forms.ChoiceField(
        label=_("与户主关系"), choices=[("", _("请选择")), *Relation.choices],
        error_messages={"required": _("请选择与户主的关系"), "invalid_choice": _("请重新选择")},
    )  # fmt: skip
    id_no = id_field(help_text=_("没有或不清楚可留空；填了会自动得出出生日期和性别"))
    birth_date = DayField(label=_("出生日期"), required=False)
    sex = forms.ChoiceField(label=_("性别"), choices=SEXES, initial=Sex.UNKNOWN, required=False)
    phone = phone_field(_("电话"))

    def person(self) -> dict[str, Any]:
        c = self.cleaned_data
        return {
            "name": c["name"], "id_no": c["id_no"], "birth_date": c["birth_date"], "sex": c["sex"] or Sex.UNKNOWN,
            "phone": c["phone"],
        }  # fmt: skip


class KnownFields(PersonFields):
    """Somebody to enter who may be on file already: then the one on file is offered in their place."""

    known = forms.UUIDField(label=_("是不是已登记过的人"), required=False, widget=forms.HiddenInput)

    def typed(self) -> MemberEntry:
        """What has been understood so far, for looking whether they are known."""
        c = self.cleaned_data
        return MemberEntry(
            c.get("name", ""), Relation.OTHER, sex=c.get("sex") or Sex.UNKNOWN, birth_date=c.get("birth_date"),
            id_no=c.get("id_no", ""), phone=c.get("phone", ""),
        )  # fmt: skip

    def offer(self, known: Sequence[Known]) -> None:
        """Offer these in place of somebody new."""
        named = [(str(one.person.pk), _known_label(one)) for one in known[:OFFERED]]
        if named:
            choices = [("", _("都不是，是没登记过的人")), *named]
            self.fields["known"].widget = forms.RadioSelect(choices=choices)
            self.fields["known"].help_text = _("选中后以已登记的资料为准，只登记与这户的关系")


def _known_label(one: Known) -> str:
    born = f"{one.person.birth_date.year}年生" if one.person.birth_date else ""
    home = one.membership.household if one.membership else None
    parts = [one.person.name, born, f"{home.village.short_name} {home}" if home else "", one.likeness.sentence]
    return "，".join(filter(None, parts))


def offer_known(by: Any, rows: Sequence[KnownFields], *, household: Household | None = None, form: Any = None) -> None:
    """Offer in each row whoever is on file and may be the one typed there; of a family, or of one being entered."""
    said = getattr(form, "cleaned_data", {})
    village = household.village_id if household else getattr(said.get("village"), "pk", 0)
    phone = household.phone if household else said.get("phone", "")
    typed = [row.typed() for row in rows]
    members = list(household.memberships.values_list("person__name", flat=True)) if household else []
    homes = [household.pk] if household else []
    asked = [
        traits_of_entry(
            one, village_id=village, phones=(one.phone, phone), homes=homes,
            family=[*members, *(other.name for other in typed if other is not one)],
        )
        for one in typed
    ]  # fmt: skip
    for row, (known, _beyond) in zip(rows, known_people(by, asked), strict=True):
        row.offer(known)


class NewMemberForm(Tagged, KnownFields):
    """A row of the page that enters a family."""

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = choices  # type: ignore[attr-defined]

    def entry(self) -> MemberEntry:
        c = self.cleaned_data
        return MemberEntry(relation=Relation(c["relation"]), tags=self.tags(), known=c["known"], **self.person())


NewMembers = forms.formset_factory(NewMemberForm, extra=0, min_num=1, max_num=20, validate_min=True)


class MemberForm(KnownFields):
    """Somebody more in a family that is known."""

    birth_precision = forms.ChoiceField(label=_("出生日期精确到"), choices=BirthPrecision.choices, required=False)
    starts_on = DayField(label=_("从哪天起是这家的人"), help_text=_("默认为本站开始服务这户的日期"))

    def entry(self) -> MemberEntry:
        precision = BirthPrecision(self.cleaned_data["birth_precision"] or BirthPrecision.DAY)
        return MemberEntry(
            relation=Relation(self.cleaned_data["relation"]), starts_on=self.cleaned_data["starts_on"],
            birth_precision=precision, known=self.cleaned_data["known"], **self.person(),
        )  # fmt: skip


class CoveringForm(forms.Form):
    """Fields whose present value stays masked: left empty it is kept, typed anew it is replaced, ticked it goes."""

    def cover(self, name: str, masked: str) -> None:
        if not masked:
            return
        self.fields[name].help_text = _("现在是 %(masked)s；留空则不改") % {"masked": masked}
        label = _("去掉现在的%(what)s") % {"what": self.fields[name].label}
        names = list(self.fields)
        names.insert(names.index(name) + 1, f"drop_{name}")
        self.fields[f"drop_{name}"] = forms.BooleanField(label=label, required=False)
        self.order_fields(names)

    def cover_phone(self, kept: str) -> None:
        """A telephone more may be typed without typing those there are, which stay masked."""
        self.kept_phone = kept
        self.cover("phone", telephones.masked(kept))
        if kept:
            names = list(self.fields)
            names.insert(names.index("phone") + 1, "more_phone")
            label = _("保留现在的，填的是再加的电话")
            self.fields["more_phone"] = forms.BooleanField(label=label, required=False)
            self.order_fields(names)

    def uncovered(self, name: str) -> dict[str, str]:
        if name == "phone" and self.cleaned_data["phone"] and self.cleaned_data.get("more_phone"):
            return {"phone": f"{self.kept_phone}，{self.cleaned_data['phone']}"}
        if self.cleaned_data[name]:
            return {name: self.cleaned_data[name]}
        return {name: ""} if self.cleaned_data.get(f"drop_{name}") else {}


class FamilyEditForm(CoveringForm, PlaceForm):
    """A family's own fields, with the version that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, household: Household, station_id: UUID) -> None:
        super().__init__(data, initial={**self.plain(household), "version": household.version})
        near = villages_covered(station_id, clock.today()) | Area.objects.filter(pk=household.village_id)
        self.fields["village"].queryset = near.distinct()  # type: ignore[attr-defined]
        self.fields["village"].help_text = _("改了村居，从今天起算迁居；以前的走访仍属原来的村居")
        self.cover("address", mask_address(household.address))
        self.cover_phone(household.phone)

    @staticmethod
    def plain(household: Household) -> dict[str, Any]:
        """What is not masked, as the form shows it."""
        return {"village": household.village_id, "group": household.group, "note": household.note}

    def changes(self) -> dict[str, Any]:
        c = self.cleaned_data
        plain = {"village_id": c["village"].pk, "group": c["group"], "note": c["note"]}
        return {**plain, **self.uncovered("address"), **self.uncovered("phone")}


class MemberEditForm(CoveringForm, PersonFields):
    """A person's fields and how they belong to the family."""

    birth_precision = forms.ChoiceField(label=_("出生日期精确到"), choices=BirthPrecision.choices, required=False)
    died_on = DayField(
        label=_("去世日期"), required=False, help_text=_("登记错了日期在这里改；人还在世，请清空，并核对最后一天")
    )
    starts_on = DayField(label=_("从哪天起是这家的人"))
    ends_on = DayField(
        label=_("最后一天是这家的人"), required=False,
        help_text=_("搬走、出嫁、分户时填；仍在这家请留空。去世请到「家庭有变化」登记"),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("name", "relation", "id_no", "drop_id_no", "birth_date", "birth_precision", "sex", "phone")

    def __init__(self, data: Any = None, *, membership: Membership) -> None:
        died_on = membership.person.died_on
        if data and died_on and "died_on" not in data:  # noted since the page was opened
            data = data.copy()
            data["died_on"] = f"{died_on}"
        super().__init__(data, initial={**self.plain(membership), "version": membership.person.version})
        self.cover("id_no", mask_id(membership.person.id_no))
        self.cover_phone(membership.person.phone)
        if died_on is None:  # a death ends places and categories too (lives)
            del self.fields["died_on"]

    @staticmethod
    def plain(membership: Membership) -> dict[str, Any]:
        """What is not masked, as the form shows it."""
        person = membership.person
        shown = {name: getattr(person, name) for name in ("name", "birth_date", "birth_precision", "sex", "died_on")}
        return {**shown, **{name: getattr(membership, name) for name in ("relation", "starts_on", "ends_on")}}

    def changes(self) -> dict[str, Any]:
        c = self.cleaned_data
        plain: dict[str, Any] = {name: c[name] for name in ("name", "birth_date", "died_on") if name in c}
        plain["sex"] = c["sex"] or Sex.UNKNOWN
        plain["birth_precision"] = c["birth_precision"] or BirthPrecision.DAY
        return {**plain, **self.uncovered("id_no"), **self.uncovered("phone")}

    def dated(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("relation", "starts_on", "ends_on")}


class TagForm(forms.Form):
    """A category for the family or for somebody in it."""

    use_required_attribute = False

    bearer = forms.ChoiceField(
        label=_("登记给"), widget=forms.RadioSelect, error_messages={"required": _("请选择登记给谁")}
    )
    category = chosen(_("类别"), Category.objects.none(), empty=_("请选择"))
    starts_on = DayField(label=_("从哪天起"), help_text=_("名册上的认定日期"))
    ends_on = DayField(label=_("到哪天为止"), required=False, help_text=_("仍然有效请留空"))
    level = words(_("等级"), most=20, required=False, help_text=_("如「一级」「A类」"))
    amount = forms.DecimalField(label=_("金额（元/月）"), required=False, min_value=0, max_digits=10, decimal_places=2)
    certificate = words(_("证号"), most=40, required=False)
    source = forms.ChoiceField(label=_("来源"), choices=TagSource.choices, widget=forms.RadioSelect, initial="worker")

    def __init__(self, data: Any = None, *, household: Household, members: Sequence[Membership], bearer: str) -> None:
        super().__init__(data, initial={"bearer": bearer or str(household.pk)})
        of_members = [(str(one.person_id), one.person.name) for one in members]
        self.fields["bearer"].choices = [(str(household.pk), _("整个家庭")), *of_members]  # type: ignore[attr-defined]
        offered = Category.objects.order_by("position")
        self.fields["category"].queryset = offered  # type: ignore[attr-defined]

    def entry(self) -> TagEntry:
        c = self.cleaned_data
        return TagEntry(
            c["category"].code, c["starts_on"], c["ends_on"], level=c["level"], amount=c["amount"],
            certificate=c["certificate"], source=TagSource(c["source"]), end_reason=TagEnd.LEFT if c["ends_on"] else "",
        )  # fmt: skip


class TagCloseForm(forms.Form):
    use_required_attribute = False

    ends_on = DayField(label=_("最后一天有效"))
    reason = forms.ChoiceField(
        label=_("结束原因"), choices=TagEnd.choices, widget=forms.RadioSelect,
        error_messages={"required": _("请选择结束原因")},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, tag: Tag) -> None:
        super().__init__(data, initial={"ends_on": tag.ends_on or clock.today()})


class FileForm(forms.Form):
    use_required_attribute = False

    opened_on = DayField(label=_("建档日期"))
    worker = chosen(_("负责社工"), Staff.objects.none(), empty=_("暂不指定"), required=False)

    def __init__(self, data: Any = None, *, station_id: UUID, me: UUID | None) -> None:
        super().__init__(data, initial={"opened_on": clock.today(), "worker": me})
        self.fields["worker"].queryset = colleagues(station_id, clock.today())  # type: ignore[attr-defined]


class FileCloseForm(forms.Form):
    use_required_attribute = False

    closed_on = DayField(label=_("结档日期"))
    reason = forms.ChoiceField(
        label=_("结档原因"), choices=CloseReason.choices, widget=forms.RadioSelect,
        error_messages={"required": _("请选择结档原因")},
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"closed_on": clock.today()})


class UnmaskForm(forms.Form):
    use_required_attribute = False

    reason = forms.ChoiceField(
        label=_("为什么要看"), choices=[("", _("请选择")), *UnmaskReason.choices],
        error_messages={"required": _("请选择查看理由"), "invalid_choice": _("请重新选择查看理由")},
    )  # fmt: skip


# WHAT A CITY DECIDES --------------------------------------------------------


def _age(label: Any) -> forms.IntegerField:
    told = {"invalid": _("请填整数"), "min_value": _("不能小于 0"), "max_value": _("太大了，请核对")}
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "class": "width-short"})
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=150, widget=widget, error_messages=told
    )


class CategoryForm(DecisionForm):
    """A category: what it is called, who bears it, from when to when."""

    name = words(_("名称"), most=30, error_messages={"required": _("请填写类别名称")})
    group = words(_("组别"), most=20, help_text=_("如“社会救助”“儿童”“老人”；同组的排在一起"))
    unit = forms.ChoiceField(
        label=_("登记给"), choices=TagUnit.choices, widget=forms.RadioSelect,
        error_messages={"required": _("请选择登记给谁")},
    )  # fmt: skip
    statutory = forms.ChoiceField(
        label=_("来源"), choices=[("yes", _("政府名单")), ("no", _("社工判断"))], widget=forms.RadioSelect,
        error_messages={"required": _("请选择来源")},
    )  # fmt: skip
    restricted = forms.ChoiceField(
        label=_("保密类别"), choices=[("yes", _("是")), ("no", _("否"))], widget=forms.RadioSelect, initial="no",
        error_messages={"required": _("请选择是否保密")},
        help_text=_("谁带有它，本身就是秘密（如精神障碍、社区矫正）。只有服务这户的站和它的督导能看到；别人只见数，数小的不显示"),
    )  # fmt: skip
    min_age = _age(_("最小年龄"))
    max_age = _age(_("最大年龄"))
    jinmin_code = words(_("金民代码"), most=10, required=False)
    old_names = words(
        _("旧称"), most=300, rows=3, required=False, help_text=_("一行一个，如“五保”；旧台账里的叫法按它归到这一类")
    )
    starts_on = DayField(label=_("从哪天起有"))
    ends_on = DayField(label=_("最后一天"), required=False, help_text=_("停用时填；仍在用请留空"))

    def __init__(self, data: Any = None, *, category: Category | None = None) -> None:
        first = self.plain(category) if category else {"starts_on": clock.today()}
        super().__init__(data, initial=first)

    @staticmethod
    def plain(category: Category) -> dict[str, Any]:
        """A category as the form shows it."""
        names = ("name", "group", "unit", "min_age", "max_age", "jinmin_code", "starts_on", "ends_on", "version")
        said = {name: getattr(category, name) for name in names}
        lines = "\n".join(category.old_names)
        chosen = {name: "yes" if getattr(category, name) else "no" for name in ("statutory", "restricted")}
        return {**said, **chosen, "old_names": lines}

    def said(self) -> dict[str, Any]:
        """What was typed, as the category has it. Only after `is_valid`."""
        c = self.cleaned_data
        names = ("name", "group", "unit", "min_age", "max_age", "jinmin_code", "starts_on", "ends_on")
        lines = [line.strip() for line in c["old_names"].splitlines()]
        old = list(dict.fromkeys(line for line in lines if line))
        chosen = {name: c[name] == "yes" for name in ("statutory", "restricted")}
        return {**{name: c[name] for name in names}, **chosen, "old_names": old}


class ListForm(DecisionForm):
    """A category to put on the list 民政对象."""

    category = chosen(_("类别"), Category.objects.none(), empty=_("请选择"))
    starts_on = DayField(label=_("从哪天起列入"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"starts_on": clock.today()})
        self.fields["category"].queryset = Category.objects.order_by("position")  # type: ignore[attr-defined]


class UnlistForm(DecisionForm):
    ends_on = DayField(label=_("最后一天在表上"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"ends_on": clock.today()})


class NumberingForm(DecisionForm):
    pattern = words(
        _("编号规则"), most=60,
        help_text=_("可用 {站码}、{村码}、{年} 和 {序号:4}（4 是位数），其余照写，如“{村码}{序号:3}”"),
        error_messages={"required": _("请填写编号规则")},
    )  # fmt: skip
    starts_on = DayField(label=_("从哪天起"), help_text=_("建档日期在这一天或以后的档案按新规则编号，以前的号码不变"))

    def __init__(self, data: Any = None, *, pattern: str, version: int) -> None:
        super().__init__(data, initial={"pattern": pattern, "starts_on": clock.today(), "version": version})

"""The guided forms of changes. Each says what was typed as an entry; the rules are the actions' business."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.core import clock
from shuangbai.core.forms import DayField, words
from shuangbai.core.privacy import mask_address
from shuangbai.households.enums import Relation
from shuangbai.households.forms import VillageField, chosen
from shuangbai.households.models import Household, Membership, Tag
from shuangbai.lives.entries import Death, Leaving, Merge, MovedHome, Rotation, SecondHome, Split, ToStation
from shuangbai.lives.enums import MergedTag, TagGoes
from shuangbai.lives.rules import Stay
from shuangbai.network.models import Area, OrgUnit, Staff
from shuangbai.network.queries import colleagues, villages_covered

MEMBERS = [one for one in Relation.choices if one[0] != Relation.SELF]
NOT_HEAD = [one for one in MEMBERS if one[0] != Relation.HEAD]
TURNS = 8


@dataclass(slots=True)
class About:
    """What a guided form is about: the family, who is of it today, its categories; the other family or station."""

    household: Household
    station_id: UUID
    here: Sequence[Membership]
    tags: Sequence[Tag]
    other: Household | None = None
    other_here: Sequence[Membership] = ()
    other_tags: Sequence[Tag] = ()
    homes: Sequence[Household] = ()
    target: OrgUnit | None = None


def note_field(label: Any = "", **kwargs: Any) -> forms.CharField:
    return words(label or _("备注"), most=200, required=False, **kwargs)


def relation_field(label: Any, *, empty: Any, head: bool = True, required: bool = False) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=[("", empty), *(MEMBERS if head else NOT_HEAD)], required=required,
        error_messages={"required": _("请选择关系"), "invalid_choice": _("请重新选择")},
    )  # fmt: skip


def one_of_people(label: Any, rows: Sequence[Membership], **kwargs: Any) -> forms.ChoiceField:
    choices = [(str(row.person_id), f"{row.person.name}（{row.get_relation_display()}）") for row in rows]
    widget = forms.RadioSelect if len(rows) < 9 else forms.Select
    told = {"required": _("请选择一位"), "invalid_choice": _("请重新选择")}
    return forms.ChoiceField(label=label, choices=choices, widget=widget, error_messages=told, **kwargs)


class ChangeForm(forms.Form):
    """`confirmed` is what stands for the sentences that were read; it comes with the preview."""

    use_required_attribute = False

    on = DayField(label=_("从哪天起"))
    note = note_field()
    confirmed = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, data: Any = None, *, about: About, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.about = about
        self.build()
        self.fields["note"] = self.fields.pop("note")  # said last, after everything that is asked

    def build(self) -> None:
        """The fields that depend on whom it is about."""

    def head_field(self, help_text: Any) -> None:
        """Who becomes the head where the present one goes; left out where there is only one person."""
        if len(self.about.here) > 1:
            nobody = [("", _("户主不变"))]
            others = [(str(r.person_id), r.person.name) for r in self.about.here if r.relation != Relation.HEAD]
            self.fields["new_head"] = forms.ChoiceField(
                label=_("谁当户主"), choices=[*nobody, *others], required=False, help_text=help_text,
                error_messages={"invalid_choice": _("请重新选择")},
            )  # fmt: skip

    def new_head(self) -> UUID | None:
        value = self.cleaned_data.get("new_head")
        return UUID(value) if value else None

    def village_field(self) -> None:
        today, household = clock.today(), self.about.household
        near = villages_covered(self.about.station_id, today) | Area.objects.filter(pk=household.village_id)
        self.fields["village"] = VillageField(empty_label=_("请选择"))
        self.fields["village"].queryset = near.distinct()  # type: ignore[attr-defined]
        self.fields["village"].initial = household.village_id

    def tag_fields(self, tags: Sequence[Tag], choices: Any, hint: Any) -> None:
        for tag in tags:
            self.fields[f"tag-{tag.pk}"] = forms.ChoiceField(
                label=_("「%(name)s」以后怎样") % {"name": tag.category}, choices=choices, widget=forms.RadioSelect,
                help_text=hint, required=False,
            )  # fmt: skip

    def tags_said(self, tags: Sequence[Tag], kind: Any) -> dict[UUID, Any]:
        said = {tag.pk: self.cleaned_data.get(f"tag-{tag.pk}") for tag in tags}
        return {key: kind(value) for key, value in said.items() if value}

    def ending_field(self, tags: Sequence[Tag]) -> None:
        """The categories that end with it, all ticked: proposed, and theirs to change."""
        if tags:
            self.fields["ends"] = forms.MultipleChoiceField(
                label=_("结束这些类别"), choices=[(str(tag.pk), _named(tag)) for tag in tags], required=False,
                widget=forms.CheckboxSelectMultiple, initial=[str(tag.pk) for tag in tags],
                help_text=_("默认全部结束；仍然有效的请取消勾选"),
            )  # fmt: skip

    def ending(self, tags: Sequence[Tag]) -> list[Tag]:
        ticked = set(self.cleaned_data.get("ends", ()))
        return [tag for tag in tags if str(tag.pk) in ticked]


def _named(tag: Tag) -> str:
    return f"{tag.category}（{tag.person.name if tag.person else _('整户')}）"


class MoveForm(ChangeForm):
    """搬家."""

    field_order = ("on", "village", "group", "address", "clear_address", "note")

    def build(self) -> None:
        household = self.about.household
        self.village_field()
        self.fields["group"] = words(_("村民小组"), most=30, required=False, initial=household.group)
        masked = mask_address(household.address)
        hint = _("现在是 %(masked)s；留空则不改") % {"masked": masked} if masked else _("不清楚可留空")
        self.fields["address"] = words(_("新的门牌地址"), most=100, required=False, help_text=hint)
        if masked:
            self.fields["clear_address"] = forms.BooleanField(label=_("还不知道新地址，先去掉旧的"), required=False)
        self.fields["on"].label = _("搬家日期")
        self.order_fields(self.field_order)

    def entry(self) -> MovedHome:
        c = self.cleaned_data
        address = "" if c.get("clear_address") else None
        return MovedHome(self.about.household, c["on"], c["village"].pk, c["group"], c["address"] or address, c["note"])


class SplitForm(ChangeForm):
    """分户."""

    def build(self) -> None:
        about = self.about
        for row in about.here:
            self.fields[f"relation-{row.person_id}"] = relation_field(
                _("%(who)s（现为%(what)s）") % {"who": row.person.name, "what": row.get_relation_display()},
                empty=_("留在原户"),
            )
        self.village_field()
        self.fields["group"] = words(_("新户的村民小组"), most=30, required=False)
        self.fields["address"] = words(_("新户的门牌地址"), most=100, required=False)
        self.head_field(_("只有原来的户主分出去时才要选"))
        self.tag_fields(about.tags, TagGoes.choices, _("这一类登记在整户名下"))
        self.fields["opens_file"] = forms.ChoiceField(
            label=_("新户要建档吗"), choices=[("yes", _("同时建档")), ("no", _("暂不建档"))], widget=forms.RadioSelect,
            error_messages={"required": _("请选择新户是否建档")},
        )  # fmt: skip
        self.fields["worker"] = chosen(_("新户的负责社工"), Staff.objects.none(), empty=_("暂不指定"), required=False)
        self.fields["worker"].queryset = colleagues(about.station_id, clock.today())  # type: ignore[attr-defined]
        self.order_fields([n for n in self.fields if n.startswith("relation-")] + ["on"])

    def entry(self) -> Split:
        c, about = self.cleaned_data, self.about
        leaving = {row.person_id: c.get(f"relation-{row.person_id}") for row in about.here}
        worker = c.get("worker")
        return Split(
            about.household, c["on"], {key: value for key, value in leaving.items() if value}, c["village"].pk,
            c["group"], c["address"], self.tags_said(about.tags, TagGoes), c["opens_file"] == "yes",
            worker.pk if worker else None, self.new_head(), c["note"],
        )  # fmt: skip


class MergeForm(ChangeForm):
    """并户: the other family's members and where they stand in this one."""

    def build(self) -> None:
        about = self.about
        for row in about.other_here:
            label = _("%(who)s（在原户为%(what)s）") % {"who": row.person.name, "what": row.get_relation_display()}
            self.fields[f"relation-{row.person_id}"] = relation_field(label, empty=_("请选择"), head=False)
        self.tag_fields(about.other_tags, MergedTag.choices, _("这一类登记在对方整户名下"))
        self.fields["on"].label = _("从哪天起合为一户")

    def entry(self) -> Merge:
        c, about = self.cleaned_data, self.about
        relations = {row.person_id: c.get(f"relation-{row.person_id}") or "" for row in about.other_here}
        assert about.other is not None  # noqa: S101  the page has asked for it
        return Merge(
            about.household, about.other, c["on"], relations, self.tags_said(about.other_tags, MergedTag), c["note"]
        )


class DeathForm(ChangeForm):
    """去世. Categories and places that end are proposed; the worker confirms."""

    def build(self) -> None:
        about = self.about
        self.fields["person"] = one_of_people(_("谁去世了"), about.here)
        self.fields["died_on"] = DayField(label=_("去世日期"))
        del self.fields["on"]
        self.ending_field(about.tags)
        if "ends" in self.fields:
            self.fields["ends"].help_text = _("只结束去世的人名下的；默认全部结束，仍然有效的请取消勾选")
        self.head_field(_("只有户主去世时才要选"))
        self.fields["closes_file"] = forms.BooleanField(
            label=_("这户没有别的人时，同时销档"), required=False, initial=True
        )
        self.order_fields(["person", "died_on", "new_head", "ends", "closes_file", "note"])

    def entry(self) -> Death:
        c, about = self.cleaned_data, self.about
        person = next(row.person for row in about.here if str(row.person_id) == c["person"])
        return Death(
            about.household, person, c["died_on"], self.ending(about.tags), self.new_head(), c["closes_file"], c["note"]
        )


class LeaveForm(ChangeForm):
    """离开本地."""

    def build(self) -> None:
        about = self.about
        self.fields["people"] = forms.MultipleChoiceField(
            label=_("谁离开了"), widget=forms.CheckboxSelectMultiple,
            choices=[(str(r.person_id), f"{r.person.name}（{r.get_relation_display()}）") for r in about.here],
            error_messages={"required": _("请勾选离开的人；全家离开请全部勾选")},
        )  # fmt: skip
        self.head_field(_("只有户主离开而别人留下时才要选"))
        self.ending_field(about.tags)
        self.fields["note"] = note_field(_("去了哪里"), help_text=_("知道多少写多少，如「随子女去深圳」"))
        self.fields["on"].label = _("离开日期")
        self.order_fields(["people", "on", "new_head", "ends", "note"])

    def entry(self) -> Leaving:
        c, about = self.cleaned_data, self.about
        gone = [UUID(key) for key in c["people"]]
        everybody = len(gone) == len(about.here)
        ends = [t for t in self.ending(about.tags) if t.person_id in gone or (everybody and t.household_id)]
        return Leaving(about.household, c["on"], gone, ends, self.new_head(), c["note"])


class SecondHomeForm(ChangeForm):
    """孩子两家住."""

    def build(self) -> None:
        about = self.about
        self.fields["person"] = one_of_people(_("哪个孩子"), about.here)
        self.fields["relation"] = relation_field(
            _("与%(who)s的关系") % {"who": about.other.head_name if about.other else ""}, empty=_("请选择"), head=False,
            required=True,
        )  # fmt: skip
        self.fields["ends_on"] = DayField(label=_("到哪天为止"), required=False, help_text=_("一直这样住就留空"))
        self.order_fields(["person", "relation", "on", "ends_on", "note"])

    def entry(self) -> SecondHome:
        c, about = self.cleaned_data, self.about
        person = next(row.person for row in about.here if str(row.person_id) == c["person"])
        assert about.other is not None  # noqa: S101  the page has asked for it
        return SecondHome(about.household, about.other, person, c["relation"], c["on"], c["ends_on"], c["note"])


class RotationForm(ChangeForm):
    """老人轮住: several turns on one page, each with a home and its days."""

    def build(self) -> None:
        about = self.about
        self.fields["person"] = one_of_people(_("哪位老人"), about.here)
        del self.fields["on"]
        homes = [("", _("请选择"))] + [(str(home.pk), f"{home.head_name}户") for home in about.homes]
        for home in about.homes:
            label = _("与%(who)s的关系") % {"who": home.head_name}
            self.fields[f"relation-{home.pk}"] = relation_field(label, empty=_("请选择"))
        for index in range(TURNS):
            needed = index < 2
            self.fields[f"turns-{index}-home"] = forms.ChoiceField(
                label=_("第 %(n)s 段住在") % {"n": index + 1}, choices=homes, required=needed,
                error_messages={"required": _("请选择住在哪家")},
            )  # fmt: skip
            self.fields[f"turns-{index}-starts_on"] = DayField(label=_("从"), required=needed)
            self.fields[f"turns-{index}-ends_on"] = DayField(label=_("到"), required=False)
        self.head_field(_("只有老人原来是户主时才要选"))

    def turns(self) -> list[tuple[Any, Any, Any]]:
        """The fields of each turn, for the page."""
        return [
            (self[f"turns-{i}-home"], self[f"turns-{i}-starts_on"], self[f"turns-{i}-ends_on"]) for i in range(TURNS)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for index in range(2, TURNS):
            home, starts = cleaned.get(f"turns-{index}-home"), cleaned.get(f"turns-{index}-starts_on")
            if bool(home) != bool(starts):
                self.add_error(f"turns-{index}-{'starts_on' if home else 'home'}", _("这一段没有填完，请填上或清空"))
        used = {cleaned.get(f"turns-{index}-home") for index in range(TURNS)} - {"", None}
        for key in used:
            if not cleaned.get(f"relation-{key}"):
                self.add_error(f"relation-{key}", _("请选择与这家户主的关系"))
        return cleaned

    def entry(self) -> Rotation:
        c, about = self.cleaned_data, self.about
        person = next(row.person for row in about.here if str(row.person_id) == c["person"])
        stays = [
            Stay(UUID(c[f"turns-{i}-home"]), c[f"turns-{i}-starts_on"], c[f"turns-{i}-ends_on"])
            for i in range(TURNS)
            if c.get(f"turns-{i}-home")
        ]
        relations = {home.pk: c.get(f"relation-{home.pk}") or "" for home in about.homes}
        return Rotation(about.household, person, stays, relations, self.new_head(), c["note"])


class StationForm(ChangeForm):
    """转到别的站."""

    def build(self) -> None:
        target = self.about.target
        self.fields["village"] = VillageField(empty_label=_("请选择"))
        covered = villages_covered(target.pk, clock.today()) if target else Area.objects.none()
        self.fields["village"].queryset = covered  # type: ignore[attr-defined]
        self.fields["village"].label = _("搬到哪个村居")
        self.fields["history"] = forms.ChoiceField(
            label=_("以前的记录给新站看吗"), widget=forms.RadioSelect,
            choices=[("no", _("不带：家人没同意，或还没问")), ("yes", _("带上：家人已同意"))],
            error_messages={"required": _("请先问过家人，再选择")},
        )  # fmt: skip
        self.fields["note"] = note_field(_("谁、怎样同意的"), help_text=_("带上以前的记录时必填，如「户主当面同意」"))
        self.fields["on"].label = _("新站从哪天起服务")
        self.order_fields(["village", "on", "history", "note"])

    def entry(self) -> ToStation:
        c, about = self.cleaned_data, self.about
        assert about.target is not None  # noqa: S101  the page has asked for it
        return ToStation(about.household, about.target, c["village"].pk, c["on"], c["history"] == "yes", c["note"])


class UndoForm(forms.Form):
    use_required_attribute = False

    reason = words(_("为什么撤销"), most=100, help_text=_("如「登记错了人」"))


class PickForm(forms.Form):
    """Another family, by whatever it is found."""

    q = forms.CharField(
        label=_("找另一户"), required=False, max_length=40,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("姓名、拼音首字母、档案号、村名")}),
    )  # fmt: skip

"""The forms of stories and prizes: what was typed becomes an entry; whether it is right is for the rules to say."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.core import clock
from shuangbai.core.findings import Finding
from shuangbai.core.forms import DayField, words
from shuangbai.core.ids import random_id
from shuangbai.dossier.enums import ConsentForm as ConsentForms
from shuangbai.dossier.forms import PaperField
from shuangbai.network.models import OrgUnit
from shuangbai.stories.actions.awarding import AwardEntry
from shuangbai.stories.actions.consenting import ConsentEntry
from shuangbai.stories.actions.writing import StoryEntry
from shuangbai.stories.enums import AwardFor, AwardGrade, Does, Level, Reach, Step
from shuangbai.stories.models import Award, Story
from shuangbai.stories.rules import LINE_MOST, SECTION_MOST, SECTIONS, TITLE_MOST

ROWS = {"background": 6, "analysis": 8, "theory": 3, "goals": 5, "process": 14, "outcome": 8, "reflection": 5}


def _one_of(label: Any, choices: Any, **more: Any) -> forms.ChoiceField:
    told = {"required": _("请选一项"), "invalid_choice": _("请重新选择")}
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, error_messages=told, **more)


class NewStoryForm(forms.Form):
    """A draft of a case's records."""

    use_required_attribute = False

    case = _one_of(_("从哪件个案"), [])
    title = words(_("标题"), most=TITLE_MOST, help_text=_("不写人名地名，如《燃起家庭的希望之火》；以后可以改"))
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, offered: Sequence[tuple[UUID, str]], **kwargs: Any) -> None:
        initial = {"client_id": random_id(), **kwargs.pop("initial", {})}
        super().__init__(data, initial=initial, **kwargs)
        self.fields["case"].choices = [(str(pk), label) for pk, label in offered]  # type: ignore[attr-defined]


class StoryForm(forms.Form):
    """A story's title and texts under the usual headings."""

    use_required_attribute = False

    title = words(_("标题"), most=TITLE_MOST)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, story: Story) -> None:
        said = {name: getattr(story, name) for name in ("title", *SECTIONS)}
        super().__init__(data, initial={**said, "version": story.version})
        for name, label in SECTIONS.items():
            self.fields[name] = words(label, most=SECTION_MOST, rows=ROWS[name], required=False)

    @property
    def sections(self) -> list[Any]:
        return [self[name] for name in SECTIONS]

    def entry(self) -> StoryEntry:
        """Only after `is_valid`."""
        return StoryEntry(self.cleaned_data["title"], {name: self.cleaned_data[name] for name in SECTIONS})


class DecideForm(forms.Form):
    """What takes something's place, or why it may stay."""

    subject = forms.CharField(max_length=200, widget=forms.HiddenInput)
    does = forms.ChoiceField(choices=Does.choices, widget=forms.HiddenInput)
    words = forms.CharField(max_length=LINE_MOST, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class WordsForm(forms.Form):
    """What people and places are called throughout: one field a word."""

    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, story: Story, said: Sequence[tuple[str, str]]) -> None:
        """`said`: each word that stands in the story now, and for what."""
        super().__init__(data, initial={"version": story.version})
        self.said = [word for word, _means in said]
        for place, (word, means) in enumerate(said):
            self.fields[f"word-{place}"] = words(means, most=40, initial=word, required=False)

    @property
    def rows(self) -> list[Any]:
        return [self[f"word-{place}"] for place in range(len(self.said))]

    def changes(self) -> dict[str, str]:
        """Only after `is_valid`."""
        now = {word: self.cleaned_data[f"word-{place}"] for place, word in enumerate(self.said)}
        return {old: new for old, new in now.items() if new.strip() and new.strip() != old}


class StepForm(forms.Form):
    """One step of a story, with a word about it."""

    use_required_attribute = False

    step = forms.ChoiceField(choices=Step.choices, widget=forms.HiddenInput)
    reason = words(_("说明"), most=LINE_MOST, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class ConsentForm(forms.Form):
    """That a client, or their guardian, agreed."""

    use_required_attribute = False

    person = _one_of(_("关于谁"), [])
    reach = _one_of(_("同意到什么范围"), Reach.choices)
    giver = words(_("由谁表示"), most=40, help_text=_("本人就写本人姓名；监护人写姓名和关系"))
    as_guardian = forms.BooleanField(label=_("以监护人身份"), required=False)
    form = _one_of(_("形式"), ConsentForms.choices)
    witness = words(_("见证人"), most=40, required=False, help_text=_("口头同意时必填"))
    given_on = DayField(label=_("日期"))
    paper = PaperField(
        label=_("签字的同意书"), required=False, help_text=_("JPG、PNG 或 PDF，5 MB 以内；没有也可以先登记")
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, files: Any = None, *, offered: Sequence[tuple[UUID, str]]) -> None:
        initial = {"client_id": random_id(), "given_on": clock.today(), "form": ConsentForms.WRITTEN}
        if len(offered) == 1:
            initial |= {"person": str(offered[0][0])}
        super().__init__(data, files, initial=initial)
        self.warnings = list[Finding]()
        self.fields["person"].choices = [(str(pk), name) for pk, name in offered]  # type: ignore[attr-defined]

    @property
    def acknowledged(self) -> bool:
        return "acknowledged" in self.data

    def entry(self) -> ConsentEntry:
        """Only after `is_valid`."""
        c = self.cleaned_data
        return ConsentEntry(
            c["client_id"], UUID(c["person"]), c["giver"], Reach(c["reach"]), ConsentForms(c["form"]), c["given_on"],
            c["as_guardian"], c["witness"], c["paper"],
        )  # fmt: skip


class WithdrawForm(forms.Form):
    """That a consent is taken back."""

    use_required_attribute = False

    withdrawn_on = DayField(label=_("撤回日期"))
    reason = words(_("说明"), most=LINE_MOST, required=False)


class AwardForm(forms.Form):
    """A prize."""

    use_required_attribute = False

    of = _one_of(_("获奖的是"), AwardFor.choices)
    story = forms.ChoiceField(label=_("案例"), required=False, error_messages={"invalid_choice": _("请重新选择")})
    staff = forms.ChoiceField(label=_("社工"), required=False, error_messages={"invalid_choice": _("请重新选择")})
    title = words(
        _("案例、项目或活动的名称"), most=80, required=False, help_text=_("系统里没有的案例写标题；项目、活动写名称")
    )
    name = words(_("奖项名称"), most=80, help_text=_("如“全省优秀社会工作案例”"))
    level = _one_of(_("级别"), Level.choices)
    grade = _one_of(_("等次"), AwardGrade.choices)
    awarded_on = DayField(label=_("获奖日期"), help_text=_("以证书或文件上的日期为准"))
    body = words(_("颁奖单位"), most=80, help_text=_("如“广东省民政厅”"))
    note = words(_("备注"), most=LINE_MOST, required=False)
    paper = PaperField(label=_("证书"), required=False, help_text=_("JPG、PNG 或 PDF，5 MB 以内；没有也可以"))
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Any = None, files: Any = None, *, station: OrgUnit, stories: Sequence[tuple[UUID, str]],
        staff: Sequence[tuple[UUID, str]], award: Award | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data, files, initial=_said(award))
        self.station = station
        for name, offered, nobody in (("story", stories, _("系统里没有")), ("staff", staff, _("请选择"))):
            choices = [("", nobody), *((str(pk), label) for pk, label in offered)]
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def entry(self) -> AwardEntry:
        """Only after `is_valid`."""
        c = self.cleaned_data
        return AwardEntry(
            station=self.station, client_id=c["client_id"], of=AwardFor(c["of"]), name=c["name"],
            level=Level(c["level"]), grade=AwardGrade(c["grade"]), awarded_on=c["awarded_on"], body=c["body"],
            story_id=UUID(c["story"]) if c["story"] else None, staff_id=UUID(c["staff"]) if c["staff"] else None,
            title=c["title"], project=c["title"], note=c["note"], paper=c["paper"],
        )  # fmt: skip


def _said(award: Award | None) -> dict[str, Any]:
    if award is None:
        return {"client_id": random_id(), "of": AwardFor.STORY}
    names = ("of", "title", "name", "level", "grade", "awarded_on", "body", "note", "client_id", "version")
    keys = {"story": str(award.story_id or ""), "staff": str(award.staff_id or "")}
    return {name: getattr(award, name) for name in names} | keys


class VoidForm(forms.Form):
    use_required_attribute = False

    reason = words(_("为什么作废"), most=100, help_text=_("会和这一项一起留在历史里"))
    version = forms.IntegerField(widget=forms.HiddenInput)

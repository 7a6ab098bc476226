"""The forms of a problem: noted by a worker, sent by a villager without an account, answered; the list's filter."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from shuangbai.activities.forms import village_choices, village_key
from shuangbai.core import clock
from shuangbai.core.forms import Choices, DayField, PicturesField, Warned, words
from shuangbai.core.ids import random_id
from shuangbai.core.pictures import Picture, smaller
from shuangbai.core.strangers import StrangersForm
from shuangbai.core.uploads import LARGEST
from shuangbai.network.models import OrgUnit
from shuangbai.projects.entries import ProblemEntry
from shuangbai.projects.enums import Answer
from shuangbai.projects.forms.projects import village_field
from shuangbai.projects.models import Problem, Project
from shuangbai.projects.rules import PICTURES_MOST
from shuangbai.services.forms import chips

WHAT_MOST = 1000


class ProblemForm(Warned):
    """A problem as a worker heard or saw it."""

    what = words(_("什么问题"), most=WHAT_MOST, rows=4, error_messages={"required": _("请写是什么问题，一两句话就行")})
    place = words(_("在哪里"), most=80, required=False)
    village = village_field()
    raised_on = DayField(label=_("哪天说的"))
    name = words(_("谁说的"), most=40, required=False)
    phone = words(_("电话"), most=40, required=False, help_text=_("要回话才记，加密保存"))
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    NAMES = ("what", "place", "raised_on", "name", "phone")

    def __init__(self, data: Any = None, *, station: OrgUnit) -> None:
        super().__init__(data, initial={"raised_on": clock.today(), "client_id": random_id()})
        asked = data or {}
        self.fields["village"].choices = Choices(lambda: village_choices(station, asked.get("village")))  # type: ignore[attr-defined]
        del self.fields["version"]

    def entry(self) -> ProblemEntry:
        c = self.cleaned_data
        return ProblemEntry(
            village_id=village_key(c["village"]), client_id=c.get("client_id") or random_id(),
            **{name: c[name] for name in self.NAMES},
        )  # fmt: skip


class SendProblemForm(StrangersForm):
    """A problem as a villager sends it: what and where; a name and a telephone only for whoever wants to be called."""

    use_required_attribute = False

    what = words(_("是什么事"), most=WHAT_MOST, rows=5, error_messages={"required": _("请写是什么事，一两句话就行")})
    place = words(_("在哪里"), most=80, required=False, help_text=_("如“村口榕树下”"))
    village = village_field(_("哪个村"))
    name = words(_("怎样称呼您"), most=40, required=False)
    phone = words(_("电话"), most=40, required=False, help_text=_("想让社工回电话才填；只有社工站看得到"))
    pictures = PicturesField(most=PICTURES_MOST, whole=True, label=_("图片"), required=False)
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, files: Any = None, *, station: OrgUnit) -> None:
        super().__init__(data, files, initial={"client_id": random_id()})
        hint = _("最多 %(most)d 张，每张 %(size)d MB 以内。只有社工站看得到；照片里的拍摄地点和手机型号会去掉")
        self.fields["pictures"].help_text = hint % {"most": PICTURES_MOST, "size": LARGEST // (1024 * 1024)}
        choices = village_choices(station, None, _("请选择，不清楚可不选"))
        self.fields["village"].choices = choices  # type: ignore[attr-defined]

    def clean_pictures(self) -> list[Picture]:
        """As JPEG, whatever they were: what is clear is nothing to see, and a robot's can weigh ten million bytes."""
        sent = self.cleaned_data["pictures"].pictures
        return [one if one.suffix == "jpg" else smaller(one, longest=1600, quality=88) for one in sent]

    def entry(self) -> ProblemEntry:
        c = self.cleaned_data
        return ProblemEntry(
            what=c["what"], place=c["place"], name=c["name"], phone=c["phone"], raised_on=clock.today(),
            pictures=c["pictures"], village_id=village_key(c["village"]), client_id=c.get("client_id") or random_id(),
        )  # fmt: skip


class AnswerForm(Warned):
    """What the station says to a problem."""

    state = chips(_("怎样答复"), choices=[(one.value, one.label) for one in Answer if one != Answer.WAITING])
    project = forms.ChoiceField(
        label=_("列入哪个项目"), required=False, error_messages={"invalid_choice": _("请重新选择")}
    )
    answer = words(
        _("答复的话"), most=WHAT_MOST, rows=3, help_text=_("村民凭自己的链接看得到；不要写别人的姓名和电话"),
        error_messages={"required": _("请写答复的话，村民看得到")},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, problem: Problem, projects: Sequence[Project]) -> None:
        first = {"version": problem.version, "answer": problem.answer, "project": str(problem.project_id or "")}
        if problem.state != Answer.WAITING:
            first["state"] = problem.state
        super().__init__(data, initial=first)
        self.projects = projects
        self.fields["project"].choices = [("", _("请选择")), *((str(one.pk), one.title) for one in projects)]  # type: ignore[attr-defined]

    def clean_project(self) -> Project | None:
        picked = self.cleaned_data["project"]
        return next((one for one in self.projects if str(one.pk) == picked), None)


class ProblemFilter(forms.Form):
    state = forms.ChoiceField(label=_("答复"), required=False, choices=[("", _("全部")), *Answer.choices])

    @cached_property
    def asked(self) -> str:
        self.is_valid()
        return self.cleaned_data.get("state") or ""

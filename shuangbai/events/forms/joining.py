"""What anybody may send without an account: a sign-up, and how it was; and the same sign-up typed at the station."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.core.findings import Finding
from shuangbai.core.forms import words
from shuangbai.core.ids import random_id
from shuangbai.core.strangers import StrangersForm
from shuangbai.events.actions.holding import RemarkEntry
from shuangbai.events.actions.joining import SignUpEntry
from shuangbai.events.enums import ChildBand, Grade
from shuangbai.events.models import Event
from shuangbai.events.rules import TOGETHER_MOST
from shuangbai.services.forms import chips

ALONG = [(str(count), _("就我一个") if not count else str(count)) for count in range(TOGETHER_MOST)]


class Joining(forms.Form):
    """A name, a telephone, how many come along; for a child whom to ask and that they agree."""

    use_required_attribute = False

    name = words(_("您的名字"), most=20, required=False)
    age_band = chips(_("孩子多大"), choices=ChildBand.choices, required=False)
    guardian = words(_("家长（监护人）的名字"), most=20, required=False)
    phone = forms.CharField(
        label=_("电话"), max_length=30, required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel", "class": "width-medium"}),
        error_messages={"max_length": _("请只写一个电话")},
    )  # fmt: skip
    along = forms.TypedChoiceField(
        label=_("另外一起来的有几个人"), choices=ALONG, coerce=int, initial="0", required=False,
        error_messages={"invalid_choice": _("请重新选择")},
    )  # fmt: skip
    agreed = forms.BooleanField(label=_("我是孩子的监护人，同意孩子参加这场活动"), required=False)
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, event: Event) -> None:
        super().__init__(data, initial={"client_id": random_id()})
        self.warnings: list[Finding] = []
        self.event = event
        if event.for_children:
            self.fields["name"].label = _("孩子的名字")
            self.fields["name"].help_text = _("小名也可以，叫得应就行")
            self.fields["phone"].label = _("家长的电话")
            self.fields["along"].choices = [("0", _("孩子自己来")), *ALONG[1:]]  # type: ignore[attr-defined]
            self.fields["along"].label = _("另外陪着来的有几个人")
        else:
            for name in ("age_band", "guardian", "agreed"):
                del self.fields[name]
        for name in ("name", "phone", "age_band", "guardian"):
            if name in self.fields:
                self.fields[name].required = True
                self.fields[name].error_messages["required"] = _("请填写这一项")

    def entry(self) -> SignUpEntry:
        """Only after `is_valid`."""
        c = self.cleaned_data
        return SignUpEntry(
            name=c["name"], phone=c["phone"], people=1 + int(c["along"] or 0), age_band=c.get("age_band", ""),
            guardian=c.get("guardian", ""), agreed=c.get("agreed", False), client_id=c.get("client_id") or random_id(),
        )  # fmt: skip


class JoinForm(Joining, StrangersForm):
    """Signing up on the public page."""


class EnterForm(Joining):
    """The same, typed by the station for who telephones or comes by."""


class SayForm(StrangersForm):
    """Three questions, nobody named."""

    use_required_attribute = False

    grade = chips(_("您满意吗？"), choices=Grade.choices)
    good = words(_("哪里好？"), most=300, rows=3, required=False)
    change = words(_("哪里要改？"), most=300, rows=3, required=False)
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"client_id": random_id()})
        self.warnings: list[Finding] = []
        self.fields["grade"].error_messages["required"] = _("请点一个")

    def entry(self) -> RemarkEntry:
        """Only after `is_valid`."""
        c = self.cleaned_data
        return RemarkEntry(Grade(c["grade"]), c["good"], c["change"], c.get("client_id") or random_id())

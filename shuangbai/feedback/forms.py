"""Forms of what is said about the system."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.core.forms import words
from shuangbai.feedback.enums import FeedbackKind
from shuangbai.feedback.rules import LONGEST, plain_path

NO_FAMILIES = _("请不要写服务对象的姓名、证件号、电话和住址：说清楚是哪一步、看到了什么就够了。")


class FeedbackForm(forms.Form):
    use_required_attribute = False

    kind = forms.ChoiceField(
        label=_("哪一种"), choices=FeedbackKind.choices, widget=forms.RadioSelect,
        help_text=_("选“这张表能不能不填”的，答复后所有人都看得到，不写是谁提的。"),
        error_messages={"required": _("请选择是哪一种"), "invalid_choice": _("请重新选择")},
    )  # fmt: skip
    text = words(
        _("说说看"), most=LONGEST, rows=6, help_text=NO_FAMILIES, error_messages={"required": _("请写下您的意见")}
    )
    page = forms.CharField(widget=forms.HiddenInput, required=False, max_length=300)

    def __init__(self, data: Any = None, *, page: str = "") -> None:
        super().__init__(data, initial={"page": plain_path(page)})


class ReplyForm(forms.Form):
    """An answer, or what is said on opening it again. `version` is the one that was read."""

    use_required_attribute = False

    text = words(_("内容"), most=LONGEST, rows=4, help_text=NO_FAMILIES, error_messages={"required": _("请写几句")})
    version = forms.IntegerField(widget=forms.HiddenInput)

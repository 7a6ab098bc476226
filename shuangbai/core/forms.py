"""What the forms of every room share: fields as people type them, rules' sentences beside them, two versions."""

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, TypeVar

from django import forms
from django.forms.utils import ErrorDict
from django.utils.choices import BaseChoiceIterator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shuangbai.core.findings import Refused, Severity
from shuangbai.core.pictures import NotAPicture, Picture, read_picture

T = TypeVar("T")


class Choices(BaseChoiceIterator):
    """Pairs of a value and a label that `read` gives, asked when somebody first looks at them.

    A form that was filled in rightly shows none of its choices, and looks only at those of what was chosen.
    """

    def __init__(self, read: Callable[[], Iterable[tuple[str, Any]]]) -> None:
        self.read = read

    @cached_property
    def pairs(self) -> list[tuple[str, Any]]:
        return list(self.read())

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        return iter(self.pairs)


class Fields(dict[str, forms.Field]):
    """The fields of a long form, each new form's own, as Django copies them but three times as fast.

    Where a field or its widget has a way of its own to be copied, it is asked. Put in place of `base_fields`.
    """

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        return {name: _own(field) for name, field in self.items()}


_FIELDS = (forms.Field.__deepcopy__, forms.ChoiceField.__deepcopy__)
_WIDGETS = (forms.Widget.__deepcopy__, forms.Select.__deepcopy__)


def _own(field: forms.Field) -> forms.Field:
    if type(field).__deepcopy__ not in _FIELDS or type(field.widget).__deepcopy__ not in _WIDGETS:
        return copy.deepcopy(field)
    own, widget = _shallow(field), _shallow(field.widget)
    own.widget, widget.attrs = widget, field.widget.attrs.copy()
    own.error_messages, own.validators = field.error_messages.copy(), field.validators[:]
    return own


def _shallow(thing: T) -> T:
    other: T = object.__new__(type(thing))
    other.__dict__.update(thing.__dict__)
    return other


class DayField(forms.DateField):
    """A date that a browser offers as a calendar."""

    default_error_messages = {
        "required": _("请填写日期"),
        "invalid": _("这不是一个日期，请写成 2020-06-05 的样子"),
    }

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "width-short"})
        super().__init__(widget=widget, **kwargs)


class PictureField(forms.FileField):
    """A picture to upload. Its value is the picture written anew (core.pictures), never what was sent."""

    default_error_messages = {"required": _("请选择一张图片"), "empty": _("这个文件是空的，请换一张图片")}

    def __init__(self, *, longest: int = 2000, **kwargs: Any) -> None:
        widget = forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"})
        super().__init__(widget=widget, **kwargs)
        self.longest = longest

    def clean(self, data: Any, initial: Any = None) -> Picture | None:
        sent = super().clean(data, initial)
        if not sent:
            return None
        try:
            return read_picture(sent, size=sent.size, longest=self.longest)
        except NotAPicture as error:
            raise forms.ValidationError(str(error), code="picture") from error


def words(label: Any, *, most: int, rows: int = 1, **kwargs: Any) -> forms.CharField:
    """A line, or with `rows` a text, of at most `most` characters."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows > 1 else forms.TextInput()
    told = {
        "max_length": _("太长了，最多 %(limit_value)d 个字，现在是 %(show_value)d 个字"),
        "required": _("请填写这一项"),
    }
    told |= kwargs.pop("error_messages", {})
    field = forms.CharField(label=label, max_length=most, widget=widget, error_messages=told, **kwargs)
    if rows > 1:
        widget.attrs.pop("maxlength", None)  # a browser would cut what is pasted without a word
    return field


def add_findings(form: forms.BaseForm, refused: Refused, *parts: forms.BaseForm) -> None:
    """Put each sentence of a refusal beside its field of a bound form; what was typed stays.

    Warnings stand in `form.warnings`, and where nothing else stands in the way a checkbox
    `acknowledged` lets the same entry through. A finding about no field of the form goes on top.
    `parts` are the forms of a repeated row: a finding about `members-2-name` belongs to the one of that prefix.
    """
    homes = {f"{part.prefix}-": part for part in parts}
    for one in (form, *parts):
        one.warnings = []  # type: ignore[attr-defined]
    for finding in refused.findings:
        prefix = next((prefix for prefix in homes if finding.field.startswith(prefix)), "")
        home, name = homes.get(prefix, form), finding.field.removeprefix(prefix)
        if finding.severity is Severity.REFUSE:
            home.add_error(name if name in home.fields else None, finding.sentence)
        else:
            home.warnings.append(type(finding)(finding.code, name, finding.sentence, finding.severity))  # type: ignore[attr-defined]
    if all(finding.severity is not Severity.REFUSE for finding in refused.findings):
        form.fields["acknowledged"] = forms.BooleanField(label=gettext("已核对，照此保存"), required=False)


def without_complaints(form: forms.BaseForm) -> None:
    """Show what was typed so far and say nothing of it yet (another row was asked for, not a save)."""
    form._errors = ErrorDict()  # type: ignore[attr-defined]
    form.cleaned_data = {}


def rebase(form: forms.BaseForm, version: int) -> None:
    """What was typed stays, and the next save goes on top of the version that now stands."""
    data = form.data.copy()  # type: ignore[attr-defined]
    data[form.add_prefix("version")] = str(version)
    form.data = data


def two_versions(form: forms.BaseForm, theirs: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows for the page of a conflict: each field of `theirs` as it now stands beside what was typed."""
    rows = []
    for name, value in theirs.items():
        field = form.fields[name]
        saved, typed = _shown(field, value), _shown(field, form.cleaned_data.get(name))
        rows.append({"label": field.label, "theirs": saved, "mine": typed, "changed": saved != typed})
    return rows


def _shown(field: forms.Field, value: Any) -> str:
    value = getattr(value, "pk", value)
    if isinstance(value, list | tuple):
        return "、".join(_shown(field, one) for one in value)
    if isinstance(value, bool) and not hasattr(field, "choices"):
        return gettext("是") if value else gettext("否")
    choices = getattr(field, "choices", ())
    labels = {str(getattr(key, "value", key)): str(label) for key, label in choices}
    return labels.get(str(value), "" if value in (None, "") else str(value))

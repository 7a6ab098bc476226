"""What the forms of every room share: fields as people type them, rules' sentences beside them, two versions."""

import copy
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from django import forms
from django.forms.utils import ErrorDict
from django.utils.choices import BaseChoiceIterator
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shuangbai.core.findings import Finding, Refused, Severity
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


class SeveralFiles(forms.FileInput):
    """Several files at once. `data-shrink`: where scripts run they are made smaller before they are sent."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        return files.getlist(name) if hasattr(files, "getlist") else list(files.get(name) or [])


@dataclass(frozen=True, slots=True)
class SentPictures:
    """Pictures written anew, and a sentence for each file that could not be taken."""

    pictures: list[Picture]
    refused: list[str]


class PicturesField(forms.FileField):
    """Several pictures to upload. What is not one is named, and the rest go in; with `whole`, none of them does."""

    default_error_messages = {"required": _("请选择图片，可以一次选几张")}

    def __init__(self, *, most: int, longest: int = 1600, whole: bool = False, **kwargs: Any) -> None:
        accept = "image/png,image/jpeg,image/webp"
        widget = SeveralFiles(attrs={"accept": accept, "data-shrink": str(longest), "data-most": str(most)})
        super().__init__(widget=widget, **kwargs)
        self.most, self.longest, self.whole = most, longest, whole

    def clean(self, data: Any, initial: Any = None) -> SentPictures:
        files = list(data or [])
        if not files and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        found = SentPictures([], [])
        for file in files[: self.most]:
            try:
                found.pictures.append(read_picture(file, size=file.size, longest=self.longest))
            except NotAPicture as error:
                found.refused.append(f"「{file.name[-40:]}」没有收：{error}")
        found.refused.extend(
            f"「{one.name[-40:]}」没有收：一次最多 {self.most} 张，请再加一次" for one in files[self.most :]
        )
        if found.refused and (self.whole or not found.pictures):
            raise forms.ValidationError(found.refused, code="picture")
        return found


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


# What of a form that was sent is no part of a draft of it.
NO_DRAFT = ("version", "acknowledged", "csrfmiddlewaretoken", "does")


def typed_for_draft(typed: MultiValueDict[str, str]) -> str:
    """What of a form that was sent is kept as a draft, as JSON: name, and list of values."""
    return json.dumps({name: typed.getlist(name) for name in typed if name not in NO_DRAFT}, ensure_ascii=False)


def typed_in_draft(kept: str) -> MultiValueDict[str, str]:
    return MultiValueDict(json.loads(kept or "{}"))


def begin_with(form: forms.BaseForm, typed: MultiValueDict[str, str]) -> None:
    """A form that was not sent begins with what was typed before and not saved."""
    for name, field in form.fields.items():
        if name in typed and name not in NO_DRAFT:
            several = isinstance(field, forms.MultipleChoiceField)
            form.initial[name] = typed.getlist(name) if several else typed[name]


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


class Warned(forms.Form):
    """A form whose warnings can be acknowledged, and that carries the version read."""

    use_required_attribute = False

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.warnings: list[Finding] = []

    @property
    def acknowledged(self) -> bool:
        return "acknowledged" in self.data

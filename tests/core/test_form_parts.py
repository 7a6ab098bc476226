"""Choices that wait until somebody looks, fields that are each form's own."""

from copy import deepcopy

from django import forms

from shuangbai.core.forms import Choices, Fields, words


class Long(forms.Form):
    name = words("名称", most=20)
    kind = forms.ChoiceField(choices=[("a", "甲")], widget=forms.RadioSelect)
    place = forms.ModelChoiceField(queryset=None, required=False)
    when = forms.SplitDateTimeField(required=False)


def test_choices_are_read_once_and_only_where_somebody_looks() -> None:
    asked = []

    def read() -> list[tuple[str, str]]:
        asked.append(1)
        return [("a", "甲"), ("b", "乙")]

    form = Long({"name": "好"})
    form.fields["kind"].choices = Choices(read)  # type: ignore[attr-defined]
    form.fields["kind"].required = False
    assert form.is_valid()
    assert not asked
    assert str(form["kind"]).count("radio") == 2
    assert list(form.fields["kind"].choices) == [("a", "甲"), ("b", "乙")]  # type: ignore[attr-defined]
    assert len(asked) == 1


def test_what_one_form_changes_of_its_fields_no_other_has() -> None:
    mine, plain = deepcopy(Fields(Long.base_fields)), deepcopy(Long.base_fields)
    for name, field in mine.items():
        assert type(field) is type(plain[name])
        assert vars(field).keys() == vars(plain[name]).keys()
        field.widget.attrs["class"] = "wide"
        field.error_messages["required"] = "不可空"
        field.validators.append(lambda _value: None)
        field.label = "别的"
    for name, field in Long.base_fields.items():
        assert "class" not in field.widget.attrs
        assert field.error_messages["required"] != "不可空"
        assert len(field.validators) == len(plain[name].validators)
        assert field.label == plain[name].label

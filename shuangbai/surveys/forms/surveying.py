"""The forms of a survey: everything that is asked about a village, and the two that are held side by side."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.activities.forms import village_key
from shuangbai.core import clock
from shuangbai.core.forms import Choices, DayField, Warned, words
from shuangbai.core.ids import random_id
from shuangbai.network.models import OrgUnit
from shuangbai.services.forms import staff_choices, typed_ids
from shuangbai.surveys.actions.surveying import SurveyEntry
from shuangbai.surveys.enums import FIELDS, SECTIONS, Field, Kind, Method, Source, Way
from shuangbai.surveys.models import Survey
from shuangbai.surveys.queries import villages_for
from shuangbai.surveys.rules.survey import LINES_MOST, lines_of

TEXT_MOST = 2000
LINE_MOST = 60
_NUMBER = {
    "invalid": _("请填数字，不清楚的空着"), "min_value": _("不能小于 0"), "max_value": _("太大了，请核对"),
    "max_decimal_places": _("最多两位小数"), "max_digits": _("太大了，请核对"), "max_whole_digits": _("太大了，请核对"),
}  # fmt: skip


def _several(label: Any, choices: Any, **kwargs: Any) -> forms.MultipleChoiceField:
    wrong = {"invalid_choice": _("请重新选择"), "required": _("请至少选一项")}
    widget = forms.CheckboxSelectMultiple
    return forms.MultipleChoiceField(label=label, choices=choices, widget=widget, error_messages=wrong, **kwargs)


def _pick(label: Any, choices: Any, empty: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=[("", empty), *choices], required=False, error_messages={"invalid_choice": _("请重新选择")}
    )


def field_for(one: Field) -> forms.Field:
    """The field of a page for what is asked."""
    if one.kind == Kind.SOURCED:
        widget = forms.NumberInput(attrs={"inputmode": "numeric", "class": "width-short"})
        return forms.IntegerField(
            label=one.name, required=False, min_value=0, max_value=one.most, widget=widget, help_text=one.hint,
            error_messages=_NUMBER,
        )  # fmt: skip
    if one.kind == Kind.NUMBER:
        widget = forms.NumberInput(attrs={"inputmode": "decimal", "step": "any", "class": "width-short"})
        return forms.DecimalField(
            label=one.name, required=False, min_value=0, max_value=one.most, decimal_places=2, max_digits=12,
            widget=widget, error_messages=_NUMBER,
        )  # fmt: skip
    if one.kind == Kind.SEVERAL:
        return _several(one.name, one.choices, required=False, help_text=one.hint)
    rows = 4 if one.kind in (Kind.LINES, Kind.RANKED) else 3
    return words(one.name, most=TEXT_MOST, rows=rows, required=False, help_text=one.hint)


class SurveyForm(Warned):
    """A survey. Numbers are of `source` and `way` unless their own row says otherwise."""

    village = forms.ChoiceField(
        label=_("村居"), error_messages={"invalid_choice": _("请重新选择"), "required": _("请选择村居")}
    )
    first_on = DayField(label=_("从"))
    last_on = DayField(label=_("到"))
    worker = forms.ChoiceField(label=_("负责社工"), error_messages={"invalid_choice": _("请重新选择")})
    methods = _several(_("方法"), Method.choices)
    sample = forms.IntegerField(
        label=_("样本"), required=False, min_value=1, max_value=99_999, error_messages=_NUMBER,
        help_text=_("问了多少人或多少户；只靠观察、台账的空着"),
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "width-short"}),
    )  # fmt: skip
    source = _pick(_("人口数字从哪里来"), Source.choices, _("没有写"))
    way = _pick(_("怎样得来"), Way.choices, _("没有写"))
    summary = words(
        _("小结与建议"), most=4000, rows=4, required=False, help_text=_("读的人先看这里：这个村是怎样的，先做什么")
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    reason = words(_("更正理由"), most=200, required=False, help_text=_("一句话，如“村委补报了外出人数”"))

    def __init__(
        self, data: Any = None, *, station: OrgUnit, me: UUID | None = None, survey: Survey | None = None,
        village: str = "",
    ) -> None:  # fmt: skip
        today = clock.today()
        first = stood(survey) if survey else {
            "village": village, "first_on": today, "last_on": today, "worker": me, "client_id": random_id(),
        }  # fmt: skip
        super().__init__(data, initial=first)
        self.station, self.survey = station, survey
        asked = data if data is not None else {name: str(value or "") for name, value in first.items()}
        self._offer("village", lambda: self._villages(village_key(asked.get("village"))))
        self._offer("worker", lambda: staff_choices(station, typed_ids([str(asked.get("worker") or "")]), me))
        for one in FIELDS:
            self.fields[one.code] = field_for(one)
            if one.kind == Kind.SOURCED:
                self.fields[f"{one.code}-source"] = _pick(_("另有来源"), Source.choices, _("同上"))
                self.fields[f"{one.code}-way"] = _pick(_("怎样得来"), Way.choices, _("同上"))
        if survey is None:
            del self.fields["reason"]

    def _offer(self, name: str, read: Callable[[], Any]) -> None:
        self.fields[name].choices = Choices(read)  # type: ignore[attr-defined]

    def _villages(self, picked: int | None) -> list[tuple[str, Any]]:
        return [("", _("请选择")), *villages_for(self.station, clock.today(), picked)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for one in FIELDS:
            if one.kind in (Kind.LINES, Kind.RANKED) and one.code in cleaned:
                lines = lines_of(cleaned[one.code])
                if any(len(line) > LINE_MOST for line in lines):
                    self.add_error(
                        one.code, _("一行最多 %(most)d 个字，请写短一点，细节写在别处") % {"most": LINE_MOST}
                    )
                elif len(lines) > LINES_MOST:
                    self.add_error(one.code, _("最多 %(most)d 行，请合并相近的") % {"most": LINES_MOST})
                cleaned[one.code] = lines
        return cleaned

    def entry(self) -> SurveyEntry:
        """Only after `is_valid`."""
        c = self.cleaned_data
        return SurveyEntry(
            station=self.station, village_id=village_key(c["village"]) or 0, first_on=c["first_on"],
            last_on=c["last_on"], worker_id=UUID(c["worker"]), methods=c["methods"], sample=c["sample"],
            answers={one.code: self._answer(one) for one in FIELDS}, summary=c["summary"],
            client_id=c.get("client_id") or random_id(),
        )  # fmt: skip

    def _answer(self, one: Field) -> Any:
        said = self.cleaned_data.get(one.code)
        if one.kind == Kind.NUMBER and said is not None:
            return int(said) if said == int(said) else float(said)
        if one.kind != Kind.SOURCED or said is None:
            return said
        told = {
            part: self.cleaned_data.get(f"{one.code}-{part}") or self.cleaned_data.get(part, "")
            for part in ("source", "way")
        }
        return {"value": said} | {part: value for part, value in told.items() if value}

    # FOR THE TEMPLATE ------------------------------------------------------

    def sections(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """What is asked by section: the field, and of a number with a source the two beside it."""
        return [(name, [self._row(one) for one in FIELDS if one.section == name]) for name in SECTIONS]

    def _row(self, one: Field) -> dict[str, Any]:
        row: dict[str, Any] = {"field": self[one.code], "unit": one.unit, "sourced": one.kind == Kind.SOURCED}
        if one.kind == Kind.SOURCED:
            row["source"], row["way"] = self[f"{one.code}-source"], self[f"{one.code}-way"]
            row["own"] = bool(row["source"].value() or row["way"].value() or row["source"].errors)
        return row


def stood(survey: Survey) -> dict[str, Any]:
    """What stands of a survey, by the fields of its form. What most numbers come from is said once."""
    numbers = [said for said in survey.answers.values() if isinstance(said, Mapping)]
    common = {part: _commonest([one.get(part, "") for one in numbers]) for part in ("source", "way")}
    found: dict[str, Any] = {
        "village": survey.village_id, "first_on": survey.first_on, "last_on": survey.last_on,
        "worker": survey.worker_id, "methods": survey.methods, "sample": survey.sample, "summary": survey.summary,
        "version": survey.version, **common,
    }  # fmt: skip
    for one in FIELDS:
        said = survey.answers.get(one.code)
        if one.kind == Kind.SOURCED and said:
            found[one.code] = said["value"]
            for part in ("source", "way"):
                own = said.get(part, "")
                found[f"{one.code}-{part}"] = own if own != common[part] else ""
        elif one.kind in (Kind.LINES, Kind.RANKED):
            found[one.code] = "\n".join(said or ())
        else:
            found[one.code] = said
    return found


def _commonest(values: list[str]) -> str:
    """The commonest value, unless some number has none: then each says its own."""
    return max(values, key=values.count) if values and all(values) else ""


def theirs(survey: Survey, form: SurveyForm) -> dict[str, Any]:
    """What stands of a survey for the page of a conflict, but for what is empty on both sides."""
    said = stood(survey)
    return {
        name: said.get(name, "")
        for name in form.fields
        if name in said and name not in ("version", "client_id") and (said[name] or form.cleaned_data.get(name))
    }


class PairForm(forms.Form):
    """Which two surveys are held side by side."""

    a = forms.UUIDField()
    b = forms.UUIDField()

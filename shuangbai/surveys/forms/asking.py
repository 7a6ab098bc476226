"""The forms of a questionnaire, its questions row by row, and of one sheet."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from shuangbai.activities.forms import village_key
from shuangbai.core import clock
from shuangbai.core.findings import Finding
from shuangbai.core.forms import Choices, DayField, words
from shuangbai.core.ids import random_id
from shuangbai.network.models import OrgUnit
from shuangbai.services.forms import chips
from shuangbai.surveys.actions.asking import QuestionnaireEntry, SheetEntry
from shuangbai.surveys.enums import QuestionKind, Whose
from shuangbai.surveys.models import AnswerSheet, Questionnaire
from shuangbai.surveys.queries import villages_for
from shuangbai.surveys.rules.sheets import NUMBER_MOST, QUESTIONS_MOST, WORDS_MOST, Question, questions_of

ROWS, SPARE = 8, 3
APART = "／"


def choices_of(text: str) -> tuple[tuple[str, str], ...]:
    """Choices as they are typed, apart by ／ or / or new lines, each with a code by its place."""
    for mark in ("/", "\n", "|"):
        text = text.replace(mark, APART)
    labels = [one.strip() for one in text.split(APART) if one.strip()]
    return tuple((str(place), label[:40]) for place, label in enumerate(labels, 1))


class QuestionRow(forms.Form):
    """One question; a row without a text and without choices is passed over."""

    use_required_attribute = False

    text = words(_("题目"), most=120, required=False)
    kind = forms.ChoiceField(
        label=_("怎样答"), choices=QuestionKind.choices, error_messages={"invalid_choice": _("请重新选择")}
    )
    choices = words(_("选项，用“／”隔开"), most=400, required=False)
    optional = forms.BooleanField(label=_("可以不答"), required=False)


class QuestionnaireForm(forms.Form):
    """A questionnaire. `rows` are its questions."""

    use_required_attribute = False

    title = words(_("名称"), most=60, error_messages={"required": _("请填写问卷名称")})
    about = words(_("问谁、为什么问"), most=200, rows=2, required=False, help_text=_("印在问卷上头，读给填的人听"))
    questions = forms.CharField(label=_("题目"), required=False, widget=forms.HiddenInput)
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, questionnaire: Questionnaire | None = None) -> None:
        first = drafted(questionnaire) if questionnaire else {"client_id": random_id()}
        super().__init__(data, initial=first)
        self.warnings: list[Finding] = []
        self.questionnaire = questionnaire
        self.rows = self._rows(data)

    def _rows(self, data: Any) -> list[QuestionRow]:
        if data is not None:
            sent = str(data.get("rows", ""))
            count = min(int(sent) if sent.isdecimal() and len(sent) < 4 else 0, QUESTIONS_MOST + SPARE)
            return [QuestionRow(data, prefix=f"q-{at}") for at in range(count)]
        asked = questions_of(self.questionnaire.questions) if self.questionnaire else ()
        known: list[dict[str, Any]] = [
            {"text": one.text, "kind": one.kind, "choices": APART.join(label for _code, label in one.choices),
             "optional": not one.required}
            for one in asked
        ]  # fmt: skip
        known += [{}] * max(ROWS - len(known), SPARE)
        return [QuestionRow(prefix=f"q-{at}", initial=one) for at, one in enumerate(known)]

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(row.is_valid() for row in self.rows)])

    def entry(self) -> QuestionnaireEntry:
        """Only after `is_valid`."""
        c = self.cleaned_data
        rows = [row.cleaned_data for row in self.rows]
        typed = [row for row in rows if row["text"] or row["choices"]]
        questions = [
            Question(
                f"q{place}", row["text"], QuestionKind(row["kind"]), choices_of(row["choices"]), not row["optional"]
            )
            for place, row in enumerate(typed, 1)
        ]
        return QuestionnaireEntry(c["title"], questions, c["about"], c.get("client_id") or random_id())


def drafted(questionnaire: Questionnaire) -> dict[str, Any]:
    return {"title": questionnaire.title, "about": questionnaire.about, "version": questionnaire.version}


def theirs(questionnaire: Questionnaire) -> dict[str, Any]:
    """What now stands of a draft, for the page of a conflict: its questions in words too."""
    asked = "；".join(one.text for one in questions_of(questionnaire.questions))
    return {"title": questionnaire.title, "about": questionnaire.about, "questions": asked}


# SHEETS --------------------------------------------------------------------


def question_field(place: int, one: Question) -> forms.Field:
    """The field of one question. Choices are numbered by the key that picks them."""
    missing = now("第 %(place)s 题还没有答") % {"place": place}
    told: dict[str, Any] = {"label": f"{place}. {one.text}", "required": one.required}
    wrong = {"required": missing, "invalid_choice": now("第 %(place)s 题的回答不在选项里，请重选") % {"place": place}}
    if one.kind == QuestionKind.NUMBER:
        sentence = now("第 %(place)s 题请填 0 到 %(most)s 的数字") % {"place": place, "most": f"{NUMBER_MOST:,}"}
        bad = dict.fromkeys(("invalid", "min_value", "max_value", "max_decimal_places", "max_digits"), sentence)
        return forms.DecimalField(
            min_value=0, max_value=NUMBER_MOST, decimal_places=1, max_digits=9, error_messages=bad | wrong,
            widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any", "class": "width-short"}), **told,
        )  # fmt: skip
    if one.kind == QuestionKind.TEXT:
        return words(told.pop("label"), most=WORDS_MOST, rows=2, error_messages=wrong, **told)
    numbered = [(code, f"{at % 10} {label}") for at, (code, label) in enumerate(one.offers, 1)]
    if one.kind == QuestionKind.SEVERAL:
        return forms.MultipleChoiceField(
            choices=numbered, widget=forms.CheckboxSelectMultiple, error_messages=wrong, **told
        )
    return forms.ChoiceField(choices=numbered, widget=forms.RadioSelect, error_messages=wrong, **told)


class SheetForm(forms.Form):
    """One sheet of a questionnaire. Village, day and of whom stay for the next one."""

    use_required_attribute = False

    village = forms.ChoiceField(label=_("村居"), required=False, error_messages={"invalid_choice": _("请重新选择")})
    filled_on = DayField(label=_("填写日期"))
    whose = chips(_("谁填的"), choices=Whose.choices)
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = words(_("更正理由"), most=200, help_text=_("一句话，如“看错一行”"))

    def __init__(
        self, data: Any = None, *, station: OrgUnit, questionnaire: Questionnaire, sheet: AnswerSheet | None = None,
        kept: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        first = stood(sheet) if sheet else self._kept(kept or {})
        super().__init__(data, initial=first)
        self.warnings: list[Finding] = []
        self.station, self.questionnaire, self.sheet = station, questionnaire, sheet
        self.asked = questions_of(questionnaire.questions)
        picked = village_key(data.get("village") if data is not None else first.get("village"))
        self.fields["village"].choices = Choices(  # type: ignore[attr-defined]
            lambda: [("", now("没有写")), *villages_for(station, clock.today(), picked)]
        )
        self.fields["filled_on"].widget.attrs["max"] = clock.today().isoformat()
        for place, one in enumerate(self.asked, 1):
            self.fields[one.code] = question_field(place, one)
        if sheet is None:
            del self.fields["reason"]

    @staticmethod
    def _kept(kept: Mapping[str, str]) -> dict[str, Any]:
        """What stays from the sheet before; anything that is not one is passed over."""
        whose = kept.get("whose", "")
        return {
            "village": village_key(kept.get("village")), "filled_on": kept.get("filled_on") or clock.today(),
            "whose": whose if whose in Whose.values else Whose.UNSAID, "client_id": random_id(),
        }  # fmt: skip

    def question_fields(self) -> list[forms.BoundField]:
        return [self[one.code] for one in self.asked]

    def entry(self) -> SheetEntry:
        """Only after `is_valid`."""
        c = self.cleaned_data
        return SheetEntry(
            station=self.station, questionnaire=self.questionnaire, filled_on=c["filled_on"],
            answers={one.code: _answer(c.get(one.code)) for one in self.asked}, village_id=village_key(c["village"]),
            whose=c["whose"], client_id=c.get("client_id") or random_id(),
        )  # fmt: skip

    def carried(self, made: AnswerSheet) -> dict[str, str]:
        """What goes on to the next sheet, for its address."""
        c = self.cleaned_data
        return {"village": c["village"], "filled_on": f"{c['filled_on']:%Y-%m-%d}", "whose": c["whose"],
                "last": str(made.pk)}  # fmt: skip


def _answer(said: Any) -> Any:
    """Numbers as JSON keeps them."""
    if hasattr(said, "as_integer_ratio") and not isinstance(said, int):
        return int(said) if said == int(said) else float(said)
    return said


def stood(sheet: AnswerSheet) -> dict[str, Any]:
    return {
        "village": sheet.village_id, "filled_on": sheet.filled_on, "whose": sheet.whose, "version": sheet.version,
        **sheet.said,
    }  # fmt: skip

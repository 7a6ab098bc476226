"""Forms of scales: one that a city writes as lines of text, and one that is filled in about somebody."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.codes.forms import DecisionForm
from shuangbai.core import clock
from shuangbai.core.findings import Finding
from shuangbai.core.forms import DayField, words
from shuangbai.core.ids import random_id
from shuangbai.scales.actions import ResultEntry
from shuangbai.scales.enums import Filler, Worse
from shuangbai.scales.rules import HIGHEST, LONGEST_PART, Scale

REVERSED, DANGER = "（反）", "（危）"
PART = re.compile(r"^【([^【】]*)】")
POINTED = re.compile(r"^(.+?)\s*[=＝]\s*(\d{1,3})$")
RANGED = re.compile(r"^(\d{1,4})\s*[-–—~～至]\s*(\d{1,4})\s*[=＝]\s*([^；;]+)(?:[；;](.*))?$")
KINDS = [("items", _("逐题填，由系统计分")), ("score", _("只登记得分（题目有版权，用纸质量表）"))]
CHOOSE = {"required": _("请选择一项"), "invalid_choice": _("请重新选择")}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _one_of(label: Any, choices: Any, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, error_messages=CHOOSE, **kwargs)


def _number(label: Any, *, least: int = 0, most: int = HIGHEST, **kwargs: Any) -> forms.IntegerField:
    told = {"required": _("请填一个整数"), "invalid": _("请填一个整数"),
            "min_value": _("最少 %(limit_value)d"), "max_value": _("最多 %(limit_value)d")}  # fmt: skip
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "class": "width-short"})
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, widget=widget, error_messages=told, **kwargs
    )


# WHAT THE CITY DECIDES -----------------------------------------------------


class ScaleForm(DecisionForm):
    """A scale of the city's own. Lists are written a line each, as on paper."""

    name = words(_("名称"), most=30, error_messages={"required": _("请填写量表的名称")})
    about = words(_("怎么填"), most=300, rows=3, required=False, help_text=_("写给填的人看的一两句话"))
    source = words(_("出处"), most=300, rows=2, help_text=_("谁编的、哪一年、哪份文件"))
    licence = words(
        _("凭什么可以用"),
        most=200,
        help_text=_("如“公有领域”“已购买授权，合同号…”“国家机关文件”。没有许可的题目不能录入"),
    )
    fills = forms.MultipleChoiceField(
        label=_("谁可以填"), choices=Filler.choices, widget=forms.CheckboxSelectMultiple, error_messages=CHOOSE
    )
    worse = _one_of(_("分数的方向"), Worse.choices)
    kind = _one_of(_("怎样登记"), KINDS)
    choices = words(_("选项"), most=600, rows=4, required=False, help_text=_("一行一个，写分数，如“没有=0”。各题共用"))
    items = words(
        _("题目"), most=6000, rows=10, required=False,
        help_text=_(
            "一行一题。反向计分的题前面写“（反）”；答了就要马上关注的题（如轻生念头）前面写“（危）”；"
            "分部分计分的，前面写部分的名称，如“【身体】睡不好”"
        ),
    )  # fmt: skip
    missing_most = _number(
        _("最多可漏答几题"), most=20, required=False, help_text=_("漏答的按其余题的平均补足；不填就是不许漏")
    )
    least = _number(_("最低分"), required=False, help_text=_("只登记得分的量表才填；逐题填的由系统算出"))
    most = _number(_("最高分"), required=False, help_text=_("只登记得分的量表才填"))
    bands = words(
        _("分段"), most=1500, rows=5, required=False,
        help_text=_("从低到高一行一段，可在分号后写提示，如“0-4=一般；不必处理”。没有公认的分段就不填"),
    )  # fmt: skip
    starts_on = DayField(label=_("从哪天起用"))

    def __init__(self, data: Any = None, *, version: int, like: Scale | None = None) -> None:
        first = {"worse": Worse.HIGH, "kind": "items", "starts_on": clock.today(), **(_said(like) if like else {})}
        super().__init__(data, initial={**first, "version": version})

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        said["choices"] = self._pointed(said.get("choices", ""))
        said["items"] = self._asked(said.get("items", ""))
        said["bands"] = self._ranged(said.get("bands", ""))
        return said

    def _asked(self, text: str) -> list[dict[str, Any]]:
        items = []
        for place, line in enumerate(text.splitlines(), 1):
            try:
                items += [_item(line.strip())] if line.strip() else []
            except ValueError as wrong:
                told = {"place": place, "line": line.strip()[:20], "wrong": wrong}
                self.add_error("items", _("第 %(place)d 行“%(line)s”：%(wrong)s") % told)
                return []
        return items

    def _pointed(self, text: str) -> list[list[Any]]:
        found = [(line, POINTED.match(line)) for line in _lines(text)]
        for line, match in found:
            if match is None:
                self.add_error("choices", _("这一行看不懂：“%(line)s”。请写成“没有=0”的样子") % {"line": line[:20]})
                return []
        return [[match[1].strip(), int(match[2])] for _line, match in found if match]

    def _ranged(self, text: str) -> list[list[Any]]:
        found = [(line, RANGED.match(line)) for line in _lines(text)]
        for line, match in found:
            if match is None:
                self.add_error(
                    "bands", _("这一行看不懂：“%(line)s”。请写成“0-4=一般；提示”的样子") % {"line": line[:20]}
                )
                return []
        return [[int(m[1]), int(m[2]), m[3].strip(), (m[4] or "").strip()] for _line, m in found if m]

    def definition(self) -> dict[str, Any]:
        """The scale as rules.scale_of reads it. Only after `is_valid`."""
        c = self.cleaned_data
        said: dict[str, Any] = {name: c[name].strip() for name in ("name", "about", "source", "licence")}
        said |= {name: c[name] for name in ("fills", "worse", "bands", "choices")}
        said["items"] = [{name: told for name, told in one.items() if name != "part"} for one in c["items"]]
        said["subscales"] = _subscales(c["items"])
        said["missing_most"] = c["missing_most"] or 0
        if c["kind"] == "score":
            said |= {"score_only": True, "least": c["least"], "most": c["most"]}
        return said


def _item(line: str) -> dict[str, Any]:
    """A question as it was written: marks before it say how it counts, and in which part. Raises ValueError."""
    said: dict[str, Any] = {}
    while True:
        if line.startswith(REVERSED):
            said["reverse"], line = True, line.removeprefix(REVERSED)
        elif line.startswith(DANGER):
            said["alarm_from"], line = 1, line.removeprefix(DANGER)
        elif named := PART.match(line):
            if "part" in said or not 0 < len(named[1].strip()) <= LONGEST_PART:
                most = {"most": LONGEST_PART}
                raise ValueError(_("一道题写一个部分，名称最多 %(most)d 个字，如“【身体】睡不好”") % most)
            said["part"], line = named[1].strip(), line[named.end() :]
        else:
            break
        line = line.strip()
    if line.startswith("【"):
        raise ValueError(_("部分的名称要写在“【”和“】”中间"))
    if not line:
        raise ValueError(_("后面没有题目，请在同一行写题目"))
    return {"text": line, **said}


def _subscales(items: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """Parts in the order in which they are first named, each with the numbers of its questions."""
    parts: dict[str, list[str]] = {}
    for place, one in enumerate(items, 1):
        if "part" in one:
            parts.setdefault(one["part"], []).append(str(place))
    return [[str(place), name, codes] for place, (name, codes) in enumerate(parts.items(), 1)]


def _said(scale: Scale) -> dict[str, Any]:
    """A scale as the form's lines."""
    choices = scale.items[0].choices if scale.items else ()
    part_of = {code: f"【{part.name}】" for part in scale.subscales for code in part.items}
    return {
        "name": scale.name, "about": scale.about, "source": scale.source, "licence": scale.licence,
        "fills": [str(one) for one in scale.fills], "worse": scale.worse,
        "kind": "score" if scale.score_only else "items",
        "choices": "\n".join(f"{one.label}={one.points}" for one in choices),
        "items": "\n".join(
            f"{part_of.get(one.code, '')}{DANGER if one.alarm_from is not None else ''}"
            f"{REVERSED if one.reverse else ''}{one.text}"
            for one in scale.items
        ),
        "missing_most": scale.missing_most, "least": scale.lowest, "most": scale.highest,
        "bands": "\n".join(
            f"{one.least}-{one.most}={one.label}{'；' if one.hint else ''}{one.hint}" for one in scale.bands
        ),
    }  # fmt: skip


class EndScaleForm(DecisionForm):
    ends_on = DayField(label=_("最后一天"), help_text=_("以后不再提供；以前填的照样看得到"))

    def __init__(self, data: Any = None, *, version: int) -> None:
        super().__init__(data, initial={"ends_on": clock.today(), "version": version})


# FILLING IN ----------------------------------------------------------------


class AnswersForm(forms.Form):
    """A scale filled in about somebody: a field for each item, or the total alone."""

    use_required_attribute = False

    person = _one_of(_("谁的"), [])
    taken_on = DayField(label=_("哪天填的"))
    filled_by = _one_of(_("谁填的"), [])
    note = words(_("说明"), most=500, rows=2, required=False, help_text=_("如“女儿在旁”“读给本人听”"))
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, scale: Scale, people: Sequence[tuple[UUID, str]]) -> None:
        first = {"taken_on": clock.today(), "client_id": random_id(), "filled_by": scale.fills[0]}
        if len(people) == 1:
            first["person"] = people[0][0]
        super().__init__(data, initial=first)
        self.scale, self.warnings = scale, list[Finding]()
        self.fields["person"].choices = [(str(pk), name) for pk, name in people]  # type: ignore[attr-defined]
        offered = [(one.value, one.label) for one in scale.fills]
        self.fields["filled_by"].choices = offered  # type: ignore[attr-defined]
        if scale.score_only:
            label = f"总分（{scale.lowest} 到 {scale.highest}）"
            self.fields["total"] = _number(label, least=scale.lowest, most=scale.highest)
        for item in scale.items:
            choices = [(str(one.points), one.label) for one in item.choices]
            label = f"{item.code}. {item.text}"
            field = _one_of(label, choices, required=False)
            field.error_messages["invalid_choice"] = f"第 {item.code} 题的回答不在选项里，请重选"
            self.fields[f"item_{item.code}"] = field
        self.order_fields(["person", "taken_on", "filled_by", *(f"item_{i.code}" for i in scale.items), "total"])

    @property
    def item_fields(self) -> list[Any]:
        return [self[f"item_{item.code}"] for item in self.scale.items]

    def entry(self) -> ResultEntry:
        """Only after `is_valid`."""
        c = self.cleaned_data
        answers: Mapping[str, int] = {
            item.code: int(c[f"item_{item.code}"]) for item in self.scale.items if c[f"item_{item.code}"] != ""
        }
        day: date = c["taken_on"]
        return ResultEntry(
            client_id=c["client_id"], person_key=UUID(c["person"]), scale=self.scale.code, version=self.scale.version,
            taken_on=day, filled_by=Filler(c["filled_by"]), answers=answers, total=c.get("total"), note=c["note"],
        )  # fmt: skip

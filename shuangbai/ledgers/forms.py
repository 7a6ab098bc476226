"""Forms of ledgers: a file to upload, what its columns mean, what is to be decided, why an import is taken back."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.core.uploads import LARGEST
from shuangbai.ledgers.dealing import BY_VILLAGE
from shuangbai.ledgers.enums import FIELDS, OF_VOLUNTEERS, ImportKind, Kind
from shuangbai.ledgers.proposing import Decided, FamilySaid, Proposal
from shuangbai.ledgers.rosters import ASK, END, Beside

SHOWN = 30  # decisions on one page; the rest follow when these are saved
# What a column can mean in each kind of ledger.
ROOMS = {
    Kind.VISITS: ("visit", "household", "person"),
    Kind.HOUSEHOLDS: ("household", "person"),
    Kind.PERSONS: ("person", "household"),
    Kind.ROSTER: ("person", "household"),
    Kind.ACTIVITIES: ("activity",),
    Kind.VOLUNTEERS: ("volunteer", "person", "household"),
}
NEW = "new"
GONE_SHOWN = 100
WHAT = [("", _("先不动")), (END, _("结束这个类别")), (ASK, _("布置一件事项去了解"))]


class UploadForm(forms.Form):
    """A ledger. What it is, its bytes say; the kind is only picked where it is recognised wrongly."""

    use_required_attribute = False

    file = forms.FileField(
        label=_("台账文件"),
        help_text=_("Excel（.xlsx、.xls）、WPS 另存的 .xlsx、.ods 或 .csv，5 MB 以内；先看结果，再决定导不导入"),
        error_messages={"required": _("请选择一个文件"), "empty": _("文件是空的，请检查是否保存成功")},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.txt,.tsv"}),
    )
    kind = forms.ChoiceField(
        label=_("种类"), required=False, choices=[("", _("自动判断")), *ImportKind.choices],
        widget=forms.Select(attrs={"class": "width-short"}),
    )  # fmt: skip

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("文件超过 5 MB，请按月或按村分成几个文件"))
        return file


def _pick(label: Any, choices: Sequence[tuple[str, Any]], initial: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, required=False, choices=choices, initial=initial,
        widget=forms.Select(attrs={"class": "width-short"}),
    )  # fmt: skip


class VersionForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)


class StationsForm(VersionForm):
    """Which station the words mean that a workbook has where a station should stand: `unclear`, with how often."""

    use_required_attribute = False

    def __init__(
        self, *args: Any, unclear: Mapping[str, int], said: Mapping[str, str], stations: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.texts = [*unclear, *(text for text in said if text not in unclear)][:SHOWN]
        offered = [("", _("先不分给谁")), (BY_VILLAGE, _("看村居是哪个站的")), *stations]
        for number, text in enumerate(self.texts):
            many = unclear.get(text, 0)
            label = _("「%(text)s」（%(many)s 行）") % {"text": text, "many": many} if many else f"「{text}」"
            self.fields[f"s-{number}"] = _pick(label, offered, said.get(text, ""))

    def station_fields(self) -> list[Any]:
        return [self[f"s-{number}"] for number in range(len(self.texts))]

    def said(self) -> dict[str, str]:
        return {text: self.cleaned_data[f"s-{number}"] for number, text in enumerate(self.texts)}


class UndoForm(VersionForm):
    use_required_attribute = False

    reason = forms.CharField(
        label=_("为什么撤销"), max_length=100, error_messages={"required": _("请写明撤销理由，如「传错了文件」")},
        help_text=_("会留在日志和作废的记录里"),
    )  # fmt: skip


class ColumnsForm(VersionForm):
    """What each column of each sheet means: `sheets` as the import tells of them (actions.counts_of)."""

    use_required_attribute = False

    learn = forms.BooleanField(
        label=_("记住：本站以后同样的表头照这样理解"), required=False, initial=True,
    )  # fmt: skip

    def __init__(self, *args: Any, kind: Kind, sheets: Sequence[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheets = sheets
        self.fields["kind"] = forms.ChoiceField(label=_("台账的种类"), choices=ImportKind.choices, initial=kind.value)
        rooms = ROOMS[kind]
        offered = [(one.name, one.label) for room in rooms for one in FIELDS.values() if one.room == room]
        if kind is Kind.VOLUNTEERS:
            offered = [pair for pair in offered if pair[0] in OF_VOLUNTEERS]
        for number, sheet in enumerate(sheets):
            for letter, header, meaning, *_rest in sheet["columns"]:
                self.fields[f"c-{number}-{letter}"] = forms.ChoiceField(
                    label=header or letter, required=False, initial=meaning or "",
                    choices=[("", _("没有对应，作为备注")), *offered],
                )  # fmt: skip

    def columns(self, number: int) -> Iterator[tuple[str, str, Any, str]]:
        """Letter, header, field and reason of each column of a sheet."""
        for letter, header, _meaning, _confidence, reason in self.sheets[number]["columns"]:
            yield letter, header, self[f"c-{number}-{letter}"], reason

    def mapping(self) -> dict[str, dict[str, str | None]]:
        """The sheets in which something was changed, each whole."""
        found = {}
        for number, sheet in enumerate(self.sheets):
            said = {letter: self.cleaned_data[f"c-{number}-{letter}"] or None for letter, *_ in sheet["columns"]}
            if said != {letter: meaning for letter, _header, meaning, *_ in sheet["columns"]}:
                found[sheet["sheet"]] = said
        return found


class DecisionsForm(VersionForm):
    """What somebody has to decide before a ledger is brought in; nothing of it is compulsory."""

    use_required_attribute = False

    def __init__(
        self, *args: Any, proposal: Proposal, decided: Decided, villages: Sequence[tuple[str, str]],
        unclear: Sequence[str], roster: Beside | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.proposal, self.decided, self.unclear = proposal, decided, list(unclear)[:SHOWN]
        self.waiting = proposal.open_choices[:SHOWN]
        self.differing = self._differing()
        self.gone = list(roster.gone)[:GONE_SHOWN] if roster else []
        self._add_families_and_villages(villages)
        self._add_list(roster)
        self._add_rest()

    def _add_families_and_villages(self, villages: Sequence[tuple[str, str]]) -> None:
        for one in self.waiting:
            self.fields[f"f-{one.said.key}"] = forms.CharField(required=False)
        for number, written in enumerate(self.unclear):
            self.fields[f"v-{number}"] = _pick(written, [("", _("先不导入")), *villages])
        if any(one.missing for one in self.proposal.households):
            offered = [("", _("先不导入")), *villages]
            self.fields["village"] = _pick(_("没有写村居的，都算在"), offered, self.decided.village)

    def _add_list(self, roster: Beside | None) -> None:
        families = self.proposal.households if self.proposal.kind is Kind.HOUSEHOLDS else ()
        unnumbered = any(not (one.has_file or one.said.file_no or one.said.opened_on) for one in families)
        if (roster and roster.unfiled) or unnumbered or self.decided.files:
            label = _("给名单上没有建档的也建档") if roster else _("没有写档案号和建档日期的也建档，从今天起")
            self.fields["files"] = forms.BooleanField(label=label, required=False, initial=self.decided.files)
        for one in self.gone:
            self.fields[f"g-{one.tag}"] = _pick(one.name, WHAT, self.decided.gone.get(str(one.tag), ""))
        if len(self.gone) > 1:
            self.fields["gone_all"] = _pick(_("以上都一样"), [("", _("逐个看上面选的")), *WHAT[1:]])

    def _add_rest(self) -> None:
        if self.differing:
            self.fields["take"] = forms.MultipleChoiceField(
                label=_("与系统不同的，改用台账上的"), required=False, initial=self.decided.take,
                choices=[(name, label) for name, label, _many in self.differing],
                widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip
        doubled = "twice" in self.proposal.counts and self.proposal.kind in (Kind.VISITS, Kind.ACTIVITIES)
        if doubled or self.decided.again:
            self.fields["again"] = forms.BooleanField(
                label=_("看来已经记过的也照样导入（确是另一次）"), required=False, initial=self.decided.again
            )

    def _differing(self) -> list[tuple[str, str, int]]:
        """Fields in which ledger and system differ, with how often."""
        counts: dict[tuple[str, str], int] = {}
        for one in self.proposal.households:
            for difference in one.all_differences:
                key = (difference.field, difference.label)
                counts[key] = counts.get(key, 0) + 1
        return [(name, label, many) for (name, label), many in counts.items()]

    @property
    def asks(self) -> bool:
        return set(self.fields) != {"version"}

    def village_fields(self) -> list[Any]:
        return [self[f"v-{number}"] for number in range(len(self.unclear))]

    def said(self) -> Decided:
        """What was decided before, with what this form says."""
        data, before = self.cleaned_data, self.decided
        families = dict(before.families)
        for one in self.waiting:
            families |= self._chosen(one, data.get(f"f-{one.said.key}", ""))
        villages = {text: code for number, text in enumerate(self.unclear) if (code := data.get(f"v-{number}"))}
        return Decided(
            families=families, villages={**before.villages, **villages}, take=data.get("take", before.take),
            again=data.get("again", before.again), village=data.get("village", before.village), mapping=before.mapping,
            files=data.get("files", before.files), gone=self._gone(),
        )  # fmt: skip

    def _gone(self) -> dict[str, str]:
        data, found = self.cleaned_data, dict(self.decided.gone)
        for one in self.gone:
            found[str(one.tag)] = data.get("gone_all") or data.get(f"g-{one.tag}", "")
        return {tag: what for tag, what in found.items() if what}

    def gone_lines(self) -> list[tuple[Any, Any]]:
        return [(one, self[f"g-{one.tag}"]) for one in self.gone]

    @staticmethod
    def _chosen(one: FamilySaid, said: str) -> dict[str, str]:
        if said == NEW:
            return {one.said.key: ""}
        return {one.said.key: said} if said in {str(choice.home) for choice in one.choices} else {}

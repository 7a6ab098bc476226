"""What each row of a ledger says, in the product's own codes where it has one: ready to be matched and entered. Pure.

What has no place of its own stays with the row as a note, in the ledger's words; every cell is kept beside it.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import Any

from shuangbai.dossier.enums import DisabilityGrade, DisabilityKind, Education, Marriage, Nation
from shuangbai.households.enums import Relation
from shuangbai.ledgers.categories import Category, read_categories
from shuangbai.ledgers.cells import (
    is_missing,
    plain,
    read_count,
    read_day,
    read_phones,
    read_time,
)
from shuangbai.ledgers.enums import Kind
from shuangbai.ledgers.judging import Record, mode_of, names_in
from shuangbai.ledgers.letters import letters
from shuangbai.ledgers.understanding import Result, SheetResult
from shuangbai.ledgers.words import HEADS
from shuangbai.network.enums import Sex
from shuangbai.visits.enums import Mode, Need, Purpose
from shuangbai.visits.enums import Result as Met

_SERIAL = frozenset({"序号", "序", "编号", "no", "no.", "行号", "号"})
_LONG_NUMBER = re.compile(r"\d[\d\s-]{9,}\d")  # bank accounts, other people's identity numbers: in no open note
_RELATIONS = {label: code for code, label in Relation.choices} | {
    "丈夫": Relation.HUSBAND, "老公": Relation.HUSBAND, "妻子": Relation.WIFE, "老婆": Relation.WIFE,
    "爱人": Relation.SPOUSE, "夫妻": Relation.SPOUSE, "儿子": Relation.SON, "长子": Relation.SON, "次子": Relation.SON,
    "三子": Relation.SON, "四子": Relation.SON, "独生子": Relation.SON, "大儿子": Relation.SON, "小儿子": Relation.SON,
    "女儿": Relation.DAUGHTER, "长女": Relation.DAUGHTER, "次女": Relation.DAUGHTER, "三女": Relation.DAUGHTER,
    "四女": Relation.DAUGHTER, "独生女": Relation.DAUGHTER, "大女儿": Relation.DAUGHTER, "小女儿": Relation.DAUGHTER,
    "养子": Relation.FOSTER_SON, "继子": Relation.FOSTER_SON, "养女": Relation.FOSTER_DAUGHTER,
    "继女": Relation.FOSTER_DAUGHTER, "媳妇": Relation.DAUGHTER_IN_LAW, "长媳": Relation.DAUGHTER_IN_LAW,
    "次媳": Relation.DAUGHTER_IN_LAW, "孙": Relation.GRANDCHILD, "外孙": Relation.DAUGHTERS_SON, "父": Relation.FATHER,
    "爸爸": Relation.FATHER, "母": Relation.MOTHER, "妈妈": Relation.MOTHER, "家公": Relation.FATHER_IN_LAW_OF_WIFE,
    "家婆": Relation.MOTHER_IN_LAW_OF_WIFE, "继父": Relation.STEPFATHER, "养父": Relation.STEPFATHER,
    "继母": Relation.STEPMOTHER, "养母": Relation.STEPMOTHER, "爷爷": Relation.GRANDFATHER,
    "奶奶": Relation.GRANDMOTHER, "外公": Relation.MATERNAL_GRANDFATHER, "外婆": Relation.MATERNAL_GRANDMOTHER,
    "哥哥": Relation.ELDER_BROTHER, "弟弟": Relation.YOUNGER_BROTHER, "姐": Relation.ELDER_SISTER,
    "妹": Relation.YOUNGER_SISTER, "嫂子": Relation.ELDER_BROTHERS_WIFE, "兄弟": Relation.SIBLING,
    "姐妹": Relation.SIBLING, "之妻": Relation.WIFE, "之夫": Relation.HUSBAND, "之子": Relation.SON,
    "之女": Relation.DAUGHTER,
}  # fmt: skip
# From the most particular wording to the least: 不在家 before 在家, 没见到 before 见到.
_MET: tuple[tuple[str, Met], ...] = (
    (r"去世|死亡|过世|病故", Met.DECEASED), (r"空号|号码错|错号|停机", Met.WRONG_NUMBER), (r"住院", Met.IN_HOSPITAL),
    (r"拒", Met.REFUSED), (r"空置|搬走|搬迁|无人居住", Met.VACANT), (r"外出|打工|务工", Met.AWAY),
    (r"未遇|未见|没见|没有见|不在|无人|没人|锁门|[未没]接|打不通|无法接通|关机|^(?:否|无|未|没有|n)$", Met.NOBODY_HOME),
)  # fmt: skip
_NEEDS = {label: code for code, label in Need.choices} | {
    "看病": Need.MEDICAL, "就医": Need.MEDICAL, "药": Need.MEDICAL, "照顾": Need.CARE, "护理": Need.CARE,
    "住": Need.HOUSING, "房": Need.HOUSING, "上学": Need.EDUCATION, "学费": Need.EDUCATION, "学习": Need.EDUCATION,
    "工作": Need.WORK, "收入": Need.ECONOMIC, "生活费": Need.ECONOMIC, "救助": Need.ECONOMIC, "情绪": Need.MIND,
}  # fmt: skip
_PURPOSES = (
    (r"建档|首次", Purpose.FIRST), (r"满意度", Purpose.SATISFACTION), (r"核查|核实|核对", Purpose.CHECK),
    (r"节|慰问|台风|灾", Purpose.SPECIAL), (r"回访|定期|跟进", Purpose.REGULAR),
)  # fmt: skip
_ON_FIELDS = {
    "person.ethnicity": {
        **{label: code for code, label in Nation.choices},
        **{label.removesuffix("族"): code for code, label in Nation.choices},
    },
    "person.education": {label: code for code, label in Education.choices} | {
        "文盲": Education.ILLITERATE, "半文盲": Education.ILLITERATE, "不识字": Education.ILLITERATE,
        "中专": Education.TECHNICAL, "大专": Education.COLLEGE, "专科": Education.COLLEGE, "本科": Education.BACHELOR,
        "大学": Education.BACHELOR, "硕士": Education.MASTER, "博士": Education.MASTER, "技校": Education.CRAFT,
        "小学毕业": Education.PRIMARY, "初中毕业": Education.JUNIOR, "高中毕业": Education.SENIOR,
    },
    "person.marital": {label: code for code, label in Marriage.choices}
    | {"离异": Marriage.DIVORCED, "单身": Marriage.SINGLE, "有配偶": Marriage.MARRIED},
}  # fmt: skip
_SHORT = {"person.ethnicity": "nation", "person.education": "education", "person.marital": "marriage"}
_KINDS_OF_DISABILITY = [(label.removesuffix("残疾"), code) for code, label in DisabilityKind.choices]
_MIND = DisabilityKind.MIND.label.removesuffix("残疾")
_GRADES = [(label, code) for code, label in DisabilityGrade.choices]


@dataclass(slots=True)
class Row:
    """A row: what it says by short names (`said`), its notes, its cells, whether it is wrong, its family in the file.

    Values of `said` are texts, numbers, and lists of them; days are written as far as they are known (2019-03).
    `issues`: column or None, reason, sentence, and whether it makes the row wrong. The cells lie together in one
    text (`packed`), for there are ten to a row and matching and entering ask for none; `columns` is the sheet's.
    """

    sheet: str
    row: int
    said: dict[str, Any] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)
    packed: str | None = "[]"
    wrong: bool = False
    family: int | None = None
    twice: bool = False
    issues: list[tuple[str | None, str, str, bool]] = field(default_factory=list)
    columns: Sequence[tuple[str, str]] = ()

    @property
    def cells(self) -> list[tuple[str, str, str]]:
        """What stands in it: letter, header, text. Raises ValueError for a row that was read without its cells."""
        if self.packed is None:
            raise ValueError("a row without its cells")
        return [(*self.columns[column], text) for column, text in json.loads(self.packed)]

    def as_list(self) -> list[Any]:
        """All but the columns."""
        return [getattr(self, name) for name in _PARTS]

    @classmethod
    def of_list(cls, values: Sequence[Any], columns: Sequence[tuple[str, str]]) -> "Row":
        row = cls(*values)
        row.columns = columns
        return row


_PARTS = tuple(part.name for part in fields(Row) if part.name != "columns")
_pack = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def tell(result: Result) -> list[Row]:
    """Every row of data, in the order of the file; wrong ones too, so that nothing is lost."""
    kind = result.kind
    if kind is None:
        return []
    found = []
    for sheet in result.sheets:
        twice = {issue.row for issue in sheet.warnings if issue.duplicate_of}
        read, issues = _Reading(kind, sheet, result), _issues(sheet)
        for record in sheet.records:
            row = Row(sheet.sheet, record.row, wrong=record.wrong, family=record.family, twice=record.row in twice)
            read.into(row, record)
            row.issues = issues.get(record.row, [])
            found.append(row)
    return found


def _issues(sheet: SheetResult) -> dict[int, list[tuple[str | None, str, str, bool]]]:
    found: dict[int, list[tuple[str | None, str, str, bool]]] = {}
    for some, wrong in ((sheet.wrong, True), (sheet.warnings, False)):
        for issue in some:
            found.setdefault(issue.row, []).append((issue.column, issue.reason.value, issue.sentence, wrong))
    return found


class _Reading:
    """Reads the rows of one sheet."""

    def __init__(self, kind: Kind, sheet: SheetResult, result: Result) -> None:
        self.kind, self.table, self.result = kind, sheet.table, result
        mapped = {column for columns in sheet.table.columns.values() for column in columns}
        headers = sheet.table.headers
        self.width = sheet.layout.width
        self.headers = [headers.get(column, "") for column in range(self.width)]
        self.columns = tuple((letters(column), header) for column, header in enumerate(self.headers))
        parts = set(sheet.layout.day_parts)
        self.loose = [
            column for column in range(self.width)
            if column not in mapped and column not in parts and plain(self.headers[column]).lower() not in _SERIAL
        ]  # fmt: skip

    def into(self, row: Row, record: Record) -> None:
        values = self.table.rows[row.row - 1]
        row.columns = self.columns
        row.packed = _pack([
            (column, text)
            for column, value in enumerate(values[: self.width])
            if value is not None and (text := plain(value))
        ])  # fmt: skip
        row.notes = [
            (self.headers[column] or letters(column), text)
            for column in self.loose
            if column < len(values) and (text := plain(values[column])) and not is_missing(text)
        ]
        said: dict[str, Any] = {
            "village": record.village, "head": record.head, "name": record.name, "id": record.id, "birth": record.birth,
            "file_no": record.file_no, "day": record.date, "people": record.people,
        }  # fmt: skip
        for name, columns in self.table.columns.items():
            tellers = _OF_VOLUNTEERS if self.kind is Kind.VOLUNTEERS and name in _OF_VOLUNTEERS else _TELLERS
            if name in tellers:
                cells = [values[column] for column in columns if column < len(values) and values[column] is not None]
                tellers[name](self, row, said, cells, [self.headers[column] for column in columns])
        row.said = {key: value for key, value in said.items() if value not in (None, "", [])}

    def day(self, value: Any) -> str | None:
        return read_day(value, from_1904=self.table.from_1904, latest=self.result.context.as_of).written


Teller = Callable[[_Reading, Row, dict[str, Any], list[Any], list[str]], None]


def _text(key: str) -> Teller:
    def teller(_r: _Reading, _row: Row, said: dict[str, Any], cells: list[Any], _h: list[str]) -> None:
        # As it was written: full-width commas are a text's own.
        texts = [
            cell.strip() if isinstance(cell, str) else plain(cell) for cell in cells if not is_missing(plain(cell))
        ]
        said[key] = "\n".join(dict.fromkeys(texts))

    return teller


def _day(key: str) -> Teller:
    def teller(r: _Reading, _row: Row, said: dict[str, Any], cells: list[Any], _h: list[str]) -> None:
        said[key] = r.day(cells[0]) if cells else None

    return teller


def _phones(key: str) -> Teller:
    def teller(_r: _Reading, row: Row, said: dict[str, Any], cells: list[Any], headers: list[str]) -> None:
        read = [read_phones(cell) for cell in cells]
        said[key] = list(dict.fromkeys(number for one in read for number in one.numbers))
        faulty = [pair for *pair, one in zip(headers, cells, read, strict=False) if one.fault]
        row.notes += [(header, plain(cell)) for header, cell in faulty]

    return teller


def _count(key: str) -> Teller:
    def teller(_r: _Reading, _row: Row, said: dict[str, Any], cells: list[Any], _h: list[str]) -> None:
        said[key] = read_count(cells[0]) if cells else None

    return teller


def _names(key: str) -> Teller:
    def teller(r: _Reading, _row: Row, said: dict[str, Any], cells: list[Any], _h: list[str]) -> None:
        known = r.result.context.workers or frozenset()
        said[key] = list(dict.fromkeys(name for cell in cells for name in names_in(cell, known)))

    return teller


def _sex(_r: _Reading, _row: Row, said: dict[str, Any], cells: list[Any], _h: list[str]) -> None:
    text = plain(cells[0]) if cells else ""
    said["sex"] = Sex.MALE.value if text.startswith("男") else Sex.FEMALE.value if text.startswith("女") else ""


def _relation(_r: _Reading, row: Row, said: dict[str, Any], cells: list[Any], headers: list[str]) -> None:
    text = plain(cells[0]).replace("户主的", "") if cells else ""
    if text in HEADS:
        said["relation"] = Relation.HEAD.value
    elif text and not is_missing(text):
        said["relation"] = str(_RELATIONS.get(text, Relation.OTHER))
        if text not in _RELATIONS:
            row.notes.append((headers[0], text))


_MODE_CODES, _MET_LABELS = frozenset(Mode.values), frozenset(Met.labels)  # each asking makes the list anew
_PURPOSE_CODES = {label: str(code) for code, label in Purpose.choices}


@lru_cache(maxsize=512)
def _met_of(text: str) -> str:
    return next((str(code) for pattern, code in _MET if re.search(pattern, text)), str(Met.MET))


def _mode(_r: _Reading, row: Row, said: dict[str, Any], cells: list[Any], headers: list[str]) -> None:
    text = plain(cells[0]) if cells else ""
    mode = mode_of(text)
    said["mode"] = mode if mode in _MODE_CODES else ""
    if text and not said["mode"] and not is_missing(text):
        row.notes.append((headers[0], text))


def _met(_r: _Reading, row: Row, said: dict[str, Any], cells: list[Any], headers: list[str]) -> None:
    text = plain(cells[0]) if cells else ""
    said["result"] = _met_of(text)
    if text and text not in _MET_LABELS:
        row.notes.append((headers[0], text))


def _purpose(_r: _Reading, row: Row, said: dict[str, Any], cells: list[Any], headers: list[str]) -> None:
    text = plain(cells[0]) if cells else ""
    said["purpose"] = _PURPOSE_CODES.get(text) or next((str(c) for p, c in _PURPOSES if re.search(p, text)), "")
    if text and text not in _PURPOSE_CODES and not is_missing(text):
        row.notes.append((headers[0], text))


def _needs(_r: _Reading, row: Row, said: dict[str, Any], cells: list[Any], headers: list[str]) -> None:
    text = "、".join(plain(cell) for cell in cells if not is_missing(plain(cell)))
    said["needs"] = sorted({str(code) for word, code in _NEEDS.items() if word in text})
    if text:
        row.notes.append((headers[0], text))


def _noted(key: str = "") -> Teller:
    """A field that stays in the ledger's words."""

    def teller(_r: _Reading, row: Row, said: dict[str, Any], cells: list[Any], headers: list[str]) -> None:
        for header, cell in zip(headers, cells, strict=False):
            text = plain(cell)
            if not is_missing(text):
                row.notes.append((header, text))
                if key:
                    said[key] = text

    return teller


def _categories(_r: _Reading, row: Row, said: dict[str, Any], cells: list[Any], headers: list[str]) -> None:
    known: list[Category] = []
    for cell, header in zip(cells, headers, strict=False):
        read = read_categories(plain(cell), header)
        known += read.known
        row.notes += [(header, one) for one in read.unknown]
        if "残疾" in plain(cell) and (told := _disability_told(plain(cell))):
            row.notes.append((header, told))
    said["categories"] = [list(one.codes) for one in dict.fromkeys(known) if one.codes]


def _disability_told(text: str) -> str:
    """肢体残疾二级, without anything else that a cell says; of the mind nothing: not for a note."""
    kind = next((word for word, _ in _KINDS_OF_DISABILITY if word in text), "")
    grade = next((word for word, _ in _GRADES if word in text), "")
    return "" if kind in ("", _MIND) else f"{kind}残疾{grade}"


def _disability(_r: _Reading, row: Row, said: dict[str, Any], cells: list[Any], headers: list[str]) -> None:
    text = " ".join(map(plain, cells))
    said["disability"] = next((code for word, code in _KINDS_OF_DISABILITY if word in text), "")
    said["disability_grade"] = next((code for word, code in _GRADES if word in text), "")
    if told := _disability_told(text):
        row.notes.append((headers[0], told))


def _coded(name: str) -> Teller:
    def teller(_r: _Reading, row: Row, said: dict[str, Any], cells: list[Any], headers: list[str]) -> None:
        text = plain(cells[0]) if cells else ""
        said[_SHORT[name]] = str(_ON_FIELDS[name].get(text, ""))
        if text and not said[_SHORT[name]] and not is_missing(text):
            row.notes.append((headers[0], text))

    return teller


def _time(_r: _Reading, row: Row, said: dict[str, Any], cells: list[Any], headers: list[str]) -> None:
    at = read_time(cells[0]) if cells else None
    said["time"] = f"{at:%H:%M}" if at else None
    if cells and not at:
        row.notes.append((headers[0], plain(cells[0])))


_TELLERS: Mapping[str, Teller] = {
    "visit.time": _time, "visit.mode": _mode, "visit.result": _met, "visit.worker": _names("workers"),
    "visit.companions": _names("companions"), "visit.purpose": _purpose, "visit.narrative": _text("narrative"),
    "visit.needs": _needs, "visit.followup": _noted("followup"), "visit.next_date": _day("next_on"),
    "visit.persons_met": _count("people"), "household.group": _text("group"), "household.address": _text("address"),
    "household.phone": _phones("home_phones"), "person.phone": _phones("phones"),
    "household.grade": _noted("grade"), "household.opened_on": _day("opened_on"),
    "household.worker": _names("keepers"), "person.sex": _sex, "person.relation": _relation,
    "person.categories": _categories, "person.disability": _disability, "person.self_care": _noted(),
    "person.ethnicity": _coded("person.ethnicity"), "person.education": _coded("person.education"),
    "person.marital": _coded("person.marital"), "person.health": _noted(), "person.guardian": _noted(),
    "activity.name": _text("title"), "activity.village": _text("place"), "activity.kind": _noted("kind"),
    "activity.persons": _count("persons"), "activity.person_times": _count("person_times"),
    "activity.volunteers": _count("volunteers"),
    "volunteer.skills": _text("skills"), "volunteer.team": _text("team"), "volunteer.since": _day("since"),
    "volunteer.hours": _noted(), "volunteer.number": _text("platform_no"), "volunteer.times": _noted(),
}  # fmt: skip
# Of a volunteer these have no place of their own, or another than of somebody in a family.
_OF_VOLUNTEERS: Mapping[str, Teller] = {
    "person.guardian": _text("guardian"),
    **dict.fromkeys(("person.education", "person.ethnicity", "person.health", "household.address"), _noted()),
}  # fmt: skip


def open_notes(notes: Iterable[tuple[str, str]]) -> str:
    """Notes as they may stand in a record. What holds a long number stays in the sealed cells alone."""
    said = (f"{header}：{text}" for header, text in notes if not _LONG_NUMBER.search(text))
    return "；".join(dict.fromkeys(said))

"""Ledgers by chance: what is understood is the truth, nothing is lost, nothing breaks. SHUANGBAI_FUZZ=5000 tries more."""

import contextlib
import os
import random
import zipfile
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import pytest

from shuangbai.ledgers.enums import Kind
from shuangbai.ledgers.judging import Context
from shuangbai.ledgers.letters import column_of
from shuangbai.ledgers.understanding import Result, as_json, understand
from shuangbai.ledgers.zipped import Unopenable
from tests.ledgers import writing
from tests.ledgers.invented import AS_OF, CONTEXT, TOWN, WORKERS, headings, rows_of, table
from tests.ledgers.messy import build
from tests.ledgers.unseen import HELD_OUT, ODDER, UNSEEN

pytestmark = pytest.mark.nodb
TRIES = int(os.environ.get("SHUANGBAI_FUZZ", "40"))
# These differ by what a list is for, not by what is in it.
LISTS = {Kind.ROSTER, Kind.PERSONS, Kind.HOUSEHOLDS}


def check_nothing_lost(result: Result) -> None:
    for sheet in result.sheets:
        assert len(sheet.table.rows) == len(sheet.records) + len(sheet.not_data)
        wrong = {issue.row for issue in sheet.wrong}
        assert len(sheet.records) == sheet.rows_valid + len(wrong)
        assert wrong <= {record.row for record in sheet.records}
    as_json(result)


@pytest.mark.parametrize("seed", range(TRIES))
def test_a_ledger_put_together_by_chance_is_understood(seed: int) -> None:
    messy = build(seed)
    result = understand(messy.data, CONTEXT, name="台账")
    check_nothing_lost(result)
    sheet = next(one for one in result.sheets if one.sheet == messy.sheet)
    assert result.kind == messy.kind or {result.kind, Kind(messy.kind)} <= LISTS
    assert sheet.layout.header_rows == messy.header_rows
    assert [record.row for record in sheet.records] == messy.rows
    guessed = {letter: sheet.guesses[column_of(letter) or 0].field for letter in messy.mapping}
    assert {letter: field for letter, field in guessed.items() if field not in messy.mapping[letter]} == {}
    if result.kind == messy.kind:
        assert {issue.row: issue.reason for issue in sheet.wrong} == messy.wrong


def measure(ledgers: dict[str, tuple[str, str]]) -> tuple[float, float]:
    """Precision and recall of the mapping over all columns."""
    right = meant = said = 0
    for seed, (name, (kinds, text)) in enumerate(ledgers.items()):
        columns, rng = headings(text), random.Random(seed)
        members = "visits" not in kinds and "activities" not in kinds and "一户一行" not in name
        lines = table(columns, rows_of(seed, 40, members=members), rng)
        result = understand(writing.xlsx({"Sheet1": lines}), CONTEXT, name=name)
        assert result.kind in kinds.split(), name
        for heading, guess in zip(columns, result.sheets[0].guesses, strict=True):
            said += guess.field is not None
            meant += heading.means[0] is not None
            right += guess.field is not None and guess.field in heading.means
    return right / said, right / meant


def test_wordings_that_no_list_has_are_mapped() -> None:
    precision, recall = measure(UNSEEN)
    assert precision >= 0.98
    assert recall >= 0.95
    for more in (HELD_OUT, ODDER):
        precision, recall = measure(more)
        assert precision >= 0.97
        assert recall >= 0.97


POOL: list[Any] = [
    None, None, None, "", " ", "无", "/", "走访日期", "户主姓名", "村（居）", "身份证号码", "联系电话", "序号", "合计", "小计", "备注", "姓名", "活动名称", "参加人数",
    "2019.3.5", "2019年2月30日", "农历正月初五", "３月", date(2019, 3, 5), datetime.combine(date(2019, 3, 5), time(9, 30)), time(9, 5), 43529.0, 4.4e17, 1e300, -5.0, 0.5,
    float(2**40), "441592195004013192", "44159219500401319Ｘ", "4.41592E+17", "东一村", "东涌", "陈小玲", "低保、残疾", "19900001234", "0660-9000007、19900001234",
    "=1+1", "注：1.", "审核人：", "x" * 5000, "𤩽", "\u200b", "例：", "a\nb\tc", "'", '"', True,
]  # fmt: skip


@pytest.mark.parametrize("seed", range(TRIES))
def test_cells_thrown_together_break_nothing(seed: int) -> None:
    rng = random.Random(seed)
    width = rng.randrange(1, 20)
    lines = [[rng.choice(POOL) for _ in range(rng.randrange(width + 1))] for _ in range(rng.randrange(0, 30))]
    way = rng.randrange(3)
    if way == 0:
        data = writing.ods({"表": lines})
    elif way == 1:
        data = writing.separated(lines, rng.choice(",\t;"), rng.choice(["utf-8", "gb18030", "utf-16"]))
    else:
        lines = [[str(v) if isinstance(v, bool) or v == "=1+1" or v == 1e300 else v for v in line] for line in lines]
        data = writing.xlsx({"表": lines, "藏": lines}, hidden=["藏"], from_1904=bool(seed % 2))
    context = rng.choice([CONTEXT, Context(AS_OF), Context(AS_OF, (TOWN,)), Context(AS_OF, workers=frozenset(WORKERS))])
    try:
        result = understand(data, context, kind=rng.choice([None, *Kind]))
    except Unopenable:
        assert not data.strip()
        return
    check_nothing_lost(result)


def read_or_refuse(data: bytes) -> None:
    """Either of the two, and nothing else."""
    with contextlib.suppress(Unopenable):
        check_nothing_lost(understand(data, CONTEXT))


@pytest.mark.parametrize("seed", range(TRIES))
def test_broken_files_are_refused_or_read_never_more(seed: int) -> None:
    rng = random.Random(seed)
    data = bytearray(build(seed).data)
    for _ in range(rng.randrange(1, 20)):
        at = rng.randrange(len(data))
        data[at : at + rng.randrange(1, 30)] = rng.randbytes(rng.randrange(8))
    cut = bytes(data[: rng.randrange(len(data))]) if rng.random() < 0.5 else bytes(data)
    read_or_refuse(cut)


@pytest.mark.parametrize("seed", range(TRIES // 3))
def test_broken_parts_of_a_workbook_are_refused_or_read(seed: int) -> None:
    """The zip is whole, the XML in it is not."""
    rng = random.Random(seed)
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(writing.xlsx({"表": [["姓名", "电话"], ["陈小玲", "1"]]}))) as whole,
        zipfile.ZipFile(out, "w") as broken,
    ):
        for part in whole.namelist():
            text = bytearray(whole.read(part))
            if rng.random() < 0.3:
                at = rng.randrange(len(text))
                text[at : at + rng.randrange(1, 40)] = rng.randbytes(rng.randrange(6))
            broken.writestr(part, bytes(text))
    read_or_refuse(out.getvalue())

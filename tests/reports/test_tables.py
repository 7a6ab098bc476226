"""A table's cells are their lists, its totals the figures themselves; kept, opened, shared, changed, taken away."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from itertools import combinations, permutations
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from shuangbai.core import audit
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.models import AuditEvent
from shuangbai.core.periods import Period
from shuangbai.households.access import Opens
from shuangbai.households.moves import serve_households
from shuangbai.network.models import User
from shuangbai.reports import tables
from shuangbai.reports.actions import change_table, delete_table, save_table
from shuangbai.reports.dimensions import DIMENSIONS
from shuangbai.reports.forms import TableForm, as_typed
from shuangbai.reports.indicators import BY_CODE, INDICATORS
from shuangbai.reports.models import SavedTable
from shuangbai.reports.queries import Ask
from shuangbai.reports.results import shared_dimensions
from shuangbai.reports.sheet import grids
from shuangbai.reports.tables import Question, TooLarge, table
from shuangbai.visits.enums import Mode
from tests.cast import TODAY, City, a_family, a_member, a_visit
from tests.reports.test_numbers import FIRST, MANY, SPAN, History, assert_agree, undone

pytestmark = pytest.mark.django_db

SAID = {"figures": ["V2"], "rows": "station", "columns": "", "held": "", "span": "this_year", "scope": "SW"}
SAVED = dict(SAID)
ALL = Opens(None)


def a_question(city: City, *codes: str, rows: str = "station", columns: str = "", held: Any = None) -> Question:
    figures = [BY_CODE[code] for code in codes]
    return Question(Ask(SPAN, city.root), figures, DIMENSIONS[rows], DIMENSIONS.get(columns), held, ALL)


class TestTheNumbers:
    @MANY
    @given(seed=st.integers(0, 10_000), data=st.data())
    def test_every_cell_of_every_pair_of_dimensions_is_its_list(
        self, city: City, seed: int, data: st.DataObject
    ) -> None:
        with undone():
            History(city, seed).make()
            ask = Ask(SPAN, data.draw(st.sampled_from([city.root, city.haifeng, city.chengdong])))
            for one in INDICATORS:
                for pair in combinations(one.by, 2):
                    rows, columns = data.draw(st.sampled_from([pair, pair[::-1]]))
                    cells = one.cross(ask, rows, columns)
                    assert all(cells.values()), (one.code, rows, columns)
                    for (row, column), number in list(cells.items())[:3]:
                        held = ask.holding(rows, row).holding(columns, column)
                        assert number == assert_agree(one, held), (one.code, rows, columns)

    @MANY
    @given(seed=st.integers(0, 10_000))
    def test_no_cell_is_left_out(self, city: City, seed: int) -> None:
        """Whatever the list of the whole has in a row and column stands in a cell."""
        with undone():
            History(city, seed).make()
            ask = Ask(SPAN, city.root)
            for code, rows, columns in (
                ("V2", "category", "month"),
                ("V1", "station", "mode"),
                ("A2", "group", "month"),
            ):
                one = BY_CODE[code]
                cells = one.cross(ask, rows, columns)
                for row in one.split(ask, rows):
                    for column in one.split(ask, columns):
                        number = one.value(ask.holding(rows, row).holding(columns, column))
                        assert cells.get((row, column), 0) == number

    @MANY
    @given(seed=st.integers(0, 10_000), data=st.data())
    def test_totals_are_the_figures_and_the_difference_is_stated(
        self, city: City, seed: int, data: st.DataObject
    ) -> None:
        with undone():
            History(city, seed).make()
            one = data.draw(st.sampled_from(INDICATORS))
            rows, columns = data.draw(st.sampled_from(list(permutations(one.by, 2)) or [("station", "")]))
            shown = table(a_question(city, one.code, rows=rows, columns=columns))
            [block] = shown.blocks
            ask = shown.question.ask
            assert block.total == one.value(ask)
            for row in shown.rows:
                assert block.row_total(row) == one.value(ask.holding(rows, row.value))
            for column in shown.columns:
                assert block.column_total(column) == one.value(ask.holding(columns, column.value))
            stated = {overlap.dimension.code: overlap for overlap in block.overlaps}
            for dimension, numbers in ((rows, block.by_row), (columns, block.by_column)):
                if dimension:
                    told = stated.get(dimension)
                    twice, outside = (told.twice, told.outside) if told else (0, 0)
                    assert sum(numbers.values()) - twice + outside == block.total
                    assert twice >= 0
                    assert outside >= 0

    def test_a_figure_held_to_a_value_counts_nothing_else(self, city: City, worker: User) -> None:
        family = a_family(city.chengdong, worker, tags=["dibao_rural"])
        a_visit(city.chengdong, worker, family, on=date(2020, 5, 2))
        a_visit(city.chengdong, worker, family, on=date(2020, 5, 3), mode=Mode.PHONE)
        held = (DIMENSIONS["mode"], "phone")
        question = Question(
            Ask(Period(FIRST, TODAY), city.root), [BY_CODE["V1"]], DIMENSIONS["station"], None, held, ALL
        )
        assert table(question).blocks[0].total == 1
        assert question.held_words == ("方式", "电话")
        [grid] = grids(table(question))
        assert "mode=phone" in grid.foot[0].url

    def test_a_family_of_two_stations_or_categories_is_stated(self, city: City, worker: User) -> None:
        family = a_family(city.chengdong, worker, members=[a_member("曾秀英", tags=["disabled", "aged"])])
        serve_households(by=worker, entries=[(family.household, city.haicheng, FIRST)])
        a_visit(city.chengdong, worker, family, on=date(2020, 5, 2))
        a_visit(city.haicheng, city.users["neighbour"], family, on=date(2020, 5, 2))
        [grid] = grids(table(a_question(city, "V2")))
        assert [cell.value for cell in grid.foot] == [1]
        assert grid.notes == ["走访户数：按社工站各项相加比合计多 1 户。同时属于几项的在每一项里都计，合计只计一次。"]
        [grid] = grids(table(a_question(city, "V1", rows="category")))
        assert grid.notes[0].startswith("走访户次：按类别各项相加比合计多 2 户次。")
        assert grid.foot[0].value == 2

    def test_stations_and_months_stand_in_the_table_without_a_number_in_the_order_of_the_tree(self, city: City) -> None:
        shown = table(a_question(city, "V1", columns="month"))
        assert [row.name for row in shown.rows] == ["东洲社工站", "城东社工站", "海城社工站"]
        assert len(shown.columns) == 9
        assert [cell.value for cell in grids(shown)[0].foot] == [0] * 10

    def test_what_is_unclassified_has_the_last_line(self, city: City, worker: User) -> None:
        for tags in ([], ["dibao_rural"]):
            a_visit(city.chengdong, worker, a_family(city.chengdong, worker, tags=tags), on=date(2020, 5, 2))
        rows = table(a_question(city, "V2", rows="category")).rows
        assert [(row.name, row.is_none) for row in rows] == [("农村低保", False), ("未分类", True)] or rows[-1].is_none

    def test_rows_cost_no_query(self, city: City, worker: User, django_assert_max_num_queries: Any) -> None:
        question = a_question(city, "V1", "V2", "V3", rows="category", columns="month")
        for tags in (["dibao_rural"], ["disabled"], ["aged"]):
            a_visit(city.chengdong, worker, a_family(city.chengdong, worker, members=[a_member("曾秀英", tags=tags)]))
        with django_assert_max_num_queries(18):
            assert len(grids(table(question))) == 3

    def test_a_table_too_large_to_read_is_refused(self, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(tables, "MOST_CELLS", 5)
        with pytest.raises(TooLarge):
            table(a_question(city, "V1", "V2"))

    def test_figures_of_different_rooms_share_the_station(self) -> None:
        assert [one.code for one in shared_dimensions([BY_CODE["V2"], BY_CODE["S3"]])] == ["station"]

    def test_what_holds_on_one_day_has_no_months(self) -> None:
        assert [one.code for one in shared_dimensions([BY_CODE["F1"]])] == ["station"]
        assert "month" in [one.code for one in shared_dimensions([BY_CODE["F2"]])]


class TestTheForm:
    def test_a_period_by_name_moves_with_the_day_and_days_stay(self, city: City, officer: User) -> None:
        form = TableForm(as_typed({**SAID, "span": "last_month"}), user=officer)
        assert form.is_valid(), form.errors
        assert form.question().ask.period == Period(date(2020, 5, 1), date(2020, 5, 31))
        assert form.said()["span"] == "last_month"
        fixed = {**SAID, "span": "", "first": "2020-01-01", "last": "2020-02-01"}
        form = TableForm(as_typed(fixed), user=officer)
        assert form.is_valid()
        assert TableForm(as_typed(form.said()), user=officer).data == form.data

    @pytest.mark.parametrize(
        ("said", "sentence"),
        [
            ({"figures": []}, "请至少选一个指标"),
            ({"figures": ["V1", "V2", "V3", "V4", "V5", "V6", "V7"]}, "最多放 6 个指标"),
            ({"rows": "grade"}, "走访户数不能按「级别」划分。选的这些指标都能按这些划分：社工站"),
            ({"columns": "station"}, "行和列要选两种不同的划分"),
            ({"held": "station:SW-HF-01"}, "选择一个有效的选项"),
            ({"rows": "mode", "held": "mode:home"}, "只看的一项与行或列是同一种划分"),
            ({"span": ""}, "请填写日期，或在「期间」里选一个"),
            ({"span": "", "first": "2020-02-02", "last": "2020-02-01"}, "结束日期早于开始日期"),
        ],
    )
    def test_what_makes_no_sense_is_said(self, city: City, officer: User, said: Any, sentence: str) -> None:
        form = TableForm(as_typed({**SAID, **said}), user=officer)
        assert not form.is_valid()
        assert sentence in str(form.errors)


class TestKeeping:
    def test_kept_opened_changed_and_dropped_with_a_line_in_the_trail_each(self, city: City, officer: User) -> None:
        kept = save_table(by=officer, name="各站走访", scope=city.root, question=SAVED)
        kept = change_table(by=officer, table=kept, version=1, name="走访", shared=True)
        assert (kept.name, kept.shared, kept.version) == ("走访", True, 2)
        delete_table(by=officer, table=kept, version=2)
        assert not SavedTable.objects.exists()
        told = [audit.sentence(e) for e in AuditEvent.objects.filter(kind__startswith="report.table").order_by("id")]
        assert told == [
            "蔡志明 保存了一张自定义表：V2，SW",
            "蔡志明 改了一张自定义表的名称或共享：V2，SW",
            "蔡志明 删除了一张自定义表：V2，SW",
        ]

    def test_a_name_is_given_once_by_each(self, city: City, officer: User, supervisor: User) -> None:
        save_table(by=officer, name="走访", scope=city.root, question=SAVED)
        with pytest.raises(Refused, match="同名"):
            save_table(by=officer, name="走访", scope=city.root, question=SAVED)
        save_table(by=supervisor, name="走访", scope=city.root, question=SAVED)

    def test_somebody_else_changes_nothing_and_two_windows_tell(
        self, city: City, worker: User, colleague: User, head: User
    ) -> None:
        kept = save_table(by=worker, name="走访", scope=city.chengdong, question=SAVED, shared=True)
        for by in (colleague, head):
            with pytest.raises(NotAllowed):
                delete_table(by=by, table=kept, version=1)
        change_table(by=worker, table=kept, version=1, name="走访一", shared=True)
        with pytest.raises(Conflict):
            change_table(by=worker, table=kept, version=1, name="走访二", shared=True)
        with pytest.raises(Conflict):
            delete_table(by=worker, table=kept, version=1)

    def test_another_part_of_the_tree_cannot_be_kept(self, city: City, worker: User) -> None:
        with pytest.raises(NotAllowed):
            save_table(by=worker, name="全市", scope=city.root, question=SAVED)

    @pytest.mark.parametrize("fields", [{"name": ""}, {"name": "走访"}])
    def test_the_database_refuses_nonsense(self, city: City, officer: User, fields: Any) -> None:
        save_table(by=officer, name="走访", scope=city.root, question=SAVED)
        with pytest.raises(IntegrityError), transaction.atomic():
            SavedTable.objects.create(unit=city.root, question=SAVED, made_by=officer, **fields)


class TestThePages:
    @pytest.fixture
    def as_(self, city: City, worker: User, client_for: Callable[[User], Client]) -> Callable[[str], Client]:
        a_visit(city.chengdong, worker, a_family(city.chengdong, worker), on=date(2020, 5, 2))
        return lambda name: client_for(city.users[name])

    def test_every_number_of_a_table_opens_its_list(self, as_: Callable[[str], Client]) -> None:
        client = as_("officer")
        address = "/reports/tables/?figures=V1&figures=V2&rows=category&columns=month&held=mode:home&span=since"
        answer = client.get(address)
        assert answer.status_code == 200
        cells = [cell for grid in answer.context["grids"] for _, row in grid.body for cell in row if cell.url]
        cells += [cell for grid in answer.context["grids"] for cell in grid.foot if cell.url]
        assert len(cells) >= 8
        for cell in cells:
            opened = client.get(cell.url)
            assert opened.status_code == 200
            assert opened.context["value"] == cell.value
            if isinstance(cell.value, str):  # held back: the list is closed
                assert opened.context["hidden"]
            else:
                assert opened.context["evidence"] == cell.value

    def test_kept_on_the_page_shared_and_opened_by_a_colleague(self, city: City, as_: Callable[[str], Client]) -> None:
        said = {"figures": ["V2"], "rows": "station", "span": "last_month", "scope": "SW-HF-01", "name": "上月走访"}
        answer = as_("worker").post("/reports/tables/save", {**said, "shared": "on"})
        address = answer.headers["Location"]
        page = as_("colleague").get(address).content.decode()
        assert "2020-05-01 至 2020-05-31" in page
        assert "改名、共享" not in page
        assert as_("neighbour").get(address).status_code == 404
        again = as_("worker").post("/reports/tables/save", said)
        assert again.status_code == 422
        assert "您已有一张同名的表" in again.content.decode()
        stale = as_("worker").post(f"{address}change", {"name": "走访", "version": "7"})
        assert stale.status_code == 409
        assert as_("worker").post(f"{address}change", {"name": "走访", "version": "1"}).status_code == 302
        assert as_("colleague").get(address).status_code == 404  # the box was not ticked
        assert as_("worker").post(f"{address}delete", {"version": "2"}).headers["Location"] == "/reports/tables/"
        assert not SavedTable.objects.exists()

    def test_the_spreadsheet_has_numbers_definitions_and_who_took_it(self, as_: Callable[[str], Client]) -> None:
        said = {"figures": ["V1", "T3"], "rows": "station", "columns": "month", "span": "this_quarter", "scope": "SW"}
        answer = as_("officer").post("/reports/tables/export", {**said, "title": "=走访"})
        assert answer.status_code == 200
        with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
            texts = book.read("xl/sharedStrings.xml").decode()
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "蔡志明（officer）2020-06-06" in texts
        assert BY_CODE["V1"].definition in texts
        assert "=走访" in texts
        assert "<f>" not in sheet
        assert "<v>1</v>" in sheet
        [event] = AuditEvent.objects.filter(kind="report.table_exported")
        assert audit.sentence(event) == "蔡志明 导出了自定义表：V1、T3，SW，2020-04-01 至 2020-06-06"

    def test_a_file_is_not_made_of_a_question_without_sense(self, as_: Callable[[str], Client]) -> None:
        answer = as_("officer").post("/reports/tables/export", {"figures": ["V1"], "rows": "grade", "scope": "SW"})
        assert answer.status_code == 422
        assert not AuditEvent.objects.filter(kind="report.table_exported").exists()

    def test_a_table_too_large_says_what_to_do(
        self, as_: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tables, "MOST_CELLS", 1)
        answer = as_("officer").get("/reports/tables/?figures=V1&rows=station&columns=month&span=since")
        assert answer.status_code == 422
        assert "请少选指标、缩短期间" in answer.content.decode()


@pytest.mark.nodb
def test_who_came_with_a_name_and_who_without_are_called_so() -> None:
    named = DIMENSIONS["naming"].named(["person", "heads"])
    assert named == {"person": ("person", "实名"), "heads": ("heads", "未实名")}

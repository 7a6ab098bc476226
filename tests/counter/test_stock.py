"""The account of goods and funds: never below nothing on any day, stocktaking, reversals, who sees what."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.ids import random_id
from shuangbai.core.models import AuditEvent
from shuangbai.core.papers import Paper, paper_data
from shuangbai.counter.actions.stock import change_item, count_stock, record_move, reverse_move
from shuangbai.counter.entries import MoveEntry
from shuangbai.counter.enums import MoveWay, StockKind
from shuangbai.counter.models import StockItem, StockMove
from shuangbai.counter.queries import balances
from tests.cast import a_family
from tests.smallthings import an_item, moved

pytestmark = pytest.mark.django_db
IN, OUT = MoveWay.BOUGHT, MoveWay.OFFICE


def sentence(refused: Any) -> str:
    return "；".join(finding.sentence for finding in refused.value.findings)


def text_of(answer: Any) -> str:
    return answer.content.decode()


def left(station: Any, last: date | None = None) -> dict[str, Decimal]:
    return {one.item.name: one.closing for one in balances(station, last=last)}


@pytest.fixture
def masks(city, worker) -> StockItem:
    return an_item(city.chengdong, worker)


class TestBelowNothing:
    def test_more_than_there_is_cannot_go_out(self, worker, masks):
        moved(masks, worker, IN, 30)
        with pytest.raises(Refused) as refused:
            moved(masks, worker, OUT, 50)
        assert "「口罩」到 2020-05-06 只有 30 个，不够 50 个" in sentence(refused)

    def test_nor_before_it_came_in(self, worker, masks):
        moved(masks, worker, IN, 30, date(2020, 5, 10))
        with pytest.raises(Refused) as refused:
            moved(masks, worker, OUT, 5, date(2020, 5, 9))
        assert "到 2020-05-09 只有 0 个" in sentence(refused)

    def test_what_is_noted_late_may_not_empty_a_later_day(self, worker, masks):
        moved(masks, worker, IN, 30, date(2020, 5, 1))
        moved(masks, worker, OUT, 25, date(2020, 5, 20))
        with pytest.raises(Refused) as refused:
            moved(masks, worker, OUT, 10, date(2020, 5, 10))
        assert "到 2020-05-20 会少 5 个" in sentence(refused)
        moved(masks, worker, OUT, 5, date(2020, 5, 10))

    def test_on_one_day_in_and_out_are_one(self, city, worker, masks):
        moved(masks, worker, IN, 30)
        moved(masks, worker, OUT, 30)
        assert left(city.chengdong) == {"口罩": 0}

    def test_money_keeps_its_cents(self, city, worker):
        fund = an_item(city.chengdong, worker, "备用金", kind=StockKind.MONEY, unit="")
        moved(fund, worker, MoveWay.ALLOTTED, "500")
        moved(fund, worker, OUT, "120.35")
        assert left(city.chengdong) == {"备用金": Decimal("379.65")}
        assert StockItem.objects.get().unit == "元"


class TestMoving:
    def test_sent_twice_it_is_one(self, worker, masks):
        entry = MoveEntry(date(2020, 5, 6), IN, Decimal(5))
        assert record_move(by=worker, item=masks, entry=entry).pk == record_move(by=worker, item=masks, entry=entry).pk

    def test_a_day_to_come_and_nothing_at_all_are_refused(self, worker, masks):
        for on, many, said in ((date(2020, 6, 7), 1, "今天之后"), (date(2020, 5, 1), 0, "要大于 0")):
            with pytest.raises(Refused) as refused:
                moved(masks, worker, IN, many, on)
            assert said in sentence(refused)

    def test_to_a_family_that_is_the_stations(self, city, worker, stranger, masks):
        moved(masks, worker, IN, 30)
        family, theirs = a_family(city.chengdong, worker), a_family(city.dongzhou, stranger)
        assert moved(masks, worker, MoveWay.FAMILY, 5, household=family.household).household == family.household
        with pytest.raises(NotAllowed):
            moved(masks, worker, MoveWay.FAMILY, 5, household=theirs.household)

    def test_the_trail_says_what_and_how_many_and_to_nobody(self, city, worker, masks):
        moved(masks, worker, IN, 30)
        family = a_family(city.chengdong, worker)
        moved(masks, worker, MoveWay.FAMILY, 5, household=family.household, whom="曾秀英")
        told = AuditEvent.objects.filter(kind="stock.moved").order_by("id").last()
        assert told.details["quantity"] == "5"
        assert "曾秀英" not in str(told.details) + str(told.personal)

    def test_a_receipt_is_kept_and_opened_with_a_trace(self, city, client_for, worker, masks):
        move = moved(masks, worker, IN, 30, paper=Paper(b"\x89PNG", "png"))
        assert paper_data(move.stored) == b"\x89PNG"
        answer = client_for(worker).post(f"/counter/goods/moves/{move.pk}/receipt")
        assert answer.status_code == 200
        assert AuditEvent.objects.filter(kind="stock.receipt_looked").count() == 1

    def test_another_station_moves_nothing(self, masks, stranger, officer):
        for by in (stranger, officer):
            with pytest.raises(NotAllowed):
                moved(masks, by, IN, 1)


class TestStocktaking:
    def test_a_difference_needs_a_reason_and_is_booked(self, city, worker, masks):
        moved(masks, worker, IN, 30)
        with pytest.raises(Refused) as refused:
            count_stock(by=worker, item=masks, on=date(2020, 5, 31), counted=Decimal(28))
        assert "实有比账上少 2" in sentence(refused)
        count_stock(by=worker, item=masks, on=date(2020, 5, 31), counted=Decimal(28), reason="漏记一次发放")
        assert left(city.chengdong) == {"口罩": 28}

    def test_what_was_counted_closes_what_was_before(self, worker, masks):
        moved(masks, worker, IN, 30)
        row = count_stock(by=worker, item=masks, on=date(2020, 5, 31), counted=Decimal(30))
        with pytest.raises(Refused) as refused:
            moved(masks, worker, OUT, 1, date(2020, 5, 30))
        assert "在 2020-05-31 盘点过" in sentence(refused)
        reverse_move(by=worker, move=row, reason="数错了")
        moved(masks, worker, OUT, 1, date(2020, 5, 30))

    def test_it_is_not_dated_before_what_moved(self, worker, masks):
        moved(masks, worker, IN, 30)
        with pytest.raises(Refused):
            count_stock(by=worker, item=masks, on=date(2020, 5, 5), counted=Decimal(30))


class TestReversing:
    def test_both_stay_and_weigh_nothing_on_any_day(self, city, worker, masks):
        moved(masks, worker, IN, 300)
        wrong = moved(masks, worker, OUT, 200, date(2020, 5, 10))
        back = reverse_move(by=worker, move=wrong, reason="多写一个零")
        moved(masks, worker, OUT, 20, date(2020, 5, 10))
        assert (back.moved_on, back.quantity) == (date(2020, 5, 10), 200)
        assert left(city.chengdong, date(2020, 5, 10)) == {"口罩": 280}
        assert StockMove.objects.count() == 4

    def test_only_once_and_not_what_was_given_out_since(self, worker, masks):
        came = moved(masks, worker, IN, 30)
        went = moved(masks, worker, OUT, 20)
        with pytest.raises(Refused) as refused:
            reverse_move(by=worker, move=came, reason="写错")
        assert "会少 20 个" in sentence(refused)
        reverse_move(by=worker, move=went, reason="写错")
        with pytest.raises(Refused):
            reverse_move(by=worker, move=went, reason="写错")

    def test_a_reason_is_needed(self, worker, masks):
        came = moved(masks, worker, IN, 30)
        with pytest.raises(Refused):
            reverse_move(by=worker, move=came, reason=" ")


class TestItems:
    def test_two_of_one_name_are_refused_and_two_at_once_see_each_other(self, city, worker, masks):
        with pytest.raises(Refused) as refused:
            an_item(city.chengdong, worker)
        assert "台账里已有「口罩」" in sentence(refused)
        change_item(by=worker, item=masks, version=1, name="成人口罩", unit="个", note="")
        with pytest.raises(Conflict):
            change_item(by=worker, item=masks, version=1, name="口罩", unit="个", note="")

    def test_the_database_refuses_nonsense(self, worker, masks):
        move = moved(masks, worker, IN, 30)
        for change in ({"quantity": -1}, {"way": "count"}, {"way": "reversal"}, {"counted": 3}, {"way": "office"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                StockMove.objects.filter(pk=move.pk).update(**change)
        for change in ({"name": ""}, {"unit": ""}):
            with pytest.raises(IntegrityError), transaction.atomic():
                StockItem.objects.filter(pk=masks.pk).update(**change)
        back = reverse_move(by=worker, move=move, reason="写错")
        back.pk, back.client_id = random_id(), random_id()
        with pytest.raises(IntegrityError), transaction.atomic():
            back.save(force_insert=True)


class TestPages:
    def test_from_an_empty_account_to_a_months_sheet(self, city, client_for, worker):
        client = client_for(worker)
        assert "台账还是空的" in text_of(client.get("/counter/goods/"))
        client.post("/counter/goods/new", {"kind": "goods", "name": "口罩", "unit": "个"})
        item = StockItem.objects.get()
        came = {"moved_on": "2020-06-01", "way": "donated", "quantity": "100", "whom": "县慈善会", "receipt_no": "0012"}
        page = text_of(client.post(f"/counter/goods/{item.pk}/in", came, follow=True))
        assert "现有 100 个" in page
        went = {"moved_on": "2020-06-02", "way": "office", "quantity": "130"}
        answer = client.post(f"/counter/goods/{item.pk}/out", went)
        assert answer.status_code == 422
        assert "只有 100 个" in text_of(answer)
        assert 'value="130"' in text_of(answer)
        client.post(f"/counter/goods/{item.pk}/out", went | {"quantity": "30"})
        client.post(f"/counter/goods/{item.pk}/count", {"on": "2020-06-03", "counted": "70"})
        page = text_of(client.get("/counter/goods/sheet?month=2020-06"))
        for said in ("县慈善会", "期末", ">70<"):
            assert said in page
        book = client.post("/counter/goods/export?month=2020-06", {"kind": "goods", "reason": "check"})
        rows = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
        flat = [str(cell) for row in rows for cell in row]
        assert "县慈善会" in flat
        assert "70" in flat

    def test_a_move_is_reversed_and_an_item_renamed(self, client_for, worker, masks):
        client = client_for(worker)
        move = moved(masks, worker, IN, 30)
        page = text_of(client.post(f"/counter/goods/moves/{move.pk}/reverse", {"reason": "写错"}, follow=True))
        assert "已冲销" in page
        url = f"/counter/goods/{masks.pk}/edit"
        client.post(url, {"name": "成人口罩", "unit": "个", "version": "1"})
        answer = client.post(url, {"name": "儿童口罩", "unit": "个", "version": "1"})
        assert answer.status_code == 409
        for both in ("成人口罩", "儿童口罩"):
            assert both in text_of(answer)

    def test_the_bureau_reads_the_account_and_no_names(self, city, client_for, worker, officer, masks):
        moved(masks, worker, IN, 30)
        family = a_family(city.chengdong, worker)
        moved(masks, worker, MoveWay.FAMILY, 5, household=family.household, whom="曾秀英")
        client = client_for(officer)
        station = city.chengdong.code
        for url in (f"/counter/goods/{masks.pk}/", f"/counter/goods/sheet?month=2020-05&station={station}"):
            page = text_of(client.get(url))
            assert "曾秀英" not in page
            assert "口罩" in page
        assert "口罩" in text_of(client.get(f"/counter/goods/?station={station}"))

    def test_another_station_finds_nothing(self, client_for, worker, stranger, masks):
        move = moved(masks, worker, IN, 30)
        client = client_for(stranger)
        assert str(masks.pk) not in text_of(client.get("/counter/goods/"))
        for url in (f"/counter/goods/{masks.pk}/", f"/counter/goods/moves/{move.pk}/reverse"):
            assert client.get(url).status_code == 404

    def test_a_month_that_is_none_is_this_month(self, client_for, worker, masks):
        assert "2020年6月" in text_of(client_for(worker).get("/counter/goods/sheet?month=13"))

    @pytest.mark.parametrize("url", ["/counter/goods/", "/counter/goods/{item}/", "/counter/goods/sheet?month=2020-05"])
    def test_as_many_queries_for_ten_moves_as_for_two(self, city, client_for, worker, masks, url):
        client, url = client_for(worker), url.format(item=masks.pk)
        family = a_family(city.chengdong, worker)

        def asked() -> int:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            return len(queries)

        moved(masks, worker, IN, 30)
        moved(masks, worker, MoveWay.FAMILY, 1, household=family.household)
        asked()
        few = asked()
        for _ in range(8):
            moved(masks, worker, MoveWay.FAMILY, 1, household=family.household)
        moved(an_item(city.chengdong, worker, "米"), worker, IN, 3)
        assert asked() == few

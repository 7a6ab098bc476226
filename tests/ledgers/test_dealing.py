"""A workbook of several stations: sorted by station, dealt out whole, brought in by each station itself, called back."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from shuangbai.core import clock
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.papers import kept_names
from shuangbai.ledgers import actions, deals
from shuangbai.ledgers.dealing import BY_VILLAGE
from shuangbai.ledgers.enums import DealState, ImportState
from shuangbai.ledgers.keepsakes import book_of, rows_of
from shuangbai.ledgers.models import Dealing, Import
from shuangbai.ledgers.reading import open_book
from shuangbai.network.models import User
from shuangbai.services.models import ServiceRecord
from tests.cast import City
from tests.ledgers import writing

HEADER = ["编号", "所属站点", "走访日期", "村居", "户主", "方式", "走访结果", "走访人", "走访情况"]
ROWS = [
    ["1", "城东社工站", "2020-03-05", "赤山村", "林进财", "入户", "见面", "林小燕", "都好"],
    ["2", "海城", "2020.3.6", "海珠社区", "陈阿妹", "电访", "见面", "吴晓彤", "屋顶漏雨"],
    ["3", "东洲街道社工站", "2020-03-07", "湖东村", "黄金水", "入户", "见面", "郑海生", "都好"],
    ["4", "城东社工站", "2020-02-30", "北平村", "吴二弟", "入户", "见面", "林小燕", "不存在的日子"],
    ["5", "市社工督导中心", "2020-03-08", "长埔村", "蔡三妹", "入户", "见面", "", "督导同访"],
    ["6", "", "2020-03-09", "北平村", "孙大强", "入户", "见面", "黄建国", "没写站"],
    ["7", "", "2020-03-09", "", "周无村", "入户", "见面", "", "没写站也没写村"],
]


def book(*rows: list[Any], header: list[str] = HEADER, title: bool = True) -> bytes:
    head = [["全市走访汇总"], header] if title else [header]
    return writing.xlsx({"走访记录": [*head, *(rows or ROWS)]})


DATA = book()


@pytest.fixture
def taken(supervisor: User, city: City) -> Dealing:
    return deals.take_in_many(by=supervisor, owner=city.root, data=DATA, name="全市.xlsx")


@pytest.fixture
def dealt(taken: Dealing, supervisor: User) -> Dealing:
    deals.ask_to_deal(by=supervisor, dealing=taken, version=taken.version)
    deals.deal_out(by=supervisor, dealing_id=taken.pk)
    taken.refresh_from_db()
    return taken


def shares(dealing: Dealing) -> dict[str, int]:
    return {name: rows for name, rows, _ in dealing.counts["shares"].values()}


def test_rows_go_by_the_name_of_the_station_else_by_the_village(taken: Dealing) -> None:
    assert shares(taken) == {"城东社工站": 3, "海城社工站": 1, "东洲社工站": 1}
    assert taken.counts["unclear"] == {"市社工督导中心": 1}
    assert taken.counts["left"] == 2
    assert [(many, places) for _, many, places in taken.counts["why"]] == [
        (1, "走访记录 第 7 行"),
        (1, "走访记录 第 9 行"),
    ]
    assert not Import.objects.exists()


def test_what_is_no_station_is_asked_once(taken: Dealing, supervisor: User) -> None:
    said = deals.say_stations(by=supervisor, dealing=taken, version=1, said={"市社工督导中心": BY_VILLAGE})
    assert shares(said)["海城社工站"] == 2
    again = deals.say_stations(by=supervisor, dealing=said, version=2, said={"市社工督导中心": "SW-CQ-01"})
    assert shares(again)["东洲社工站"] == 2
    with pytest.raises(Conflict):
        deals.say_stations(by=supervisor, dealing=said, version=2, said={"市社工督导中心": ""})


def test_each_station_gets_its_rows_where_they_stood_and_nobody_elses(dealt: Dealing, city: City) -> None:
    part = Import.objects.get(dealing=dealt, station=city.chengdong)
    assert [row.row for row in rows_of(part)] == [3, 6, 8]
    assert (part.counts["fates"], part.state) == ({"new": 2, "wrong": 1}, ImportState.READ)
    cells = [value for row in open_book(book_of(part)).sheets[0].rows for value in row if value is not None]
    assert "林进财" in cells
    assert not {"陈阿妹", "黄金水", "蔡三妹", "周无村"} & set(cells)
    other = Import.objects.get(dealing=dealt, station=city.dongzhou)
    assert [row.said["head"] for row in rows_of(other)] == ["黄金水"]


def test_the_centres_copy_goes_when_it_is_dealt_out(dealt: Dealing) -> None:
    names = {name for part in dealt.parts.all() for name in (part.stored, part.told)}
    assert (dealt.state, dealt.stored) == (DealState.DEALT, "")
    assert set(kept_names()) >= names


def test_a_station_brings_its_part_in_and_takes_it_back(dealt: Dealing, city: City, head: User) -> None:
    part = Import.objects.get(dealing=dealt, station=city.chengdong)
    actions.ask_for_import(by=head, source=part, version=part.version)
    actions.bring_in(by=head, source_id=part.pk)
    assert ServiceRecord.objects.filter(station=city.chengdong).count() == 2
    part.refresh_from_db()
    assert actions.undo(by=head, source=part, version=part.version, reason="分错了") == []
    assert not ServiceRecord.objects.filter(voided_at__isnull=True).exists()


def test_what_stations_have_not_brought_in_is_called_back(
    dealt: Dealing, city: City, head: User, supervisor: User
) -> None:
    part = Import.objects.get(dealing=dealt, station=city.chengdong)
    actions.ask_for_import(by=head, source=part, version=part.version)
    actions.bring_in(by=head, source_id=part.pk)
    assert deals.call_back(by=supervisor, dealing=dealt, version=dealt.version) == (2, 1)
    assert list(Import.objects.all()) == [part]
    assert ServiceRecord.objects.count() == 2


def test_the_same_file_is_not_dealt_out_twice(dealt: Dealing, city: City, supervisor: User) -> None:
    again = deals.take_in_many(by=supervisor, owner=city.root, data=DATA, name="全市.xlsx")
    with pytest.raises(Refused, match="已经分发过"):
        deals.ask_to_deal(by=supervisor, dealing=again, version=1)
    deals.call_back(by=supervisor, dealing=dealt, version=dealt.version)
    deals.ask_to_deal(by=supervisor, dealing=again, version=1)


def test_all_stations_or_none(taken: Dealing, supervisor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    deals.ask_to_deal(by=supervisor, dealing=taken, version=1)

    def parts() -> Iterator[Import]:
        made = deals.parts_of(
            deals.sort_out(taken.owner, book(), "全市.xlsx", None, {}), book(), by=supervisor, name="x"
        )
        yield from made[:1]
        raise OSError("away")

    with pytest.raises(OSError, match="away"):
        deals.keep_dealt(by=supervisor, dealing=Dealing.objects.get(pk=taken.pk), parts=parts())  # type: ignore[arg-type]
    assert not Import.objects.exists()


def test_without_a_column_of_stations_the_village_decides(supervisor: User, city: City) -> None:
    header = ["走访日期", "镇街", "村居", "户主", "方式", "走访情况"]
    rows = [
        ["2020-03-05", "城东镇", "赤山村", "林进财", "入户", "好"],
        ["2020-03-05", "东洲街道", "东一村", "黄水", "入户", "好"],
    ]
    found = deals.take_in_many(by=supervisor, owner=city.root, data=book(*rows, header=header), name="a.xlsx")
    assert shares(found) == {"城东社工站": 1, "东洲社工站": 1}


def test_stations_of_others_are_asked_about_and_not_guessed(supervisor: User, city: City) -> None:
    header = ["站点", "走访日期", "镇街", "村居", "户主", "方式"]
    rows = [["城东社工站", "2020-03-05", "城东镇", "赤山村", "林进财", "入户"]]
    rows += [["陆丰城东社工站", "2020-03-05", "城东镇", "赤山村", f"黄{number}水", "入户"] for number in "一二三"]
    found = deals.take_in_many(by=supervisor, owner=city.root, data=book(*rows, header=header), name="a.xlsx")
    assert (shares(found), found.counts["unclear"]) == ({"城东社工站": 1}, {"陆丰城东社工站": 3})


def test_a_sheet_that_is_called_like_a_station(supervisor: User, city: City) -> None:
    header = ["走访日期", "户主", "方式", "走访情况"]
    data = writing.xlsx({
        "城东站": [header, ["2020-03-05", "林进财", "入户", "好"]],
        "海城站": [header, ["2020-03-06", "陈阿妹", "入户", "好"], ["2020-03-07", "陈阿妹", "入户", "好"]],
    })  # fmt: skip
    found = deals.take_in_many(by=supervisor, owner=city.root, data=data, name="a.xlsx")
    assert shares(found) == {"城东社工站": 1, "海城社工站": 2}


@pytest.mark.parametrize("name", ["worker", "head", "officer", "sysadmin"])
def test_whoever_does_not_see_families_of_several_stations_deals_nothing_out(
    name: str, city: City, client: Client
) -> None:
    with pytest.raises(NotAllowed):
        deals.take_in_many(by=city.users[name], owner=city.root, data=book(), name="a.xlsx")
    client.force_login(city.users[name], backend="shuangbai.accounts.backends.AccountBackend")
    assert client.get("/ledgers/dealt/").status_code in (404, 403)


def test_the_database_keeps_no_workbook_that_was_dealt_out(taken: Dealing) -> None:
    for wrong in ({"state": "dealt"}, {"stored": ""}, {"state": "dealt", "dealt_at": clock.now()}):
        with pytest.raises(IntegrityError, match="dealing_dealt_when"), transaction.atomic():
            Dealing.objects.filter(pk=taken.pk).update(**wrong)


def test_from_upload_to_the_stations_by_pages(supervisor: User, city: City, client: Client) -> None:
    client.force_login(supervisor, backend="shuangbai.accounts.backends.AccountBackend")
    assert "还没有分发过" in client.get("/ledgers/dealt/").content.decode()
    answer = client.post("/ledgers/dealt/", {"file": SimpleUploadedFile("全市.xlsx", book())})
    dealing = Dealing.objects.get()
    assert answer.url == f"/ledgers/dealt/{dealing.pk}/"  # type: ignore[attr-defined]
    page = client.get(answer.url).content.decode()  # type: ignore[attr-defined]
    assert "分给 3 个站" in page
    assert "「市社工督导中心」（1 行）" in page
    client.post(f"/ledgers/dealt/{dealing.pk}/", {"version": 1, "s-0": "village"})
    dealing.refresh_from_db()
    assert (dealing.version, shares(dealing)["海城社工站"]) == (2, 2)
    client.post(f"/ledgers/dealt/{dealing.pk}/deal", {"version": 2})
    dealing.refresh_from_db()
    assert dealing.state == DealState.QUEUED
    assert client.get(f"/ledgers/dealt/{dealing.pk}/state").status_code == 200
    deals.deal_out(by=supervisor, dealing_id=dealing.pk)
    page = client.get(f"/ledgers/dealt/{dealing.pk}/").content.decode()
    assert "待核对" in page
    dealing.refresh_from_db()
    client.post(f"/ledgers/dealt/{dealing.pk}/back", {"version": dealing.version})
    assert not Import.objects.exists()


def test_a_workbook_that_is_not_wanted(taken: Dealing, supervisor: User, client: Client) -> None:
    client.force_login(supervisor, backend="shuangbai.accounts.backends.AccountBackend")
    assert client.post(f"/ledgers/dealt/{taken.pk}/drop", {"version": 1}).status_code == 302
    assert not Dealing.objects.exists()

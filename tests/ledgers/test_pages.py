"""The pages of a ledger: uploaded, looked through, decided about, brought in by the job, taken back."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shuangbai.core import jobs
from shuangbai.core.models import AuditEvent
from shuangbai.core.uploads import LARGEST
from shuangbai.households.models import Household
from shuangbai.ledgers import views
from shuangbai.ledgers.enums import ImportState
from shuangbai.ledgers.jobs import bring
from shuangbai.ledgers.jobs import undo as take_back
from shuangbai.ledgers.models import Import, Learnt
from shuangbai.ledgers.reading import open_book
from shuangbai.network.models import User
from shuangbai.services.models import ServiceRecord
from shuangbai.visits.models import Visit
from tests.cast import City, a_visit
from tests.ledgers.test_bringing_in import FAMILIES, HEAD, NUMBER, ONE, TWO, VISITS, WRONG, alone, book

pytestmark = pytest.mark.usefixtures("city")
SignIn = Callable[[User], Client]


@pytest.fixture
def at(client_for: SignIn, worker: User) -> Client:
    return client_for(worker)


def upload(at: Client, data: bytes, name: str = "台账.xlsx", **more: Any) -> Any:
    return at.post(reverse("ledger-list"), {"file": SimpleUploadedFile(name, data), **more})


def uploaded(at: Client, data: bytes, **more: Any) -> tuple[Import, str]:
    answer = upload(at, data, **more)
    assert answer.status_code == 302, answer.content.decode()
    source = Import.objects.latest("entered_at")
    return source, reverse("ledger", args=[source.pk])


def bring_in(at: Client, source: Import) -> Import:
    assert at.post(reverse("ledger-bring", args=[source.pk]), {"version": source.version}).status_code == 302
    source.refresh_from_db()
    assert source.state == ImportState.QUEUED
    bring.call(str(source.pk), str(source.entered_by_id))
    source.refresh_from_db()
    return source


def test_from_the_file_to_the_records_and_back(at: Client) -> None:
    source, url = uploaded(at, book(VISITS, ONE, TWO, WRONG))
    page = at.get(url).content.decode()
    for words in ("导入 2 行", "有错，不导入", "日期读不出来", "2 户是系统里没有的"):
        assert words in page
    assert "13800000001" not in page
    source = bring_in(at, source)
    assert (source.state, ServiceRecord.objects.count()) == (ImportState.DONE, 2)
    record = ServiceRecord.objects.get(occurred_on=date(2020, 3, 5))
    shown = at.get(reverse("visit", args=[record.pk])).content.decode()
    assert "来自台账，看原始行" in shown
    row = source.rows.get(record=record.pk)
    cells = at.get(reverse("ledger-row", args=[row.pk])).content.decode()
    assert "屋顶漏雨" in cells
    assert "138******01" in cells
    family = at.get(reverse("family", args=[record.household_id])).content.decode()
    assert "台账.xlsx" not in family  # its visits are told of, not the family
    undo = reverse("ledger-undo", args=[source.pk])
    assert at.post(undo, {"version": source.version, "reason": ""}).status_code == 422
    assert at.post(undo, {"version": source.version, "reason": "传错了"}).status_code == 302
    state = reverse("ledger-state", args=[source.pk])
    assert "正在撤销" in at.get(url).content.decode()
    assert "HX-Refresh" not in at.get(state).headers
    take_back.call(str(source.pk), str(source.entered_by_id))
    assert at.get(state).headers["HX-Refresh"] == "true"
    assert "撤销了这次导入" in at.get(url).content.decode()
    assert not ServiceRecord.objects.filter(voided_at__isnull=True).exists()


def test_a_family_page_names_the_ledger_that_told_of_it(at: Client) -> None:
    source, _ = uploaded(at, book(FAMILIES, HEAD))
    bring_in(at, source)
    assert "台账.xlsx" in at.get(reverse("family", args=[Household.objects.get().pk])).content.decode()


def test_columns_are_changed_by_picking_and_remembered(at: Client) -> None:
    source, url = uploaded(at, book(VISITS, ONE))
    columns = reverse("ledger-columns", args=[source.pk])
    assert "屋顶漏雨" in at.get(columns).content.decode()
    said = {f"c-0-{letter}": meaning or "" for letter, _, meaning, *_ in source.counts["sheets"][0]["columns"]}
    sent = {**said, "c-0-J": "visit.followup", "kind": "visits", "learn": "on", "version": source.version}
    assert at.post(columns, sent).status_code == 302
    assert Learnt.objects.get().mapping["J"] == "visit.followup"
    other, _ = uploaded(at, book(VISITS, TWO))
    meanings = {letter: meaning for letter, _, meaning, *_ in other.counts["sheets"][0]["columns"]}
    assert meanings["J"] == "visit.followup"
    assert at.post(columns, sent).status_code == 302  # an old page
    assert "已被别人处理过" in at.get(url).content.decode()


def test_a_family_is_decided_about_and_a_field_taken(at: Client, city: City, worker: User) -> None:
    family = alone(city, worker)
    Household.objects.filter(pk=family.household.pk).update(phone="13900000009")
    source, url = uploaded(at, book(FAMILIES, HEAD))
    page = at.get(url).content.decode()
    assert "是已登记的这一户吗" in page
    [name] = re.findall(r'name="(f-\w+)" value="new"', page)
    at.post(url, {"version": source.version, name: str(family.household.pk)})
    source.refresh_from_db()
    page = at.get(url).content.decode()
    assert "电话：有 1 处与系统不同" in page
    assert "139******09" in page
    at.post(url, {"version": source.version, "take": ["phone"]})
    source.refresh_from_db()
    bring_in(at, source)
    family.household.refresh_from_db()
    assert family.household.phone == "13800000001、13900000009"


def test_a_village_is_picked_and_doubles_go_in_when_asked(at: Client, city: City, worker: User) -> None:
    family = alone(city, worker, id_no=NUMBER)
    a_visit(city.chengdong, worker, family, on=date(2020, 3, 5))
    source, url = uploaded(at, book(VISITS, [*ONE[:3], "", *ONE[4:]], [TWO[0], "大埔老村", *TWO[2:]]))
    page = at.get(url).content.decode()
    assert "大埔老村" in page
    assert "没有要导入的行" in page
    at.post(url, {"version": source.version, "v-0": "441521120203", "again": "on"})
    assert "导入 2 行" in at.get(url).content.decode()


def test_what_is_no_ledger_is_said_beside_the_file(at: Client) -> None:
    for data, words in (
        (b"", "文件是空的"),
        (b"PK\x03\x04no workbook", "请"),
        (book(["说明"], ["本表由镇里统一填写"]), "没有认出表格"),
        (b"x" * (LARGEST + 1), "5 MB"),
    ):
        answer = upload(at, data)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert not Import.objects.exists()


def test_a_long_ledger_shows_its_page_first(at: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "LARGE", 1)
    _, url = uploaded(at, book(VISITS, ONE, TWO))
    assert "正在与系统里的家庭核对" in at.get(url).content.decode()
    inside = at.get(f"{url}?now=1", headers={"HX-Request": "true"}).content.decode()
    assert "导入 2 行" in inside
    assert "<html" not in inside


def test_the_page_of_a_running_import_asks_until_it_has_ended(at: Client) -> None:
    source, url = uploaded(at, book(VISITS, ONE))
    at.post(reverse("ledger-bring", args=[source.pk]), {"version": source.version})
    state = reverse("ledger-state", args=[source.pk])
    assert "正在导入" in at.get(url).content.decode()
    assert "HX-Refresh" not in at.get(state).headers
    bring.call(str(source.pk), str(source.entered_by_id))
    assert at.get(state).headers["HX-Refresh"] == "true"


def test_a_job_that_fails_says_so_and_nothing_is_in(at: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    source, url = uploaded(at, book(VISITS, ONE))
    at.post(reverse("ledger-bring", args=[source.pk]), {"version": source.version})

    def fails(**_: Any) -> None:
        raise ValueError

    monkeypatch.setattr("shuangbai.ledgers.entering.record_visits", fails)
    bring.call(str(source.pk), str(source.entered_by_id))
    assert "什么都没有写入" in at.get(url).content.decode()
    assert not ServiceRecord.objects.exists()


def test_a_job_given_up_says_so(at: Client) -> None:
    source, url = uploaded(at, book(VISITS, ONE))
    at.post(reverse("ledger-bring", args=[source.pk]), {"version": source.version})
    jobs._if_given_up[bring.module_path](str(source.pk), str(source.entered_by_id))
    assert "几次都没有导入成" in at.get(url).content.decode()


def asked_to_undo(at: Client) -> tuple[Import, str]:
    source, url = uploaded(at, book(VISITS, ONE))
    source = bring_in(at, source)
    at.post(reverse("ledger-undo", args=[source.pk]), {"version": source.version, "reason": "传错了"})
    return source, url


def stands(source: Import) -> bool:
    source.refresh_from_db()
    return source.state == ImportState.DONE and ServiceRecord.objects.filter(voided_at__isnull=True).exists()


def test_taking_back_that_fails_says_so_and_everything_stands(at: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    source, url = asked_to_undo(at)

    def fails(*_: Any) -> None:
        raise ValueError

    monkeypatch.setattr("shuangbai.ledgers.taking_back.TakingBack._remove", fails)
    take_back.call(str(source.pk), str(source.entered_by_id))
    page = at.get(url).content.decode()
    assert "没有撤销成" in page
    assert "撤销这次导入" in page  # and may be asked for again
    assert stands(source)


def test_taking_back_given_up_says_so(at: Client) -> None:
    source, url = asked_to_undo(at)
    jobs._if_given_up[take_back.module_path](str(source.pk), str(source.entered_by_id))
    assert "几次都没有撤销成" in at.get(url).content.decode()
    assert stands(source)


def test_taken_back_once_however_often_the_job_begins(at: Client) -> None:
    source, url = asked_to_undo(at)
    for _ in range(2):
        take_back.call(str(source.pk), str(source.entered_by_id))
    assert "撤销了这次导入" in at.get(url).content.decode()
    assert AuditEvent.objects.filter(kind="ledger.undone").count() == 1


def test_the_workbook_goes_back_marked_and_comes_in_corrected(at: Client) -> None:
    source, _ = uploaded(at, book(VISITS, ONE, ["2016-03-05", *TWO[1:]], WRONG))
    answer = at.post(reverse("ledger-returned", args=[source.pk]))
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    again, _ = uploaded(at, answer.content)
    assert again.counts["fates"] == {"new": 1, "wrong": 2}
    first = open_book(answer.content).sheets[0].rows
    said = "\n".join(str(cell) for row in first for cell in row if cell)
    assert "日期读不出来" in said
    assert "开站日期" in said
    assert AuditEvent.objects.filter(kind="ledger.returned").count() == 1


def test_dropped(at: Client) -> None:
    source, url = uploaded(at, book(VISITS, ONE))
    assert at.post(reverse("ledger-drop", args=[source.pk]), {"version": source.version}).status_code == 302
    assert at.get(url).status_code == 404
    assert AuditEvent.objects.filter(kind="ledger.dropped").exists()


@pytest.mark.parametrize("fate", ["new", "wrong", "same"])
def test_rows_by_what_becomes_of_them(at: Client, fate: str) -> None:
    source, url = uploaded(at, book(VISITS, ONE, WRONG))
    assert at.get(f"{url}rows?fate={fate}").status_code == 200
    bring_in(at, source)
    assert at.get(f"{url}rows?fate={fate}").status_code == 200
    assert at.get(f"{url}rows?fate=nothing").status_code == 404


def test_more_people_met_than_named_are_told_and_not_counted(at: Client) -> None:
    header = ["走访日期", "村居", "户主", "走访结果", "见面人数", "走访社工", "走访内容"]
    rows = [["2020-03-05", "赤山村", "林进财", "见面", "3", "林小燕", "屋顶漏雨"],
            ["2020-03-06", "北平村", "陈阿妹", "见面", "1", "林小燕", "都好"]]  # fmt: skip
    source, url = uploaded(at, book(header, *rows))
    assert "有 1 行写见到不止一人" in at.get(url).content.decode()
    bring_in(at, source)
    first = Visit.objects.get(record__occurred_on=date(2020, 3, 5))
    assert first.observation == "见面人数：3"
    assert list(first.record.contacts.filter(kind="heads")) == []
    assert first.record.contacts.filter(kind="person").count() == 1

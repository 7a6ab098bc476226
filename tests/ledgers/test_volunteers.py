"""A list of volunteers in several wordings: understood, held beside the station, brought in, taken back, out again."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shuangbai.ledgers import actions
from shuangbai.ledgers.enums import Fate, Kind
from shuangbai.ledgers.judging import Context
from shuangbai.ledgers.keepsakes import rows_of
from shuangbai.ledgers.models import Import
from shuangbai.ledgers.proposing import Decided, propose
from shuangbai.ledgers.understanding import as_json, understand
from shuangbai.network.models import User
from shuangbai.reports.indicators import BY_CODE
from shuangbai.volunteers.actions.people import change_volunteer
from shuangbai.volunteers.entries import VolunteerEntry
from shuangbai.volunteers.models import TeamMember, Volunteer
from tests.cast import TODAY, City, a_family, a_member
from tests.ledgers import writing
from tests.volunteers.conftest import SINCE, a_service, a_team, a_volunteer, hours

ID = "441592195004013192"
PLAIN = ["姓名", "性别", "身份证号", "电话", "村居", "特长", "所属队伍", "加入时间", "服务时长"]
ONE = ["林进财", "男", ID, "13800000001", "赤山村", "理发", "赤山村巾帼志愿队", "2019-03-05", "36"]
TWO = ["陈阿妹", "女", "", "13800000002", "北平村", "跳舞", "", "2019.4.1", ""]
WORDINGS = {
    "志愿者花名册": (["序号", *PLAIN], ["1", *ONE], ["2", *TWO]),
    "义工登记": (
        ["义工姓名", "男女", "证件号码", "手机", "所在社区", "擅长", "服务队名称", "注册日期", "累计服务小时数"], ONE, TWO,
    ),
    "志愿服务队员名单": (
        ["队员姓名", "性别", "身份证", "联系方式", "所属村居", "个人特长", "志愿服务队", "入队时间", "志愿服务时长"], ONE, TWO,
    ),
    "Sheet1": (
        ["名字", "性别", "公民身份号码", "联系电话", "村（居）", "技能特长", "队伍名称", "加入日期", "服务小时数"], ONE, TWO,
    ),
}  # fmt: skip
MEANT = [
    "person.name", "person.sex", "person.id_number", "person.phone", "household.village", "volunteer.skills",
    "volunteer.team", "volunteer.since", "volunteer.hours",
]  # fmt: skip


def book(*lines: list[Any], header: list[str] | None = None, title: str = "志愿者花名册") -> bytes:
    return writing.xlsx({title: [header or PLAIN, *lines]})


def taken(by: User, city: City, data: bytes, kind: Kind | None = None) -> Import:
    return actions.take_in(by=by, station=city.chengdong, data=data, name="花名册.xlsx", kind=kind)


def brought(by: User, city: City, data: bytes, **decided: Any) -> Import:
    source = taken(by, city, data)
    if decided:
        source = actions.decide(by=by, source=source, version=source.version, decided=Decided(**decided))
    source = actions.ask_for_import(by=by, source=source, version=source.version)
    actions.bring_in(by=by, source_id=source.pk)
    return Import.objects.get(pk=source.pk)


def undone(by: User, source: Import) -> list[Any]:
    return actions.undo(by=by, source=source, version=source.version, reason="传错了文件")


@pytest.mark.nodb
@pytest.mark.parametrize("title", WORDINGS)
def test_a_list_of_volunteers_is_known_by_its_headers_and_its_values(title: str) -> None:
    header, *lines = WORDINGS[title]
    result = understand(writing.xlsx({title: [header, *lines]}), Context(TODAY), name="台账")
    assert result.kind is Kind.VOLUNTEERS
    meant = [guess.field for guess in result.sheets[0].guesses]
    assert [one for one in meant if one or header[0] != "序号"][-9:] == MEANT
    assert (result.distinct_persons, result.distinct_households, result.person_times) == (2, None, None)
    told = as_json(result)
    assert (told["kind"], told["register"]) == (Kind.PERSONS, Kind.VOLUNTEERS)
    [sheet] = told["sheets"]
    fields = {*filter(None, sheet["mapping"].values()), *sheet["volunteers"].values()}
    assert fields == {*filter(None, meant)}
    assert not any(field.startswith("volunteer.") for field in sheet["mapping"].values() if field)


@pytest.mark.nodb
@pytest.mark.parametrize(
    ("header", "lines", "kind"),
    [
        (
            ["活动名称", "活动日期", "参加人数", "志愿者人数", "服务时长"],
            [["清洁家园", "2019-3-5", "30", "6", "2"], ["敬老", "2019-3-8", "20", "5", "2"]],
            Kind.ACTIVITIES,
        ),
        (
            ["姓名", "性别", "身份证号", "联系电话", "村居", "技能", "工作单位"],
            [["林进财", "男", ID, "13800000001", "赤山村", "电工", "工地"]] * 2,
            Kind.PERSONS,
        ),
    ],
)
def test_what_only_speaks_of_volunteers_or_skills_is_none(header: list[str], lines: list[Any], kind: Kind) -> None:
    assert understand(writing.xlsx({"Sheet1": [header, *lines]}), Context(TODAY), name="台账").kind is kind


@pytest.mark.nodb
def test_a_row_is_wrong_where_its_identity_is_and_nowhere_else() -> None:
    context = Context(TODAY, towns=("441521120",))
    lines = [
        ["", "男", "", "13800000009", "赤山村", "理发", "", "2019-03-05", ""],
        ["林一", "男", "44159219500401319", "", "", "", "", "", ""],
        ["林二", "男", "", "12", "", "", "", "看不清", ""],
        ["林三", "男", "", "", "没有这个村", "", "", "", ""],
        ["林四", "女", "", "", "", "", "", "", ""],
    ]
    [sheet] = understand(book(*lines), context, name="志愿者").sheets
    assert [(one.row, one.reason.value) for one in sheet.wrong] == [
        (2, "name_missing"), (3, "id_length"), (5, "village_unknown"),
    ]  # fmt: skip
    assert [(one.row, one.reason.value) for one in sheet.warnings] == [(4, "phone_invalid"), (4, "date_invalid")]


class TestIn:
    def test_new_ones_are_entered_with_what_has_no_place_as_a_note(self, city: City, worker: User) -> None:
        team = a_team(city.chengdong, worker)
        source = brought(worker, city, book(ONE, TWO))
        one, two = Volunteer.objects.order_by("name")
        assert (one.called, one.number, one.telephone, one.village, one.skills, one.since) == (
            "林进财", ID, "13800000001", city.chishan, "理发", SINCE,
        )  # fmt: skip
        assert (two.called, two.since, two.sex) == ("陈阿妹", date(2019, 4, 1), "2")
        assert "服务时长：36" in one.note
        assert [row.team for row in TeamMember.objects.filter(volunteer=one)] == [team]
        assert source.counts["fates"] == {"new": 2}
        assert not one.hours.exists()  # hours on paper name no day: they are told, and counted nowhere

    def test_somebody_whose_family_is_on_file_is_named_by_it(self, city: City, worker: User) -> None:
        person = a_family(city.chengdong, worker, members=[a_member("林进财", id_no=ID)]).people[0]
        brought(worker, city, book(ONE))
        one = Volunteer.objects.get()
        assert (one.person, one.name, one.phone) == (person, "", "")

    def test_the_same_file_twice_changes_nothing(self, city: City, worker: User) -> None:
        brought(worker, city, book(ONE, TWO))
        again = taken(worker, city, book(ONE, TWO))
        assert again.counts["fates"] == {"same": 2}

    def test_a_team_that_the_station_lacks_is_said_and_noted(self, city: City, worker: User) -> None:
        source = brought(worker, city, book(ONE))
        assert source.counts["left"] == [["志愿者花名册", 2, "本站没有登记队伍「赤山村巾帼志愿队」，留在备注"]]
        assert "队伍：赤山村巾帼志愿队" in Volunteer.objects.get().note

    def test_what_is_known_is_filled_in_and_what_differs_waits(self, city: City, worker: User) -> None:
        a_team(city.chengdong, worker)
        known = a_volunteer(city.chengdong, worker, "林进财", id_no=ID, skills="修水电")
        source = taken(worker, city, book(ONE))
        proposal = propose(city.chengdong, Kind.VOLUNTEERS, rows_of(source), Decided())
        assert [(one.label, one.old, one.new) for one in proposal.households[0].differs] == [("特长", "修水电", "理发")]
        source = actions.ask_for_import(by=worker, source=source, version=source.version)
        actions.bring_in(by=worker, source_id=source.pk)
        known.refresh_from_db()
        assert (known.phone, known.village, known.skills) == ("13800000001", city.chishan, "修水电")
        assert known.teams.count() == 1
        assert undone(worker, Import.objects.get(pk=source.pk)) == []
        known.refresh_from_db()
        assert (known.phone, known.village, known.teams.count()) == ("", None, 0)

    def test_one_of_the_same_name_is_asked_about_and_the_answer_remembered(self, city: City, worker: User) -> None:
        known = a_volunteer(city.chengdong, worker, "陈阿妹", since=date(2018, 1, 1))
        source = taken(worker, city, book(TWO))
        assert source.counts["fates"] == {"ask": 1}
        proposal = propose(city.chengdong, Kind.VOLUNTEERS, rows_of(source), Decided())
        [one] = proposal.open_choices
        assert [(choice.home, choice.why) for choice in one.choices] == [(known.pk, "同名")]
        said = Decided(families={one.said.key: str(known.pk)})
        source = actions.decide(by=worker, source=source, version=1, decided=said)
        assert source.counts["fates"] == {"adds": 1}
        other = actions.decide(by=worker, source=source, version=2, decided=Decided(families={one.said.key: ""}))
        assert other.counts["fates"] == {"new": 1}

    def test_the_question_stands_on_the_page(
        self, city: City, worker: User, client_for: Callable[[User], Client]
    ) -> None:
        a_volunteer(city.chengdong, worker, "陈阿妹", since=date(2018, 1, 1), village_id=city.chishan.pk)
        source = taken(worker, city, book(TWO))
        page = client_for(worker).get(reverse("ledger", args=[source.pk])).content.decode()
        assert "陈阿妹（赤山村）" in page
        assert "志愿者花名册" in page

    @pytest.mark.parametrize("since", ["2021-01-01", "1940-01-01"])
    def test_a_day_that_cannot_be_keeps_the_row_out(self, city: City, worker: User, since: str) -> None:
        line = [*ONE[:7], since, ""]
        source = taken(worker, city, book(line, TWO))
        assert source.counts["fates"].get("wrong") == 1

    def test_one_person_on_two_lines_is_one(self, city: City, worker: User) -> None:
        source = brought(worker, city, book(ONE, [*ONE[:5], "做饭", *ONE[6:]]))
        assert Volunteer.objects.count() == 1
        assert source.counts["fates"] == {"new": 1, "twice": 1}


class TestTakenBack:
    def test_nobody_has_used_them_since(self, city: City, worker: User) -> None:
        a_team(city.chengdong, worker)
        source = brought(worker, city, book(ONE, TWO))
        assert undone(worker, source) == []
        assert not Volunteer.objects.exists()
        assert not TeamMember.objects.exists()
        assert Volunteer.history.filter(history_type="-").count() == 2
        assert taken(worker, city, book(ONE, TWO)).counts["fates"] == {"new": 2}

    def test_whoever_served_since_or_was_changed_stays(self, city: City, worker: User) -> None:
        source = brought(worker, city, book(ONE, TWO))
        one, two = Volunteer.objects.order_by("name")
        a_service(city.chengdong, worker, hours(one))
        kept = undone(worker, source)
        assert [(row.thing, row.why) for row in kept] == [(one.pk, "后来又登记了别的内容")]
        assert list(Volunteer.objects.all()) == [one]
        source = brought(worker, city, book(TWO))
        two = Volunteer.objects.get(name="陈阿妹")
        entry = VolunteerEntry(city.chengdong, two.since, name="陈阿妹", skills="唱歌")
        change_volunteer(by=worker, volunteer=two, version=1, entry=entry)
        assert [row.why for row in undone(worker, source)] == ["导入后修改过"]


def test_the_list_comes_out_and_is_read_back_to_the_same(
    city: City, worker: User, client_for: Callable[[User], Client]
) -> None:
    team = a_team(city.chengdong, worker)
    brought(worker, city, book(ONE, TWO))
    person = a_family(city.chengdong, worker, members=[a_member("曾秀英", sex="2")]).people[0]
    third = a_volunteer(city.chengdong, worker, person_id=person.pk, village_id=city.chishan.pk, skills="做饭")
    a_service(city.chengdong, worker, hours(third), team_id=team.pk)
    answer = client_for(worker).post(reverse("volunteer-export"), {"kind": "volunteers", "reason": "check"})
    data = io.BytesIO(answer.content).getvalue()
    for masked in (ID, "13800000001"):
        assert masked.encode() not in data
    source = taken(worker, city, data)
    assert (source.kind, source.counts["fates"]) == ("volunteers", {Fate.SAME: 3})


def test_the_register_counts_and_its_paper_hours_do_not(city: City, worker: User) -> None:
    from shuangbai.core.periods import Period
    from shuangbai.reports.queries import Ask

    brought(worker, city, book(ONE, TWO))
    ask = Ask(Period(date(2020, 1, 1), TODAY), city.root)
    assert (BY_CODE["T2"].value(ask), BY_CODE["T3"].value(ask)) == (2, 0)

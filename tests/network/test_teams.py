"""People at work: taken on one by one or in a list, posted, transferred, gone; and lists as they are pasted."""

from datetime import date

import pytest

from shuangbai.core.findings import Conflict, NeedsAcknowledgement, NotAllowed, Refused
from shuangbai.core.models import AuditEvent
from shuangbai.households.access import households_visible_to
from shuangbai.network import closing, teams
from shuangbai.network.changes import changes_of
from shuangbai.network.enums import Post, Sex
from shuangbai.network.forms import pasted_people
from shuangbai.network.models import OrgUnit, Posting, Staff
from shuangbai.network.queries import staff_lines
from shuangbai.network.teams import StaffEntry
from tests.cast import START, TODAY, a_family, a_file, again


def somebody(city, by, **more):
    entry = {"name": "李新来", "unit": city.chengdong, "post": Post.SERVICE, "hired_on": TODAY} | more
    return teams.take_on(by=by, entries=[StaffEntry(**entry)])[0]


class TestTakingOn:
    def test_with_a_first_posting_from_the_day_of_hiring(self, city, sysadmin):
        person = somebody(city, sysadmin, sex=Sex.FEMALE)
        (posting,) = person.postings.all()
        assert (posting.unit, posting.post, posting.starts_on) == (city.chengdong, Post.SERVICE, TODAY)
        assert changes_of(Staff, id=person.pk)[0].by == sysadmin.display_name

    def test_the_trail_names_nobody(self, city, sysadmin):
        somebody(city, sysadmin)
        assert not any("李新来" in str(event.details) for event in AuditEvent.objects.all())

    def test_the_same_name_on_the_same_day_is_asked_back(self, city, sysadmin):
        somebody(city, sysadmin)
        with pytest.raises(NeedsAcknowledgement, match="另一个人"):
            somebody(city, sysadmin)

    def test_of_a_list_everybody_or_nobody(self, city, sysadmin):
        entries = [StaffEntry(name, city.chengdong, Post.SERVICE, TODAY) for name in ("王一", "某")]
        before = Staff.objects.count()
        with pytest.raises(Refused) as caught:
            teams.take_on(by=sysadmin, entries=entries)
        assert caught.value.findings[0].field == "rows-1-name"
        assert Staff.objects.count() == before

    @pytest.mark.parametrize("who", ["head", "supervisor", "officer", "security", "auditor"])
    def test_only_whoever_manages_the_network_may(self, city, who):
        with pytest.raises(NotAllowed):
            somebody(city, city.users[who])


class TestPostings:
    def test_an_overlap_is_refused_with_both_spans(self, city, sysadmin, worker):
        with pytest.raises(Refused) as caught:
            teams.post_staff(
                by=sysadmin, staff=worker.staff, unit=city.chengdong, post=Post.AFFAIRS, starts_on=date(2020, 1, 1),
                ends_on=date(2020, 3, 1),
            )  # fmt: skip
        said = caught.value.findings[0].sentence
        assert "林小燕在城东社工站的任职已登记 2017-07-01 起，与新填的 2020-01-01 至 2020-03-01 重叠" in said

    def test_two_stations_at_once_are_fine(self, city, sysadmin, worker):
        teams.post_staff(by=sysadmin, staff=worker.staff, unit=city.haicheng, post=Post.SERVICE, starts_on=TODAY)
        assert worker.staff.postings.count() == 2

    @pytest.mark.parametrize(
        ("unit", "starts_on", "sentence"),
        [("haicheng", date(2019, 1, 1), "先改机构的日期"), ("chengqu", date(2017, 3, 1), "在职的日期")],
    )
    def test_within_the_days_of_the_unit_and_of_the_work(self, city, sysadmin, worker, unit, starts_on, sentence):
        with pytest.raises(Refused, match=sentence):
            teams.post_staff(
                by=sysadmin, staff=worker.staff, unit=getattr(city, unit), post=Post.SERVICE, starts_on=starts_on
            )

    def test_a_changed_one_keeps_to_the_rules(self, city, sysadmin, worker):
        posting = worker.staff.postings.get()
        teams.change_posting(by=sysadmin, posting=posting, version=1, changes={"post": Post.STATION_HEAD})
        with pytest.raises(Conflict):
            teams.change_posting(by=sysadmin, posting=posting, version=1, changes={"post": Post.AFFAIRS})
        with pytest.raises(Refused, match="开始日期"):
            teams.change_posting(by=sysadmin, posting=posting, version=2, changes={"ends_on": date(2017, 1, 1)})
        assert ("岗位", "服务岗", "站长") in changes_of(Posting, id=posting.pk)[0].rows

    def test_taken_back_on_its_day(self, city, sysadmin):
        posting = somebody(city, sysadmin).postings.get()
        teams.take_back_posting(by=sysadmin, posting=posting, version=1)
        assert not Posting.objects.filter(pk=posting.pk).exists()


class TestTransferAndLeaving:
    def test_one_ends_the_day_before_the_other_begins(self, city, sysadmin, worker):
        posting = worker.staff.postings.get()
        teams.transfer(by=sysadmin, posting=posting, version=1, unit=city.haicheng, post=Post.SERVICE, on=TODAY)
        spans = worker.staff.postings.order_by("starts_on").values_list("unit__code", "starts_on", "ends_on")
        assert list(spans) == [("SW-HF-01", START, date(2020, 6, 5)), ("SW-HF-02", TODAY, None)]

    def test_access_ends_with_the_posting(self, city, sysadmin, worker):
        family = a_family(city.chengdong, worker)
        assert family.household in households_visible_to(again(worker))
        teams.leave(by=sysadmin, staff=worker.staff, version=1, left_on=date(2020, 6, 5))
        assert family.household not in households_visible_to(again(worker))

    def test_what_is_in_their_name_is_told(self, city, sysadmin, worker):
        a_file(a_family(city.chengdong, worker), worker)
        assert [(kept.label, kept.count) for kept in closing.kept_by(worker.staff)] == [("名下的在册档案", 1)]

    def test_not_before_being_hired_nor_before_a_later_posting(self, city, sysadmin, worker):
        with pytest.raises(Refused, match="入职日期"):
            teams.leave(by=sysadmin, staff=worker.staff, version=1, left_on=date(2016, 1, 1))
        teams.post_staff(by=sysadmin, staff=worker.staff, unit=city.haicheng, post=Post.SERVICE, starts_on=TODAY)
        with pytest.raises(Refused, match="才开始"):
            teams.leave(by=sysadmin, staff=worker.staff, version=1, left_on=date(2020, 6, 1))

    def test_a_last_day_is_taken_back(self, city, sysadmin, worker):
        teams.leave(by=sysadmin, staff=worker.staff, version=1, left_on=TODAY)
        teams.return_to_work(by=sysadmin, staff=Staff.objects.get(pk=worker.staff.pk), version=2)
        assert Staff.objects.get(pk=worker.staff.pk).left_on is None


class TestPastedLists:
    def read(self, city, text):
        return pasted_people(text, OrgUnit.objects.all())

    def test_commas_tabs_and_a_line_of_headings(self, city):
        lines = ["姓名,性别,站,岗位,入职日期", "林一，女，城东社工站，服务岗，2020-06-01", ""]
        people = self.read(city, "\n".join([*lines, "陈二\t男\tSW-HF-02\t站长\t2020年6月1日"]))
        assert [one.faults for one in people] == [[], []]
        assert [one.entry.unit for one in people] == [city.chengdong, city.haicheng]
        assert people[1].entry.hired_on == date(2020, 6, 1)

    @pytest.mark.parametrize(
        ("line", "fault"),
        [
            ("林,女,城东社工站,服务岗,2020-06-01", "姓名"),
            ("林一,?,城东社工站,服务岗,2020-06-01", "性别"),
            ("林一,女,没有站,服务岗,2020-06-01", "没有叫「没有站」的站"),
            ("林一,女,城东社工站,服务,2020-06-01", "岗位「服务」不认识"),
            ("林一,女,城东社工站,服务岗,去年", "不是日期"),
            ("林一,女,城东社工站,服务岗,2020-02-30", "不是日期"),
            ("林一,女,城东社工站,服务岗,2020-06-01,多的", "多于五栏"),
        ],
    )
    def test_a_faulty_line_says_what_to_do(self, city, line, fault):
        (one,) = self.read(city, line)
        assert one.entry is None
        assert any(fault in said for said in one.faults)


def test_the_list_of_people_asks_three_questions(city, sysadmin, django_assert_num_queries):
    with django_assert_num_queries(3):
        lines = staff_lines(OrgUnit.objects.all(), TODAY)
    assert {line.staff.name for line in lines} >= {"林小燕", "郑海生"}
    assert all(line.has_account for line in lines)

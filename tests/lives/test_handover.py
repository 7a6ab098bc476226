"""A worker leaves (domain 5.6): sixty families move to others, each taken by the one who receives it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from shuangbai.cases.actions.handing import answer_offer
from shuangbai.cases.models import CaseOffer
from shuangbai.core import clock
from shuangbai.core.findings import Door, NotAllowed, Refused
from shuangbai.followups.access import tasks_visible_to
from shuangbai.followups.actions import TaskEntry, ask_task
from shuangbai.followups.keeping import Tasks
from shuangbai.followups.models import Task
from shuangbai.followups.queries import for_worker, open_tasks
from shuangbai.households.entries import FileEntry
from shuangbai.households.enums import Relation
from shuangbai.households.files import open_files
from shuangbai.households.models import FileWorker
from shuangbai.lives.actions.handing import GiveEntry, answer_items, give, start_handover, withdraw_items
from shuangbai.lives.enums import HandoverReason, ItemState
from shuangbai.lives.models import Handover, HandoverItem
from shuangbai.lives.queries import handover_notice, left_behind
from shuangbai.network.actions import hire, open_account
from shuangbai.network.enums import Post
from shuangbai.network.models import Posting, Staff
from shuangbai.network.roles import Role
from tests.cases.short import a_case
from tests.cast import START, TODAY, a_family, a_household, a_member, again, many_families

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def files(city, worker):
    """Sixty families in the worker's name."""
    heads = [a_member(f"林第{i:02}", Relation.HEAD) for i in range(60)]
    families = many_families(worker, [a_household(city.chengdong, members=[head]) for head in heads])
    entries = [FileEntry(one.household, date(2019, 8, 1), worker.staff_id) for one in families]
    return open_files(by=worker, entries=entries, door=Door.PAGE)


@pytest.fixture
def second(city):
    """Another worker of 城东: 邱月."""
    staff = Staff(name="邱月", hired_on=START)
    hire(entries=[(staff, [(city.chengdong, Post.SERVICE, START, None)])])
    return open_account(
        username="second",
        display_name="邱月",
        password=None,
        staff=staff,
        grants=[(Role.WORKER, city.chengdong, START)],
    )


def an_entry(city, worker, pairs, **more):
    told = {"starts_on": TODAY, "reason": HandoverReason.LEAVING, "note": "老人多，先打电话", **more}
    return GiveEntry(city.chengdong, worker.staff, items=[(file, to.staff_id) for file, to in pairs], **told)


def kept_by(file, day=TODAY):
    rows = FileWorker.objects.on(day).filter(file=file)
    return [row.staff.name for row in rows.select_related("staff")]


class TestAWorkerResignsAndSixtyHouseholdsMove:
    def test_each_receiver_confirms_their_own_and_nothing_is_without_an_owner_meanwhile(
        self, city, worker, colleague, second, head, files
    ):
        pairs = [(file, colleague if i < 40 else second) for i, file in enumerate(files)]
        handover = start_handover(by=head, entry=an_entry(city, worker, pairs))
        assert {name for file in files for name in kept_by(file)} == {"林小燕"}
        mine = list(handover.items.filter(receiver=colleague.staff))
        answer_items(by=colleague, items=mine, take=True)
        assert [kept_by(file) for file in files[:40]] == [["黄建国"]] * 40
        assert {name for file in files[40:] for name in kept_by(file)} == {"林小燕"}
        assert Handover.objects.get().closed_at is None
        answer_items(by=second, items=list(handover.items.filter(receiver=second.staff)), take=True)
        assert Handover.objects.get().closed_at is not None
        owners = FileWorker.objects.filter(file__in=files, ends_on__isnull=True)
        assert owners.count() == 60
        assert {row.staff_id for row in owners} == {colleague.staff_id, second.staff_id}

    def test_open_tasks_go_along_with_their_family(self, city, worker, colleague, second, head, files):
        def asked(file, whose):
            entry = TaskEntry(file.household, "陪同办残疾证", TODAY + DAY, assignee_id=whose.staff_id)
            return ask_task(by=head, entry=entry)

        goes, others, stays = asked(files[0], worker), asked(files[0], second), asked(files[1], worker)
        handover = start_handover(by=head, entry=an_entry(city, worker, [(files[0], colleague)]))
        answer_items(by=colleague, items=list(handover.items.all()), take=True)
        now = {task.pk: task for task in Task.objects.all()}
        assert now[goes.pk].assignee_id == colleague.staff_id
        assert now[goes.pk].history.count() == 2
        assert now[others.pk].assignee_id == second.staff_id
        assert now[stays.pk].assignee_id == worker.staff_id

    def test_the_receipt_names_the_tasks_and_the_cases_before_and_after_they_are_taken(
        self, city, worker, colleague, head, files, client_for
    ):
        task = TaskEntry(files[0].household, "陪同办残疾证", TODAY + DAY, assignee_id=worker.staff_id)
        ask_task(by=head, entry=task)
        family = a_family(city.chengdong, worker)
        case = a_case(city.chengdong, worker, family)
        entry = an_entry(city, worker, [(files[0], colleague), (files[1], colleague)])
        handover = give(by=worker, entry=entry, cases=[(case, colleague.staff)])
        url = reverse("handover", args=[handover.pk])
        for user in (head, worker, colleague):
            page = client_for(user).get(url).content.decode()
            assert page.count("陪同办残疾证") == 1
            assert case.number in page
        answer_items(by=colleague, items=list(handover.items.all()), take=True)
        answer_offer(by=colleague, offer=CaseOffer.objects.get(), take=True)
        page = client_for(head).get(url).content.decode()
        assert page.count("陪同办残疾证") == 1
        assert page.index(case.number) < page.rindex("已接手")

    def test_a_task_of_whoever_left_is_anybodys_at_the_station(self, city, worker, colleague, head, files):
        entry = TaskEntry(files[0].household, "陪同办残疾证", TODAY + DAY, assignee_id=worker.staff_id)
        task = ask_task(by=head, entry=entry)

        def of(user):
            return list(open_tasks(tasks_visible_to(user)).filter(for_worker(user.staff_id, TODAY)))

        assert (of(worker), of(colleague)) == ([task], [])
        assert [(kept.count, kept.unit) for kept in Tasks().of_staff(worker.staff)] == [(1, "件")]
        Posting.objects.filter(staff=worker.staff).update(ends_on=TODAY - DAY)
        assert of(colleague) == [task]
        assert of(colleague)[0].gone

    def test_every_file_has_one_owner_on_every_day(self, city, worker, colleague, head, files):
        handover = start_handover(by=head, entry=an_entry(city, worker, [(files[0], colleague)]))
        answer_items(by=colleague, items=list(handover.items.all()), take=True)
        for day in (date(2019, 8, 1), TODAY - DAY, TODAY, TODAY + DAY):
            assert len(kept_by(files[0], day)) == 1, day
        assert (kept_by(files[0], TODAY - DAY), kept_by(files[0])) == (["林小燕"], ["黄建国"])

    def test_confirmed_late_it_begins_on_the_day_of_confirming(self, city, worker, colleague, head, files):
        entry = an_entry(city, worker, [(files[0], colleague)], starts_on=TODAY - timedelta(days=10))
        handover = start_handover(by=head, entry=entry)
        answer_items(by=colleague, items=list(handover.items.all()), take=True)
        assert kept_by(files[0], TODAY - DAY) == ["林小燕"]
        assert kept_by(files[0]) == ["黄建国"]

    def test_from_a_day_to_come_the_old_worker_has_it_until_then(self, city, worker, colleague, head, files):
        entry = an_entry(city, worker, [(files[0], colleague)], starts_on=TODAY + timedelta(days=5))
        handover = start_handover(by=worker, entry=entry)
        answer_items(by=colleague, items=list(handover.items.all()), take=True)
        assert kept_by(files[0], TODAY + timedelta(days=4)) == ["林小燕"]
        assert kept_by(files[0], TODAY + timedelta(days=5)) == ["黄建国"]

    def test_what_is_sent_back_stays_with_the_giver_and_the_head_is_told(self, city, worker, colleague, head, files):
        handover = start_handover(by=head, entry=an_entry(city, worker, [(f, colleague) for f in files[:3]]))
        items = list(handover.items.all())
        with pytest.raises(Refused, match="请写明为什么退回"):
            answer_items(by=colleague, items=items[:1], take=False)
        answer_items(by=colleague, items=items[:1], take=False, why="已有 60 户，接不下")
        assert kept_by(files[0]) == ["林小燕"]
        notice = handover_notice(again(head), TODAY)
        assert (notice.waiting, notice.declined) == (2, 1)
        start_handover(by=head, entry=an_entry(city, worker, [(items[0].file, colleague)]))
        assert handover_notice(again(head), TODAY).declined == 0

    def test_whoever_left_is_named_and_the_head_answers_for_their_families(self, city, worker, head, files):
        Posting.objects.filter(staff=worker.staff).update(ends_on=TODAY - DAY)
        assert [(one.name, one.count) for one in left_behind([city.chengdong.pk], TODAY)] == [("林小燕", 60)]
        assert handover_notice(again(head), TODAY).left == 60

    def test_the_receiver_is_told_on_the_first_page(self, city, worker, colleague, head, files, client_for):
        start_handover(by=head, entry=an_entry(city, worker, [(f, colleague) for f in files[:3]]))
        assert handover_notice(again(colleague), TODAY).mine == 3
        assert "有 3 户等您确认接手" in client_for(colleague).get("/").content.decode()
        assert handover_notice(again(worker), TODAY) is None


class TestWhoMay:
    def test_the_head_or_the_worker_who_leaves_and_nobody_else(
        self, city, worker, colleague, head, neighbour, supervisor, files
    ):
        entry = an_entry(city, worker, [(files[0], colleague)])
        for user in (colleague, neighbour, supervisor):
            with pytest.raises(NotAllowed):
                start_handover(by=user, entry=entry)
        assert start_handover(by=worker, entry=entry).items.count() == 1

    def test_only_whoever_receives_confirms(self, city, worker, colleague, head, second, files):
        handover = start_handover(by=head, entry=an_entry(city, worker, [(files[0], colleague)]))
        for user in (worker, head, second):
            with pytest.raises(NotAllowed):
                answer_items(by=user, items=list(handover.items.all()), take=True)

    def test_whoever_gives_takes_back_what_waits(self, city, worker, colleague, head, files):
        handover = start_handover(by=worker, entry=an_entry(city, worker, [(f, colleague) for f in files[:2]]))
        items = list(handover.items.all())
        answer_items(by=colleague, items=items[:1], take=True)
        with pytest.raises(Refused, match="已经确认"):
            withdraw_items(by=worker, items=items)
        with pytest.raises(NotAllowed):
            withdraw_items(by=colleague, items=items[1:])
        withdraw_items(by=head, items=items[1:])
        assert {item.state for item in HandoverItem.objects.all()} == {ItemState.TAKEN, ItemState.WITHDRAWN}
        assert Handover.objects.get().closed_at is not None

    def test_what_cannot_be_offered_is_said(self, city, worker, colleague, head, files):
        with pytest.raises(Refused, match="至少为一户"):
            start_handover(by=head, entry=an_entry(city, worker, []))
        with pytest.raises(Refused, match="不能是交出的人自己"):
            start_handover(by=head, entry=an_entry(city, worker, [(files[0], worker)]))
        Posting.objects.filter(staff=colleague.staff).update(ends_on=TODAY - DAY)
        with pytest.raises(Refused, match="那天不在本站任职"):
            start_handover(by=head, entry=an_entry(city, worker, [(files[0], colleague)]))

    def test_a_family_is_offered_to_one_at_a_time(self, city, worker, colleague, head, second, files):
        start_handover(by=head, entry=an_entry(city, worker, [(files[0], colleague)]))
        with pytest.raises(Refused, match="已在等别人确认"):
            start_handover(by=head, entry=an_entry(city, worker, [(files[0], second)]))


class TestTheDatabase:
    @pytest.fixture
    def item(self, city, worker, colleague, head, files):
        return start_handover(by=head, entry=an_entry(city, worker, [(files[0], colleague)])).items.get()

    def test_a_file_waits_once(self, item, files):
        with pytest.raises(IntegrityError), transaction.atomic():
            HandoverItem.objects.create(
                station_id=item.station_id, handover=item.handover, file=item.file, receiver=item.receiver
            )

    def test_what_is_decided_has_its_moment(self, item):
        with pytest.raises(IntegrityError, match="handover_item_decided"), transaction.atomic():
            HandoverItem.objects.update(state="taken")
        with pytest.raises(IntegrityError, match="handover_item_decided"), transaction.atomic():
            HandoverItem.objects.update(decided_at=clock.now())

    def test_a_worker_has_one_open_handover_at_a_station(self, item):
        with pytest.raises(IntegrityError), transaction.atomic():
            Handover.objects.create(
                station_id=item.station_id, giver=item.handover.giver, starts_on=TODAY, reason="leaving",
                entered_by=item.handover.entered_by,
            )  # fmt: skip


class TestThePages:
    def test_from_offer_to_receipt(self, city, worker, colleague, head, files, client_for):
        heads, theirs = client_for(head), client_for(colleague)
        page = heads.get("/handover/").content.decode()
        assert f"/handover/of/{worker.staff_id}" in page
        address = f"/handover/of/{worker.staff_id}"
        assert "名下 60 户" in heads.get(address).content.decode()
        sent = heads.post(
            address,
            {"starts_on": str(TODAY), "reason": "leaving", "everything": str(colleague.staff_id),
             f"to-{files[0].pk}": "keep"},
        )  # fmt: skip
        assert sent.status_code == 302
        page = theirs.get(sent.url).content.decode()
        assert "59 户，已接手 0 户，等确认 59 户" in page
        assert "接手勾选的" in page
        handover = Handover.objects.get()
        items = [str(key) for key in handover.items.values_list("pk", flat=True)]
        assert theirs.post(f"{sent.url}/answer", {"does": "decline", "item": items[:1]}).status_code == 422
        assert theirs.post(f"{sent.url}/answer", {"does": "take"}).status_code == 422
        assert theirs.post(f"{sent.url}/answer", {"does": "take", "item": items}).status_code == 302
        receipt = heads.get(sent.url).content.decode()
        assert "59 户，已接手 59 户，等确认 0 户" in receipt
        assert "打印交接单" in receipt

    def test_a_worker_sees_what_concerns_them_and_others_see_nothing(
        self, city, worker, colleague, head, second, neighbour, supervisor, files, client_for
    ):
        pairs = [(files[0], colleague), (files[1], second)]
        handover = start_handover(by=head, entry=an_entry(city, worker, pairs))
        page = client_for(colleague).get(f"/handover/{handover.pk}").content.decode()
        assert str(files[0].household) in page
        assert str(files[1].household) not in page
        for user in (neighbour, supervisor):
            assert client_for(user).get(f"/handover/{handover.pk}").status_code == 404
        assert client_for(supervisor).get("/handover/").status_code == 404
        assert client_for(colleague).get(f"/handover/of/{worker.staff_id}").status_code == 404
        assert client_for(head).get(f"/handover/of/{neighbour.staff_id}").status_code == 404

    def test_the_pages_cost_the_same_however_many_families(
        self, city, worker, colleague, head, files, client_for, django_assert_max_num_queries
    ):
        handover = start_handover(by=head, entry=an_entry(city, worker, [(f, colleague) for f in files]))
        client = client_for(head)
        with django_assert_max_num_queries(13):
            client.get(f"/handover/{handover.pk}")
        with django_assert_max_num_queries(13):
            client.get("/handover/")
        with django_assert_max_num_queries(13):
            client.get(f"/handover/of/{worker.staff_id}")

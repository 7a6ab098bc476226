"""The week's plan: a round a day proposed, put into another order, saved, printed; where nobody goes alone."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.models import AuditEvent
from shuangbai.households.enums import Relation
from shuangbai.rounds.actions.plans import PlanEntry, end_flag, flag_family, save_plan
from shuangbai.rounds.models import PlanStop, SafetyFlag, WeekPlan
from shuangbai.rounds.queries import flags_on
from shuangbai.rounds.rules import Candidate, Stop, Typed, days_of, in_order, monday_of, propose, usual_week
from shuangbai.visits.enums import Result
from tests.cast import TODAY, a_family, a_file, a_member, a_visit

WEEK = "/rounds/week/"
MONDAY = date(2020, 6, 8)  # TODAY is the Saturday before
DAYS = days_of(MONDAY, 5)


def text_of(answer: Any) -> str:
    return answer.content.decode()


def of(city: Any, by: Any, name: str, **more: Any) -> Any:
    family = a_family(city.chengdong, by, members=[a_member(name, Relation.HEAD)], **more)
    a_file(family, by)
    return family


def promised(city: Any, by: Any, name: str, on: date, **more: Any) -> Any:
    """A family that was told when one will come again."""
    family = of(city, by, name, **more)
    a_visit(city.chengdong, by, family, on=date(2020, 5, 20), followup="next_visit", next_on=on)
    return family


def stop(family: Any, day: date | None, position: int, companion: UUID | None = None) -> Stop:
    return Stop(family.household.pk, day, position, companion)


def a_plan(city: Any, by: Any, stops: list[Stop], **more: Any) -> WeekPlan:
    said = {"monday": MONDAY, "most": 8, "version": 0, **more}
    return save_plan(by=by, entry=PlanEntry(city.chengdong, stops=stops, **said))


def sent(stops: list[tuple[Any, str, str, str]], **more: Any) -> dict[str, Any]:
    """What a browser sends: family, day, the number that stood and the number now."""
    told: dict[str, Any] = {"monday": MONDAY.isoformat(), "most": "8", "version": "0"}
    told["stops"] = [str(family.household.pk) for family, *_ in stops]
    for family, day, was, order in stops:
        key = f"stop-{family.household.pk.hex}"
        told |= {f"{key}-day": day, f"{key}-was": was, f"{key}-order": order}
    return told | more


def order_of(page: str) -> list[str]:
    return re.findall(r'<div class="stop-who"><a href="/families/[\w-]+/">(.*?)</a>', page)


# THE PROPOSAL, PURE ----------------------------------------------------------


def wanted(*said: tuple[int, int | None]) -> list[Candidate]:
    """Candidates: village, and days from Monday by which they are due (None: no such day)."""
    return [
        Candidate(UUID(int=n), village, None if due is None else MONDAY + timedelta(days=due), f"{n:03}")
        for n, (village, due) in enumerate(said)
    ]


def villages(rounds: dict[date, list[UUID]], candidates: list[Candidate]) -> list[list[int]]:
    of_family = {one.household_id: one.village_id for one in candidates}
    return [[of_family[pk] for pk in some] for some in rounds.values()]


def test_a_day_begins_in_the_village_of_the_most_urgent_and_takes_what_is_due_there() -> None:
    candidates = wanted((1, 3), (2, -9), (1, 2), (2, 4))
    assert villages(propose(candidates, DAYS, 2), candidates) == [[2, 2], [1, 1], [], [], []]


def test_no_day_has_more_than_was_chosen_and_nobody_is_in_the_week_twice() -> None:
    candidates = wanted(*[(n % 4, n % 6 - 2) for n in range(40)])
    rounds = propose(candidates, DAYS, 7)
    everybody = [pk for some in rounds.values() for pk in some]
    assert max(map(len, rounds.values())) == 7
    assert len(everybody) == len(set(everybody)) == 35


def test_what_room_is_left_goes_to_a_village_that_can_be_finished() -> None:
    candidates = wanted((1, -5), (2, -4), (2, -4), (2, -4), (2, -4), (3, -1), (3, -1))
    rounds = villages(propose(candidates, DAYS[:3], 3), candidates)
    assert rounds == [[1, 3, 3], [2, 2, 2], [2]]


def test_a_family_not_yet_due_is_seen_where_one_is_anyway_and_nobody_goes_for_it_alone() -> None:
    candidates = wanted((1, 0), (1, 12), (2, 12), (1, None))
    assert propose(candidates, DAYS, 2) == {DAYS[0]: [UUID(int=0), UUID(int=1)]} | {day: [] for day in DAYS[1:]}


def test_the_most_urgent_are_seen_when_not_all_can_be() -> None:
    candidates = wanted(*[(n, n - 20) for n in range(12)])
    chosen = {pk for some in propose(candidates, DAYS, 2).values() for pk in some}
    assert chosen == {UUID(int=n) for n in range(10)}


def test_the_plain_order_is_near_the_best_there_is() -> None:
    """Against every way of dealing small weeks: as many families seen, and at most one village-day more."""

    def cost(rounds: list[list[int]]) -> int:
        return sum(len(set(some)) for some in rounds)

    for seed in range(12):
        candidates = wanted(*[((seed * 7 + n * n) % 3, (seed + n) % 4 - 1) for n in range(6)])
        rounds = villages(propose(candidates, DAYS[:3], 2), candidates)
        homes = [one.village_id for one in candidates]
        best = min(cost([list(p[:2]), list(p[2:4]), list(p[4:])]) for p in permutations(homes))
        assert sum(map(len, rounds)) == 6
        assert cost(rounds) <= best + 1


def test_the_week_is_planned_from_friday_on_for_the_next() -> None:
    assert [usual_week(date(2020, 6, day)) for day in (1, 4, 5, 6, 7)] == [
        date(2020, 6, 1), date(2020, 6, 1), MONDAY, MONDAY, MONDAY,
    ]  # fmt: skip
    assert monday_of(date(2020, 6, 14)) == MONDAY


def test_a_number_typed_over_another_moves_the_family_there() -> None:
    def typed(*orders: int) -> list[UUID]:
        rows = [Typed(UUID(int=n), MONDAY, order, n, n) for n, order in enumerate(orders, 1)]
        return [one.household_id for one in in_order(rows)]

    one, two, three = (UUID(int=n) for n in (1, 2, 3))
    assert typed(1, 2, 3) == [one, two, three]
    assert typed(1, 2, 1) == [three, one, two]
    assert typed(3, 2, 3) == [two, three, one]
    assert [stop.position for stop in in_order([Typed(one, MONDAY, 9, 1, 1), Typed(two, MONDAY, 4, 2, 2)])] == [1, 2]


# THE PAGE --------------------------------------------------------------------


def test_the_coming_week_is_proposed_from_who_is_due_and_nothing_is_saved(
    client_for: Any, city: Any, worker: Any, colleague: Any
) -> None:
    promised(city, worker, "林甲", date(2020, 6, 10), village=city.chishan)
    promised(city, worker, "林乙", date(2020, 6, 1), village=city.beiping)
    promised(city, worker, "林丙", date(2020, 6, 12), village=city.beiping)
    promised(city, worker, "林丁", date(2020, 9, 1), village=city.chishan)
    promised(city, colleague, "黄某", date(2020, 6, 1))
    page = text_of(client_for(worker).get(f"{WEEK}?most=2&fresh=1"))
    assert "2020年6月8日" in page
    assert "还没有保存" in page
    assert order_of(page) == ["林乙户", "林丙户", "林甲户"]
    assert "走访时约好6月1日再联系" in page
    assert not WeekPlan.objects.exists()


def test_what_does_not_fit_into_the_week_is_said(client_for: Any, city: Any, worker: Any) -> None:
    for number in range(7):
        promised(city, worker, f"林{number}", date(2020, 6, 8))
    page = text_of(client_for(worker).get(f"{WEEK}?most=1&fresh=1"))
    assert len(order_of(page)) == 5
    assert "这周到期、没有排进来的 2 户" in page


def test_a_plan_is_saved_in_the_typed_order_moved_and_left_out(client_for: Any, city: Any, worker: Any) -> None:
    one, two, three = (of(city, worker, name) for name in ("林甲", "林乙", "林丙"))
    monday, tuesday = "2020-06-08", "2020-06-09"
    client = client_for(worker)
    answer = client.post(WEEK, sent([(one, monday, "1", "2"), (two, monday, "2", "2"), (three, "", "3", "3")]))
    assert answer["Location"] == f"{WEEK}?monday=2020-06-08"
    plan = WeekPlan.objects.get()
    assert plan.staff_id == worker.staff_id
    rows = {row.household_id: (row.day, row.position) for row in plan.stops.all()}
    assert rows == {
        two.household.pk: (MONDAY, 1), one.household.pk: (MONDAY, 2), three.household.pk: (None, 1),
    }  # fmt: skip
    page = text_of(client.get(f"{WEEK}?monday={monday}"))
    assert order_of(page) == ["林乙户", "林甲户", "林丙户"]
    moved = sent([(two, tuesday, "1", "1"), (one, monday, "2", "1"), (three, monday, "1", "2")], version="1")
    client.post(WEEK, moved)
    assert order_of(text_of(client.get(f"{WEEK}?monday={monday}"))) == ["林甲户", "林丙户", "林乙户"]
    assert WeekPlan.objects.get().version == 2
    assert PlanStop.history.filter(household_id=two.household.pk).count() == 2


def test_two_windows_show_both_plans_and_lose_neither(client_for: Any, city: Any, worker: Any) -> None:
    one, two = of(city, worker, "林甲"), of(city, worker, "林乙")
    a_plan(city, worker, [stop(one, MONDAY, 1)])
    client = client_for(worker)
    answer = client.post(WEEK, sent([(two, "2020-06-10", "1", "1")]))
    page = text_of(answer)
    assert answer.status_code == 409
    assert re.search(r"<dt>6月8日</dt><dd>林甲</dd>", page)
    assert re.search(r"<dt>6月10日</dt><dd>林乙</dd>", page)
    assert 'name="version" value="1"' in page
    assert [row.household_id for row in PlanStop.objects.all()] == [one.household.pk]
    assert client.post(WEEK, sent([(two, "2020-06-10", "1", "1")], version="1")).status_code == 302
    assert [row.household_id for row in PlanStop.objects.all()] == [two.household.pk]


def test_a_refused_plan_comes_back_as_it_was_typed(client_for: Any, city: Any, worker: Any) -> None:
    one = of(city, worker, "林甲")
    answer = client_for(worker).post(WEEK, sent([(one, "2020-06-20", "1", "1")]))
    assert answer.status_code == 422
    assert "林甲户：这天不在这一周里，请另选一天" in text_of(answer)
    assert not WeekPlan.objects.exists()
    too_many = client_for(worker).post(WEEK, sent([(one, "2020-06-09", "1", "1")], most="21"))
    assert too_many.status_code == 422
    assert order_of(text_of(too_many)) == ["林甲户"]


def test_a_family_is_added_to_a_day_without_a_script(client_for: Any, city: Any, worker: Any, colleague: Any) -> None:
    one, other = of(city, worker, "林甲"), of(city, colleague, "黄阿公")
    typed = sent([(one, "2020-06-08", "1", "1")], add="1", find="黄阿公", add_day="2020-06-08")
    page = text_of(client_for(worker).post(WEEK, typed))
    assert order_of(page) == ["林甲户", "黄阿公户"]
    assert not WeekPlan.objects.exists()
    picked = text_of(client_for(worker).post(WEEK, typed | {"find": "", "family": str(other.household.pk)}))
    assert order_of(picked) == ["林甲户", "黄阿公户"]


def test_the_plan_knows_who_was_visited_meanwhile(client_for: Any, city: Any, worker: Any) -> None:
    one, two = of(city, worker, "林甲"), of(city, worker, "林乙")
    monday = date(2020, 6, 1)
    a_plan(city, worker, [stop(one, monday, 1), stop(two, monday, 2)], monday=monday)
    met = a_visit(city.chengdong, worker, one, on=date(2020, 6, 2))
    a_visit(city.chengdong, worker, two, on=date(2020, 6, 3), result=Result.NOBODY_HOME)
    page = text_of(client_for(worker).get(f"{WEEK}?monday=2020-06-01"))
    assert "已见到 1 户" in page
    assert f'<a class="status status-open" href="/visits/{met.pk}/">6月2日见到</a>' in page
    assert "6月3日 无人在家" in page


def test_a_day_of_the_plan_leads_to_its_evening(client_for: Any, city: Any, worker: Any) -> None:
    one, monday = of(city, worker, "林甲"), date(2020, 6, 1)
    a_plan(city, worker, [stop(one, monday, 1)], monday=monday)
    page = text_of(client_for(worker).get(f"{WEEK}?monday=2020-06-01"))
    address = f"/visits/evening?occurred_on=2020-06-01&amp;family={one.household.pk}"
    assert address in page
    a_plan(city, worker, [stop(one, MONDAY, 1)])
    assert "/visits/evening" not in text_of(client_for(worker).get(WEEK))
    evening = text_of(client_for(worker).get(address.replace("&amp;", "&")))
    assert "<h3>林甲户</h3>" in evening


def test_the_printed_plan_has_no_grade_and_no_reason(client_for: Any, city: Any, worker: Any, colleague: Any) -> None:
    one = of(city, worker, "林甲")
    flag_family(by=worker, station=city.chengdong, household=one.household, starts_on=TODAY, reason="酒后打过人")
    a_plan(city, worker, [stop(one, MONDAY, 1, colleague.staff_id)])
    on_screen = text_of(client_for(worker).get(WEEK))
    assert "还没有定级" in on_screen
    page = text_of(client_for(worker).get(f"{WEEK}print"))
    assert "林甲户" in page
    assert "黄建国" in page
    for word in ("定级", "级别", "酒后打过人", "逾期"):
        assert word not in page


def test_a_companion_sees_where_colleagues_count_on_them(
    client_for: Any, city: Any, worker: Any, colleague: Any
) -> None:
    one = of(city, worker, "林甲")
    a_plan(city, worker, [stop(one, MONDAY, 1, colleague.staff_id)])
    assert "同事约您一起去的" in text_of(client_for(colleague).get(WEEK))
    assert "同事约您一起去的" not in text_of(client_for(worker).get(WEEK))


def test_the_week_costs_the_same_for_two_families_and_for_thirty(client_for: Any, city: Any, worker: Any) -> None:
    client = client_for(worker)

    def asked() -> list[int]:
        found = []
        for address in (WEEK, f"{WEEK}?fresh=1&most=8", f"{WEEK}print"):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            found.append(len(queries))
        return found

    few = [promised(city, worker, f"林{n}", date(2020, 6, 9)) for n in range(2)]
    a_plan(city, worker, [stop(one, MONDAY, n) for n, one in enumerate(few, 1)])
    before = asked()
    many = few + [promised(city, worker, f"陈{n}", date(2020, 6, 10)) for n in range(28)]
    a_plan(city, worker, [stop(one, DAYS[n % 5], n + 1) for n, one in enumerate(many)], version=1)
    assert asked() == before


# WHO, AND WHAT IS REFUSED ----------------------------------------------------


def test_a_plan_is_ones_own(client_for: Any, city: Any, worker: Any, colleague: Any, supervisor: Any) -> None:
    one = of(city, worker, "林甲")
    a_plan(city, worker, [stop(one, MONDAY, 1)])
    assert order_of(text_of(client_for(colleague).get(WEEK))) == []
    assert client_for(colleague).get(f"{WEEK}print").status_code == 404
    assert client_for(supervisor).get(WEEK).status_code == 404
    with pytest.raises(NotAllowed):
        a_plan(city, supervisor, [stop(one, MONDAY, 1)])


def test_another_stations_family_is_not_planned(city: Any, worker: Any, stranger: Any) -> None:
    foreign = a_family(city.dongzhou, stranger)
    with pytest.raises(NotAllowed):
        a_plan(city, worker, [stop(foreign, MONDAY, 1)])


def test_a_plan_begins_on_a_monday_and_its_companion_works_there(city: Any, worker: Any, stranger: Any) -> None:
    one = of(city, worker, "林甲")
    with pytest.raises(NotAllowed):
        a_plan(city, worker, [stop(one, MONDAY, 1)], monday=MONDAY + timedelta(days=1))
    for companion, code in ((stranger.staff_id, "companion_not_posted"), (worker.staff_id, "alone_with_self")):
        with pytest.raises(Refused) as refused:
            a_plan(city, worker, [stop(one, MONDAY, 1, companion)])
        assert [finding.code for finding in refused.value.findings] == [code]
    with pytest.raises(Refused) as twice:
        a_plan(city, worker, [stop(one, MONDAY, 1), stop(one, DAYS[1], 1)])
    assert [finding.code for finding in twice.value.findings] == ["twice"]


def test_the_database_refuses_a_second_plan_and_nonsense_in_it(city: Any, worker: Any, colleague: Any) -> None:
    one = of(city, worker, "林甲")
    plan = a_plan(city, worker, [stop(one, MONDAY, 1)])
    again = {"station": plan.station, "staff": plan.staff, "monday": MONDAY, "entered_by": worker}
    with pytest.raises(IntegrityError), transaction.atomic():
        WeekPlan(most=8, **again).save()
    with pytest.raises(IntegrityError, match="week_plan_most_in_reason"), transaction.atomic():
        WeekPlan(most=21, **(again | {"monday": MONDAY + timedelta(days=7)})).save()
    row = plan.stops.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanStop(station=plan.station, plan=plan, household=one.household, day=MONDAY, position=2).save()
    row.position = 0
    with pytest.raises(IntegrityError, match="plan_stop_has_place"), transaction.atomic():
        row.save()
    row.position, row.day, row.companion = 1, None, colleague.staff
    with pytest.raises(IntegrityError, match="plan_stop_left_out_goes_alone"), transaction.atomic():
        row.save()


# NOBODY GOES ALONE -----------------------------------------------------------


def flagged(city: Any, by: Any, family: Any, **more: Any) -> SafetyFlag:
    said = {"starts_on": TODAY, "reason": "有家人酒后打过人", **more}
    return flag_family(by=by, station=city.chengdong, household=family.household, **said)


def test_a_flag_shows_in_the_plan_and_asks_for_a_second(client_for: Any, city: Any, worker: Any) -> None:
    one = of(city, worker, "林甲")
    a_plan(city, worker, [stop(one, MONDAY, 1)])
    client = client_for(worker)
    assert "双人入户" not in text_of(client.get(WEEK))
    client.post(f"/rounds/safety/{one.household.pk}/", {"reason": "有家人酒后打过人", "starts_on": "2020-06-01"})
    page = text_of(client.get(WEEK))
    assert "双人入户" in page
    assert "还没定和谁去" in page
    assert "黄建国" in page


def test_a_flag_is_dated_and_ends_with_a_reason(client_for: Any, city: Any, worker: Any, head: Any) -> None:
    one = of(city, worker, "林甲")
    flag = flagged(city, worker, one, starts_on=date(2020, 6, 1))
    page = {"end_reason": "当事人已去外地", "ends_on": "2020-06-05", "version": "1"}
    assert client_for(head).post(f"/rounds/safety/{flag.pk}/end", page).status_code == 302
    pk = one.household.pk
    assert flags_on([pk], date(2020, 6, 5)) == {pk: flag}
    assert flags_on([pk], date(2020, 6, 6)) == {}
    told = text_of(client_for(worker).get(f"/rounds/safety/{pk}/"))
    assert "解除：当事人已去外地" in told
    assert SafetyFlag.history.filter(id=flag.pk).count() == 2
    assert {event.kind for event in AuditEvent.objects.filter(kind__startswith="safety.")} == {
        "safety.flagged", "safety.ended",
    }  # fmt: skip
    flagged(city, worker, one)


def test_a_flag_needs_a_reason_and_is_set_once(city: Any, worker: Any) -> None:
    one = of(city, worker, "林甲")
    with pytest.raises(Refused, match="请写明为什么要两个人去"):
        flagged(city, worker, one, reason=" ")
    with pytest.raises(Refused, match="今天或以前"):
        flagged(city, worker, one, starts_on=TODAY + timedelta(days=1))
    flag = flagged(city, worker, one)
    with pytest.raises(Refused, match="已经标明双人入户"):
        flagged(city, worker, one)
    with pytest.raises(Conflict):
        end_flag(by=worker, flag=flag, version=9, ends_on=TODAY, reason="可以了")
    with pytest.raises(Refused, match="不能早于开始日期"):
        end_flag(by=worker, flag=flag, version=1, ends_on=TODAY - timedelta(days=1), reason="可以了")


def test_who_reads_and_who_sets_a_flag(
    client_for: Any, city: Any, worker: Any, supervisor: Any, officer: Any, stranger: Any
) -> None:
    one = of(city, worker, "林甲")
    flag = flagged(city, worker, one)
    address = f"/rounds/safety/{one.household.pk}/"
    assert "有家人酒后打过人" in text_of(client_for(supervisor).get(address))
    assert client_for(supervisor).post(address, {"reason": "再说一次", "starts_on": "2020-06-01"}).status_code == 404
    for user in (officer, stranger):
        assert client_for(user).get(address).status_code == 404
        assert client_for(user).post(f"/rounds/safety/{flag.pk}/end", {}).status_code == 404
    with pytest.raises(NotAllowed):
        flag_family(
            by=stranger, station=city.dongzhou, household=one.household, starts_on=TODAY, reason="有家人酒后打过人"
        )
    with pytest.raises(NotAllowed):
        end_flag(by=stranger, flag=flag, version=1, ends_on=TODAY, reason="可以了")


def test_the_database_refuses_a_flag_without_a_reason_and_two_at_a_time(city: Any, worker: Any) -> None:
    one = of(city, worker, "林甲")
    flag = flagged(city, worker, one)
    said = {"station": flag.station, "household": one.household, "starts_on": TODAY, "entered_by": worker}
    with pytest.raises(IntegrityError), transaction.atomic():
        SafetyFlag(reason="又一次", **said).save()
    for wrong, name in (
        ({"reason": ""}, "safety_flag_has_reason"),
        ({"ends_on": TODAY}, "safety_flag_ends_with_reason"),
        ({"ends_on": TODAY - timedelta(days=1), "end_reason": "可以了"}, "rounds_safetyflag_dates_in_order"),
    ):
        for field, value in ({"reason": "打人", "ends_on": None, "end_reason": ""} | wrong).items():
            setattr(flag, field, value)
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            flag.save()


def test_a_stop_of_nobody_known_is_not_planned(city: Any, worker: Any) -> None:
    with pytest.raises(NotAllowed):
        a_plan(city, worker, [Stop(uuid4(), MONDAY, 1)])

"""Two alarms of the demonstration, invented: the article's beaten teenager, and a drill that is over."""

from datetime import date, datetime

from shuangbai.core import clock
from shuangbai.core.ids import random_id
from shuangbai.households.access import people_visible_to
from shuangbai.households.enums import FileState, Relation
from shuangbai.households.models import FamilyFile, Membership, Person
from shuangbai.network.access import viewer_of
from shuangbai.network.models import OrgUnit, User
from shuangbai.safeguarding.actions import AlarmEntry, StepEntry, close_alarm, raise_alarm, record_step
from shuangbai.safeguarding.enums import CloseReason, Protected, Situation, StepKind

FOUND, DRILL = date(2020, 4, 22), date(2020, 5, 11)
TEENS = (date(2005, 1, 1), date(2007, 12, 31))
# When, what, with whom, receipt, what came of it.
STEPS: list[tuple[datetime, StepKind, str, str, str]] = [
    (clock.at(FOUND, 16, 52), StepKind.POLICE, "110，派出所值班民警", "YS20200422001", "民警到场，父亲被带走问话。"),
    (clock.at(FOUND, 17, 5), StepKind.TOLD, "站长、镇儿童督导员、镇民政办", "", "镇里同意先安置，由民政办协调。"),
    (clock.at(FOUND, 18, 10), StepKind.MEDICAL, "区人民医院，社工陪同", "", "验伤：软组织挫伤，没有骨折，已留病历。"),
    (clock.at(FOUND, 20, 30), StepKind.PLACED, "姑姑家，派出所、村委和本人同意", "", "书包和换洗衣服由村委取来。"),
    (clock.at(date(2020, 4, 24), 10), StepKind.ORDER, "派出所", "", "对父亲出具家庭暴力告诫书，送村委一份。"),
    (clock.at(date(2020, 4, 30), 15), StepKind.ORDER, "区人民法院", "", "姑姑代为申请，裁定六个月保护令。"),
    (clock.at(date(2020, 5, 8), 17), StepKind.FOLLOWUP, "本人和姑姑", "", "睡得安稳些，愿意回校；班主任每周联系。"),
    (clock.at(date(2020, 5, 29), 17), StepKind.FOLLOWUP, "本人、姑姑、班主任", "", "功课跟上了；父亲在戒酒，不见面。"),
]  # fmt: skip


def fill() -> None:
    """By the worker whose sign-in is printed; the head is one of the few, as is the supervisor."""
    worker, head = (User.objects.get(username=name) for name in ("worker", "head"))
    station = viewer_of(worker).home_station
    assert station is not None
    _beaten(worker, station)
    _drill(_afresh(worker), head, station)


def _afresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def _teenager(worker: User, station: OrgUnit) -> Person:
    """A son of a man whose family the station keeps a file of."""
    on_file = FamilyFile.objects.filter(station=station, state=FileState.OPEN).values("household")
    men = Membership.objects.on(FOUND).filter(relation=Relation.HEAD, person__sex="1", household__in=on_file)
    sons = Membership.objects.on(FOUND).filter(relation=Relation.SON, household__in=men.values("household"))
    boys = people_visible_to(worker).filter(birth_date__range=TEENS, died_on=None, pk__in=sons.values("person"))
    found = boys.order_by("birth_date", "name").first()
    assert found is not None
    return found


def _beaten(worker: User, station: OrgUnit) -> None:
    raised = clock.at(FOUND, 16, 58)
    entry = AlarmEntry(
        station=station, client_id=random_id(), person_id=_teenager(worker, station).pk, protected=Protected.MINOR,
        situation=Situation.BEATEN, discovered_at=clock.at(FOUND, 16, 40),
        facts="放学路上见他一瘸一拐，手臂、小腿有几处青紫，新旧都有。他说：“我爸喝了酒用皮带打的，昨晚也打。”",
        impressions="说到回家时不肯走，像是怕再挨打；母亲似乎也不敢拦。",
        done="陪他在村委办公室坐着，16:52 已拨打 110，没有再追问细节。", entered_at=raised,
    )  # fmt: skip
    with clock.pinned(FOUND):
        alarm = raise_alarm(by=_afresh(worker), entry=entry, acknowledged=True)
    for version, (at, kind, whom, receipt, note) in enumerate(STEPS, 1):
        step = StepEntry(kind, at, whom, receipt, note, entered_at=max(at, raised))
        with clock.pinned(at.date()):
            record_step(by=_afresh(worker), alarm=alarm, version=version, entry=step)


def _drill(worker: User, head: User, station: OrgUnit) -> None:
    at = clock.at(DRILL, 9, 30)
    entry = AlarmEntry(
        station=station, client_id=random_id(), who="演练用：假设的八岁女孩", protected=Protected.MINOR,
        situation=Situation.ABANDONED, discovered_at=at, facts="演练：假设走访时发现女孩独自在家三天。",
        done="演练：口头说出应拨打 110，没有真的拨打。", drill=True, entered_at=clock.at(DRILL, 9, 36),
    )  # fmt: skip
    with clock.pinned(DRILL):
        alarm = raise_alarm(by=worker, entry=entry)
        said = StepEntry(
            StepKind.POLICE, clock.at(DRILL, 9, 40), "演练：应报派出所", "", "演练，没有回执。",
            entered_at=clock.at(DRILL, 9, 41),
        )  # fmt: skip
        record_step(by=_afresh(worker), alarm=alarm, version=1, entry=said)
    with clock.pinned(date(2020, 5, 12)):
        note = "全站五分钟内说清了先打 110 再登记；回执号要问民警，下次记住。"
        close_alarm(by=_afresh(head), alarm=alarm, version=2, reason=CloseReason.DRILL, note=note)

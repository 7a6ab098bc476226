"""What is measured and drawn in the demonstration's cases, by the kind of a case; invented."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from shuangbai.cases.actions.drawing import TieEntry, change_tie, draw_tie
from shuangbai.cases.actions.scoring import record_scale
from shuangbai.cases.models import Case, CaseClient
from shuangbai.cases.ties import Flow, Strength, System
from shuangbai.core import clock
from shuangbai.core.ids import random_id
from shuangbai.network.models import User
from shuangbai.scales.actions import ResultEntry
from shuangbai.scales.enums import Filler

S, F = Strength, Flow
Surrounding = tuple[System, str, Strength, Flow, Strength | None]  # the last: how it became by the end


@dataclass(frozen=True, slots=True)
class Measured:
    """A scale and its results over the case: answers by item, or a total alone."""

    scale: str
    filled_by: Filler
    results: Sequence[Sequence[int] | int]


TIES: dict[str, Sequence[Surrounding]] = {
    "violence": [
        (System.KIN, "姑姑", S.STRONG, F.FROM, None), (System.KIN, "母亲", S.WEAK, F.FROM, S.STRONG),
        (System.SCHOOL, "中心学校", S.STRONG, F.FROM, None), (System.FRIENDS, "同班同学", S.WEAK, F.BOTH, None),
        (System.VILLAGE, "村妇女主任", S.STRONG, F.FROM, None), (System.OFFICE, "派出所", S.WEAK, F.FROM, None),
        (System.STATION, "", S.STRONG, F.FROM, None),
    ],
    "care": [
        (System.RELATIVES, "外婆家", S.BROKEN, F.NEITHER, S.WEAK),
        (System.NEIGHBOURS, "隔壁阿婶", S.STRONG, F.FROM, None),
        (System.SCHOOL, "村小", S.WEAK, F.FROM, S.STRONG), (System.GROUP, "爱心妈妈", S.WEAK, F.FROM, S.STRONG),
        (System.VILLAGE, "儿童主任", S.STRONG, F.FROM, None), (System.STATION, "", S.STRONG, F.FROM, None),
    ],
    "elder": [
        (System.KIN, "大儿子", S.STRESSED, F.TO, S.WEAK), (System.KIN, "小女儿", S.BROKEN, F.NEITHER, S.STRONG),
        (System.NEIGHBOURS, "对门阿婶", S.STRONG, F.BOTH, None), (System.VILLAGE, "", S.WEAK, F.FROM, S.STRONG),
        (System.HOSPITAL, "镇卫生院", S.WEAK, F.FROM, None), (System.FAITH, "妈祖庙理事会", S.WEAK, F.BOTH, None),
        (System.STATION, "", S.STRONG, F.FROM, None),
    ],
    "disability": [
        (System.RELATIVES, "兄弟家", S.STRESSED, F.TO, S.WEAK), (System.OFFICE, "残联", S.WEAK, F.FROM, S.STRONG),
        (System.HOSPITAL, "县康复科", S.WEAK, F.FROM, S.STRONG), (System.WORK, "制衣厂", S.BROKEN, F.NEITHER, S.WEAK),
        (System.SCHOOL, "孩子的学校", S.WEAK, F.FROM, None), (System.GROUP, "志愿者", S.WEAK, F.FROM, S.STRONG),
        (System.STATION, "", S.STRONG, F.FROM, None),
    ],
    "mind": [
        (System.KIN, "丈夫", S.WEAK, F.FROM, S.STRONG), (System.HOSPITAL, "市三院", S.WEAK, F.FROM, S.STRONG),
        (System.FRIENDS, "工友", S.BROKEN, F.NEITHER, S.WEAK), (System.STATION, "", S.STRONG, F.FROM, None),
    ],
}  # fmt: skip
SCALES: dict[str, Sequence[Measured]] = {
    "violence": [Measured("ruler", Filler.CLIENT, [(2,), (4,), (7,), (8,)])],
    "care": [Measured("ruler", Filler.CLIENT, [(3,), (5,), (8,)])],
    "elder": [
        Measured("selfcare6", Filler.WORKER, [(0, 1, 1, 1, 0, 1), (0, 0, 0, 1, 0, 1)]),
        Measured("gds15", Filler.WORKER, [
            (0, 1, 1, 1, 0, 0, 0, 1, 1, 0, 0, 1, 0, 1, 1), (1, 1, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0),
        ]),
    ],
    "disability": [Measured("barthel", Filler.WORKER, [35, 50, 65])],
    "mind": [
        Measured("phq9", Filler.CLIENT, [
            (2, 3, 3, 2, 2, 2, 2, 1, 0), (1, 2, 2, 1, 1, 1, 1, 0, 0), (1, 1, 1, 1, 0, 0, 0, 0, 0),
        ]),
    ],
}  # fmt: skip


def fill() -> None:
    """In every case of these kinds that was taken on, by its own worker."""
    accounts = {user.staff_id: user for user in User.objects.filter(staff__isnull=False, is_active=True)}
    for case in Case.objects.filter(kind__in=TIES, accepted_on__isnull=False).order_by("opened_on", "number"):
        worker = accounts.get(case.worker_id)
        if worker is not None:
            _draw(case, worker)
            _measure(case, worker)


def _days(case: Case, count: int) -> Iterator[date]:
    """So many days over the case's life, the first soon after it was opened, each later than the one before."""
    last = min(case.closed_on or clock.today(), clock.today())
    span = (last - case.opened_on).days
    told = case.opened_on - timedelta(days=1)
    for place in range(count):
        day = case.opened_on + timedelta(days=min(span, 2 + span * place // max(1, count)))
        if day > told:
            yield day
        told = max(day, told)


def _draw(case: Case, worker: User) -> None:
    days = list(_days(case, 2))
    for system, name, strength, flow, became in TIES[case.kind]:
        tie = draw_tie(by=worker, case=case, entry=TieEntry(system, strength, flow, days[0], name))
        if became and len(days) > 1:
            towards = F.FROM if flow == F.NEITHER else flow
            change_tie(by=worker, case=case, tie=tie, entry=TieEntry(system, became, towards, days[1], name))


def _measure(case: Case, worker: User) -> None:
    person = CaseClient.objects.filter(case=case, ended_on__isnull=True).order_by("position").first()
    if person is None:
        return
    for one in SCALES[case.kind]:
        for day, said in zip(_days(case, len(one.results)), one.results, strict=False):
            answers = {} if isinstance(said, int) else {str(item): points for item, points in enumerate(said, 1)}
            entry = ResultEntry(
                random_id(), person.person_key, one.scale, 1, day, one.filled_by, answers,
                said if isinstance(said, int) else None,
            )  # fmt: skip
            record_scale(by=worker, case=case, entry=entry)

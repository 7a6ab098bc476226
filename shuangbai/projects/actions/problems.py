"""Problems: said by a worker or by a villager on the station's page, answered; the page itself, open or shut."""

from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert
from shuangbai.core.findings import Conflict, Finding, NotAllowed, Refused, refuse_if_any
from shuangbai.core.strangers import new_token
from shuangbai.network.access import check_reaches
from shuangbai.network.models import Area, OrgUnit, User
from shuangbai.network.queries import villages_covered
from shuangbai.network.roles import Permission
from shuangbai.pictures.access import SUBJECTS
from shuangbai.pictures.actions import PictureSaid, PicturesEntry, keep_pictures
from shuangbai.projects.access import may_open_masked, may_write, problems_written_by
from shuangbai.projects.actions.projects import save
from shuangbai.projects.entries import ProblemEntry
from shuangbai.projects.enums import Answer, Raiser
from shuangbai.projects.models import Problem, ProblemBox, Project
from shuangbai.projects.queries import PROBLEMS, bytes_sent_on, sent_on, waiting_at
from shuangbai.projects.rules import answer_findings, problem_findings, sending_findings
from shuangbai.upkeep.alerts import check_may_open, tell_auditor

RAISED = audit.kind("problem.raised", "{by} 记下了一个公共问题")
SENT = audit.kind("problem.sent", "{by} 收到一位村民在公开页提交的一个公共问题")
ANSWERED = audit.kind("problem.answered", "{by} 答复了一个公共问题：{how}")
OPENED = audit.kind("problem.unmasked", "{by} 查看了提问题的人的电话，理由：{reason}", opens=True)
SWITCHED = audit.kind("problem_box.switched", "{by} {how}了收公共问题的公开页")


@action
def raise_problem(*, by: User, station: OrgUnit, entry: ProblemEntry) -> Problem:
    """Note a problem that somebody told a worker, or that a worker saw. Raises NotAllowed, Refused."""
    check_reaches(by, Permission.WRITE_RECORDS, {station.pk})
    before = Problem.objects.filter(station=station, client_id=entry.client_id).first()
    if before:
        return before
    refuse_if_any(_judged(entry), acknowledged=False)
    problem = _made(station, entry, Raiser.STATION, by)
    audit.record(RAISED, by=by, about=problem)
    return problem


@action
def send_problem(*, box: ProblemBox, entry: ProblemEntry) -> Problem:
    """A villager says what is wrong; sent twice it is the first.

    Raises Refused, with ceilings for each station and day, of problems and of their pictures' bytes, that are counted
    in the database (core.strangers).
    """
    current = ProblemBox.objects.select_for_update(of=("self",)).select_related("station").get(pk=box.pk)
    station = current.station
    before = Problem.objects.filter(station=station, client_id=entry.client_id).first()
    if before:
        return before
    today = clock.today()
    entry.raised_on = today
    found = sending_findings(
        opened=current.opened, today_sent=sent_on(station.pk, today), waiting=waiting_at(station.pk),
        today_bytes=bytes_sent_on(station.pk, today), size=sum(len(one.data) for one in entry.pictures),
    )  # fmt: skip
    refuse_if_any(found or _judged(entry), acknowledged=False)
    covered = villages_covered(station.pk, today).filter(pk=entry.village_id or 0)
    if entry.village_id and not covered.exists():
        entry.village_id = None
    problem = _made(station, entry, Raiser.VILLAGER, None)
    audit.record(SENT, by=None, about=problem)
    if entry.pictures:
        about = SUBJECTS[PROBLEMS].about(problem)
        said = PictureSaid(taken_on=today)
        keep_pictures(by=None, about=about, entry=PicturesEntry(PROBLEMS, problem.pk, entry.pictures, said))
    return problem


@action
def answer_problem(
    *, by: User, problem: Problem, version: int, state: str, answer: str, project: Project | None = None
) -> Problem:
    """Answer a problem in words, or answer it otherwise than before. Raises NotAllowed, Refused, Conflict."""
    row = problems_written_by(by).filter(pk=problem.pk).select_for_update(of=("self",)).first()
    if row is None:
        raise NotAllowed
    if row.version != version:
        raise Conflict(row)
    if project is not None and project.station_id != row.station_id:
        raise NotAllowed
    refuse_if_any(answer_findings(state=state, answer=answer, has_project=project is not None), acknowledged=False)
    row.state, row.answer, row.answered_on = state, answer.strip(), clock.today()
    row.project = project if state == Answer.PROJECT else None
    save(row, by)
    audit.record(ANSWERED, by=by, about=row, how=Answer(state).label)
    return row


@action
def note_opened(*, by: User, problem: Problem, reason: str) -> None:
    """Keep in the trail that somebody opened the telephone of whoever raised a problem. Raises NotAllowed, TooOften."""
    if not may_open_masked(by, problem):
        raise NotAllowed
    check_may_open(by=by, many=1)
    audit.record(OPENED, by=by, about=problem, reason=reason, count=1, keys=["phone"])
    tell_auditor(by=by)


@action
def switch_box(*, by: User, station: OrgUnit, opened: bool, version: int, renewed: bool = False) -> ProblemBox:
    """Open or shut a station's page for problems; made at the first opening. `renewed` gives it another address.

    `version` is 0 where there was none. Raises NotAllowed, Conflict.
    """
    if not may_write(by, station.pk):
        raise NotAllowed
    OrgUnit.objects.select_for_update(no_key=True).get(pk=station.pk)
    box = ProblemBox.objects.filter(station=station).first()
    if (box.version if box else 0) != version:
        raise Conflict(box)
    how = "开放" if opened else "关闭"
    if box is None:
        box = ProblemBox(station=station, token=new_token(), opened=opened)
        insert([box], by=by)
    else:
        if renewed:
            box.token, how = new_token(), "换了地址并开放" if opened else "换了地址并关闭"
        box.opened = opened
        save(box, by)
    audit.record(SWITCHED, by=by, about=box, how=how)
    return box


# PARTS ---------------------------------------------------------------------


def _judged(entry: ProblemEntry) -> list[Finding]:
    return problem_findings(what=entry.what, raised_on=entry.raised_on, today=clock.today(), phone=entry.phone)


def _made(station: OrgUnit, entry: ProblemEntry, raiser: Raiser, by: User | None) -> Problem:
    if entry.village_id and not Area.objects.filter(pk=entry.village_id).exists():
        raise Refused.because("village", "请重新选择村居")
    problem = Problem(
        station=station, client_id=entry.client_id, raiser=raiser, raised_on=entry.raised_on, what=entry.what.strip(),
        place=entry.place.strip(), village_id=entry.village_id, name=entry.name.strip(), phone=entry.phone.strip(),
        token=new_token(), entered_by=by, entered_at=entry.entered_at or clock.now(),
    )  # fmt: skip
    insert([problem], by=by)
    return problem

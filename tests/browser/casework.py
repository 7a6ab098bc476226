"""Pages of casework for test_screens: what is asked of the served city beside, and who looks at which address."""

# Goes on where test_screens.IDS ends: `by` is the worker, `head` the head, `station` theirs, `today` the day.
IDS = """
from shuangbai.cases.actions.ending import ClosingEntry, EvaluationEntry, close_case, evaluate_case
from shuangbai.cases.actions.handing import offer_cases
from shuangbai.cases.actions.moving import move_case
from shuangbai.cases.actions.opening import CaseEntry, OpenEntry, open_case
from shuangbai.cases.actions.watching import say_view
from shuangbai.cases.actions.working import (
    AssessmentEntry, GoalEntry, PlanEntry, SessionEntry, assess, attach_visit, plan_case, rate_goal, record_session,
    set_goal,
)
from shuangbai.cases.enums import Consent, Risk, SessionMode, Stage, ViewKind
from shuangbai.cases.models import Case
from shuangbai.cases.queries import may_work_at
from shuangbai.core.ids import random_id
watches = User.objects.get(username="supervisor")
home, met = visit.record.household, visit.record.occurred_on
people = [row.person_id for row in Membership.objects.filter(household=home, ends_on=None)]
begun = met - timedelta(days=20)
def opened(risk):
    said = CaseEntry(
        "visit", "child", "母亲去世后跟着奶奶，近来常常旷课，夜里不敢一个人睡", people[:1], begun, accepted_on=begun,
        accept_reason="家里照看不过来，村里和学校都愿意一起帮", consent=Consent.GUARDIAN, consent_on=begun,
        judgement="先稳住照看的人和上学")
    entry = OpenEntry(
        station, random_id(), home.pk, said, risk=risk, risk_reason="夜里没有大人在家", supervisor_id=watches.pk)
    return open_case(by=by, entry=entry, acknowledged=True)
case = Case.objects.filter(worker=by.staff, stage="act").order_by("opened_on").first()
if case is None:
    case = opened(Risk.HIGH)
    assess(by=by, case=case, entry=AssessmentEntry(
        begun, physical="身体好，偏瘦", psychological="夜里做恶梦，话少", social="奶奶七十岁，父亲在外打工",
        tried="奶奶带去看过一次校医", strengths="奶奶疼爱，成绩以前不错", resources="班主任、村妇女主任、邻居阿姨",
        needs=chr(10).join(["夜里有大人陪", "按时上学", "有人听她说话"]), analysis="丧亲以后没有人和她谈过母亲"))
    plan_case(by=by, case=case, version=0, entry=PlanEntry(
        begun, purpose="让孩子安稳地上学、睡觉", theory="哀伤辅导，优势视角", strategy="每周见面，一起整理母亲的照片",
        worker_duties="每周三下午入户", client_duties="奶奶晚上陪睡，孩子每天到校", schedule="两个月", agreed_on=begun))
    goals = [
        set_goal(by=by, case=case, acknowledged=True, entry=GoalEntry(
            what, measure, target, begun, begun + timedelta(days=60), baseline=now))
        for what, measure, now, target in (
            ("每天按时上学", "每周旷课几次，班主任记", "每周三次", "没有旷课"),
            ("夜里有大人陪", "每周几晚有大人在家，奶奶记", "每周两晚", "每晚"),
        )
    ]
    for goal, scores in zip(goals, ((-2, -1, 0), (-1, 1))):
        for step, score in enumerate(scores, 1):
            rate_goal(by=by, goal=goal, value=score, rated_on=begun + timedelta(days=6 * step), note="班主任说的")
    move_case(by=by, case=case, version=1, to=Stage.ACT, on=begun, reason="夜里没有大人，先安排陪伴", acknowledged=True)
    for step in range(3):
        on = begun + timedelta(days=6 * step)
        record_session(by=by, case=case, entry=SessionEntry(
            on, 60, SessionMode.HOME, "一起看了母亲的照片，说了最想念的事；奶奶在旁边也流了泪。", by.staff_id,
            place="家里", present_keys=tuple(people[:2]), present="村妇女主任", purpose="说说母亲",
            response="开始时低头不语，后来愿意说", reflection="给她时间，不催", next_step="下次带相册",
            next_on=on + timedelta(days=6)))
    attach_visit(by=by, case=case, record_key=visit.pk)
    say_view(by=watches, case=case, kind=ViewKind.PLAN, text="夜里的陪伴放在第一位", agrees=True)
    evaluate_case(by=by, case=case, entry=EvaluationEntry(
        begun + timedelta(days=18), process="按计划见了三次", outcome="旷课从三次到一次", satisfaction=5,
        client_words="阿姐来我就开心"))
shut = Case.objects.filter(worker=by.staff, stage="followup").order_by("opened_on").first()
if shut is None:
    shut = opened(Risk.LOW)
    move_case(by=by, case=shut, version=1, to=Stage.CLOSE, on=begun, reason="已随姑姑生活", acknowledged=True)
    shut.refresh_from_db()
    entry = ClosingEntry("moved", "已随姑姑到外县生活，和那边的社工站通过电话，材料已移交。", months=[1, 3, 6])
    close_case(by=by, case=shut, version=shut.version, entry=entry, on=begun, why="家人已迁出")
others = may_work_at(station, today).exclude(pk=by.staff_id)
if not case.offers.exists():
    given = opened(Risk.MIDDLE)
    offer_cases(by=by, cases=[(given, others.first())], note="请先看计划")
answer |= {
    "case": str(case.pk), "shut_case": str(shut.pk), "case_goal": str(case.goals.order_by("position").first().pk),
    "case_talk": str(case.sessions.order_by("held_on").first().pk), "revisit": str(shut.follow_ups.first().pk),
    "case_family": str(case.household_key),
}
"""

PAGES = {
    "cases": ("worker", "/cases/"),
    "cases-head": ("head", "/cases/"),
    "cases-closed": ("worker", "/cases/?closed"),
    "cases-waiting": ("supervisor", "/cases/waiting"),
    "case-new": ("worker", "/cases/new?family={case_family}"),
    "case-new-head": ("head", "/cases/new?family={case_family}"),
    "case-choose": ("worker", "/cases/new"),
    "case": ("worker", "/cases/{case}/"),
    "case-supervisor": ("supervisor", "/cases/{case}/"),
    "case-closed": ("worker", "/cases/{shut_case}/"),
    "case-edit": ("worker", "/cases/{case}/edit"),
    "case-move": ("worker", "/cases/{case}/move"),
    "case-risk": ("worker", "/cases/{case}/risk"),
    "case-team": ("head", "/cases/{case}/team"),
    "case-offer": ("worker", "/cases/{case}/offer"),
    "case-assess": ("worker", "/cases/{case}/assessments/new"),
    "case-plan": ("worker", "/cases/{case}/plan"),
    "case-goal": ("worker", "/cases/{case}/goals/{case_goal}"),
    "case-rate": ("worker", "/cases/{case}/goals/{case_goal}/rate"),
    "case-goal-resume": ("worker", "/cases/{case}/goals/{case_goal}/resume"),
    "case-session": ("worker", "/cases/{case}/sessions/new"),
    "case-session-edit": ("worker", "/cases/{case}/sessions/{case_talk}"),
    "case-evaluate": ("worker", "/cases/{case}/evaluations/new"),
    "case-closing": ("worker", "/cases/{case}/closing"),
    "case-follow-up": ("worker", "/cases/{shut_case}/follow-ups/{revisit}"),
    "case-view": ("supervisor", "/cases/{case}/views"),
    "case-family": ("worker", "/families/{case_family}/"),
    "case-rule": ("officer", "/cases/rule"),
    "case-figures": ("officer", "/reports/cases/?half=2019-2"),
    "case-figures-head": ("head", "/reports/cases/?half=2020-1"),
    "case-evidence": ("head", "/reports/cases/C1/?half=2020-1"),
}

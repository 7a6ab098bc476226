"""The groups of the demonstration city, entered by the groups' own actions."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.datastructures import MultiValueDict

from shuangbai.core.findings import Door
from shuangbai.core.forms import typed_for_draft
from shuangbai.demo.groupwork import GroupPlan, Session
from shuangbai.demo.shapes import LAST_WORK_DAY
from shuangbai.groups.actions.drafting import save_draft
from shuangbai.groups.actions.members import MemberEntry, add_members
from shuangbai.groups.actions.planning import GroupEntry, begin_group, evaluate_group, move_group
from shuangbai.groups.actions.sessions import SessionEntry, record_sessions
from shuangbai.groups.enums import AgeBand, DraftPage, GroupState, Presence, Satisfied
from shuangbai.groups.models import Group, GroupMember
from shuangbai.groups.rules import usual_phase
from shuangbai.network.access import viewer_of
from shuangbai.network.models import User
from shuangbai.services.enums import CountMethod, HeadGroup

ZONE = ZoneInfo("Asia/Shanghai")
_PROCESS = (
    "先玩热身游戏，再分两组；起初有人不说话，后来抢着讲。", "围坐一圈，一个一个说，说完大家拍手。",
    "边做边聊，散的时候约好下次带一样东西来。", "上次的事先说一遍，再做今天的；留了十分钟说感受。",
    "下雨来晚了几位，顺着改短了一个环节。",
)  # fmt: skip
_TALK = ("两位年纪大的照应着小的，声音大的学会等。", "坐在门边的那位今天坐到了中间。", "有人插话，组员自己提醒了约定。")
_THOUGHT = (
    "内容多了些，下次留出说话的时间。",
    "话题一深就有人笑场，要先定好怎样听。",
    "大家熟了，可以让组员来带开头。",
)
_AWAY = ("回外婆家", "看病", "家里农忙", "上学补课", "要带孙", "")
_BANDS = ((13, AgeBand.CHILD), (17, AgeBand.TEEN), (59, AgeBand.ADULT), (150, AgeBand.ELDER))


def fill(groups: list[GroupPlan], made: Any) -> None:
    """Enter the groups by their own actions, in the name of each station's head; `made` is the builder."""
    for plan in groups:
        by, station = made.heads[plan.station], made.units[plan.station]
        themes = [one.theme for one in plan.sessions]
        group = begin_group(
            by=by,
            entry=GroupEntry(
                station=station, title=plan.title, kind=plan.kind, begun_on=plan.begun_on,
                worker_id=made.staff[plan.worker].pk, village_id=made.areas[plan.village], place="社工站活动室",
                size=len(plan.members), need=plan.need, goals=plan.goals, theory="互助与优势视角",
                recruiting="走访时邀请，张贴海报，入组前一一谈过。", risks="有人中途离开：社工当天电话问候。",
                plan=[(at, f"{one.on:%Y-%m-%d}", one.theme) for at, one in enumerate(plan.sessions, 1)],
                budget=Decimal(80 * max(len(themes), 1)), budget_note="材料、茶点", entered_at=_at(plan.begun_on),
            ),
        )  # fmt: skip
        _enter_members(by, group, plan, made)
        _enter_sessions(by, station, group, plan, made)
        _end(made, by, group, plan)
    _begin_to_write()


def _begin_to_write() -> None:
    """What the printed worker typed of the running group's next session, and did not save."""
    by = User.objects.filter(username="worker").first()
    home = viewer_of(by).home_station if by else None
    group = Group.objects.filter(station=home, state=GroupState.RUNNING).order_by("begun_on").last() if home else None
    if by is None or group is None:
        return
    told = {"process": ["请上次没来的先说。两位带了照片，讲到一半"], "interaction": ["坐在角落的那位今天接了话"]}
    said: MultiValueDict[str, str] = MultiValueDict(told)
    save_draft(by=by, group=group, page=DraftPage.SESSION, typed=typed_for_draft(said))


def _at(day: date) -> datetime:
    return datetime.combine(day, time(17), ZONE)


def _enter_members(by: Any, group: Group, plan: GroupPlan, made: Any) -> None:
    joined = plan.sessions[0].on if plan.sessions else plan.begun_on + timedelta(days=7)
    joined = min(joined, LAST_WORK_DAY)
    entries = []
    for number, one in enumerate(plan.members):
        said: dict[str, Any] = {"joined_on": joined, "entered_at": _at(joined) + timedelta(seconds=number)}
        if one.person is not None:
            entries.append(MemberEntry(person_id=made.people[one.person].pk, consented_on=joined, **said))
        else:
            band = next(band for most, band in _BANDS if one.age <= most)
            young = band in (AgeBand.CHILD, AgeBand.TEEN) and number % 4
            consented = joined if young else None
            entries.append(MemberEntry(name=one.name, sex=one.sex, age_band=band, consented_on=consented, **said))
    add_members(by=by, group=group, entries=entries)


def _enter_sessions(by: Any, station: Any, group: Group, plan: GroupPlan, made: Any) -> None:
    if not plan.sessions:
        return
    members = list(GroupMember.objects.filter(group=group).order_by("entered_at"))
    entries = []
    for number, one in enumerate(plan.sessions, 1):
        roll = {member.pk: _presence(plan, one, at) for at, member in enumerate(members)}
        turn = plan.key + number
        entries.append(
            SessionEntry(
                station=station, group=group, occurred_on=one.on, number=number, theme=one.theme,
                worker_ids=[made.staff[key].pk for key in one.workers], roll=roll,
                phase=usual_phase(number, len(plan.sessions)), minutes=60 + 15 * (plan.key % 3),
                village_id=made.areas[plan.village], place="社工站活动室",
                guests={HeadGroup.OTHERS: one.guests} if one.guests else {},
                method=CountMethod.COUNTED if one.guests else None,
                process=_PROCESS[turn % len(_PROCESS)], interaction=_TALK[turn % len(_TALK)],
                reflection=_THOUGHT[turn % len(_THOUGHT)], client_id=UUID(int=(1 << 66) + plan.key * 100 + number),
                entered_at=one.entered_at.replace(tzinfo=ZONE),
            )
        )  # fmt: skip
    record_sessions(by=by, entries=entries, door=Door.SHEET)


def _presence(plan: GroupPlan, one: Session, at: int) -> tuple[Presence, str]:
    if at in one.late:
        return Presence.LATE, ""
    if at in one.there:
        return Presence.PRESENT, ""
    return Presence.ABSENT, _AWAY[(plan.key + at + one.on.day) % len(_AWAY)]


def _end(made: Any, by: Any, group: Group, plan: GroupPlan) -> None:
    """Older groups are over and evaluated; the last runs; one is still looking for members."""
    now = Group.objects.get(pk=group.pk)
    if not plan.sessions:
        move_group(by=by, group=now, version=now.version, to=GroupState.RECRUITING, on=plan.begun_on)
        return
    said = {
        "agreement": "准时来；别人说话时听完；在这里说的不往外讲。", "agreed_on": plan.sessions[0].on,
        "measure": "", "satisfaction": {}, "process": "", "outcome": "", "reached": "", "reached_note": "",
    }  # fmt: skip
    if plan.sessions[-1].on < date(2020, 5, 1):
        many = len(plan.members)
        said |= {
            "satisfaction": {str(Satisfied.VERY): many // 2, str(Satisfied.RATHER): many - many // 2 - 1},
            "process": "每节都按计划办成，缺席的当天打过电话。", "outcome": "多数组员说得出自己的变化，也愿意再来。",
            "reached": "most", "reached_note": "还有一两位话少，结束后再看。",
        }  # fmt: skip
    now = evaluate_group(by=by, group=now, version=now.version, said=said)
    if plan.sessions[-1].on < date(2020, 5, 1):
        move_group(by=by, group=now, version=now.version, to=GroupState.ENDED, on=plan.sessions[-1].on)

"""A family with a child, a case about the child, and a story of it."""

from __future__ import annotations

from datetime import date

import pytest

from shuangbai.cases.actions.working import AssessmentEntry, PlanEntry, assess, plan_case
from shuangbai.core.ids import random_id
from shuangbai.households.enums import Relation
from shuangbai.stories.actions.writing import StoryEntry, draft_story, write_story
from shuangbai.stories.models import Story
from tests.cases.short import OPENED, a_case, a_goal, a_session, closed
from tests.cast import a_family, a_member

CLEAN = {
    "background": "案主读小学，母亲在外做工。",
    "process": "社工每周见一次，先做事，再说话。",
    "outcome": "案主按时上学。",
}


@pytest.fixture
def family(city, worker):
    members = [
        a_member("曾秀英", Relation.HEAD, sex="2", phone="13900001234", id_no="11010519491231002X"),
        a_member("陈小树", Relation.SON, birth_date=date(2007, 3, 5), sex="1"),
    ]
    return a_family(city.chengdong, worker, members=members, address="向阳巷七号")


@pytest.fixture
def child(family):
    return family.people[1]


@pytest.fixture
def case(city, worker, supervisor, family):
    """A closed case whose records name the child, the mother, a neighbour, a village, days and numbers."""
    case = a_case(city.chengdong, worker, family, supervisor_id=supervisor.pk)
    village = city.base_village(city.chengdong).short_name
    said = f"2020年5月6日到{village}，陈小树说小树怕黑。曾秀英电话13900001234，住向阳巷七号，欠邻居黄丽华3200元。"
    assess(by=worker, case=case, entry=AssessmentEntry(OPENED, social=said, needs="有人陪"))
    plan_case(by=worker, case=case, version=0, entry=PlanEntry(OPENED, purpose="陈小树夜里有人陪", theory="优势视角"))
    a_goal(case, worker, statement="小树按时上学")
    a_session(
        case, worker, process=f"社工{worker.display_name}陪曾秀英到{village}小学见吴老师。", reflection="先听，再说"
    )
    return closed(case, worker)


@pytest.fixture
def draft(case, worker) -> Story:
    """As it was drafted."""
    return draft_story(by=worker, case=case, client_id=random_id(), title="有人等他放学")


@pytest.fixture
def clean(draft, worker) -> Story:
    """A draft that nothing tells of."""
    entry = StoryEntry("有人等他放学", CLEAN)
    return write_story(by=worker, story=draft, version=draft.version, entry=entry)

"""The figures of resources, referrals and policy assistance (domain 6.3: R1 to R4, X1, P1, P9).

What is a case's alone is counted, and listed only for the few who may know of the case.
"""

from typing import Any

from django.db.models import OuterRef, Q, Subquery, UUIDField
from django.db.models.functions import Coalesce

from shuangbai.assistance.enums import MatterKind
from shuangbai.assistance.models import Matter
from shuangbai.assistance.queries import secret_policies
from shuangbai.assistance.rules import GRANTED
from shuangbai.cases.access import cases_visible_to
from shuangbai.cases.models import Case
from shuangbai.households.known import SameHousehold
from shuangbai.reports.queries import Ask, Indicator, Restriction, Rows
from shuangbai.resources.models import Referral, ResourceLink

STANDING = Q(voided_at__isnull=True)


def links(ask: Ask) -> Rows:
    """What reached somebody in the period, voided links left out."""
    return ResourceLink.objects.filter(STANDING, ask.days(), ask.stations())


def with_families(rows: Rows) -> Rows:
    """Links with the family that they reached as `family`: the kept entry, of a case's own link the case's family."""
    of_case = Case.objects.filter(pk=OuterRef("case_key")).values("household_key")
    kept = SameHousehold.objects.filter(household=OuterRef("case_home")).values("kept")
    found: Rows = rows.annotate(case_home=Subquery(of_case[:1])).annotate(
        family=Coalesce("household__same__kept", "household", Subquery(kept[:1]), "case_home", output_field=UUIDField())
    )  # fmt: skip
    return found


def families_helped(ask: Ask) -> Rows:
    """Links that reached a family; whom an activity or a project served is counted there."""
    return with_families(links(ask).filter(subject_key__isnull=True))


def people_helped(ask: Ask) -> Rows:
    return with_people(links(ask).filter(person__isnull=False))


def with_people(rows: Rows) -> Rows:
    """Links with `whoever` they were given to: the entry that is kept."""
    found: Rows = rows.annotate(whoever=Coalesce("person__same__kept", "person", output_field=UUIDField()))
    return found


def referrals(ask: Ask) -> Rows:
    """Referrals that went out in the period."""
    return Referral.objects.filter(ask.days("sent_on"), ask.stations())


def plain_matters(ask: Ask) -> Rows:
    """Matters of a scope's stations, without those of secret policies (docs/adr/0071) and voided ones."""
    return Matter.objects.filter(STANDING, ask.stations()).exclude(policy__in=secret_policies())


def matters(ask: Ask) -> Rows:
    """Matters of policy that were begun in the period."""
    return plain_matters(ask).filter(ask.days("opened_on"))


def granted(ask: Ask) -> Rows:
    rows = plain_matters(ask).filter(ask.days("decided_on"), stage__in=GRANTED)
    return rows.exclude(kind=MatterKind.CONSULT)


def secret_matters(ask: Ask) -> Rows:
    """Of secret policies alone, begun in the period."""
    return Matter.objects.filter(STANDING, ask.days("opened_on"), ask.stations(), policy__in=secret_policies())


def _known(one: Indicator, ask: Ask, user: Any) -> Q:
    # Without a family and without a case, it was for an activity or a project.
    return Q(household__isnull=False) | Q(case_key__isnull=True) | Q(case_key__in=cases_visible_to(user).values("pk"))


OF_CASES = Restriction("只在个案里记的不列出：只有办这件个案的人看得到。", _known)
_LINK = {"station": "station", "month": "occurred_on", "resource_kind": "resource__kind"}
_MATTER = {"station": "station", "month": "opened_on", "policy": "policy", "matter_kind": "kind"}
_NOT_IN_IT = "保密的政策（精神障碍监护补贴）不在内，另按半年在「个案数字」里公布"
_VALUED = "没有估价的不计，票据、市价、自估的都计"

GIVEN = [
    Indicator(
        "R1", "链接资源", "次",
        "期内把资源链接给家庭、个人、活动或项目的次数，作废的不计；一次只给一方，不重复计。", links, thing="link",
        key="pk", record="pk", by=_LINK, restriction=OF_CASES,
    ),
    Indicator(
        "R2", "链接现金", "元", "期内链接的资金金额合计；物资、服务折合的不在内。",
        lambda ask: links(ask).filter(in_cash=True), thing="link", key="pk", record="pk", adds="value", by=_LINK,
        restriction=OF_CASES,
    ),
    Indicator(
        "R3", "链接物资和服务折合", "元", f"期内链接的物资、场地、人力、服务等折合的金额合计；{_VALUED}。",
        lambda ask: links(ask).filter(in_cash=False, value__isnull=False), thing="link", key="pk", record="pk",
        adds="value", by=_LINK, restriction=OF_CASES,
    ),
    Indicator(
        "R4A", "受益户数", "户", "期内得到过链接资源的不同家庭；已认定为同一户的，两站各有登记全市也只算一户。"
        "给活动、项目的不计户数：受益的就是活动服务的人，在活动人次里。",
        families_helped, thing="helped_family", key="family", record="pk", by=_LINK, restriction=OF_CASES,
    ),
    Indicator(
        "R4B", "受益人数", "人",
        "期内记明给了谁的链接里不同的人；给整个家庭和给活动、项目的不计入人数；已认定为同一人的只算一人。",
        people_helped, thing="helped_person", key="whoever", record="pk", by=_LINK, restriction=OF_CASES,
    ),
    Indicator(
        "X1", "转介", "件", "期内发出的转介，按发出日期；还没有发出的不计。", referrals, thing="referral", key="pk",
        record="pk", by={"station": "station", "month": "sent_on", "referral_state": "state"}, restriction=OF_CASES,
    ),
    Indicator(
        "P1", "协助申请", "宗",
        f"期内开始协助的政策事项，新增、变更、停发、年审、政策咨询都计，作废的不计；{_NOT_IN_IT}。",
        matters, thing="matter", key="pk", record="pk", by=_MATTER, version=2,
    ),
    Indicator(
        "P9", "协助申请获批准", "宗", f"期内批准的协助申请，按审批日期；政策咨询不计；{_NOT_IN_IT}。", granted,
        thing="matter", key="pk", record="pk", by=_MATTER | {"month": "decided_on"}, version=2,
    ),
]  # fmt: skip

"""Resources, referrals, policy assistance: their lines of the tables, and what is sent."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from PIL import Image

from shuangbai.assistance.actions.city import RuleEntry
from shuangbai.assistance.actions.matters import MatterEntry, StepEntry, move_matter, open_matter
from shuangbai.assistance.enums import MatterKind
from shuangbai.assistance.enums import Move as Step
from shuangbai.assistance.models import Matter, MatterStep
from shuangbai.core.ids import random_id
from shuangbai.core.papers import Paper
from shuangbai.households.models import Tag
from shuangbai.network.models import OrgUnit, User
from shuangbai.resources.actions.directory import ResourceEntry, list_resource
from shuangbai.resources.actions.linking import LinkEntry, link_resource
from shuangbai.resources.actions.referring import MoveEntry, ReferralEntry, start_referral
from shuangbai.resources.enums import Move
from tests.cast import TODAY

WHY = "按新口径"
BEGAN, TOLD = date(2020, 5, 6), date(2020, 5, 20)

# name                                | by   | 城东: own 海 上 管理 out | 东洲
TABLE = """
resource-list                         | GET  | +++ ++ ++ ... ..ss
resource-list?q=轮椅                  | GET  | +++ ++ ++ ... ..ss
resource-list?family={household}      | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
resource-suggest?q=轮椅               | GET  | +++ ++ ++ ... ..ss
resource-new                          | GET  | +++ ++ ++ ... ..ss
resource-new                          | POST | >>> >> >> ... ..ss
resource(resource)                    | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
resource-edit(resource)               | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
resource-edit(resource)               | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
resource-renew(resource)              | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
resource-renew(resource)              | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
resource-end(resource)                | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
resource-end(resource)                | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
resource-link-new?family={household}  | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
resource-link-new?family={household}  | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
resource-link-new?about=activities&key={activity} | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
resource-link-new?about=activities&key={activity}#thing | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
resource-link(link)                   | GET  | +++ .. +. ... ..ss | ... .+ +. ... ..ss
resource-link-correct(link)           | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
resource-link-correct(link)           | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
resource-link-void(link)              | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
resource-link-void(link)              | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
resource-link-receipt(link)           | POST | +++ .. +. ... ..ss | ... .+ +. ... ..ss
case-resources(case)                  | GET  | +.+ .. +. ... ..ss | ... .+ +. ... ..ss
referral-list                         | GET  | +++ ++ +. ... ..ss
referral-new?family={household}       | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
referral-new?family={household}       | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
referral(referral)                    | GET  | +++ .. +. ... ..ss | ... .+ +. ... ..ss
referral-edit(referral)               | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
referral-edit(referral)               | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
referral-move(referral)               | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
referral-letter(referral)             | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
referral-letter(referral)             | POST | +++ .. .. ... ..ss | ... .+ .. ... ..ss
family-draft(linking)?family={household} | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
family-draft-drop(linking)?family={household} | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
matter-list                           | GET  | +++ ++ +. ... ..ss
matter-list?ended=                    | GET  | +++ ++ +. ... ..ss
matter-new?family={household}         | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
matter-new?family={household}         | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
matter(matter)                        | GET  | +++ .. +. ... ..ss | ... .+ +. ... ..ss
matter-step(matter)                   | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
matter-undo(matter)                   | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
matter-papers(matter)                 | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
matter(granted)                       | GET  | +++ .. +. ... ..ss | ... .+ +. ... ..ss
matter-category(granted)              | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
matter-correct(matter)                | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
matter-correct(matter)                | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
matter-void(matter)                   | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
matter-void(matter)                   | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
policy-list                           | GET  | ... .. .+ ... ..ss
policy-rule(aged)                     | GET  | ... .. .+ ... ..ss
policy-rule(aged)                     | POST | ... .. .> ... ..ss
"""

# room.module.action                        | 城东: own 海 上 管理 shut | 东洲
ACTS = """
resources.actions.directory.list_resource   | +++ .. .. ... ... | ... .+ .. ... ...
resources.actions.directory.change_resource | +++ .. .. ... ... | ... .+ .. ... ...
resources.actions.directory.renew_resource  | +++ .. .. ... ... | ... .+ .. ... ...
resources.actions.directory.end_resource    | +++ .. .. ... ... | ... .+ .. ... ...
resources.actions.linking.link_resource     | +++ .. .. ... ... | ... .+ .. ... ...
resources.actions.linking.correct_link      | +++ .. .. ... ... | ... .+ .. ... ...
resources.actions.linking.void_link         | +.+ .. .. ... ... | ... .+ .. ... ...
resources.actions.linking.note_receipt_looked | +++ .. +. ... ... | ... .+ +. ... ...
resources.actions.referring.start_referral  | +++ .. .. ... ... | ... .+ .. ... ...
resources.actions.referring.change_referral | +++ .. .. ... ... | ... .+ .. ... ...
resources.actions.referring.move_referral   | +++ .. .. ... ... | ... .+ .. ... ...
resources.actions.drafting.save_draft       | +++ .. .. ... ... | ... .+ .. ... ...
resources.actions.drafting.drop_draft       | +++ .. .. ... ... | ... .+ .. ... ...
resources.actions.referring.note_letter_taken | +++ .. .. ... ... | ... .+ .. ... ...
assistance.actions.matters.open_matter      | +++ .. .. ... ... | ... .+ .. ... ...
assistance.actions.matters.change_matter    | +++ .. .. ... ... | ... .+ .. ... ...
assistance.actions.matters.move_matter      | +++ .. .. ... ... | ... .+ .. ... ...
assistance.actions.matters.undo_step        | +++ .. .. ... ... | ... .+ .. ... ...
assistance.actions.matters.tick_papers      | +++ .. .. ... ... | ... .+ .. ... ...
assistance.actions.matters.give_category    | +++ .. .. ... ... | ... .+ .. ... ...
assistance.actions.matters.end_category     | !!! .. .. ... ... | ... .! .. ... ...
assistance.actions.matters.void_matter      | +.+ .. .. ... ... | ... .+ .. ... ...
assistance.actions.city.set_policy_rule     | ... .. .+ ... ... | ... .. .+ ... ...
"""


@dataclass
class Helped:
    """What a family was helped with: a resource and a link with a receipt, a referral, matters that run and that
    were granted."""

    resource: Any
    link: Any
    referral: Any
    matter: Matter
    granted: Matter


def helped_at(station: OrgUnit, by: User, family: Any, words: str) -> Helped:
    entry = ResourceEntry(f"{station.name}的轮椅", "县残联", "goods", needs=["care"])
    resource = list_resource(by=by, unit=station, entry=entry, starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31))
    dot = io.BytesIO()
    Image.new("RGB", (1, 1)).save(dot, "PNG")
    said = LinkEntry(
        random_id(), resource.pk, TOLD, household=family.household, note=words, paper=Paper(dot.getvalue(), "png")
    )
    link = link_resource(by=by, entry=said)
    asked = ReferralEntry(random_id(), TOLD, words, words, household=family.household, body="镇卫生院")
    referral = start_referral(by=by, entry=asked, acknowledged=True)

    def begun(policy: str, *steps: Step) -> Matter:
        opened = MatterEntry(random_id(), family.household, policy, MatterKind.NEW, BEGAN, note=words)
        matter = open_matter(by=by, entry=opened, acknowledged=True)
        for step in steps:
            told = StepEntry(step, BEGAN, words)
            matter = move_matter(by=by, matter=matter, version=matter.version, entry=told)
        return matter

    return Helped(
        resource, link, referral, begun("tekun", Step.APPLY, Step.ACCEPT),
        begun("dibao", Step.ACCEPT, Step.GRANT),
    )  # fmt: skip


def _link(at: Any) -> dict[str, Any]:
    return {
        "resource": str(at.helped.resource.pk), "occurred_on": "2020-06-01", "quantity": "1", "unit": "台",
        "client_id": str(random_id()),
    }  # fmt: skip


def _referral(at: Any) -> dict[str, Any]:
    return {
        "body": "县人民医院", "why": "常摔倒", "asks": "评估", "asked_on": "2020-06-01", "acknowledged": "on",
        "client_id": str(random_id()),
    }  # fmt: skip


def _matter(at: Any) -> dict[str, Any]:
    return {"policy": "aged", "kind": "new", "opened_on": "2020-05-01", "client_id": str(random_id())}


def _resource(at: Any) -> dict[str, Any]:
    return {"name": "助浴车", "provider": "爱心协会", "kind": "service", "needs": ["care"], "starts_on": "2020-01-01"}


FORMS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "resource-new": _resource,
    "resource-edit": lambda at: _resource(at) | {"version": "1"},
    "resource-renew": lambda at: {"starts_on": "2021-01-01", "version": "1"},
    "resource-end": lambda at: {"ends_on": "2020-06-06", "reason": "项目结束", "version": "1"},
    "resource-link-new": _link,
    "resource-link-new#thing": _link,
    "resource-link-correct": lambda at: _link(at) | {"version": "1", "reason": "写错了"},
    "resource-link-void": lambda at: {"version": "1", "reason": "重复登记"},
    "resource-link-receipt": lambda at: {},
    "referral-new": _referral,
    "referral-edit": lambda at: _referral(at) | {"version": "1"},
    "referral-move": lambda at: {"move": "send", "happened_on": "2020-06-05", "version": "1"},
    "referral-letter": lambda at: {"form": "page"},
    "family-draft": lambda at: {"note": "没写完"},
    "family-draft-drop": lambda at: {},
    "matter-new": _matter,
    "matter-step": lambda at: {"move": "check", "happened_on": "2020-06-05", "version": "3"},
    "matter-undo": lambda at: {"version": "3"},
    "matter-papers": lambda at: {"more": "残疾证", "version": "3"},
    "matter-category": lambda at: {"category": "dibao_rural", "starts_on": "2020-05-06", "version": "3"},
    "matter-correct": lambda at: _matter(at) | {"version": "3", "reason": "选错了"},
    "matter-void": lambda at: {"version": "3", "reason": "重复登记"},
    "policy-rule": lambda at: {
        "starts_on": "2020-06-06", "days": "20", "text": "满80岁", "source": "本市〔2020〕1号", "version": "0",
        "reason": WHY,
    },
}  # fmt: skip


def _entry(at: Any) -> LinkEntry:
    return LinkEntry(random_id(), at.helped.resource.pk, TOLD, household=at.household)


def _asks(at: Any) -> ReferralEntry:
    return ReferralEntry(random_id(), TOLD, "常摔倒", "评估", household=at.household, body="县人民医院")


def _opens(at: Any, policy: str = "aged") -> MatterEntry:
    return MatterEntry(random_id(), at.household, policy, MatterKind.NEW, BEGAN)


def _lists(at: Any) -> ResourceEntry:
    return ResourceEntry("助浴车", "爱心协会", "service")


ARGUMENTS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "resources.actions.directory.list_resource": lambda at: {
        "unit": at.station, "entry": _lists(at), "starts_on": TODAY,
    },
    "resources.actions.directory.change_resource": lambda at: {
        "resource": at.helped.resource, "version": 1, "entry": _lists(at),
    },
    "resources.actions.directory.renew_resource": lambda at: {
        "resource": at.helped.resource, "version": 1, "starts_on": date(2021, 1, 1),
    },
    "resources.actions.directory.end_resource": lambda at: {
        "resource": at.helped.resource, "version": 1, "ends_on": TODAY, "reason": "项目结束",
    },
    "resources.actions.linking.link_resource": lambda at: {"entry": _entry(at)},
    "resources.actions.linking.correct_link": lambda at: {
        "link": at.helped.link, "version": 1, "entry": _entry(at), "reason": "写错了",
    },
    "resources.actions.linking.void_link": lambda at: {"link": at.helped.link, "version": 1, "reason": "重复登记"},
    "resources.actions.linking.note_receipt_looked": lambda at: {"link": at.helped.link},
    "resources.actions.referring.start_referral": lambda at: {"entry": _asks(at), "acknowledged": True},
    "resources.actions.referring.change_referral": lambda at: {
        "referral": at.helped.referral, "version": 1, "entry": _asks(at), "acknowledged": True,
    },
    "resources.actions.referring.move_referral": lambda at: {
        "referral": at.helped.referral, "version": 1, "entry": MoveEntry(Move.SEND, TODAY),
    },
    "resources.actions.referring.note_letter_taken": lambda at: {"referral": at.helped.referral},
    "resources.actions.drafting.save_draft": lambda at: {"household": at.household, "page": "linking", "typed": "{}"},
    "resources.actions.drafting.drop_draft": lambda at: {"household": at.household, "page": "linking"},
    "assistance.actions.matters.open_matter": lambda at: {"entry": _opens(at)},
    "assistance.actions.matters.change_matter": lambda at: {
        "matter": at.helped.matter, "version": 3, "entry": _opens(at), "reason": "选错了",
    },
    "assistance.actions.matters.move_matter": lambda at: {
        "matter": at.helped.matter, "version": 3, "entry": StepEntry(Step.CHECK, TODAY),
    },
    "assistance.actions.matters.undo_step": lambda at: {
        "matter": at.helped.matter, "version": 3,
        "step": MatterStep.objects.get(matter=at.helped.matter, move=Step.ACCEPT),
    },
    "assistance.actions.matters.tick_papers": lambda at: {
        "matter": at.helped.matter, "version": 3, "got": [], "more": "残疾证",
    },
    "assistance.actions.matters.give_category": lambda at: {
        "matter": at.helped.granted, "version": 3, "category": "dibao_rural", "starts_on": BEGAN,
    },
    "assistance.actions.matters.end_category": lambda at: {
        "matter": at.helped.granted, "version": 3, "ends_on": TODAY,
        "tag": Tag.objects.filter(household=at.household).order_by("id").first(),
    },
    "assistance.actions.matters.void_matter": lambda at: {
        "matter": at.helped.matter, "version": 3, "reason": "重复登记",
    },
    "assistance.actions.city.set_policy_rule": lambda at: {
        "policy": "aged", "version": 0, "reason": WHY,
        "entry": RuleEntry(TODAY, "满80岁", "本市〔2020〕1号", days=20),
    },
}  # fmt: skip

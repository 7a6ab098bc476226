"""What a case was given and where its people were sent, in the words of the case's papers (cases.helped)."""

from collections.abc import Collection, Iterable
from decimal import Decimal
from uuid import UUID

from shuangbai.cases.helped import Helped, Sent
from shuangbai.cases.models import Case, CaseClient
from shuangbai.dossier.models import Consent
from shuangbai.network.models import User
from shuangbai.resources import queries
from shuangbai.resources.access import links_visible_to, referrals_visible_to
from shuangbai.resources.models import Referral, ReferralStep, ResourceLink


def helped_for(by: User, case: Case) -> Helped:
    """For whoever may know of the case; a fixed number of queries, however much there is."""
    shown = links_visible_to(by).filter(queries.STANDING, case_key=case.pk)
    links = list(queries.links_in_order(shown))[::-1]
    rows = queries.referrals_in_order(referrals_visible_to(by).filter(case_key=case.pk)).order_by(
        "asked_on", "entered_at", "id"
    )
    referrals = list(rows)
    steps: dict[UUID, list[ReferralStep]] = {one.pk: [] for one in referrals}
    for step in ReferralStep.objects.filter(referral__in=list(steps)).order_by("happened_on", "entered_at", "id"):
        steps[step.referral_id].append(step)
    consents = queries.consents_to_share(case.household_key)
    people = set(CaseClient.objects.filter(case=case).values_list("person_key", flat=True))
    sent = [Sent(_referral(one, _shared(one, consents, people)), list(map(_step, steps[one.pk]))) for one in referrals]
    return Helped([_link(one) for one in links], _sums(links), sent)


def _yuan(value: Decimal | None) -> str:
    return f"{value.normalize():,f}" if value is not None else ""


def _amount(link: ResourceLink) -> str:
    return f"{link.quantity.normalize():f} {link.unit}" if link.quantity is not None else link.note


def _whom(row: ResourceLink | Referral) -> str:
    """A member, the whole family, or nobody: then it is of the case's own people."""
    return str(row.person) if row.person else "全家" if row.household_id else ""


def _link(link: ResourceLink) -> dict[str, str]:
    return {
        "on": f"{link.occurred_on:%Y-%m-%d}", "resource": f"{link.resource}（{link.resource.provider}）",
        "whom": _whom(link), "amount": _amount(link), "value": _yuan(link.value),
        "valued_by": link.get_valued_by_display(), "result": link.result,
    }  # fmt: skip


def _sums(links: Iterable[ResourceLink]) -> dict[str, str]:
    valued = [link for link in links if link.value is not None]
    cash = sum((link.value or Decimal() for link in valued if link.in_cash), Decimal())
    kind = sum((link.value or Decimal() for link in valued if not link.in_cash), Decimal())
    return {"cash": f"{_yuan(cash)} 元" if cash else "", "in_kind": f"{_yuan(kind)} 元" if kind else ""}


def _referral(one: Referral, shared: str) -> dict[str, str]:
    return {
        "asked_on": f"{one.asked_on:%Y-%m-%d}", "sent_on": f"{one.sent_on:%Y-%m-%d}" if one.sent_on else "",
        "state": one.get_state_display(), "body": one.body, "contact": one.contact, "whom": _whom(one),
        "resource": str(one.resource or ""), "sent_by": str(one.worker or ""), "why": one.why, "asks": one.asks,
        "shared": shared,
    }  # fmt: skip


def _step(step: ReferralStep) -> dict[str, str]:
    return {
        "on": f"{step.happened_on:%Y-%m-%d}", "move": step.get_move_display(), "whom": step.whom, "note": step.note,
        "became": step.get_became_display(),
    }  # fmt: skip


def _shared(one: Referral, consents: Iterable[Consent], people: Collection[UUID | None]) -> str:
    """Since when sharing was agreed to, on the day of sending; nothing where it was not, or not written down."""
    since = queries.shared_since(consents, {one.person_id} if one.person_id else people, one.sent_on or one.asked_on)
    return f"{since:%Y-%m-%d} 同意" if since else ""

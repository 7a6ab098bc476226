"""What this room forgets of somebody, and what it shows on a station's page."""

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from shuangbai.cases.models import CaseClient
from shuangbai.core.fields import EncryptedTextField
from shuangbai.core.papers import drop_paper
from shuangbai.households.forgetting import Forgetting, with_history, without_names
from shuangbai.network.models import OrgUnit
from shuangbai.network.showing import Row, Section
from shuangbai.stories.access import may_change_award, may_enter_awards
from shuangbai.stories.models import Award, Story, StoryConsent, StoryMove
from shuangbai.stories.queries import awards_of
from shuangbai.stories.rules import READ


class Stories:
    """The forgetter (households.forgetting): no declaration reaches stories, which have no key to a person.

    What says who is who goes from every story of the person's cases; a draft that is theirs alone goes whole. What
    others read tells nobody who it is, and stays, without the name should it stand there all the same.
    """

    def forget(self, what: Forgetting) -> int:
        cases = set(CaseClient.objects.filter(person_key=what.person_id).values_list("case_id", flat=True))
        shared = CaseClient.objects.filter(case__in=cases).exclude(person_key=what.person_id)
        alone = cases - set(shared.values_list("case_id", flat=True))
        read = set(Story.objects.filter(state__in=READ).values_list("pk", flat=True))
        count = self._papers(what)
        for table in with_history(Story):
            theirs = table._base_manager.filter(case_key__in=cases)
            count += theirs.update(words="", kept="")
            drafts = theirs.filter(case_key__in=alone)
            drafts = drafts.exclude(id__in=read) if table is Story else drafts
            count += drafts.update(**dict.fromkeys(_sealed(table), ""))
            for row in table._base_manager.filter(case_key__in=cases):
                count += without_names(table, row, _sealed(table), what)
        for row in StoryMove.objects.filter(story__case_key__in=cases):
            count += without_names(StoryMove, row, _sealed(StoryMove), what)
        return count

    def _papers(self, what: Forgetting) -> int:
        rows = StoryConsent.objects.filter(person_key=what.person_id)
        for name in list(rows.exclude(stored="").values_list("stored", flat=True)):
            transaction.on_commit(lambda name=name: drop_paper(name))  # type: ignore[misc]
        return rows.update(giver="", witness="", withdrawn_reason="", stored="")


def _sealed(table: Any) -> list[str]:
    return [field.name for field in table._meta.concrete_fields if isinstance(field, EncryptedTextField)]


def station_part(user: Any, station: OrgUnit) -> Section | None:
    """获奖, on the station's page."""
    rows = [
        Row(
            award.what, reverse("award", args=[award.pk]),
            (award.name, award.body, f"{award.awarded_on:%Y-%m-%d}"),
            f"{award.get_level_display()}{award.get_grade_display()}",
        )
        for award in awards_of(user, station)
    ]  # fmt: skip
    more = (_("登记获奖"), reverse("award-new")) if _enters(user, station) else ("", "")
    return Section(_("获奖"), rows, _("还没有登记过获奖。"), more)


def _enters(user: Any, station: OrgUnit) -> bool:
    return may_enter_awards(user) and may_change_award(user, Award(station=station))

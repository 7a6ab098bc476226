"""What this room keeps where a station or a village ends, and where somebody is forgotten."""

from collections.abc import Iterator
from datetime import date

from shuangbai.households.forgetting import Forgetting, namesakes, with_history, without_names
from shuangbai.households.models import HouseholdStation
from shuangbai.network.closing import Kept
from shuangbai.network.models import Area, OrgUnit, Staff, User
from shuangbai.surveys.enums import State
from shuangbai.surveys.models import AnswerSheet, Questionnaire, Survey


class Surveys:
    """The keeper (network.closing). What was asked and surveyed stays what it was, where it was."""

    def at_station(self, station: OrgUnit, ends_on: date) -> Iterator[Kept]:
        using = Questionnaire.objects.filter(owner=station).exclude(state=State.ENDED)
        yield Kept("没有停用的问卷", using.count(), "份")

    def hand_over_station(self, *, by: User | None, station: OrgUnit, to: OrgUnit, on: date) -> None:
        """Nothing: surveys are the history of whoever made them."""

    def in_village(self, village: Area, ends_on: date) -> Iterator[Kept]:
        yield Kept("社区调研", Survey.objects.filter(village=village, voided_at__isnull=True).count(), "份")

    def hand_over_village(self, *, by: User | None, village: Area, to: Area, on: date) -> None:
        """Nothing: a survey tells of the village as it was; of a larger one it would be wrong."""

    def of_staff(self, staff: Staff) -> Iterator[Kept]:
        yield from ()


class Words:
    """The forgetter (households.forgetting): nothing leads from a sheet to anybody, but a name may stand in its words.

    Looked for in the sheets of the stations that served the family, unless somebody else is called the same.
    """

    def forget(self, what: Forgetting) -> int:
        if namesakes(what):
            return 0
        stations = HouseholdStation.objects.filter(household__in=what.households).values("station")
        count = 0
        for table in with_history(AnswerSheet):
            for row in table._base_manager.filter(station__in=stations):
                count += without_names(table, row, ["words"], what)
        return count

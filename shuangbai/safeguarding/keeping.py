"""What this room keeps where a station ends and where somebody is forgotten. To whoever asks, it keeps nothing."""

from collections.abc import Iterator
from datetime import date

from shuangbai.core.bulk import copy_to_history
from shuangbai.core.fields import EncryptedTextField
from shuangbai.households.forgetting import Forgetting, namesakes, with_history, without_names
from shuangbai.network.closing import Kept
from shuangbai.network.models import Area, OrgUnit, Staff, User
from shuangbai.safeguarding.models import Alarm, AlarmStep


class Alarms:
    """The keeper (network.closing). Whoever closes a station is not told; its successor's head takes charge."""

    def at_station(self, station: OrgUnit, ends_on: date) -> Iterator[Kept]:
        yield from ()

    def hand_over_station(self, *, by: User | None, station: OrgUnit, to: OrgUnit, on: date) -> None:
        keys = list(Alarm.objects.filter(charge=station).values_list("pk", flat=True))
        Alarm.objects.filter(pk__in=keys).update(charge=to)
        copy_to_history(Alarm, keys, kind="~", by=by)

    def in_village(self, village: Area, ends_on: date) -> Iterator[Kept]:
        yield from ()

    def hand_over_village(self, *, by: User | None, village: Area, to: Area, on: date) -> None:
        """Nothing: an alarm is of a station."""

    def of_staff(self, staff: Staff) -> Iterator[Kept]:
        yield from ()


class Words:
    """The forgetter (households.forgetting): no declaration reaches alarms, which have no key to a person.

    Every word of an alarm about the person goes, and of its steps. Elsewhere the name goes, where it is nobody else's.
    """

    def forget(self, what: Forgetting) -> int:
        about = list(Alarm.objects.filter(person_key=what.person_id).values_list("pk", flat=True))
        anyones, count = namesakes(what), 0
        for model, whose in ((Alarm, "id"), (AlarmStep, "alarm")):
            for table in with_history(model):
                sealed = [field.name for field in table._meta.concrete_fields if isinstance(field, EncryptedTextField)]
                theirs = table._base_manager.filter(**{f"{whose}__in": about})
                count += theirs.update(**dict.fromkeys(sealed, ""))
                for row in [] if anyones else table._base_manager.exclude(**{f"{whose}__in": about}):
                    count += without_names(table, row, sealed, what)
        return count

"""What the centre says of a campaign, and which stations joined (docs/adr/0069). The campaign itself is the spine's."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from shuangbai.campaigns.enums import CallKind
from shuangbai.core.ids import new_id
from shuangbai.core.models import Entered
from shuangbai.network.models import OrgUnit
from shuangbai.services.models import Campaign


class Call(Entered):
    """What for, and what each station is asked to do. `asked` are words: there is no number to reach here."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    campaign = models.OneToOneField(Campaign, on_delete=models.PROTECT, related_name="call", editable=False)
    kind = models.CharField("是什么", max_length=10, choices=CallKind, default=CallKind.CAMPAIGN)
    aim = models.CharField("为了什么", max_length=300, blank=True)
    asked = models.TextField("请各站做什么", blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    def __str__(self) -> str:
        return str(self.campaign)


class Joining(Entered):
    """That a station takes part. It counts nothing: records carry the campaign, whether their station joined or not."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="joinings", editable=False)
    joined_on = models.DateField("哪天加入")
    left_on = models.DateField("哪天退出", null=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "campaign"], condition=Q(left_on__isnull=True), name="joined_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")), name="joining_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.station_id} {self.campaign_id}"

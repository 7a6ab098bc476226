"""What the centre of the demonstration called its stations to, and which joined."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from shuangbai.campaigns.access import joining_station
from shuangbai.campaigns.actions import CallEntry, change_call, join_campaign
from shuangbai.campaigns.enums import CallKind
from shuangbai.core import clock
from shuangbai.network.models import User
from shuangbai.services.models import Campaign

WEEKS, THEME = CallKind.CAMPAIGN, CallKind.SERIES
# code: what it is, what for, what stations were asked to do
CALLS = {
    "cold-wave-2019": (
        WEEKS, "寒潮来前把独居、失能老人和住旧屋的家庭问一遍。",
        "先电话，没接通的上门。看被褥、炭火和药。不必每户都写长记录。",
    ),
    "children-2019": (
        THEME, "放暑假，让留守的孩子有地方去、有人陪。", "各站按自己的情况办，近水的村先讲防溺水。",
    ),
    "sw-week-2020": (
        WEEKS, "让村里人知道社工站在哪里、能帮什么，和孩子们一起过六一。",
        "摆一次摊，办一场孩子的活动。人多人少不要紧，问到的事记下来跟进。\n照片先问过本人；孩子的正脸不公开。",
    ),
}  # fmt: skip
JOINED = {"children-2019": 9, "sw-week-2020": 21}  # the first so many stations, of those that had a head then
CALLED_BEFORE = timedelta(days=10)


def fill(campaigns: Mapping[str, Campaign], heads: Mapping[str, User]) -> None:
    """The words of each call, and the stations that joined on its first day."""
    for number, (code, (kind, aim, asked)) in enumerate(CALLS.items()):
        campaign = campaigns[code]
        assert campaign.ends_on is not None
        entry = CallEntry(
            campaign.owner,
            UUID(int=(8 << 64) + number),
            campaign.name,
            campaign.starts_on,
            campaign.ends_on,
            kind,
            aim,
            asked,
        )
        with clock.pinned(campaign.starts_on - CALLED_BEFORE):
            change_call(by=User.objects.get(username="supervisor"), campaign=campaign, version=0, entry=entry)
        with clock.pinned(campaign.starts_on):
            _join(campaign, [heads[station] for station in sorted(heads)][: JOINED.get(code, 0)], campaign.starts_on)


def _join(campaign: Campaign, heads: list[User], day: date) -> None:
    for head in heads:
        by = User.objects.select_related("staff").get(pk=head.pk)
        if (station := joining_station(by, campaign)) and station.starts_on <= day:
            join_campaign(by=by, campaign=campaign)

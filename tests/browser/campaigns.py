"""Pages of campaigns for the pictures: what is asked of the served city, and which address as whom."""

IDS = """
from shuangbai.activities.models import HeldWith
from shuangbai.campaigns.actions import CallEntry, call_campaign
from shuangbai.core.ids import random_id
from shuangbai.services.models import Campaign
if not Campaign.objects.filter(name="暑假防溺水").exists():
    centre = User.objects.get(username="supervisor")
    summer = CallEntry(centre.grants.latest("pk").unit, random_id(), "暑假防溺水", today, today + timedelta(days=80))
    call_campaign(by=centre, entry=summer)
answer |= {
    "summer": Campaign.objects.get(name="暑假防溺水").code,
    "held_with": str(HeldWith.objects.order_by("record__occurred_on", "pk").first().record_id),
}
"""

# page: who looks, and at which address; {…} from IDS
PAGES: dict[str, tuple[str, str]] = {
    "campaigns": ("worker", "/campaigns/"),
    "campaigns-supervisor": ("supervisor", "/campaigns/"),
    "campaign-new": ("supervisor", "/campaigns/new"),
    "campaign-edit": ("supervisor", "/campaigns/sw-week-2020/edit"),
    "campaign-whole": ("supervisor", "/campaigns/sw-week-2020/"),
    "campaign-station": ("worker", "/campaigns/sw-week-2020/"),
    "campaign-children": ("officer", "/campaigns/children-2019/"),
    "campaign-calls": ("officer", "/campaigns/cold-wave-2019/"),
    "campaign-empty": ("worker", "/campaigns/{summer}/"),
    "activity-held-with": ("supervisor", "/activities/{held_with}/"),
    "activities-joint": ("worker", "/activities/joint"),
}

"""Pages of groups for the pictures: what is asked of the served city, and which address as whom."""

IDS = """
from shuangbai.groups.models import Group
ended = Group.objects.filter(station=station, state="ended").order_by("begun_on").first()
running = Group.objects.filter(station=station, state="running").order_by("begun_on").first()
session = running.sessions.order_by("-number").first()
answer |= {
    "group": str(running.pk), "ended_group": str(ended.pk), "group_session": str(session.pk),
    "group_member": str(running.members.filter(person__isnull=False).order_by("pk").first().pk),
}
"""

# page: who looks, and at which address; {…} from IDS
PAGES = {
    "groups": ("worker", "/groups/"),
    "groups-officer": ("officer", "/groups/"),
    "group": ("worker", "/groups/{group}/"),
    "group-ended": ("head", "/groups/{ended_group}/"),
    "group-officer": ("officer", "/groups/{ended_group}/"),
    "group-new": ("worker", "/groups/new"),
    "group-edit": ("worker", "/groups/{ended_group}/edit"),
    "group-evaluation": ("worker", "/groups/{ended_group}/evaluation"),
    "group-members": ("worker", "/groups/{group}/members/new"),
    "group-member": ("worker", "/groups/members/{group_member}/"),
    "group-tasks": ("worker", "/groups/{ended_group}/tasks"),
    "group-session-new": ("worker", "/groups/{group}/sessions/new"),
    "group-session": ("worker", "/groups/sessions/{group_session}/"),
    "group-session-correct": ("worker", "/groups/sessions/{group_session}/correct"),
}

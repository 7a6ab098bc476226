"""A team's own page for the pictures: what is asked of the served city, and which address as whom."""

IDS = """

from shuangbai.core.crypto import lookup_hash
from shuangbai.volunteers.models import TeamLink, TeamReport
handed = TeamReport.objects.filter(station=station, state="waiting").order_by("sent_at").first()
sent_back = TeamReport.objects.filter(station=station, state="returned").first()
# The word of the address is known to nobody: here it is one that the pictures know.
TeamLink.objects.filter(team=handed.team, ended_at=None).update(token_hash=lookup_hash("pictured", "team.link"))
answer |= {"handed": str(handed.pk), "sent_back": str(sent_back.pk), "led": str(handed.team_id)}
"""

PAGES = {
    "leader-page": ("worker", "/team-page/pictured/"),
    "leader-mend": ("worker", "/team-page/pictured/{sent_back}/"),
    "leader-link": ("worker", "/teams/{led}/link"),
    "leader-reports": ("worker", "/teams/reports/"),
    "leader-report": ("worker", "/teams/reports/{handed}/"),
}

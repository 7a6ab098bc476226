"""Pages of stories and prizes for test_screens: one that is written, and two with their prizes."""

IDS = """
from shuangbai.stories.models import Award, Story
answer |= {
    "tale": str(Story.objects.get(state="draft").pk),
    "awarded": str(next(one.pk for one in Story.objects.filter(state="awarded") if "火" in one.title)),
    "award": str(Award.objects.order_by("awarded_on").first().pk),
    "prized": Award.objects.order_by("awarded_on").first().station.code,
}
"""

PAGES = {
    "stories": ("worker", "/stories/"),
    "stories-officer": ("officer", "/stories/"),
    "story-new": ("worker", "/stories/new"),
    "story": ("officer", "/stories/{awarded}/"),
    "story-draft": ("worker", "/stories/{tale}/"),
    "story-edit": ("worker", "/stories/{tale}/edit"),
    "story-consent": ("worker", "/stories/{tale}/consent"),
    "awards": ("worker", "/awards/"),
    "award": ("stranger", "/awards/{award}/"),
    "award-new": ("worker", "/awards/new"),
    "award-edit": ("stranger", "/awards/{award}/edit"),
    "award-void": ("stranger", "/awards/{award}/void"),
    "station-prizes": ("officer", "/network/stations/{prized}/"),
}

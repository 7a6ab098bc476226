"""Pages of events for the pictures: what is asked of the served city, and which address as whom."""

IDS = """
from shuangbai.events.models import Event
planned = Event.objects.filter(state="open", station=station).order_by("held_on").first()
done = Event.objects.filter(state="held", station=station).order_by("held_on", "title").first()
answer |= {
    "planned": str(planned.pk), "planned_done": str(done.pk), "join_at": planned.token, "say_at": done.say_token,
    "my_sign_up": planned.sign_ups.order_by("number").first().secret,
}
"""

# page: who looks, and at which address; {…} from IDS
PAGES: dict[str, tuple[str, str]] = {
    "events": ("worker", "/events/"),
    "events-past": ("supervisor", "/events/?past"),
    "event": ("worker", "/events/{planned}/"),
    "event-officer": ("officer", "/events/{planned_done}/"),
    "event-done": ("worker", "/events/{planned_done}/"),
    "event-new": ("worker", "/events/new"),
    "event-edit": ("worker", "/events/{planned}/edit"),
    "event-plan": ("supervisor", "/events/{planned_done}/plan"),
    "event-poster": ("worker", "/events/{planned}/poster"),
    "event-name-new": ("worker", "/events/{planned}/names/new"),
    "event-join": ("", "/join/{join_at}"),
    "event-mine": ("", "/join/mine/{my_sign_up}"),
    "event-say": ("", "/say/{say_at}"),
}

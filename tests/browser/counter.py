"""Pages of counter for the pictures: what is asked of the served city, and which address as whom."""

IDS = """
from shuangbai.counter.models import Consultation, Handout, StockItem, StockMove, Venue
asked = Consultation.objects.filter(station=station, record__household__isnull=False)
answer |= {
    "consultation": str(asked.order_by("record__occurred_on", "pk").first().pk),
    "goods": str(StockItem.objects.filter(station=station).order_by("name").first().pk),
    "move": str(StockMove.objects.filter(station=station, way="activity").order_by("moved_on", "pk").first().pk),
    "venue": str(Venue.objects.filter(station=station).order_by("opened_on").first().pk),
    "handout": str(Handout.objects.filter(station=station).order_by("pk").first().pk),
}
"""

# page: who looks, and at which address; {…} from IDS
PAGES: dict[str, tuple[str, str]] = {
    "small-things": ("worker", "/counter/"),
    "small-things-officer": ("officer", "/counter/"),
    "consultation-new": ("worker", "/counter/consultations/new"),
    "consultation": ("worker", "/counter/consultations/{consultation}/"),
    "consultation-officer": ("officer", "/counter/consultations/{consultation}/"),
    "consultation-correct": ("worker", "/counter/consultations/{consultation}/correct"),
    "goods": ("worker", "/counter/goods/"),
    "goods-new": ("worker", "/counter/goods/new"),
    "goods-item": ("worker", "/counter/goods/{goods}/"),
    "goods-in": ("worker", "/counter/goods/{goods}/in"),
    "goods-out": ("worker", "/counter/goods/{goods}/out"),
    "goods-count": ("worker", "/counter/goods/{goods}/count"),
    "goods-reverse": ("worker", "/counter/goods/moves/{move}/reverse"),
    "goods-sheet": ("worker", "/counter/goods/sheet?month=2020-05"),
    "goods-export": ("worker", "/counter/goods/export?month=2020-05"),
    "venues": ("worker", "/counter/venues/"),
    "venue": ("worker", "/counter/venues/{venue}/"),
    "venue-officer": ("officer", "/counter/venues/{venue}/"),
    "venue-edit": ("worker", "/counter/venues/{venue}/edit"),
    "venue-check": ("worker", "/counter/venues/{venue}/check"),
    "venue-count": ("worker", "/counter/venues/{venue}/count"),
    "venue-use": ("worker", "/counter/venues/{venue}/use"),
    "handout-new": ("worker", "/counter/handouts/new"),
    "handout": ("worker", "/counter/handouts/{handout}/"),
    "handout-correct": ("worker", "/counter/handouts/{handout}/correct"),
}

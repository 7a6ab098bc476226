"""Pages of pictures for the pictures: what is asked of the served city, and which address as whom."""

IDS = """
from shuangbai.pictures.models import Picture
children = Picture.objects.filter(faces="minor", station__code="SW-CQ-01").order_by("taken_on", "id").first()
mine = Picture.objects.filter(station=station).order_by("taken_on", "id").first()
answer |= {
    "pictured": str(mine.subject_key), "picture": str(mine.pk), "children": str(children.subject_key),
    "childrens_picture": str(children.pk),
}
"""

# page: who looks, and at which address; {…} from IDS
PAGES: dict[str, tuple[str, str]] = {
    "pictures-activity": ("worker", "/activities/{pictured}/"),
    "pictures-children": ("supervisor", "/activities/{children}/"),
    "pictures-officer": ("officer", "/activities/{children}/"),
    "picture-new": ("worker", "/pictures/of/activities/{pictured}/new"),
    "picture-marks": ("worker", "/pictures/of/activities/{pictured}/marks"),
    "picture": ("worker", "/pictures/{picture}/"),
    "picture-minor": ("supervisor", "/pictures/{childrens_picture}/"),
    "picture-edit": ("worker", "/pictures/{picture}/edit"),
}

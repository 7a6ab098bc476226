"""Pictures for tests: drawn, tiny, and entered through the room's actions."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from shuangbai.core.pictures import Picture as Pixels
from shuangbai.pictures.actions import PictureSaid, PicturesEntry, add_pictures
from shuangbai.pictures.enums import Consent, ConsentForm, Faces
from shuangbai.pictures.models import Picture

TAKEN, ASKED = date(2020, 5, 20), date(2020, 5, 21)


def drawn(size: tuple[int, int] = (40, 30), colour: str = "teal", kind: str = "JPEG", **more: Any) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, colour).save(written, kind, **more)
    return written.getvalue()


def a_file(name: str = "IMG_1.jpg", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, drawn() if data is None else data, content_type="image/jpeg")


def said(**more: Any) -> PictureSaid:
    return PictureSaid(**{"taken_on": TAKEN, **more})


def agreed(by: Any, **more: Any) -> PictureSaid:
    """What is said of a picture whose people agreed when `by` asked."""
    told = {
        "faces": Faces.OTHERS, "consent": Consent.AGREED, "consent_form": ConsentForm.SPOKEN, "asked_on": ASKED,
        "asked_by_id": by.staff_id,
    }  # fmt: skip
    if more.get("consent") == Consent.WITHDRAWN:
        told["withdrawn_on"] = date(2020, 6, 1)
    return said(**told | more)


def pictures_of(activity: Any, by: Any, *, many: int = 1, said: Any = None, **more: Any) -> list[Picture]:
    pixels = [Pixels(drawn(), "jpg", 40, 30)] * many
    told = said or PictureSaid(taken_on=TAKEN)
    entry = PicturesEntry(subject="activities", key=activity.pk, pictures=pixels, said=told, **more)
    return add_pictures(by=by, entry=entry)

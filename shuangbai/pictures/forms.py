"""Forms of pictures: several at once, one of them, and what is on each of a thing's."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.core import clock
from shuangbai.core.findings import Finding
from shuangbai.core.forms import Choices, DayField, PicturesField, words
from shuangbai.core.ids import random_id
from shuangbai.core.uploads import LARGEST
from shuangbai.network.queries import colleague_rows
from shuangbai.pictures.access import About
from shuangbai.pictures.actions import SAID, PictureSaid
from shuangbai.pictures.enums import Consent, ConsentForm, Faces
from shuangbai.pictures.models import Picture
from shuangbai.pictures.rules import MOST_AT_ONCE
from shuangbai.services.forms import chips

AT_FIRST = [one for one in Consent.choices if one[0] != Consent.WITHDRAWN]
FACES_HINT = _("有未成年人正脸的永远不公开；有别人正脸的，问过本人同意才公开")
SEND_HINT = _("一次最多 %(most)d 张，每张 %(size)d MB 以内。照片里的拍摄地点、时间和手机型号会去掉")


class SaidForm(forms.Form):
    """What is said of a picture. `me`: who asked, unless somebody else is chosen."""

    use_required_attribute = False

    caption = words(_("说明"), most=80, required=False, help_text=_("写在做什么，如“孩子们在画海报”；不写姓名"))
    taken_on = DayField(label=_("哪天拍的"))
    faces = chips(_("照片里有没有人脸"), choices=Faces.choices, help_text=FACES_HINT)
    consent = chips(_("能不能公开"), choices=AT_FIRST)
    consent_form = chips(_("怎样同意的"), choices=ConsentForm.choices, required=False)
    asked_on = DayField(label=_("哪天问的"), required=False)
    asked_by = forms.ChoiceField(
        label=_("谁去问的"), required=False, error_messages={"invalid_choice": _("请重新选择")}
    )
    consent_note = words(_("谁表示的"), most=60, required=False, help_text=_("如“本人”“队长代全队”；只有本站看得到"))

    def __init__(
        self, data: Any = None, files: Any = None, *, about: About, me: UUID | None, initial: Any = None,
        prefix: str | None = None,
    ) -> None:  # fmt: skip
        first: dict[str, Any] = {"taken_on": about.day, "faces": Faces.UNKNOWN, "consent": Consent.NOT_ASKED,
                   "asked_on": clock.today(), "asked_by": str(me or "")}  # fmt: skip
        first |= initial or {}
        super().__init__(data, files, initial=first, prefix=prefix)
        self.warnings: list[Finding] = []
        named = first.get("asked_by_name")
        picked = [(str(first["asked_by"]), named)] if named else []
        self.fields["asked_by"].choices = Choices(lambda: _askers(about, picked))  # type: ignore[attr-defined]

    def said(self) -> PictureSaid:
        """Only after `is_valid`."""
        c = self.cleaned_data
        plain = {name: c[name] for name in SAID if name in c}
        return PictureSaid(asked_by_id=UUID(c["asked_by"]) if c["asked_by"] else None, **plain)


def _askers(about: About, picked: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Who works at the station today, and who is named already."""
    rows = [(str(staff.pk), staff.name) for staff in colleague_rows(about.station.pk, clock.today())]
    return [("", "—"), *rows, *(one for one in picked if one not in rows)]


class PicturesForm(SaidForm):
    """Several pictures at once; what is said is said of all of them."""

    pictures = PicturesField(most=MOST_AT_ONCE, label=_("选图片"))
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    field_order = ("pictures", "faces")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"client_id": random_id()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        hint = SEND_HINT % {"most": MOST_AT_ONCE, "size": LARGEST // (1024 * 1024)}
        self.fields["pictures"].help_text = hint
        self.fields["faces"].help_text = _("几张不一样的，先选“还没标”，存好再一张张标")


class PictureForm(SaidForm):
    """One picture; its consent may also have been taken back."""

    withdrawn_on = DayField(label=_("哪天撤回的"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, picture: Picture, about: About, me: UUID | None) -> None:
        super().__init__(data, about=about, me=me, initial=said_of(picture, me))
        self.fields["consent"].choices = Consent.choices  # type: ignore[attr-defined]


def said_of(picture: Picture, me: UUID | None = None) -> dict[str, Any]:
    """A picture by the form's fields, as it stands."""
    found = {name: getattr(picture, name) for name in SAID if name != "asked_by_id"}
    asked = {"asked_by": str(picture.asked_by_id), "asked_by_name": picture.asked_by} if picture.asked_by_id else {}
    if picture.consent == Consent.NOT_ASKED:
        found["asked_on"] = clock.today()
        asked = {"asked_by": str(me or "")}
    return found | asked | {"version": picture.version}


class MarkForm(SaidForm):
    """One of several pictures on a page: what is on it. Consent is asked about one by one, or was said with all."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, picture: Picture, about: About) -> None:
        self.picture = picture
        super().__init__(data, prefix=picture.pk.hex, about=about, me=None, initial=said_of(picture))
        for name in set(self.fields) - {"caption", "faces", "version"}:
            del self.fields[name]
        self.fields["faces"].help_text = self.fields["caption"].help_text = ""

    def said(self) -> PictureSaid:
        """What stands, but for what this form asks."""
        stands = {name: getattr(self.picture, name) for name in SAID}
        return PictureSaid(**stands | {name: self.cleaned_data[name] for name in ("caption", "faces")})


def mark_forms(data: Any, about: About, pictures: Sequence[Picture]) -> list[MarkForm]:
    return [MarkForm(data, picture=one, about=about) for one in pictures]


class VoidForm(forms.Form):
    use_required_attribute = False

    reason = words(
        _("为什么作废"), most=100, help_text=_("如“拍到了不该拍的”“加错了地方”"),
        error_messages={"required": _("请写明为什么作废，如“拍到了不该拍的”“加错了地方”")},
    )  # fmt: skip

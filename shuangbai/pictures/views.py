"""Pages of pictures: adding several, one with what is said of it, marking many; and the pictures themselves."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.core.findings import Conflict
from shuangbai.core.forms import rebase, two_versions
from shuangbai.core.queries import latest_change
from shuangbai.core.views import open_to_strangers, paper_answer
from shuangbai.households.views import FORM, tried
from shuangbai.network.context import SignedIn
from shuangbai.pictures import actions, queries
from shuangbai.pictures.access import SUBJECTS, About, about_of, may_void, picture_seen_by, shown_to, writes
from shuangbai.pictures.enums import Faces
from shuangbai.pictures.forms import PictureForm, PicturesForm, VoidForm, mark_forms, said_of
from shuangbai.pictures.models import Picture
from shuangbai.pictures.rules import why_not
from shuangbai.services.access import sees_names


def written_of(request: SignedIn, name: str, key: UUID) -> About:
    """The thing, if somebody may add pictures to it. Raises Http404."""
    about = about_of(request.user, name, key)
    if about is None or not writes(request.user, name, about):
        raise Http404
    return about


def picture_of(request: SignedIn, pk: UUID, *, write: bool = False) -> tuple[Picture, About]:
    """The picture and its thing, if somebody may see it, or say something of it. Raises Http404."""
    found = picture_seen_by(request.user, pk)
    if found is None or (write and (found[0].voided_at or not writes(request.user, found[0].subject, found[1]))):
        raise Http404
    return found


# ADDING --------------------------------------------------------------------


@require_http_methods(FORM)
def picture_new(request: SignedIn, name: str, key: UUID) -> HttpResponse:
    """加图片: several at once."""
    about = written_of(request, name, key)
    form = PicturesForm(request.POST or None, request.FILES or None, about=about, me=request.user.staff_id)
    if form.is_bound and form.is_valid():
        sent = form.cleaned_data["pictures"]
        entry = actions.PicturesEntry(name, key, sent.pictures, form.said(), form.cleaned_data["client_id"])
        made = tried(form, lambda: actions.add_pictures(by=request.user, entry=entry))
        if made:
            messages.success(request, _("已加 %(count)s 张图片") % {"count": len(made)})
            for sentence in sent.refused:
                messages.warning(request, sentence)
            unmarked = len(made) > 1 and entry.said.faces == Faces.UNKNOWN
            return redirect("picture-marks", name, key) if unmarked else redirect(f"{about.url}#pictures")
    context = {"form": form, "about": about, "crumbs": [(about.title, about.url), (_("加图片"), "")]}
    return render(request, "pictures/new.html", context, status=422 if form.is_bound else 200)


@require_http_methods(FORM)
def picture_marks(request: SignedIn, name: str, key: UUID) -> HttpResponse:
    """标人脸: all pictures of a thing on one page."""
    about, moved = written_of(request, name, key), False
    rows = list(queries.standing_pictures(name, [key]).filter(shown_to(request.user)))
    forms = mark_forms(request.POST or None, about, rows)
    right = [form.is_valid() for form in forms]  # of each, so that all complaints are seen
    if forms and all(right):
        said = {form.picture.pk: form.said() for form in forms}
        versions = {form.picture.pk: form.cleaned_data["version"] for form in forms}
        try:
            actions.mark_pictures(by=request.user, subject=name, key=key, versions=versions, said=said)
        except Conflict:
            moved = True
            for form in forms:
                rebase(form, form.picture.version)
        else:
            messages.success(request, _("已保存"))
            return redirect(f"{about.url}#pictures")
    status = 409 if moved else 422 if request.method == "POST" else 200
    context = {"forms": forms, "about": about, "moved": moved, "crumbs": [(about.title, about.url), (_("标人脸"), "")]}
    return render(request, "pictures/marks.html", context, status=status)


# ONE PICTURE ---------------------------------------------------------------


@require_safe
def picture(request: SignedIn, pk: UUID) -> HttpResponse:
    """One picture: what is on it, whether it may be public and why not."""
    return _page(request, *picture_of(request, pk))


def _page(request: SignedIn, found: Picture, about: About, **more: Any) -> HttpResponse:
    stands = found.voided_at is None
    context = {
        "picture": found, "about": about, "words": SUBJECTS[found.subject].words, "names": sees_names(request.user),
        "alt": found.caption or _("%(title)s的图片") % {"title": about.title},
        "why_not": why_not(found.faces, found.consent) if about.stands else _("所属的记录已作废，不公开"),
        "may_edit": stands and writes(request.user, found.subject, about),
        "may_void": stands and may_void(request.user, found, about), "void_form": VoidForm(),
        "crumbs": [(about.title, about.url), (_("图片"), "")], **more,
    }  # fmt: skip
    return render(request, "pictures/picture.html", context, status=more.get("status", 200))


@require_http_methods(FORM)
def picture_edit(request: SignedIn, pk: UUID) -> HttpResponse:
    """改说明与公开."""
    found, about = picture_of(request, pk, write=True)
    form = PictureForm(request.POST or None, picture=found, about=about, me=request.user.staff_id)
    more: dict[str, Any] = {"status": 422 if form.is_bound else 200}
    if form.is_bound and form.is_valid():
        version, said = form.cleaned_data["version"], form.said()
        try:
            if tried(
                form, lambda: actions.describe_picture(by=request.user, picture=found, version=version, said=said)
            ):
                messages.success(request, _("已保存"))
                return redirect("picture", pk)
        except Conflict:
            more = _both_versions(request, form, pk)
    crumbs = [(about.title, about.url), (_("改说明与公开"), "")]
    context = {"form": form, "picture": found, "about": about, "crumbs": crumbs, **more}
    return render(request, "pictures/edit.html", context, status=more["status"])


def _both_versions(request: SignedIn, form: PictureForm, pk: UUID) -> dict[str, Any]:
    """What is saved now beside what was typed; what was typed can then be saved on top of it."""
    now, _about = picture_of(request, pk)
    theirs = {name: value for name, value in said_of(now).items() if name in form.fields and name != "version"}
    rows, change = two_versions(form, theirs), latest_change(now)
    rebase(form, now.version)
    by = change.by_name if change else _("另一位同事")
    return {"rows": rows, "theirs_by": by, "theirs_at": change.at if change else None, "status": 409}


@require_POST
def picture_void(request: SignedIn, pk: UUID) -> HttpResponse:
    """作废一张图片."""
    found, about = picture_of(request, pk)
    form = VoidForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if tried(form, lambda: actions.void_picture(by=request.user, picture=found, reason=reason)):
            messages.success(request, _("已作废，图片文件已删除；谁、为什么作废的留有记录"))
            return redirect(f"{about.url}#pictures")
    if not may_void(request.user, found, about):
        raise Http404
    return _page(request, found, about, void_form=form, status=422)


# THE PICTURES THEMSELVES ----------------------------------------------------


def _sent(stored: str) -> HttpResponse:
    try:
        return paper_answer(stored, shown_as="picture")
    except FileNotFoundError:
        raise Http404 from None


@require_safe
def picture_whole(request: SignedIn, pk: UUID) -> HttpResponse:
    return _sent(picture_of(request, pk)[0].stored)


@require_safe
def picture_small(request: SignedIn, pk: UUID) -> HttpResponse:
    return _sent(picture_of(request, pk)[0].small)


def _published(pk: UUID) -> Picture:
    found = queries.published_picture(pk)
    if found is None:
        raise Http404
    return found


@open_to_strangers
@require_safe
def picture_public(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A picture for everybody: only while it may be, not a moment longer."""
    return _sent(_published(pk).stored)


@open_to_strangers
@require_safe
def picture_public_small(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _sent(_published(pk).small)

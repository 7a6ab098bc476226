"""How kept pictures are sent. Whether somebody may see one is for the view that calls this."""

from django.http import Http404, HttpResponse

from shuangbai.core.pictures import TYPES, picture_data


def picture_answer(name: str, *, shown_as: str, kept_by_browsers: bool = False) -> HttpResponse:
    """A kept picture as an answer that a browser takes for a picture and nothing else. Raises Http404.

    `kept_by_browsers` only for what anybody may see under a name that changes with its content.
    """
    try:
        data = picture_data(name)
    except OSError:
        raise Http404 from None
    suffix = name.rpartition(".")[2]
    answer = HttpResponse(data, content_type=TYPES[suffix])
    answer["Content-Disposition"] = f'inline; filename="{shown_as}.{suffix}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, max-age=31536000, immutable" if kept_by_browsers else "no-store"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer

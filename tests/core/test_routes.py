"""Addresses by their first part are those of Django's own way."""

from uuid import UUID

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, URLResolver, get_resolver, path
from django.urls.resolvers import RoutePattern

from shuangbai.core.routes import ByFirstPart


def page(_request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
    return HttpResponse(str(pk))


ROOMS = [
    [path("", page, name="root"), path("a/<uuid:pk>/", page, name="one"), path("b", page, name="b")],
    [path("a/", page, name="all"), path("a/new", page, name="new")],
]
KEY = "018f0000-0000-7000-8000-000000000001"


@pytest.mark.parametrize("address", ["", "a/", "a/new", f"a/{KEY}/", "b", "a", "b/", "c", f"a/{KEY}", "a/x/"])
def test_an_address_is_found_as_in_a_plain_list(address: str) -> None:
    mine, plain = ByFirstPart(*ROOMS), URLResolver(RoutePattern(""), [one for room in ROOMS for one in room])
    try:
        wanted = plain.resolve(address)
    except Resolver404:
        with pytest.raises(Resolver404):
            mine.resolve(address)
        return
    found = mine.resolve(address)
    assert (found.url_name, found.kwargs, found.route) == (wanted.url_name, wanted.kwargs, wanted.route)


def test_an_address_that_begins_with_a_value_is_refused() -> None:
    with pytest.raises(ValueError, match="a word of its own"):
        ByFirstPart([path("<uuid:pk>/", page)])


def test_all_addresses_of_the_product_go_by_it() -> None:
    [root] = get_resolver().url_patterns
    assert isinstance(root, ByFirstPart)

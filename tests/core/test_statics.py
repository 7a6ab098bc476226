"""What every template names without loading it."""

from __future__ import annotations

import pytest
from django.template import engines

pytestmark = pytest.mark.nodb


def shown(template: str, **context: object) -> str:
    return engines["django"].from_string(template).render(context)


class TestAnIcon:
    def test_beside_words_it_says_nothing(self):
        assert shown("{% icon 'plus' %}") == (
            '<svg class="icon" aria-hidden="true"><use href="/static/core/icons/sprite.svg#plus"></use></svg>'
        )

    def test_alone_it_says_what_it_stands_for(self):
        said = shown("{% icon name css='brand-mark' label=words %}", name="tick", words="可以 & 应该")
        assert 'class="icon brand-mark"' in said
        assert 'role="img" aria-label="可以 &amp; 应该"' in said
        assert "aria-hidden" not in said

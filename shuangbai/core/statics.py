"""What every template names without loading it: `{% static %}` as Django has it and `{% icon %}`, a drawing of our
sprite. Each is worked out once: a page names forty files and thirty icons, and no file changes while a process runs.
As a template that is included an icon would cost twenty times as much."""

from functools import cache, lru_cache

from django import template
from django.templatetags.static import StaticNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()
_address = cache(StaticNode.handle_simple)


class OnceNode(StaticNode):
    @classmethod
    def handle_simple(cls, path: str) -> str:
        return _address(path)


register.tag("static", OnceNode.handle_token)


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """The drawing of this name; with a label it stands for a word, without one it only accompanies words."""
    said = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    address = f"{_address('core/icons/sprite.svg')}#{name}"
    return format_html('<svg class="{}" {}><use href="{}"></use></svg>', f"icon {css}".strip(), said, address)

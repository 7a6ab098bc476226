"""Parts of the page of a report that was handed up."""

from django import template
from django.utils.safestring import SafeString

from shuangbai.accounts.views.pictures import qr_code

register = template.Library()


@register.simple_tag
def picture_of(address: str) -> SafeString:
    """The address as a picture that a phone reads."""
    return qr_code(address)

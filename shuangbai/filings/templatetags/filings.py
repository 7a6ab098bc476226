"""Parts of the page of a report that was handed up."""

from django import template
from django.utils.safestring import SafeString

from shuangbai.core.qr import qr_code
from shuangbai.filings.models import Filing
from shuangbai.filings.verifying import ask_of
from shuangbai.reports.templatetags.evidence import evidence_link

register = template.Library()


@register.simple_tag
def picture_of(address: str) -> SafeString:
    """The address as a picture that a phone reads."""
    return qr_code(address)


@register.simple_tag
def list_behind(filing: Filing, code: str) -> str:
    """The address of the list behind a figure as the records are now."""
    return evidence_link(ask_of(filing), code)

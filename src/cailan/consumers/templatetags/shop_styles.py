"""The styles of a scanned page, sent with it.

On a slow network a second request costs more than all the styles weigh: with them inside, the page shows itself
as soon as its first bytes arrive. The content policy names their digest; nothing else inline is let through.
"""

import base64
import hashlib
import json
from functools import cache
from pathlib import Path

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils.safestring import SafeString, mark_safe

from cailan.kernel.pages import CONTENT_SECURITY_POLICY

register = template.Library()


@cache
def _sheet() -> str:
    """Return the built sheet of public pages and our own; both are ours, and neither closes its own element."""
    manifest = Path(str(settings.DJANGO_VITE["default"]["manifest_path"]))
    names = json.loads(manifest.read_text(encoding="utf-8"))["src/public.ts"]["css"]
    own = finders.find("consumers/scan.css")
    paths = [*(manifest.parent / name for name in names), Path(own or "")]
    return "".join(path.read_text(encoding="utf-8") for path in paths)


@cache
def policy() -> str:
    """Return the content policy of a page that carries these styles."""
    digest = base64.b64encode(hashlib.sha256(_sheet().encode()).digest()).decode()
    return f"{CONTENT_SECURITY_POLICY}; style-src 'self' 'sha256-{digest}'"


@register.simple_tag
def scan_styles() -> SafeString:
    return mark_safe(f"<style>{_sheet()}</style>")  # noqa: S308 (our own built files)

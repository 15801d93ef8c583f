"""Content-Security-Policy: each page names the few inline scripts that may run on it.

The policy stands in the page itself, so that it holds on every host and needs no setting there.
"""

from __future__ import annotations

import base64
import hashlib
import re

# No `src`: inline. A block of data is not run, so it needs no leave.
_INLINE = re.compile(
    r"<script(?![^>]*\s(?:src|type=\"application/json\"))[^>]*>(.*?)</script>", re.S
)
_CHARSET = '<meta charset="utf-8">'
_META = '<meta http-equiv="Content-Security-Policy"'


def policy(html: str) -> str:
    """Return the policy for a page: what lies on its own site, and its own inline scripts.

    Style attributes stay allowed, because the figures and the formulas carry them.

    >>> policy("<script>go()</script>").split("; ")[1]
    "script-src 'self' 'sha256-5KYv+PUboo5h+0+YAtGRPbwv5d/QxzHslP4YGnUaxRw='"
    """
    digests = sorted({hashlib.sha256(text.encode()).digest() for text in _INLINE.findall(html)})
    allowed = ["'self'", *(f"'sha256-{base64.b64encode(one).decode()}'" for one in digests)]
    return "; ".join([
        "default-src 'none'",
        f"script-src {' '.join(allowed)}",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "frame-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
    ])  # fmt: skip


def with_policy(html: str) -> str:
    """Return a finished page with its policy, before anything that the policy is about."""
    meta = f'{_META} content="{policy(html)}">'
    return html.replace(_CHARSET, f"{_CHARSET}\n      {meta}", 1)


def is_protected(html: str) -> bool:
    """Whether a page has a policy already.

    >>> page = '<meta charset="utf-8">'
    >>> is_protected(page), is_protected(with_policy(page))
    (False, True)
    """
    return _META in html

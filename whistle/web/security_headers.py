"""What every answer tells the browser to refuse: one dict a blueprint, strictest where nothing is said."""

from flask import Flask, Response, request

from whistle.web.wiring import settings

#: No inline script or style, nothing from elsewhere, in no frame, no form to another site.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

EVERYWHERE = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        "magnetometer=(), microphone=(), payment=(), usb=()"
    ),
    "Cache-Control": "no-store",
    "X-DNS-Prefetch-Control": "off",
}

#: What an actor's pages say beyond or instead of it. A search engine may find the front page, never more.
BY_BLUEPRINT: dict[str | None, dict[str, str]] = {
    "public": {},
    "office": {"X-Robots-Tag": "noindex, nofollow"},
    "audit": {"X-Robots-Tag": "noindex, nofollow"},
    "admin": {"X-Robots-Tag": "noindex, nofollow"},
    "setup": {"X-Robots-Tag": "noindex, nofollow"},
    # Public files, which pages without an origin load too: a report's file in its frame.
    "static": {
        "Cache-Control": "no-cache",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Access-Control-Allow-Origin": "*",
    },
    # A report's file, sent to whoever has its token: of no origin, and nothing in it runs or loads anything.
    "sealed": {
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'self'",
        "X-Frame-Options": "SAMEORIGIN",
        "Cross-Origin-Opener-Policy": "unsafe-none",  # else nothing of no origin opens in a window of its own
        "Cross-Origin-Resource-Policy": "cross-origin",
        "X-Robots-Tag": "noindex, nofollow",
    },
    None: {"X-Robots-Tag": "noindex, nofollow"},
}

_FRAME = "style-src {static}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
#: The page around a file, by the family of the file's kind: it loads the file, our style, and for PDF our reader, whose
#: worker has to be of its own making as it has no origin. No row ever gets `allow-same-origin`.
FRAMES = {
    "image": f"sandbox; default-src 'none'; img-src {{file}}; {_FRAME}",
    "audio": f"sandbox; default-src 'none'; media-src {{file}}; {_FRAME}",
    "video": f"sandbox; default-src 'none'; media-src {{file}}; {_FRAME}",
    "application": (
        "sandbox allow-scripts; default-src 'none'; script-src {static}; worker-src blob:; font-src {static}; "
        f"connect-src {{file}} {{static}}; {_FRAME}"
    ),
    "gone": f"sandbox; default-src 'none'; {_FRAME}",
}

#: Single pages that need more than their actor's others.
BY_ENDPOINT: dict[str | None, dict[str, str]] = {
    "office.case_file": {"Content-Security-Policy": f"{POLICY}; frame-src 'self'"}
}

#: Public pages that may be found; a report form or a tracking page may not.
FINDABLE = frozenset({"/"})

HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}


def register(app: Flask) -> None:
    """Put the headers on every answer, those of error pages included."""
    app.after_request(_add)


def _add(response: Response) -> Response:
    wanted = EVERYWHERE | BY_BLUEPRINT.get(request.blueprint, {}) | BY_ENDPOINT.get(request.endpoint, {})
    if request.blueprint == "public" and request.path not in FINDABLE:
        wanted |= {"X-Robots-Tag": "noindex, nofollow"}
    if settings().is_https:
        wanted |= HTTPS_ONLY
    for name, value in wanted.items():
        response.headers.setdefault(name, value)
    return response

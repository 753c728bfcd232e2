"""Which language a page is in: asked for in the address, remembered in a cookie, or as the browser prefers."""

from collections.abc import Sequence
from urllib.parse import quote, urlencode

from babel import Locale
from flask import Flask, Response, g, request
from flask_babel import Babel, get_locale

from whistle.web import catalogues
from whistle.web.wiring import settings

COOKIE = "w_lang"

#: Our name of a language, the tag a page carries, and what the switch to it says.
LANGUAGES = {"zh_CN": ("zh-CN", "中文"), "en": ("en", "English")}


#: Read once: Babel looks through all its languages for a name.
LOCALES = {code: Locale.parse(code) for code in LANGUAGES}


def register(app: Flask) -> None:
    """Compile what is older than its source, and choose per request."""
    catalogues.compile_changed()
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(catalogues.FOLDER)
    app.config["BABEL_DEFAULT_TIMEZONE"] = app.extensions["whistle"].settings.timezone
    Babel(app, default_locale="zh_CN", locale_selector=lambda: LOCALES[choose()])
    app.after_request(_remember)
    app.jinja_env.globals.update(page_lang=page_lang, other_language=other_language)


def choose() -> str:
    """The language of this request."""
    offered = _offered()
    if len(offered) == 1:
        return offered[0]
    for wanted in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if wanted is not None and wanted in offered:
            return wanted
    preferred = request.accept_languages.best_match(["zh-CN", "zh", "en"])
    return "en" if preferred == "en" else "zh_CN"


def _offered() -> Sequence[str]:
    """The languages of this page; a page that has not all of them says so in `g.languages` before a word is said."""
    offered: Sequence[str] = g.get("languages", tuple(LANGUAGES))
    return offered


def is_english() -> bool:
    """Whether this page is in English."""
    locale = get_locale()
    return locale is not None and locale.language == "en"


def page_lang() -> str:
    """The `lang` of this page."""
    return "en" if is_english() else "zh-CN"


def other_language() -> dict[str, str] | None:
    """The link to this same page in the other language: address, tag and words; None where there is no other."""
    if len(_offered()) == 1:
        return None
    code = "zh_CN" if is_english() else "en"
    tag, words = LANGUAGES[code]
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return {"url": f"{quote(request.path)}?{urlencode([*kept, ('lang', code)])}", "lang": tag, "words": words}


def _remember(response: Response) -> Response:
    wanted = request.args.get("lang")
    if wanted is not None and wanted in _offered() and request.cookies.get(COOKIE) != wanted:
        response.set_cookie(COOKIE, wanted, secure=settings().is_https, httponly=True, samesite="Lax")
    return response

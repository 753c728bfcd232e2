"""What goes wrong, in words: one table from errors to pages. No page says more than a person can use.

When the database is away or a form's token is old, the page carries what was typed in a form of its own, so that
nothing has to be written again. Passwords and codes are left out, and asked for again.
"""

import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote

from flask import Flask, current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException

from whistle.services.errors import (
    Busy,
    Conflict,
    Crowded,
    Invalid,
    NotAllowed,
    NotFound,
    ServiceError,
    Slowed,
    Unusable,
)
from whistle.web import forms, session, uploads, waited, wording
from whistle.web.quiet_log import QuietFilter, describe

log = logging.getLogger("whistle.web")

V = TypeVar("V", bound=Callable[..., Any])

#: How long a browser is asked to wait when the database is away.
AWAY_SECONDS = 30

#: Values carried on a page at most; no form has so many that were typed.
CARRIED = 60

#: A carried text longer than this is shown in a box of its own; shorter ones travel hidden, where they were not written
#: in a box that the page is known to have. For copying, every box that was written in is shown.
SHOWN_FROM = 30

#: The first part of the addresses that officers see, whose pages have their shell.
OFFICE = frozenset({"office", "admin", "audit"})


@dataclass(frozen=True, slots=True)
class Page:
    """An error page. `keeps`: '' shows nothing typed, 'retry' offers it for another try, 'copy' for copying.

    `again_in`: after so many seconds the page tries again by itself, where scripts run; a code that was typed travels
    with it then.
    """

    status: int
    heading: Any
    text: Any
    keeps: str = ""
    again_in: int = 0
    headers: dict[str, str] = field(default_factory=dict)


MISSING = Page(
    404, _l("没有找到这个页面"), _l("地址可能抄错了，或者这个页面已经不在了。请核对地址，或从首页重新进入")
)
CASE_GONE = Page(
    404,
    _l("这件事你现在打不开"),
    _l("可能刚才有人已经把它指派给别人、受理、移交或者转走了，也可能地址抄错了。请回到工作台看最新情况"),
    keeps="copy",
)
STALE = Page(
    422,
    _l("请再确认一次"),
    _l("这个页面打开得太久，刚才的操作还没有生效。请再点一次下面的按钮"),
    keeps="retry",
)
AWAY = Page(
    503,
    _l("系统暂时连不上"),
    _l("刚才的操作还没有生效。填写的内容都还在，请过半分钟再提交一次"),
    keeps="retry",
    headers={"Retry-After": str(AWAY_SECONDS)},
)
AWAY_READING = Page(
    503,
    _l("系统暂时连不上"),
    _l("页面暂时打不开，没有任何内容丢失。请过半分钟再打开一次"),
    headers={"Retry-After": str(AWAY_SECONDS)},
)
BROKEN = Page(
    500, _l("这一步没有完成"), _l("系统内部出了问题，值班人员会看到记录。请稍后再试一次，或改用其他方式联系")
)
UNREADABLE = Page(
    500,
    _l("内容打不开"),
    _l(
        "密封的内容或者它的密钥和存下时不一样：可能损坏了，也可能被人改动过。再试也打不开。请告诉审计员核验日志，"
        "并请管服务器的人保留现在的数据，从备份恢复"
    ),
)
FOREIGN = Page(403, _l("这个请求来自别的网站"), _l("为了安全，没有执行。请从本网站的页面上操作"))

STILL_AT_DESK = Page(
    403,
    _l("这件事还在受理台"),
    _l("受理以前，分管领导和主要负责人只打得开有事项等自己批准的案件。这件受理以后，就能打开"),
)
NEVER_ACCEPTED = Page(
    403,
    _l("这件事没有受理"),
    _l("它没有受理就结束了，所以没有交给分管领导和主要负责人。工作台上看得到它的状态和日期"),
)
ARCHIVED = Page(
    403,
    _l("这件案已经归档"),
    _l("归档以后只有档案台打得开。要看，请档案台调卷"),
)
NOT_ALLOWED = Page(
    403,
    _l("这一步要由别人来做"),
    _l("这个账号没有做这一步的权限。如果认为应该有，请联系管理员或分管领导"),
)

#: By `NotAllowed.why`, where the refusal of a case can say more. Opened again, none of its pages says anything else.
REFUSED = {"still_at_desk": STILL_AT_DESK, "never_accepted": NEVER_ACCEPTED, "archived": ARCHIVED}

BY_STATUS = {
    400: Page(400, _l("看不懂这个请求"), _l("浏览器送来的内容不完整。请回到上一页，再试一次")),
    404: MISSING,
    405: Page(405, _l("这个页面不能这样打开"), _l("请从首页重新进入，再走到这一步")),
    413: Page(413, _l("内容太大了"), _l("一次最多提交1 MB的内容。请回到上一页，把文字缩短后再提交")),
    408: Page(
        408, _l("传得太慢，没有传完"), _l("请换个好一点的网络再传，或者先提交文字，以后凭查询码补充文件")
    ),
    422: Page(422, _l("有内容需要修改"), _l("请回到上一页，核对后再提交")),
    503: AWAY_READING,
}

TOO_MANY_FILES = Page(
    413, _l("文件太多或者太大了"), _l("一次最多10个文件，每个不超过50 MB。请回到上一页，分几次上传")
)
TABLE_TOO_BIG = Page(
    413, _l("表格太大了"), _l("一次最多1 MB、1,000行。请去掉图片和用不到的工作表，或者分成几个文件，再上传")
)
NO_PLACE = Page(
    503,
    _l("这会儿上传的人太多"),
    _l("文件还没有收下。请过半分钟回到上一页再传，前面填写的内容都还在"),
    headers={"Retry-After": "30"},
)

#: By status, what is said instead where words are typed beside the files: the form was not read, so no page has them.
#: Pages are `no-store`, and not every browser then fills a form again: Chromium does, Firefox does not.
UNREAD = {
    413: Page(
        413,
        TOO_MANY_FILES.heading,
        _l(
            "文字和文件都没有收下。一次最多10个文件，每个不超过50 MB。请用浏览器的“返回”回到上一页，分几次上传："
            "写过的文字在多数浏览器里还在，文件要重新选"
        ),
    ),
    408: Page(
        408,
        BY_STATUS[408].heading,
        _l(
            "文字和文件都没有收下。请换个好一点的网络，用浏览器的“返回”回到上一页，再提交：写过的文字在多数浏览器里"
            "还在，文件要重新选。也可以先只提交文字，以后再补充文件"
        ),
    ),
    503: Page(
        503,
        NO_PLACE.heading,
        _l(
            "文字和文件都没有收下。请过半分钟，用浏览器的“返回”回到上一页，再提交：写过的文字在多数浏览器里还在，"
            "文件要重新选"
        ),
        headers=NO_PLACE.headers,
    ),
}


def register(app: Flask) -> None:
    """Answer every error with a page of ours, and log where it came from but never what it was about."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(NotFound, lambda _: answer(MISSING))
    app.register_error_handler(Unusable, lambda _: answer(MISSING))
    app.register_error_handler(NotAllowed, lambda _: answer(NOT_ALLOWED))
    app.register_error_handler(Conflict, _conflict)
    app.register_error_handler(Invalid, _invalid)
    app.register_error_handler(Busy, _busy)
    app.register_error_handler(Crowded, _crowded)
    app.register_error_handler(forms.StaleForm, lambda _: answer(STALE))
    app.register_error_handler(Exception, _unexpected)
    for error in app.extensions["whistle"].broken:
        app.register_error_handler(error, _away)
    for error in app.extensions["whistle"].unreadable:
        app.register_error_handler(error, _unreadable)
    app.before_request(_refuse_foreign)
    app.logger.addFilter(QuietFilter())  # Flask would name the path of what failed after the page was made


def answer(page: Page) -> tuple[str, int, dict[str, str]]:
    """An error page, in the shell of whoever's address it is. Nothing on it is read from the database."""
    g.plain_page = True
    if request.path.split("/")[1] not in OFFICE:
        shown = {**_shown(page), "report_link": _report_link(page)}
        return render_template("errors/error.html", **shown), page.status, page.headers
    known = {
        "current_user": session.known_officer(),
        "case_link": _case_link(page),
        "outcome_link": _outcome_link(page),
    }
    return render_template("errors/office.html", **_shown(page), **known), page.status, page.headers


def waiting(fault: Crowded) -> tuple[str, int, dict[str, str]]:
    """For a reporter whose turn has not come: everything typed stays, and is sent again after the wait."""
    # Not all at the same moment: whoever was told the same would meet again.
    seconds = fault.seconds + secrets.randbelow(fault.seconds // 4 + 2)
    text = _l(
        "现在提交的人很多，正在排队。填写的内容都还在，请过%(seconds)s秒再点下面的按钮", seconds=seconds
    )
    status = 429 if isinstance(fault, Slowed) else 503
    headers = {"Retry-After": str(seconds)}
    return answer(Page(status, _l("正在排队，请稍等"), text, "retry", seconds, headers))


def expect(labels: Mapping[str, Any]) -> None:
    """What the boxes to write in are called on this request's form: it may fail before there is one."""
    g.boxes = {**g.get("boxes", {}), **labels}


def asks(boxes: Callable[..., Mapping[str, Any]]) -> Callable[[V], V]:
    """Tell what a view's boxes to write in are called, by the parts of its address, where no form class says it."""

    def told(view: V) -> V:
        view.boxes = boxes  # type: ignore[attr-defined]
        return view

    return told


def expect_of_view() -> None:
    """Expect the boxes of the view this request is for, before it runs: of its module's forms, and as it `asks`."""
    view = current_app.view_functions[request.endpoint or ""]
    expect(forms.boxes_of(view.__module__))
    own = getattr(view, "boxes", None)
    if own is not None:
        expect(own(**(request.view_args or {})))


def _shown(page: Page) -> dict[str, Any]:
    is_post = request.method == "POST"
    kept = typed(_("填写的内容"), for_copying=page.keeps == "copy") if page.keeps and is_post else []
    if page.again_in and (code := request.form.get("code")):
        kept = [item for item in kept if item.name != waited.FIELD]
        kept += [
            Kept("code", code, "", is_shown=False),
            Kept(waited.FIELD, waited.mark(code), "", is_shown=False),
        ]
    rule = request.url_rule
    # A step that cannot be done cannot be opened either: there the way on is the case.
    is_refused = page is NOT_ALLOWED or page in REFUSED.values()
    can_open = (
        rule is not None
        and "GET" in (rule.methods or ())
        and not is_refused
        and not (page.status == 409 and (_case_link(page) or _report_link(page)))
    )
    query = request.query_string.decode("ascii", "replace")
    address = quote(request.path) + (f"?{query}" if query else "")
    return {"page": page, "kept": kept, "is_post": is_post, "address": address, "can_open": can_open}


def _case_link(page: Page) -> str | None:
    """The case whose step or page this address is, where it may still be opened."""
    named = request.view_args or {}
    is_below = (request.endpoint or "").startswith("office.case_") and {"shelf", "ref"} <= set(named)
    if not is_below or page.status == 404 or page in REFUSED.values():
        return None
    return url_for("office.case", shelf=named["shelf"], ref=named["ref"])


def _report_link(page: Page) -> str | None:
    """The page of the report, from which a reporter asked for what cannot be done: the way on is there."""
    is_asked_there = page.status == 409 and (request.endpoint or "").startswith("public.track_")
    return url_for("public.track_report") if is_asked_there else None


def _outcome_link(page: Page) -> str | None:
    """Where it says what became of it: the page of the proposal or wish that this address is below."""
    named = request.view_args or {}
    if page.status != 409 or request.method != "POST":
        return None
    if "proposal_id" in named:
        return url_for("office.approval", proposal_id=named["proposal_id"])
    return url_for("office.recusal_wish", wish_id=named["wish_id"]) if "wish_id" in named else None


def _refuse_foreign() -> ResponseReturnValue | None:
    """A write asked for by another site's page: refused whole, before any cookie or token is looked at."""
    is_write = request.method not in ("GET", "HEAD", "OPTIONS")
    if is_write and request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        return answer(FOREIGN)
    return None


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is not None and error.code < 400:
        return error.get_response()  # a redirect of the routing
    page = _page_of(error)
    if page is None:
        page = BROKEN if (error.code or 500) >= 500 else BY_STATUS[400]
    body, _status, headers = answer(page)
    allowed = getattr(error, "valid_methods", None)
    return body, error.code or page.status, headers | ({"Allow": ", ".join(allowed)} if allowed else {})


def _page_of(error: HTTPException) -> Page | None:
    if uploads.has_unread_words() and error.code in UNREAD:
        return UNREAD[error.code]
    if isinstance(error, uploads.NoPlace):
        return NO_PLACE
    if error.code == 413 and uploads.is_taking():
        return TOO_MANY_FILES
    if error.code == 413 and uploads.takes_small():
        return TABLE_TOO_BIG
    return BY_STATUS.get(error.code or 500)


def _conflict(error: Conflict) -> ResponseReturnValue:
    return answer(Page(409, *wording.of_conflict(error), keeps="copy"))


def _invalid(error: Invalid) -> ResponseReturnValue:
    """An input that no form caught: still words, still no loss of service."""
    return answer(Page(422, _l("有内容需要修改"), wording.of_invalid(error, {})))


def _busy(error: Busy) -> ResponseReturnValue:
    text = _l(
        "试的次数太多了，请等%(seconds)s秒再试。这段时间里，已经登录的人不受影响", seconds=error.seconds
    )
    return answer(Page(429, _l("请稍等再试"), text, headers={"Retry-After": str(error.seconds)}))


def _crowded(error: Crowded) -> ResponseReturnValue:
    if request.blueprint == "public":
        return waiting(error)
    text = _l("这会儿同时提交的人太多，这一次还没有处理。请过几秒再提交一次")
    headers = {"Retry-After": str(error.seconds)}
    return answer(Page(503, _l("请稍等再试"), text, keeps="retry", headers=headers))


def _away(error: Exception) -> ResponseReturnValue:
    log.error("the database is away: %s", describe(error))
    if uploads.is_unread():
        text = UNREAD[503].text if uploads.has_unread_words() else NO_PLACE.text
        return answer(Page(503, AWAY.heading, text, headers=AWAY.headers))
    return answer(AWAY if request.method == "POST" else AWAY_READING)


def _unreadable(error: Exception) -> ResponseReturnValue:
    """Nothing but a key tells a seal from noise, so that no check of the log does: who opens it has to be told."""
    is_office = request.path.split("/")[1] in OFFICE
    return _failed(error, UNREADABLE if is_office else BROKEN)


def _unexpected(error: Exception) -> ResponseReturnValue:
    if isinstance(error, ServiceError):
        log.error("no page for %s", describe(error))
    return _failed(error, BROKEN)


def _failed(error: Exception, page: Page) -> ResponseReturnValue:
    if current_app.testing or current_app.debug:
        raise error
    log.error("failed: %s", describe(error))
    return answer(page)


@dataclass(frozen=True, slots=True)
class Kept:
    """One typed value carried on the page: shown in a box of its own, or hidden."""

    name: str
    value: str
    label: str
    is_shown: bool

    @property
    def rows(self) -> int:
        """How many lines its box shows."""
        return 6 if len(self.value) > SHOWN_FROM or "\n" in self.value else 2


def typed(what: str, *, for_copying: bool = False) -> list[Kept]:
    """What the form of this request brought, without secrets; `what` is the label of a field whose own is not known.

    Shown are long texts; for copying, where the form's boxes are known, everything that was written in one.
    """
    known = [f for form in g.get("forms", []) for f in form if hasattr(f, "label")]
    labels = {f.name: str(f.label.text) for f in known}
    expected = {name: str(label) for name, label in g.get("boxes", {}).items()}
    boxes = {f.name: str(f.label.text) for f in known if forms.is_written(f)} | expected
    hidden = {f.name for f in known if isinstance(f, forms.Hidden)}
    fields = [(name, value) for name, value in request.form.items(multi=True) if not forms.is_secret(name)]

    def is_shown(name: str, value: str) -> bool:
        if name in hidden:
            return False
        if for_copying and boxes:
            return name in boxes and bool(value.strip())
        return len(value) > SHOWN_FROM or "\n" in value or (name in expected and bool(value.strip()))

    return [
        Kept(name, value, {**labels, **boxes}.get(name) or what, is_shown(name, value))
        for name, value in fields[:CARRIED]
    ]

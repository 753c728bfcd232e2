"""The answer to a request that could not be read at all, before there is a page or a language: one page, in both.

gunicorn's own would be in English, repeat what was sent, and lack the headers that every other answer has.
"""

from http import HTTPStatus

from whistle.web.security_headers import BY_BLUEPRINT, EVERYWHERE

_PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>看不懂这个请求 – 清风哨</title>
</head>
<body>
<h1>看不懂这个请求</h1>
<p>浏览器送来的内容看不懂，什么也没有收下。请从<a href="/">首页</a>重新进入。</p>
<p>还是这样，请清除本网站的Cookie，或者换一个浏览器。</p>
<div lang="en">
<h2>This request could not be read</h2>
<p>Nothing was taken in. Please start again from the <a href="/">front page</a>; if this page comes back, delete the
cookies of this site or use another browser.</p>
</div>
</body>
</html>
"""


def answer(status: HTTPStatus) -> bytes:
    """The whole answer, head and body; the connection ends with it."""
    body = _PAGE.encode()
    headers = {
        **EVERYWHERE,
        **BY_BLUEPRINT[None],
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(body)),
        "Connection": "close",
    }
    lines = [
        f"HTTP/1.1 {status.value} {status.phrase}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body

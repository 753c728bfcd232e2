"""The floor: one page that anybody would write so, with nothing of the product in it but its choice of libraries.

Each request reads the session, makes a form with its token, keeps one row in SQLite in a transaction of its own, with
the settings of the product's database, and renders a page with as many words and macros as a question has.
"""

import datetime as dt
import os
import secrets
from typing import Any

import peewee
from flask import Flask, render_template, session
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from flask_wtf import FlaskForm
from playhouse.pool import PooledSqliteDatabase
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from whistle.store.database import BUSY_SECONDS, PRAGMAS

database = PooledSqliteDatabase(
    os.environ["FLOOR_DATABASE"], pragmas=PRAGMAS, timeout=BUSY_SECONDS, check_same_thread=False
)


class Row(peewee.Model):
    """What one request keeps."""

    text = peewee.TextField()
    at = peewee.DateTimeField(index=True)

    class Meta:
        database = database


class Question(FlaskForm):
    """As many fields as the longest question has."""

    kind = RadioField("您想反映什么？", choices=[(str(number), f"第{number}类问题") for number in range(6)])
    unit = SelectField("哪个单位", choices=[("", "请选择"), ("1", "行政审批局")])
    story = TextAreaField("发生了什么", validators=[Length(max=20_000)], description="写清楚时间、地点、经过")
    people = StringField("涉及的人", validators=[Length(max=500)], description="不知道姓名可以写职务或者样子")


def create_app() -> Flask:
    """The program."""
    app = Flask(__name__)
    app.config.update(SECRET_KEY=secrets.token_bytes(32), TEMPLATES_AUTO_RELOAD=False)
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    Babel(app, default_locale="zh_CN")
    with database.connection_context():
        database.pragma("journal_mode", "wal")
        database.create_tables([Row])
    database.close_all()  # servers fork from here
    app.add_url_rule("/", view_func=_page, methods=["GET", "POST"])
    app.teardown_appcontext(_close)
    return app


def _page() -> ResponseReturnValue:
    form = Question()
    is_good = form.validate_on_submit()
    session["seen"] = session.get("seen", 0) + 1
    with database.atomic("IMMEDIATE"):
        Row.create(text=form.story.data or "", at=dt.datetime.now())
    return render_template("question.html", form=form, is_good=is_good)


def _close(_fault: Any) -> None:
    if not database.is_closed():
        database.close()


app = create_app()

"""Units that can be reported on: what they are called and under whom they stand, from a day on."""

from typing import Any, ClassVar

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from whistle import clock
from whistle.services import unit_records
from whistle.services import units as service
from whistle.web import changes, forms
from whistle.web.admin import blueprint
from whistle.web.admin.ground import EditForm
from whistle.web.admin.wording import FACT_STATES, UNIT_KINDS
from whistle.web.filters import either
from whistle.web.forms import Day, Line, OneOf, show
from whistle.web.naming import EnglishName, UnitCode
from whistle.web.numbers import NUMBER
from whistle.web.session import by


class UnitForm(EditForm):
    """What a unit is called and under whom it stands."""

    unit = UnitCode(_l("代码"), required=_l("请填写单位代码，例如QY01"), hint=_l("以后不能改，例如QY01"))
    name_zh = Line(_l("名称"), required=_l("请填写单位名称"), at_most=60)
    name_en = EnglishName(_l("英文名称"), at_most=120)
    kind = OneOf(_l("类别"), choices=[(name, words) for name, words in UNIT_KINDS.items()])
    parent = OneOf(_l("上级单位"), hint=_l("反映上级单位的举报，对下级单位的人也关闭"))
    valid_on = Day(_l("从哪天起"), meant="near", hint=_l("不填就是今天"))
    meanwhile = _l("到那一天，这一项已经是“%(now)s”：有人刚改过，或者早有计划。要用你写的，请再保存一次")
    words: ClassVar[dict[str, Any]] = {
        "parent.circle": _l("上级单位不能是它自己或它的下级"),
        "unit.taken": _l("这个代码已经有了，请换一个"),
    }


@blueprint.get("/units")
def units() -> ResponseReturnValue:
    """All units as a tree, each with how many people and channels it has."""
    return show("admin/units/list.html", rows=unit_records.tree(by()), kinds=UNIT_KINDS)


@blueprint.route("/units/new", methods=["GET", "POST"])
def unit_new() -> ResponseReturnValue:
    """A new unit."""
    form = UnitForm()
    del form.seen
    form.parent.choices = _parents(None)
    if form.validate_on_submit():
        with form.catching():
            service.make(by(), form.unit.data, form.name_zh.data, form.name_en.data or "", **_facts(form))
            return redirect(url_for(".units", done="unit_made"), 303)
    return show("admin/units/edit.html", form=form, row=None)


@blueprint.get("/units/<code>")
def unit(code: str) -> ResponseReturnValue:
    """A unit as it is now, with what it was and what it will be."""
    row = service.get(by(), code)
    history = unit_records.history(by(), code)
    now = next((fact for fact in history if fact.state == "now"), history[-1])
    return show(
        "admin/units/unit.html",
        row=row,
        now=now,
        history=history,
        kinds=UNIT_KINDS,
        states=FACT_STATES,
        changes=changes.about("unit", row.id),
    )


@blueprint.route("/units/<code>/edit", methods=["GET", "POST"])
def unit_edit(code: str) -> ResponseReturnValue:
    """A unit's names and place from a day on; what was true before stays. The office's own place waits for the head."""
    row = service.get(by(), code)
    form = UnitForm(data=_as_data(row))
    del form.unit
    if form.valid_on.data:  # what was left alone is on that day as it is planned for that day
        form.stand(_as_data(service.get(by(), code, form.valid_on.data)))
    form.parent.choices = _parents(row.code)
    if form.validate_on_submit():
        with form.catching():
            wish = service.change(by(), row.code, form.name_zh.data, form.name_en.data or "", **_facts(form))
            is_planned = (form.valid_on.data or clock.today()) > clock.today()
            done = "waits" if wish else "unit_planned" if is_planned else "unit_changed"
            return redirect(url_for(".unit", code=row.code, done=done), 303)
    plans = [fact for fact in unit_records.history(by(), code) if fact.state == "planned"]
    return show("admin/units/edit.html", form=form, row=row, plans=plans[::-1])


@blueprint.post(f"/units/<code>/history/<{NUMBER}:fact_id>/take-back")
def unit_take_back(code: str, fact_id: int) -> ResponseReturnValue:
    """Take back what was planned; the plan stays in the history."""
    forms.check_button()
    wish = unit_records.take_back(by(), code, fact_id)
    done = "unit_plan_ended" if wish is None else "waits"
    return redirect(url_for(".unit", code=code.upper(), done=done), 303)


def _as_data(row: service.UnitRow) -> dict[str, Any]:
    same = {"name_zh": row.name_zh, "name_en": row.name_en, "kind": row.kind}
    return same | {"parent": row.parent_code or ""}


def _facts(form: UnitForm) -> dict[str, Any]:
    valid_on = form.valid_on.data or clock.today()
    return {"kind": form.kind.data, "parent_code": form.parent.data or None, "valid_on": valid_on}


def _parents(own: str | None) -> list[tuple[str, Any]]:
    rows = [row for row in service.list_units(by()) if row.code != own]
    return [("", _l("没有上级单位")), *((row.code, either(row, "name")) for row in rows)]

"""A change that waits for a second person, as one sentence: for who asked and for who decides."""

from flask_babel import gettext as _

from whistle.services import confirmations
from whistle.services.confirmations import Waiting
from whistle.web.session import by


def about(thing: str, thing_id: int) -> list[tuple[Waiting, str]]:
    """The changes of one thing that wait, each with its sentence."""
    return [(change, sentence(change)) for change in confirmations.waiting_about(by(), thing, thing_id)]


def sentence(change: Waiting) -> str:
    """What the change would do."""
    if change.kind == "channel_move":
        return _(
            "把渠道“%(thing)s”从“%(old)s”移到“%(new)s”", thing=change.thing, old=change.old, new=change.new
        )
    if change.kind == "identity_holder":
        return _("增加实名信息保管人：%(new)s", new=change.new)
    if change.kind == "unit_place":
        none = _("没有上级单位")
        old, new = change.old or none, change.new or none
        return _("“%(thing)s”的上级单位由“%(old)s”改为“%(new)s”", thing=change.thing, old=old, new=new)
    if change.kind == "person_name":
        return _(
            "%(thing)s的姓名由“%(old)s”改为“%(new)s”", thing=change.thing, old=change.old, new=change.new
        )
    if change.kind == "person_unit":
        none = _("本机关")
        old, new = change.old or none, change.new or none
        return _("%(thing)s的所属单位由“%(old)s”改为“%(new)s”", thing=change.thing, old=old, new=new)
    if change.old:
        return _(
            "“%(thing)s”的分管领导由%(old)s改为%(new)s", thing=change.thing, old=change.old, new=change.new
        )
    return _("“%(thing)s”的分管领导定为%(new)s", thing=change.thing, new=change.new)

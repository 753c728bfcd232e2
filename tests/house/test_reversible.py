"""What an administrator does can be undone, or the page in front of it says that it cannot."""

from pathlib import Path

from whistle.config import ROOT

#: By what each act is undone: the same page once more, or another.
UNDONE_BY = {
    "admin.calendar": "admin.calendar_take_back",
    "admin.calendar_take_back": "admin.calendar",
    "admin.calendar_year": "admin.calendar_year",
    "admin.change_withdraw": "admin.desk_deputy",
    "admin.channel_edit": "admin.channel_edit",
    "admin.channel_move": "admin.change_withdraw",
    "admin.channel_resume": "admin.channel_suspend",
    "admin.channel_suspend": "admin.channel_resume",
    "admin.desk_deputy": "admin.change_withdraw",
    "admin.desk_holder": "admin.change_withdraw",
    "admin.desk_rename": "admin.desk_rename",
    "admin.person_absent": "admin.person_back",
    "admin.person_back": "admin.person_absent",
    "admin.person_correct": "admin.person_correct",
    "admin.person_seat": "admin.desk_seat_end",
    "admin.settings": "admin.settings",
    "admin.unit_edit": "admin.unit_edit",
    "admin.unit_take_back": "admin.unit_edit",
}

#: What cannot be undone, and the words on the page before it that say so.
SAYS = {
    "admin.channel_import_make": ("channels/import_look.html", "不能删除"),
    "admin.channel_new": ("channels/edit.html", "不能删除"),
    "admin.channel_rotate": ("channels/rotate.html", "不能恢复"),
    "admin.desk_new": ("desks/new.html", "不能删除"),
    "admin.desk_seat_end": ("desks/seat_end.html", "不能撤销"),
    "admin.person_deactivate": ("people/deactivate.html", "不能恢复"),
    "admin.person_new": ("people/new.html", "不能删除"),
    "admin.person_reinvite": ("people/reinvite.html", "作废"),
    "admin.person_role": ("people/role.html", "收回的不会因为改回原来的角色而恢复"),
    "admin.unit_new": ("units/edit.html", "不能删除"),
}

#: Looks through a sheet; makes a link that says when it ends.
CHANGES_NOTHING = {"admin.channel_import", "admin.person_let_pass"}


def test_every_act_is_undone_by_another_or_its_page_says_that_it_is_not(app) -> None:
    acts = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("admin.") and "POST" in rule.methods
    }
    assert UNDONE_BY.keys() | SAYS.keys() | CHANGES_NOTHING == acts, "say by what a new act is undone"
    assert not UNDONE_BY.keys() & SAYS.keys()
    assert set(UNDONE_BY.values()) <= acts


def test_pages_of_what_cannot_be_undone_say_so() -> None:
    for template, words in SAYS.values():
        assert words in Path(ROOT / "templates" / "admin" / template).read_text("utf-8"), template

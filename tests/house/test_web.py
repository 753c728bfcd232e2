"""Rules about pages: menu entries that lead somewhere, few actors."""

from whistle.rules.permits import ROLES
from whistle.web import ACTORS, forms, pages


def test_every_menu_entry_leads_somewhere_and_is_for_somebody(app):
    for entry in pages.MENU:
        assert entry.endpoint in app.view_functions, f"no page {entry.endpoint}: mend pages.MENU"
        assert entry.roles
        assert entry.roles <= set(ROLES)


def test_every_role_finds_a_page_of_its_own():
    for role in ROLES:
        assert any(role in entry.roles for entry in pages.MENU)


def test_every_actor_has_a_blueprint_of_its_name(app):
    assert set(ACTORS) <= set(app.blueprints)


def test_endpoints_are_named_actor_and_family(app):
    for endpoint in app.view_functions:
        actor, _, name = endpoint.partition(".")
        assert name, f"{endpoint} belongs to no actor"
        assert actor in {*ACTORS, "health", "static"}


def test_fields_that_hold_secrets_are_known_as_such(app):
    for form in _forms(forms.Form):
        for name, field in vars(form).items():
            if getattr(field, "field_class", None) in (forms.Password, forms.Code):
                assert forms.is_secret(name), f"{form.__name__}.{name}: name it so that forms.SECRET knows it"


def _forms(base):
    for form in base.__subclasses__():
        yield form
        yield from _forms(form)

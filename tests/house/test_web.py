"""Rules about pages: menu entries that lead somewhere, few actors."""

from tests.journeys import looks
from whistle.config import ROOT
from whistle.rules.permits import ROLES, permits
from whistle.rules.workflow import ACTIONS, MEETING
from whistle.web import ACTORS, forms, pages, security_headers
from whistle.web.office.step_forms import StepForm


def test_every_page_is_looked_at_by_a_journey(app):
    """And each journey is held to it, in tests/journeys/conftest.py."""
    pages_there = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    looked_at = set().union(*looks.LOOKS.values())
    assert looked_at | looks.NO_PAGES == pages_there, "give the page to a journey in tests/journeys/looks.py"
    assert not looked_at & looks.NO_PAGES
    in_english = looks.BESIDE.union(*looks.ENGLISH.values())
    assert in_english == looked_at, "name the page in looks.ENGLISH, or in BESIDE"


def test_every_journey_of_the_table_is_there():
    for name in (*looks.LOOKS, *looks.ENGLISH):
        module, _, function = name.partition(".")
        assert f"def {function}(" in (ROOT / "tests" / "journeys" / f"{module}.py").read_text(), name


def test_every_menu_entry_leads_somewhere_and_is_for_somebody(app):
    for entry in pages.MENU:
        assert entry.endpoint in app.view_functions, f"no page {entry.endpoint}: mend pages.MENU"
        assert entry.roles
        assert entry.roles <= set(ROLES)


def test_whoever_may_check_the_log_finds_the_page_in_the_menu():
    entry = next(entry for entry in pages.MENU if entry.endpoint == "audit.log")
    assert entry.roles == {role for role in ROLES if permits("log.verify", role, {"any"})}


def test_every_page_that_may_be_found_by_strangers_is_there(app):
    addresses = {rule.rule for rule in app.url_map.iter_rules()}
    assert addresses >= security_headers.FINDABLE


def test_every_role_finds_a_page_of_its_own():
    for role in ROLES:
        assert any(role in entry.roles for entry in pages.MENU)


def test_every_actor_has_a_blueprint_of_its_name(app):
    assert set(ACTORS) <= set(app.blueprints)


def test_endpoints_are_named_actor_and_family(app):
    for endpoint in app.view_functions:
        actor, _, name = endpoint.partition(".")
        assert name, f"{endpoint} belongs to no actor"
        assert actor in {*ACTORS, "health", "sealed", "static"}


def test_fields_that_hold_secrets_are_known_as_such(app):
    for form in _forms(forms.Form):
        for name, field in vars(form).items():
            if getattr(field, "field_class", None) in (forms.Password, forms.Code):
                assert forms.is_secret(name), f"{form.__name__}.{name}: name it so that forms.SECRET knows it"


def _forms(base):
    for form in base.__subclasses__():
        yield form
        yield from _forms(form)


def test_no_step_needs_anything_by_the_name_of_what_its_form_has_of_its_own():
    """A need `seen` once took the place of the hidden field that says up to which event the case was shown."""
    taken = {name for name in dir(StepForm) if not name.startswith("_")}
    for row in ACTIONS.values():
        named = taken & {need.name for need in (*row.needs, *MEETING)}
        assert not named, f"{row.name} needs {named}: name the form's own field otherwise"

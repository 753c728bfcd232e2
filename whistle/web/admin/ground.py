"""What the forms of administrators' pages share: services' names of inputs as the forms call them."""

from collections.abc import Mapping

from whistle.services.errors import Invalid
from whistle.web.forms import Form

#: A field whose name ends in `code` would count as a secret and be lost on a page that asks to send it again.
OWN_NAMES: Mapping[str, str] = {
    "code": "unit",
    "unit_code": "unit",
    "parent_code": "parent",
    "desk_id": "desk",
    "deputy_id": "deputy",
    "person_id": "person",
}


class AdminForm(Form):
    """A form whose messages find their fields although the service calls them otherwise."""

    def refuse(self, fault: Invalid) -> None:
        """Put a refusal beside the field that stands for the service's input."""
        super().refuse(Invalid(OWN_NAMES.get(fault.field, fault.field), fault.reason, **fault.data))

"""The shell as an actor: who runs a command on the machine does what an administrator may, and is no person."""

from whistle.services.access import Acting, AsSystem

SHELL = AsSystem("shell")


def person_of(by: Acting | AsSystem) -> int | None:
    """The id of the acting person, None for the shell."""
    return by.person_id if isinstance(by, Acting) else None

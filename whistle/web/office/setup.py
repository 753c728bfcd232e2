"""The check list of a new office: what is done, what is next, and whom it waits for."""

from flask.typing import ResponseReturnValue

from whistle.services import setup as service
from whistle.services.setup import Task
from whistle.web.forms import show
from whistle.web.office import blueprint
from whistle.web.office.wording import TASKS
from whistle.web.session import by

#: Where each step is done, and by which role.
PLACES = {
    "office": ("admin", "admin.people"),
    "keys": ("head", "office.keys"),
    "people": ("admin", "admin.people"),
    "admit": ("head", "office.admissions"),
    "oversight": ("oversight", "office.keys"),
    "channel": ("admin", "admin.channels"),
}


@blueprint.get("/setup")
def setup() -> ResponseReturnValue:
    """The six steps."""
    tasks = [(task, _place(task)) for task in service.checklist(by())]
    codes = service.trusted_codes(by())
    is_done = all(task.state == "done" for task, _place_of in tasks)
    return show("office/setup/tasks.html", tasks=tasks, task_words=TASKS, is_done=is_done, codes=codes)


def _place(task: Task) -> str | None:
    """Where this person can do the step now; None where it is not this person's, or not yet."""
    role, endpoint = PLACES[task.name]
    return endpoint if task.state == "now" and by().role == role else None

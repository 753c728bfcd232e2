"""The few errors of the service layer, named for what the caller can do. They carry data; words come above."""


class ServiceError(Exception):
    """Something a person can be told about."""


class NotAllowed(ServiceError):
    """The person may not do this; `permission` is the name in `rules.permits`, `why` a code where it is known."""

    def __init__(self, permission: str, why: str = "") -> None:
        super().__init__(permission)
        self.permission = permission
        self.why = why


class NotFound(ServiceError):
    """There is no such thing, or it is not for this person to know; `what` names the kind of thing."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class Conflict(ServiceError):
    """The thing stands otherwise than the caller thought; `why` is a code that is worded above."""

    def __init__(self, why: str, **data: object) -> None:
        super().__init__(why)
        self.why = why
        self.data = data


class Invalid(ServiceError):
    """An input cannot be taken: `field` and a `reason` code, with data for the sentence."""

    def __init__(self, field: str, reason: str, **data: object) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason
        self.data = data


class Unusable(ServiceError):
    """A channel takes no reports now; `why` is unknown, suspended, expired, not_yet or rotated."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Busy(ServiceError):
    """Too many tries: come back in `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(str(seconds))
        self.seconds = seconds


class Crowded(Busy):
    """Too many people at once, through no fault of this one: nothing was counted, the same again in a moment."""


class Slowed(Crowded):
    """A budget is used up for now, by this client or by others: nothing was done, the same again after the wait."""


class NoRoom(ServiceError):
    """There is no room left to keep it; `what` is 'file' or 'report'."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what

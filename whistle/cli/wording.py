"""What services refuse, in the shell's words: each a sentence or two that say what to do."""

from whistle.services.errors import Busy, Conflict, Crowded, Invalid, NotAllowed, NotFound, Unusable

#: `Invalid`, by "field.reason" or, where any field may be meant, by the reason alone.
INVALID = {
    "empty": "The {field} is empty. Write something there.",
    "too_long": "The {field} is too long: it may have {most} characters. Shorten it.",
    "unprintable": "The {field} has characters that cannot be printed. Type it anew.",
    "user_name.pattern": "A user name begins with a letter and has lower-case letters, digits, dots and hyphens alone. "
    "Choose another.",
    "user_name.taken": "Somebody has this user name already. Choose another.",
    "no_email": "This is no whole e-mail address. Write it like wang@example.gov.cn.",
    "role.unknown": "There is no such role. See which there are: whistle user add --help.",
    "is_outside.only_oversight": "Only an oversight member comes from outside. Leave --outside out, or use "
    "--role oversight.",
    "unit_code.unknown": "There is no unit with this code. Take a code from the page of units.",
    "desk_id.unknown": "Reports cannot go to this desk. Name an intake desk with --desk.",
    "desk_id.role_does_not_fit": "This role cannot sit at this desk. Name another desk, or leave --desk out.",
    "languages.unknown": "There is no such language. Use zh_CN or en.",
    "valid_to.before_start": "The last day lies before the first. Correct --from or --to.",
    "valid_to.over": "The last day has passed, so the channel would be over from its start. Correct --to.",
    "no_key": "That is no private key of a superior. Name the file that whistle superior key wrote.",
    "mistyped": "The private key was not copied whole. Take it from its file again.",
    "file.no_package": "This is no package of Whistle. Ask for it again.",
    "file.other_version": "This package was made by another version of Whistle. Open it with that version.",
    "file.left_out": "{count} of the {all} files that the package names are not here. Those above are whole. Ask for "
    "the others again; where the office lost one, its page of the case says so.",
    "file.other_key": "This file was not sealed to this key, or it was damaged on the way. Ask for it again.",
}

#: `NotFound`, by what there is none of.
MISSING = {
    "active person": "Nobody with an account in use has this user name. See who there is on the page of people.",
    "case": "There is no such case. Check its number.",
    "channel": "There is no such channel. See them all: whistle channel list.",
    "desk": "There is no such desk. See them on the page of desks.",
    "office": "This instance is not set up yet. Open the link that whistle init prints.",
    "unit": "There is no unit with this code. Take a code from the page of units.",
}

#: `Unusable`, by why a channel takes no reports.
UNUSABLE = {
    "unknown": "There is no such channel. See them all: whistle channel list.",
    "suspended": "The channel is suspended. An administrator resumes it on its page.",
    "expired": "The channel's last day is over. An administrator changes it on its page.",
    "not_yet": "The channel takes no reports yet: its day is to come, or its desk has no key. See whistle doctor.",
    "rotated": "The channel has a new code. See it: whistle channel list.",
}


def words(error: Exception) -> str:
    """An error in one line."""
    match error:
        case NotFound():
            return MISSING.get(error.what, f"There is no such {error.what}. Check the name and try again.")
        case Invalid():
            return _of_invalid(error)
        case Conflict():
            return f"Things stand otherwise than this needs ({error.why}). Do it on the web, where the page says why."
        case NotAllowed():
            return f"This needs a person who may do {error.permission}; do it on the web, signed in."
        case Unusable():
            return UNUSABLE.get(error.why, "The channel takes no reports. See why: whistle channel list.")
        case Crowded():
            return "Too many sign in at this moment. Try again in a few seconds."
        case Busy():
            return f"Too many tries. Come back in {error.seconds} seconds."
    return str(error)


def _of_invalid(error: Invalid) -> str:
    found = INVALID.get(f"{error.field}.{error.reason}") or INVALID.get(error.reason)
    if found is None:
        return f"The {_plain(error.field)} cannot be taken ({error.reason}). Correct it and try again."
    return found.format(field=_plain(error.field), **error.data)


def _plain(field: str) -> str:
    return field.replace("_", " ")

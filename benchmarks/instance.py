"""An instance for a measurement: a trial office founded by the services, with the hashes and keys of production."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from whistle import clock, config
from whistle.services import ledger, setup
from whistle.store import database, files


@dataclass(frozen=True, slots=True)
class Instance:
    """An office at work: the folder, the token of its poster, and the password its people share."""

    folder: Path
    token: str = ""
    password: str = ""


def make(folder: Path) -> Instance:
    """Found it, and leave the database closed."""
    with opened(Instance(folder)):
        link = setup.first_link()
        if link is None:
            raise RuntimeError(f"there is an office in {folder} already")
        trial = setup.start_trial(link)
        return Instance(folder, trial.channel_token, trial.common_password)


@contextmanager
def opened(instance: Instance) -> Iterator[None]:
    """Its database, bound to this process."""
    settings = config.load({"WHISTLE_INSTANCE": str(instance.folder)})
    clock.use_zone(settings.timezone)
    database.open_database(settings.database_url)
    try:
        database.migrate()
        ledger.use_instance(instance.folder)
        files.use(files.at(settings.storage_url))
        yield
    finally:
        database.close_all()

"""The one program every server starts."""

import sys

from whistle import create_app
from whistle.config import ConfigError

#: With this code gunicorn says that another try is of no use.
APP_LOAD_ERROR = 4

try:
    app = create_app()
except ConfigError as error:
    print(error, file=sys.stderr)
    sys.exit(APP_LOAD_ERROR)

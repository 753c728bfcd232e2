"""The one program every server starts."""

from whistle import create_app

app = create_app()

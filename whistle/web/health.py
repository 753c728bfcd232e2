"""What machines ask: does the process live, and can it serve. No detail to strangers."""

from flask import Blueprint, Flask, Response

from whistle.web.wiring import wiring

blueprint = Blueprint("health", __name__)


def register(app: Flask) -> None:
    """Answer at /healthz and /readyz."""
    app.register_blueprint(blueprint)


@blueprint.get("/healthz")
def alive() -> Response:
    """200 as long as the process answers."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
def ready() -> Response:
    """200 when the database answers and is migrated, else 503."""
    if wiring().is_ready():
        return Response("ok\n", mimetype="text/plain")
    return Response("not ready\n", status=503, mimetype="text/plain", headers={"Retry-After": "10"})

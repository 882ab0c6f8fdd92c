"""Put the server together: settings in, an ASGI application out.

Owns the order of its parts and what is opened and closed with it. Pages and the API are in `routes/`.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from tidewaiter.base.errors import InputError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fastapi import FastAPI

    from tidewaiter.web.settings import WebSettings


def create_app(settings: WebSettings | None = None) -> FastAPI:
    """Make the application; without `settings` those that `to_environment` left, or the defaults."""
    try:
        from fastapi import FastAPI
    except ModuleNotFoundError:
        message = "the web page needs more than is installed: pip install 'tidewaiter[web]'"
        raise InputError(message) from None
    from tidewaiter.base.version import __version__
    from tidewaiter.web import lawbook
    from tidewaiter.web.description import describe
    from tidewaiter.web.desk import Desk
    from tidewaiter.web.guard import Guard
    from tidewaiter.web.metrics import Metrics
    from tidewaiter.web.problem import add_handlers
    from tidewaiter.web.routes import rooms
    from tidewaiter.web.settings import WebSettings
    from tidewaiter.web.shelf import Shelf

    chosen = settings or WebSettings.from_environment()

    @asynccontextmanager
    async def open_and_close(app: FastAPI) -> AsyncIterator[None]:
        if chosen.log:
            _log_to_standard_error()
        desk = app.state.desk = Desk(chosen)
        try:
            await desk.warm()
            # What the first reader of the law would wait for.
            await asyncio.to_thread(lawbook.book)
            if chosen.draw_at_start:
                await asyncio.to_thread(_draw_something)
            yield
        finally:
            desk.close()

    app = FastAPI(
        title="Tidewaiter",
        version=__version__,
        summary="Trade with countries under sanctions: statistics, law and news, joined and traced to the row.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=open_and_close,
    )
    app.state.settings = chosen
    app.state.shelf = Shelf()
    app.state.suspects = None
    app.state.metrics = Metrics()
    add_handlers(app)
    for room in rooms(allow_write=chosen.allow_write):
        app.include_router(room)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]
    app.add_middleware(Guard, settings=chosen, metrics=app.state.metrics)
    return app


def _draw_something() -> None:
    """Draw one chart: the first in a process takes most of a second, and holds up everything else meanwhile."""
    from tidewaiter.tell.charts.draw import inline_svg
    from tidewaiter.tell.charts.regime_days import regime_days
    from tidewaiter.web import lawbook

    inline_svg(regime_days(lawbook.book().regimes[-1]))


def _log_to_standard_error() -> None:
    """Write our own lines where the service manager finds them."""
    log = logging.getLogger("tidewaiter.web")
    log.setLevel(logging.INFO)
    if not log.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        log.addHandler(handler)

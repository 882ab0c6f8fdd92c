"""One module for each part of the site: what its addresses mean, and which verb answers them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import APIRouter


def rooms(*, allow_write: bool) -> list[APIRouter]:
    """Return the routers of the site; those that write are only there where writing is allowed."""
    from tidewaiter.web.routes import api, check, explore, law, state, static

    _ = allow_write
    return [check.router, api.router, explore.router, law.router, state.router, static.router]

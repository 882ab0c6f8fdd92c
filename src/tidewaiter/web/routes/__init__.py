"""One module for each part of the site: what its addresses mean, and which verb answers them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import APIRouter


def rooms(*, allow_write: bool) -> list[APIRouter]:
    """Return the routers of the site; those that write are only there where writing is allowed."""
    from tidewaiter.web.routes import (
        api,
        api_docs,
        api_sheets,
        check,
        data,
        explore,
        home,
        land,
        law,
        state,
        static,
        suspects,
        write,
    )

    writers = [land.router, land.by_program, suspects.writing, write.router] if allow_write else []
    readers = [home.router, check.router, explore.router, law.router, suspects.router, data.router]
    readers += [api.router, api_sheets.router, api_docs.router]
    return [*writers, *readers, state.router, static.router]

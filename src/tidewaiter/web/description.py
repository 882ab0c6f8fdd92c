"""Describe the API as OpenAPI: the routes' own words, the contracts of this house, and nothing from elsewhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tidewaiter.base.version import __version__

if TYPE_CHECKING:
    from fastapi import FastAPI


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the description, made once."""
    from fastapi.openapi.utils import get_openapi

    from tidewaiter.news.judge.contract import schema
    from tidewaiter.web.contracts import Problem, Table

    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title,
            version=__version__,
            summary=app.summary,
            description="Read-only unless the server was started to write. Errors are RFC 9457 problem details.",
            routes=app.routes,
        )
        parts = made.setdefault("components", {}).setdefault("schemas", {})
        parts["Problem"] = Problem.model_json_schema()
        parts["Table"] = Table.model_json_schema(ref_template="#/components/schemas/{model}")
        parts |= parts["Table"].pop("$defs", {})
        parts |= _findings(schema())
        app.openapi_schema = made
    return app.openapi_schema


def _findings(found: dict[str, Any]) -> dict[str, Any]:
    """Carry the schema of findings over, its own definitions under names that cannot meet others."""
    text = json.dumps({key: value for key, value in found.items() if key not in {"$schema", "$id"}})
    whole: dict[str, Any] = json.loads(text.replace("#/$defs/", "#/components/schemas/Findings_"))
    parts = {f"Findings_{name}": value for name, value in whole.pop("$defs", {}).items()}
    return {"Findings": whole, **parts}

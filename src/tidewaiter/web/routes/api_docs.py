"""The API's page: drawn here from its own description, with nothing from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from tidewaiter.web.pages import render

if TYPE_CHECKING:
    from collections.abc import Iterator

router = APIRouter(include_in_schema=False)


@router.get("/api")
async def page(request: Request) -> Response:
    """Show every verb of the API with its parameters and an example."""
    described = request.app.openapi()
    context = {
        "verbs": list(_verbs(described)),
        "schemas": _shapes(described),
        "base": str(request.base_url).rstrip("/"),
    }
    page = render(request, "api.html.j2", **context)
    return Response(page, headers={"Cache-Control": "no-cache"}, media_type="text/html")


def _verbs(described: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path, methods in described["paths"].items():
        for method, verb in methods.items():
            parameters = [
                {
                    "name": each["name"],
                    "needed": each.get("required", False),
                    "words": each.get("schema", {}).get("description") or each.get("description", ""),
                    "values": _values(each.get("schema", {})),
                    "example": next(iter(each.get("schema", {}).get("examples") or [None])),
                }
                for each in verb.get("parameters", [])
            ]
            given = "&".join(f"{each['name']}={each['example']}" for each in parameters if each["example"])
            yield {
                "method": method.upper(),
                "path": path,
                "summary": verb.get("summary", ""),
                "words": verb.get("description", ""),
                "parameters": parameters,
                "example": f"{path}?{given}" if given else path,
                "answers": _answered(verb),
            }


def _values(schema: dict[str, Any]) -> list[str]:
    """List what a parameter may be, where that is a list."""
    options = [schema, *schema.get("anyOf", [])]
    return [str(value) for each in options for value in each.get("enum", [])]


def _answered(verb: dict[str, Any]) -> list[str]:
    """Name the shapes of a good answer."""
    schema = verb["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
    named = [schema, schema.get("items", {}), *schema.get("anyOf", [])]
    return [each["$ref"].rpartition("/")[2] for each in named if "$ref" in each]


def _shapes(described: dict[str, Any]) -> dict[str, Any]:
    """Return the shapes with their keys, those of findings left to their own page."""
    found = described.get("components", {}).get("schemas", {})
    return {
        name: each for name, each in sorted(found.items()) if "properties" in each and not name.startswith("Findings")
    }

"""The OpenAPI document as a page to read: plain HTML, nothing from anywhere else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from markupsafe import Markup, escape

from dashboard.kept_files import STATIC

HEAD = Markup(
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
    '<link rel="stylesheet" href="{static}/paper.css"></head><body><main><h1>{title}</h1>'
)
TAIL = Markup("</main></body></html>")


def paper(document: dict[str, Any]) -> str:
    """A page that says what the document says."""
    parts = [HEAD.format(static=STATIC, title=document["info"]["title"])]
    parts += [Markup("<p>{}</p>").format(it) for it in document["info"]["description"].strip().split("\n\n")]
    parts.append(Markup('<p><a href="openapi.json">openapi.json</a></p>'))
    for path, methods in document["paths"].items():
        for method, of in methods.items():
            parts += _operation(f"{method.upper()} /api/v1{path}", of)
    for name, methods in document.get("webhooks", {}).items():
        for method, of in methods.items():
            parts += _operation(f"{method.upper()} to your address: {name}", of)
    parts.append(Markup("<h2>Schemas</h2>"))
    for name, schema in document["components"]["schemas"].items():
        parts += _schema(name, schema)
    return str(Markup("\n").join([*parts, TAIL]))


def _operation(heading: str, of: dict[str, Any]) -> Iterator[Markup]:
    yield Markup('<h2 id="{}">{}</h2><p>{}</p>').format(of["operationId"], heading, of["summary"])
    if of.get("parameters"):
        rows = [(it["name"], it["in"], _kind(it["schema"]), it["description"]) for it in of["parameters"]]
        yield _table(("Parameter", "In", "Kind", "What"), rows)
    for content in of.get("requestBody", {}).get("content", {}).values():
        example = json.dumps(content["example"], ensure_ascii=False, indent=2)
        yield Markup("<p>Body: {}</p><pre>{}</pre>").format(_kind(content["schema"]), example)
    answers = [(status, _answer(it), it["description"]) for status, it in of["responses"].items()]
    yield _table(("Status", "Answer", "When"), answers)


def _schema(name: str, schema: dict[str, Any]) -> Iterator[Markup]:
    yield Markup('<h3 id="{}">{}</h3>').format(name, name)
    if schema.get("description"):
        yield Markup("<p>{}</p>").format(schema["description"])
    rows = [(it, _kind(of), of.get("description", "")) for it, of in schema.get("properties", {}).items()]
    yield _table(("Member", "Kind", "What"), rows) if rows else Markup("<p>{}</p>").format(_kind(schema))


def _kind(schema: dict[str, Any]) -> Markup:
    """What a schema is, in a few words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return Markup('<a href="#{}">{}</a>').format(name, name)
    if "items" in schema:
        return Markup("list of {}").format(_kind(schema["items"]))
    if "anyOf" in schema:
        return Markup(" or ").join(_kind(it) for it in schema["anyOf"])
    if "enum" in schema:
        return escape(", ".join(map(str, schema["enum"])))
    if "const" in schema:
        return escape(schema["const"])
    kinds = schema.get("type", "anything")
    return escape(" or ".join(kinds) if isinstance(kinds, list) else kinds)


def _answer(of: dict[str, Any]) -> Markup:
    found = [_kind(content["schema"]) for content in of.get("content", {}).values()]
    return found[0] if found else Markup()


def _table(heads: tuple[str, ...], rows: list[tuple[Any, ...]]) -> Markup:
    cells = [
        Markup("<tr>{}</tr>").format(Markup().join(Markup("<td>{}</td>").format(it) for it in row)) for row in rows
    ]
    head = Markup().join(Markup('<th scope="col">{}</th>').format(it) for it in heads)
    return Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(head, Markup().join(cells))

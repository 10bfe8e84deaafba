"""Holds REST requests and answers against an OpenAPI description: as much of OpenAPI 3 as Twilio's description uses.

Stricter than the description in one thing: Twilio marks no field of an answer as required, but documents them all, so
all of them must be there and no others.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

# Twilio's file is not part of the project: OPENAPI names it, or it lies in a folder beside the project's.
BESIDE = Path(__file__).parents[3] / "shared" / "twilio" / "twilio_api_v2010.json"
ERROR_FIELDS = {"code": int, "message": str, "more_info": str, "status": int}
KINDS: Mapping[str, type | tuple[type, ...]] = {
    "string": str, "integer": int, "number": (int, float), "boolean": bool, "object": dict, "array": list,
}  # fmt: skip


def description_path() -> Path | None:
    """Where Twilio's OpenAPI description is on this machine; None where it is not."""
    path = Path(os.environ.get("OPENAPI") or BESIDE)
    return path if path.is_file() else None


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request with its answer. `sent` are the query's or the form's parameters, each with all its values."""

    method: str
    path: str
    sent: Mapping[str, Sequence[str]]
    status: int
    body: bytes


class Description:
    """An OpenAPI description."""

    def __init__(self, path: Path) -> None:
        self._whole = json.loads(path.read_text(encoding="utf-8"))
        self._paths = [
            (re.compile(re.sub(r"\{[^}]*\}", "[^/]+", template.replace(".", r"\."))), operations)
            for template, operations in self._whole["paths"].items()
        ]

    def violations(self, exchange: Exchange) -> list[str]:
        """Everything in a request and its answer that is not as described."""
        operation = self._operation(exchange)
        if operation is None:
            return [f"{exchange.method} {exchange.path}: no such operation"]
        found = [*self._of_request(operation, exchange), *self._of_answer(operation, exchange)]
        return [f"{exchange.method} {exchange.path}: {fault}" for fault in found]

    def _operation(self, exchange: Exchange) -> Mapping[str, Any] | None:
        for pattern, operations in self._paths:
            if pattern.fullmatch(exchange.path) and exchange.method.lower() in operations:
                found: Mapping[str, Any] = operations[exchange.method.lower()]
                return found
        return None

    # Requests.

    def _of_request(self, operation: Mapping[str, Any], exchange: Exchange) -> Iterator[str]:
        known, required = self._parameters(operation, exchange.method)
        yield from (f"{name} is missing" for name in required - exchange.sent.keys())
        for name, values in exchange.sent.items():
            if name not in known:
                yield f"{name} is no parameter of this"
                continue
            schema = self._resolved(known[name])
            several = schema.get("type") == "array"
            if len(values) > 1 and not several:
                yield f"{name} is sent more than once"
            for value in values:
                yield from self._of_text(name, value, self._resolved(schema["items"]) if several else schema)

    def _parameters(self, operation: Mapping[str, Any], method: str) -> tuple[dict[str, Any], set[str]]:
        if method == "POST":
            form = operation.get("requestBody", {}).get("content", {}).get("application/x-www-form-urlencoded", {})
            schema = self._resolved(form.get("schema", {}))
            return schema.get("properties", {}), set(schema.get("required", ()))
        query = [one for one in operation.get("parameters", ()) if one["in"] == "query"]
        return {one["name"]: one["schema"] for one in query}, {one["name"] for one in query if one.get("required")}

    def _of_text(self, name: str, value: str, schema: Mapping[str, Any]) -> Iterator[str]:
        """A parameter is text; it must read as what the description says."""
        read: object = value
        match schema.get("type"):
            case "integer" if re.fullmatch(r"-?\d+", value):
                read = int(value)
            case "boolean" if value.lower() in {"true", "false"}:
                read = value.lower() == "true"
        yield from self._of_value(name, read, schema)

    # Answers.

    def _of_answer(self, operation: Mapping[str, Any], exchange: Exchange) -> Iterator[str]:
        if exchange.status >= 400:
            yield from _of_error(exchange)
            return
        described = operation["responses"].get(str(exchange.status))
        if described is None:
            yield f"no answer has the status {exchange.status}"
            return
        content = described.get("content")
        if content is None:
            if exchange.body:
                yield "the answer has no body"
            return
        yield from self._of_value("answer", json.loads(exchange.body), content["application/json"]["schema"])

    def _of_value(self, name: str, value: object, schema: Mapping[str, Any]) -> Iterator[str]:
        if value is None and schema.get("nullable"):
            return
        schema = self._resolved(schema)
        if value is None and _may_be_null(schema):
            return
        kind = schema.get("type")
        if kind and (not isinstance(value, KINDS[kind]) or (isinstance(value, bool) and kind != "boolean")):
            yield f"{name} is {type(value).__name__}, not {kind}"
            return
        if isinstance(value, dict):
            yield from self._of_fields(name, value, schema)
        elif isinstance(value, list):
            for one in value:
                yield from self._of_value(f"{name}[]", one, schema["items"])
        else:
            yield from _of_plain(name, value, schema)

    def _of_fields(self, name: str, value: Mapping[str, object], schema: Mapping[str, Any]) -> Iterator[str]:
        properties = schema.get("properties")
        if properties is None:
            return
        yield from (f"{name}.{field} is missing" for field in properties.keys() - value.keys())
        yield from (f"{name}.{field} is no field of this" for field in value.keys() - properties.keys())
        for field in properties.keys() & value.keys():
            yield from self._of_value(f"{name}.{field}", value[field], properties[field])

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in schema:
            found: Any = self._whole
            for step in schema["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            schema = found
        return schema


def _may_be_null(schema: Mapping[str, Any]) -> bool:
    """Whether the description says so, be it in words only, as of why a conference ended."""
    return bool(schema.get("nullable")) or "will be `null`" in schema.get("description", "")


def _of_error(exchange: Exchange) -> Iterator[str]:
    """Errors are not in the description; their form is in Twilio's documentation, "Error and warning dictionary"."""
    error = json.loads(exchange.body)
    if error.keys() != ERROR_FIELDS.keys():
        yield f"an error has the fields {sorted(error)}"
    elif not all(isinstance(error[field], kind) for field, kind in ERROR_FIELDS.items()):
        yield "an error has a field of another type"


def _of_plain(name: str, value: object, schema: Mapping[str, Any]) -> Iterator[str]:
    text = str(value)
    if "enum" in schema and value not in schema["enum"]:
        yield f"{name} is {text}, not one of {schema['enum']}"
    if "pattern" in schema and not re.search(schema["pattern"], text):
        yield f"{name} is {text}, which is not like {schema['pattern']}"
    if isinstance(value, str) and not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        yield f"{name} has {len(value)} characters"
    if isinstance(value, int) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{name} is {value}"
    if not _is_of_format(text, schema.get("format", "")):
        yield f"{name} is {text}, not of the format {schema['format']}"


def _is_of_format(text: str, wanted: str) -> bool:
    match wanted:
        case "date-time-rfc-2822":
            try:
                return parsedate_to_datetime(text).tzinfo is not None
            except ValueError:
                return False
        case "uri":
            return not re.search(r"\s", text) and (not text or bool(urlsplit(text).path or urlsplit(text).netloc))
        case "http-method":
            return text in {"GET", "POST"}
        case "phone-number":
            return bool(re.fullmatch(r"\+[1-9]\d{5,14}", text))
        case _:
            return True

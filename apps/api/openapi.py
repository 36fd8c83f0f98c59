"""The description of the API as OpenAPI 3.1, made from the registry of kinds for each company."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from apps.api.fields import MOST_ROWS
from apps.api.filters import MOST_VALUES, OPERATORS, TRASH, has_trash
from apps.core.objects import Action, Content, Document, Field, ObjectKind, fields_of

_TEXT = {"type": "string"}
_DECIMAL = {"type": "string", "pattern": r"^-?[0-9]{1,14}(\.[0-9]{1,12})?$"}
_TYPES: dict[str, dict[str, Any]] = {
    "number": _DECIMAL, "quantity": _DECIMAL, "money": _DECIMAL,
    "date": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "boolean": {"type": "boolean"},
    "user": {"type": "string", "format": "uuid"},
    "relation": {"type": "string", "format": "uuid"},
    "key": {"type": "string", "format": "uuid"},
    "choices": {"type": "array", "items": {"type": "string"}},
}  # fmt: skip
_EXAMPLES = {"number": "12.5", "quantity": "3", "money": "12.40", "date": "2026-11-28"}
_SAYS = {
    400: "A parameter or the body is not understood.", 401: "No good key.",
    403: "Scopes or role do not allow it.", 404: "There is no such kind or object.",
    405: "Not of this kind.", 409: "The Idempotency-Key came with another request.",
    412: "Changed since it was read.", 413: "The body is too large.", 415: "Not JSON.",
    422: "Refused, with sentences by field.", 429: "Too many requests; see Retry-After.",
}  # fmt: skip


def document(
    kinds: Sequence[ObjectKind], settings: Sequence[Document] = (), *, base: str,
    hidden: Callable[[ObjectKind], Collection[str]],
) -> dict[str, Any]:  # fmt: skip
    """Return the description of these kinds and settings, and of the doors beside them."""
    paths: dict[str, Any] = {path: described() for path, described in _doors.items()}
    schemas: dict[str, Any] = {"Problem": _problem()}
    for kind in kinds:
        shown = [each for each in fields_of(kind) if each.key not in hidden(kind)]
        schemas[kind.key] = _read_schema(kind, shown)
        # ``fields=`` leaves fields out of lists.
        schemas[f"{kind.key}_listed"] = {
            "type": "object", "required": ["id"],
            "properties": schemas[kind.key]["properties"],
        }  # fmt: skip
        paths[f"/{kind.key}"] = {**paths.get(f"/{kind.key}", {}), **_collection(kind, shown)}
        paths[f"/{kind.key}/{{id}}"] = _item(kind)
        if kind.makes_rows:
            schemas[f"{kind.key}_new"] = _write_schema(shown, is_new=True)
        if kind.changes_rows:
            schemas[f"{kind.key}_change"] = _write_schema(shown, is_new=False)
        if has_trash(kind):
            paths[f"/{kind.key}/{{id}}/restore"] = {"post": _restore(kind)}
        for content in kind.contents:
            paths[f"/{kind.key}/{{id}}/{content.key}"] = {"get": _content(kind, content)}
        for action in kind.actions:
            paths[f"/{kind.key}/{{id}}/{action.key}"] = {"post": _action(kind, action)}
        for name, part in _parts.items():
            told = part(kind)
            if told is not None:
                paths[f"/{kind.key}/{{id}}/{name}"] = told
    for each in settings:
        schemas[each.key] = {
            "type": "object", "title": f"{each.label}",
            "required": [field.key for field in each.fields],
            "properties": {field.key: _schema(field, is_read=True) for field in each.fields},
        }  # fmt: skip
        if each.save is not None:
            schemas[f"{each.key}_change"] = _write_schema(each.fields, is_new=False)
        paths[f"/{each.key}"] = _settings(each)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Köprü", "version": "1",
            "description": "Everything a screen can do. See docs/protocol/api.md.",
        },
        "servers": [{"url": base}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }  # fmt: skip


_doors: dict[str, Callable[[], dict[str, Any]]] = {}


def add_door(path: str, described: Callable[[], dict[str, Any]]) -> None:
    """Describe an address that is none of a kind's; ``described`` speaks the reader's language."""
    _doors[path] = described


def door(
    *, name: str, summary: str, tag: str, body: dict[str, Any], answer: dict[str, Any],
    is_once: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Return the description of an address that takes one kind of message by POST."""
    return {
        "post": {
            "operationId": name,
            "summary": summary,
            "tags": [tag],
            **({"parameters": [_once()]} if is_once else {}),
            "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
            "responses": {
                "200": _answer("Taken.", answer),
                **_problems(400, 401, 403, *((409,) if is_once else ()), 413, 415, 422, 429),
            },
        }
    }


def upload(
    *, name: str, summary: str, kind: ObjectKind, body: dict[str, Any], is_once: bool = False
) -> dict[str, Any]:
    """Return the description of an address that keeps a file as a row of a kind, by POST."""
    return {
        "post": {
            "operationId": name,
            "summary": summary,
            "tags": [kind.key],
            **({"parameters": [_once()]} if is_once else {}),
            "requestBody": {
                "required": True, "content": {"multipart/form-data": {"schema": body}},
            },
            "responses": {
                "201": _answer("Kept.", _ref(kind.key), headers={"Location": "Where it is."}),
                **_problems(400, 401, 403, *((409,) if is_once else ()), 413, 415, 422, 429),
            },
        }
    }  # fmt: skip


_parts: dict[str, Callable[[ObjectKind], dict[str, Any] | None]] = {}


def add_part(name: str, described: Callable[[ObjectKind], dict[str, Any] | None]) -> None:
    """Describe an address below each row of the kinds that have it: their history."""
    _parts[name] = described


def part_door(
    *, name: str, summary: str, tag: str, answer: dict[str, Any]
) -> dict[str, Any]:
    """Return the description of an address below a row that is read page by page."""
    return {
        "parameters": [_id()],
        "get": {
            "operationId": name,
            "summary": summary,
            "tags": [tag],
            "parameters": [_query("cursor", {**_TEXT, "format": "cursor"})],
            "responses": {
                "200": _answer("A page.", answer), **_problems(400, 401, 403, 404, 429)
            },
        },
    }


def report_door(
    *, name: str, summary: str, tag: str, names: Sequence[str], asked: Sequence[str],
    answer: dict[str, Any],
) -> dict[str, Any]:  # fmt: skip
    """Return the description of the address of reports, by the name of each."""
    which = {"name": "name", "in": "path", "required": True, "schema": {"enum": list(names)}}
    return {
        "parameters": [which],
        "get": {
            "operationId": name,
            "summary": summary,
            "tags": [tag],
            "parameters": [_query(each, _TEXT) for each in asked],
            "responses": {
                "200": _answer("A table.", answer), **_problems(400, 401, 403, 404, 422, 429)
            },
        },
    }


def file_door(*, name: str, summary: str, tag: str) -> dict[str, Any]:
    """Return the description of an address that sends a file."""
    content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    return {
        "parameters": [_id()],
        "get": {
            "operationId": name,
            "summary": summary,
            "tags": [tag],
            "responses": {
                "200": {"description": "The file.", "content": content},
                **_problems(400, 401, 403, 404, 429),
            },
        },
    }


def _collection(kind: ObjectKind, shown: Sequence[Field]) -> dict[str, Any]:
    page = {
        "type": "object",
        "required": ["data", "next"],
        "properties": {
            "data": {"type": "array", "items": _ref(f"{kind.key}_listed")},
            "next": {"type": ["string", "null"]},
            "count": {"type": "integer"},
            "is_count_capped": {"type": "boolean"},
        },
    }
    made: dict[str, Any] = {
        "get": {
            "operationId": f"list_{kind.key}",
            "summary": f"{kind.label_plural}",
            "tags": [kind.key],
            "parameters": _parameters(kind, shown),
            "responses": {
                "200": _answer("A page.", page, headers={"Link": "The next page."}),
                **_problems(400, 401, 403, 404, 429),
            },
        }
    }
    if kind.makes_rows:
        made["post"] = {
            "operationId": f"create_{kind.key}",
            "summary": f"+ {kind.label}",
            "tags": [kind.key],
            "parameters": [_once()],
            "requestBody": _body(f"{kind.key}_new"),
            "responses": {
                "201": {
                    **_answer(
                        "Made.", _ref(kind.key),
                        headers={"Location": "Where it is.", "ETag": "Its version."},
                    ),
                    "links": _links(kind),
                },
                **_problems(400, 401, 403, 404, 409, 413, 415, 422, 429),
            },
        }
    return made


def _item(kind: ObjectKind) -> dict[str, Any]:
    made: dict[str, Any] = {
        "parameters": [_id()],
        "get": {
            "operationId": f"read_{kind.key}",
            "summary": f"{kind.label}",
            "tags": [kind.key],
            "parameters": [_header("If-None-Match")],
            "responses": {
                "200": _answer("The object.", _ref(kind.key), headers={"ETag": "Its version."}),
                "304": {"description": "As you have it."},
                **_problems(400, 401, 403, 404, 429),
            },
        },
    }
    if kind.changes_rows:
        made["patch"] = {
            "operationId": f"change_{kind.key}",
            "summary": f"{kind.label}",
            "tags": [kind.key],
            "parameters": [_header("If-Match")],
            "requestBody": _body(f"{kind.key}_change"),
            "responses": {
                "200": _answer("As it is now.", _ref(kind.key), headers={"ETag": "Its version."}),
                **_problems(400, 401, 403, 404, 412, 413, 415, 422, 429),
            },
        }
    if kind.archive is not None or kind.remove is not None:
        made["delete"] = {
            "operationId": f"archive_{kind.key}",
            "summary": f"{kind.label}",
            "tags": [kind.key],
            "parameters": [_header("If-Match")],
            "responses": {
                "204": {"description": "Removed." if kind.remove else "In the trash."},
                **_problems(400, 401, 403, 404, 412, 422, 429),
            },
        }
    return made


def _settings(document: Document) -> dict[str, Any]:
    made: dict[str, Any] = {
        "get": {
            "operationId": f"read_{document.key}",
            "summary": f"{document.label}",
            "tags": [document.key],
            "responses": {
                "200": _answer("As it stands.", _ref(document.key)), **_problems(400, 401, 403, 429)
            },
        }
    }
    if document.save is not None:
        made["patch"] = {
            "operationId": f"change_{document.key}",
            "summary": f"{document.label}",
            "tags": [document.key],
            "requestBody": _body(f"{document.key}_change"),
            "responses": {
                "200": _answer("As it is now.", _ref(document.key)),
                **_problems(400, 401, 403, 413, 415, 422, 429),
            },
        }
    return made


def _action(kind: ObjectKind, action: Action) -> dict[str, Any]:
    given = {
        "type": "object", "additionalProperties": False,
        "properties": {each.key: _schema(each) for each in action.fields},
    }  # fmt: skip
    return {
        "operationId": _operation(kind, action),
        "summary": f"{action.label}",
        "tags": [kind.key],
        "parameters": [_id(), _once()],
        "requestBody": {"required": False, "content": {"application/json": {"schema": given}}},
        "responses": {
            "200": _answer("As it is now.", _ref(kind.key)),
            **_problems(400, 401, 403, 404, 409, 413, 415, 422, 429),
        },
    }


def _content(kind: ObjectKind, content: Content) -> dict[str, Any]:
    asked = [_query("language", {"enum": list(content.languages)})] if content.languages else []
    file = {"type": "string", "format": "binary"}
    return {
        "operationId": f"{content.key.replace('-', '_')}_{kind.key}",
        "summary": f"{content.label}",
        "tags": [kind.key],
        "parameters": [_id(), *asked],
        "responses": {
            "200": {"description": "The file.", "content": {content.media_type: {"schema": file}}},
            **_problems(400, 401, 403, 404, 429),
        },
    }


def _restore(kind: ObjectKind) -> dict[str, Any]:
    nothing = {"type": "object", "additionalProperties": False, "properties": {}}
    return {
        "operationId": f"restore_{kind.key}",
        "summary": f"{kind.label}",
        "tags": [kind.key],
        "parameters": [_id(), _once()],
        "requestBody": {"required": False, "content": {"application/json": {"schema": nothing}}},
        "responses": {
            "200": _answer("Out of the trash.", _ref(kind.key)),
            **_problems(400, 401, 403, 404, 409, 413, 415, 422, 429),
        },
    }


def purge_door(kind: ObjectKind, name: str, *, summary: str) -> dict[str, Any]:
    """Return the description of the address that deletes a row of the trash for good."""
    gone = {
        "type": "object", "required": ["id"],
        "properties": {"id": {"type": "string", "format": "uuid"}},
    }  # fmt: skip
    restored = _restore(kind)
    return {
        **restored, "operationId": f"{name}_{kind.key}", "summary": summary,
        "responses": {**restored["responses"], "200": _answer("It is gone.", gone)},
    }  # fmt: skip


def _parameters(kind: ObjectKind, shown: Sequence[Field]) -> list[dict[str, Any]]:
    text = {"type": "string"}
    names = {"type": "array", "items": {"enum": [each.key for each in shown]}}
    sortable = ["id", *(each.key for each in shown if each.is_sortable)]
    made = [
        _query("limit", {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}),
        _query("cursor", {**text, "format": "cursor"}, "The “next” of the page before."),
        _query("sort", {"enum": [*sortable, *(f"-{each}" for each in sortable)]}),
        _several("fields", names, "Names of fields, parted by commas."),
        _query("count", {"enum": ["yes", "no"]}),
    ]
    if has_trash(kind):
        made.append(
            _query("trash", {"enum": list(TRASH)}, "Whether what is in the trash is listed.")
        )
    if kind.search:
        made.append(_query("q", text, "Words that stand in it."))
    for field in shown:
        if field.is_filterable:
            made += [_filter(field, operator) for operator in OPERATORS.get(field.type, ())]
    return made


def _filter(field: Field, operator: str) -> dict[str, Any]:
    name = f"{field.key}__{operator}" if operator else field.key
    if operator == "empty":
        return _query(name, {"enum": ["true", "false"]})
    if operator == "in" and _asked_for(field) == _TEXT:
        return _query(name, _TEXT, "Values, parted by commas.")
    if operator == "in":
        # An empty list is written as nothing behind the sign of equality, and nothing is ``null``.
        several = {
            "type": ["array", "null"], "items": _asked_for(field), "maxItems": MOST_VALUES,
        }  # fmt: skip
        return _several(name, several)
    if operator in {"contains", "startswith", "has"}:
        return _query(name, _TEXT)
    return _query(name, _asked_for(field))


def _asked_for(field: Field) -> dict[str, Any]:
    """Return what one value of a filter is; a choice that nobody offers any more may be asked."""
    if field.type == "choice":
        return _TEXT
    if field.type == "boolean":
        return {"enum": ["true", "false"]}
    if field.type == "moment":  # a day stands for its beginning
        return {"type": "string", "anyOf": [{"format": "date-time"}, {"format": "date"}]}
    return dict(_TYPES.get(field.type, _TEXT))


def _read_schema(kind: ObjectKind, shown: Sequence[Field]) -> dict[str, Any]:
    says = "It is in the trash, or was merged into another one."
    trash = {"is_archived": {"type": "boolean", "description": says}} if has_trash(kind) else {}
    return {
        "type": "object",
        "title": f"{kind.label}",
        "required": ["id", *(each.key for each in shown), *trash],
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            **{each.key: _schema(each, is_read=True) for each in shown},
            **trash,
        },
    }


def _write_schema(shown: Sequence[Field], *, is_new: bool) -> dict[str, Any]:
    written = [each for each in shown if each.is_writable or (is_new and each.is_of_new)]
    required = [each.key for each in written if each.is_required] if is_new else []
    return {
        "type": "object",
        "additionalProperties": False,
        **({"required": required} if required else {}),
        "properties": {each.key: _schema(each) for each in written},
    }


def _schema(field: Field, *, is_read: bool = False) -> dict[str, Any]:
    if field.type == "rows":
        parts = [part for part in field.parts if is_read or part.is_writable]
        rows: dict[str, Any] = {
            "type": "object",
            "properties": {part.key: _schema(part, is_read=is_read) for part in parts},
        }
        if is_read:
            return {"type": "array", "items": rows, "title": f"{field.label}"}
        rows["additionalProperties"] = False
        required = [part.key for part in parts if part.is_required]
        rows |= {"required": required} if required else {}
        return {
            "type": "array", "items": rows, "maxItems": MOST_ROWS, "title": f"{field.label}",
        }  # fmt: skip
    made = dict(_TYPES.get(field.type, {"type": "string"}))
    if field.type == "choice" and not is_read:
        made["enum"] = [value for value, _label in field.offered()] + (
            [] if field.is_required else [None, ""]
        )
    if field.type == "choices" and not is_read:
        made["items"] = {"enum": [value for value, _label in field.offered()]}
    if field.type in _EXAMPLES:
        made["examples"] = [_EXAMPLES[field.type]]
    if (is_read or not field.is_required) and "type" in made:
        made["type"] = [made["type"], "null"]
    made["title"] = f"{field.label}"
    if field.help:
        made["description"] = f"{field.help}"
    return made


def _problem() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string"}, "title": {"type": "string"},
            "status": {"type": "integer"}, "detail": {"type": "string"},
            "errors": {
                "type": "object",
                "additionalProperties": {"type": "array", "items": {"type": "string"}},
            },
        },
    }  # fmt: skip


def _problems(*statuses: int) -> dict[str, Any]:
    return {
        str(status): {
            "description": _SAYS[status],
            "content": {"application/problem+json": {"schema": _ref("Problem")}},
        }
        for status in statuses
    }


def _answer(
    says: str, schema: dict[str, Any], *, headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": says, "content": {"application/json": {"schema": schema}},
    }  # fmt: skip
    if headers:
        answer["headers"] = {
            name: {"description": text, "schema": {"type": "string"}}
            for name, text in headers.items()
        }
    return answer


def _links(kind: ObjectKind) -> dict[str, Any]:
    """Return where one can go from a row that was made: to itself, by its key."""
    may_remove = kind.archive is not None or kind.remove is not None
    ways = {"read": True, "change": kind.changes_rows, "archive": may_remove}
    steps = {f"{way}_{kind.key}": True for way, is_there in ways.items() if is_there}
    steps |= {f"restore_{kind.key}": True} if has_trash(kind) else {}
    steps |= {_operation(kind, each): True for each in kind.actions}
    return {
        name: {"operationId": name, "parameters": {"id": "$response.body#/id"}} for name in steps
    }


def _operation(kind: ObjectKind, action: Action) -> str:
    return f"{action.key.replace('-', '_')}_{kind.key}"


def _body(name: str) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": _ref(name)}}}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _id() -> dict[str, Any]:
    return {
        "name": "id", "in": "path", "required": True,
        "schema": {"type": "string", "format": "uuid"},
    }  # fmt: skip


def _query(name: str, schema: dict[str, Any], says: str = "") -> dict[str, Any]:
    made: dict[str, Any] = {"name": name, "in": "query", "required": False, "schema": schema}
    return {**made, "description": says} if says else made


def _several(name: str, schema: dict[str, Any], says: str = "") -> dict[str, Any]:
    """Return a parameter that holds several values, parted by commas."""
    return {**_query(name, schema, says), "style": "form", "explode": False}


def _once() -> dict[str, Any]:
    made = _header("Idempotency-Key")
    made["schema"] = {"type": "string", "maxLength": 200, "pattern": "^[ -~]*$"}
    return made


def _header(name: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "schema": {"type": "string"}}

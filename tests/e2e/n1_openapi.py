"""Holds every answer of the gateway against docs/n1/openapi.yaml, and every request that it took.

An operation that is not described, a status, a type of content or a document that differs from what the page says is a
failure of the test that asked, whatever it was about. What the gateway refuses may be as wrong as it likes; the refusal
itself has to be a problem document as described.
"""
import functools
import json
import pathlib
import re

import jsonschema
import yaml

PAGE = pathlib.Path(__file__).parents[2] / "docs/n1/openapi.yaml"
METHODS = ("get", "put", "post", "delete")


@functools.cache
def page():
    return yaml.safe_load(PAGE.read_text())


def follow(node):
    """The node that a reference leads to."""
    while "$ref" in node:
        at = page()
        for name in node["$ref"].removeprefix("#/").split("/"):
            at = at[name]
        node = at
    return node


@functools.cache
def operations():
    """(method, pattern of the path, names in it, operation), the paths without names first."""
    found = []
    for path, item in page()["paths"].items():
        names = re.findall(r"\{(\w+)\}", path)
        pattern = re.compile(re.sub(r"\\\{\w+\\\}", "([^/]+)", re.escape(path)) + r"\Z")
        found += [(method, pattern, names, item[method]) for method in METHODS if method in item]
    return sorted(found, key=lambda o: len(o[2]))


def operation(method, target):
    path = target.split("?")[0]
    for name, pattern, names, described in operations():
        match = pattern.match(path)
        if match and name == method.lower():
            return described, dict(zip(names, match.groups()))
    return None, {}


def check(schema, value, where):
    rules = {**schema, "components": page()["components"]}
    faults = [f"{'/'.join(map(str, e.absolute_path))}: {e.message}" for e in
              jsonschema.Draft202012Validator(rules).iter_errors(value)]
    assert not faults, f"{where} is not what openapi.yaml says: {'; '.join(faults)[:600]}"


def check_content(content, kind, raw, where):
    """The body against the schema of its type; bytes of a package have none."""
    kind = (kind or "").split(";")[0]
    assert kind in content, f"{where} has the type {kind!r}, openapi.yaml says {', '.join(content)}"
    if kind.endswith("json"):
        check(content[kind]["schema"], json.loads(raw), where)


def check_parameters(described, values, where):
    for parameter in map(follow, described.get("parameters", [])):
        text = values.get(parameter["name"]) if parameter["in"] == "path" else None
        if text is not None:
            number = follow(parameter["schema"]).get("type") == "integer"
            check(parameter["schema"], int(text) if number else text, f"{where}, {parameter['name']}")


def check_taken(described, values, kind, raw, where):
    check_parameters(described, values, where)
    if "requestBody" in described:
        check_content(described["requestBody"]["content"], kind, raw, f"the request {where}")


def check_exchange(method, target, kind, body, answer):
    """One request and its answer, as they went over the line."""
    where = f"{method} {target[:120]}"
    described, values = operation(method, target)
    if answer.status >= 400:
        responses = described["responses"] if described else {}
        problem = follow(responses.get(str(answer.status), {"$ref": "#/components/responses/Problem"}))
        check_content(problem["content"], answer.headers.get("Content-Type"), answer.raw, f"{answer.status} of {where}")
        return
    assert described, f"{where} was answered with {answer.status}, and openapi.yaml does not have it"
    response = described["responses"].get(str(answer.status))
    assert response, f"{where} was answered with {answer.status}, which openapi.yaml does not have"
    response = follow(response)
    if "content" in response:
        check_content(response["content"], answer.headers.get("Content-Type"), answer.raw, f"{answer.status} of {where}")
    else:
        assert not answer.raw, f"{answer.status} of {where} has a body"
    check_taken(described, values, kind, body, where)

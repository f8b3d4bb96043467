"""What schemathesis has to know of the API beyond its document: how a run's ZIP is made and how a stream is read."""

import json
import os
from pathlib import Path

import jsonschema_rs
import schemathesis
from hypothesis import strategies
from schemathesis.checks import CheckContext
from schemathesis.core.failures import Failure

STREAM = "application/x-ndjson"
ZIP = "application/zip"

# The files of a real run, which `check_api.py` made: bytes that are no run are refused.
schemathesis.openapi.media_type(ZIP, strategies.just(Path(os.environ["RUN_ZIP"]).read_bytes()))


def lines_of(response):
    return [json.loads(line) for line in response.content.splitlines()]


@schemathesis.deserializer(STREAM)
def last_line(ctx, response):
    """The schema of a stream is that of each line; the last one is checked as any other answer."""
    return lines_of(response)[-1]


@schemathesis.check
def each_line_of_a_stream_has_its_schema(ctx: CheckContext, response, case):
    """Every line is an event of the document, and the last one alone is no progress."""
    if response.headers.get("content-type") != [STREAM]:
        return
    document = case.operation.schema.raw_schema
    answers = document["paths"][case.operation.path][case.operation.method.lower()]["responses"]
    schema = {**answers["200"]["content"][STREAM]["schema"], "components": document["components"]}
    validator = jsonschema_rs.Draft202012Validator(schema)
    lines = lines_of(response)
    for line in lines:
        if problem := next(validator.iter_errors(line), None):
            raise Failure(operation=case.operation.label, title="A line without its schema", message=str(problem))
    ends = [index for index, line in enumerate(lines) if line["event"] != "progress"]
    if ends != [len(lines) - 1]:
        raise Failure(operation=case.operation.label, title="A stream without its end", message=str(lines))

"""What schemathesis needs beyond the API's document: the ZIP of a run, and the reading of streams."""

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

# The files of a real run that `check_api.py` made, because other bytes are refused.
schemathesis.openapi.media_type(ZIP, strategies.just(Path(os.environ["RUN_ZIP"]).read_bytes()))


def lines_of(response):
    return [json.loads(line) for line in response.content.splitlines()]


@schemathesis.deserializer(STREAM)
def last_line(ctx, response):
    """The last line of a stream, which is checked like any answer: the schema of a stream is that of each line."""
    return lines_of(response)[-1]


@schemathesis.check
def each_line_of_a_stream_has_its_schema(ctx: CheckContext, response, case):
    """Every line is an event of the document, and only the last one is not a progress event."""
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

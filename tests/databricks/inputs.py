"""Inputs of a run in both shapes: as the CSV files of the native program and as DataFrames."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from pathlib import Path

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

NOW = "2026-01-29T18:00:00Z"
SEED = 42

Assignment = tuple[int, int, datetime | None, datetime | None, datetime | None, datetime | None, str | None]
Completion = tuple[int, int, date]

ASSIGNMENTS = (
    "ba_id bigint, content_id bigint, assignment_date timestamp, update_date timestamp, "
    "assignment_begin_date timestamp, assignment_due_date timestamp, content_type string"
)
EMPLOYEES = "employee_id bigint, employee_edu_type string"
COMPLETIONS = "ba_id bigint, content_id bigint, completion_date date"


RECOMMENDATIONS = "ba_id bigint, recommended_content_id string, recommended_content string, order int"


@dataclass
class Inputs:
    """The employees in their order, and their state."""

    employees: list[tuple[int, str]]
    assignments: list[Assignment] | None = None
    completions: list[Completion] | None = None
    recommendations: list[tuple[int, str, str | None]] | None = None
    """Employee, content and its name; for each employee, in the order of the API's answer."""
    is_in_id_order: bool = field(init=False)

    def __post_init__(self) -> None:
        ids = [one[0] for one in self.employees]
        self.is_in_id_order = ids == sorted(ids)

    @staticmethod
    def read(folder: Path) -> Inputs:
        """Read what ``btcfake sample`` wrote."""
        with (folder / "employees.csv").open() as file:
            rows = [row for row in csv.reader(line for line in file if not line.startswith("#")) if row]
        employees = [(int(row[0]), row[1]) for row in rows[1:]]
        with (folder / "content_assignments.csv").open() as file:
            assignments = [_assignment(row) for row in csv.DictReader(file)]
        with (folder / "content_completion.csv").open() as file:
            completions = [
                (int(row["ba_id"]), int(row["content_id"]), date.fromisoformat(row["completion_date"]))
                for row in csv.DictReader(file)
            ]
        return Inputs(employees, assignments, completions)

    def write(self, folder: Path) -> list[str]:
        """Write the files with rows in the order in which Databricks returns them to the native program; return the options."""
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / "employees.csv", ["employee_id", "employee_edu_type"], self.employees)
        options = ["--employees", str(folder / "employees.csv")]
        for name, option, schema, rows in (
            ("content_assignments.csv", "--assignments", ASSIGNMENTS, self.assignments),
            ("content_completion.csv", "--completions", COMPLETIONS, self.completions),
        ):
            if rows is not None:
                ordered = sorted(rows, key=lambda row: [(value is not None, value or "") for value in row])
                _write(folder / name, [one.split()[0] for one in schema.split(", ")], ordered)
                options += [option, str(folder / name)]
        if self.recommendations is not None:
            answers: dict[int, list[dict[str, object]]] = {}
            for employee, content, name in self.recommendations:
                item = {"recommended_content_id": content, "recommended_content": name}
                answers.setdefault(employee, []).append(item)
            path = folder / "recommendations.jsonl"
            bodies = {one: {"response": {"ml_recommendations": items}} for one, items in answers.items()}
            lines = [json.dumps({"ba_id": one, "body": body}) for one, body in bodies.items()]
            path.write_text("".join(f"{line}\n" for line in lines))
            options += ["--recommendations", str(path)]
        return options

    def frames(self, spark: SparkSession) -> dict[str, DataFrame]:
        """The tables, in another order than the files. Employees have positions only if they are not in the order of ids."""
        employees = [(7 + 3 * at, *one) for at, one in enumerate(self.employees)]
        if self.is_in_id_order:
            frames = {"employees": frame(spark, [row[1:] for row in employees][::-1], EMPLOYEES)}
        else:
            frames = {"employees": frame(spark, employees[::-1], f"position bigint, {EMPLOYEES}")}
        if self.assignments is not None:
            frames["assignments"] = frame(spark, self.assignments[::-1], ASSIGNMENTS)
        if self.completions is not None:
            frames["completions"] = frame(spark, self.completions[::-1], COMPLETIONS)
        if self.recommendations is not None:
            placed = [(*one, at) for at, one in enumerate(self.recommendations)]
            frames["recommendations"] = frame(spark, placed[::-1], RECOMMENDATIONS)
        return frames


_TYPES = {
    "int": pa.int32(),
    "bigint": pa.int64(),
    "string": pa.string(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", "UTC"),
}


def frame(spark: SparkSession, rows: Sequence[tuple[object, ...]], schema: str) -> DataFrame:
    """Rows as a DataFrame, by Arrow. Of Python's own rows, a classic session would make Python tasks at each reading."""
    columns = [one.split() for one in schema.split(", ")]
    arrays = [pa.array([row[at] for row in rows], _TYPES[kind]) for at, (_, kind) in enumerate(columns)]
    return spark.createDataFrame(pa.table(dict(zip([name for name, _ in columns], arrays, strict=True))))


def _assignment(row: dict[str, str]) -> Assignment:
    times = ("assignment_date", "update_date", "assignment_begin_date", "assignment_due_date")
    return (
        int(row["ba_id"]),
        int(row["content_id"]),
        *(_time(row[name]) for name in times),
        row["content_type"] or None,
    )


def _time(text: str) -> datetime | None:
    if text in ("", "NULL", "\\N"):
        return None
    instant = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return instant if instant.tzinfo else instant.replace(tzinfo=timezone.utc)


def _write(path: Path, header: list[str], rows: list[tuple[object, ...]]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([["" if value is None else _text(value) for value in row] for row in rows])


def _text(value: object) -> object:
    return value.astimezone(timezone.utc).isoformat() if isinstance(value, datetime) else value

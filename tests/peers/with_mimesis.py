"""Mimesis. Its manual: `Fieldset` makes the values of a column in one call."""

import csv
import sys
from datetime import datetime, timedelta

from mimesis import Fieldset, Locale
from mimesis.random import Random

rows, output = int(sys.argv[1]), sys.argv[2]
fieldset = Fieldset(Locale.EN, seed=42)
random = Random()
random.seed(42)
noon = datetime(2026, 1, 29, 12)
starts = fieldset("numeric.integer_number", start=0, end=5 * 3_600, i=rows)
lengths = fieldset("numeric.integer_number", start=60, end=3_600, i=rows)
contents = (content for _ in range(rows // 4) for content in random.sample(range(10_000, 11_000), 4))


def text(seconds: int) -> str:
    return (noon + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


with open(output, "w", newline="") as file:
    writer = csv.writer(file)
    writer.writerow(["UserId", "ContentId", "DateStarted", "DateCompleted"])
    for row, (content, start, length) in enumerate(zip(contents, starts, lengths)):
        writer.writerow([300_000 + row // 4, content, text(start), text(start + length)])

"""The method of the notebook that BTC Fake replaces: a loop over the rows of a pandas table, with a dictionary for each row."""

import random
import sys
from datetime import datetime, timedelta

import pandas

rows, output = int(sys.argv[1]), sys.argv[2]
random.seed(42)
noon = datetime(2026, 1, 29, 12)
employees = pandas.DataFrame({"employee_id": range(300_000, 300_000 + rows // 4)})
contents = pandas.DataFrame({"content_id": range(10_000, 11_000)})
completions = []
for _, employee in employees.iterrows():
    for content in random.sample(list(contents["content_id"]), 4):
        start = noon + timedelta(seconds=random.randint(0, 18_000))
        end = start + timedelta(seconds=random.randint(60, 3_600))
        completions.append(
            {
                "UserId": employee["employee_id"],
                "ContentId": content,
                "DateStarted": start.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "DateCompleted": end.strftime("%Y-%m-%dT%H:%M:%SZ"),
            }
        )
pandas.DataFrame(completions).to_csv(output, index=False)

"""Faker. Its manual: one instance for all values, `use_weighting=False` where real frequencies do not matter."""

import csv
import sys
from datetime import datetime, timedelta, timezone

from faker import Faker

rows, output = int(sys.argv[1]), sys.argv[2]
fake = Faker(use_weighting=False)
fake.seed_instance(42)
noon = datetime(2026, 1, 29, 12, tzinfo=timezone.utc)
evening = noon + timedelta(hours=6)
with open(output, "w", newline="") as file:
    writer = csv.writer(file)
    writer.writerow(["UserId", "ContentId", "DateStarted", "DateCompleted"])
    for user in range(300_000, 300_000 + rows // 4):
        for content in fake.random_elements(range(10_000, 11_000), length=4, unique=True):
            start = fake.date_time_between(noon, evening - timedelta(hours=1), tzinfo=timezone.utc)
            end = start + timedelta(seconds=fake.random_int(60, 3_600))
            writer.writerow([user, content, f"{start:%Y-%m-%dT%H:%M:%SZ}", f"{end:%Y-%m-%dT%H:%M:%SZ}"])

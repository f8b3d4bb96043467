"""DuckDB. Its manual: one COPY of a query over range(), on all threads; the order of rows is kept only where that is needed."""

import sys

import duckdb

rows, output = int(sys.argv[1]), sys.argv[2]
duckdb.execute("SET preserve_insertion_order = false")
duckdb.execute(
    f"""
    COPY (
        WITH drawn AS (
            SELECT i // 4 AS employee, i % 4 AS nth, cast(random() * 18000 AS INTEGER) AS start,
                cast(60 + random() * 3540 AS INTEGER) AS length
            FROM range({rows}) t(i)
        )
        SELECT 300000 + employee AS "UserId", 10000 + (hash(employee) % 1000 + nth * 251) % 1000 AS "ContentId",
            strftime(TIMESTAMP '2026-01-29 12:00:00' + to_seconds(start), '%Y-%m-%dT%H:%M:%SZ') AS "DateStarted",
            strftime(TIMESTAMP '2026-01-29 12:00:00' + to_seconds(start + length), '%Y-%m-%dT%H:%M:%SZ') AS "DateCompleted"
        FROM drawn
    ) TO '{output}' (FORMAT csv, HEADER)
    """
)

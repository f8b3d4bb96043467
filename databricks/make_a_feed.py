# Databricks notebook source
# MAGIC %md
# MAGIC # Make a feed
# MAGIC
# MAGIC Fill in the fields above and run all cells. The vendor's files and the run file are written into the volume. The same seed,
# MAGIC date and inputs give the same bytes, here and on a laptop.
# MAGIC
# MAGIC The wheel `btcfake` must be installed: by `%pip install /Volumes/.../btcfake-....whl` in a cell above this one, or as a library
# MAGIC of the cluster.

# COMMAND ----------

dbutils.widgets.text("catalog", "retail_systems_dev", "Catalog")
dbutils.widgets.text("schema", "store_enablement", "Schema")
dbutils.widgets.text("volume", "btcfake_feeds", "Volume")
dbutils.widgets.text("employees", "2000", "Employees: table, file, or a number of new ones")
dbutils.widgets.dropdown("state", "tables", ["tables", "none"], "State")
dbutils.widgets.text("mix", "", "Mix, such as a=60,b=30,f=10")
dbutils.widgets.text("seed", "42", "Seed")
dbutils.widgets.text("now", "", "Date and time, such as 2026-01-29T18:00:00Z")
dbutils.widgets.text("secret_scope", "", "To publish: the scope of the outbound server's secrets")

# COMMAND ----------

import os
import shutil
import subprocess
import sys
from html import escape

import btcfake

value = dbutils.widgets.get
place = f"{value('catalog')}.{value('schema')}"
with_state = value("state") == "tables"
employees = value("employees")

# COMMAND ----------

feed = btcfake.make_feed(
    spark,
    employees=int(employees) if employees.isdecimal() else employees,
    assignments=f"{place}.content_assignments" if with_state else None,
    completions=f"{place}.content_completion" if with_state else None,
    volume=f"/Volumes/{value('catalog')}/{value('schema')}/{value('volume')}",
    mix=value("mix") or None,
    seed=int(value("seed")) if value("seed") else None,
    now=value("now") or None,
)
print(feed.text)

# COMMAND ----------

display(feed.dataframe(spark))

# COMMAND ----------

# MAGIC %md
# MAGIC ## The tally

# COMMAND ----------


def chart(title, counts):
    """Bars as HTML, which every compute shows without a click."""
    most = max(1, *counts.values())
    bar = "<tr><td>{}</td><td><div style='width:{}px;background:#3b6ea8'>&nbsp;</div></td><td align='right'>{:,}</td></tr>"
    rows = [bar.format(escape(name), 400 * count // most, count) for name, count in counts.items()]
    return f"<h4>{escape(title)}</h4><table>{''.join(rows)}</table>"


tally = feed.summary
displayHTML(
    chart("Employees by type", tally["employees"])
    + chart(
        "Completions by type and source",
        {f"{kind}, {source}": tally[f"completions_{source}"][kind] for kind in "ab" for source in ("manager", "ai")},
    )
    + chart(
        "Assignments",
        {
            "open before": tally["open_assignments"],
            "new, Daily Dose": tally["new_daily_doses"],
            "new, random content": tally["new_random_contents"],
            "left open": tally["open_left"] + tally["new_left"],
        },
    )
)

# COMMAND ----------

# MAGIC %md
# MAGIC ## The files
# MAGIC
# MAGIC The links open the volume in Catalog Explorer, where "Download" takes a file from.

# COMMAND ----------

page = f"/explore/data/volumes/{value('catalog')}/{value('schema')}/{value('volume').partition('/')[0]}"
displayHTML("".join(f'<p><a href="{page}">{feed.folder}/{name}</a></p>' for name in feed.files))

# COMMAND ----------

# MAGIC %md
# MAGIC ## Publishing
# MAGIC
# MAGIC If a secret scope is named above, the feed is sent to the outbound server, by the program `btcfake` of the wheel `btcfake_cli`.
# MAGIC The keys of the scope are the names in an `.env`: `SFTP_OUTBOUND_HOST`, `SFTP_OUTBOUND_PASSWORD` and so on. A destination that
# MAGIC looks like production is refused.

# COMMAND ----------

scope = value("secret_scope")
if scope:
    secrets = {key: dbutils.secrets.get(scope, key) for key in (one.key for one in dbutils.secrets.list(scope))}
    program = shutil.which("btcfake", path=f"{sys.prefix}/bin:{os.environ['PATH']}") or "btcfake"
    command = [program, "publish", str(feed.folder), "--run", str(feed.folder / feed.files[-1])]
    published = subprocess.run(command, check=False, env={**os.environ, **secrets}, capture_output=True, text=True)
    print(published.stdout, published.stderr)
    published.check_returncode()

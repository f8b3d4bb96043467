# Databricks notebook source
# MAGIC %md
# MAGIC # Make a feed
# MAGIC
# MAGIC Fill in the fields above and run all cells. The files of the vendor, and the run file, come into a folder of the volume;
# MAGIC the same seed, date and inputs give the same bytes, here and on a laptop.

# COMMAND ----------

dbutils.widgets.text("catalog", "retail_systems_dev", "Catalog")
dbutils.widgets.text("schema", "store_enablement", "Schema")
dbutils.widgets.text("volume", "btcfake_feeds", "Volume")
dbutils.widgets.text("employees", "2000", "Employees: table, file, or a number of new ones")
dbutils.widgets.dropdown("state", "tables", ["tables", "none"], "State")
dbutils.widgets.text("mix", "", "Mix, such as a=60,b=30,f=10")
dbutils.widgets.text("seed", "42", "Seed")
dbutils.widgets.text("now", "", "Date and time, such as 2026-01-29T18:00:00Z")

# COMMAND ----------

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
# MAGIC Completions by type of employee and by source: choose a bar chart with `source` as series.

# COMMAND ----------

completions = [
    (kind, source, feed.summary[f"completions_{source}"][kind]) for kind in "ab" for source in ("manager", "ai")
]
display(spark.createDataFrame(completions, "type string, source string, completions bigint"))

# COMMAND ----------

# MAGIC %md
# MAGIC Where the files are. "Download" in Catalog Explorer takes them from there.

# COMMAND ----------

displayHTML("".join(f'<p><a href="/explore/data{feed.folder}">{feed.folder}/{name}</a></p>' for name in feed.files))

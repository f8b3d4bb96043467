"""dbldatagen on local Spark, with a partition for each core. Its manual: SQL expressions over the column id, and base columns."""

import sys

import dbldatagen
from pyspark.sql import SparkSession

rows, output = int(sys.argv[1]), sys.argv[2]
builder = SparkSession.builder.master("local[*]").config("spark.ui.enabled", "false").config("spark.sql.session.timeZone", "UTC")
spark = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1").getOrCreate()
spark.sparkContext.setLogLevel("ERROR")
noon, form = "unix_timestamp(timestamp'2026-01-29 12:00:00')", "\"yyyy-MM-dd'T'HH:mm:ss'Z'\""
table = (
    dbldatagen.DataGenerator(spark, rows=rows, partitions=spark.sparkContext.defaultParallelism, randomSeed=42)
    .withColumn("UserId", "long", expr="300000 + id div 4")
    .withColumn("ContentId", "long", expr="10000 + pmod(hash(id div 4) + (id % 4) * 251, 1000)")
    .withColumn("start", "long", minValue=0, maxValue=18_000, random=True, omit=True)
    .withColumn("length", "long", minValue=60, maxValue=3_600, random=True, omit=True)
    .withColumn("DateStarted", "string", expr=f"from_unixtime({noon} + start, {form})", baseColumn="start")
    .withColumn("DateCompleted", "string", expr=f"from_unixtime({noon} + start + length, {form})", baseColumn=["start", "length"])
    .build()
)
table.write.option("header", True).csv(output)

"""Serves Spark Connect on loopback, at the port that is its argument, until standard input ends."""

import sys

from pyspark.sql import SparkSession

SETTINGS = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.session.timeZone": "Asia/Kolkata",
}


def start(settings: dict[str, str]) -> SparkSession:
    """A classic session on two cores, whose tasks may fail once."""
    builder = SparkSession.builder.master("local[2,2]").appName("btcfake")
    for name, value in {**SETTINGS, **settings}.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


if __name__ == "__main__":
    start(
        {
            "spark.plugins": "org.apache.spark.sql.connect.SparkConnectPlugin",
            "spark.connect.grpc.binding.address": "127.0.0.1",
            "spark.connect.grpc.binding.port": sys.argv[1],
        }
    )
    print("ready", flush=True)
    sys.stdin.read()

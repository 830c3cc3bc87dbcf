"""Ask Spark, for ``spark.py``, in an environment that has PySpark and nothing else: standard input
says what (JSON), standard output how long each round took, and how much memory Spark had."""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession


def main() -> None:
    asked = json.load(sys.stdin)
    spark = (
        SparkSession.builder.master(f"local[{asked['threads']}]")
        .config("spark.driver.memory", asked["memory"])
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    for name in asked["tables"]:
        spark.read.parquet(f"{asked['folder']}/{name}").createOrReplaceTempView(name)
    took: dict[str, list[float]] = {}
    for _ in range(asked["rounds"]):
        for name, query in asked["queries"].items():
            before = time.perf_counter()
            spark.sql(query).write.mode("overwrite").parquet(f"{asked['answers']}/{name}")
            took.setdefault(name, []).append(time.perf_counter() - before)
    found = {"took": took, "version": spark.version, "peak": _peak(spark)}
    spark.stop()
    sys.stdout.write(json.dumps(found))


def _peak(spark: Any) -> float:
    """The largest size of the Java process so far, in GB (of Linux)."""
    process = spark.sparkContext._jvm.java.lang.ProcessHandle.current().pid()
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) / 1e6


if __name__ == "__main__":
    main()

"""Spark's daemon of Python workers, without archives on their path.

Before each task Spark lets Python forget what it knows of its path. Of an archive Python then reads the whole table of contents,
several times: 0.1 s of the processor for a task that does nothing. The environment has the same modules.
"""

import sys

sys.path[:] = [entry for entry in sys.path if not entry.endswith((".zip", ".jar"))]
sys.path_importer_cache.clear()

from pyspark.daemon import manager  # noqa: E402

manager()

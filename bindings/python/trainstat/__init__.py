"""Training statistics of a learning management system, written as JSON documents.

>>> import trainstat
>>> with trainstat.Report("ekvio.integration_status") as report:
...     report.append(status="completed", file="https://example.org/report.json")
...     report.build()
b'{"data":{"status":"completed","file":"https://example.org/report.json"}}'

``formats()`` names the formats, ``describe(name)`` tells their columns and options. ``document`` writes a report in one call, ``stream``
piece by piece while the rows are read. ``Tasks`` lets one export of a type run at a time. Every rule and every message is the library's (libtrainstat); it is found by the environment's
``TRAINSTAT_LIBRARY`` (an absolute path), else inside this package, else by its soname, and loaded at first use.
"""

from .catalogue import describe, formats
from .errors import RowError, TrainstatError
from .report import Report, document, stream
from .tasks import Task, TaskRunning, Tasks, TaskState

__all__ = [
    "Report",
    "RowError",
    "Task",
    "TaskRunning",
    "TaskState",
    "Tasks",
    "TrainstatError",
    "describe",
    "document",
    "formats",
    "stream",
]

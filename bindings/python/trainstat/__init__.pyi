# Written by generate_stubs.py from the library's catalogue; do not edit.
"""Types of trainstat: what each format takes as a row and as options."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import TracebackType
from typing import Any, Literal, Protocol, SupportsIndex, TypedDict, overload

from typing_extensions import Buffer, NotRequired, Self, Unpack

from .errors import RowError as RowError
from .errors import TrainstatError as TrainstatError
from .tasks import Task as Task
from .tasks import TaskRunning as TaskRunning
from .tasks import Tasks as Tasks
from .tasks import TaskState as TaskState

__all__ = ["Report", "RowError", "Task", "TaskRunning", "TaskState", "Tasks", "TrainstatError"]
__all__ += ["describe", "document", "formats", "stream"]

Integer = SupportsIndex | float | str | Decimal
Number = SupportsIndex | float | str | Decimal
Moment = SupportsIndex | str | datetime
Date = SupportsIndex | str | date
Duration = SupportsIndex | str | timedelta | Decimal

class ArrowRows(Protocol):
    """Columns that cross as they lie: tables of pyarrow, frames of polars and pandas, relations of DuckDB."""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> object: ...

FormatName = Literal["ekvio.trainings_statistic", "ekvio.errors", "ekvio.task_running", "ekvio.module_unavailable", "ekvio.integration", "ekvio.integration_status", "eloomi.participants", "eloomi.participant", "eloomi.error"]

class Column(TypedDict):
    key: str
    type: str
    presence: str
    nullable: bool
    minimum: NotRequired[int]
    meaning: str
    choices: NotRequired[list[str]]
    default: NotRequired[Any]
    maximum: NotRequired[int]
    other_words: NotRequired[dict[str, str]]
    written_as: NotRequired[str]
    sentence: NotRequired[str]
    omitted_when_null: NotRequired[bool]
    required_when: NotRequired[Any]
    extended: NotRequired[bool]

class Option(TypedDict):
    name: str
    type: str
    default: Any
    meaning: str
    choices: NotRequired[list[str]]

class Format(TypedDict):
    format: str
    meaning: str
    document: str
    rows: dict[str, Any]
    columns: list[Column]
    options: list[Option]
    constants: NotRequired[dict[str, Any]]

class Problem(TypedDict):
    row: int
    column: str | None
    message: str

class Problems(TypedDict):
    accepted: int
    refused: int
    problems: list[Problem]

class EkvioTrainingsStatisticRow(TypedDict):
    """Ekvio: training statistics of courses, a row for each learner and course."""

    user_id: Integer
    """Account of the learner."""

    material_id: Integer
    """Course."""

    fio: str
    """Last, first and middle name of the learner."""

    user_status: Literal["active", "blocked"]
    """Whether the account may sign in."""

    login: str
    """Name of the account."""

    start_time: NotRequired[Moment | None]
    """When the learner began the course; null: not begun."""

    complete_date: NotRequired[Moment | None]
    """When the learner completed the course; null: not completed."""

    total_time: NotRequired[Duration]
    """Time spent on the course, in seconds."""

    name: NotRequired[str | None]
    """Name of the course."""

    is_required: Integer
    """Whether the course is mandatory."""

    user_scores: Integer
    """Points the learner has collected."""

    max_interaction_scores: Integer
    """Most points that interactive inserts give."""

    pdf_viewed: Integer
    """PDF materials viewed."""

    pdf_total: Integer
    """PDF materials in the course."""

    link_viewed: Integer
    """Link materials viewed."""

    link_total: Integer
    """Link materials in the course."""

    html_viewed: Integer
    """HTML materials viewed."""

    html_total: Integer
    """HTML materials in the course."""

    scorm_total_time: NotRequired[Duration | None]
    """Time spent on the SCORM material, in seconds."""

    scorm_status: NotRequired[Literal["completed", "not completed", "not started", "Unknown", "passed", "failed", "incomplete", "browsed", "not attempted", "", "unknown"] | None]
    """State of the SCORM material."""

    scorm_percent: NotRequired[Integer | None]
    """Score of the SCORM material, in percent."""

    user_final_scores: NotRequired[Integer]
    """Points in the final test."""

    max_final_scores: NotRequired[Integer]
    """Most points of the final test."""

    percent_final_scores: NotRequired[Integer | None]
    """Result of the final test, in percent."""

    last_activity: NotRequired[Moment | None]
    """When the learner was last active in the course."""

    current_turn: NotRequired[Integer | None]
    """Attempts at the final test used; null: no final test."""

    turns_count: NotRequired[Integer | None]
    """Attempts at the final test allowed; null: no final test, or no limit."""

    filled_type: NotRequired[str | None]
    """Source of the data."""

    group_region: str
    """Region of the learner; the only group that cannot be null."""

    group_city: NotRequired[str | None]
    """City of the learner."""

    group_role: NotRequired[str | None]
    """Role of the learner."""

    group_position: NotRequired[str | None]
    """Position of the learner."""

    group_team: NotRequired[str | None]
    """Team of the learner."""

    group_department: NotRequired[str | None]
    """Department of the learner."""

    group_function: NotRequired[str | None]
    """Function of the learner."""

class EkvioTrainingsStatisticOptions(TypedDict, total=False):
    forms: Iterable[int] | None
    """Ids of the questionnaire fields, each a column form_question_N behind the others, in the order given."""
    timezone: str | None
    """The zone in which Unix seconds are written: a name of the tz database or an offset."""
    on_refused: Literal["stop", "skip"] | None
    """What a refused row does: stop the call that brought it, or be skipped and noted."""
    html_safe: bool | None
    """Whether <, U+2028 and U+2029 are escaped too, so that the document can stand inside a page."""
    file: str | os.PathLike[str] | None
    """Path of the file that the document is written to, which appears complete or not at all; null: kept in memory."""

class EkvioErrorsRow(TypedDict):
    """Ekvio: the error document."""

    code: Integer
    """Code of the error; 1007 in both of Ekvio's."""

    field: str
    """Field or area the error concerns."""

    message: str
    """Text for people."""

class EkvioErrorsOptions(TypedDict, total=False):
    on_refused: Literal["stop", "skip"] | None
    """What a refused row does: stop the call that brought it, or be skipped and noted."""
    html_safe: bool | None
    """Whether <, U+2028 and U+2029 are escaped too, so that the document can stand inside a page."""
    file: str | os.PathLike[str] | None
    """Path of the file that the document is written to, which appears complete or not at all; null: kept in memory."""

class EkvioTaskRunningRow(TypedDict):
    """Ekvio: another task of the type is running."""

    id: Integer
    """The running task."""

class EkvioTaskRunningOptions(TypedDict, total=False):
    on_refused: Literal["stop", "skip"] | None
    """What a refused row does: stop the call that brought it, or be skipped and noted."""
    html_safe: bool | None
    """Whether <, U+2028 and U+2029 are escaped too, so that the document can stand inside a page."""
    file: str | os.PathLike[str] | None
    """Path of the file that the document is written to, which appears complete or not at all; null: kept in memory."""

class EkvioModuleUnavailableRow(TypedDict):
    """Ekvio: the company does not have the module."""

    module_name: str
    """The module that is off."""

class EkvioModuleUnavailableOptions(TypedDict, total=False):
    on_refused: Literal["stop", "skip"] | None
    """What a refused row does: stop the call that brought it, or be skipped and noted."""
    html_safe: bool | None
    """Whether <, U+2028 and U+2029 are escaped too, so that the document can stand inside a page."""
    file: str | os.PathLike[str] | None
    """Path of the file that the document is written to, which appears complete or not at all; null: kept in memory."""

class EkvioIntegrationRow(TypedDict):
    """Ekvio: a deferred task was started."""

    id: Integer
    """The task that was started."""

class EkvioIntegrationOptions(TypedDict, total=False):
    on_refused: Literal["stop", "skip"] | None
    """What a refused row does: stop the call that brought it, or be skipped and noted."""
    html_safe: bool | None
    """Whether <, U+2028 and U+2029 are escaped too, so that the document can stand inside a page."""
    file: str | os.PathLike[str] | None
    """Path of the file that the document is written to, which appears complete or not at all; null: kept in memory."""

class EkvioIntegrationStatusRow(TypedDict):
    """Ekvio: how a deferred task stands."""

    status: Literal["progress", "completed", "fail"]
    """State of the task."""

    file: NotRequired[str | None]
    """Absolute URL of the report, or of the log of a failure."""

class EkvioIntegrationStatusOptions(TypedDict, total=False):
    on_refused: Literal["stop", "skip"] | None
    """What a refused row does: stop the call that brought it, or be skipped and noted."""
    html_safe: bool | None
    """Whether <, U+2028 and U+2029 are escaped too, so that the document can stand inside a page."""
    file: str | os.PathLike[str] | None
    """Path of the file that the document is written to, which appears complete or not at all; null: kept in memory."""

class EloomiParticipantsRow(TypedDict):
    """eloomi: participants of courses, a row for each user and course."""

    assigned_at: NotRequired[Moment | None]
    """When the user was assigned the course."""

    attempts: NotRequired[Integer]
    """Attempts the user has taken to finish so far."""

    completed_at: NotRequired[Moment | None]
    """When the user completed the course."""

    course_id: Integer
    """Course."""

    deadline: NotRequired[Date | None]
    """When the user needs to have completed the course."""

    progress: NotRequired[Number]
    """How far the user has progressed, in percent."""

    renewal_at: NotRequired[Moment | None]
    """When the assignment is renewed."""

    required: NotRequired[Integer]
    """Whether the course is required for the user."""

    score: NotRequired[Number]
    """The user's score, with two decimals."""

    started_at: NotRequired[Moment | None]
    """When the user started taking the course."""

    status: NotRequired[Literal["completed", "not_started", "started"]]
    """State of the assignment."""

    time_spent: NotRequired[Duration]
    """Seconds spent completing the course."""

    user_id: Integer
    """User."""

class EloomiParticipantsOptions(TypedDict, total=False):
    timezone: str | None
    """The zone in which Unix seconds are written: a name of the tz database or an offset."""
    extended_mode: bool | None
    """Whether the columns of extended mode are written."""
    message: str | None
    """Text to help with debugging."""
    extended_message: str | None
    """Text to help with debugging."""
    status: str | None
    """HTTP status text."""
    status_code: int | None
    """HTTP status code, 100 to 599."""
    on_refused: Literal["stop", "skip"] | None
    """What a refused row does: stop the call that brought it, or be skipped and noted."""
    html_safe: bool | None
    """Whether <, U+2028 and U+2029 are escaped too, so that the document can stand inside a page."""
    file: str | os.PathLike[str] | None
    """Path of the file that the document is written to, which appears complete or not at all; null: kept in memory."""

class EloomiParticipantRow(TypedDict):
    """eloomi: one participant of a course."""

    assigned_at: NotRequired[Moment | None]
    """When the user was assigned the course."""

    attempts: NotRequired[Integer]
    """Attempts the user has taken to finish so far."""

    completed_at: NotRequired[Moment | None]
    """When the user completed the course."""

    course_id: Integer
    """Course."""

    deadline: NotRequired[Date | None]
    """When the user needs to have completed the course."""

    progress: NotRequired[Number]
    """How far the user has progressed, in percent."""

    renewal_at: NotRequired[Moment | None]
    """When the assignment is renewed."""

    required: NotRequired[Integer]
    """Whether the course is required for the user."""

    score: NotRequired[Number]
    """The user's score, with two decimals."""

    started_at: NotRequired[Moment | None]
    """When the user started taking the course."""

    status: NotRequired[Literal["completed", "not_started", "started"]]
    """State of the assignment."""

    time_spent: NotRequired[Duration]
    """Seconds spent completing the course."""

    user_id: Integer
    """User."""

class EloomiParticipantOptions(TypedDict, total=False):
    timezone: str | None
    """The zone in which Unix seconds are written: a name of the tz database or an offset."""
    extended_mode: bool | None
    """Whether the columns of extended mode are written."""
    message: str | None
    """Text to help with debugging."""
    extended_message: str | None
    """Text to help with debugging."""
    status: str | None
    """HTTP status text."""
    status_code: int | None
    """HTTP status code, 100 to 599."""
    on_refused: Literal["stop", "skip"] | None
    """What a refused row does: stop the call that brought it, or be skipped and noted."""
    html_safe: bool | None
    """Whether <, U+2028 and U+2029 are escaped too, so that the document can stand inside a page."""
    file: str | os.PathLike[str] | None
    """Path of the file that the document is written to, which appears complete or not at all; null: kept in memory."""

class EloomiErrorRow(TypedDict):
    """eloomi: the error envelope, without rows."""

class EloomiErrorOptions(TypedDict, total=False):
    message: str | None
    """Text to help with debugging."""
    extended_message: str | None
    """Text to help with debugging."""
    status: str | None
    """HTTP status text."""
    status_code: int | None
    """HTTP status code, 100 to 599."""
    on_refused: Literal["stop", "skip"] | None
    """What a refused row does: stop the call that brought it, or be skipped and noted."""
    html_safe: bool | None
    """Whether <, U+2028 and U+2029 are escaped too, so that the document can stand inside a page."""
    file: str | os.PathLike[str] | None
    """Path of the file that the document is written to, which appears complete or not at all; null: kept in memory."""

class Report:
    """One report: rows go in, one JSON document comes out."""

    @overload
    def __new__(cls, name: Literal["ekvio.trainings_statistic"], /, **options: Unpack[EkvioTrainingsStatisticOptions]) -> EkvioTrainingsStatisticReport: ...
    @overload
    def __new__(cls, name: Literal["ekvio.errors"], /, **options: Unpack[EkvioErrorsOptions]) -> EkvioErrorsReport: ...
    @overload
    def __new__(cls, name: Literal["ekvio.task_running"], /, **options: Unpack[EkvioTaskRunningOptions]) -> EkvioTaskRunningReport: ...
    @overload
    def __new__(cls, name: Literal["ekvio.module_unavailable"], /, **options: Unpack[EkvioModuleUnavailableOptions]) -> EkvioModuleUnavailableReport: ...
    @overload
    def __new__(cls, name: Literal["ekvio.integration"], /, **options: Unpack[EkvioIntegrationOptions]) -> EkvioIntegrationReport: ...
    @overload
    def __new__(cls, name: Literal["ekvio.integration_status"], /, **options: Unpack[EkvioIntegrationStatusOptions]) -> EkvioIntegrationStatusReport: ...
    @overload
    def __new__(cls, name: Literal["eloomi.participants"], /, **options: Unpack[EloomiParticipantsOptions]) -> EloomiParticipantsReport: ...
    @overload
    def __new__(cls, name: Literal["eloomi.participant"], /, **options: Unpack[EloomiParticipantOptions]) -> EloomiParticipantReport: ...
    @overload
    def __new__(cls, name: Literal["eloomi.error"], /, **options: Unpack[EloomiErrorOptions]) -> EloomiErrorReport: ...
    append: Callable[..., None]
    def extend(self, rows: Iterable[Mapping[str, object]] | ArrowRows, /) -> None: ...
    def append_part(self, document: Buffer, rows: SupportsIndex, /) -> None: ...
    def stream(self, rows: Iterable[Mapping[str, object]] | ArrowRows, /) -> Iterator[bytes]: ...
    def read(self, size: int = ..., /) -> bytes: ...
    def build(self) -> bytes: ...
    def problems(self) -> Problems: ...
    def close(self) -> None: ...
    @property
    def columns(self) -> list[Column]: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None: ...

class EkvioTrainingsStatisticReport(Report):
    """Ekvio: training statistics of courses, a row for each learner and course."""

    @overload
    def append(self, row: EkvioTrainingsStatisticRow | Mapping[str, object], /) -> None: ...
    @overload
    def append(self, *, user_id: Integer, material_id: Integer, fio: str, user_status: Literal["active", "blocked"], login: str, start_time: Moment | None = ..., complete_date: Moment | None = ..., total_time: Duration = ..., name: str | None = ..., is_required: Integer, user_scores: Integer, max_interaction_scores: Integer, pdf_viewed: Integer, pdf_total: Integer, link_viewed: Integer, link_total: Integer, html_viewed: Integer, html_total: Integer, scorm_total_time: Duration | None = ..., scorm_status: Literal["completed", "not completed", "not started", "Unknown", "passed", "failed", "incomplete", "browsed", "not attempted", "", "unknown"] | None = ..., scorm_percent: Integer | None = ..., user_final_scores: Integer = ..., max_final_scores: Integer = ..., percent_final_scores: Integer | None = ..., last_activity: Moment | None = ..., current_turn: Integer | None = ..., turns_count: Integer | None = ..., filled_type: str | None = ..., group_region: str, group_city: str | None = ..., group_role: str | None = ..., group_position: str | None = ..., group_team: str | None = ..., group_department: str | None = ..., group_function: str | None = ..., **forms: str | None) -> None: ...

class EkvioErrorsReport(Report):
    """Ekvio: the error document."""

    @overload
    def append(self, row: EkvioErrorsRow | Mapping[str, object], /) -> None: ...
    @overload
    def append(self, *, code: Integer, field: str, message: str) -> None: ...

class EkvioTaskRunningReport(Report):
    """Ekvio: another task of the type is running."""

    @overload
    def append(self, row: EkvioTaskRunningRow | Mapping[str, object], /) -> None: ...
    @overload
    def append(self, *, id: Integer) -> None: ...

class EkvioModuleUnavailableReport(Report):
    """Ekvio: the company does not have the module."""

    @overload
    def append(self, row: EkvioModuleUnavailableRow | Mapping[str, object], /) -> None: ...
    @overload
    def append(self, *, module_name: str) -> None: ...

class EkvioIntegrationReport(Report):
    """Ekvio: a deferred task was started."""

    @overload
    def append(self, row: EkvioIntegrationRow | Mapping[str, object], /) -> None: ...
    @overload
    def append(self, *, id: Integer) -> None: ...

class EkvioIntegrationStatusReport(Report):
    """Ekvio: how a deferred task stands."""

    @overload
    def append(self, row: EkvioIntegrationStatusRow | Mapping[str, object], /) -> None: ...
    @overload
    def append(self, *, status: Literal["progress", "completed", "fail"], file: str | None = ...) -> None: ...

class EloomiParticipantsReport(Report):
    """eloomi: participants of courses, a row for each user and course."""

    @overload
    def append(self, row: EloomiParticipantsRow | Mapping[str, object], /) -> None: ...
    @overload
    def append(self, *, assigned_at: Moment | None = ..., attempts: Integer = ..., completed_at: Moment | None = ..., course_id: Integer, deadline: Date | None = ..., progress: Number = ..., renewal_at: Moment | None = ..., required: Integer = ..., score: Number = ..., started_at: Moment | None = ..., status: Literal["completed", "not_started", "started"] = ..., time_spent: Duration = ..., user_id: Integer) -> None: ...

class EloomiParticipantReport(Report):
    """eloomi: one participant of a course."""

    @overload
    def append(self, row: EloomiParticipantRow | Mapping[str, object], /) -> None: ...
    @overload
    def append(self, *, assigned_at: Moment | None = ..., attempts: Integer = ..., completed_at: Moment | None = ..., course_id: Integer, deadline: Date | None = ..., progress: Number = ..., renewal_at: Moment | None = ..., required: Integer = ..., score: Number = ..., started_at: Moment | None = ..., status: Literal["completed", "not_started", "started"] = ..., time_spent: Duration = ..., user_id: Integer) -> None: ...

class EloomiErrorReport(Report):
    """eloomi: the error envelope, without rows."""

    @overload
    def append(self, row: EloomiErrorRow | Mapping[str, object], /) -> None: ...
    @overload
    def append(self) -> None: ...

def formats() -> list[FormatName]: ...
def describe(name: str, /) -> Format: ...
@overload
def document(name: Literal["ekvio.trainings_statistic"], rows: Iterable[EkvioTrainingsStatisticRow] | Iterable[Mapping[str, object]] | ArrowRows, /, **options: Unpack[EkvioTrainingsStatisticOptions]) -> bytes: ...
@overload
def document(name: Literal["ekvio.errors"], rows: Iterable[EkvioErrorsRow] | Iterable[Mapping[str, object]] | ArrowRows, /, **options: Unpack[EkvioErrorsOptions]) -> bytes: ...
@overload
def document(name: Literal["ekvio.task_running"], rows: Iterable[EkvioTaskRunningRow] | Iterable[Mapping[str, object]] | ArrowRows, /, **options: Unpack[EkvioTaskRunningOptions]) -> bytes: ...
@overload
def document(name: Literal["ekvio.module_unavailable"], rows: Iterable[EkvioModuleUnavailableRow] | Iterable[Mapping[str, object]] | ArrowRows, /, **options: Unpack[EkvioModuleUnavailableOptions]) -> bytes: ...
@overload
def document(name: Literal["ekvio.integration"], rows: Iterable[EkvioIntegrationRow] | Iterable[Mapping[str, object]] | ArrowRows, /, **options: Unpack[EkvioIntegrationOptions]) -> bytes: ...
@overload
def document(name: Literal["ekvio.integration_status"], rows: Iterable[EkvioIntegrationStatusRow] | Iterable[Mapping[str, object]] | ArrowRows, /, **options: Unpack[EkvioIntegrationStatusOptions]) -> bytes: ...
@overload
def document(name: Literal["eloomi.participants"], rows: Iterable[EloomiParticipantsRow] | Iterable[Mapping[str, object]] | ArrowRows, /, **options: Unpack[EloomiParticipantsOptions]) -> bytes: ...
@overload
def document(name: Literal["eloomi.participant"], rows: Iterable[EloomiParticipantRow] | Iterable[Mapping[str, object]] | ArrowRows, /, **options: Unpack[EloomiParticipantOptions]) -> bytes: ...
@overload
def document(name: Literal["eloomi.error"], rows: Iterable[EloomiErrorRow] | Iterable[Mapping[str, object]] | ArrowRows, /, **options: Unpack[EloomiErrorOptions]) -> bytes: ...
@overload
def stream(name: Literal["ekvio.trainings_statistic"], rows: Iterable[EkvioTrainingsStatisticRow] | Iterable[Mapping[str, object]] | ArrowRows, /, **options: Unpack[EkvioTrainingsStatisticOptions]) -> Iterator[bytes]: ...
@overload
def stream(name: Literal["ekvio.errors"], rows: Iterable[EkvioErrorsRow] | Iterable[Mapping[str, object]] | ArrowRows, /, **options: Unpack[EkvioErrorsOptions]) -> Iterator[bytes]: ...
@overload
def stream(name: Literal["ekvio.task_running"], rows: Iterable[EkvioTaskRunningRow] | Iterable[Mapping[str, object]] | ArrowRows, /, **options: Unpack[EkvioTaskRunningOptions]) -> Iterator[bytes]: ...
@overload
def stream(name: Literal["ekvio.module_unavailable"], rows: Iterable[EkvioModuleUnavailableRow] | Iterable[Mapping[str, object]] | ArrowRows, /, **options: Unpack[EkvioModuleUnavailableOptions]) -> Iterator[bytes]: ...
@overload
def stream(name: Literal["ekvio.integration"], rows: Iterable[EkvioIntegrationRow] | Iterable[Mapping[str, object]] | ArrowRows, /, **options: Unpack[EkvioIntegrationOptions]) -> Iterator[bytes]: ...
@overload
def stream(name: Literal["ekvio.integration_status"], rows: Iterable[EkvioIntegrationStatusRow] | Iterable[Mapping[str, object]] | ArrowRows, /, **options: Unpack[EkvioIntegrationStatusOptions]) -> Iterator[bytes]: ...
@overload
def stream(name: Literal["eloomi.participants"], rows: Iterable[EloomiParticipantsRow] | Iterable[Mapping[str, object]] | ArrowRows, /, **options: Unpack[EloomiParticipantsOptions]) -> Iterator[bytes]: ...
@overload
def stream(name: Literal["eloomi.participant"], rows: Iterable[EloomiParticipantRow] | Iterable[Mapping[str, object]] | ArrowRows, /, **options: Unpack[EloomiParticipantOptions]) -> Iterator[bytes]: ...
@overload
def stream(name: Literal["eloomi.error"], rows: Iterable[EloomiErrorRow] | Iterable[Mapping[str, object]] | ArrowRows, /, **options: Unpack[EloomiErrorOptions]) -> Iterator[bytes]: ...

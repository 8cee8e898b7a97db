/* Cut from trainstat.h by cut_declarations.php. Do not edit. */

/* What a call answers. The numbers are frozen. */
enum {
  TS_OK = 0,
  TS_NO_MEMORY = 1,        /* no memory; the handle is still there to be closed, and no row was half written */
  TS_INTERNAL = 2,         /* a defect of the library, or a system at its limits: the message says which */
  TS_INVALID_ARGUMENT = 3, /* a NULL where a pointer is needed, or what the function does not take */
  TS_UNKNOWN_FORMAT = 4,   /* no format has that name */
  TS_BAD_OPTION = 5,       /* the options are no JSON object, or one of them is refused; the message names it */
  TS_ROW_REFUSED = 6,      /* error->row and error->column say where; the report is valid and takes further rows */
  TS_BATCH_MALFORMED = 7,  /* a packed batch or an Arrow array lies of what is in it: refused from error->row on */
  TS_ROW_COUNT = 8,        /* the format wants another number of rows than the report has; it stays open */
  TS_REPORT_FINISHED = 9,  /* append after build */
  TS_FILE_FAILED = 10,   /* a file cannot be read or written; error->detail is the errno; a report on it has failed for good */
  TS_FILE_REPORT = 11,   /* the report is written to a file, so there is nothing to read */
  TS_FORKED = 12,        /* the handle belongs to the process that opened it */
  TS_TASK_RUNNING = 13,  /* a task of that type and scope is running; error->detail is its id */
  TS_BUSY = 14,          /* others kept the tasks' directory for 50 ms, or the holder's id cannot be read: try again */
  TS_UNKNOWN_TASK = 15,  /* there is no record of such a task: never claimed, or pruned */
  TS_TASK_DAMAGED = 16,  /* the record of that task was damaged and has been set aside */
  TS_TASK_FINISHED = 17, /* the task is finished, or failed and closed */
  TS_UNSAFE_DIRECTORY = 18, /* the directory cannot be trusted with tasks; the message says why */
  TS_STREAM_FAILED = 19,    /* the producer of an Arrow stream answered an error, error->detail; the rows before it are kept */
  TS_PART_REFUSED = 20      /* the part is none of this report, or not of so many rows; the report is as it was */
};

/* What a cell holds. Zeroed memory is an absent cell. */
enum {
  TS_ABSENT = 0,  /* not given: the column's default, or refused where it is required */
  TS_NULL = 1,    /* null: legal only in a nullable column */
  TS_INTEGER = 2, /* value.integer */
  TS_NUMBER = 3,  /* value.number, a binary floating point number */
  TS_TEXT = 4,    /* value.text, length */
  TS_BOOLEAN = 5, /* value.integer, 0 or 1 */
  TS_FOREIGN = 6  /* something of the host's that is none of these: always refused. Past the last column it stands for a key
                     that the format does not have; value.text and length may then give the key, for the message */
};

/* How a task ends. */
enum {
  TS_COMPLETED = 1, /* the record's status "completed" */
  TS_FAIL = 2       /* the record's status "fail" */
};

typedef struct ts_report ts_report;
typedef struct ts_tasks ts_tasks; /* a directory of tasks */
typedef struct ts_task ts_task;   /* a running task, held by whoever claimed it */

/* Arrow's own: its specification of the C data and C stream interfaces says what is in them. */
struct ArrowSchema;
struct ArrowArray;
struct ArrowArrayStream;

typedef struct ts_value {
  int32_t kind;     /* one of the constants above */
  int32_t reserved; /* 0 */
  union {
    int64_t integer;
    double number;
    const char *text; /* UTF-8 */
  } value;
  size_t length; /* of the text, in bytes */
} ts_value;

/* Caller-owned, 256 bytes, frozen. */
typedef struct ts_error {
  int32_t status;    /* as returned */
  int32_t column;    /* index of the refused cell, -1 when none */
  int64_t row;       /* the refused row, -1 when none */
  int64_t detail;    /* TS_FILE_FAILED: the errno; TS_TASK_RUNNING: the id; TS_STREAM_FAILED: the producer's; else 0 */
  char message[232]; /* for people; UTF-8, ends in NUL */
} ts_error;

/* The version of this interface; it grows only when something is added. */
int32_t ts_abi_version(void);
/* The version of the library, static text such as "1.0.0". */
const char *ts_version(void);

/* The names of all formats, a JSON array of text. Static. */
int32_t ts_format_list(const char **json, size_t *length, ts_error *error);

/* One format as a JSON object: its columns (key, type, presence, default, limits, choices, meaning), options and row counts. Static. */
int32_t ts_format_describe(const char *name, size_t name_length, const char **json, size_t *length, ts_error *error);

/* Opens a report. `options` is one JSON object, NULL for the defaults; an option given as null counts as not given. */
int32_t ts_report_open(const char *format, size_t format_length, const char *options, size_t options_length, ts_report **report,
                       ts_error *error);

/* The report's own columns in cell order, questionnaire fields included: the object of ts_format_describe. */
int32_t ts_report_describe(ts_report *report, const char **json, size_t *length, ts_error *error);

/* Appends one row: cell i is column i; the cells left out at the end are absent. With the option on_refused "skip" a refused row
 * answers TS_OK and is found among the problems. */
int32_t ts_row_append(ts_report *report, const ts_value *cells, size_t count, ts_error *error);

/* Appends rows packed by a host, trusted in nothing. `accepted`, which may be NULL, counts the rows of this call that were taken;
 * on a refusal the rows before it are kept and the ones behind it are not looked at. Everything is little endian and unaligned:
 *
 *   batch   "TSB1" | rows: 4 bytes | row, as many times
 *   row     cells: 4 bytes | kinds: 1 byte a cell | slots: 8 bytes for each cell that has one, in cell order | texts, joined
 *
 *             kind          slot
 *             0 absent      none
 *             1 null        none
 *             2 integer     two's complement
 *             3 number      IEEE 754 binary64
 *             4 text        its length in bytes; the bytes stand in `texts`, in cell order
 *             5 boolean     0 or 1
 *             6 foreign     as text (a value: length 0; a key past the last column: the key)
 *
 * The batch ends with its last row. A batch of one row with the cells 7, null, "ab":
 *   54 53 42 31  01 00 00 00 | 03 00 00 00  02 01 04  07 00 00 00 00 00 00 00  02 00 00 00 00 00 00 00  61 62
 *
 * Or the rows are what PHP's serialize() makes of an array of arrays by the columns' keys, then it begins with "a:":
 *
 *   batch   a:COUNT:{ and for each row a key, which means nothing, and the row; }
 *   row     a:COUNT:{ and for each cell the column's key, and the value; }
 *   key     s:LENGTH:"BYTES";  or i:FIGURES;  which names no column
 *   value   N;  b:0;  b:1;  i:FIGURES;  d:FIGURES;  s:LENGTH:"BYTES";  or a:0:{} for foreign
 *
 * Keys come in any order, fastest in that of the row before. A column without one is absent; of a key that stands twice the last one
 * counts. A batch of one row of ekvio.errors:
 *   a:1:{i:0;a:3:{s:4:"code";i:7;s:5:"field";N;s:7:"message";s:2:"ab";}} */
int32_t ts_batch_append(ts_report *report, const void *bytes, size_t length, uint64_t *accepted, ts_error *error);

/* Appends the rows of an Arrow stream, array by array, to its end. The stream is the library's from the call on and released when
 * it returns, whatever it answers. The producer's callbacks run within the call: they must return, and not use the report.
 *
 * The stream's type is a struct (format "+s") whose children are the columns, matched by name: a column that no child has is absent
 * in every row, and a child that no column has is refused in every row, as an unknown key; the index that a data frame sends along
 * (__index_level_0__) is left out. Values are the cells of ts_value:
 *
 *   int8 to int64, uint8 to uint64   integer; above int64 foreign
 *   float16, float32, float64        number
 *   bool                             boolean
 *   utf8, large_utf8, utf8_view      text
 *   null, and every null value       null
 *   decimal of any width and scale   text, as "33.30"; not in columns of texts and choices
 *   timestamp with a zone            integer, Unix seconds, a fraction cut downwards; in moments, local moments and dates only
 *   timestamp without a zone         text, as it stands, its fraction cut; in local moments only
 *   date32, date64                   text; in dates only
 *   duration                         text, exactly; in durations only
 *   dictionary                       what its values are
 *
 * A column of another type, or that cannot serve, is TS_INVALID_ARGUMENT before the first row is looked at; error->column says
 * which. So are a name that stands twice, a stream that is no struct, and one that is released. Arrays are trusted in nothing
 * that can be checked: one that lies is TS_BATCH_MALFORMED, and refused from error->row on, as is a row that is null as a whole. After a
 * refusal the rows behind it are not looked at. A callback that answers an error is TS_STREAM_FAILED; what the producer says of it is
 * not repeated, for it may hold data. `accepted` is as for ts_batch_append. */
int32_t ts_stream_append(ts_report *report, struct ArrowArrayStream *stream, uint64_t *accepted, ts_error *error);

/* The same for `count` rows of one array from its row `first` on, for a host that drives the stream itself, and reads between. Both
 * are borrowed. A NULL array: only the schema is looked at. */
int32_t ts_array_append(ts_report *report, const struct ArrowSchema *schema, const struct ArrowArray *array, int64_t first,
                        int64_t count, uint64_t *accepted, ts_error *error);

/* Appends the rows of a part: a document that a report of the same format and options (`file` and `on_refused` aside) built
 * elsewhere, in another thread, process or machine; `rows` is how many it accepted. It must begin and end as this report's document
 * does, and what stands between be so many rows with this report's members, or nothing: else TS_PART_REFUSED. The first row and the
 * number of rows are looked at; all else is taken as it is and checked no more, so a part must come from this library, unchanged.
 * What was refused there stays that report's problems. Into a file a large part goes straight from the caller's memory. */
int32_t ts_part_append(ts_report *report, const char *document, size_t length, uint64_t rows, ts_error *error);

/* Takes up to `capacity` bytes of what is ready and not yet read; `length` 0 means that nothing is ready, after the build that all
 * has been read. Reading while appending keeps the report's memory flat. */
int32_t ts_report_read(ts_report *report, char *buffer, size_t capacity, size_t *length, ts_error *error);

/* The same of all that is ready, where it lies: no copy is made. */
int32_t ts_report_take(ts_report *report, const char **json, size_t *length, ts_error *error);

/* Ends the rows and hands out the part of the document that had not been read; called again, the same. A report on a file puts
 * it in its place, complete, and hands out length 0. Where TS_FILE_FAILED says that the directory cannot be written to disk, the
 * new file is in its place already; at every other failure the old one is. */
int32_t ts_report_build(ts_report *report, const char **json, size_t *length, ts_error *error);

/* The rows taken and refused so far, with the first 1,000 problems, before and after the build:
 * {"accepted":2,"refused":1,"problems":[{"row":1,"column":"user_id","message":"user_id must be an integer"}]} */
int32_t ts_report_problems(ts_report *report, const char **json, size_t *length, ts_error *error);

/* Closes a report; NULL is fine. A file that was not built is not there, and the one that stood in its place is whole. */
void ts_report_close(ts_report *report);

/* Opens a directory of tasks, made with mode 0700 where it is missing (its parent is not). It must be this user's, no symbolic
 * link, not writable by group or others, and not on a network file system: TS_UNSAFE_DIRECTORY.
 * `options` is one JSON object, NULL for the defaults; finished tasks' records beyond the limits are removed at open and at claim,
 * the newest one never:
 *   "max_age"    seconds since the record was written last, 2592000 (30 days)
 *   "max_count"  records, 1000 */
int32_t ts_tasks_open(const char *directory, size_t directory_length, const char *options, size_t options_length,
                      ts_tasks **tasks, ts_error *error);

/* Claims the one running task of a type and scope, between all threads, processes and languages that use the directory, or answers
 * TS_TASK_RUNNING with the id of the one that runs. `type` is not empty; both are UTF-8 without NUL, of 1 to 200 bytes together,
 * where bytes other than A-Z a-z 0-9 _ - count three. Ids are positive, grow over the whole directory and are never given twice;
 * they are on disk when the claim is answered (a refused claim may be told one a moment before).
 * The kernel's lock is the truth: it lasts until the task is finished or closed, or its process ends. */
int32_t ts_task_claim(ts_tasks *tasks, const char *type, size_t type_length, const char *scope, size_t scope_length,
                      ts_task **task, int64_t *id, ts_error *error);

/* Records how far a running task is, for ts_task_state; a total of 0 is unknown. Costs a small file written and renamed. */
int32_t ts_task_progress(ts_task *task, uint64_t done, uint64_t total, ts_error *error);

/* Ends a task with TS_COMPLETED or TS_FAIL: records it, on disk, then lets the next one in. `file`, which may be NULL, is where the
 * report is, or the log of a failure: a path or a URL, UTF-8 without NUL, at most 4096 bytes. Where the record cannot be written
 * the task is still running. */
int32_t ts_task_finish(ts_task *task, int32_t outcome, const char *file, size_t file_length, ts_error *error);

/* Closes a task; NULL is fine. An unfinished one is recorded as "fail", and the next one is let in. The order in which a task and
 * its tasks are closed does not matter. */
void ts_task_close(ts_task *task);

/* One task, whoever ran it. `status` is "progress", "completed" or "fail": a task whose process died is "fail". Times are Unix
 * seconds; `finished` of a task whose process died is when that was noticed.
 * {"id":15,"type":"trainings","scope":"company-7","status":"progress","file":null,"done":0,"total":0,"started":1606827121,"finished":null} */
int32_t ts_task_state(ts_tasks *tasks, int64_t id, const char **json, size_t *length, ts_error *error);

/* The newest tasks, `most` at most, the newest first: a JSON array of what ts_task_state hands out; damaged records are left out. */
int32_t ts_tasks_list(ts_tasks *tasks, size_t most, const char **json, size_t *length, ts_error *error);

/* Closes the directory; NULL is fine. */
void ts_tasks_close(ts_tasks *tasks);

/* moodle_export: a report from a Moodle database in SQLite, by a host written in C.
 *
 *   moodle_export --format NAME --database FILE --output FILE [--prefix mdl_] [--queries bindings/moodle] [--library FILE]
 *
 * Loads libtrainstat at run time (--library, else TRAINSTAT_LIBRARY, else by its soname), runs the query QUERIES/NAME.sql and
 * hands its rows over as cells; the library writes the file. The database is opened for reading only. Prints
 * `rows N refused N seconds S`. Exit code: 0 written, 3 written with the refused rows left out, 2 nothing written.
 */
#define _POSIX_C_SOURCE 200809L

#include <dlfcn.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <trainstat.h>

struct request {
  const char *format, *database, *output, *prefix, *queries, *library;
};

/* The part of the library that is used here; the types are those of its header. */
struct library {
  void *handle;
  __typeof__(&ts_report_open) report_open;
  __typeof__(&ts_report_describe) report_describe;
  __typeof__(&ts_row_append) row_append;
  __typeof__(&ts_report_build) report_build;
  __typeof__(&ts_report_problems) report_problems;
  __typeof__(&ts_report_close) report_close;
};

/* All that is to be given back at the end, whatever happened. */
struct transfer {
  struct library library;
  sqlite3 *database;
  sqlite3_stmt *rows;
  ts_report *report;
  ts_value *cells;
  size_t cell_count;
  size_t *cell_of; /* result column -> cell */
  int column_count;
};

__attribute__((format(printf, 1, 2))) static bool fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
  return false;
}

/* A function pointer out of dlsym's object pointer, the way POSIX warrants. */
static bool find(struct library *library, const char *name, void *function) {
  void *symbol = dlsym(library->handle, name);
  memcpy(function, &symbol, sizeof symbol);
  return symbol != NULL || fail("%s", dlerror());
}

static bool load_library(struct library *library, const char *path) {
  if (path == NULL) path = getenv("TRAINSTAT_LIBRARY");
  library->handle = dlopen(path != NULL ? path : "libtrainstat.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library->handle == NULL) return fail("%s", dlerror());
  return find(library, "ts_report_open", &library->report_open) &&
         find(library, "ts_report_describe", &library->report_describe) &&
         find(library, "ts_row_append", &library->row_append) && find(library, "ts_report_build", &library->report_build) &&
         find(library, "ts_report_problems", &library->report_problems) &&
         find(library, "ts_report_close", &library->report_close);
}

/* A whole file as text, to be freed; NULL when it cannot be read. */
static char *read_text(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) return NULL;
  char *text = NULL;
  long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
  if (size >= 0 && fseek(file, 0, SEEK_SET) == 0) text = malloc((size_t)size + 1);
  if (text != NULL) text[fread(text, 1, (size_t)size, file)] = '\0';
  fclose(file);
  return text;
}

/* The query with every {table} under its prefix, to be freed by sqlite3_free; NULL without memory. */
static char *with_prefix(sqlite3 *database, const char *query, const char *prefix) {
  sqlite3_str *text = sqlite3_str_new(database);
  while (*query != '\0') {
    size_t name = *query == '{' ? strspn(query + 1, "abcdefghijklmnopqrstuvwxyz_0123456789") : 0;
    if (name > 0 && query[name + 1] == '}') {
      sqlite3_str_appendall(text, prefix);
      sqlite3_str_append(text, query + 1, (int)name);
      query += name + 2;
    } else {
      sqlite3_str_appendchar(text, 1, *query++);
    }
  }
  return sqlite3_str_finish(text);
}

static bool open_query(struct transfer *transfer, const struct request *request) {
  if (sqlite3_open_v2(request->database, &transfer->database, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
    return fail("cannot open the database %s: %s", request->database, sqlite3_errmsg(transfer->database));
  char *path = sqlite3_mprintf("%s/%s.sql", request->queries, request->format);
  char *query = path != NULL ? read_text(path) : NULL;
  char *sql = query != NULL ? with_prefix(transfer->database, query, request->prefix) : NULL;
  bool prepared = false;
  if (query == NULL)
    fail("there is no query for the format: %s", path != NULL ? path : "out of memory");
  else if (sql == NULL)
    fail("out of memory");
  else if (sqlite3_prepare_v2(transfer->database, sql, -1, &transfer->rows, NULL) != SQLITE_OK)
    fail("%s is not a Moodle database with the prefix %s: %s", request->database, request->prefix,
         sqlite3_errmsg(transfer->database));
  else
    prepared = true;
  sqlite3_free(sql);
  free(query);
  sqlite3_free(path);
  return prepared;
}

static bool open_report(struct transfer *transfer, const struct request *request) {
  sqlite3_stmt *options = NULL;
  ts_error error;
  if (sqlite3_prepare_v2(transfer->database, "SELECT json_object('file', ?1, 'on_refused', 'skip')", -1, &options, NULL) !=
          SQLITE_OK ||
      sqlite3_bind_text(options, 1, request->output, -1, SQLITE_STATIC) != SQLITE_OK || sqlite3_step(options) != SQLITE_ROW) {
    sqlite3_finalize(options);
    return fail("%s", sqlite3_errmsg(transfer->database));
  }
  const char *text = (const char *)sqlite3_column_text(options, 0);
  int32_t status = transfer->library.report_open(request->format, strlen(request->format), text,
                                                 (size_t)sqlite3_column_bytes(options, 0), &transfer->report, &error);
  sqlite3_finalize(options);
  return status == TS_OK || fail("%s", error.message);
}

/* One integer out of JSON text by SQLite's JSON functions, which saves a parser: ?1 is the text, ?2 the name. -1: there is none. */
static int64_t ask_json(sqlite3 *database, const char *question, const char *json, size_t length, const char *name) {
  sqlite3_stmt *statement = NULL;
  int64_t answer = -1;
  if (sqlite3_prepare_v2(database, question, -1, &statement, NULL) == SQLITE_OK &&
      sqlite3_bind_text64(statement, 1, json, length, SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK &&
      sqlite3_bind_text(statement, 2, name, -1, SQLITE_STATIC) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
    answer = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  return answer;
}

/* Which cell each result column fills: by name, from the library's own description. */
static bool map_columns(struct transfer *transfer) {
  const char *json;
  size_t length;
  ts_error error;
  if (transfer->library.report_describe(transfer->report, &json, &length, &error) != TS_OK) return fail("%s", error.message);
  int64_t cells = ask_json(transfer->database, "SELECT json_array_length(?1, ?2)", json, length, "$.columns");
  transfer->cell_count = cells > 0 ? (size_t)cells : 0;
  transfer->column_count = sqlite3_column_count(transfer->rows);
  transfer->cells = calloc(transfer->cell_count, sizeof *transfer->cells);
  transfer->cell_of = calloc((size_t)transfer->column_count, sizeof *transfer->cell_of);
  if (transfer->cells == NULL || transfer->cell_of == NULL) return fail("out of memory");
  for (int i = 0; i < transfer->column_count; i++) {
    const char *name = sqlite3_column_name(transfer->rows, i);
    int64_t cell =
        ask_json(transfer->database, "SELECT key FROM json_each(?1, '$.columns') WHERE json_extract(value, '$.key') = ?2", json,
                 length, name);
    if (cell < 0) return fail("the query has a column %s, which the format does not have", name);
    transfer->cell_of[i] = (size_t)cell;
  }
  return true;
}

static ts_value to_cell(sqlite3_stmt *rows, int column) {
  ts_value cell = {0};
  switch (sqlite3_column_type(rows, column)) {
    case SQLITE_NULL:
      cell.kind = TS_NULL;
      break;
    case SQLITE_INTEGER:
      cell.kind = TS_INTEGER;
      cell.value.integer = sqlite3_column_int64(rows, column);
      break;
    case SQLITE_FLOAT:
      cell.kind = TS_NUMBER;
      cell.value.number = sqlite3_column_double(rows, column);
      break;
    case SQLITE_TEXT:
      cell.kind = TS_TEXT;
      cell.value.text = (const char *)sqlite3_column_text(rows, column);
      cell.length = (size_t)sqlite3_column_bytes(rows, column);
      break;
    default: /* a blob is text too: other hosts cannot tell the two apart */
      cell.kind = TS_TEXT;
      cell.value.text = (const char *)sqlite3_column_blob(rows, column);
      cell.length = (size_t)sqlite3_column_bytes(rows, column);
  }
  return cell;
}

static bool append_rows(struct transfer *transfer, const struct request *request) {
  ts_error error;
  int step;
  while ((step = sqlite3_step(transfer->rows)) == SQLITE_ROW) {
    for (int i = 0; i < transfer->column_count; i++) transfer->cells[transfer->cell_of[i]] = to_cell(transfer->rows, i);
    if (transfer->library.row_append(transfer->report, transfer->cells, transfer->cell_count, &error) != TS_OK)
      return fail("%s", error.message);
  }
  return step == SQLITE_DONE || fail("cannot read %s: %s", request->database, sqlite3_errmsg(transfer->database));
}

/* Puts the report in its place; counts the rows taken and refused. */
static bool finish(struct transfer *transfer, int64_t *accepted, int64_t *refused) {
  const char *json;
  size_t length;
  ts_error error;
  if (transfer->library.report_build(transfer->report, &json, &length, &error) != TS_OK ||
      transfer->library.report_problems(transfer->report, &json, &length, &error) != TS_OK)
    return fail("%s", error.message);
  *accepted = ask_json(transfer->database, "SELECT json_extract(?1, ?2)", json, length, "$.accepted");
  *refused = ask_json(transfer->database, "SELECT json_extract(?1, ?2)", json, length, "$.refused");
  return true;
}

static void close_all(struct transfer *transfer) {
  if (transfer->report != NULL) transfer->library.report_close(transfer->report);
  free(transfer->cell_of);
  free(transfer->cells);
  sqlite3_finalize(transfer->rows);
  sqlite3_close(transfer->database);
  if (transfer->library.handle != NULL) dlclose(transfer->library.handle);
}

static bool read_arguments(int count, char **arguments, struct request *request) {
  const struct {
    const char *name, **value;
  } known[] = {{"--format", &request->format}, {"--database", &request->database}, {"--output", &request->output},
               {"--prefix", &request->prefix}, {"--queries", &request->queries},   {"--library", &request->library}};
  for (int i = 1; i < count; i += 2) {
    const char **value = NULL;
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
      if (strcmp(arguments[i], known[k].name) == 0) value = known[k].value;
    if (value == NULL || i + 1 == count) return false;
    *value = arguments[i + 1];
  }
  /* The prefix becomes part of the query's text, so it must not be able to say more than a name. */
  size_t plain = strspn(request->prefix, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
  return request->format != NULL && request->database != NULL && request->output != NULL && request->prefix[plain] == '\0';
}

static double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int count, char **arguments) {
  struct request request = {.prefix = "mdl_", .queries = "bindings/moodle"};
  if (!read_arguments(count, arguments, &request)) {
    fail(
        "usage: moodle_export --format NAME --database FILE --output FILE [--prefix mdl_] [--queries bindings/moodle] "
        "[--library FILE]");
    return 2;
  }
  double start = seconds_now();
  int64_t accepted = 0, refused = 0;
  struct transfer transfer = {0};
  bool written = load_library(&transfer.library, request.library) && open_query(&transfer, &request) &&
                 open_report(&transfer, &request) && map_columns(&transfer) && append_rows(&transfer, &request) &&
                 finish(&transfer, &accepted, &refused);
  close_all(&transfer);
  if (!written) return 2;
  printf("rows %lld refused %lld seconds %.2f\n", (long long)accepted, (long long)refused, seconds_now() - start);
  return refused > 0 ? 3 : 0;
}

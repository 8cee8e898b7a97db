/* Loads the library, uses it and drops it, ten thousand times, as PHP does request by request; each fortieth time for a task, which
 * writes to disk. Fails with a sentence where memory grows or the mapping stays.
 *
 *   unloading LIBRARY
 *
 * C, and not linked to the library: nothing of it may be there before. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <trainstat.h>
#include <unistd.h>

enum { rounds = 10000, rounds_for_a_task = 40, rounds_to_warm_up = 500, most_growth_kib = 32 };

static void fail(const char *what) {
  fprintf(stderr, "%s\n", what);
  exit(1);
}

/* Counted page by page: VmRSS is only near the truth. */
static long memory_kib(void) {
  FILE *file = fopen("/proc/self/smaps_rollup", "r");
  char line[256];
  long size = -1;
  if (file == NULL) fail("no /proc/self/smaps_rollup");
  while (fgets(line, sizeof line, file) != NULL) {
    if (strncmp(line, "Rss:", 4) == 0) size = strtol(line + 4, NULL, 10);
  }
  fclose(file);
  return size;
}

static int is_mapped(const char *library) {
  FILE *file = fopen("/proc/self/maps", "r");
  char line[4096];
  const char *name = strrchr(library, '/');
  int found = 0;
  if (file == NULL || name == NULL) fail("no /proc/self/maps, or the library is not given by its path");
  while (fgets(line, sizeof line, file) != NULL) {
    if (strstr(line, name) != NULL) found = 1;
  }
  fclose(file);
  return found;
}

/* A function's address in a pointer of its type; ISO C does not convert the one into the other. */
static void find(void *library, const char *name, void *function) {
  void *symbol = dlsym(library, name);
  if (symbol == NULL) fail(name);
  memcpy(function, &symbol, sizeof symbol);
}

static void use(void *library) {
  static const char format[] = "eloomi.participants";
  static const char options[] = "{\"timezone\":\"Europe/Berlin\",\"on_refused\":\"skip\"}";
  int32_t (*open)(const char *, size_t, const char *, size_t, ts_report **, ts_error *);
  int32_t (*append)(ts_report *, const ts_value *, size_t, ts_error *);
  int32_t (*build)(ts_report *, const char **, size_t *, ts_error *);
  void (*close)(ts_report *);
  ts_report *report = NULL;
  ts_value cells[13];
  const char *json = NULL;
  size_t length = 0;
  find(library, "ts_report_open", &open);
  find(library, "ts_row_append", &append);
  find(library, "ts_report_build", &build);
  find(library, "ts_report_close", &close);
  memset(cells, 0, sizeof cells);
  cells[0].kind = cells[3].kind = cells[12].kind = TS_INTEGER;
  cells[0].value.integer = 2540000000;
  if (open(format, sizeof format - 1, options, sizeof options - 1, &report, NULL) != TS_OK) fail("not opened");
  if (append(report, cells, 13, NULL) != TS_OK || append(report, cells, 1, NULL) != TS_OK) fail("not appended");
  if (build(report, &json, &length, NULL) != TS_OK || strstr(json, "2050-06-28 05:33:20") == NULL) fail("not built");
  close(report);
}

static void use_a_task(void *library, const char *directory) {
  static const char options[] = "{\"max_count\":3}";
  int32_t (*open)(const char *, size_t, const char *, size_t, ts_tasks **, ts_error *);
  int32_t (*claim)(ts_tasks *, const char *, size_t, const char *, size_t, ts_task **, int64_t *, ts_error *);
  int32_t (*progress)(ts_task *, uint64_t, uint64_t, ts_error *);
  int32_t (*finish)(ts_task *, int32_t, const char *, size_t, ts_error *);
  int32_t (*list)(ts_tasks *, size_t, const char **, size_t *, ts_error *);
  void (*close)(ts_task *);
  void (*close_all)(ts_tasks *);
  static int64_t last = 0;
  ts_tasks *tasks = NULL;
  ts_task *task = NULL;
  int64_t id = 0;
  const char *json = NULL;
  size_t length = 0;
  find(library, "ts_tasks_open", &open);
  find(library, "ts_task_claim", &claim);
  find(library, "ts_task_progress", &progress);
  find(library, "ts_task_finish", &finish);
  find(library, "ts_tasks_list", &list);
  find(library, "ts_task_close", &close);
  find(library, "ts_tasks_close", &close_all);
  if (open(directory, strlen(directory), options, sizeof options - 1, &tasks, NULL) != TS_OK) fail("the tasks are not opened");
  if (claim(tasks, "t", 1, "s", 1, &task, &id, NULL) != TS_OK || id <= last) fail("no task is claimed");
  last = id;
  if (progress(task, 1, 2, NULL) != TS_OK || finish(task, TS_COMPLETED, "f", 1, NULL) != TS_OK) fail("no task is finished");
  if (list(tasks, 10, &json, &length, NULL) != TS_OK || strstr(json, "\"completed\"") == NULL) fail("no task is listed");
  close(task);
  close_all(tasks);
}

/* Nothing of a library that is gone may be called by a fork. */
static void expect_a_fork_to_work(void) {
  int status = 0;
  pid_t child = fork();
  if (child == 0) _exit(0);
  if (child < 0 || waitpid(child, &status, 0) != child || status != 0) fail("a fork after the unloading went wrong");
}

static void remove_directory(const char *directory) {
  char command[128];
  snprintf(command, sizeof command, "rm -r '%s'", directory);
  if (system(command) != 0) fail("the directory of the tasks stays");
}

int main(int count, char **arguments) {
  char directory[] = "/tmp/trainstat-unloading-XXXXXX";
  long warm = 0;
  int round = 0;
  if (count != 2) fail("usage: unloading LIBRARY");
  if (mkdtemp(directory) == NULL) fail("no directory for the tasks");
  if (is_mapped(arguments[1])) fail("the library is there before it is loaded");
  for (; round < rounds; ++round) {
    void *library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) fail(dlerror());
    if (round == 0 && !is_mapped(arguments[1])) fail("the library is not seen where it is loaded");
    use(library);
    if (round % rounds_for_a_task == 0) use_a_task(library, directory);
    if (dlclose(library) != 0) fail(dlerror());
    if (round % 1000 == 0) {
      if (is_mapped(arguments[1])) fail("the library is still there after it was dropped");
      expect_a_fork_to_work();
    }
    /* Twice: asking brings in pages of its own. */
    if (round == rounds_to_warm_up - 1 || round == rounds_to_warm_up) warm = memory_kib();
  }
  if (is_mapped(arguments[1])) fail("the library is still there after it was dropped");
  warm = memory_kib() - warm;
  remove_directory(directory);
  printf("%ld KiB more than at the beginning\n", warm);
  if (warm > most_growth_kib) fail("memory grows from load to load");
  return 0;
}

/* Drops the library with a task open, as PHP does after a fatal error: the next load finds the task free and failed, and a fork
 * after the unloading calls nothing that is gone.
 *
 *   unloading_task LIBRARY DIRECTORY
 *
 * C, and not linked to the library. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <trainstat.h>
#include <unistd.h>

typedef struct {
  void *library;
  int32_t (*open)(const char *, size_t, const char *, size_t, ts_tasks **, ts_error *);
  int32_t (*claim)(ts_tasks *, const char *, size_t, const char *, size_t, ts_task **, int64_t *, ts_error *);
  int32_t (*state)(ts_tasks *, int64_t, const char **, size_t *, ts_error *);
  void (*close)(ts_task *);
  void (*close_all)(ts_tasks *);
} loaded;

static void fail(const char *what) {
  fprintf(stderr, "%s\n", what);
  exit(1);
}

static void find(void *library, const char *name, void *function) {
  void *symbol = dlsym(library, name);
  if (symbol == NULL) fail(name);
  memcpy(function, &symbol, sizeof symbol);
}

static loaded load(const char *path) {
  loaded it;
  it.library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (it.library == NULL) fail(dlerror());
  find(it.library, "ts_tasks_open", &it.open);
  find(it.library, "ts_task_claim", &it.claim);
  find(it.library, "ts_task_state", &it.state);
  find(it.library, "ts_task_close", &it.close);
  find(it.library, "ts_tasks_close", &it.close_all);
  return it;
}

static void expect_a_fork_to_work(void) {
  int status = 0;
  pid_t child = fork();
  if (child == 0) _exit(0);
  if (child < 0 || waitpid(child, &status, 0) != child || status != 0) fail("a fork after the unloading went wrong");
}

int main(int count, char **arguments) {
  int64_t last = 0;
  int round = 0;
  if (count != 3) fail("usage: unloading_task LIBRARY DIRECTORY");
  for (; round < 20; ++round) {
    ts_tasks *tasks = NULL;
    ts_task *task = NULL;
    const char *json = NULL;
    size_t length = 0;
    int64_t id = 0;
    loaded it = load(arguments[1]);
    if (it.open(arguments[2], strlen(arguments[2]), NULL, 0, &tasks, NULL) != TS_OK) fail("not opened");
    if (it.claim(tasks, "t", 1, NULL, 0, &task, &id, NULL) != TS_OK) fail("the lock outlived the library");
    if (id <= last) fail("an id was given twice");
    if (last != 0 && (it.state(tasks, last, &json, &length, NULL) != TS_OK || strstr(json, "\"fail\"") == NULL)) {
      fail("the task that was open is not known as failed");
    }
    last = id;
    if (round % 2 == 0) it.close_all(tasks);
    if (dlclose(it.library) != 0) fail(dlerror());
    if (dlopen(arguments[1], RTLD_NOW | RTLD_NOLOAD) != NULL) fail("the library stayed");
    expect_a_fork_to_work();
  }
  return 0;
}

/* Preloaded into PHP, which opens libraries with RTLD_DEEPBIND: they would pass by the sanitizers' malloc and free. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <string.h>

__attribute__((visibility("default"))) void *dlopen(const char *name, int flags) {
  void *(*real)(const char *, int);
  void *symbol = dlsym(RTLD_NEXT, "dlopen");
  memcpy(&real, &symbol, sizeof real);
  return real(name, flags & ~RTLD_DEEPBIND);
}

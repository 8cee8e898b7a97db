// The library as a host loads it.
#pragma once

#include <dlfcn.h>
#include <trainstat.h>

#include <cstdio>
#include <cstdlib>

namespace bench {

[[noreturn]] inline void fail(const char* what) {
  std::fprintf(stderr, "%s\n", what);
  std::exit(1);
}

class Library {
 public:
  explicit Library(const char* path) : handle_(dlopen(path, RTLD_NOW | RTLD_LOCAL)) {
    if (handle_ == nullptr) fail(dlerror());
    find(report_open, "ts_report_open");
    find(row_append, "ts_row_append");
    find(batch_append, "ts_batch_append");
    find(report_read, "ts_report_read");
    find(report_take, "ts_report_take");
    find(report_build, "ts_report_build");
    find(report_close, "ts_report_close");
  }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  ~Library() { dlclose(handle_); }

  decltype(&ts_report_open) report_open = nullptr;
  decltype(&ts_row_append) row_append = nullptr;
  decltype(&ts_batch_append) batch_append = nullptr;
  decltype(&ts_report_read) report_read = nullptr;
  decltype(&ts_report_take) report_take = nullptr;
  decltype(&ts_report_build) report_build = nullptr;
  decltype(&ts_report_close) report_close = nullptr;

 private:
  template <class Function>
  void find(Function& function, const char* name) {
    function = reinterpret_cast<Function>(dlsym(handle_, name));
    if (function == nullptr) fail(name);
  }

  void* handle_;
};

}  // namespace bench

// Run by the build: prints the catalogue's descriptions as C++, so that the library hands out text which was made at build time.
#include <cstdio>

#include "json/describe.hpp"

namespace {

void print_text(const trainstat::Buffer& buffer) {
  const std::string_view text = buffer.view();
  std::printf("R\"json(%.*s)json\"", static_cast<int>(text.size()), text.data());
}

}  // namespace

int main() {
  std::puts("constexpr std::string_view catalogue_text =");
  trainstat::Buffer names;
  trainstat::describe_catalogue(names);
  print_text(names);
  std::puts(";\nconstexpr std::string_view description_texts[] = {");
  for (const trainstat::Format* format : trainstat::all_formats()) {
    trainstat::Buffer description;
    trainstat::describe_format(*format, format->columns, description);
    print_text(description);
    std::puts(",");
  }
  std::puts("};");
  return std::fflush(stdout) == 0 ? 0 : 1;
}

// Writes the document of some rows to standard output: what a host decodes to have the same rows.
//
//   document LIBRARY ROWS
#include "bench/report.hpp"

int main(int count, char** arguments) {
  if (count != 3) bench::fail("usage: document LIBRARY ROWS");
  const bench::Library library(arguments[1]);
  const bench::Rows rows(std::strtoull(arguments[2], nullptr, 10), 0);
  bench::Report report(library);
  for (std::size_t index = 0; index < rows.size(); ++index) report.append(rows.row(index));
  const std::string_view document = report.build();
  return std::fwrite(document.data(), 1, document.size(), stdout) == document.size() ? 0 : 1;
}

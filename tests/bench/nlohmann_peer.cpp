#include <nlohmann/json.hpp>

#include "bench/moment_text.hpp"
#include "bench/peer.hpp"

namespace bench {
namespace {

using Json = nlohmann::ordered_json;

Json value_of(const Field& field, const ts_value& cell) {
  if (cell.kind == TS_INTEGER && field.is_moment) return MomentText(cell.value.integer).view();
  if (cell.kind == TS_INTEGER) return cell.value.integer;
  if (cell.kind == TS_TEXT) return std::string_view(cell.value.text, cell.length);
  return nullptr;
}

class Nlohmann final : public Peer {
 public:
  std::string_view write(const Rows& rows) override {
    Json data = Json::array();
    for (std::size_t index = 0; index < rows.size(); ++index) {
      // Not by operator[], which would look for each key among the ones before it.
      Json::object_t row;
      row.reserve(width);
      const ts_value* cell = rows.row(index).data();
      for (const Field& field : fields) row.Container::emplace_back(std::string(field.key), value_of(field, *cell++));
      data.push_back(std::move(row));
    }
    Json document;
    document["data"] = std::move(data);
    written_ = document.dump();
    return written_;
  }

 private:
  std::string written_;
};

}  // namespace

std::unique_ptr<Peer> nlohmann() { return std::make_unique<Nlohmann>(); }

}  // namespace bench

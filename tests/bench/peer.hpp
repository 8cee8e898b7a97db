// The other writers of JSON: each from the same rows to the same bytes, as a C++ program would use it.
#pragma once

#include <memory>
#include <string_view>

#include "bench/rows.hpp"

namespace bench {

class Peer {
 public:
  virtual ~Peer() = default;

  /// The document of these rows, valid until the next call. What room a peer can use again it keeps.
  virtual std::string_view write(const Rows& rows) = 0;
};

/// The yardstick: RapidJSON's Writer, which trusts its rows.
std::unique_ptr<Peer> rapidjson();
/// The same with its own check of UTF-8.
std::unique_ptr<Peer> validating_rapidjson();
/// A value, built and dumped.
std::unique_ptr<Peer> nlohmann();
/// Its encoder, which checks UTF-8; only where tests/bench/peers.sh found jsoncons.
std::unique_ptr<Peer> jsoncons();
/// A mutable document, built and written; only where tests/bench/peers.sh found yyjson.
std::unique_ptr<Peer> yyjson();
/// The string builder, and its check of UTF-8; only where tests/bench/peers.sh found simdjson.
std::unique_ptr<Peer> simdjson_builder();

}  // namespace bench

// SPDX-License-Identifier: BSD-3-Clause
// SHA-256 of a stream of bytes: the checksum of checkpoints and the digest of a training run. Fed piece by piece;
// the cuts between the pieces do not matter. Numbers go in as their bytes in memory, on the little-endian machines
// that the library runs on the bytes of the files.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace halograph {

class Digest {
 public:
  Digest& update(std::span<const std::byte> bytes);
  Digest& update(std::string_view text) { return update(std::as_bytes(std::span(text))); }
  /// The values' bytes, without their number.
  template <class T>
  Digest& update(const std::vector<T>& values) requires std::is_arithmetic_v<T> {
    return update(std::as_bytes(std::span(values)));
  }
  template <class T>
  Digest& update(const T& value) requires std::is_arithmetic_v<T> {
    return update(std::as_bytes(std::span(&value, 1)));
  }

  /// The digest of all bytes so far as 64 hexadecimal digits. The stream may go on afterwards.
  std::string hex() const;

 private:
  void compress(const std::byte* block);

  std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<std::byte, 64> open_block_{};
  std::uint64_t length_ = 0;  // in bytes
};

}  // namespace halograph

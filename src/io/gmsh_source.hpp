// SPDX-License-Identifier: BSD-3-Clause
// The values of a .msh file one after the other, whether it is text or binary. In text a record is a
// line; in binary records have no borders. Owns the scanner of the file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "io/text_scanner.hpp"

namespace halograph::io {

class GmshSource {
 public:
  /// Opens the file and reads up to $EndMeshFormat.
  explicit GmshSource(const std::string& path);

  bool is_41() const { return is_41_; }
  bool binary() const { return binary_; }
  /// What follows is text though the file is binary, or the reverse.
  void set_binary(bool binary) { binary_ = binary; }
  TextScanner& scan() { return scan_; }
  const TextScanner& scan() const { return scan_; }

  /// The next line that is not blank, whatever the file's mode.
  std::optional<std::string_view> text_line();
  /// The next line must be `text`.
  void expect_line(std::string_view text);

  /// Next value of the record: 4 bytes in a binary file.
  std::int64_t integer(const char* what);
  /// 8 bytes in a binary file.
  std::int64_t size(const char* what);
  /// A finite number.
  double number(const char* what);
  /// Ends a record: nothing may be left on the line.
  void end_record(const char* what);
  /// Whether the record of a text has more values.
  bool has_more(const char* what);
  /// Takes the next word of a text if it is `word`.
  bool take(std::string_view word, const char* what);
  /// Leaves out what is left of a line.
  void skip_record(const char* what);

 private:
  void read_format();
  LineParser& record(const char* what);

  TextScanner scan_;
  bool is_41_ = false;
  bool binary_ = false;
  std::optional<LineParser> record_;
};

}  // namespace halograph::io

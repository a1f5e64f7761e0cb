// SPDX-License-Identifier: BSD-3-Clause
// Reading a file front to back in bounded memory: lines for text, byte counts for binary parts, and
// error messages that say where. The readers of mesh formats share it. A TextScanner owns its file
// and one buffer; a LineParser only looks at the line that the scanner handed out last. No
// allocation follows a number found in a file. Nothing here communicates.
#pragma once

#include <cstdint>
#include <fstream>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <halograph/core/error.hpp>

namespace halograph::io {

class TextScanner {
 public:
  /// A place to come back to.
  struct Mark {
    std::int64_t offset = 0;
    std::int64_t line = 0;
  };

  /// Opens a file that head_of() takes; a byte order mark of UTF-8 is skipped. Throws FileError otherwise.
  explicit TextScanner(std::string path);

  /// The next line without its end (LF or CR LF), valid until the next call; nothing at the end of the file.
  std::optional<std::string_view> next_line();

  /// The next `count` bytes as they are; `what` names them if the file ends before.
  void read_bytes(void* to, std::int64_t count, const char* what);

  /// Skips up to and including the first line that begins with `text`; false if there is none.
  bool skip_past_line(std::string_view text);

  std::int64_t remaining() const { return size_ - mark_.offset; }
  Mark mark() const { return mark_; }
  void return_to(const Mark& mark);

  /// Errors give a byte offset where `binary` is set, a line number elsewhere.
  void report_bytes(bool binary) { binary_ = binary; }

  /// Throws FileError "<path>, line 12: <message>".
  template <class... Parts>
  [[noreturn]] void fail(const Parts&... message) const {
    throw FileError(cat(place(), ": ", message...));
  }

  /// "<path>, line 12": where the scanner stands.
  std::string place() const;

  /// fail() unless `ok`.
  template <class... Parts>
  void check(bool ok, const Parts&... message) const {
    if (!ok) fail(message...);
  }

  /// Remembers the first number that was too small for a double; see underflow().
  void saw_underflow(std::string_view word) const;
  /// A line for the reader's notes about numbers that were too small, or empty.
  const std::string& underflow() const { return underflow_; }

  /// A count is believed only if the rest of the file can hold so many items of at least `bytes` each.
  void check_count(std::int64_t count, std::int64_t bytes, std::string_view what) const;

 private:
  void refill();

  std::string path_;
  std::ifstream file_;
  std::int64_t size_ = 0;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;  // unread part of the buffer
  Mark mark_;                        // of begin_
  std::int64_t last_offset_ = 0;     // of the value read last, for errors
  bool binary_ = false;
  mutable std::string underflow_;
};

/// `text` in quotes for an error message: cut at 40 characters, unprintable ones escaped. The work is done only
/// if the message is printed: checks stand on every value.
struct Quoted {
  std::string_view text;
};
// Not `quoted`: for a std::string that would also be std::quoted.
inline Quoted in_quotes(std::string_view text) { return {text}; }
std::ostream& operator<<(std::ostream& out, Quoted word);

/// Splits a line at blanks, or at another separator, and turns the words into numbers.
class LineParser {
 public:
  LineParser(const TextScanner& scanner, std::string_view line, char separator = ' ')
      : scanner_(&scanner), rest_(line), separator_(separator) {}

  /// Whether only blanks are left.
  bool done();
  /// The next word; fails naming `what` if there is none.
  std::string_view word(std::string_view what);
  /// The next word as an integer, which it must be to its last character.
  std::int64_t integer(std::string_view what);
  /// The next word as a finite number.
  double number(std::string_view what);
  /// Fails if anything is left on the line.
  void finish(std::string_view what);

 private:
  const TextScanner* scanner_;
  std::string_view rest_;
  char separator_;
};

}  // namespace halograph::io

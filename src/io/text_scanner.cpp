// SPDX-License-Identifier: BSD-3-Clause
#include "io/text_scanner.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "io/file_kind.hpp"

namespace halograph::io {

namespace {

constexpr std::size_t buffer_bytes = std::size_t(1) << 20;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// from_chars takes no plus sign.
std::string_view without_plus(std::string_view word) {
  return word.size() > 1 && word[0] == '+' && word[1] != '-' ? word.substr(1) : word;
}

}  // namespace

TextScanner::TextScanner(std::string path) : path_(std::move(path)) {
  const std::string head = head_of(path_);
  std::error_code error;
  size_ = std::int64_t(std::filesystem::file_size(path_, error));
  require<FileError>(!error, path_, ": ", error.message());
  file_.open(path_, std::ios::binary);
  require<FileError>(file_.is_open(), path_, ": cannot be opened for reading");
  // One byte more than the file, so that a full buffer always means that there is more to read.
  buffer_.resize(std::min(buffer_bytes, std::size_t(size_) + 1));
  refill();
  begin_ = head.size() - without_mark(head).size();
  mark_.offset = std::int64_t(begin_);
}

void TextScanner::refill() {
  std::copy(buffer_.begin() + std::ptrdiff_t(begin_), buffer_.begin() + std::ptrdiff_t(end_), buffer_.begin());
  end_ -= begin_;
  begin_ = 0;
  file_.read(buffer_.data() + end_, std::streamsize(buffer_.size() - end_));
  require<FileError>(!file_.bad(), path_, ": reading failed");
  end_ += std::size_t(file_.gcount());
}

std::optional<std::string_view> TextScanner::next_line() {
  const void* found = std::memchr(buffer_.data() + begin_, '\n', end_ - begin_);
  if (!found) {
    refill();
    found = std::memchr(buffer_.data() + begin_, '\n', end_ - begin_);
  }
  last_offset_ = mark_.offset;
  if (begin_ == end_) return std::nullopt;
  const char* start = buffer_.data() + begin_;
  ++mark_.line;
  check(found || end_ < buffer_.size(), "the line is longer than ", buffer_bytes, " bytes");
  const char* stop = found ? static_cast<const char*>(found) : buffer_.data() + end_;
  const std::size_t used = std::size_t(stop - start) + (found ? 1 : 0);
  begin_ += used;
  mark_.offset += std::int64_t(used);
  if (stop > start && stop[-1] == '\r') --stop;
  return std::string_view(start, std::size_t(stop - start));
}

void TextScanner::read_bytes(void* to, std::int64_t count, const char* what) {
  last_offset_ = mark_.offset;
  check(count <= remaining(), "the file ends inside ", what);
  char* out = static_cast<char*>(to);
  while (count > 0) {
    if (begin_ == end_) refill();
    check(begin_ < end_, "the file ends inside ", what);
    const std::size_t part = std::min(std::size_t(count), end_ - begin_);
    std::memcpy(out, buffer_.data() + begin_, part);
    out += part;
    begin_ += part;
    mark_.offset += std::int64_t(part);
    count -= std::int64_t(part);
  }
}

bool TextScanner::skip_past_line(std::string_view text) {
  bool line_start = true;  // a piece of an overlong line of binary data is no line of its own
  for (;;) {
    if (end_ - begin_ < buffer_.size() / 2 && !file_.eof()) refill();
    if (begin_ == end_) return false;
    const std::string_view rest(buffer_.data() + begin_, end_ - begin_);
    const bool match = line_start && rest.starts_with(text);
    const std::size_t stop = rest.find('\n');
    const std::size_t used = stop == std::string_view::npos ? rest.size() : stop + 1;
    line_start = stop != std::string_view::npos;
    begin_ += used;
    mark_.offset += std::int64_t(used);
    mark_.line += line_start ? 1 : 0;
    if (match) return true;
  }
}

void TextScanner::return_to(const Mark& mark) {
  file_.clear();
  file_.seekg(mark.offset);
  begin_ = end_ = 0;
  mark_ = mark;
}

std::string TextScanner::place() const {
  return binary_ ? cat(path_, ", byte ", last_offset_) : cat(path_, ", line ", mark_.line);
}

void TextScanner::saw_underflow(std::string_view word) const {
  if (underflow_.empty())
    underflow_ =
        cat("numbers too small for 64 bits are read as the nearest, as ", in_quotes(word), " in line ", mark_.line);
}

void TextScanner::check_count(std::int64_t count, std::int64_t bytes, std::string_view what) const {
  check(count >= 0, count, " ", what, ": a count must not be negative");
  check(count <= remaining() / bytes + 1, count, " ", what, " cannot be in the remaining ", remaining(), " bytes");
}

std::ostream& operator<<(std::ostream& out, Quoted word) {
  out << '\'';
  for (char c : word.text.substr(0, 40)) {
    const auto byte = static_cast<unsigned char>(c);
    constexpr std::string_view hex = "0123456789abcdef";
    if (byte >= 32 && byte < 127) out << c;
    else out << "\\x" << hex[byte / 16] << hex[byte % 16];
  }
  return out << (word.text.size() > 40 ? "...'" : "'");
}

bool LineParser::done() {
  while (!rest_.empty() && is_blank(rest_.front())) rest_.remove_prefix(1);
  return rest_.empty();
}

std::string_view LineParser::word(std::string_view what) {
  scanner_->check(!done(), what, " is missing");
  if (separator_ == ' ') {
    const auto stop = std::find_if(rest_.begin(), rest_.end(), is_blank);
    const std::string_view found = rest_.substr(0, std::size_t(stop - rest_.begin()));
    rest_.remove_prefix(found.size());
    return found;
  }
  const std::size_t stop = std::min(rest_.find(separator_), rest_.size());
  const std::string_view found = trimmed(rest_.substr(0, stop));
  rest_.remove_prefix(std::min(stop + 1, rest_.size()));
  scanner_->check(!found.empty(), what, " is missing");
  return found;
}

std::int64_t LineParser::integer(std::string_view what) {
  const std::string_view text = word(what), digits = without_plus(text);
  std::int64_t value = 0;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  scanner_->check(error == std::errc() && stop == digits.data() + digits.size(), what, " is ", in_quotes(text),
                  ", not a 64-bit integer");
  return value;
}

double LineParser::number(std::string_view what) {
  const std::string_view text = word(what), digits = without_plus(text);
  double value = 0;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  scanner_->check(stop == digits.data() + digits.size() && error != std::errc::invalid_argument, what, " is ",
                  in_quotes(text), ", not a number");
  // Solvers print what has died away: too small for a double is as good as zero, and is reported. Too large is not as
  // good as infinity.
  if (error == std::errc::result_out_of_range) value = std::strtod(std::string(digits).c_str(), nullptr);
  scanner_->check(std::isfinite(value), what, " is ", in_quotes(text), ", not a finite number");
  if (error == std::errc::result_out_of_range) scanner_->saw_underflow(text);
  return value;
}

void LineParser::finish(std::string_view what) {
  scanner_->check(done(), "unexpected ", in_quotes(trimmed(rest_)), " after ", what);
}

}  // namespace halograph::io

// SPDX-License-Identifier: BSD-3-Clause
#include "io/gmsh_source.hpp"

#include <bit>
#include <charconv>
#include <cmath>

namespace halograph::io {

namespace {

constexpr std::string_view advice =
    "; 2.0, 2.1, 2.2 and 4.1 are read: let Gmsh write it again, gmsh OLD.msh -save -format msh41 -o NEW.msh";

}  // namespace

GmshSource::GmshSource(const std::string& path) : scan_(path) {
  // Comments and other sections may stand before the format.
  for (;;) {
    const auto line = text_line();
    scan_.check(line.has_value(), "not a Gmsh mesh: $MeshFormat is missing");
    if (line->starts_with("$MeshFormat")) break;
    scan_.check(!line->starts_with("$NOD"), "version 1 of Gmsh's format, $NOD and $ELM", advice);
    scan_.check(line->starts_with("$") && !line->starts_with("$End"), "not a Gmsh mesh: expected a section, found ",
                in_quotes(*line));
    const std::string name(line->substr(1));
    scan_.check(scan_.skip_past_line("$End" + name), "section $", name, " has no end");
  }
  read_format();
}

void GmshSource::read_format() {
  const auto line = text_line();
  scan_.check(line.has_value(), "the format line is missing");
  LineParser format(scan_, *line);
  const std::string_view word = format.word("the version");
  double version = 0;
  std::from_chars(word.data(), word.data() + word.size(), version);
  is_41_ = version == 4.1;
  scan_.check(is_41_ || version == 2 || version == 2.1 || version == 2.2, "version ", in_quotes(word),
              " of Gmsh's format", advice);
  const std::int64_t mode = format.integer("the file type");
  scan_.check(mode == 0 || mode == 1, "file type ", mode, ": expected 0 (text) or 1 (binary)");
  binary_ = mode == 1;
  const std::int64_t bytes = format.integer("the data size");
  scan_.check(bytes == 8 || !binary_, "data size ", bytes, ": only 8 is read");
  format.finish("the format");
  if (binary_) {
    scan_.report_bytes(true);
    std::int32_t one = 0;
    scan_.read_bytes(&one, 4, "the byte order mark");
    constexpr std::int32_t reversed = 0x01000000;
    scan_.check(one != reversed, "the byte order mark is ", one,
                ": the file comes from a machine of the other byte order, ",
                std::endian::native == std::endian::little ? "big" : "little",
                "-endian; let Gmsh write it again, gmsh OLD.msh -save -bin -format msh41 -o NEW.msh");
    scan_.check(one == 1, "the byte order mark is ", one, " instead of 1: not a binary file of Gmsh, or damaged");
  }
  expect_line("$EndMeshFormat");
}

std::optional<std::string_view> GmshSource::text_line() {
  record_.reset();
  while (const auto line = scan_.next_line())
    if (!LineParser(scan_, *line).done()) return line;
  return std::nullopt;
}

void GmshSource::expect_line(std::string_view text) {
  const auto line = text_line();
  scan_.check(line.has_value(), "the file ends where ", text, " is expected");
  LineParser parser(scan_, *line);
  const std::string_view found = parser.word(text);
  scan_.check(found == text, "expected ", text, ", found ", in_quotes(*line));
  parser.finish(text);
}

LineParser& GmshSource::record(const char* what) {
  if (!record_) {
    const auto line = text_line();
    scan_.check(line.has_value(), "the file ends where ", what, " is expected");
    scan_.check(!line->starts_with('$'), "the section ends where ", what, " is expected: ", in_quotes(*line));
    record_.emplace(scan_, *line);
  }
  return *record_;
}

std::int64_t GmshSource::integer(const char* what) {
  if (!binary_) return record(what).integer(what);
  std::int32_t value = 0;
  scan_.read_bytes(&value, sizeof value, what);
  return value;
}

std::int64_t GmshSource::size(const char* what) {
  if (!binary_) return record(what).integer(what);
  std::int64_t value = 0;
  scan_.read_bytes(&value, sizeof value, what);
  return value;
}

double GmshSource::number(const char* what) {
  if (!binary_) return record(what).number(what);
  double value = 0;
  scan_.read_bytes(&value, sizeof value, what);
  scan_.check(std::isfinite(value), what, " is ", value, ", not a finite number");
  return value;
}

void GmshSource::end_record(const char* what) {
  if (record_) record_->finish(what);
  record_.reset();
}

bool GmshSource::has_more(const char* what) { return !record(what).done(); }

bool GmshSource::take(std::string_view word, const char* what) {
  LineParser ahead = record(what);
  if (ahead.word(what) != word) return false;
  record_ = ahead;
  return true;
}

void GmshSource::skip_record(const char* what) {
  record(what);
  record_.reset();
}

}  // namespace halograph::io

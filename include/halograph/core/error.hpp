// SPDX-License-Identifier: BSD-3-Clause
// The error tree. Bad input gets one clear exception that names the file or operation, the
// offending value and the rule. Nothing here communicates: a check that a single rank can fail
// goes through require_all in mpi/communicator.hpp, so that all ranks throw together.
#pragma once

#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>

namespace halograph {

/// Base of every exception that the library throws.
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A call with arguments that do not fit: shape, dtype, layout, range.
struct UsageError : Error {
  using Error::Error;
};

/// A file that cannot be read or written, or whose content breaks a rule of its format.
struct FileError : Error {
  using Error::Error;
};

/// A failed MPI call, or ranks that disagree.
struct MpiError : Error {
  using Error::Error;
};

/// A device that is absent, out of memory or misused.
struct DeviceError : Error {
  using Error::Error;
};

/// A combination that the library does not provide (for example a kernel on a device).
struct NotImplemented : Error {
  using Error::Error;
};

/// The arguments printed one after the other: `cat("rows ", n, " of ", m)`.
template <class... Parts>
std::string cat(const Parts&... parts) {
  std::ostringstream text;
  text.precision(17);
  (text << ... << parts);
  return std::move(text).str();
}

/// Throws `Kind` with the concatenated message unless `ok`. For conditions that all ranks share.
template <class Kind = UsageError, class... Parts>
void require(bool ok, const Parts&... message) {
  if (!ok) throw Kind(cat(message...));
}

}  // namespace halograph

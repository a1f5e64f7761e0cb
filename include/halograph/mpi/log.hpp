// SPDX-License-Identifier: BSD-3-Clause
// Prints lines for the person who watches a run. log() prints what a program wants to say. note() and warn() report
// facts that the library noticed and that change what its user does; a program can take them over with
// set_message_handler().
#pragma once

#include <functional>
#include <iostream>
#include <sstream>
#include <string>

#include <halograph/core/error.hpp>
#include <halograph/mpi/communicator.hpp>

namespace halograph {

/// Prints the parts as one line on rank 0's standard output, numbers with seven significant digits. Not collective.
template <class... Parts>
void log(const Communicator& comm, const Parts&... parts) {
  if (comm.rank() != 0) return;
  std::ostringstream text;
  text.precision(7);
  (text << ... << parts);
  std::cout << std::move(text).str() << std::endl;
}

enum class Severity : unsigned char { note, warning };

/// Receives each message of the library on rank 0, one line without its end.
using MessageHandler = std::function<void(Severity, const std::string&)>;

/// Sends the library's messages to `handler`; an empty one restores the default, lines "halograph: warning: ..." on
/// standard error. Call it where no other thread is inside the library. Not collective.
void set_message_handler(MessageHandler handler);

/// Hands one message to the handler. Prefer note() and warn().
void send_message(Severity severity, const std::string& text);

/// Reports a fact worth knowing. Rank 0's call counts, others do nothing. Not collective.
template <class... Parts>
void note(const Communicator& comm, const Parts&... parts) {
  if (comm.rank() == 0) send_message(Severity::note, cat(parts...));
}

/// Reports a fact that makes results wrong or a run slow. Rank 0's call counts, others do nothing. Not collective.
template <class... Parts>
void warn(const Communicator& comm, const Parts&... parts) {
  if (comm.rank() == 0) send_message(Severity::warning, cat(parts...));
}

}  // namespace halograph

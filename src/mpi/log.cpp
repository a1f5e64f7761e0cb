// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/mpi/log.hpp>

#include <utility>

namespace halograph {
namespace {

MessageHandler& current() {
  static MessageHandler handler;
  return handler;
}

}  // namespace

void set_message_handler(MessageHandler handler) { current() = std::move(handler); }

void send_message(Severity severity, const std::string& text) {
  if (current()) return current()(severity, text);
  // In one piece: the outputs of a job share a pipe, and lines between pieces would tear this one apart.
  std::cerr << cat("halograph: ", severity == Severity::note ? "note: " : "warning: ", text, "\n") << std::flush;
}

}  // namespace halograph

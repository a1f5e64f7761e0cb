// SPDX-License-Identifier: BSD-3-Clause
// Whether arithmetic meets or makes denormal numbers, told by the sticky flags of the processor. Some processors take
// 100 times as long for them; the flags show them on all that have such flags.
#pragma once

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

#include <string>

namespace halograph::testing {

#if defined(__x86_64__)
inline constexpr bool denormals_are_visible = true;
inline unsigned floating_point_state() { return _mm_getcsr(); }
inline void set_floating_point_state(unsigned state) { _mm_setcsr(state); }
#else
inline constexpr bool denormals_are_visible = false;
inline unsigned floating_point_state() { return 0; }
inline void set_floating_point_state(unsigned) {}
#endif

/// What the calling thread did while `body` ran: "" where no number was denormal, else "operands", "results" or both.
/// Results are seen where they were rounded.
template <class Body>
std::string denormals_of(const Body& body) {
  constexpr unsigned operand = 1u << 1, result = 1u << 4;  // DE and UE of MXCSR
  set_floating_point_state(floating_point_state() & ~(operand | result));
  body();
  const unsigned state = floating_point_state();
  std::string found;
  if (state & operand) found = "operands";
  if (state & result) found += found.empty() ? "results" : " and results";
  return found;
}

/// While it lives the calling thread takes denormal operands for 0 and gives 0 for denormal results.
class FlushedDenormals {
 public:
  FlushedDenormals() : before_(floating_point_state()) {
    constexpr unsigned results = 1u << 15, operands = 1u << 6;  // FTZ and DAZ of MXCSR
    set_floating_point_state(before_ | results | operands);
  }
  ~FlushedDenormals() { set_floating_point_state(before_); }
  FlushedDenormals(const FlushedDenormals&) = delete;
  FlushedDenormals& operator=(const FlushedDenormals&) = delete;

 private:
  unsigned before_;
};

}  // namespace halograph::testing

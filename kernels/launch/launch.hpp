// SPDX-License-Identifier: BSD-3-Clause
// How rows and lanes of columns are laid onto threads. A kernel is a named functor whose body
// receives a row and a lane of columns: on the host one native vector (tails halve down to a single
// column), on a device four columns or one. The body is the same source, and does the same arithmetic
// per element for every width.
#pragma once

#include <kernels/kernels.hpp>
#include <kernels/launch/pack.hpp>
#include <kernels/launch/qualifiers.hpp>
#include <kernels/launch/ragged.hpp>

#if HALOGRAPH_ON_BLOCKS
#include <kernels/launch/rows_on_blocks.hpp>
#else
#include <kernels/launch/host.hpp>
#endif

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// Typed views, so that a body computes addresses and nothing else.
template <class T>
struct Rows {
  const T* data;
  std::int64_t stride;
  explicit Rows(const In& view) : data(static_cast<const T*>(view.data)), stride(view.stride) {}
  HALOGRAPH_FN const T* operator[](std::int64_t row) const { return data + row * stride; }
};
template <class T>
struct MutableRows {
  T* data;
  std::int64_t stride;
  explicit MutableRows(const Out& view) : data(static_cast<T*>(view.data)), stride(view.stride) {}
  HALOGRAPH_FN T* operator[](std::int64_t row) const { return data + row * stride; }
};

/// The one switch over numeric types of a kernel file: calls body(T{}).
template <class Body>
void switch_type(DType type, Body&& body) {
  if (type == DType::f32) body(float{});
  else body(double{});
}

inline bool is_contiguous(const In& view) { return view.stride == view.cols || view.rows <= 1; }

/// A contiguous matrix as a single long row, which keeps lanes full however few columns it has.
template <class View>
View as_one_row(View view) {
  view.cols *= view.rows;
  view.rows = view.rows > 0 ? 1 : 0;
  view.stride = view.cols;
  return view;
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND

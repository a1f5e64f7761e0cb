// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/select.hpp>

#include <halograph/autograd/tape.hpp>

#include "core/views.hpp"
#include "ops/check.hpp"

namespace halograph::ops {

using autograd::record;
using Tensors = std::vector<Tensor>;
using Wanted = std::vector<char>;

Tensor select_rows(const RowSelection& selection, const Tensor& x) {
  require_rows("select_rows", x, selection.from());
  const Tensor y = Tensor::empty(selection.rows()->local_rows(), x.cols(), x.dtype(), selection.rows(), x.device());
  kernels::table(y.device()).gather_rows(in(x), {}, selection.row().data(), out(y));
  return record("select_rows", {x}, y, [selection](const Tensors&, const Tensor&, const Tensor& dy, const Wanted&) {
    return Tensors{place_rows({&selection, 1}, {&dy, 1})};
  });
}

Tensor place_rows(std::span<const RowSelection> selections, std::span<const Tensor> parts) {
  require(!parts.empty() && selections.size() == parts.size(), "place_rows: ", parts.size(), " parts for ",
          selections.size(), " selections");
  for (std::size_t k = 0; k < parts.size(); ++k) {
    require_rows("place_rows", parts[k], selections[k].rows());
    require_alike("place_rows", parts[0], parts[k]);
    require(selections[k].from() == selections[0].from() && parts[k].cols() == parts[0].cols(),
            "place_rows: ", parts[0], " and ", parts[k], " do not go into the same rows");
  }
  const RowSpacePtr& all = selections[0].from();
  const Tensor y = Tensor::zeros(all->local_rows(), parts[0].cols(), parts[0].dtype(), all, parts[0].device());
  for (std::size_t k = 0; k < parts.size(); ++k)
    kernels::table(y.device()).put_rows(in(parts[k]), selections[k].row().data(), out(y));
  return record("place_rows", Tensors(parts.begin(), parts.end()), y,
                [kept = std::vector<RowSelection>(selections.begin(), selections.end())](
                    const Tensors&, const Tensor&, const Tensor& dy, const Wanted& wanted) {
                  Tensors gradients(kept.size());
                  for (std::size_t k = 0; k < kept.size(); ++k)
                    if (wanted[k]) gradients[k] = select_rows(kept[k], dy);
                  return gradients;
                });
}

}  // namespace halograph::ops

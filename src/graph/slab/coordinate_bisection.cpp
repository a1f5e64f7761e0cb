// SPDX-License-Identifier: BSD-3-Clause
// All boxes of a level are cut together. Where a box is cut follows from a radix selection over the
// keys (coordinate, id): histograms of one digit of the keys, summed over ranks, say in which bin the
// cut lies; only the nodes of that bin go on to the next digit. Everything that decides is an integer,
// so no rounding and no order of ranks can move a cut.
#include <halograph/graph/slab/partition.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "graph/slab/slab_checks.hpp"

namespace halograph {
namespace {

constexpr int digit_bits = 8;
constexpr std::size_t bins = std::size_t(1) << digit_bits;
// Boxes whose histograms are summed in one go: 2 MiB.
constexpr std::size_t batch_size = 1024;

// Integers in the order of the doubles; -0.0 becomes 0.0.
std::uint64_t ordered_bits(double value) {
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(value + 0.0);
  return bits >> 63 ? ~bits : bits | (std::uint64_t(1) << 63);
}

double from_ordered_bits(std::uint64_t key) {
  return std::bit_cast<double>(key >> 63 ? key ^ (std::uint64_t(1) << 63) : ~key);
}

// floor(total * part / whole) without overflow.
std::int64_t share(std::int64_t total, std::int64_t part, std::int64_t whole) {
  return total / whole * part + total % whole * part / whole;
}

struct Box {
  std::int32_t first_patch, patches;
  std::int32_t begin, end;  // of its local nodes in the order array
};

// The selection in one box. Candidates are local nodes that may lie on either side of the cut.
struct Cut {
  int axis = 0;
  bool by_id = false;
  int shift = 0;  // of the digit in the key
  bool open = true;
  std::int32_t low = 0, high = 0;  // candidates; nodes before are in the lower part, nodes behind in the upper one
  std::int64_t wanted = -1;        // weight of candidates that belongs to the lower part; -1 before the first digit
};

class Bisection {
 public:
  Bisection(const Communicator& comm, const GraphSlab& slab, const SlabFacts& facts)
      : comm_(comm),
        slab_(slab),
        dimension_(facts.dimension),
        weighted_(facts.weighted),
        id_bits_(std::bit_width(std::uint64_t(facts.max_id))),
        order_(slab.node_id.size()) {
    std::iota(order_.begin(), order_.end(), 0);
  }

  std::vector<std::int32_t> run(std::int32_t patches) {
    std::vector<std::int32_t> patch(order_.size());
    std::vector<Box> level{{0, patches, 0, std::int32_t(order_.size())}};
    while (!level.empty()) {
      std::vector<Box> next;
      for (std::size_t first = 0; first < level.size(); first += batch_size)
        cut_batch({level.data() + first, std::min(batch_size, level.size() - first)}, next);
      level.clear();
      for (const Box& box : next) {
        if (box.patches > 1) {
          level.push_back(box);
          continue;
        }
        for (std::int32_t i = box.begin; i < box.end; ++i) patch[std::size_t(order_[std::size_t(i)])] = box.first_patch;
      }
    }
    return patch;
  }

 private:
  double coordinate(std::int32_t node, int axis) const {
    return slab_.position[std::size_t(node) * std::size_t(dimension_) + std::size_t(axis)];
  }

  std::size_t digit(std::int32_t node, const Cut& cut) const {
    const std::uint64_t key =
        cut.by_id ? std::uint64_t(slab_.node_id[std::size_t(node)]) : ordered_bits(coordinate(node, cut.axis));
    return (key >> cut.shift) & (bins - 1);
  }

  // Cuts the boxes of a batch and appends their parts; boxes without a node on any rank are dropped.
  void cut_batch(std::span<const Box> boxes, std::vector<Box>& parts) {
    std::vector<Cut> cuts = choose_axes(boxes);
    while (true) {
      std::vector<std::int64_t> weight = histograms(cuts);
      if (weight.empty()) break;
      const std::int64_t* bin = weight.data();
      for (std::size_t b = 0; b < boxes.size(); ++b) {
        if (!cuts[b].open) continue;
        narrow(boxes[b], bin, cuts[b]);
        bin += bins;
      }
    }
    for (std::size_t b = 0; b < boxes.size(); ++b) {
      const Box& box = boxes[b];
      const std::int32_t lower = box.patches / 2;
      if (cuts[b].axis < 0) continue;
      parts.push_back({box.first_patch, lower, box.begin, cuts[b].low});
      parts.push_back({box.first_patch + lower, box.patches - lower, cuts[b].low, box.end});
    }
  }

  // The longest axis of each box (-1: no nodes) and the first digit in which its keys differ.
  std::vector<Cut> choose_axes(std::span<const Box> boxes) const {
    const std::size_t dimension = std::size_t(dimension_);
    std::vector<std::uint64_t> extreme(boxes.size() * dimension * 2, 0);  // largest key, largest complement
    for (std::size_t b = 0; b < boxes.size(); ++b) {
      std::uint64_t* mine = &extreme[b * dimension * 2];
      for (std::int32_t i = boxes[b].begin; i < boxes[b].end; ++i) {
        for (std::size_t axis = 0; axis < dimension; ++axis) {
          const std::uint64_t key = ordered_bits(coordinate(order_[std::size_t(i)], int(axis)));
          mine[2 * axis] = std::max(mine[2 * axis], key);
          mine[2 * axis + 1] = std::max(mine[2 * axis + 1], ~key);
        }
      }
    }
    extreme = comm_.max(std::span<const std::uint64_t>(extreme));
    std::vector<Cut> cuts(boxes.size());
    for (std::size_t b = 0; b < boxes.size(); ++b) {
      Cut& cut = cuts[b];
      cut.low = boxes[b].begin;
      cut.high = boxes[b].end;
      double longest = -1;
      int differing = 0;
      cut.axis = -1;
      for (std::size_t axis = 0; axis < dimension; ++axis) {
        const std::uint64_t top = extreme[(b * dimension + axis) * 2],
                            bottom = ~extreme[(b * dimension + axis) * 2 + 1];
        if (top < bottom) break;
        const double extent = from_ordered_bits(top) - from_ordered_bits(bottom);
        if (extent <= longest) continue;
        longest = extent;
        cut.axis = int(axis);
        differing = std::bit_width(top ^ bottom);
      }
      cut.open = cut.axis >= 0;
      start(cut, false, differing);
    }
    return cuts;
  }

  void start(Cut& cut, bool by_id, int significant_bits) const {
    if (!by_id && significant_bits == 0) return start(cut, true, id_bits_);
    cut.by_id = by_id;
    cut.shift = std::max(significant_bits - digit_bits, 0);
  }

  // The weight in each bin of each open cut, over all ranks; empty if none is open.
  std::vector<std::int64_t> histograms(const std::vector<Cut>& cuts) const {
    std::vector<std::int64_t> weight;
    for (const Cut& cut : cuts) {
      if (!cut.open) continue;
      weight.resize(weight.size() + bins, 0);
      std::int64_t* bin = &weight[weight.size() - bins];
      for (std::int32_t i = cut.low; i < cut.high; ++i) {
        const std::int32_t node = order_[std::size_t(i)];
        bin[digit(node, cut)] += weighted_ ? slab_.weight[std::size_t(node)] : 1;
      }
    }
    return weight.empty() ? weight : comm_.sum(std::span<const std::int64_t>(weight));
  }

  // Finds the bin in which the cut lies and keeps its nodes as candidates.
  void narrow(const Box& box, const std::int64_t* bin, Cut& cut) {
    if (cut.wanted < 0)
      cut.wanted = share(std::accumulate(bin, bin + bins, std::int64_t(0)), box.patches / 2, box.patches);
    std::size_t chosen = 0;
    while (chosen < bins && cut.wanted >= bin[chosen]) cut.wanted -= bin[chosen++];
    if (chosen == bins) {  // nothing weighs anything
      cut.low = cut.high;
      cut.open = false;
      return;
    }
    const auto first = order_.begin() + cut.low, last = order_.begin() + cut.high;
    const auto equal = std::partition(first, last, [&](std::int32_t node) { return digit(node, cut) < chosen; });
    const auto above = std::partition(equal, last, [&](std::int32_t node) { return digit(node, cut) == chosen; });
    cut.low = std::int32_t(equal - order_.begin());
    cut.high = std::int32_t(above - order_.begin());
    const bool one_left = (cut.by_id && cut.shift == 0) || (!weighted_ && bin[chosen] == 1);
    if (one_left) {  // it goes where its larger part lies
      if (cut.wanted >= bin[chosen] - cut.wanted) cut.low = cut.high;
      cut.open = false;
    } else if (cut.shift > 0) {
      cut.shift = std::max(cut.shift - digit_bits, 0);
    } else {
      start(cut, true, id_bits_);
    }
  }

  const Communicator& comm_;
  const GraphSlab& slab_;
  int dimension_;
  bool weighted_;
  int id_bits_;
  std::vector<std::int32_t> order_;  // local nodes, those of a box together
};

std::vector<std::int32_t> bisect(const Communicator& comm, const GraphSlab& slab, const CoordinateOptions& options) {
  constexpr const char* caller = "coordinate_bisection";
  const SlabFacts facts = check_slab(comm, slab, caller);
  require(facts.dimension > 0, caller, ": the nodes have no positions");
  const std::int64_t patches = checked_patches(options.patches, facts.n_nodes, caller);
  std::string fault;
  for (std::size_t i = 0; fault.empty() && i < slab.position.size(); ++i)
    if (!std::isfinite(slab.position[i]))
      fault = cat(caller, ": node ", slab.node_id[i / std::size_t(slab.dimension)], " has coordinate ",
                  slab.position[i], " on axis ", i % std::size_t(slab.dimension));
  agree<UsageError>(comm, fault);
  if (patches == 1 || facts.n_nodes == 0) return std::vector<std::int32_t>(slab.node_id.size(), 0);
  return Bisection(comm, slab, facts).run(std::int32_t(patches));
}

}  // namespace

Partitioner coordinate_bisection(CoordinateOptions options) {
  return [options](const Communicator& comm, const GraphSlab& slab) { return bisect(comm, slab, options); };
}

}  // namespace halograph

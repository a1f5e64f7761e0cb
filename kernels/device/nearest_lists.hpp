// SPDX-License-Identifier: BSD-3-Clause
// What the kernels of nearest.cpp share: the task, and the lists of best points of a block's queries in shared memory.
#pragma once

#include <kernels/best_points.hpp>
#include <kernels/forest.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// NearestTask with its numeric type.
template <class T>
struct NearestQueries {
  Forest<T> forest;
  Rows<T> query, within;
  const std::int32_t* tree;
  const std::int64_t *except, *within_id;
  MutableRows<T> distance;
  std::int32_t* place;
  std::int64_t count, k;

  explicit NearestQueries(const NearestTask& task)
      : forest(task.forest),
        query(task.query),
        within(task.within),
        tree(task.tree),
        except(task.except),
        within_id(task.within_id),
        distance(task.distance),
        place(task.place),
        count(task.query.rows),
        k(task.k) {}

  /// Whether the tree of a query is more than a leaf.
  HALOGRAPH_FN bool has_branches(std::int64_t q) const { return tree[q] >= 0 && forest.child[tree[q]] >= 0; }

  /// The list of a query in the given memory.
  template <int Stride>
  HALOGRAPH_FN BestPoints<T, Stride> list(std::int64_t q, T* distances, std::int32_t* places) const {
    return {distances, places, int(k), forest.id, except ? except[q] : -1, within_id ? within_id[q] : INT64_MAX};
  }
  HALOGRAPH_FN T reach(std::int64_t q) const { return within.data ? within[q][0] : T(__builtin_inf()); }
};

/// Lists side by side, so that threads next to each other do not meet in a bank whichever entries they look at.
template <class T, int Lists>
struct SharedLists {
  T* distance;
  std::int32_t* place;

  static constexpr HALOGRAPH_FN int bytes(std::int64_t k) {
    return int(k) * Lists * int(sizeof(T) + sizeof(std::int32_t));
  }

  template <class Block>
  HALOGRAPH_FN SharedLists(const Block& block, std::int64_t k)
      : distance(block.template shared<T>(0)),
        place(block.template shared<std::int32_t>(int(k) * Lists * int(sizeof(T)))) {}

  HALOGRAPH_FN BestPoints<T, Lists> of(const NearestQueries<T>& queries, std::int64_t q, int list) const {
    return queries.template list<Lists>(q, distance + list, place + list);
  }

  /// Entry i of a list to the result of a query.
  HALOGRAPH_FN void write(const NearestQueries<T>& queries, std::int64_t q, int i, int list) const {
    queries.distance[q][i] = distance[i * Lists + list];
    queries.place[q * queries.k + i] = place[i * Lists + list];
  }
};

}  // namespace halograph::kernels::HALOGRAPH_BACKEND

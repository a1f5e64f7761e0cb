// SPDX-License-Identifier: BSD-3-Clause
// How many rows a tile of a network has: as many as leave room for two blocks beside each other, but not so many that
// blocks become few. Networks that are too wide for shared memory have their tiles in a buffer.
#pragma once

#include <kernels/device/mlp_tile.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

template <int Rows, bool Spills>
struct TileShape {
  static constexpr int rows = Rows;
  static constexpr bool spills = Spills;
};

/// Blocks that fill a GPU; and blocks that should have room beside each other. The emulation is content with few, and
/// so shows tests all shapes of tiles.
inline constexpr std::int64_t many_blocks = HALOGRAPH_EMULATED ? 3 : 256, beside = HALOGRAPH_EMULATED ? 1 : 2;

/// Of `count` things, how many a block takes one after the other: what it does but once counts less then.
inline std::int64_t in_turn(std::int64_t count) { return std::clamp<std::int64_t>(count / (4 * many_blocks), 1, 8); }

/// Calls launch(TileShape, layout, most blocks) with the shape to use for tiles of this layout.
template <class T, class Launch>
void with_tiles(const TileLayout<T>& layout, std::int64_t rows, const Launch& launch) {
  constexpr int tall = 512 / int(sizeof(T)), middle = tall / 2, flat = tall / 4;
  constexpr std::int64_t any_blocks = std::int64_t(1) << 30;
  const std::int64_t limit = shared_memory_limit();
  const auto suits = [&](int tile_rows) {
    return beside * layout.shared_bytes(tile_rows, false) <= limit && rows >= many_blocks * tile_rows;
  };
  const auto fits = [&](int tile_rows) { return layout.shared_bytes(tile_rows, false) <= limit; };
  if (suits(tall)) return launch(TileShape<tall, false>{}, layout, any_blocks);
  if (suits(middle)) return launch(TileShape<middle, false>{}, layout, any_blocks);
  if (fits(flat)) return launch(TileShape<flat, false>{}, layout, any_blocks);

  constexpr std::int64_t spilled_bytes = std::int64_t(64) << 20;
  const std::int64_t bytes = layout.tile_size(middle) * std::int64_t(sizeof(T));
  const std::int64_t blocks = std::max<std::int64_t>(1, std::min((rows + middle - 1) / middle, spilled_bytes / bytes));
  const Buffer memory(blocks * bytes, this_device());
  TileLayout<T> spilled = layout;
  spilled.spilled = static_cast<T*>(memory.data());
  launch(TileShape<middle, true>{}, spilled, blocks);
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND

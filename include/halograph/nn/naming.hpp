// SPDX-License-Identifier: BSD-3-Clause
// Names of parameters: those of the parts of a layer, behind the layer's own and a dot.
#pragma once

#include <string>
#include <string_view>

namespace halograph::nn {

/// "conv1" and "lin.weight" give "conv1.lin.weight"; a layer without a name gives "lin.weight".
inline std::string join(std::string_view layer, std::string_view part) {
  std::string name(layer);
  if (!name.empty()) name += '.';
  return name.append(part);
}

}  // namespace halograph::nn

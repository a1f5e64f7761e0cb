// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/io/state.hpp>

#include <algorithm>
#include <map>
#include <set>

#include <halograph/core/error.hpp>

namespace halograph::io {
namespace {

std::string renamed(const std::string& name, const StateOptions& options) {
  for (const auto& [there, here] : options.prefixes)
    if (name.starts_with(there)) return here + name.substr(there.size());
  return name;
}

bool is_ignored(const std::string& name, const StateOptions& options) {
  const std::string last = name.substr(name.rfind('.') + 1);  // npos + 1 is 0
  return std::find(options.ignored.begin(), options.ignored.end(), last) != options.ignored.end();
}

void require_same_shape(const NamedTensor& into, const NamedTensor& from, const std::string& source) {
  const std::vector<std::int64_t> wanted = into.axes.of(into.value), given = from.axes.of(from.value);
  const bool both_have_more = wanted.size() > 2 && given.size() > 2;
  require(folded(given) == folded(wanted) && (!both_have_more || given == wanted), source, ": tensor '", from.name,
          "' is ", text_of(given), ", expected ", text_of(wanted));
}

bool same_values(const Tensor& a, const Tensor& b) { return a.to_vector<double>() == b.to_vector<double>(); }

}  // namespace

std::vector<std::string> load_state(std::span<const NamedTensor> into, std::span<const NamedTensor> from,
                                    const std::string& source, const StateOptions& options) {
  std::map<std::string, const NamedTensor*> given;
  for (const NamedTensor& tensor : from) {
    const auto [entry, is_new] = given.emplace(renamed(tensor.name, options), &tensor);
    require(is_new, source, ": tensors '", entry->second->name, "' and '", tensor.name, "' both stand for '",
            entry->first, "'");
  }
  std::set<std::string> known;
  std::map<const TensorData*, const NamedTensor*> chosen;  // by what handles share: a tensor may have several names
  for (const NamedTensor& tensor : into) {
    known.insert(tensor.name);
    const auto found = given.find(tensor.name);
    if (found == given.end()) continue;
    require_same_shape(tensor, *found->second, source);
    const auto [entry, is_new] = chosen.emplace(tensor.value.handle().get(), found->second);
    require(is_new || same_values(entry->second->value, found->second->value), source, ": tensors '",
            entry->second->name, "' and '", found->second->name, "' stand for one tensor and differ");
  }
  std::vector<std::string> alone;
  for (const auto& [name, tensor] : given) {
    if (known.contains(name)) continue;
    require(!options.strict || is_ignored(name, options), source, ": holds '", tensor->name,
            "', which the network does not have");
    alone.push_back(tensor->name);
  }
  for (const NamedTensor& tensor : into) {
    if (chosen.contains(tensor.value.handle().get())) continue;
    require(!options.strict, source, ": has no tensor '", tensor.name, "'");
    alone.push_back(tensor.name);
  }
  for (const NamedTensor& tensor : into) {
    const auto entry = chosen.find(tensor.value.handle().get());
    if (entry == chosen.end()) continue;
    with_dtype(tensor.value.dtype(),
               [&](auto zero) { Tensor(tensor.value).assign(entry->second->value.to_vector<decltype(zero)>()); });
  }
  return alone;
}

}  // namespace halograph::io

// SPDX-License-Identifier: BSD-3-Clause
// Every layer against its reference files: outputs, and gradients by inputs and parameters of the loss sum_k cos(k)
// y_k, of forces too where the file has them. HALOGRAPH_GOLDEN_ONLY=<word> leaves the files with that word in their
// name.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>

#include <halograph/autograd/tape.hpp>
#include <halograph/ops/reduce.hpp>

#include "tests/support/digests/recorded_digests.hpp"
#include "tests/support/golden/golden_bed.hpp"
#include "tests/support/shared_data.hpp"

namespace halograph::testing {
namespace {

constexpr const char* folder = "golden/layers";

std::vector<std::string> all_cases() {
  std::vector<std::string> names;
  if (!shared_missing(folder).empty()) return names;
  for (const auto& entry : std::filesystem::directory_iterator(shared_path(folder)))
    if (entry.path().extension() == ".h5") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> wanted_cases() {
  std::vector<std::string> names = all_cases();
  if (const char* only = std::getenv("HALOGRAPH_GOLDEN_ONLY"))
    std::erase_if(names, [only](const std::string& name) { return name.find(only) == std::string::npos; });
  return names;
}

std::set<std::string> names_of(const std::vector<NamedTensor>& state, bool trainable_only) {
  std::set<std::string> names;
  for (const NamedTensor& named : state)
    if (!trainable_only || named.value.requires_grad()) names.insert(named.name);
  return names;
}

std::set<std::string> names_in(const ReferenceFile& file, const std::string& group) {
  const std::vector<std::string> names = file.members(group);
  return {names.begin(), names.end()};
}

/// Names and axes of the file.
void expect_same_state(const ReferenceFile& file, const std::vector<NamedTensor>& state) {
  EXPECT_EQ(names_of(state, false), names_in(file, "parameters"));
  EXPECT_EQ(names_of(state, true), names_in(file, "gradients/parameters"));
  for (const NamedTensor& named : state) {
    if (!file.has("parameters/" + named.name)) continue;
    EXPECT_EQ(named.axes.of(named.value), file.shape("parameters/" + named.name)) << named.name;
  }
}

/// A result that a file has reference values of.
struct Compared {
  Tensor value;
  std::string data_set;
};

class Check {
 public:
  Check(const GoldenSetup& problem, double tolerance) : problem_(problem), tolerance_(tolerance) {}

  double worst(const std::vector<Compared>& results) {
    double worst = 0;
    for (const Compared& result : results) {
      const double error = problem_.error(result.value, result.data_set);
      seen_.push_back(result.value);
      EXPECT_LE(error, tolerance_) << result.data_set;
      worst = std::max(worst, error);
    }
    return worst;
  }

  Tensor loss(const std::map<std::string, Tensor>& outputs, const std::vector<std::string>& names) const {
    Tensor total;
    std::int64_t first = 0;
    for (const std::string& name : names) {
      const Tensor& y = outputs.at(name);
      const Tensor part = ops::sum(ops::multiply(y, problem_.cosines(y, first)));
      total = total.defined() ? ops::add(total, part) : part;
      first += ops::global_rows(y) * y.cols();
    }
    return total;
  }

  double worst_gradient(const Tensor& loss, const std::vector<Compared>& by) {
    std::vector<Tensor> variables;
    for (const Compared& variable : by) variables.push_back(variable.value);
    const std::vector<Tensor> gradients = grad(loss, variables, {.retain_graph = true});
    std::vector<Compared> results;
    for (std::size_t i = 0; i < by.size(); ++i) results.push_back({gradients[i], by[i].data_set});
    return worst(results);
  }

  /// All that was compared so far.
  const std::vector<Tensor>& seen() const { return seen_; }

 private:
  const GoldenSetup& problem_;
  double tolerance_;
  std::vector<Tensor> seen_;
};

/// The float inputs and trainable parameters with the data sets below `group` that hold the gradients by them.
std::vector<Compared> variables(const GoldenBed& bed, const std::vector<NamedTensor>& state, const std::string& group) {
  std::vector<Compared> found;
  for (const auto& [name, input] : bed.inputs)
    if (input.requires_grad()) found.push_back({input, group + "/inputs/" + name});
  for (const NamedTensor& named : state)
    if (named.value.requires_grad()) found.push_back({named.value, group + "/parameters/" + named.name});
  return found;
}

class GoldenLayers : public ::testing::TestWithParam<std::string> {
 protected:
  void check(DType dtype, double tolerance) const {
    const ReferenceFile file(shared_path(std::string(folder) + "/" + GetParam() + ".h5").string());
    const std::string class_name = file.text_attribute("/", "layer");
    const auto entry = golden_layers().find(class_name);
    ASSERT_TRUE(entry != golden_layers().end()) << class_name << " has no entry in golden_layers()";
    const Communicator world(MPI_COMM_WORLD);
    const GoldenSetup problem(file, world, dtype);
    const GoldenLayer layer = entry->second(problem.bed());
    const std::vector<NamedTensor> state = problem.bed().scope.state();
    expect_same_state(file, state);
    if (HasFailure()) return;
    for (NamedTensor named : state) named.value.assign(file.reals("parameters/" + named.name));

    const std::map<std::string, Tensor> outputs = layer();
    std::vector<Compared> results;
    for (const auto& [name, value] : outputs) results.push_back({value, "outputs/" + name});
    ASSERT_EQ(results.size(), file.members("outputs").size());
    Check check(problem, tolerance);
    const double output = check.worst(results);
    const auto used = nlohmann::json::parse(file.text_attribute("/", "loss_outputs")).get<std::vector<std::string>>();
    double gradient = check.worst_gradient(check.loss(outputs, used), variables(problem.bed(), state, "gradients"));
    if (file.has("gradients_forces"))
      gradient = std::max(gradient, check.worst_gradient(check.loss(outputs, {"forces"}),
                                                         variables(problem.bed(), state, "gradients_forces")));
    // Other rank counts hold other rows; that these have the same bits is the matter of layer_ranks.
    if (world.size() == 1)
      expect_recorded("golden " + std::string(name_of(dtype)) + " " + GetParam(), digest_of(check.seen()));
    if (world.rank() == 0)
      std::printf("  %-24s %s  outputs %.1e  gradients %.1e\n", GetParam().c_str(), std::string(name_of(dtype)).c_str(),
                  output, gradient);
  }
};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(GoldenLayers);
INSTANTIATE_TEST_SUITE_P(Files, GoldenLayers, ::testing::ValuesIn(wanted_cases()),
                         [](const auto& file) { return file.param; });

TEST_P(GoldenLayers, InDouble) { check(DType::f64, 1e-10); }
TEST_P(GoldenLayers, InSingle) { check(DType::f32, 2e-5); }

TEST(GoldenLayerFiles, AreThere) {
  if (const auto why = shared_missing(folder); !why.empty()) GTEST_SKIP() << why;
  EXPECT_FALSE(all_cases().empty());
}

}  // namespace
}  // namespace halograph::testing

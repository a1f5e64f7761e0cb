// SPDX-License-Identifier: BSD-3-Clause
// What is special about models of atoms: tensors with two names, edges beyond the cutoff, padding, options that make no
// sense.
#include <gtest/gtest.h>

#include <map>

#include <halograph/core/error.hpp>
#include <halograph/core/state.hpp>
#include <halograph/nn/model.hpp>
#include <halograph/nn/models/egnn.hpp>
#include <halograph/nn/models/painn.hpp>
#include <halograph/nn/models/schnet.hpp>

#include "tests/support/op_cases/op_cases.hpp"
#include "tests/support/problems/atoms.hpp"
#include "tests/support/refusal.hpp"

namespace halograph::testing {
namespace {

const Random draw(2);
const nn::SchNetOptions small{
    .hidden_channels = 4, .num_filters = 3, .num_interactions = 2, .num_gaussians = 5, .cutoff = 1.2, .max_z = max_z};

TEST(SchNet, ListsFilterNetworksTwiceAndTrainsThemOnce) {
  std::map<std::string, Tensor> by_name;
  const auto state = nn::make<nn::SchNet>(Scope(draw, DType::f64), small).state();
  for (const NamedTensor& named : state) by_name[named.name] = named.value;
  for (const char* part : {"0.weight", "0.bias", "2.weight", "2.bias"})
    for (const std::string block : {"interactions.0.", "interactions.1."})
      EXPECT_EQ(by_name.at(block + "mlp." + part).handle(), by_name.at(block + "conv.nn." + part).handle());
  // One embedding; four filters, four of the convolution and two behind it in each block, of which lin1 has no bias;
  // the readout.
  EXPECT_EQ(trainable(state).size(), 1u + 2 * (4 + 3 + 2) + 4);
  EXPECT_EQ(state.size(), 1u + 1 + 2 * (4 + 4 + 3 + 2) + 4);
}

TEST(SchNet, DoesNotSeeEdgesBeyondTheCutoff) {
  const Atoms atoms = random_atoms(3, 2, 6);
  const AtomBed near = spread(Communicator(), atoms, small.cutoff, DType::f64);
  const AtomBed far = spread(Communicator(), atoms, 3, DType::f64);
  ASSERT_GT(far.graph.n_edges(), near.graph.n_edges());
  const auto energies = [&](const AtomBed& bed, bool mask) {
    auto options = small;
    options.mask_cutoff = mask;
    return to_array(nn::SchNet(Scope(draw, DType::f64), options)(bed.graph, bed.batch, bed.z, bed.pos));
  };
  const Array expected = energies(near, true);
  EXPECT_LE((energies(near, false) - expected).abs().maxCoeff(), 1e-13);
  EXPECT_LE((energies(far, true) - expected).abs().maxCoeff(), 1e-13);
  EXPECT_GT((energies(far, false) - expected).abs().maxCoeff(), 1e-3);
}

TEST(Embedding, StartsWithRowZeroAsPadding) {
  const auto state =
      nn::make<nn::Embedding>(Scope(draw, DType::f64) / "e", {.kinds = 3, .channels = 4, .padding = true}).state();
  const Array weight = to_array(state.at(0).value);
  EXPECT_EQ(weight.row(0).abs().maxCoeff(), 0);
  EXPECT_GT(weight.row(1).abs().minCoeff(), 0);
  EXPECT_EQ(state[0].name, "e.weight");
}

TEST(Embedding, RefusesAnotherNumberOfKinds) {
  const AtomBed bed = spread(Communicator(), random_atoms(3, 1, 4), 1, DType::f64);
  EXPECT_THROW(nn::Embedding(Scope(draw, DType::f64) / "e", {.kinds = max_z + 1, .channels = 4})(bed.z), UsageError);
}

template <class Model, class Options>
void refuse(Options options, const std::string& part) {
  try {
    Model(Scope(draw, DType::f32) / "net", options);
    ADD_FAILURE() << "no error about " << part;
  } catch (const UsageError& error) {
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("net"), std::string::npos) << error.what();
  }
}

TEST(ModelsOfAtoms, RefuseOptionsThatMakeNoSense) {
  refuse<nn::SchNet>(nn::SchNetOptions{.num_gaussians = 1}, "num_gaussians is 1");
  refuse<nn::SchNet>(nn::SchNetOptions{.cutoff = 0}, "cutoff is 0");
  refuse<nn::SchNet>(nn::SchNetOptions{.readout = ops::Aggregation::max}, "readout is max");
  refuse<nn::SchNet>(nn::SchNetOptions{.num_interactions = -1}, "num_interactions is -1");
  refuse<nn::CFConv>(
      nn::CFConvOptions{.in_channels = 1, .out_channels = 1, .num_filters = 1, .edge_dim = 1, .cutoff = -1},
      "cutoff is -1");
  EXPECT_EQ(nn::name_of(nn::parse_radial_basis("gaussian")), "gaussian");
  expect_refusal([] { nn::parse_radial_basis("sinc"); }, {"radial_basis 'sinc'", "bessel, gaussian"});
  refuse<nn::PaiNN>(nn::PaiNNOptions{.epsilon = 0}, "epsilon is 0");
  refuse<nn::EGNNConv>(nn::EGNNConvOptions{.in_channels = 3, .out_channels = 4, .hidden = 2}, "residual");
  refuse<nn::EGNNConv>(
      nn::EGNNConvOptions{.in_channels = 3, .out_channels = 3, .hidden = 2, .coords_agg = ops::Aggregation::max},
      "coords_agg is max");
  refuse<nn::EGNN>(nn::EGNNOptions{.in_channels = 3, .hidden_channels = 3, .out_channels = 3, .num_layers = -2},
                   "num_layers is -2");
}

TEST(EGNNConv, RefusesEdgeFeaturesItHasNoPlaceFor) {
  const AtomBed bed = spread(Communicator(), random_atoms(3, 1, 5), 2, DType::f64);
  const nn::EGNNConv conv(Scope(draw, DType::f64) / "net",
                          {.in_channels = 2, .out_channels = 2, .hidden = 3, .edge_dim = 1});
  const Tensor x = random_operand(bed.graph, {Where::nodes, 2}, DType::f64, 1);
  EXPECT_THROW(conv(bed.graph, x, bed.pos), UsageError);
  EXPECT_THROW(conv(bed.graph, x, bed.pos, random_operand(bed.graph, {Where::edges, 2}, DType::f64, 1)), UsageError);
  EXPECT_THROW(conv(bed.graph, bed.pos, bed.pos, random_operand(bed.graph, {Where::edges, 1}, DType::f64, 1)),
               UsageError);
}

}  // namespace
}  // namespace halograph::testing

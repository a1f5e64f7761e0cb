// SPDX-License-Identifier: BSD-3-Clause
// The trainer knows neither model nor data: here it trains a network of the test's own, with a batch norm and two loss
// terms, on a stream of the test's own. Any number of ranks, an interruption and a restart elsewhere keep the bits.
#include <gtest/gtest.h>

#include <cmath>
#include <csignal>
#include <fstream>
#include <optional>
#include <sstream>
#include <thread>

#include <halograph/autograd/tape.hpp>
#include <halograph/graph/dist/labels.hpp>
#include <halograph/io/state.hpp>
#include <halograph/nn/conv/gcn_conv.hpp>
#include <halograph/nn/linear.hpp>
#include <halograph/nn/model.hpp>
#include <halograph/nn/norm/batch_norm.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/loss.hpp>
#include <halograph/ops/shape.hpp>
#include <halograph/train/trainer.hpp>

#include "tests/io/scratch.hpp"
#include "tests/support/problems/small_training.hpp"
#include "tests/support/problems/test_graph.hpp"

namespace halograph::train {
namespace {

struct Net {
  explicit Net(const Scope& s)
      : conv(s / "conv", {.in_channels = 2, .out_channels = 5}),
        norm(s / "norm", {.in_channels = 5}),
        out(s / "out", 5, 3) {}
  Tensor operator()(const Graph& graph, const Tensor& x, const nn::Mode& mode) const {
    return out(ops::relu(norm(conv(graph, x), mode)));
  }
  nn::GCNConv conv;
  nn::BatchNorm norm;
  nn::Linear out;
};

/// Values of the nodes that differ from step to step.
struct Sample {
  Graph graph;
  Tensor x, value;
  Labels kind;
};

class Samples {
 public:
  Samples(const Communicator& comm, std::int64_t steps, std::int64_t seed)
      : comm_(comm), steps_(steps), seed_(seed), graph_(testing::make_graph(comm, {60, 240, 7}, Device::preferred())) {}
  Communicator comm() const { return comm_; }
  std::int64_t steps_per_epoch() const { return steps_; }
  std::string identity() const { return cat("samples ", seed_); }
  Sample step(std::int64_t epoch, std::int64_t index) const {
    std::vector<double> x, value;
    std::vector<std::int32_t> kind;
    for (const std::int64_t id : graph_.node_id()) {
      const auto noise = double(testing::mix(std::uint64_t(id * 1000 + epoch * 10 + index + seed_)) % 1000) / 1000;
      x.insert(x.end(), {std::cos(double(id)), noise});
      value.push_back(std::cos(double(id)) * noise);
      kind.push_back(noise > 0.5);
    }
    return {graph_, Tensor::from(x, graph_.n_nodes(), 2, DType::f32, graph_.nodes()),
            Tensor::from(value, graph_.n_nodes(), 1, DType::f32, graph_.nodes()), Labels(graph_.nodes(), kind, 2)};
  }

 private:
  Communicator comm_;
  std::int64_t steps_, seed_;
  Graph graph_;
};

nn::Model<Net> make_net() { return nn::make<Net>(Scope(Random(4))); }

Terms loss(const nn::Model<Net>& net, const Sample& s, const nn::Mode& mode) {
  const Tensor output = net(s.graph, s.x, mode);
  return term("value", ops::mean_square_error(ops::slice_columns(output, 0, 1), s.value)) +
         0.5 * term("kind", ops::cross_entropy(ops::slice_columns(output, 1, 2), s.kind));
}

auto make_trainer(const TrainerOptions& options = {}) {
  return Trainer(make_net(), optim::adamw({.schedule = optim::cosine_decay(0.05, 0.001, 9)}), loss, options);
}

struct Outcome {
  Ending ending{};
  std::string digest;
  std::vector<StepReport> history;
  std::vector<ValidationReport> validations;
};

template <class AnyTrainer>
Outcome outcome_of(Ending ending, const AnyTrainer& trainer) {
  return {ending, trainer.digest(), trainer.history(), trainer.validations()};
}

Outcome fit(const Communicator& comm, const FitOptions& options, const TrainerOptions& settings = {},
            const std::function<void(const Training&)>& after_step = {}) {
  auto trainer = make_trainer(settings);
  const Ending ending = trainer.fit(Samples(comm, 3, 1), Samples(comm, 2, 2), options, after_step);
  return outcome_of(ending, trainer);
}

void expect_same(const Outcome& found, const Outcome& expected) {
  EXPECT_EQ(found.digest, expected.digest);
  ASSERT_EQ(found.history.size(), expected.history.size());
  for (std::size_t i = 0; i < found.history.size(); ++i) {
    EXPECT_EQ(found.history[i].loss, expected.history[i].loss);
    EXPECT_EQ(found.history[i].rate, expected.history[i].rate);
    EXPECT_EQ(found.history[i].terms, expected.history[i].terms);
  }
  ASSERT_EQ(found.validations.size(), expected.validations.size());
  for (std::size_t i = 0; i < found.validations.size(); ++i) {
    EXPECT_EQ(found.validations[i].step, expected.validations[i].step);
    EXPECT_EQ(found.validations[i].loss, expected.validations[i].loss);
  }
}

class AnyModel : public ::testing::Test {
 protected:
  Communicator world{MPI_COMM_WORLD}, alone{MPI_COMM_SELF};
  test::Scratch scratch{world};
  std::string path = scratch / "run.h5";
  testing::Messages messages;
};

TEST_F(AnyModel, SameBitsOnAllRanksAsOnOne) {
  for (const double average : {0.0, 0.9}) {
    const TrainerOptions options{.clip_norm = 0.5, .clip_value = 0.3, .average = average};
    const Outcome all = fit(world, {.epochs = 3}, options), one = fit(alone, {.epochs = 3}, options);
    expect_same(all, one);
    EXPECT_EQ(all.ending, Ending::finished);
    EXPECT_EQ(all.history.size(), 9u);
    ASSERT_EQ(all.validations.size(), 3u);
    EXPECT_EQ(all.validations[1].step, 6);
  }
}

TEST_F(AnyModel, ALossIsTheSumOfItsTerms) {
  const Outcome run = fit(world, {.steps = 4});
  ASSERT_EQ(run.history.size(), 4u);
  for (const StepReport& r : run.history) {
    ASSERT_EQ(r.terms.size(), 2u);
    EXPECT_EQ(float(r.loss), float(r.terms[0]) + 0.5f * float(r.terms[1]));
    EXPECT_GT(r.terms[1], 0);
  }
}

TEST_F(AnyModel, AnInterruptedRunEndsAsOneThatWasNot) {
  for (const double average : {0.0, 0.9}) {
    const TrainerOptions settings{.average = average};
    const Outcome whole = fit(alone, {.steps = 9}, settings);
    for (const std::int64_t stop : {1, 3, 4, 8}) {
      // 3 ranks (or as many as there are) begin, all ranks go on.
      const bool early = world.rank() < std::min(3, world.size());
      const Communicator part = world.split(early ? 0 : -1, world.rank());
      if (early) fit(part, {.steps = stop, .checkpoint = path}, settings);
      world.barrier();
      expect_same(fit(world, {.steps = 9, .restart = path}, settings), whole);
    }
  }
}

TEST_F(AnyModel, StopsWhereTheValidationGetsNoBetter) {
  const Outcome longest = fit(world, {.epochs = 20});
  const auto smallest = [&](std::size_t end) {
    std::size_t best = 0;
    for (std::size_t k = 1; k < end; ++k)
      if (longest.validations[k].loss < longest.validations[best].loss) best = k;
    return best;
  };
  std::optional<std::size_t> expected;
  for (std::size_t n = 1; n <= longest.validations.size() && !expected; ++n)
    if (n - 1 - smallest(n) >= 2) expected = n;
  ASSERT_TRUE(expected && *expected < 20) << "the case must be able to tell";
  const Outcome stopped = fit(world, {.epochs = 20, .patience = 2, .checkpoint = path});
  EXPECT_EQ(stopped.ending, Ending::no_improvement);
  EXPECT_EQ(stopped.validations.size(), *expected);
  const Outcome again = fit(world, {.epochs = 20, .patience = 2, .restart = path});
  EXPECT_EQ(again.ending, Ending::no_improvement);
  expect_same(again, stopped);
  // A restart before the last validation remembers the best one.
  fit(world, {.epochs = std::int64_t(*expected) - 1, .checkpoint = path});
  expect_same(fit(world, {.epochs = 20, .patience = 2, .restart = path}), stopped);
  expect_same(fit(world, {.epochs = 20, .patience = 100, .restart = path}), longest);
}

TEST_F(AnyModel, KeepsTheStateOfTheBestValidation) {
  for (const double average : {0.0, 0.5}) {
    auto trainer = make_trainer({.average = average});
    const std::string best = scratch / "best.safetensors";
    const Samples validation(world, 2, 2);
    trainer.fit(Samples(world, 3, 1), validation, {.epochs = 60, .patience = 1, .best = best});
    double smallest = INFINITY;
    for (const ValidationReport& v : trainer.validations()) smallest = std::min(smallest, v.loss);
    const double last = trainer.validations().back().loss;
    EXPECT_NE(last, smallest) << "the case must be able to tell";
    EXPECT_EQ(trainer.validate(), last);
    const auto net = make_net();
    io::load(world, best, net);
    double loss_of_best = 0;
    {
      const NoGrad off;
      for (const std::int64_t k : {0, 1})
        loss_of_best += total(loss(net, validation.step(0, k), nn::Mode::evaluate())).item();
    }
    EXPECT_EQ(loss_of_best / 2, smallest);
  }
}

TEST_F(AnyModel, ASignalToOneRankStopsAllWithACheckpoint) {
  const Outcome whole = fit(alone, {.steps = 9});
  const Outcome stopped = fit(world, {.steps = 9, .checkpoint = path}, {}, [&](const Training& now) {
    if (now.steps_done() == 4 && world.rank() == world.size() - 1) raise(SIGTERM);
  });
  EXPECT_EQ(stopped.ending, Ending::signal);
  EXPECT_EQ(stopped.history.size(), 4u);
  if (world.rank() == 0) {
    ASSERT_EQ(messages.lines.size(), 1u);
    EXPECT_NE(messages.lines[0].find("after step 4 of 9; to go on, start again with restart set to " + path),
              std::string::npos)
        << messages.lines[0];
  }
  expect_same(fit(world, {.steps = 9, .restart = path}), whole);
  struct sigaction now = {};
  sigaction(SIGTERM, nullptr, &now);
  EXPECT_EQ(now.sa_handler, SIG_DFL);
}

int solvers_own = 0;

TEST_F(AnyModel, LeavesAHandlerOfTheProgramAlone) {
  std::signal(SIGTERM, [](int) { ++solvers_own; });
  const Outcome whole = fit(world, {.steps = 3, .checkpoint = path}, {}, [&](const Training& now) {
    if (now.steps_done() == 1) raise(SIGTERM);
  });
  std::signal(SIGTERM, SIG_DFL);
  EXPECT_EQ(solvers_own, 1);
  EXPECT_EQ(whole.ending, Ending::finished);
  const Outcome stopped = fit(world, {.steps = 3, .checkpoint = path}, {}, [&](const Training& now) {
    if (now.steps_done() == 2 && world.rank() == 0) request_stop();
  });
  EXPECT_EQ(stopped.ending, Ending::signal);
  EXPECT_EQ(stopped.history.size(), 2u);
  const Outcome without = fit(world, {.steps = 3}, {}, [&](const Training& now) {
    if (now.steps_done() == 1 && world.rank() == world.size() - 1) request_stop();
  });
  EXPECT_EQ(without.history.size(), 1u) << "a run without a checkpoint stops too";
}

TEST_F(AnyModel, ATimeLimitStopsAllRanks) {
  const Outcome whole = fit(alone, {.steps = 9});
  const Outcome stopped = fit(world, {.steps = 9, .checkpoint = path, .time_limit = 1.5}, {}, [&](const Training& now) {
    if (now.steps_done() == 2 && world.rank() == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1600));
  });
  EXPECT_EQ(stopped.ending, Ending::time_limit);
  EXPECT_LE(stopped.history.size(), 2u);
  expect_same(fit(world, {.steps = 9, .restart = path}), whole);
}

TEST_F(AnyModel, TheTableHasTermsAndValidations) {
  const std::string table = scratch / "history.csv";
  const Outcome run = fit(world, {.epochs = 2, .checkpoint = path, .history = table});
  const auto lines = [&] {
    world.barrier();
    std::istringstream text(test::content_of(table));
    std::vector<std::string> all;
    for (std::string line; std::getline(text, line);) all.push_back(line);
    return all;
  };
  const std::vector<std::string> first = lines();
  ASSERT_EQ(first.size(), 7u);
  EXPECT_EQ(first[0], "step,loss,rate,gradient_norm,seconds,value,kind,validation");
  EXPECT_EQ(first[1].back(), ',');
  double loss = 0, validation = 0;
  ASSERT_EQ(std::sscanf(first[6].c_str(), "6,%lf,%*[^,],%*[^,],%*[^,],%*[^,],%*[^,],%lf", &loss, &validation), 2);
  EXPECT_EQ(loss, run.history[5].loss);
  EXPECT_EQ(validation, run.validations[1].loss);
  world.barrier();
  // The rows of a run that goes on are those of before, seconds included.
  fit(world, {.epochs = 3, .restart = path, .history = table});
  const std::vector<std::string> second = lines();
  ASSERT_EQ(second.size(), 10u);
  EXPECT_TRUE(std::equal(first.begin(), first.end(), second.begin()));
}

template <class Body>
std::string refusal(const Body& body) {
  try {
    body();
  } catch (const UsageError& error) {
    return error.what();
  }
  return "accepted";
}

TEST_F(AnyModel, SaysWhatDoesNotFit) {
  const auto expect = [&](const std::string& what, const auto& body) {
    const std::string message = refusal(body);
    EXPECT_NE(message.find(what), std::string::npos) << message;
  };
  fit(world, {.steps = 2, .checkpoint = path});
  expect("steps is samples 5 here, but samples 1 in the checkpoint",
         [&] { make_trainer().fit(Samples(world, 3, 5), {.epochs = 1, .restart = path}); });
  expect("average.conv.lin.weight", [&] { fit(world, {.epochs = 3, .restart = path}, {.average = 0.5}); });
  expect("0 steps an epoch", [&] { make_trainer().fit(Samples(world, 0, 5), {.epochs = 1}); });
  expect("patience needs a validation",
         [&] { make_trainer().fit(Samples(world, 3, 1), {.epochs = 1, .patience = 1}); });
  expect("time_limit need a checkpoint", [&] { fit(world, {.epochs = 1, .time_limit = 1}); });
  expect("the trainer has no stream", [&] { make_trainer().step(); });
  const auto with_terms = [&](const auto& terms) {
    return [&, terms] {
      Trainer trainer(make_net(), optim::sgd(), [&](const auto& net, const Sample& s) {
        return terms(loss(net, s, nn::Mode::train(1)), net(s.graph, s.x, nn::Mode::train(1)));
      });
      trainer.fit(Samples(world, 3, 1), {.epochs = 1});
    };
  };
  expect("the loss has no term", with_terms([](const Terms&, const Tensor&) { return Terms(); }));
  expect("two loss terms are named 'value'", with_terms([](const Terms& t, const Tensor&) { return t + t; }));
  expect("the loss term 'x' is [", with_terms([](const Terms&, const Tensor& y) { return term("x", y); }));
  expect("'a,b'", with_terms([](const Terms& t, const Tensor&) { return term("a,b", t[0].value); }));
  int calls = 0;
  expect("step 2: the loss has other terms",
         with_terms([&](const Terms& t, const Tensor&) { return ++calls == 1 ? t : term("value", t[0].value); }));
}

}  // namespace
}  // namespace halograph::train

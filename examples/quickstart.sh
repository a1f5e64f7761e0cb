#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# From a fresh checkout to a trained network: builds halograph, generates a Taylor-Green vortex, trains on two MPI
# ranks to predict the next snapshot, and draws what came out. Everything lands in quickstart-output/.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD

. cmake/system-packages.sh
require_packages $build_packages gnuplot-nox python3-vtk9

cmake --preset release -DHALOGRAPH_BUILD_TESTS=OFF -DHALOGRAPH_CUDA=OFF -DHALOGRAPH_HIP=OFF
cmake --build --preset release --target halograph_tool
halograph=$root/build/release/bin/halograph

mkdir -p quickstart-output
cd quickstart-output
"$halograph" generate taylor-green --elements 8 --order 3 --times 0,1,2 --output tgv.h5
"$halograph" partition tgv.h5 --patches 16 --output graph.h5
mpirun -n 2 "$halograph" train "$root/examples/taylor-green.json" --set graph=graph.h5
mpirun -n 2 "$halograph" predict --model model.h5 --graph graph.h5 --frame 0 --output fields.vtkhdf

gnuplot -e "history='history.csv'; picture='loss.png'" "$root/examples/plot_loss.gp"
# The system's python: it is the one that python3-vtk9 installs for.
/usr/bin/python3 "$root/examples/slice_fields.py" fields.vtkhdf slice.dat
gnuplot -e "slice='slice.dat'; picture='fields.png'" "$root/examples/plot_fields.gp"

cat <<END

Done. Please open
  quickstart-output/loss.png      the loss, step by step
  quickstart-output/fields.png    the field that was predicted, the true one and the error, on a slice
quickstart-output/fields.vtkhdf holds the whole field: ParaView opens it.
To see that the number of ranks changes nothing, run
  cd quickstart-output && mpirun -n 4 $halograph verify $root/examples/taylor-green.json
END

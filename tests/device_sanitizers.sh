#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# tests/device_sanitizers.sh [--tools "memcheck racecheck initcheck"] [--filter PATTERN] [--no-build]
# On a machine with an NVIDIA GPU: runs the tests of device kernels (--filter, *Device* without) and those of all
# operations, on one rank, under the tools of compute-sanitizer, which is part of the CUDA toolkit. memcheck finds accesses
# outside a block, racecheck threads that meet in shared memory without a barrier, initcheck reads of memory that nobody
# wrote. Ends with an error if one of them finds something. Blocks are somewhat larger than what was asked for, and used
# again: an access just behind an array may pass.
set -euo pipefail
cd "$(dirname "$0")/.."

tools="memcheck racecheck initcheck" filter='*Device*' build=yes
while [ $# -gt 0 ]; do
  case "$1" in
    --tools) tools=${2:?}; shift 2 ;;
    --filter) filter=${2:?}; shift 2 ;;
    --no-build) build=no; shift ;;
    --help|-h) sed -n '3,8s/^# //p' "$0"; exit 0 ;;
    *) echo "unknown option $1" >&2; exit 2 ;;
  esac
done

PATH=$PATH:${CUDA_HOME:-/usr/local/cuda}/bin:${CUDA_HOME:-/usr/local/cuda}/compute-sanitizer
if ! command -v compute-sanitizer >/dev/null; then
  echo "compute-sanitizer is not here. It comes with the CUDA toolkit (package cuda-sanitizer);" \
    "CUDA_HOME says where that is." >&2
  exit 1
fi

. cmake/system-packages.sh
if [ "$build" = yes ]; then
  require_packages $build_packages libgtest-dev
  cmake --preset release -DHALOGRAPH_BUILD_TESTS=ON -DHALOGRAPH_EMULATED=ON -DHALOGRAPH_CUDA=ON
  cmake --build --preset release --target halograph_tool halograph_tests ops_ranks_mpi
fi
bin=build/release/bin
# The host would step in for a GPU that is not there, and nothing would be found.
"$bin/halograph" devices --require cuda
export HALOGRAPH_DEVICE=cuda

failed=()
for tool in $tools; do
  for program in "halograph_tests --gtest_filter=$filter" ops_ranks_mpi; do
    echo "== $tool: $program"
    # A program is a name with arguments that have no spaces; the filter is not for this shell.
    set -f
    compute-sanitizer --tool "$tool" --error-exitcode 9 --print-limit 20 "$bin/"$program || failed+=("$tool: $program")
    set +f
  done
done
if [ ${#failed[@]} -gt 0 ]; then
  printf 'failed under %s\n' "${failed[@]}" >&2
  exit 1
fi
echo "nothing found by $tools"

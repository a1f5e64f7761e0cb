#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# tests/run.sh [--preset release|debug|asan|guarded|coverage] [--device NAME] [--all-devices] [--long] [ctest arguments ...]
# Installs what the build needs, builds, and runs the tests. --long adds those that take minutes each. --device cuda,
# hip or emulated runs what compares a device with the host: kernels, operations, layers, golden numbers and training
# digests; with --long, all tests on that device. --all-devices compiles the kernels of each GPU compiler that is
# installed and runs the tests on the host.
set -euo pipefail
cd "$(dirname "$0")/.."

preset=release device= long=no gpus=OFF
while [ $# -gt 0 ]; do
  case "$1" in
    --preset) preset=${2:?--preset needs a name}; shift 2 ;;
    --device) device=${2:?--device needs a name}; shift 2 ;;
    --all-devices) gpus=AUTO; shift ;;
    --long) long=yes; shift ;;
    --help|-h) sed -n '3,7s/^# //p' "$0"; exit 0 ;;
    *) break ;;
  esac
done

. cmake/system-packages.sh
# VTK's own reader checks the files that ParaView is to open.
require_packages $build_packages libgtest-dev python3-vtk9
# These two check the format and the reference, where the distribution has them; the tests are skipped where it has not.
for name in clang-format-14 doxygen; do
  if apt-cache show "$name" >/dev/null 2>&1; then require_packages "$name"; fi
done

if [ -z "${CMAKE_CXX_COMPILER_LAUNCHER:-}" ] && command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi
# The quickstart leaves the tests out in the same folder. Kernels of GPUs take as long to compile as all the rest.
options=(-DHALOGRAPH_BUILD_TESTS=ON -DHALOGRAPH_EMULATED=ON -DHALOGRAPH_WERROR=ON)
[ "$preset" != release ] || options+=(-DHALOGRAPH_CUDA="$gpus" -DHALOGRAPH_HIP="$gpus" -DHALOGRAPH_TEST_DEVICE="${device:-host}")
[ -z "$device" ] || options+=(-DHALOGRAPH_TEST_DEVICE="$device")
case "$device" in cuda|hip) options+=("-DHALOGRAPH_${device^^}=ON") ;; esac
cmake --preset "$preset" "${options[@]}"
cmake --build --preset "$preset"

choose=()
[ "$long" = yes ] || choose=(-LE '^long$')
if [ -n "$device" ]; then
  # A device that is not there would be replaced by the host, and everything would pass.
  "build/$preset/bin/halograph" devices --require "$device"
  [ "$long" = yes ] || choose=(-L '^device$')
fi
ctest --test-dir "build/$preset" --output-on-failure --no-tests=error -j "$(nproc)" "${choose[@]}" "$@"

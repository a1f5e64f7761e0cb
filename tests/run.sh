#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# tests/run.sh [--preset release|debug|asan|guarded|coverage] [--long] [ctest arguments ...]
# Installs what the build needs, builds, and runs the tests. --long adds those that take minutes each.
set -euo pipefail
cd "$(dirname "$0")/.."

preset=release
choose=(-LE '^long$')
while [ $# -gt 0 ]; do
  case "$1" in
    --preset) preset=${2:?--preset needs a name}; shift 2 ;;
    --long) choose=(); shift ;;
    --help|-h) sed -n '3,4s/^# //p' "$0"; exit 0 ;;
    *) break ;;
  esac
done

. cmake/system-packages.sh
# VTK's own reader checks the files that ParaView is to open.
require_packages $build_packages libgtest-dev python3-vtk9

if [ -z "${CMAKE_CXX_COMPILER_LAUNCHER:-}" ] && command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi
# The quickstart leaves these out in the same folder.
cmake --preset "$preset" -DHALOGRAPH_BUILD_TESTS=ON
cmake --build --preset "$preset"
ctest --test-dir "build/$preset" --output-on-failure --no-tests=error -j "$(nproc)" "${choose[@]}" "$@"

#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# tests/benchmarks/run.sh [options]: halograph against PyTorch on the same cores, in turns, and two ranks against one; or
# on the same device, in turns, after its kernels against what the device can do.
#   --device NAME              host, cuda, hip, or emulated to see that all runs (host)
#   --cases small,large,wide   networks to run
#   --elements N               spectral elements along each axis, in place of each case's own
#   --kernel-elements N        the same for single kernels, which are measured on a device
#   --cores "1 2"              numbers of cores, on the host
#   --rounds N                 turns of each pair (3)
#   --samples N                steps in each turn, of which the median counts (5)
#   --forms "plain pyg"        rivals (plain and pyg; on a device compiled and tf32 too: compiled, without and with TF32)
#   --scaling N                elements along each axis and rank on one rank and two, as --elements; 0: not run
#   --checkpoint               train halograph with checkpoints
#   --keep-pages               let PyTorch's allocator keep freed memory, which spares it page faults
#   --layers LIST              single layers against PyTorch Geometric instead of networks: names, or "all"
#   --nodes N                  nodes that layers work on (20000; on a GPU 100000)
#   --python FILE              a python with PyTorch (also HALOGRAPH_BENCH_PYTHON)
#   --output DIR               where the reports go (build/benchmark-reports)
#   --no-build                 take the program as it is
# Prints tables in markdown, and writes them with all figures to DIR/comparison.md and DIR/comparison.json.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=tests/benchmarks

device=host cases=small,large,wide elements= kernel_elements= cores="1 2" rounds=3 samples=5 scaling= checkpoint=()
keep_pages=() build=yes layers= nodes= forms= given_python=${HALOGRAPH_BENCH_PYTHON:-} output=build/benchmark-reports
while [ $# -gt 0 ]; do
  case "$1" in
    --device) device=${2:?}; shift 2 ;;
    --cases) cases=${2:?}; shift 2 ;;
    --elements) elements=${2:?}; shift 2 ;;
    --kernel-elements) kernel_elements=${2:?}; shift 2 ;;
    --cores) cores=${2:?}; shift 2 ;;
    --rounds) rounds=${2:?}; shift 2 ;;
    --samples) samples=${2:?}; shift 2 ;;
    --forms) forms=${2:?}; shift 2 ;;
    --scaling) scaling=${2:?}; shift 2 ;;
    --checkpoint) checkpoint=(--checkpoint); shift ;;
    --keep-pages) keep_pages=(MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=-1 MALLOC_TOP_PAD_=67108864); shift ;;
    --layers) layers=${2:?}; shift 2 ;;
    --nodes) nodes=${2:?}; shift 2 ;;
    --python) given_python=${2:?}; shift 2 ;;
    --output) output=${2:?}; shift 2 ;;
    --no-build) build=no; shift ;;
    --help|-h) sed -n '3,22s/^# //p' "$0"; exit 0 ;;
    *) echo "unknown option $1" >&2; exit 2 ;;
  esac
done
options=() rival_device=cpu
case "$device" in
  host) ;;
  emulated) options=(-DHALOGRAPH_EMULATED=ON) ;;
  cuda|hip) options=("-DHALOGRAPH_${device^^}=ON") rival_device=cuda ;;
  *) echo "--device $device is not one of host, cuda, hip, emulated" >&2; exit 2 ;;
esac
if [ "$device" = hip ] && [ -z "$given_python" ]; then
  echo "--device hip needs --python with PyTorch for ROCm" >&2
  exit 2
fi
if [ -z "$nodes" ]; then [ $rival_device = cuda ] && nodes=100000 || nodes=20000; fi

. cmake/system-packages.sh
. $here/python.sh
if [ "$build" = yes ]; then
  require_packages $build_packages libgtest-dev
  cmake --preset release "${options[@]}" >/dev/null
  cmake --build --preset release --target halograph_bench
fi
bench=$PWD/build/release/bin/halograph_bench
find_python "$given_python" $rival_device
if [ -z "$forms" ]; then
  forms=plain
  ! "$python" -W ignore -c 'import torch_geometric' 2>/dev/null || forms+=" pyg"
  [ $rival_device = cpu ] || forms+=" compiled tf32"
fi
mkdir -p "$output"
rm -f "$output"/*.json "$output"/*.md

[ "$layers" = all ] && chosen=() || chosen=(--layers "$layers")
begin=$SECONDS
progress() { echo "$*: $((SECONDS - begin)) s since the start" >&2; }
if [ "$device" = host ]; then . $here/run_cores.sh; else . $here/run_device.sh; fi
if [ -n "$layers" ]; then python3 $here/compare_layers.py "$output"; else python3 $here/compare.py "$output"; fi

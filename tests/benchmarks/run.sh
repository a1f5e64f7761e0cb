#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# tests/benchmarks/run.sh [options]: halograph against PyTorch on the same cores, in turns, and two ranks against one.
#   --cases small,large,wide   networks to run
#   --elements N               spectral elements along each axis, in place of each case's own
#   --cores "1 2"              numbers of cores
#   --rounds N                 turns of each pair (3)
#   --samples N                steps in each turn, of which the median counts (5)
#   --scaling N                elements along each axis and rank on one rank and two, as --elements; 0: not run
#   --checkpoint               train halograph with checkpoints
#   --keep-pages               let PyTorch's allocator keep freed memory, which spares it page faults
#   --layers LIST              single layers against PyTorch Geometric instead of networks: names, or "all"
#   --nodes N                  nodes that layers work on (20000)
#   --python FILE              a python with PyTorch (also HALOGRAPH_BENCH_PYTHON)
#   --output DIR               where the reports go (build/benchmark-reports)
#   --no-build                 take the program as it is
# Prints tables in markdown, and writes them with all figures to DIR/comparison.md and DIR/comparison.json.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=tests/benchmarks

cases=small,large,wide elements= cores="1 2" rounds=3 samples=5 scaling= checkpoint=() keep_pages=() build=yes layers= nodes=20000
given_python=${HALOGRAPH_BENCH_PYTHON:-} output=build/benchmark-reports
while [ $# -gt 0 ]; do
  case "$1" in
    --cases) cases=${2:?}; shift 2 ;;
    --elements) elements=${2:?}; shift 2 ;;
    --cores) cores=${2:?}; shift 2 ;;
    --rounds) rounds=${2:?}; shift 2 ;;
    --samples) samples=${2:?}; shift 2 ;;
    --scaling) scaling=${2:?}; shift 2 ;;
    --checkpoint) checkpoint=(--checkpoint); shift ;;
    --keep-pages) keep_pages=(MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=-1 MALLOC_TOP_PAD_=67108864); shift ;;
    --layers) layers=${2:?}; shift 2 ;;
    --nodes) nodes=${2:?}; shift 2 ;;
    --python) given_python=${2:?}; shift 2 ;;
    --output) output=${2:?}; shift 2 ;;
    --no-build) build=no; shift ;;
    --help|-h) sed -n '3,17s/^# //p' "$0"; exit 0 ;;
    *) echo "unknown option $1" >&2; exit 2 ;;
  esac
done

. cmake/system-packages.sh
. $here/python.sh
if [ "$build" = yes ]; then
  require_packages $build_packages libgtest-dev
  cmake --preset release >/dev/null
  cmake --build --preset release --target halograph_bench
fi
bench=$PWD/build/release/bin/halograph_bench
find_python "$given_python"
forms=(plain)
"$python" -W ignore -c 'import torch_geometric' 2>/dev/null && forms+=(pyg)
mkdir -p "$output"
rm -f "$output"/*.json "$output"/*.md

# Every process runs on the first cores of those that this shell may use.
mapfile -t mine < <(python3 -c 'import os; print(*sorted(os.sched_getaffinity(0)), sep="\n")')
on_cores() {
  local count=$1 list
  shift
  list=$(IFS=,; echo "${mine[*]:0:count}")
  if command -v taskset >/dev/null; then taskset -c "$list" "$@"; else "$@"; fi
}
ours() {  # ours RANKS REPORT ARGUMENTS...
  local ranks=$1 report=$2 launch=()
  shift 2
  [ "$ranks" -eq 1 ] || launch=(mpirun -n "$ranks")
  HALOGRAPH_THREADS=1 on_cores "$ranks" "${launch[@]}" "$bench" --only cases --samples "$samples" "${checkpoint[@]}" \
    --json "$report" "$@" >/dev/null
}
theirs() {  # theirs THREADS FORM LIKE REPORT
  on_cores "$1" env OMP_NUM_THREADS="$1" "${keep_pages[@]}" "$python" -W ignore $here/rival_torch.py \
    --threads "$1" --form "$2" --like "$3" --samples "$samples" --json "$4" >/dev/null
}

begin=$SECONDS
if [ -n "$layers" ]; then
  [ "$layers" = all ] && chosen=() || chosen=(--layers "$layers")
  for count in $cores; do
    for round in $(seq "$rounds"); do
      report=$output/layers-ours-$count-$round.json
      HALOGRAPH_THREADS=$count on_cores "$count" "$bench" --only layers --nodes "$nodes" --samples "$samples" \
        "${chosen[@]}" --json "$report" >/dev/null
      on_cores "$count" env OMP_NUM_THREADS="$count" "${keep_pages[@]}" "$python" -W ignore $here/rival_layers.py \
        --threads "$count" --like "$report" --samples "$samples" --json "$output/layers-pyg-$count-$round.json" >/dev/null
      echo "layers on $count cores, round $round: $((SECONDS - begin)) s since the start" >&2
    done
  done
  python3 $here/compare_layers.py "$output"
  exit
fi
for count in $cores; do
  if [ "$count" -gt "${#mine[@]}" ]; then echo "skipping $count cores: only ${#mine[@]} here" >&2; continue; fi
  for name in ${cases//,/ }; do
    for round in $(seq "$rounds"); do
      report=$output/ours-$name-$count-$round.json
      ours "$count" "$report" --cases "$name" ${elements:+--elements "$elements"}
      for form in "${forms[@]}"; do theirs "$count" "$form" "$report" "$output/$form-$name-$count-$round.json"; done
      echo "$name on $count cores, round $round: $((SECONDS - begin)) s since the start" >&2
    done
  done
done

# As many nodes a rank on two ranks as on one.
scaling=${scaling:-$elements}
if [ "$scaling" != 0 ] && [ "${#mine[@]}" -ge 2 ]; then
  for name in ${cases//,/ }; do
    for round in $(seq "$rounds"); do
      for ranks in 1 2; do
        ours $ranks "$output/scaling-$name-$ranks-$round.json" --cases "$name" --per-rank \
          ${scaling:+--elements "$scaling"}
      done
      echo "$name one rank and two, round $round: $((SECONDS - begin)) s since the start" >&2
    done
  done
fi
python3 $here/compare.py "$output"

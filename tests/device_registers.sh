#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# tests/device_registers.sh [kernel files ...]
# Registers, spills and stack of the kernels written for blocks of threads, as nvcc (sm_80, sm_90) and hipcc (gfx90a)
# compile them; the files of kernels/device without arguments. No GPU is needed. A line a kernel, those that spill first.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- kernels/device/{linear,mlp,mlp_gradient,row_sums,group_sums}.cpp kernels/device/{nearest,within}.cpp
common=(-std=c++20 -I. -Iinclude -O2)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# "kernel<types>" out of a demangled launch of it.
short() { c++filt | sed -E 's/halograph::kernels::(cuda|hip):://g; s/\(anonymous namespace\):://g; s/void block_kernel<([0-9]+), /\1 threads, /; s/>\((.*)\)$//; s/ >/>/g'; }

cuda_table() {
  nvcc -x cu "${common[@]}" --fmad=false "-gencode=arch=compute_$1,code=sm_$1" -DHALOGRAPH_BACKEND=cuda -Xptxas -v \
    -c "$2" -o "$work/o" 2>&1 | awk -v arch="sm_$1" -v file="$(basename "$2" .cpp)" '
      /Compiling entry function/ { split($0, part, "\047"); name = part[2] }
      /bytes stack frame/ { stack = $1; spills = $5 + $9 }
      /Used [0-9]+ registers/ { match($0, /Used [0-9]+/); printf "%d\t%s\t%s\t%s\t%s\t%s\n", spills, arch, file, substr($0, RSTART + 5, RLENGTH - 5), stack, name }'
}
hip_table() {
  hipcc -x hip "${common[@]}" -ffp-contract=off -fPIC --offload-arch=gfx90a -DHALOGRAPH_BACKEND=hip \
    -Rpass-analysis=kernel-resource-usage -c "$1" -o "$work/o" 2>&1 | awk -v file="$(basename "$1" .cpp)" '
      /Function Name:/ { for (i = 1; i <= NF; ++i) if ($i == "Name:") name = $(i + 1) }
      / VGPRs:/ { for (i = 1; i <= NF; ++i) if ($i == "VGPRs:") registers = $(i + 1) }
      /ScratchSize/ { match($0, /: [0-9]+ \[/); stack = substr($0, RSTART + 2, RLENGTH - 4) }
      /VGPRs Spill:/ { match($0, /Spill: [0-9]+/); printf "%d\tgfx90a\t%s\t%s\t%s\t%s\n", substr($0, RSTART + 7), file, registers, stack, name }'
}

{
  for file in "$@"; do
    [ -e "$file" ] || continue
    if command -v nvcc >/dev/null; then
      cuda_table 80 "$file"
      cuda_table 90 "$file"
    fi
    if command -v hipcc >/dev/null; then hip_table "$file"; fi
  done
} | sort -t $'\t' -k1,1nr -k2,3 > "$work/table"
[ -s "$work/table" ] || { echo "neither nvcc nor hipcc is here" >&2; exit 1; }
printf '%8s %-7s %-14s %9s %6s  %s\n' spilled arch file registers stack kernel
short < "$work/table" | while IFS=$'\t' read -r spilled arch file registers stack kernel; do
  printf '%8s %-7s %-14s %9s %6s  %s\n' "$spilled" "$arch" "$file" "$registers" "$stack" "$kernel"
done

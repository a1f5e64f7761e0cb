#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# example_programs.sh "mpirun -n" PREPARE RUN [ARGUMENT...]: PREPARE makes files on two ranks, RUN prints the same lines
# and leaves the same files on one rank and on three.
set -euo pipefail
mpirun=$1 prepare=$2 run=$3
shift 3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
$mpirun 2 "$prepare" "${@:1:1}"
mkdir one three
for place in one three; do cp ./*.h5 $place; done
(cd one && $mpirun 1 "$run" "$@" >out)
(cd three && $mpirun 3 "$run" "$@" >out)
cat one/out
[ -s one/out ]
diff -r one three

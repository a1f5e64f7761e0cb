#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# same_digest.sh "mpirun -n" PROGRAM: the program prints the same line "digest ..." on one rank and on three.
set -euo pipefail
alone=$($1 1 "$2")
three=$($1 3 "$2")
printf '%s\n%s\n' "$alone" "$three"
[ "$(grep -c '^digest ' <<<"$alone")" -eq 1 ]
[ "$(grep '^digest ' <<<"$alone")" = "$(grep '^digest ' <<<"$three")" ]

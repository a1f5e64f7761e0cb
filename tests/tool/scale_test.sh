# SPDX-License-Identifier: BSD-3-Clause
# Predictions: with all costs given, the table is arithmetic on counts.
. "$(dirname "$0")/support.sh"
row() { grep -qF "| $1" out || fail "no row '$1'"; }

# A brick of 4 x 4 x 4 nodes: 6 messages of 16 rows of 32 bytes, 8 exchanges a step; 8 of 64 nodes wait for nobody;
# 2 sums of 3,961 gradients in all, up and down a tree of 6, 11 and 14 levels.
for ranks in 1 3; do
  works $ranks scale --elements 2 --order 2 --networks small --sample-elements 1 --sample-steps 1 \
    --seconds-per-node 1e-3 --bytes-per-node 1024 --latency 1e-4 --bandwidth 1e6
  says '64 nodes, 384 edges, 96 ghosts in 1 patches'
  says 'sends 96 rows in 6 messages, its adjoint 96 in 6; 56 nodes wait'
  row 'small network | 64 | 4,096 | 0.064 s | 29.4 ms | 193 ms | 0.2859 s | 0.2779 s | 22.39 % | 23.03 % | 76.00 KiB | '
  row 'small network | 2,048 | 131,072 | 0.064 s | 29.4 ms | 353 ms | '
  row 'small network | 16,384 | 1,048,576 | 0.064 s | 29.4 ms | 449 ms | '
done
# Recomputed steps exchange once more, and sum each by itself.
works 1 scale --elements 1 --order 1 --ranks 27 --sample-elements 1 --set model.checkpoint=true --set model.steps=2
says '; a step has 6 exchanges'
says 'measured, tensors and topology'
says 'assumed'
works 2 scale --elements 1 --order 1 --ranks 27 --sample-elements 1 --networks small
says 'measured between two ranks here'

for wrong in '--ranks 26' '--ranks 64,x' '--elements 0' '--order 65' '--networks huge' '--latency 0' '--bandwidth -1' '--seconds-per-node 0'; do
  on 1 scale --sample-elements 1 --elements 1 --order 1 $wrong
  [ $code -eq 2 ] || fail "scale $wrong gives exit code $code"
done
fails_with 2 "model.hiden: unknown key; did you mean model.hidden?" scale --set model.hiden=3

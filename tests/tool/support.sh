# SPDX-License-Identifier: BSD-3-Clause
# Sourced by the tests of the tool: a folder of their own and checks that name what went wrong.
set -u
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

fail() {
  echo "FAILED: $*" >&2
  [ -f out ] && sed 's/^/  | /' out >&2
  exit 1
}

# on R COMMAND...: the tool on R ranks; its output in the file `out`, its exit code in $code.
on() {
  local ranks=$1
  shift
  timeout 60 $MPIRUN "$ranks" "$HALOGRAPH" "$@" >out 2>&1
  code=$?
}

works() {
  on "$@"
  [ $code -eq 0 ] || fail "exit code $code from: $*"
}

# fails_with R TEXT COMMAND...: exit code not 0, TEXT in the output exactly once, all within 10 s.
fails_with() {
  local ranks=$1 text=$2 start=$SECONDS
  shift 2
  on "$ranks" "$@"
  [ $code -ne 0 ] || fail "no error from: $*"
  [ $((SECONDS - start)) -le 10 ] || fail "$((SECONDS - start)) s for the error of: $*"
  [ "$(grep -cF -- "$text" out)" -eq 1 ] || fail "not once '$text' from: $*"
}

says() { grep -qE -- "$1" out || fail "no '$1'"; }
digest() { grep '^digest ' out || fail "no digest"; }

config() {
  cat >config.json <<EOF
{ "graph": "graph.h5", "input": ["velocity", "pressure"], "target": "velocity", "target_shift": 1, "steps": 4,
  "model": { "hidden": 4, "mlp_hidden_layers": 1, "steps": 2 } }
EOF
}

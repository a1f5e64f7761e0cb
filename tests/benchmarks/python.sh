# SPDX-License-Identifier: BSD-3-Clause
# Sourced by run.sh, not run. find_python sets `python` to one that has PyTorch, and says which: the one given, else a
# virtual environment under build/ with the current release from the package index, else the system's.

has_torch() { "$1" -c 'import torch' 2>/dev/null; }

# The index of processor builds is tried first: the usual ones bring gigabytes for GPUs.
make_environment() {
  local folder=$1 pip=("$1/bin/python" -m pip install --quiet --disable-pip-version-check)
  python3 -m venv "$folder" || return 1
  "${pip[@]}" --retries 0 --timeout 20 --index-url https://download.pytorch.org/whl/cpu torch 2>/dev/null ||
    "${pip[@]}" torch || return 1
  "${pip[@]}" torch_geometric scipy || echo "torch_geometric cannot be installed: only the plain form takes part" >&2
}

find_python() {
  local folder=build/benchmark-python
  python=${1:-}
  if [ -n "$python" ]; then
    has_torch "$python" || { echo "$python cannot import torch" >&2; return 1; }
    echo "PyTorch: as given"
    return
  fi
  if ! has_torch "$folder/bin/python"; then
    rm -rf "$folder"
    make_environment "$folder" || echo "no PyTorch from the package index" >&2
  fi
  if has_torch "$folder/bin/python"; then
    python=$folder/bin/python
    echo "PyTorch: from the package index, in $folder"
    return
  fi
  require_packages python3-torch
  python=/usr/bin/python3
  has_torch "$python" || { echo "no PyTorch here: neither the package index nor python3-torch" >&2; return 1; }
  echo "PyTorch: the system's package, whose BLAS picks slow kernels on some processors"
}

# SPDX-License-Identifier: BSD-3-Clause
# Sourced by run.sh, not run. find_python sets `python` to one that has PyTorch for a device, cpu or cuda (which is what
# PyTorch calls AMD's GPUs too), and says which: the one given, else a virtual environment under build/ with the current
# release from the package index, else, on the processor, the system's.

has_torch() { "$1" -c "import torch; assert '$2' == 'cpu' or torch.cuda.is_available()" 2>/dev/null; }

# For the processor the index of its builds is tried first: the usual ones bring gigabytes for GPUs.
make_environment() {
  local folder=$1 pip=("$1/bin/python" -m pip install --quiet --disable-pip-version-check)
  python3 -m venv "$folder" || return 1
  { [ "$2" = cpu ] &&
    "${pip[@]}" --retries 0 --timeout 20 --index-url https://download.pytorch.org/whl/cpu torch 2>/dev/null; } ||
    "${pip[@]}" torch || return 1
  "${pip[@]}" torch_geometric scipy || echo "torch_geometric cannot be installed: only the plain form takes part" >&2
}

find_python() {  # find_python PYTHON DEVICE
  local kind=$2 folder=build/benchmark-python
  [ "$kind" = cpu ] || folder+=-$kind
  python=$1
  if [ -n "$python" ]; then
    has_torch "$python" "$kind" || { echo "$python has no PyTorch that works on $kind" >&2; return 1; }
    echo "PyTorch: as given"
    return
  fi
  if ! has_torch "$folder/bin/python" "$kind"; then
    rm -rf "$folder"
    make_environment "$folder" "$kind" || echo "no PyTorch from the package index" >&2
  fi
  if has_torch "$folder/bin/python" "$kind"; then
    python=$folder/bin/python
    echo "PyTorch: from the package index, in $folder"
    return
  fi
  if [ "$kind" != cpu ]; then
    echo "no PyTorch here that works on the GPU; --python names one" >&2
    return 1
  fi
  require_packages python3-torch
  python=/usr/bin/python3
  has_torch "$python" cpu || { echo "no PyTorch here: neither the package index nor python3-torch" >&2; return 1; }
  echo "PyTorch: the system's package, whose BLAS picks slow kernels on some processors"
}

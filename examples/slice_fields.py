# SPDX-License-Identifier: BSD-3-Clause
"""slice_fields.py FIELDS.vtkhdf SLICE.dat [FIELD]: the points of the plane of nodes next to the middle of z, one per
line: x y predicted true error, the first component of FIELD (the first one that has all three if left out). Lines of
nodes in y are separated by an empty line, which is the form of a surface in gnuplot."""
import itertools
import sys

from vtkmodules.vtkIOHDF import vtkHDFReader

ENDINGS = ("_predicted", "_true", "_error")


def read_grid(path):
    reader = vtkHDFReader()
    reader.SetFileName(path)
    reader.Update()
    return reader.GetOutput()


def fields_of(grid):
    data = grid.GetPointData()
    return {data.GetArrayName(i): data.GetArray(i) for i in range(data.GetNumberOfArrays())}


def middle_plane(grid):
    low, high = grid.GetBounds()[4:]
    middle = (low + high) / 2
    heights = [grid.GetPoint(i)[2] for i in range(grid.GetNumberOfPoints())]
    nearest = min(heights, key=lambda z: abs(z - middle))
    return [i for i, z in enumerate(heights) if abs(z - nearest) <= 1e-9 * (1 + high - low)]


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    grid = read_grid(sys.argv[1])
    fields = fields_of(grid)
    names = sys.argv[3:] or [name[: -len(ENDINGS[0])] for name in fields if name.endswith(ENDINGS[0])]
    names = [name for name in names if all(name + ending in fields for ending in ENDINGS)]
    if not names:
        sys.exit(f"{sys.argv[1]}: no field with {', '.join(ENDINGS)}, only {', '.join(fields)}")
    with open(sys.argv[2], "w") as out:
        out.write(f"# x y {names[0]}: predicted true error\n")
        rows = sorted(
            (*(round(c, 6) for c in grid.GetPoint(i)[:2]), *(fields[names[0] + e].GetComponent(i, 0) for e in ENDINGS))
            for i in middle_plane(grid)
        )
        for _, line in itertools.groupby(rows, key=lambda row: row[0]):
            out.writelines(" ".join(f"{v:.9g}" for v in row) + "\n" for row in line)
            out.write("\n")


main()

# SPDX-License-Identifier: BSD-3-Clause
# gnuplot -e "slice='slice.dat'; picture='fields.png'" plot_fields.gp
# Columns of the slice: x y predicted true error.
set terminal pngcairo size 1500,520 font "sans,12"
set output picture
set multiplot layout 1,3
set view map
set pm3d interpolate 4,4
set size ratio -1
set palette defined (-1 "#2166ac", 0 "#f7f7f7", 1 "#b2182b")
set autoscale xfix
set autoscale yfix
set xlabel "x"
set ylabel "y"
unset key
stats slice using 4 nooutput name "true"
stats slice using 5 nooutput name "error"
largest(low, high) = (abs(low) > abs(high) ? abs(low) : abs(high)) + 1e-30
set cbrange [-largest(true_min, true_max):largest(true_min, true_max)]
set title "predicted"
splot slice using 1:2:3 with pm3d
set title "true"
splot slice using 1:2:4 with pm3d
set cbrange [-largest(error_min, error_max):largest(error_min, error_max)]
set title "error"
splot slice using 1:2:5 with pm3d
unset multiplot

# SPDX-License-Identifier: BSD-3-Clause
# gnuplot -e "history='history.csv'; picture='loss.png'" plot_loss.gp
set terminal pngcairo size 900,600 font "sans,12"
set output picture
set datafile separator ","
set logscale y
set format y "10^{%L}"
set grid
set xlabel "step"
set ylabel "loss"
unset key
plot history using "step":"loss" with lines linewidth 2

# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw seconds against users, both logarithmic, as SVG."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import matplotlib as mpl
from matplotlib.figure import Figure

Point = tuple[float, float]
# The same figures make the same bytes: ids are hashed with a fixed salt, and text stays text, whatever fonts there are.
SETTINGS = {"svg.hashsalt": "benchmark", "svg.fonttype": "none"}
METADATA = {"Date": None, "Creator": None}


def svg(series: Mapping[str, Sequence[Point]], across: str, up: str) -> str:
    """Return a drawing of named series of (users, seconds), each a line with dots, and the names of the axes."""
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(9.5, 5.5), layout="constrained")
        axes = figure.add_subplot(xscale="log", yscale="log", xlabel=across, ylabel=up)
        for name, points in series.items():
            axes.plot(*zip(*points), marker="o", label=name)
        axes.xaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_major_formatter("{x:g}")
        axes.grid(color="#ddd")
        figure.legend(loc="outside right upper")
        text = io.StringIO()
        figure.savefig(text, format="svg", metadata=METADATA)
    return text.getvalue()

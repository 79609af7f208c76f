# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plot of seconds against users, both logarithmic, as a small SVG."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

Point = tuple[float, float]
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 460, 64, 230, 24, 48
COLOURS = ("#1b6ca8", "#c0392b", "#2e8b57", "#8e44ad", "#d68910", "#566573", "#148f77")
TEXT = 'font-family="sans-serif" font-size="12" fill="#333"'


def svg(series: Mapping[str, Sequence[Point]], across: str, up: str) -> str:
    """A drawing of some series of (users, seconds), each a line with dots, or a dot if it is one point."""
    points = [point for line in series.values() for point in line]
    columns, rows = _decades(x for x, _y in points), _decades(y for _x, y in points)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        *(_grid(10.0**power, columns, rows, vertical=True) for power in range(columns[0], columns[1] + 1)),
        *(_grid(10.0**power, columns, rows, vertical=False) for power in range(rows[0], rows[1] + 1)),
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 8}" text-anchor="middle" {TEXT}>{escape(across)}</text>',
        f'<text x="{LEFT}" y="{TOP - 8}" {TEXT}>{escape(up)}</text>',
    ]
    for index, (name, line) in enumerate(series.items()):
        placed = [(_place(x, columns, vertical=True), _place(y, rows, vertical=False)) for x, y in line]
        parts.append(_line(placed, COLOURS[index % len(COLOURS)]))
        parts.append(_legend(index, name))
    return "\n".join([*parts, "</svg>", ""])


def _decades(values: object) -> tuple[int, int]:
    """The powers of ten around some values."""
    logarithms = [math.log10(value) for value in values]  # type: ignore[attr-defined]
    return math.floor(min(logarithms)), max(math.ceil(max(logarithms)), math.floor(min(logarithms)) + 1)


def _place(value: float, decades: tuple[int, int], vertical: bool) -> float:
    share = (math.log10(value) - decades[0]) / (decades[1] - decades[0])
    if vertical:
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)
    return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)


def _grid(value: float, columns: tuple[int, int], rows: tuple[int, int], vertical: bool) -> str:
    at = _place(value, columns if vertical else rows, vertical)
    if vertical:
        line = f'<line x1="{at}" x2="{at}" y1="{TOP}" y2="{HEIGHT - BOTTOM}" stroke="#ddd"/>'
        return f'{line}<text x="{at}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle" {TEXT}>{value:g}</text>'
    line = f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at}" y2="{at}" stroke="#ddd"/>'
    return f'{line}<text x="{LEFT - 8}" y="{at + 4}" text-anchor="end" {TEXT}>{value:g}</text>'


def _line(points: Sequence[Point], colour: str) -> str:
    path = " ".join(f"{x},{y}" for x, y in points)
    dots = "".join(f'<circle cx="{x}" cy="{y}" r="4" fill="{colour}"/>' for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>{dots}'


def _legend(index: int, name: str) -> str:
    y = TOP + 16 + 20 * index
    x = WIDTH - RIGHT + 20
    dot = f'<circle cx="{x}" cy="{y - 4}" r="4" fill="{COLOURS[index % len(COLOURS)]}"/>'
    return f'{dot}<text x="{x + 12}" y="{y}" {TEXT}>{escape(name)}</text>'

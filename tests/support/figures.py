"""Check that a plot can be read on a phone: no text is small, cut off, on another text or crossed by a line."""

from itertools import chain, combinations

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from matplotlib.transforms import Bbox

PHONE, SMALLEST = 374, 9
"""Points: a phone shows about one per pixel."""
_TOLERANCE = 1.0


def faults(figure):
    """Return a line for each reason why a figure cannot be read."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    boxes = {text: Text.get_window_extent(text, canvas.get_renderer()) for text in texts(figure)}
    edge = figure.bbox.padded(_TOLERANCE)
    found = [f"too wide: {figure.get_figwidth() * 72:.0f}"] if figure.get_figwidth() * 72 > PHONE + 1 else []
    found += [f"small: {one.get_text()}" for one in boxes if one.get_fontsize() < SMALLEST]
    found += [f"cut off: {one.get_text()}" for one, box in boxes.items() if not inside(box, edge)]
    found += [
        f"overlap: {one.get_text()} / {other.get_text()}"
        for (one, box), (other, box_of_other) in combinations(boxes.items(), 2)
        if box.padded(-_TOLERANCE).overlaps(box_of_other.padded(-_TOLERANCE))
    ]
    return found + [
        f"crossed: {one.get_text()}"
        for axes in figure.axes
        for line in axes.lines
        for one, box in boxes.items()
        if (visible := Bbox.intersection(box, axes.bbox))
        and line.get_transform().transform_path(line.get_path()).intersects_bbox(visible, filled=False)
    ]


def texts(figure):
    """Return the texts that are drawn."""
    found = [*figure.texts, *chain.from_iterable(legend.get_texts() for legend in figure.legends)]
    found += [one for one in (figure._supxlabel, *(legend.get_title() for legend in figure.legends)) if one]
    for axes in figure.axes:
        found += [*axes.texts, axes.title, axes._left_title, axes._right_title]
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            ticks = [*axis.get_major_ticks(), *axis.get_minor_ticks()]
            found += [axis.label, *(tick.label1 for tick in ticks if low <= tick.get_loc() <= high)]
    return [text for text in dict.fromkeys(found) if text.get_visible() and text.get_text().strip()]


def inside(box, outer):
    """Return whether a box is within another."""
    return outer.x0 <= box.x0 and outer.y0 <= box.y0 and box.x1 <= outer.x1 and box.y1 <= outer.y1

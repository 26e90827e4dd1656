"""Style and output of plots, shared with `herald cost`."""

from pathlib import Path
from typing import Any

from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from herald.cli.cost_plot import SMALL, STYLE, WIDTH

__all__ = ["SMALL", "STYLE", "WIDTH", "save"]


def save(figure: Figure, file: Path) -> None:
    """Write a figure in any format of matplotlib, reproducibly."""
    metadata: dict[str, Any] = {"Date": None} if file.suffix == ".svg" else {}
    figure.savefig(file, metadata=metadata)
    plt.close(figure)

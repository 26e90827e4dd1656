"""How plots look, as those of `herald cost`, and how they are written."""

from pathlib import Path
from typing import Any

from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from herald.cli.cost.plot import STYLE

__all__ = ["STYLE", "save"]


def save(figure: Figure, file: Path) -> None:
    """Write a figure, of any kind that matplotlib knows; the same results are the same file."""
    metadata: dict[str, Any] = {"Date": None} if file.suffix == ".svg" else {}
    figure.savefig(file, metadata=metadata)
    plt.close(figure)

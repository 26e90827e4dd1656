"""Count the structure of a Python package: files, lines, functions, helpers, duplicate names and import cycles.

    python -m scripts.structure [FOLDER]      (default: src)

A helper is a private function or method that is used once in its own file. Lines include comments and blank lines;
those of a function are counted from its `def` to its end, without the docstring.
"""

import argparse
import ast
import json
import sys
from collections import Counter
from collections.abc import Collection
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from statistics import median, quantiles

Function = ast.FunctionDef | ast.AsyncFunctionDef


def measure(folder: Path) -> dict[str, object]:
    """Return the figures of all Python files below a folder."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.py"))}
    functions = [(path, one) for path, tree in trees.items() for one in ast.walk(tree) if isinstance(one, Function)]
    lengths = [length(one) for _, one in functions]
    helpers = [one for path, one in functions if is_private(one.name) and mentions(trees[path])[one.name] == 1]
    names = Counter(path.name for path in trees if path.name != "__init__.py")
    return {
        "files": len(trees),
        "lines": sum(len(path.read_text(encoding="utf-8").splitlines()) for path in trees),
        "functions": len(functions),
        "function lines, median": median(lengths),
        "function lines, 90th percentile": quantiles(lengths, n=10)[-1],
        "function lines, longest": max(lengths),
        "helper share": f"{len(helpers) / len(functions):.1%}",
        "file names used twice": sorted(name for name, count in names.items() if count > 1),
        "import cycle": cycle(trees, folder),
    }


def length(function: Function) -> int:
    """Return the lines of a function without its docstring."""
    end = function.end_lineno or function.lineno
    first = function.body[0]
    is_docstring = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    docstring = (first.end_lineno or first.lineno) - first.lineno + 1 if is_docstring else 0
    return end - function.lineno + 1 - docstring


def is_private(name: str) -> bool:
    """Return whether a name starts with a single underscore."""
    return name.startswith("_") and not name.startswith("__")


def mentions(tree: ast.Module) -> Counter[str]:
    """Count the names and attributes that a file uses."""
    named = [one.id for one in ast.walk(tree) if isinstance(one, ast.Name)]
    return Counter(named + [one.attr for one in ast.walk(tree) if isinstance(one, ast.Attribute)])


def cycle(trees: dict[Path, ast.Module], folder: Path) -> list[str]:
    """Return the modules of one import cycle at import time, or an empty list."""
    modules = {module(path, folder): tree for path, tree in trees.items()}
    graph = {name: imports(tree, modules) - {name} for name, tree in modules.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


def module(path: Path, folder: Path) -> str:
    """Return the dotted name of a file."""
    return ".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__")


def imports(tree: ast.Module, modules: Collection[str]) -> set[str]:
    """Return the modules that a file imports at import time."""
    found = [one for one in tree.body if isinstance(one, ast.ImportFrom) and one.module]
    named = [(f"{one.module}.{alias.name}", str(one.module)) for one in found for alias in one.names]
    return {longer if longer in modules else shorter for longer, shorter in named} & set(modules)


def main() -> int:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.structure", description="Count the structure of a Python package."
    )
    parser.add_argument(
        "folder", nargs="?", type=Path, default=Path("src"), help="folder with the package (default: src)"
    )
    sys.stdout.write(json.dumps(measure(parser.parse_args().folder), indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

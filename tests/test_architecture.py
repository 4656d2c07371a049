"""The layers and where each library may live, read from the import statements."""

import ast
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "analytics"
MODULES = sorted(PACKAGE.rglob("*.py"))

ALLOWED: dict[str, set[str]] = {
    "errors": set(),
    "schema": {"errors"},
    "parts": set(),
    "selection": {"errors", "parts"},
    "stats": {"errors"},
    "reviewed": {"schema"},
    "writing": set(),
    "corpus": {"errors", "parts", "schema", "stats"},
    "kept": {"errors", "schema", "selection", "corpus", "writing"},
    "engine": {"errors", "parts", "reviewed", "schema", "selection", "stats", "corpus"},
    "analyses": {"errors", "parts", "reviewed", "schema", "selection", "stats", "corpus", "engine"},
    "charts": {"errors", "schema"},
    "view": {"errors", "schema", "selection", "engine", "charts"},
    "catalog": {"parts", "selection", "analyses", "charts", "engine", "view", "stats"},
    "reviews": {
        "",
        "analyses",
        "corpus",
        "engine",
        "errors",
        "kept",
        "parts",
        "reviewed",
        "schema",
        "selection",
        "stats",
        "writing",
    },
    "reports": {
        "",
        "analyses",
        "catalog",
        "charts",
        "corpus",
        "engine",
        "errors",
        "kept",
        "parts",
        "reviewed",
        "reviews",
        "schema",
        "selection",
        "stats",
        "view",
        "writing",
    },
    "cli": {
        "",
        "catalog",
        "corpus",
        "engine",
        "errors",
        "kept",
        "parts",
        "reports",
        "reviewed",
        "reviews",
        "selection",
        "view",
    },
    "app": {
        "",
        "analyses",
        "catalog",
        "charts",
        "corpus",
        "engine",
        "errors",
        "kept",
        "parts",
        "reports",
        "reviewed",
        "reviews",
        "schema",
        "selection",
        "view",
    },
}
"""Layer → the layers it may import beside itself; the empty name is `analytics` itself (its version)."""

HOMES = {
    "streamlit": {"app"},
    "altair": {"charts", "view"},
    "yaml": {"corpus", "kept"},
    "yaml_rs": {"corpus"},
    "platformdirs": {"corpus", "kept"},
    "filelock": {"kept"},
    "pyarrow": {"corpus", "engine", "reports"},
    "loky": {"corpus"},
    "click": {"cli"},
    "vl_convert": {"reports"},
    "xlsxwriter": {"reports"},
    "jinja2": {"reports"},
    "networkx": {"analyses"},
    "rapidfuzz": {"analyses"},
    "datasketch": {"analyses"},
    "scipy": {"stats", "engine", "analyses"},
    "statsmodels": {"stats", "analyses"},
    "krippendorff": {"stats", "analyses"},
    "sqlalchemy": {"reviews"},
}
"""Library → the only layers that may import it."""


def layer(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Dotted names that a module imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.update(
                [node.module or ""] if node.module != "analytics" else [f"analytics.{a.name}" for a in node.names]
            )
    return found


def own_layers(path: Path) -> set[str]:
    parts = [name.split(".") for name in imports(path) if name.split(".")[0] == "analytics"]
    return {part[1] if len(part) > 1 else "" for part in parts}


LAYERED = [path for path in MODULES if layer(path) not in ("__init__", "__main__")]


@pytest.mark.parametrize("path", LAYERED, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(path: Path) -> None:
    assert own_layers(path) - {layer(path)} <= ALLOWED[layer(path)]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_each_library_stays_in_its_layer(path: Path) -> None:
    for library in {name.split(".")[0] for name in imports(path)} & set(HOMES):
        assert layer(path) in HOMES[library], f"{library} in {path.relative_to(ROOT)}"


@pytest.mark.parametrize("path", sorted((PACKAGE / "app").rglob("*.py")), ids=lambda path: path.name)
def test_the_app_computes_nothing(path: Path) -> None:
    calls = {node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)}
    assert not calls & {"groupby", "merge", "pivot", "pivot_table", "agg", "aggregate", "concat", "resample", "join_on"}


def test_parsing_imports_neither_pandas_nor_an_engine() -> None:
    waiting, seen = {"analytics.corpus.parse"}, set()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        path = ROOT / (name.replace(".", "/") + ".py")
        for found in imports(path) if path.is_file() else ():
            assert found.split(".")[0] != "pandas", f"{name} imports pandas"
            parents = {found} if (ROOT / (found.replace(".", "/") + ".py")).is_file() else {found.rpartition(".")[0]}
            waiting |= {each for each in parents if each.startswith("analytics.")} - seen
    assert "analytics.corpus.readers" in seen


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_modules_stay_small(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 300

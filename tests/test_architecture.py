"""Which package may import which, and where each library may live, read from the import statements."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement

from tests.conftest import ROOT

PACKAGE = ROOT / "analytics"

LAYERS = (
    ("errors", "text_normalisation", "formula_safety", "name_suggestions", "scratch_folder", "progress", "settings"),
    ("atomic_write",),
    ("schema", "statistics"),
    ("value_formatting",),
    ("review_table_contracts",),
    ("worker_pool",),
    ("corpus",),
    ("selection",),
    ("history",),
    ("userdata",),
    ("engine",),
    ("analyses",),
    ("charts",),
    ("catalog",),
    ("reviews",),
    ("reports",),
    ("cli", "app"),
)
"""The packages and modules below `analytics`, from the ground up: each imports only itself and what stands above it
in this list."""

HOMES = {
    "streamlit": {"app"},
    "altair": {"charts", "catalog"},
    "yaml": {"corpus", "userdata", "reviews"},
    "platformdirs": {"settings"},
    "markdown_it": {"corpus"},
    "mdit_py_plugins": {"corpus"},
    "filelock": {"userdata"},
    "pyarrow": {"corpus", "history", "engine", "charts", "reports"},
    "loky": {"worker_pool"},
    "click": {"cli"},
    "vl_convert": {"reports"},
    "xlsxwriter": {"reports"},
    "jinja2": {"reports"},
    "networkx": {"analyses"},
    "rapidfuzz": {"analyses", "engine", "name_suggestions"},
    "datasketch": {"analyses"},
    "scipy": {"statistics", "engine", "analyses"},
    "statsmodels": {"statistics", "analyses"},
    "krippendorff": set(),
    "sqlalchemy": {"reviews"},
}
"""Library → the only packages that may import it."""

CALCULATIONS = {"groupby", "merge", "pivot", "pivot_table", "agg", "aggregate", "concat", "resample"}
"""Methods of pandas that the app leaves to the analyses."""


@cache
def modules() -> dict[str, ast.Module]:
    """Dotted name → syntax tree of every module of the package."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts).removesuffix(".__init__")] = ast.parse(path.read_text())
    return found


@cache
def imports(module: str) -> frozenset[str]:
    """The modules and libraries that a module imports, anywhere in it, under `TYPE_CHECKING` too."""

    def names() -> Iterator[str]:
        for node in ast.walk(modules()[module]):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{module}: relative import"
                for alias in node.names:
                    whole = f"{node.module}.{alias.name}"
                    yield whole if whole in modules() else str(node.module)

    return frozenset(names())


def family(module: str) -> str:
    """The package or module right below `analytics` that a module belongs to; empty for `analytics` itself."""
    return module.removeprefix("analytics").removeprefix(".").split(".")[0]


def test_imports_point_one_way() -> None:
    height = {name: number for number, names in enumerate(LAYERS) for name in names}
    upward = [
        f"{module} imports {other}"
        for module in modules()
        if family(module) in height
        for other in imports(module)
        if other.startswith("analytics.") and family(other) != family(module)
        if height.get(family(other), len(LAYERS)) >= height[family(module)]
    ]
    assert not upward
    assert {family(module) for module in modules()} - set(height) == {"", "__main__"}


def test_no_module_imports_itself_over_others() -> None:
    inside = {module: {other for other in imports(module) if other in modules()} for module in modules()}
    TopologicalSorter(inside).prepare()


def test_each_library_stays_in_its_packages() -> None:
    strays = [
        f"{library} in {module}"
        for module in modules()
        for library in {name.split(".")[0] for name in imports(module)} & set(HOMES)
        if family(module) not in HOMES[library]
    ]
    assert not strays


@pytest.mark.parametrize(
    ("folder", "extras"), [("analytics", ()), ("tests", ("test", "postgresql"))], ids=["analytics", "tests"]
)
def test_what_is_imported_is_declared_as_a_dependency(folder: str, extras: tuple[str, ...]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *(each for extra in extras for each in project["optional-dependencies"][extra])]
    declared = {re.sub("[-_.]+", "-", Requirement(each).name).lower() for each in wanted}
    whole_names = (
        name
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        for name in (
            [alias.name for alias in node.names] if isinstance(node, ast.Import)
            else [str(node.module)] if isinstance(node, ast.ImportFrom)
            else []
        )
    )  # fmt: skip
    libraries = {name.split(".")[0] for name in whole_names} - sys.stdlib_module_names - {"analytics", "tests"}
    packages = packages_distributions()
    undeclared = {
        library for library in libraries
        if not declared & {re.sub("[-_.]+", "-", each).lower() for each in packages.get(library, [library])}
    }  # fmt: skip
    assert undeclared == set()


def test_the_app_leaves_calculations_to_the_analyses() -> None:
    calls = [
        f"{module}: {node.attr}"
        for module, tree in modules().items()
        if family(module) == "app"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in CALCULATIONS
    ]
    assert not calls


def test_parsing_in_a_worker_imports_no_pandas() -> None:
    waiting, seen = {"analytics.corpus.parsing.files_to_tables"}, set[str]()
    while waiting:
        module = waiting.pop()
        seen.add(module)
        assert "pandas" not in imports(module), f"{module} imports pandas"
        waiting |= {other for other in imports(module) if other in modules()} - seen
    assert "analytics.corpus.parsing.field_readers" in seen


def test_only_settings_reads_the_environment() -> None:
    readers = [
        module
        for module, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
        if module != "analytics.settings"
    ]
    assert not readers

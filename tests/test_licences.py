"""The licences of everything that the product is run with: none may force its own terms on an MIT project."""

import re
import tomllib
from importlib.metadata import distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

COPYLEFT = re.compile(r"\bA?GPL|GNU (Affero )?General Public License", re.IGNORECASE)
"""The GPL and the AGPL under their names; the LGPL, which lets itself be imported, is none of them."""


def runtime_requirements() -> list[Requirement]:
    """The project's own requirements, with those of all extras but the one for tests."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [lines for name, lines in project["optional-dependencies"].items() if name != "test"]
    return [Requirement(line) for lines in (project["dependencies"], *extras) for line in lines]


def closure(requirements: list[Requirement]) -> set[str]:
    """Names of the distributions that requirements lead to on this machine, directly or through others."""
    waiting, seen = list(requirements), set[tuple[str, str]]()
    while waiting:
        requirement = waiting.pop()
        for extra in ("", *requirement.extras):
            if (requirement.name, extra) not in seen:
                seen.add((requirement.name, extra))
                found = map(Requirement, distribution(requirement.name).requires or ())
                waiting += [each for each in found if each.marker is None or each.marker.evaluate({"extra": extra})]
    return {canonicalize_name(name) for name, _ in seen}


def licence(name: str) -> str:
    """What a distribution says of its licence: the expression, else the classifiers, else the head of its text."""
    metadata = distribution(name).metadata
    if expression := metadata.get("License-Expression"):
        return expression
    classifiers = [line for line in metadata.get_all("Classifier", []) if line.startswith("License ::")]
    return "; ".join(classifiers) or metadata.get("License", "").strip().split("\n")[0]


def test_no_runtime_dependency_is_copyleft() -> None:
    licences = {name: licence(name) for name in closure(runtime_requirements())}
    assert not [name for name, text in licences.items() if COPYLEFT.search(text)]
    assert not [name for name, text in licences.items() if not text]
    assert len(licences) > 20


def test_a_copyleft_licence_is_recognised() -> None:
    assert COPYLEFT.search(licence("krippendorff"))
    assert not COPYLEFT.search("GNU Lesser General Public License v3 (LGPLv3)")

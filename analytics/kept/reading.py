"""What reading a file of named fields takes, whatever they mean: each fault is told with file and line."""

import yaml

from analytics.errors import KeptError
from analytics.kept.recipes import meant


class Reading:
    """One file being read: knows the file, and the line of each thing by the names that lead to it.

    Whatever makes no sense raises KeptError.
    """

    def __init__(self, where: str) -> None:
        self.where = where
        self.lines: dict[tuple[str, ...], int] = {}

    def fault(self, node: yaml.Node, message: str) -> KeptError:
        """The error that says where in the file it is."""
        return KeptError(f"{self.where}, line {node.start_mark.line + 1}: {message}")

    def fields(self, node: yaml.Node, at: tuple[str, ...], known: tuple[str, ...] = ()) -> dict[str, yaml.Node]:
        """The fields of a record by name: only `known` ones, if these are given, and none twice."""
        if not isinstance(node, yaml.MappingNode):
            raise self.fault(node, "here fields with names are expected.")
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = self.text(key)
            if known and name not in known:
                raise self.fault(key, f"there is no {name!r}.{meant(name, known)}")
            if name in found:
                raise self.fault(key, f"{name!r} stands twice.")
            found[name] = value
            self.lines[(*at, name)] = key.start_mark.line + 1
        return found

    def text(self, node: yaml.Node) -> str:
        """One value as it is written."""
        if not isinstance(node, yaml.ScalarNode):
            raise self.fault(node, "here one value is expected.")
        return str(node.value)

    def texts(self, node: yaml.Node, at: str) -> tuple[str, ...]:
        """One value or a list of them; none of them twice."""
        nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
        found: dict[str, yaml.Node] = {}
        for each in nodes:
            text = self.text(each)
            if text in found:
                raise self.fault(each, f"{text!r} stands twice.")
            found[text] = each
            self.lines[(at, text)] = each.start_mark.line + 1
        return tuple(found)

"""Every call of Streamlit that draws Markdown gets words of ours, or text that was escaped: read from the source."""

import ast
import inspect
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial

import streamlit as st

from tests.conftest import ROOT

ESCAPING = "analytics.app.escaping"
"""The module with the functions that escape: what they return shows just what they are given."""

OURS = {
    *("view.title", "view.question", "view.method", "option.label", "column.explanation", "chart.caption", "PAGES"),
    "TABS[page_name]",
    *("offer.name", "offer.words", "download.label", "reason.label", "reason.meaning", "side.colour", "side.slot"),
    *("session.state", "settlement.outcome", "chosen.days", "item.number", "answers.problem_codes_found()"),
    *(
        "row['figure']",
        "row['outcome']",
        "row['severity']",
        "row['state']",
        "row['state_now']",
        "found.changes_by_kind()",
    ),
    *("BY_PARAMETER[parameter]", "json.dumps(f'.st-key-{note_key} textarea')", "name_with_signature(name)"),
}
"""What only the program itself writes, although the expression alone does not show it."""

UNDOCUMENTED = {
    "write": {"args"},
    "html": {"body"},
    "image": {"image"},
    "link_button": {"url"},
    "exception": {"exception"},
    "radio": {"captions"},
    "metric": {"delta_description"},
}
"""What Streamlit reads as Markdown, HTML or an address, besides the parameters whose description says Markdown."""

NO_TEXT = {"unsafe_allow_html", "wrap", "anchors", "bind", "format_func", "pages"}
"""Parameters whose description speaks of Markdown, but which take no text."""

SAME_TEXT = {
    *("capitalize", "format", "lower", "removesuffix", "split", "upper"),
    *("get", "items", "join", "keys", "values"),
}
"""Methods that make nothing of text but such text."""

SAME_VALUES = {"dict", "enumerate", "filter", "get_args", "list", "reversed", "sorted", "str", "tuple", "zip"}
"""Functions that return nothing but what they are given."""

NUMBERS = {"int", "float", "len", "range", "round", "sum"}

NAMING = ast.Name | ast.Attribute | ast.Call | ast.Subscript
Function = ast.FunctionDef | ast.Lambda
Home = tuple[str, str]
"""Module and name of a function or constant."""
Given = Mapping[str, Callable[[], bool]]
"""Whether the argument for a parameter is safe, asked only when it matters."""


@cache
def markdown_parameters() -> dict[str, tuple[list[str], set[str]]]:
    """Each function of Streamlit that draws Markdown: its parameters in order, and those that take Markdown."""
    found = {}
    for family in (st, st.column_config):
        for name, function in inspect.getmembers(family, callable):
            described = re.findall(r"^\*?(\w+) *:.*\n((?:(?: +.*)?\n)*)", inspect.getdoc(function) or "", re.M)
            drawn = {parameter for parameter, words in described if "markdown" in words.lower()} - NO_TEXT
            drawn |= UNDOCUMENTED.get(name, set())
            if not name.startswith("_") and drawn:
                found[name] = (list(inspect.signature(function).parameters), drawn)
    return found


def within(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a module or function, without the insides of functions in it."""
    for node in ast.iter_child_nodes(scope):
        yield node
        if not isinstance(node, Function):
            yield from within(node)


def targets(node: ast.AST) -> list[tuple[ast.expr, ast.expr]]:
    """What an assignment, a loop or `with` gives values, and those values; of a loop what it goes through."""
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
            return list(zip(names, values, strict=True))
        case ast.Assign(targets=names, value=value):
            return [(name, value) for name in names]
        case ast.AnnAssign(target=name, value=ast.expr() as value) | ast.AugAssign(target=name, value=value):
            return [(name, value)]
        case ast.NamedExpr(target=name, value=value):
            return [(name, value)]
        case ast.For(target=name, iter=value) | ast.comprehension(target=name, iter=value):
            match name, value:
                case ast.Tuple(elts=names), ast.Call(func=ast.Name(id="zip"), args=values):
                    return list(zip(names, values, strict=True))
                case ast.Tuple(elts=names), ast.Tuple(elts=rows):
                    return [
                        pair for row in rows if isinstance(row, ast.Tuple) for pair in zip(names, row.elts, strict=True)
                    ]
            return [(name, value)]
        case ast.Call(func=ast.Attribute(value=ast.Name() as name, attr="append" | "extend"), args=[value]):
            return [(name, value)]
        case ast.withitem(optional_vars=ast.expr() as name, context_expr=value):
            return [(name, value)]
    return []


@cache
def values_in(scope: ast.AST) -> dict[str, list[ast.expr]]:
    """What a module or function, without the functions in it, gives its names."""
    found = defaultdict(list)
    for node in within(scope):
        for target, value in targets(node):
            for name in ast.walk(target):
                if isinstance(name, ast.Name):
                    found[name.id].append(value)
    return found


unparsed = cache(ast.unparse)


def refuses_text(spec: str) -> bool:
    """Whether a format, such as `,` or `%-d %b`, is only for numbers or dates."""
    try:
        format("text", spec)
    except ValueError:
        return True
    return False


def parameters(function: Function) -> list[str]:
    """The names of a function's parameters, in their order."""
    return [each.arg for each in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]


def arguments(names: list[str], call: ast.Call) -> dict[str, ast.expr]:
    """The arguments of a call by the names of the parameters."""
    by_name = {word.arg: word.value for word in call.keywords if word.arg}
    return {**dict(zip(names, call.args, strict=False)), **by_name}


class Program:
    """The modules that draw, those that they use, and which of their functions draw a parameter as Markdown."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.sources = sources
        self.markdown = markdown_parameters()
        self.drawing: dict[Home, set[str]] = defaultdict(set)
        self.trees: dict[str, ast.Module] = {}
        self.module_of: dict[ast.AST, str] = {}
        self.parent: dict[ast.AST, ast.AST] = {}
        self.functions: dict[Home, ast.FunctionDef] = {}
        self.imported: dict[Home, Home] = {}
        self.visiting: set[ast.AST] = set()
        for module, source in sources.items():
            self._read(module, source)
        self.drawn_in = list(self.module_of)

    def _read(self, module: str, source: str) -> None:
        """Note what a module defines and imports."""
        self.trees[module] = ast.parse(source)
        self.module_of[self.trees[module]] = module
        for node in ast.walk(self.trees[module]):
            for child in ast.iter_child_nodes(node):
                self.parent[child], self.module_of[child] = node, module
            if isinstance(node, ast.FunctionDef):
                self.functions[module, node.name] = node
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    self.imported[module, alias.asname or alias.name] = (str(node.module), alias.name)

    def _function(self, home: Home | None) -> ast.FunctionDef | None:
        """The function of ours that is named so, if it is one."""
        module = home[0] if home else ""
        path = ROOT.joinpath(*module.split(".")).with_suffix(".py")
        if module.startswith("analytics.") and module not in self.trees and path.exists():
            self._read(module, path.read_text())
        return self.functions.get(home) if home else None

    def faults(self) -> set[str]:
        """Each argument that may be text from outside, as module, line, function and argument.

        A parameter that a function draws is looked at where the function is called, until no more are found.
        """
        found, known = set[str](), -1
        while known != (known := sum(map(len, self.drawing.values()))):
            found = {fault for node in self.drawn_in for fault in self._faults_of(node)}
        return found

    def _faults_of(self, node: ast.AST) -> Iterator[str]:
        where = f"{self.module_of[node]}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Call):
            for argument in self._drawn(node):
                if not self.safe(argument):
                    yield f"{where}: {ast.unparse(node.func)}({ast.unparse(argument)})"
        elif isinstance(node, ast.Name) and self._home(node) in self.drawing:
            called = self.parent[node]
            if not (isinstance(called, ast.Call) and called.func is node):
                yield f"{where}: {node.id} draws an argument, and is not called right here"

    def _home(self, name: ast.Name) -> Home:
        here = (self.module_of[name], name.id)
        return self.imported.get(here, here)

    def _named(self, node: ast.expr) -> Home | None:
        """The function or constant of ours that an expression names, by its own name or by that of its module."""
        match node:
            case ast.Name():
                return self._home(node)
            case ast.Attribute(value=ast.Name(id=module), attr=name):
                return ".".join(self.imported.get((self.module_of[node], module), ())), name
        return None

    def _drawn(self, call: ast.Call) -> Iterator[ast.expr]:
        """The arguments of a call that are drawn as Markdown."""
        home = self._named(call.func)
        if home in self.drawing:
            names, drawn = parameters(self.functions[home]), self.drawing[home]
        elif isinstance(call.func, ast.Attribute) and call.func.attr in self.markdown:
            names, drawn = self.markdown[call.func.attr]
        else:
            return
        given = arguments(names, call)
        formatted = "options" in drawn and given.get("format_func")
        if formatted and not ast.unparse(formatted).startswith("str."):
            yield formatted
            drawn = drawn - {"options"}
        yield from (given[name] for name in drawn & set(given))
        if "args" in drawn:
            yield from call.args

    def safe(self, node: ast.expr, given: Given | None = None) -> bool:
        """Whether an expression holds only words of ours, numbers and escaped text; `given` knows parameters.

        A value that is being looked at already, as in a loop, decides nothing.
        """
        if node in self.visiting or (isinstance(node, NAMING) and unparsed(node) in OURS):
            return True
        self.visiting.add(node)
        try:
            return self._safe(node, given)
        finally:
            self.visiting.remove(node)

    def _safe(self, node: ast.expr, given: Given | None) -> bool:
        match node:
            case ast.Constant() | ast.Compare():
                return True
            case ast.FormattedValue(value=value, format_spec=spec):
                return (spec is not None and refuses_text(ast.unparse(spec)[2:-1])) or self.safe(value, given)
            case ast.JoinedStr(values=parts) | ast.BoolOp(values=parts) | ast.Dict(values=parts):
                return all(self.safe(each, given) for each in parts)
            case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
                return all(self.safe(each, given) for each in parts)
            case ast.BinOp(left=left, right=right) | ast.IfExp(body=left, orelse=right):
                return self.safe(left, given) and self.safe(right, given)
            case ast.DictComp(value=value) | ast.ListComp(elt=value) | ast.GeneratorExp(elt=value):
                return self.safe(value, given)
            case ast.Starred(value=value) | ast.UnaryOp(operand=value) | ast.NamedExpr(value=value):
                return self.safe(value, given)
            case ast.Subscript(value=ast.Name(id="Literal")):
                return True
            case ast.Subscript(value=value):
                return self.safe(value, given if given is not None else {})
            case ast.Lambda(body=value):
                return self.safe(value, dict.fromkeys(parameters(node), lambda: False) | dict(given or {}))
            case ast.Name():
                return self._safe_name(node, given)
            case ast.Attribute():
                return self._safe_constant(self._named(node))
            case ast.Call():
                return self._safe_call(node, given)
        return False

    def _safe_name(self, node: ast.Name, given: Given | None) -> bool:
        """Whether all that a name is given is safe; a parameter of which nothing is known is one that is drawn."""
        if self._makes_safe(node):
            return True
        scope: ast.AST = node
        while scope in self.parent:
            scope = self.parent[scope]
            if not isinstance(scope, Function | ast.Module):
                continue
            values = values_in(scope).get(node.id, [])
            if isinstance(scope, Function) and node.id in parameters(scope):
                if given is not None:
                    return node.id in given and given[node.id]()
                self.drawing[self.module_of[scope], getattr(scope, "name", "")].add(node.id)
            elif not values:
                continue
            return all(self.safe(value, given) for value in values)
        return self._safe_constant(self._home(node))

    def _makes_safe(self, function: ast.Name) -> bool:
        """Whether a function escapes whatever it is given, or makes a number of it."""
        return self._home(function)[0] == ESCAPING or function.id in NUMBERS

    def _safe_constant(self, home: Home | None) -> bool:
        """Whether a constant of a module, or all that a function of ours returns, is safe."""
        if function := self._function(home):
            return self._returns_safe(function, {})
        module, name = home or ("", "")
        values = values_in(self.trees[module]).get(name, []) if module in self.trees else []
        return bool(values) and all(self.safe(value) for value in values)

    def _safe_call(self, call: ast.Call, given: Given | None) -> bool:
        words = [*call.args, *(word.value for word in call.keywords)]
        match call.func:
            case ast.Name(id="web_link"):
                return self.safe(call.args[0], given)
            case ast.Name() if self._makes_safe(call.func):
                return True
            case ast.Name(id="map"):
                return self.safe(call.args[0], given)
            case ast.Name(id=name) if name in SAME_VALUES:
                return all(self.safe(each, given) for each in words)
            case ast.Attribute(value=value, attr=name) if name in SAME_TEXT:
                return self.safe(value, given) and all(self.safe(each, given) for each in words)
        function = self._function(self._named(call.func))
        if function is None:
            return False
        asked = arguments(parameters(function), call)
        return self._returns_safe(function, {name: partial(self.safe, value, given) for name, value in asked.items()})

    def _returns_safe(self, function: ast.FunctionDef, given: Given) -> bool:
        """Whether all that a function of ours returns is safe when it gets such arguments, or its defaults."""
        usual = function.args
        defaults = [
            *zip(usual.args[len(usual.args) - len(usual.defaults) :], usual.defaults, strict=True),
            *((each, value) for each, value in zip(usual.kwonlyargs, usual.kw_defaults, strict=True) if value),
        ]
        known = {each.arg: partial(self.safe, value) for each, value in defaults} | dict(given)
        returned = [each.value for each in within(function) if isinstance(each, ast.Return)]
        return bool(returned) and all(value is not None and self.safe(value, known) for value in returned)


def sources() -> dict[str, str]:
    """Dotted name → source of each module of the dashboard."""
    paths = sorted((ROOT / "analytics" / "app").rglob("*.py"))
    return {".".join(path.relative_to(ROOT).with_suffix("").parts): path.read_text() for path in paths}


def test_every_text_that_streamlit_draws_is_ours_or_escaped() -> None:
    assert Program(sources()).faults() == set()


SHOWN_AS_IT_IS = (
    "st.markdown(article.title)",
    "st.write(article.title)",
    "st.info(f'No article matches {words}')",
    "st.warning('Gone: ' + str(error))",
    "place.error(str(error))",
    "st.metric('Provider', row['provider'])",
    "st.button('Go', help=row['title'])",
    "st.tabs([provider for provider in providers])",
    "st.radio('Provider', providers)",
    "st.pills('Provider', providers, format_func=lambda each: f'{each} {counts[each]:,}')",
    "st.column_config.Column('Title', help=article.title)",
    "st.markdown(f'{escaped(article.title)} {article.provider}')",
    "st.markdown(f'{row[0]:>10}')",
    "name = 'words of ours'\nname = article.title\nst.caption(name)",
    "lines = ['Titles']\nlines.append(article.title)\nst.markdown('\\n'.join(lines))",
    "for name, icon in zip(names, ('a', 'b')): st.expander(name)",
    "def draw(text): st.info(text)\ndraw('words of ours')\ndraw(article.title)",
    "def draw(text): st.info(text)\ndraw('words of ours')\nst.button('Go', on_click=draw)",
    "def words(row): return row['title']\nst.info(words(row))",
    "st.markdown(' '.join(map(str, names)))",
    "st.html(f'<b>{escaped(title)}</b>{title}')",
    "st.markdown(web_link(title, address))",
    "from analytics.charts.theme import escaped\nst.info(escaped(article.title))",
)
ESCAPED = (
    "st.markdown(escaped(article.title))",
    "st.markdown(f'{n:,} of {total:.1%} on {day:%-d %b}, {escaped(row[0])}')",
    "names = {'a': 'A'}\nfor key, name in names.items(): st.expander(names[key] + name.upper())",
    "for place, name in zip(st.columns(2), ('a', 'b')): place.header(name)",
    "def draw(text): st.info(text)\ndraw('words of ours')\ndraw(escaped(article.title))",
    "def words(n, one='story'): return f'{n:,} {one}' if n else None\nst.info(words(3))",
    "st.pills('Provider', providers, format_func=escaped)",
    "st.markdown(' '.join(map(escaped, providers)) + web_link('original', address))",
    "st.selectbox('Provider', providers, placeholder=article.title)",
)


def test_the_reading_of_the_source_tells_what_is_escaped() -> None:
    def faults(code: str) -> set[str]:
        return Program({"analytics.app.made": f"from {ESCAPING} import escaped, web_link\n{code}"}).faults()

    assert [code for code in SHOWN_AS_IT_IS if not faults(code)] == []
    assert {code: found for code in ESCAPED if (found := faults(code))} == {}

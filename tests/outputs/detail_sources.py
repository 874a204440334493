"""Every detail that the package can say about something unread, found in its source.

A detail is what an error of reading is made with, what a gap or a row of the coverage list bears,
and whatever is handed to a function that passes it on to one of these.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
SAMPLES = ("7", "附件/第 1 页.docx", "KeyError", "secreview[ocr]")  # one of them has to do
# What holds a detail that was made elsewhere, and what is told in other words.
ANYWHERE = ""  # the name alone says what is called
KNOWN = {
    "type(error).__name__": ("KeyError",),
    "error.strerror": ("Permission denied",),
    "detail.detail": ("XML syntax", "member over 7 bytes"),
    "detail.why": ("encrypted",),
}
PASSED_ON = frozenset(
    {
        "str(error)", "str(why)", "str(gap.why)", "str(gaps[0].why)", "str(reasons[0].why)",
        "gap.detail", "gaps[0].detail", "row.reason", "reasons.get(path, '')", "member",
        "message(f'next.{kept.why}', lang)",  # the line of a page, which is called a gap as well
    }
)  # fmt: skip
DRAWN = "subtype_of(item).lstrip('/')"  # compared with a list of names right after


@dataclass(frozen=True)
class Scope:
    """Where an expression stands: its module and the functions around it, the innermost last."""

    module: Module
    functions: tuple[ast.AST, ...] = ()

    def values(self, name: str) -> list[tuple[ast.expr, Scope]]:
        """Return all that is assigned to a name, in the functions around or in the module."""
        for depth in range(len(self.functions), -1, -1):
            around = self.functions[depth - 1] if depth else self.module.tree
            found = list(assigned(around, name))
            if found:
                return [(value, Scope(self.module, self.functions[:depth])) for value in found]
        return []

    def parameter(self, name: str) -> tuple[str, str, int] | None:
        """Return module, function and position when a name is a parameter of one around."""
        for function in reversed(self.functions):
            names = [argument.arg for argument in function.args.args]
            if name not in names:
                continue
            if isinstance(function, ast.Lambda):  # handed to a document as its ``note``
                return ANYWHERE, "note", names.index(name)
            is_method = names[0] in ("self", "cls")
            return self.module.path, function.name, names.index(name) - is_method
        return None


@dataclass
class Module:
    """One module: its tree, and what it imports from others of the package."""

    path: str
    tree: ast.Module
    imports: dict[str, str] = field(default_factory=dict)


def assigned(around: ast.AST, name: str) -> Iterator[ast.expr]:
    """Yield what is assigned to a name; of pairs, the one at its position."""
    for node in around.body if isinstance(around, ast.Module) else ast.walk(around):
        targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
        value = node.iter if isinstance(node, ast.For) else getattr(node, "value", None)
        if not isinstance(node, (ast.Assign, ast.AnnAssign, ast.For)) or value is None:
            continue
        for target in targets:
            if isinstance(target, ast.Name) and target.id == name:
                yield value
            elif isinstance(target, ast.Tuple):
                places = [getattr(item, "id", "") for item in target.elts]
                if name in places:
                    nth = places.index(name)
                    is_pair = isinstance(value, ast.Tuple)
                    yield value.elts[nth] if is_pair else value
            elif isinstance(target, ast.Subscript) and getattr(target.value, "id", "") == name:
                yield value


class Sources:
    """Reads the whole package once and follows each detail back to its words."""

    def __init__(self, package: Path) -> None:
        """Parse all modules; begin with the errors of reading, gaps and rows."""
        self.modules = [
            Module(str(path.relative_to(package)), ast.parse(path.read_text("utf-8")))
            for path in sorted(package.rglob("*.py"))
        ]
        self.sinks = {(ANYWHERE, "Gap", 2), (ANYWHERE, "gap", 2), (ANYWHERE, "Covered", 5)}
        self.sinks |= {(ANYWHERE, name, 0) for name in self.errors()}
        self.calls: list[tuple[ast.Call, Scope]] = []
        self.functions: dict[str, list[tuple[ast.FunctionDef, Module]]] = {}
        for module in self.modules:
            self.walk(module.tree, Scope(module))
        self.words: dict[str, set[str]] = {}  # where → the ways in which it may read
        self.unknown: set[str] = set()
        before = 0
        while before < len(self.sinks):
            before = len(self.sinks)
            for call, scope in self.calls:
                self.take_from(call, scope)

    def errors(self) -> set[str]:
        """Return the names of the errors of reading, those made for one format among them."""
        classes = {
            node.name: {getattr(base, "id", "") for base in node.bases}
            for module in self.modules
            for node in ast.walk(module.tree)
            if isinstance(node, ast.ClassDef)
        }
        found = {"ReadError"}
        while more := {n for n, bases in classes.items() if bases & found} - found:
            found |= more
        return found

    def walk(self, node: ast.AST, scope: Scope) -> None:
        """Keep every call and function below a node."""
        for child in ast.iter_child_nodes(node):
            inner = scope
            if isinstance(child, FUNCTIONS):
                inner = Scope(scope.module, (*scope.functions, child))
            if isinstance(child, ast.Call):
                self.calls.append((child, scope))
            if isinstance(child, ast.FunctionDef):
                self.functions.setdefault(child.name, []).append((child, scope.module))
            self.walk(child, inner)

    def take_from(self, call: ast.Call, scope: Scope) -> None:
        """Take the details that a call hands over."""
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        given = {k.arg: k.value for k in call.keywords}
        if name in ("Gap", "gap", "replace", "_replace") and "detail" in given:
            self.take(given["detail"], scope)
        if name in ("Covered", "_replace") and "reason" in given:
            self.take(given["reason"], scope)
        for nth, argument in enumerate(call.args):
            places = (ANYWHERE, scope.module.path)
            if any((place, name, nth) in self.sinks for place in places):
                if name == "note" and not ast.unparse(call.args[0]).startswith("Why."):
                    continue
                self.take(argument, scope)

    def take(self, value: ast.expr, scope: Scope) -> None:
        """Keep the words that a value may have."""
        where = f"{scope.module.path}:{value.lineno}"
        for words in self.ways(value, scope):
            if words:
                self.words.setdefault(f"{where}: {ast.unparse(value)}", set()).add(words)

    def ways(self, value: ast.expr, scope: Scope) -> Iterator[str]:
        """Yield the words of an expression; what fills it in stands as its marks {…}."""
        said = ast.unparse(value)
        if said in KNOWN:
            yield from KNOWN[said]
        elif said in PASSED_ON:
            return
        elif isinstance(value, ast.Constant):
            yield str(value.value)
        elif isinstance(value, ast.IfExp):
            yield from self.ways(value.body, scope)
            yield from self.ways(value.orelse, scope)
        elif isinstance(value, ast.BoolOp):
            for item in value.values:
                yield from self.ways(item, scope)
        elif isinstance(value, ast.JoinedStr):
            yield from self.filled(value, scope)
        elif isinstance(value, ast.Name):
            yield from self.named(value, scope)
        else:
            yield from self.looked_up(value, scope)

    def filled(self, value: ast.JoinedStr, scope: Scope) -> Iterator[str]:
        """Yield the ways in which a formatted string may read."""
        pieces = []
        for piece in value.values:
            if isinstance(piece, ast.Constant):
                pieces.append([str(piece.value)])
                continue
            is_worded = has_words(piece.value, scope)
            pieces.append(list(self.ways(piece.value, scope)) if is_worded else ["{}"])
        for parts in product(*pieces):
            yield "".join(parts)

    def named(self, value: ast.Name, scope: Scope) -> Iterator[str]:
        """Yield what a name may hold; of a parameter, follow those who call."""
        values = scope.values(value.id)
        parameter = scope.parameter(value.id)
        if parameter:
            self.sinks.add(parameter)
        elif values:
            for item, around in values:
                yield from self.ways(item, around)
        elif not (constant := self.constant(value.id)):
            self.unknown.add(f"{scope.module.path}:{value.lineno}: {value.id}")
        else:
            yield from constant

    def constant(self, name: str, of: str = "") -> list[str]:
        """Return the words of a constant of one module, or of any."""
        modules = [m for m in self.modules if name.isupper() and of in ("", Path(m.path).stem)]
        return [
            words
            for module in modules
            for item, _ in Scope(module).values(name)
            for words in self.ways(item, Scope(module))
        ]

    def looked_up(self, value: ast.expr, scope: Scope) -> Iterator[str]:
        """Yield what stands in a table, an attribute in capitals, or what a function gives."""
        if isinstance(value, ast.Attribute) and value.attr.isupper():
            yield from self.constant(value.attr, getattr(value.value, "id", ""))
        elif isinstance(value, ast.Subscript) and isinstance(value.value, ast.Name):
            for table, around in scope.values(value.value.id):
                for item in table.values if isinstance(table, ast.Dict) else ():
                    yield from self.ways(item, around)
        elif isinstance(value, ast.Call) and ast.unparse(value) == DRAWN:
            yield from ("3D", "RichMedia", "Sound", "Movie")
        elif isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
            yield from self.given(value.func.id)
        elif (
            isinstance(value, ast.Call)
            and getattr(value.func, "attr", "") == "get"
            and value.args[1:]
        ):
            yield from self.ways(value.func.value, scope)
            yield from self.ways(value.args[1], scope)
        elif not isinstance(value, ast.Dict):
            self.unknown.add(f"{scope.module.path}:{value.lineno}: {ast.unparse(value)}")

    def given(self, name: str) -> Iterator[str]:
        """Yield what the functions of a name return or yield; of pairs, the last."""
        for function, module in self.functions.get(name, ()):
            for item in ast.walk(function):
                if isinstance(item, (ast.Return, ast.Yield)) and item.value is not None:
                    is_pair = isinstance(item.value, ast.Tuple)
                    value = item.value.elts[-1] if is_pair else item.value
                    yield from self.ways(value, Scope(module, (function,)))


def has_words(value: ast.expr, scope: Scope) -> bool:
    """Return whether what fills in a detail are words of the source, not a number or a name."""
    if isinstance(value, ast.Name):
        values = [item for item, _ in scope.values(value.id)]
        return value.id.isupper() or (bool(values) and all(has_words(v, scope) for v in values))
    if isinstance(value, ast.Constant):
        return isinstance(value.value, str)
    is_choice = isinstance(value, ast.IfExp) or getattr(value, "attr", "").isupper()
    return is_choice or ast.unparse(value) in KNOWN


def readings(words: str) -> Iterator[str]:
    """Yield a detail with its fields filled in with samples."""
    marks = words.count("{}")
    for values in product(SAMPLES, repeat=marks):
        yield words.replace("{}", "%s") % values if marks else words

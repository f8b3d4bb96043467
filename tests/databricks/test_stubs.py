"""The stubs of the native module have its functions, classes and methods, with their parameters."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import btcfake
from btcfake import _native


def stubs() -> dict[str, list[str]]:
    """The parameters of each function, method and class in the stubs; a class has those of its creation."""
    tree = ast.parse(Path(btcfake.__file__).with_name("_native.pyi").read_text())
    found = functions(tree)
    for of_class in tree.body:
        # The other classes are only types of the stubs.
        if isinstance(of_class, ast.ClassDef) and hasattr(_native, of_class.name):
            methods = functions(of_class)
            found[of_class.name] = methods.pop("__new__", [])
            found |= {f"{of_class.name}.{name}": parameters for name, parameters in methods.items()}
    return found


def functions(of: ast.Module | ast.ClassDef) -> dict[str, list[str]]:
    """The parameters of each function of a module or class in the stubs, without the object itself."""
    nodes = [node for node in of.body if isinstance(node, ast.FunctionDef)]
    named = {node.name: (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs) for node in nodes}
    return {name: [one.arg for one in some if one.arg not in ("self", "cls")] for name, some in named.items()}


def module() -> dict[str, list[str]]:
    """The parameters of each function, method and class in the module."""
    found = dict(inspect.getmembers(_native, callable))
    for name, one in list(found.items()):
        if inspect.isclass(one):
            found |= {f"{name}.{method}": getattr(one, method) for method in vars(one) if is_public(method)}
    return {name: [one for one in inspect.signature(of).parameters if one != "self"] for name, of in found.items()}


def is_public(method: str) -> bool:
    return not method.startswith("_") or method == "__len__"


def test_stubs_are_those_of_the_module() -> None:
    assert stubs() == module()
    assert len(module()) > 30

"""No phone number, no secret and no print in what the product tells its log."""

from __future__ import annotations

import ast

from tests.architecture.source_tree import ROOT, source_files, tree_of

LOG_METHODS = {"debug", "info", "warning", "error", "critical", "exception", "log"}
#: Variables and fields that hold what may never be logged.
PRIVATE = {
    "auth_token",
    "body",
    "called",
    "caller_id",
    "form",
    "from_",
    "number",
    "password",
    "phone",
    "phones",
    "secret",
    "secret_key",
    "sms_text",
    "to",
    "token",
}
#: What makes a number fit to be shown.
MASKS = {"mask", "masked"}
FILES = list(source_files())


def log_calls(tree: ast.AST) -> list[ast.Call]:
    """Calls of a logger: ``logger.info(…)``, ``self._log.warning(…)``."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in LOG_METHODS
        and "log" in ast.unparse(node.func.value).casefold()
    ]


def told(call: ast.Call) -> set[str]:
    """The names whose values go into a log call, those behind a mask left out."""
    found: set[str] = set()

    def visit(node: ast.AST) -> None:
        if (
            isinstance(node, ast.Call)
            and ast.unparse(node.func).split(".")[-1] in MASKS
        ):
            return
        if isinstance(node, ast.Name):
            found.add(node.id)
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
        for child in ast.iter_child_nodes(node):
            visit(child)

    for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
        visit(argument)
    return found


def test_nothing_private_is_logged() -> None:
    """A log call takes no variable that holds a number, a text or a secret."""
    calls = [(path, call) for path in FILES for call in log_calls(tree_of(path))]

    assert calls
    for path, call in calls:
        assert not told(call) & PRIVATE, f"{path}: {ast.unparse(call)}"


def test_database_errors_do_not_repeat_their_parameters() -> None:
    """A traceback that is logged may end in the database's message."""
    engine = (ROOT / "store" / "sql" / "engine.py").read_text(encoding="utf-8")
    creations = [
        node
        for node in ast.walk(ast.parse(engine))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith("create_engine")
    ]

    assert creations
    for creation in creations:
        assert "hide_parameters=True" in ast.unparse(creation)


def test_the_check_itself_sees() -> None:
    """The rule finds what it is meant to find, and lets a masked number through."""
    (bad,) = log_calls(ast.parse("logger.info('to %s', person.phone)"))
    (good,) = log_calls(ast.parse("logger.info('to %s', mask(person.phone))"))

    assert told(bad) & PRIVATE == {"phone"}
    assert not told(good) & PRIVATE

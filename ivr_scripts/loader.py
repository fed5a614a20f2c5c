"""TOML text to ``Script`` and ``Texts``. Strict: an unknown field is an error.

What can be judged on one field alone is judged here; what needs the whole graph or
every language is judged in ``checks``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from types import MappingProxyType
from typing import Any, TypeVar

from ivr_scripts.errors import ScriptFormatError
from ivr_scripts.model import Choice, Outcome, Result, Script, Step, StepKind

_Value = TypeVar("_Value", Script, Step, Choice)


@dataclass(frozen=True, slots=True)
class Texts:
    """All words of one language."""

    language: str  #: BCP 47 tag
    name: str  #: the language's own name for itself
    fallback: str = ""  #: language to take a missing text from
    is_reviewed: bool = False  #: read and corrected by a native speaker
    drill_word: str = ""  #: starts every text of an exercise
    prompts: Mapping[str, str] = field(default_factory=dict)  #: key to spoken words
    keywords: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_script(
    text: str, name: str, parts: Mapping[str, str] = MappingProxyType({})
) -> Script:
    """Make a script of a TOML document.

    Parameters
    ----------
    text : str
        The document; ``docs/ivr-scripts.md`` describes it.
    name : str
        Name of the script, and of the file in error messages.
    parts : mapping of str to str
        Documents with steps that several scripts share, by the name under which
        ``parts = [...]`` asks for them.

    Raises
    ------
    ScriptFormatError
        If it is not TOML, or a field is missing, unknown or of the wrong type.
    """
    table = _parse(text, name)
    steps = dict(_typed(table.get("steps", {}), dict, f"{name}: steps"))
    for part in _strings(table.pop("parts", []), f"{name}: parts"):
        _add_part(steps, part, parts, name)
    table["steps"] = MappingProxyType(
        {
            key: _step(key, _typed(value, dict, f"{name}.{key}"), f"{name}.{key}")
            for key, value in steps.items()
        }
    )
    variables = _strings(table.pop("variables", []), f"{name}: variables")
    return _build(
        Script, {**table, "name": name, "variables": frozenset(variables)}, name
    )


def read_texts(text: str, name: str) -> Texts:
    """Make the texts of one language of a TOML document.

    Tables inside ``prompts`` become dotted keys: ``[prompts.press]`` with ``1 = "…"``
    gives ``press.1``.

    Raises
    ------
    ScriptFormatError
        If it is not TOML, or something in it is not of the right type.
    """
    table = _parse(text, name)
    prompts = _typed(table.pop("prompts", {}), dict, f"{name}: prompts")
    keywords = _typed(table.pop("keywords", {}), dict, f"{name}: keywords")
    own = {"language": str, "name": str, "fallback": str, "is_reviewed": bool}
    own["drill_word"] = str
    for key, value in table.items():
        if key not in own:
            raise ScriptFormatError(f"{name}: no such field: {key!r}.")
        _typed(value, own[key], f"{name}: {key}")
    if table.get("language") != name or not table.get("name"):
        msg = f'{name}: needs `language = "{name}"` and the language\'s own `name`.'
        raise ScriptFormatError(msg)
    return Texts(
        **table,
        prompts=MappingProxyType(_flat(prompts, f"{name}: prompts")),
        keywords=MappingProxyType(
            {
                key: _strings(words, f"{name}: keywords.{key}")
                for key, words in keywords.items()
            }
        ),
    )


def _add_part(
    steps: dict[str, Any], part: str, parts: Mapping[str, str], name: str
) -> None:
    """Add the steps of a part, none of which the script may have already.

    Raises
    ------
    ScriptFormatError
        If there is no such part, or a step would be there twice.
    """
    if part not in parts:
        raise ScriptFormatError(f"{name}: no such part: {part!r}.")
    shared = _parse(parts[part], f"{name}: part {part}").get("steps", {})
    for key, value in _typed(shared, dict, f"{name}: part {part}: steps").items():
        if key in steps:
            msg = f"{name}: the step {key!r} is in the part {part!r} as well."
            raise ScriptFormatError(msg)
        steps[key] = value


def _parse(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScriptFormatError(f"{name}: not TOML: {error}") from error


def _step(name: str, table: Mapping[str, Any], where: str) -> Step:
    values = {**table, "name": name}
    kinds = {kind.value: kind for kind in StepKind}
    if values.get("kind") not in kinds:
        msg = f"{where}: kind must be one of {', '.join(kinds)}."
        raise ScriptFormatError(msg)
    values["kind"] = kinds[values["kind"]]
    values["say"] = _strings(values.get("say", []), f"{where}: say")
    values["results"] = _results(values.get("results", []), f"{where}: results")
    choices = _typed(values.get("choices", []), list, f"{where}: choices")
    values["choices"] = tuple(
        _choice(_typed(choice, dict, f"{where}: choice"), where) for choice in choices
    )
    return _build(Step, values, where)


def _choice(table: Mapping[str, Any], where: str) -> Choice:
    values = dict(table)
    where = f"{where}: choice {values.get('digit', '?')}"
    values["results"] = _results(values.get("results", []), f"{where}: results")
    values["forget"] = _strings(values.get("forget", []), f"{where}: forget")
    pick = _typed(values.get("pick", {}), dict, f"{where}: pick")
    if len(pick) > 1:
        raise ScriptFormatError(f"{where}: pick takes one name and one value.")
    values["pick"] = next(
        ((name, _typed(value, str, f"{where}: pick")) for name, value in pick.items()),
        None,
    )
    return _build(Choice, values, where)


def _results(words: object, where: str) -> tuple[Result, ...]:
    results = []
    for word in _strings(words, where):
        name, _, value = word.partition(":")
        if name not in Outcome.__members__:
            raise ScriptFormatError(f"{where}: no such outcome: {name!r}.")
        results.append(Result(Outcome[name], value))
    return tuple(results)


def _build(kind: type[_Value], values: Mapping[str, Any], where: str) -> _Value:
    """Make a value of a table after checking names and plain types of its fields.

    Raises
    ------
    ScriptFormatError
        If a field is missing, unknown or of the wrong type.
    """
    known = {spec.name: spec for spec in fields(kind)}
    for name, value in values.items():
        if name not in known:
            raise ScriptFormatError(f"{where}: no such field: {name!r}.")
        plain = {"str": str, "int": int}.get(str(known[name].type))
        if plain is not None:
            _typed(value, plain, f"{where}: {name}")
    for name, spec in known.items():
        if name not in values and spec.default is MISSING:
            raise ScriptFormatError(f"{where}: the field {name!r} is missing.")
    return kind(**values)


def _flat(table: Mapping[str, Any], where: str) -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            inner = _flat(value, f"{where}.{key}")
            flat.update({f"{key}.{name}": text for name, text in inner.items()})
        else:
            flat[key] = _typed(value, str, f"{where}.{key}").strip()
    return flat


def _strings(value: object, where: str) -> tuple[str, ...]:
    return tuple(_typed(item, str, where) for item in _typed(value, list, where))


def _typed(value: Any, kind: type[Any], where: str) -> Any:
    """Return the value if it is of that type; ``True`` is not a whole number.

    Raises
    ------
    ScriptFormatError
        If it is not.
    """
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        names = {str: "a text", int: "a whole number", list: "a list", dict: "a table"}
        msg = f"{where}: must be {names.get(kind, 'true or false')}, not {value!r}."
        raise ScriptFormatError(msg)
    return value

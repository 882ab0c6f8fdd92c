"""Read a rule file (YAML) into a pydantic model, or say which file, line and key is wrong.

YAML guesses types: `0101` becomes 65 and `NO` becomes false. Here every plain scalar that looks
like a code but is not quoted stays what it was, and the models refuse what is not a string.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from tidewaiter.base.errors import RuleError

if TYPE_CHECKING:
    import yaml
    from pydantic import BaseModel

    Model = TypeVar("Model", bound=BaseModel)


def parse_rules(text: str, name: str, model: type[Model]) -> Model:
    """Parse `text` (the content of the file `name`) and validate it as `model`.

    Raises `RuleError` with file, line, key and reason for the first fault: not YAML, a key
    written twice, an unknown key, a wrong type.
    """
    import yaml
    from pydantic import ValidationError

    try:
        node = _compose(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"{mark.line + 1}" if mark else "?"
        message = f"{name}:{line}: not valid YAML: {getattr(error, 'problem', error)}"
        raise RuleError(message) from None
    if node is None:
        message = f"{name}:1: the file is empty"
        raise RuleError(message)
    _refuse_duplicate_keys(node, name)
    _refuse_impossible_scalars(node, name)
    try:
        return model.model_validate(yaml.SafeLoader("").construct_document(node))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        message = f"{name}:{mark.line + 1 if mark else '?'}: not a rule: {getattr(error, 'problem', error)}"
        raise RuleError(message) from None
    except ValidationError as error:
        first = error.errors()[0]
        path = first["loc"]
        key = ".".join(str(part) for part in path) or "(the whole file)"
        message = f"{name}:{_line_of(node, path)}: {key}: {first['msg']}{_given(first['type'], first['input'])}"
        raise RuleError(message) from None


def _compose(text: str) -> yaml.Node | None:
    """Read YAML into nodes, which know their lines; by libyaml where it is there, in a fifth of the time."""
    import yaml

    return yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _given(kind: str, value: object) -> str:
    """Say what was given, on one short line; of what is missing there is nothing to say."""
    if kind == "missing":
        return ""
    shown = repr(value)
    hint = "; write it in quotes" if kind == "string_type" and isinstance(value, int | float | date) else ""
    return f" (got {shown if len(shown) <= 60 else shown[:57] + '...'}{hint})"


def line_of(text: str, path: tuple[int | str, ...]) -> int:
    """Return the line (from 1) at which `path` stands in YAML `text`, or of its nearest parent."""
    node = _compose(text)
    return 1 if node is None else _line_of(node, path)


def _refuse_impossible_scalars(node: yaml.Node, name: str) -> None:
    """Refuse what looks like a day or number and is none, such as 2017-02-30, on its own line."""
    import yaml

    stack, seen = [node], set[int]()
    while stack:
        current = stack.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        if isinstance(current, yaml.MappingNode):
            stack.extend(part for pair in current.value for part in pair)
        elif isinstance(current, yaml.SequenceNode):
            stack.extend(current.value)
        elif current.tag in {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:int", "tag:yaml.org,2002:float"}:
            try:
                yaml.SafeLoader("").construct_object(current)
            except ValueError as error:
                message = f"{name}:{current.start_mark.line + 1}: {current.value}: {error}"
                raise RuleError(message) from None


def _refuse_duplicate_keys(node: yaml.Node, name: str, above: tuple[int, ...] = ()) -> None:
    import yaml

    if id(node) in above:
        message = f"{name}:{node.start_mark.line + 1}: an anchor that holds itself"
        raise RuleError(message)
    above = (*above, id(node))
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value in seen:
                message = f"{name}:{line}: {key.value}: written before on line {seen[key.value]}"
                raise RuleError(message)
            seen[key.value] = line
            _refuse_duplicate_keys(value, name, above)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _refuse_duplicate_keys(value, name, above)


def _line_of(node: Any, path: tuple[int | str, ...]) -> int:
    import yaml

    line = int(node.start_mark.line) + 1
    for part in path:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(part)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            break
    return line

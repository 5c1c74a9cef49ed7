"""Home Assistant's templates of a state, as far as they can be read and not run: one value, perhaps a condition on it.

``{{ value_json.x }}``, ``{{ 'ON' if value_json.x == 'open' else 'OFF' }}``, ``{{ value_json['x'] | int > 0 }}``,
``{% if value_json.x %}ON{% else %}OFF{% endif %}``, ``{{ value_json.x | iif('ON', 'OFF') }}``. There is no engine:
whatever is not in this grammar is not understood at all, and whoever declared it is told so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from operator import eq, ge, gt, le, lt, ne
from typing import Any

import msgspec

from device_adapters.bridges.plain_values import as_number, is_on

Literal = bool | int | float | str

_LONGEST = 512
_TOKEN = re.compile(
    r"\s*+(?:(?P<text>'[^'\\]*+'|\"[^\"\\]*+\")|(?P<number>-?\d{1,9}(?:\.\d{1,9})?)|(?P<word>[A-Za-z_]\w*+)"
    r"|(?P<mark>==|!=|>=|<=|[><.|,()\[\]]))"
)
_SHOWN = re.compile(r"\{\{-?([^{}]++)\}\}\Z")
_BRANCHES = re.compile(
    r"\{%-?\s*+if\s([^{}%]++)%\}([^{}]*+)\{%-?\s*+else\s*+-?%\}([^{}]*+)\{%-?\s*+endif\s*+-?%\}\Z",
)
_CONSTANTS: Mapping[str, Literal] = {"true": True, "false": False, "True": True, "False": False}
_COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": eq,
    "!=": ne,
    ">": gt,
    "<": lt,
    ">=": ge,
    "<=": le,
}
_ORDERED = frozenset({">", "<", ">=", "<="})
_FILTERS: Mapping[str, Callable[[object], object]] = {
    "int": as_number,
    "float": as_number,
    "bool": is_on,
    "lower": lambda value: value.lower() if isinstance(value, str) else value,
    "upper": lambda value: value.upper() if isinstance(value, str) else value,
    "trim": lambda value: value.strip() if isinstance(value, str) else value,
    "string": lambda value: str(value) if isinstance(value, Literal) else None,
    "default": lambda value: value,
    "is_defined": lambda value: value,
}
"""What may stand after a value. What a value would be by default is nobody's word, so it says nothing then."""
_SAID_TRUE, _SAID_FALSE = "True", "False"


class StateTemplate(msgspec.Struct, frozen=True, array_like=True):
    """What a template does.

    Attributes:
        path: Where in the JSON its value is; empty: the whole payload.
        filters: What is done to it, in order.
        test: The condition: a comparison, ``in``, ``has``, ``truth``, ``defined``; empty: it is the value itself.
        against: What it is compared with.
        yes: What it says when the condition holds.
        no: And when it does not.
    """

    path: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    test: str = ""
    against: tuple[Literal, ...] = ()
    yes: str = _SAID_TRUE
    no: str = _SAID_FALSE

    def of(self, payload: object) -> object:
        """What it makes of a payload (JSON, or text); None when that has no such value."""
        value = payload
        for step in self.path:
            value = value.get(step) if isinstance(value, dict) else None
        if self.test == "defined":
            return self.yes if value is not None else self.no
        for name in self.filters:
            value = None if value is None else _FILTERS[name](value)
        if value is None or not self.test:
            return value
        return self.yes if self._holds(value) else self.no

    def _holds(self, value: object) -> bool:
        if self.test == "truth":
            return bool(value)
        if self.test == "in":
            return value in self.against
        against = self.against[0]
        if self.test == "has":
            return isinstance(value, str) and isinstance(against, str) and against in value
        if self.test in _ORDERED and not (isinstance(value, int | float) and isinstance(against, int | float)):
            return False
        return _COMPARED[self.test](value, against)


def read_template(template: str) -> StateTemplate | None:
    """What a template does; None when it is not in the grammar."""
    template = template.strip()
    if len(template) > _LONGEST:
        return None
    branches = _BRANCHES.match(template)
    try:
        if branches is not None:
            words = _Words(branches[1].strip().rstrip("-"))
            read = _says(_condition(words), branches[2].strip(), branches[3].strip())
            return read if words.is_over else None
        shown = _SHOWN.match(template)
        if shown is None:
            return None
        words = _Words(shown[1].strip().rstrip("-"))
        read = _shown(words)
    except _NotInGrammarError:
        return None
    return read if words.is_over else None


class _NotInGrammarError(Exception):
    pass


class _Words:
    """The words of an expression, one after the other."""

    def __init__(self, expression: str) -> None:
        self._found: list[tuple[str, str]] = []
        at = 0
        while at < len(expression.rstrip()):
            found = _TOKEN.match(expression, at)
            if found is None or found.lastgroup is None:
                raise _NotInGrammarError
            self._found.append((found.lastgroup, found[found.lastgroup]))
            at = found.end()
        self._at = 0

    @property
    def is_over(self) -> bool:
        return self._at == len(self._found)

    def next_is(self, *words: str) -> bool:
        """Whether these come next, and nothing else by that name; then they are taken."""
        coming = self._found[self._at : self._at + len(words)]
        if [word for kind, word in coming if kind != "text"] != list(words):
            return False
        self._at += len(words)
        return True

    def need(self, word: str) -> None:
        if not self.next_is(word):
            raise _NotInGrammarError

    def take(self, *kinds: str) -> str:
        """The next word, which must be of one of these kinds."""
        if self.is_over or self._found[self._at][0] not in kinds:
            raise _NotInGrammarError
        self._at += 1
        return self._found[self._at - 1][1]

    def literal(self) -> Literal:
        """A text, a number, true or false."""
        word = self.take("text", "number", "word")
        if word[0] in "'\"":
            return word[1:-1]
        if word in _CONSTANTS:
            return _CONSTANTS[word]
        try:
            return float(word) if "." in word else int(word)
        except ValueError:
            raise _NotInGrammarError from None

    @property
    def comes(self) -> tuple[str, str]:
        return self._found[self._at] if not self.is_over else ("", "")


def _shown(words: _Words) -> StateTemplate:
    """A value, a condition on one, a choice between two literals, or ``iif``."""
    kind, _ = words.comes
    if kind in {"text", "number"}:
        first = words.literal()
        if words.next_is("if"):
            condition = _condition(words)
            words.need("else")
            return _says(condition, first, words.literal())
        words.need("in")
        return msgspec.structs.replace(_value(words), test="has", against=(first,))
    read = _condition(words, is_shown=True)
    if words.next_is("|", "iif", "("):
        yes = words.literal()
        words.need(",")
        read = _says(read if read.test else msgspec.structs.replace(read, test="truth"), yes, words.literal())
        words.need(")")
    return read


def _says(condition: StateTemplate, yes: Literal, no: Literal) -> StateTemplate:
    """With what it says; a condition that is turned round has its answers the other way."""
    told, other = str(yes), str(no)
    if condition.yes == _SAID_FALSE:
        told, other = other, told
    return msgspec.structs.replace(condition, yes=told, no=other)


def _condition(words: _Words, *, is_shown: bool = False, is_inner: bool = False) -> StateTemplate:
    """A value and what it is compared with; alone it is its truth, or where it is what is shown the value itself.

    It may stand in brackets, once.
    """
    turned = words.next_is("not")
    if words.comes[0] in {"text", "number"}:
        against = words.literal()
        words.need("in")
        read = msgspec.structs.replace(_value(words), test="has", against=(against,))
    else:
        if not is_inner and words.next_is("("):
            inner = _condition(words, is_shown=True, is_inner=True)
            words.need(")")
        else:
            inner = _value(words)
        if inner.test and not turned:
            return inner
        inner = msgspec.structs.replace(inner, filters=(*inner.filters, *_filters(words)))
        read, is_turned = (inner, False) if inner.test else _compared(words, inner)
        turned ^= is_turned ^ (inner.yes == _SAID_FALSE)
    if not read.test and (turned or not is_shown):
        read = msgspec.structs.replace(read, test="truth")
    yes, no = (_SAID_FALSE, _SAID_TRUE) if turned else (_SAID_TRUE, _SAID_FALSE)
    return msgspec.structs.replace(read, yes=yes, no=no)


def _compared(words: _Words, read: StateTemplate) -> tuple[StateTemplate, bool]:
    """The condition on a value, and whether it is turned round."""
    turned = False
    if words.next_is("is"):
        turned = words.next_is("not")
        word = words.take("word")
        if word == "defined" and not read.filters:
            return msgspec.structs.replace(read, test="defined"), turned
        if word not in _CONSTANTS:
            raise _NotInGrammarError
        return msgspec.structs.replace(read, test="==", against=(_CONSTANTS[word],)), turned
    if words.next_is("not", "in"):
        return msgspec.structs.replace(read, test="in", against=_listed(words)), True
    if words.next_is("in"):
        return msgspec.structs.replace(read, test="in", against=_listed(words)), False
    if words.comes[1] in _COMPARED and words.comes[0] == "mark":
        return msgspec.structs.replace(read, test=words.take("mark"), against=(words.literal(),)), False
    return read, turned


def _listed(words: _Words) -> tuple[Literal, ...]:
    end = {"[": "]", "(": ")"}.get(words.take("mark"))
    if end is None:
        raise _NotInGrammarError
    found = [words.literal()]
    while words.next_is(","):
        found.append(words.literal())
    words.need(end)
    return tuple(found)


def _value(words: _Words) -> StateTemplate:
    """``value`` or a place in ``value_json``, with filters."""
    name = words.take("word")
    if name not in {"value", "value_json"}:
        raise _NotInGrammarError
    path: list[str] = []
    while name == "value_json" and words.comes[1] in {".", "["} and words.comes[0] == "mark":
        if words.next_is("."):
            path.append(words.take("word"))
        else:
            words.need("[")
            path.append(words.take("text")[1:-1])
            words.need("]")
    if name == "value_json" and not path:
        raise _NotInGrammarError
    return StateTemplate(path=tuple(path), filters=_filters(words))


def _filters(words: _Words) -> tuple[str, ...]:
    found: list[str] = []
    while name := next((it for it in _FILTERS if words.next_is("|", it)), ""):
        found.append(name)
        if words.next_is("(") and not words.next_is(")"):
            words.literal()
            words.need(")")
    return tuple(found)

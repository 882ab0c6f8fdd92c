"""A publisher's key: held so that no message, log or traceback can print it.

It is read from the environment, else from the keyring of the user's desktop where the package
`keyring` is installed. It is never written anywhere.
"""

from __future__ import annotations

import os
from typing import Final, final

from tidewaiter.base.errors import InputError

KEYRING_SERVICE: Final = "tidewaiter"


@final
class Key:
    """A secret with the name of where it came from; printing it prints that name."""

    __slots__ = ("_value", "origin")

    def __init__(self, value: str, origin: str) -> None:
        if not value.isascii() or not value.isprintable() or " " in value:
            message = f"{origin} holds signs that no key has; copy it again without blanks or line breaks"
            raise InputError(message)
        self._value = value
        self.origin = origin

    def reveal(self) -> str:
        """Return the secret, for the one line that sends it."""
        return self._value

    def hidden_in(self, text: str) -> str:
        """Return `text` with the secret blotted out wherever it stands."""
        return text.replace(self._value, "***")

    def __repr__(self) -> str:
        return f"Key(from {self.origin})"

    def __reduce__(self) -> str:
        message = "a key is not written down"
        raise TypeError(message)


def find_key(variable: str) -> Key | None:
    """Return the key in the environment variable, else in the keyring under the same name, else None."""
    value = os.environ.get(variable, "").strip()
    if value:
        return Key(value, variable)
    try:
        import keyring
    except ImportError:
        return None
    try:
        kept = keyring.get_password(KEYRING_SERVICE, variable)
    except keyring.errors.KeyringError:
        return None
    return Key(kept.strip(), f"{variable} in the keyring") if kept else None

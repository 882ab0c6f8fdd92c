"""Write text that came from outside (a file's name, an argument) so that one line stays one line."""

from __future__ import annotations

LONGEST = 200


def legible(text: str, longest: int | None = None) -> str:
    r"""Return `text` with every sign that is not printable written out, such as `\n` or `\xff`.

    A line break cannot make two lines of a message then, nor a control sign paint the terminal. Bytes
    of a file name that are no UTF-8 are written as bytes. Cut after `longest` signs where one is given.
    """
    if longest is not None and len(text) > longest:
        text = f"{text[:longest]}..."
    return "".join(sign if sign.isprintable() else _written_out(sign) for sign in text)


def _written_out(sign: str) -> str:
    code = ord(sign)
    if 0xDC80 <= code <= 0xDCFF:
        # Python keeps a byte that is no UTF-8 as a half of a surrogate pair.
        return f"\\x{code - 0xDC00:02x}"
    return sign.encode("unicode_escape").decode("ascii")

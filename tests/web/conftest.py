"""The fixtures of every test of the web page: a lake of the tiny world, and the app over it."""

from web_helpers import home, reader  # noqa: F401 - fixtures

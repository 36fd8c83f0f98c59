"""What the tests of several rooms begin with."""

from tests.apps.registers.answering import registers, with_key

__all__ = ["registers", "with_key"]

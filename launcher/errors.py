"""What the launcher says instead of a traceback."""


class Refusal(Exception):
    """Cannot go on; the message is one sentence for the user, with what to do next."""

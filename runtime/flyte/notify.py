"""Messages about a run's end. Checked and kept; only an engine with a mailbox can send them."""

from __future__ import annotations

from typing import Any


class Notification:
    """What is told, to whom, at which phases."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.arguments = args
        self.options = options

    def __repr__(self) -> str:
        said = [repr(value) for value in self.arguments]
        said += [f"{name}={value!r}" for name, value in self.options.items()]
        return f"{type(self).__name__}({', '.join(said)})"


class Email(Notification):
    """By e-mail."""


class Slack(Notification):
    """By a Slack message."""


class Teams(Notification):
    """By a Teams message."""


class Webhook(Notification):
    """By a request to an address."""


class NamedDelivery(Notification):
    """By a delivery that the backend knows."""


class NamedRule(Notification):
    """By a rule that the backend knows."""

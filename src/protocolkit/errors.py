"""What can go wrong outside a protocol file: wrong options, wrong configuration, output that cannot be written."""

from __future__ import annotations


class ProtocolkitError(Exception):
    """Base of every error that protocolkit raises on purpose; its text says what, where and what to do."""


class UsageError(ProtocolkitError):
    """The invocation cannot be carried out: unknown name, no file matched, output exists."""


class ConfigError(ProtocolkitError):
    """The configuration is unreadable or holds an unknown key."""


class RenderError(ProtocolkitError):
    """A template, a reference document or a final document is at fault."""

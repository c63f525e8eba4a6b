"""protocolkit: one structured protocol file, checked, audited and rendered as an ICH M11 document."""

__version__ = "0.1.0"

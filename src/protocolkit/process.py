"""Whether the whole process is a command of ours, so that what it imports may be trimmed for speed.

Where protocolkit is a library of another program, nothing that others import too is touched.
"""

from __future__ import annotations

own = False  # `protocolkit.__main__` says so before anything else is imported

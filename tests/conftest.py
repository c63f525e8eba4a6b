"""What all tests share."""

from __future__ import annotations

import gc

# Documents hold few cycles; a command looks for them as seldom, and the suite is a tenth quicker for it.
gc.set_threshold(200_000)

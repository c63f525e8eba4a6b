"""Other formats in and out: every value of a source is carried over, set aside for a reason, or told as a loss.

`importing.load` is where to begin; nothing is imported here, so that the codes of `losses` can be read alone.
"""

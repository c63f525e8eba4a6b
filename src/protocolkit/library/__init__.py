"""What protocolkit knows by itself: lists of terms, each with its source and code."""

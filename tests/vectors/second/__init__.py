"""A second implementation of docs/protocol.md, as a stranger would write it from that page alone.

It shares no line with Amana: the standard library, and libsodium for the primitives. What it
cannot read from the vectors, the page does not say well enough.
"""

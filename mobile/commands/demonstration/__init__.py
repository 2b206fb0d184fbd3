"""The parts of `amana demo`."""

"""Compares this engine with other runtimes: the parts of bench/run."""

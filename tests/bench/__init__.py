"""The benchmarks: every figure beside a floor or a peer that is measured in the same loop, so that a slow machine
slows both. `python -m tests.bench` prints them; nothing here is a test, and no test measures time."""

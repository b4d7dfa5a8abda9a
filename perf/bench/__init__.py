"""Our server beside stock pipecat and FastRTC, in one go: see `python -m perf.bench --help`."""

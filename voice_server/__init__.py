"""The voice server: settings, assembly, HTTP API, accounts, calls, speech engines, command line."""

__version__ = "0.1.0"

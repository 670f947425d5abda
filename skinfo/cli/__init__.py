"""The ``skinfo`` command."""

from skinfo.cli.main import main

__all__ = ["main"]

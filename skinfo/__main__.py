"""``python -m skinfo``: the same as the ``skinfo`` command."""

from skinfo.cli import main

main()

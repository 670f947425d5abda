"""The Rasa server's process: ``python -m skinfo.rasa.server PORT``."""

from __future__ import annotations

import os
import sys

from skinfo.paths import project_folder
from skinfo.rasa.quiet import be_quiet


def main(port: int) -> None:
    """Serve the channels of ``credentials.yml`` until stopped.

    ``SKINFO_ACTIONS_URL`` and ``SKINFO_CONVERSATIONS`` say where the action server and the
    conversations are; ``SKINFO_HOST`` the address to listen on (loopback unless set).
    """
    be_quiet()
    os.chdir(project_folder())
    import rasa.core.run
    from rasa.core.utils import AvailableEndpoints

    from skinfo.conversation import Responder
    from skinfo.language import load_language
    from skinfo.rasa.training import model_file

    # The guard needs both when all else fails, and must not load them in that moment.
    Responder.shared()
    load_language()
    rasa.core.run.serve_application(
        str(model_file()),
        interface=os.environ.get("SKINFO_HOST", "127.0.0.1"),
        port=port,
        credentials="credentials.yml",
        endpoints=AvailableEndpoints.read_endpoints("endpoints.yml"),
        enable_api=False,
        cors=[],
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))

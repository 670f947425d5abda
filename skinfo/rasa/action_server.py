"""The action server's process: ``python -m skinfo.rasa.action_server PORT``."""

from __future__ import annotations

import os
import sys

from skinfo.conversation import Responder
from skinfo.rasa.discreet_logs import be_discreet, log_to_stderr
from skinfo.rasa.process import prepare_process


def main(port: int) -> None:
    """Serve the actions until stopped."""
    prepare_process()
    log_to_stderr()
    from rasa_sdk.endpoint import create_app

    # Read the facts now: a first answer should not wait for them, and a mistake should show here.
    Responder.shared()
    app = create_app("actions", cors_origins=[])
    be_discreet()
    app.run(host=os.environ.get("SKINFO_ACTIONS_HOST", "127.0.0.1"), port=port, access_log=False)


if __name__ == "__main__":
    main(int(sys.argv[1]))

"""Entry point: Ctrl-C during the imports ends it without a traceback, too."""

import sys

try:
    from .main import main

    main()
except KeyboardInterrupt:
    sys.exit(130)

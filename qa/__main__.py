"""`python -m qa` is the command line."""

import sys

from qa.cli import main

sys.exit(main())

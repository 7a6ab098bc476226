"""`python -m shuangbai` is the console script."""

import sys

from shuangbai.cli import main

sys.exit(main())

"""The scripts of `make accept` beside this file, for their tests: `from deletes import ask_while_deleting`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

"""The site's own settings with what a test run needs: plain static files, a data folder that goes away again."""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="tt-data-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ.setdefault("HASHED_STATIC", "0")  # hashed names belong to a collected folder
os.environ.setdefault("PRODUCTION", "0")
os.environ.setdefault("DATA_DIR", _folder)

from phongtho_thidua.settings import *  # noqa: E402, F403

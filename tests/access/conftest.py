from .objects import there  # noqa: F401  the fixture

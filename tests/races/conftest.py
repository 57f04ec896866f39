"""The report of a commune and the ways to bring it to a state are those of tests/reports."""

from tests.reports.conftest import ask, begun, complete, moved, ready

__all__ = ["ask", "begun", "complete", "moved", "ready"]

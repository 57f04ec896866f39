"""Thi đua Phong Thổ: the emulation movement of a district, from registration to certificate."""

from phongtho_thidua.celery import app as celery_app

__all__ = ["celery_app"]
__version__ = "0.1.0"

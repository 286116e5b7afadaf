"""The pages of M5: the award, the practice's certification, the plaque, and the public answers."""

from app.decision.views import award, plaque, public
from app.decision.views.blueprint import bp

__all__ = ["award", "bp", "plaque", "public"]

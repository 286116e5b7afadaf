"""The blueprint on which the pages of this room hang."""

from flask import Blueprint

bp = Blueprint("decision", __name__)

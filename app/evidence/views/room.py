"""The blueprint of the binder's pages."""

from flask import Blueprint

bp = Blueprint("evidence", __name__)

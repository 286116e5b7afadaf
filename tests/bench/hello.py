"""The least that a server can serve, as a floor."""

from flask import Flask

app = Flask(__name__)
app.add_url_rule("/", view_func=lambda: "Hello")

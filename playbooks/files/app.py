"""Says hello, and which version it is."""

import os

from flask import Flask

app = Flask(__name__)


@app.route("/")
def hello():
    return f"Hello, World! Version {os.environ.get('APP_VERSION', '1')}\n"


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=int(os.environ.get("APP_PORT", "5000")))

"""A guest book: the kind of small Flask application that most first Dockerfiles are written for."""

from datetime import datetime, timezone

from flask import Flask, jsonify, redirect, render_template, request, url_for

app = Flask(__name__)

# Kept in memory: a restart forgets them, which is fine for an example.
entries = []


@app.get("/")
def index():
    return render_template("index.html", entries=entries)


@app.post("/entries")
def add_entry():
    name = request.form.get("name", "").strip()
    text = request.form.get("text", "").strip()
    if not name or not text:
        return "Both a name and a text are needed.\n", 400
    entries.append({"name": name, "text": text, "at": datetime.now(timezone.utc).isoformat(timespec="seconds")})
    return redirect(url_for("index"))


@app.get("/api/entries")
def list_entries():
    return jsonify(entries)


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=5000)

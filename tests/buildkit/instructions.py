#!/usr/bin/env python3
"""Prints how BuildKit's own parser cuts Dockerfiles into instructions.

    pip install dockerfile            # a binding to BuildKit's parser
    instructions.py FOLDER

One JSON line for every file in FOLDER (subfolders are not entered):

    {"file": "a.Dockerfile", "refused": null, "instructions": [["FROM", 1, 1], ["RUN", 2, 4]]}

The numbers are the first and the last line, counted from 1. For a file that BuildKit does not accept, `refused` says
why and `instructions` is empty.
"""
import json
import pathlib
import sys

import dockerfile


def look_at(path):
    try:
        # By path and not by text, so that BuildKit sees the very bytes: BOM, CRLF, NUL.
        commands = dockerfile.parse_file(str(path))
    except (dockerfile.GoParseError, dockerfile.GoIOError, UnicodeDecodeError) as error:
        return str(error) or type(error).__name__, []
    return None, [[c.cmd.upper(), c.start_line, c.end_line] for c in commands]


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: instructions.py FOLDER")
    for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        if path.is_file():
            refused, instructions = look_at(path)
            print(json.dumps({"file": path.name, "refused": refused, "instructions": instructions}))


main()

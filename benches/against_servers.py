#!/usr/bin/env python3
"""dockfix beside the other language servers for Dockerfiles, in one run on one machine.

    python3 benches/against_servers.py --bench lspbench.py target/release/dockfix

Installs dockerfile-language-server-nodejs (npm) and tally-cli (PyPI) into a folder of its own, then has the driver
(`lspbench.py bench`, given by --bench) talk to each of them and to dockfix in turn: 50, 500 and 5,000 lines, an edit at
a time and all at once.
"""
import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path


def install(folder: Path) -> dict[str, list[str]]:
    """The commands of the other servers, after installing them; one that cannot be installed is left out."""
    servers = {}
    npm = ["npm", "install", "--silent", "--prefix", str(folder), "dockerfile-language-server-nodejs@0.15.0"]
    if subprocess.run(npm, check=False).returncode == 0:
        servers["docker-langserver"] = [str(folder / "node_modules/.bin/docker-langserver"), "--stdio"]
    venv = folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    pip = [str(venv / "bin/pip"), "install", "--quiet", "tally-cli==0.45.0"]
    if subprocess.run(pip, check=False).returncode == 0:
        servers["tally"] = [str(venv / "bin/tally"), "lsp", "--stdio"]
    return servers


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dockfix", help="the program")
    parser.add_argument("--bench", required=True, help="the driver, lspbench.py")
    parser.add_argument("--lines", default="50,500,5000")
    parser.add_argument("--edits", default="200", help="edits for each size; tally takes seconds for each at 5,000 lines")
    parser.add_argument("--folder", help="where the other servers are, or get installed (default: a temporary folder)")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(args.folder or temporary).resolve()
        servers = {"dockfix": [os.path.abspath(args.dockfix), "lsp"], **install(folder)}
        failed = 0
        for name, command in servers.items():
            print(f"\n#### {name}\n", flush=True)
            bench = [sys.executable, args.bench, "bench", "--mode", "push", "--lines", args.lines]
            failed |= subprocess.run([*bench, "--edits", args.edits, "--timeout", "120", "--", *command]).returncode
        return failed


if __name__ == "__main__":
    sys.exit(main())

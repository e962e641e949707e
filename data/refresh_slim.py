#!/usr/bin/env python3
"""Writes slim.json: what full variants of Docker Official Images hold and slim ones lack.

    python3 data/refresh_slim.py --facts DIR

DIR holds three files, all made from public sources that their `source` fields name:

* full_vs_slim.json: the commands of the layers of `buildpack-deps`, by Debian release,
  with the package that ships each (file lists of the packages in the Debian archive),
  and the packages that the Dockerfiles of slim variants install and keep;
* apt_cmd_packages.json: the package to ask apt for, where another one ships the command;
* variants.json: the release that the tags of a version stand for, of official images.

What is kept:

    layers   Debian release -> layer of buildpack-deps -> package to ask for -> commands
    images   repository -> how many of these layers its full variant has, the packages
             whose commands its slim variant has too, and what else slim lacks
    libraries
             packages with header files or libraries that buildpack-deps holds
    default  repository -> release -> versions whose tags without a release mean it
"""

import argparse
import json
import pathlib
import re

LAYERS = {"debian": 0, "buildpack-deps:curl": 1, "buildpack-deps:scm": 2, "buildpack-deps": 3}

# The package to ask apt for, where the one that ships a command is a part of it.
WHOLE = [
    (r"gnupg-utils|gpg.*|dirmngr|pinentry-.*", "gnupg"),
    (r"gcc-\d+.*|cpp.*|gcc-x86.*", "gcc"),
    (r"g\+\+-.*", "g++"),
    (r"binutils-.*", "binutils"),
    (r"python3.*", "python3"),
    (r"imagemagick-.*", "imagemagick"),
    (r"libmariadb-dev-compat", "default-libmysqlclient-dev"),
    (r"pkgconf.*", "pkg-config"),
    (r"krb5-multidev", "libkrb5-dev"),
    (r"perl-.*", "perl"),
]

# Commands that every shell has itself, and that are none.
NO_COMMANDS = {"kill", "program", "lcf", "X11"}

# What comes with a package that a slim Dockerfile keeps.
WITH = {
    "ca-certificates": ["openssl"],
    "gcc": ["binutils"],
    "g++": ["gcc", "binutils"],
    "dpkg-dev": ["binutils", "bzip2", "make", "patch", "perl", "xz-utils"],
}

# Libraries that software needs when it runs, and that the packages of buildpack-deps depend
# on: `apt-get -s install --no-install-recommends` of all that its Dockerfiles name, on Debian 12
# with an empty Dir::State::status. Only those that packages of PyPI ask for, and without those
# that the slim variants of Python keep.
LIBRARIES = [
    "libcairo2", "libcurl4", "libexpat1", "libglib2.0-0", "libgomp1", "libjpeg62-turbo", "libldap-2.5-0",
    "libmagic1", "libmariadb3", "libpango-1.0-0", "libpangoft2-1.0-0", "libpq5", "libsasl2-2", "libxcb1",
    "libxml2", "libxslt1.1",
]

# The images of a language have it in every variant, under /usr/local.
OWN = {"python": ["python3"], "pypy": ["python3"], "perl": ["perl"]}


def asked_for(package):
    return next((whole for pattern, whole in WHOLE if re.fullmatch(pattern, package)), package)


def layers(release, asked):
    """Layer -> package to ask for -> commands, of one release."""
    out = {}
    for layer, facts in release["layers"].items():
        packages = out.setdefault(layer, {})
        for command, package in facts["commands_added"].items():
            # Names for cross compilers; nobody types them.
            if command.startswith("x86_64-linux-gnu-") or command in NO_COMMANDS:
                continue
            known = asked.get(command, {}).get("package")
            packages.setdefault(asked_for(known or package), []).append(command)
    sort = lambda packages: {p: " ".join(sorted(c)) for p, c in sorted(packages.items())}
    return {layer: sort(packages) for layer, packages in out.items()}


def image(name, facts, layers):
    suites = facts["suites"]
    suite, facts = ("bookworm", suites["bookworm"]) if "bookworm" in suites else next(iter(suites.items()))
    base = facts["full_base"].replace(suite + "-", "").replace(":" + suite, "")
    kept = {whole for p in facts["slim_packages_kept_by_dockerfile"] for whole in [p, *WITH.get(p, [])]}
    kept |= set(OWN.get(name, []))
    there = {c for layer in list(layers[suite].values())[: LAYERS[base]] for cs in layer.values() for c in cs.split()}
    more = {}
    for command, package in facts["missing_in_slim"].items():
        if command not in there and asked_for(package) not in kept:
            more.setdefault(asked_for(package), []).append(command)
    return {
        "layers": LAYERS[base],
        "kept": " ".join(sorted(kept)),
        "more": {package: " ".join(commands) for package, commands in more.items()},
    }


def default(repo):
    out = {}
    for version, release in repo.get("default_os_by_version_tag", {}).items():
        if release:
            out.setdefault(release, []).append(version)
    if repo.get("default_os") and out:
        out.setdefault(repo["default_os"], []).append("latest")
    return {release: " ".join(versions) for release, versions in out.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--facts", required=True, type=pathlib.Path, help="directory that holds the three files")
    folder = parser.parse_args().facts
    variants, slim, asked = (
        json.loads((folder / f"{name}.json").read_text())
        for name in ("variants", "full_vs_slim", "apt_cmd_packages")
    )
    releases = {n: layers(r, asked["commands"]) for n, r in slim["buildpack_deps"].items()}
    images = {n: image(n, f, releases) for n, f in slim["images"].items() if variants["repos"][n]["has_slim"] and n != "nginx"}
    # Full and slim variant hold the same packages.
    images["debian"] = {"layers": 0, "kept": "", "more": {}}
    defaults = {n: default(r) for n, r in variants["repos"].items() if n in images}
    headers = {p for layer in slim["buildpack_deps"]["bookworm"]["layers"].values() for p in layer["dev_packages_added"]}
    lines = {
        "source": json.dumps("; ".join(f["source"] for f in (slim, asked, variants))),
        "as_of": json.dumps("; ".join(f["as_of"] for f in (slim, variants))),
        "layers": "{\n" + ",\n".join(
            f"{json.dumps(n)}:{json.dumps(r, separators=(',', ':'))}" for n, r in releases.items()
        ) + "\n}",
        "images": "{\n" + ",\n".join(f"{json.dumps(n)}:{json.dumps(i)}" for n, i in sorted(images.items())) + "\n}",
        "libraries": json.dumps(" ".join(sorted(headers | set(LIBRARIES)))),
        "default": "{\n" + ",\n".join(f"{json.dumps(n)}:{json.dumps(d)}" for n, d in sorted(defaults.items())) + "\n}",
    }
    text = "{\n" + ",\n".join(f'"{key}":{value}' for key, value in lines.items()) + "\n}\n"
    json.loads(text)
    pathlib.Path(__file__).with_name("slim.json").write_text(text)


if __name__ == "__main__":
    main()

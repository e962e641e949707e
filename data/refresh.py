#!/usr/bin/env python3
"""Writes the facts that src/facts reads: images.json about Docker Official Images, python.json about packages of PyPI.

    python3 data/refresh.py --facts DIR

DIR holds variants.json and python_native.json. variants.json lists, for each repository of Docker Official
Images, the tags built today, how the tag of the slim variant follows from the
tag of the full one, and the users of the image. All of it comes from public
repositories:

* tags: the `library/*` files of https://github.com/docker-library/official-images
  (Apache-2.0) at the commit named in the `source` field. `Tags:` lines give the
  tags, `Directory:` lines tell which tags are slim, alpine or full.
* users and operating systems: the `USER` and `FROM` lines of the Dockerfiles in
  the repositories named in the `GitRepo:` lines of those same files.

What is kept of variants.json, for each repository:

    family    operating system of a tag that names none
    mixed     true when tags differ in their operating system family
    user      user that the image runs as
    app_user  user that exists in the image for running the application
    slim      how to get the slim tag: append, before_os or before_flavour
    full      the full tags built today whose slim tag follows that rule
    except    full tags built today whose slim tag does not follow it

python_native.json tells of packages that are, or hold, compiled code: the wheels
of one release of each, read from the lock files of public repositories or asked
of pip, and the packages of Debian that building and running them takes, checked
with apt. What is kept, for each package; lists are words between blanks:

    version     the release that the rest is about; none: general knowledge
    wheels      "pure" (one for all systems), or "glibc" and "musl"; with "?", not known
    pythons     versions of CPython that the wheels are for: first, last
    build       packages that building it takes
    runtime     packages that it needs to run when it was built from source
    with_wheel  packages that it needs to run even from a wheel
    renamed     packages of `runtime` that have another name in a release of Debian
"""

import argparse
import json
import pathlib

RULES = {
    "append": "append",
    "insert_before_os": "before_os",
    "insert_before_flavour_and_os": "before_flavour",
}

# The families that src/facts/data.rs reads; the package manager of an RPM
# distribution depends on the tag, which src/facts/family.rs deals with.
FAMILIES = {
    "debian": "debian",
    "ubuntu": "ubuntu",
    "alpine": "alpine",
    "busybox": "busybox",
    "arch": "arch",
    "photon": "photon",
    "rhel": "redhat",
    "fedora": "redhat",
    "mageia": "redhat",
    "oraclelinux": "redhat",
    "amazonlinux": "redhat",
}


def kept_exception(full, slim):
    """Whether `slim` stays the right answer for `full`: it still names every part
    of it (not so for `lts-krypton` -> `lts-slim`, as `lts` moves every year)."""
    return slim is not None and (full == "latest" or set(full.split("-")) <= set(slim.split("-")))


def facts(name, repo):
    """The entry of one repository; what is not known is left out."""
    families = {os["family"] for os in repo.get("family_by_os", {}).values()}
    user = repo["default_user"]
    entry = {
        "family": FAMILIES.get(repo.get("distro_family")),
        "mixed": len(families) > 1 or repo["has_alpine"],
        "user": user["user"],
        "app_user": user.get("available_user", {}).get("name"),
    }
    # The slim variants of nginx are variants of alpine, so no full tag has one.
    if repo["has_slim"] and repo["slim_rule"] in RULES and name != "nginx":
        entry["slim"] = RULES[repo["slim_rule"]]
        entry["full"] = " ".join(repo["slim_map"])
        kept = {full: slim for full, slim in repo["slim_exceptions"].items() if kept_exception(full, slim)}
        entry["except"] = kept
    return {key: value for key, value in entry.items() if value}


def python_facts(name, package):
    """The entry of one package of PyPI; what is not known is left out."""
    kinds = {"glibc": package["has_manylinux_wheel"], "musl": package["has_musllinux_wheel"]}
    wheels = [kind if has else f"{kind}?" for kind, has in kinds.items() if has is not False]
    renamed = {}
    for release in ("bullseye", "trixie"):
        pairs = zip(package["runtime_packages_debian"], package.get(f"runtime_packages_{release}", []))
        renamed[release] = {old: new for old, new in pairs if old != new}
    entry = {
        "version": package["version_seen"] if package["verified"] else None,
        "wheels": "pure" if package["pure_python_wheel"] else " ".join(wheels),
        "pythons": package.get("wheel_pythons_linux", "").replace("..", " "),
        "build": " ".join(package["build_packages_debian"]),
        "runtime": " ".join(package["runtime_packages_debian"]),
        "with_wheel": " ".join(package["runtime_packages_debian_with_wheel"]),
        "renamed": {release: names for release, names in renamed.items() if names},
    }
    return {key: value for key, value in entry.items() if value}


def write(name, source, entries, key, entry):
    """Writes one file of facts, an entry per line, so that a change shows as a diff of that line."""
    head = {field: source[field] for field in ("source", "as_of")}
    lines = [
        f'{json.dumps(item)}:{json.dumps(entry(item, facts), separators=(",", ":"))}'
        for item, facts in sorted(entries.items())
    ]
    text = json.dumps(head, indent=0)[:-2] + f',\n"{key}":{{\n' + ",\n".join(lines) + "\n}}\n"
    json.loads(text)
    pathlib.Path(__file__).with_name(name).write_text(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--facts", required=True, type=pathlib.Path, help="directory that holds the collected facts")
    folder = parser.parse_args().facts
    variants = json.loads((folder / "variants.json").read_text())
    write("images.json", variants, variants["repos"], "repos", facts)
    native = json.loads((folder / "python_native.json").read_text())
    write("python.json", native, native["packages"], "packages", python_facts)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Writes images.json, the facts about Docker Official Images that src/facts reads.

    python3 data/refresh.py --facts DIR

DIR holds variants.json, which lists, for each repository of Docker Official
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


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--facts", required=True, type=pathlib.Path, help="directory that holds variants.json")
    variants = json.loads((parser.parse_args().facts / "variants.json").read_text())
    head = {key: variants[key] for key in ("source", "as_of")}
    repos = [
        f'{json.dumps(name)}:{json.dumps(facts(name, repo), separators=(",", ":"))}'
        for name, repo in sorted(variants["repos"].items())
    ]
    # One repository per line, so that a change shows as a diff of that line.
    text = json.dumps(head, indent=0)[:-2] + ',\n"repos":{\n' + ",\n".join(repos) + "\n}}\n"
    json.loads(text)
    pathlib.Path(__file__).with_name("images.json").write_text(text)


if __name__ == "__main__":
    main()

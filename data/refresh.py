#!/usr/bin/env python3
"""Writes the facts that src/facts reads: images.json about Docker Official Images, end_of_life.json,
sizes.json, and python.json about packages of PyPI.

    python3 data/refresh.py --facts DIR

DIR holds variants.json, eol.json, image_sizes.json and python_native.json. variants.json lists,
for each repository of Docker Official Images, the tags built today, how the tag of the slim variant follows from the
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
    user      user that the image runs as: read from its Dockerfile, or root for the
              images of distributions, which are an archive without a USER
    app_user  user that exists in the image for running the application
    slim      how to get the slim tag: append, before_os or before_flavour
    full      the full tags built today whose slim tag follows that rule
    except    full tags built today whose slim tag does not follow it

eol.json holds the releases of products with their dates, from the front matter of
https://github.com/endoflife-date/endoflife.date (MIT, Copyright 2020 endoflife.date
contributors). What is kept, for each product; lists are words between blanks:

    name      what people call it
    images    the repositories that hold it
    long      releases and the days on which their general, free support ends
    short     the same, for releases supported for less than 18 months
    open      releases whose end nobody has fixed yet
    names     tags that name a release otherwise: code names

The day is that of the last fixes that everybody gets for nothing: for Debian the
end of its LTS, for all others that of their maintenance, so without Ubuntu Pro,
Red Hat's extensions and the like. Left out: build tools (Maven, Gradle), Rust
(each release ends with the next, after six weeks), GHC (no dates) and WordPress
(old releases get fixes, though nobody promises them).

image_sizes.json holds the sizes of images for linux/amd64, from
https://github.com/docker-library/repo-info. What is kept, for each repository, by
release and variant (`3.13-slim`): megabytes on disk and compressed (`?`: not
known); `~` where the size is that of an image built before 2026,
or where the size on disk is the compressed one times what this is for the next
release of the same variant.

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
import datetime
import json
import pathlib
import re

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
    known = user.get("verified") or user.get("source", "").startswith("OS base image")
    entry = {
        "family": FAMILIES.get(repo.get("distro_family")),
        "mixed": len(families) > 1 or repo["has_alpine"],
        "user": user["user"] if known else None,
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


# Product in eol.json: what people call it, and the repositories that hold it besides the official one of that name.
PRODUCTS = {
    "debian": ("Debian", "debian public.ecr.aws/debian/debian"),
    "ubuntu": ("Ubuntu", "ubuntu public.ecr.aws/ubuntu/ubuntu"),
    "alpine": ("Alpine", "alpine"),
    "centos": ("CentOS", "centos quay.io/centos/centos registry.centos.org/centos/centos"),
    "centos-stream": ("CentOS Stream", ""),
    "fedora": ("Fedora", "fedora quay.io/fedora/fedora registry.fedoraproject.org/fedora"),
    "rocky": ("Rocky Linux", "rockylinux rockylinux/rockylinux quay.io/rockylinux/rockylinux"),
    "alma": ("AlmaLinux", "almalinux quay.io/almalinuxorg/almalinux"),
    "amazonlinux": ("Amazon Linux", "amazonlinux public.ecr.aws/amazonlinux/amazonlinux"),
    "opensuse": ("openSUSE Leap", "opensuse/leap registry.opensuse.org/opensuse/leap"),
    "oraclelinux": ("Oracle Linux", "oraclelinux ghcr.io/oracle/oraclelinux"),
    "rhel": ("Red Hat Enterprise Linux", ""),
    "python": ("Python", "python"),
    "node": ("Node.js", "node"),
    "ruby": ("Ruby", "ruby"),
    "golang": ("Go", "golang"),
    "php": ("PHP", "php"),
    "perl": ("Perl", "perl"),
    "erlang": ("Erlang/OTP", "erlang"),
    "elixir": ("Elixir", "elixir"),
    "temurin": ("Eclipse Temurin", "eclipse-temurin"),
    "corretto": ("Amazon Corretto", "amazoncorretto"),
    "dotnet": (".NET", "microsoft/dotnet microsoft/aspnetcore microsoft/aspnetcore-build"),
    "postgres": ("PostgreSQL", "postgres"),
    "mysql": ("MySQL", "mysql"),
    "mariadb": ("MariaDB", "mariadb"),
    "mongo": ("MongoDB", "mongo"),
    "redis": ("Redis", "redis"),
    "valkey": ("Valkey", "valkey/valkey"),
    "memcached": ("Memcached", "memcached"),
    "rabbitmq": ("RabbitMQ", "rabbitmq"),
    "elasticsearch": ("Elasticsearch", "elasticsearch docker.elastic.co/elasticsearch/elasticsearch"),
    "nginx": ("nginx", "nginx"),
    "tomcat": ("Tomcat", "tomcat"),
}

# Tags that name a release otherwise, besides the code names that eol.json has. Those of Node.js:
# https://github.com/nodejs/Release#readme.
NAMES = {
    "amazonlinux": {"1": "2018.03"},
    "node": {
        "argon": "4", "boron": "6", "carbon": "8", "dubnium": "10", "erbium": "12", "fermium": "14",
        "gallium": "16", "hydrogen": "18", "iron": "20", "jod": "22", "krypton": "24",
    },
}  # fmt: skip

# Official repositories that get no more updates, and since when: the deprecation notices (`*/deprecated.md`) of
# https://github.com/docker-library/docs, read on 2026-11-20; that of opensuse names the end of Leap 42.3. Of openjdk,
# early access builds go on.
STOPPED = {
    "adoptopenjdk": "2021-08-01",
    "celery": "2017-06-01",
    "django": "2016-12-31",
    "java": "2016-12-31",
    "mono": "2022-06-30",
    "openjdk": "2022-07-31",
    "opensuse": "2019-07-01",
    "owncloud": "2018-12-31",
    "piwik": "2018-09-30",
    "rails": "2016-12-31",
}

SHORT = datetime.timedelta(days=548)


def end_of_life(product, releases):
    """The entry of one product."""
    kinds = {"long": [], "short": [], "open": []}
    names = dict(NAMES.get(product, {}))
    for release, dates in releases.items():
        end = dates["extended_support_end"] if product == "debian" else dates["eol"]
        if dates.get("docker_codename"):
            names[dates["docker_codename"]] = release
        if end is True:
            continue  # Past, but nobody knows since when: the next release tells.
        if end is False:
            kinds["open"].append(release)
            continue
        life = datetime.date.fromisoformat(end) - datetime.date.fromisoformat(dates["release"])
        kinds["short" if life < SHORT else "long"].append(f"{release}={end}")
    name, images = PRODUCTS[product]
    entry = {"name": name, "images": images, **{kind: " ".join(rows) for kind, rows in kinds.items()}}
    entry["names"] = " ".join(f"{name}={release}" for name, release in names.items())
    return {key: value for key, value in entry.items() if value}


# Variants that go by two names, as `php:8.4` is `php:8.4-cli`.
SYNONYMS = {"php": {"cli": "", "cli-alpine": "alpine"}, "eclipse-temurin": {"jdk": ""}}

# How many numbers make a release, where not two.
NUMBERS = {"node": 1, "debian": 1, "buildpack-deps": 1, "eclipse-temurin": 1, "amazonlinux": 1, "rockylinux": 1,
           "almalinux": 1, "postgres": 1}  # fmt: skip


def release_and_variant(image, size, suites):
    """`("python", "3.13", "slim")` for `python:3.13-slim`; floating tags have the release that was measured."""
    name, tag = image.split(":")
    words = [word for word in tag.split("-") if word not in suites or name in ("debian", "buildpack-deps")]
    first = words.pop(0)
    release = suites.get(first)
    if release is None:
        measured = size.get("on_disk_image") or size.get("compressed_image")
        found = re.search(r"[0-9]+(\.[0-9]+)*", measured.split(":")[1]) if measured else None
        inside = re.search(r"\(([0-9]+(\.[0-9]+)+)", measured or "")
        numbers = (inside[1] if inside else found[0]).split(".") if found else None
        release = ".".join(numbers[: NUMBERS.get(name, 2)]) if numbers else None
        if not first[0].isdigit() and first != "latest":
            words.insert(0, first)
    return name, release, "-".join(words)


def sizes(images, suites):
    """All sizes, by repository."""
    repos = {}
    ratios = {}  # On disk to compressed, of the last release of each variant.
    for image, size in images.items():
        name, _, variant = release_and_variant(image, size, suites)
        if size["on_disk_mb"] and size["compressed_mb"]:
            ratios[name, variant] = size["on_disk_mb"] / size["compressed_mb"]
    for image, size in images.items():
        on_disk, compressed = size["on_disk_mb"], size["compressed_mb"]
        name, release, variant = release_and_variant(image, size, suites)
        ratio = ratios.get((name, variant))
        about = size.get("on_disk_stale") or size.get("compressed_stale")
        if on_disk is None and compressed and ratio:
            on_disk, about = round(compressed * ratio), True
        if release is None or (on_disk is None and compressed is None):
            continue
        row = f"{on_disk or '?'} {compressed or '?'}{' ~' if about else ''}"
        rows = repos.setdefault(name, {})
        for same in (variant, SYNONYMS.get(name, {}).get(variant, variant)):
            rows[f"{release}-{same}".rstrip("-")] = row
        if image.split(":")[1].split("-")[0] in suites:
            rows[image.split(":")[1]] = row
    return repos


def write(name, source, entries, key, entry, **more):
    """Writes one file of facts, an entry per line, so that a change shows as a diff of that line."""
    head = {field: source[field] for field in ("source", "as_of")} | more
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
    ends = json.loads((folder / "eol.json").read_text())
    products = {name: ends["products"][name] for name in PRODUCTS}
    write("end_of_life.json", ends, products, "products", end_of_life, licence=ends["licence"], stopped=STOPPED)
    suites = {dates["docker_codename"]: release for release, dates in ends["products"]["debian"].items()}
    images = json.loads((folder / "image_sizes.json").read_text())
    # What these say of single entries is not kept.
    images |= {field: re.split(", stored| unless", images[field])[0] for field in ("source", "as_of")}
    write("sizes.json", images, sizes(images["images"], suites), "sizes", lambda _, rows: rows)
    native = json.loads((folder / "python_native.json").read_text())
    write("python.json", native, native["packages"], "packages", python_facts)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Writes packages.json: what installing packages of Debian and PyPI adds to an image.

    python3 data/refresh_packages.py --as-of DAY --debian 13 12 --ubuntu 24.04 22.04 --pypi DIR [--names FILE]

* `--debian`, `--ubuntu`: uncompressed `Packages` files for amd64: of the current release of Debian and of the one before,
  section `main`; of releases of Ubuntu, `main` and `universe` in one. All sizes are those of the current Debian; a
  package that only the one before has is measured there. The others tell where these sizes do not hold.
* `--pypi`: a folder with one `NAME.json` for each package of PyPI: the report of
  `pip install --dry-run --ignore-installed --only-binary :all: --report NAME.json NAME`; and `sizes.json` with the sizes
  of everything these reports name: `{"numpy": [bytes on disk, bytes of the wheel]}`. On disk is what
  `pip install --no-deps --target` leaves, compiled bytecode included.
* `--names`: packages of Debian to tell about, a name a line. Without it, those that packages.json has.

What apt installs is followed from `Depends`, `Pre-Depends` and `Recommends` as apt does it: of alternatives the first that
there is, unless another comes anyway, beyond the packages that an image with nothing but the essential ones and apt
holds (`debian:13-slim`): compared with `apt-get install -s`, the same but for 1 to 3 % where a terminal emulator is
chosen. Sizes are those of the fields `Installed-Size` and `Size`. The first counts manuals and translations too, which
slim images leave out: of git, gcc, python3-dev, curl, graphviz and libpq-dev these were 7 to 18 % in all.

What several packages bring along is written down once, so that an image that installs them all is not told to hold it
twice. A part is what always comes together; smaller parts (`PART`) count as a package's own, each time.

    parts       megabytes on disk and to download, in the order of their numbers, `/` between the two
    debian, pypi
                package -> own size, the numbers of its parts; after a `+` the same of what it recommends
    small       packages of Debian that bring less than a megabyte
    differs     packages whose size is another by more than 40 % and 10 MB in that release of Debian, or in one of those of
                Ubuntu, or that are not there
"""

import argparse
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).with_name("packages.json")
# Megabytes that something has to have to be told about by itself.
LEAST = 1.0
# Megabytes from which on what several packages bring along is a part of its own.
PART = 2.0


class Release:
    """A release of Debian, as its Packages file describes it."""

    def __init__(self, text):
        self.packages, self.providers = {}, {}
        for stanza in text.split("\n\n"):
            fields = dict(re.findall(r"(?m)^([\w-]+): (.*)$", stanza))
            if "Package" not in fields:
                continue
            name = fields["Package"]
            self.packages[name] = fields
            for provided in re.findall(r"[^,\s]+(?= *(?:\(|,|$))", fields.get("Provides", "")):
                self.providers.setdefault(provided, []).append(name)
        essential = [n for n, f in self.packages.items() if f.get("Essential") == "yes" or f.get("Priority") == "required"]
        # debootstrap merges /usr itself.
        merged = [n for n in ["usr-is-merged"] if n in self.packages]
        self.base = frozenset(self.closure([*essential, "apt", *merged], False, frozenset()))

    def size(self, name):
        """Bytes on disk and to download."""
        fields = self.packages[name]
        return int(fields.get("Installed-Size", 0)) * 1024, int(fields["Size"])

    def meets(self, alternative, chosen):
        """The package that stands for a dependency: one that comes anyway, else the first that there is."""
        name = alternative.split()[0].split(":")[0]
        providers = self.providers.get(name, [])
        there = [p for p in [name, *providers] if p in chosen]
        if there:
            return there[0], True
        if name in self.packages:
            return name, False
        # Of several providers apt takes the one that its release holds most important.
        order = ["required", "important", "standard", "optional", "extra"]
        best = sorted(providers, key=lambda p: (order.index(self.packages[p].get("Priority", "extra")), p))
        return (best[0] if best else None), False

    def closure(self, names, recommends, base):
        """What `apt-get install` of `names` installs."""
        queue = list(names)
        chosen = set(base) | set(names)
        while queue:
            fields = self.packages[queue.pop(0)]
            kinds = ["Pre-Depends", "Depends"] + ["Recommends"] * recommends
            for group in ", ".join(fields[k] for k in kinds if k in fields).split(", "):
                found = [self.meets(a.strip(), chosen) for a in group.split("|") if a.strip()]
                found = [(name, there) for name, there in found if name]
                if found and not any(there for _, there in found):
                    chosen.add(found[0][0])
                    queue.append(found[0][0])
        return chosen - set(base)


def debian(releases, names):
    """Package -> what it needs, what it recommends beyond; and the sizes of all these."""
    rows, sizes = {}, {}
    for name in names:
        for release in releases:
            found = name
            if name not in release.packages:
                found, _ = release.meets(name, release.base)
                # A name that several packages provide has to be chosen from by hand.
                found = found if len(release.providers.get(name, [])) == 1 else None
            if found is None:
                continue
            needs = release.closure([found], False, release.base)
            more = release.closure([found], True, release.base) - needs
            for package in needs | more:
                sizes.setdefault(package, release.size(package))
            rows[name] = needs, more
            break
    return rows, sizes


def differs(release, rows, sizes):
    """The rows that do not hold for another release."""
    out = []
    for name, (needs, more) in rows.items():
        if name not in release.packages and len(release.providers.get(name, [])) != 1:
            out.append(name)
            continue
        package = name if name in release.packages else release.providers[name][0]
        for recommends in (False, True):
            here = total(needs | more if recommends else needs, sizes)[0]
            there = sum(release.size(n)[0] for n in release.closure([package], recommends, release.base))
            if abs(here - there) > max(0.4 * here, 10e6):
                out.append(name)
                break
    return out


def pypi(folder):
    """The same for packages of PyPI, which recommend nothing."""
    norm = lambda name: re.sub(r"[-_.]+", "-", name).lower()
    sizes = json.loads((folder / "sizes.json").read_text())
    rows = {}
    for file in sorted(folder.glob("*.json")):
        report = json.loads(file.read_text())
        if "install" in report:
            rows[file.stem] = {norm(item["metadata"]["name"]) for item in report["install"]}, set()
    used = set().union(*(needs for needs, _ in rows.values()))
    return rows, {f"{name} (PyPI)": sizes[name] for name in used}


def mb(size):
    """Megabytes, with as many digits as an estimate has: `0.4`, `12`."""
    value = size / 1e6
    return f"{value:.0f}" if value >= 9.95 else f"{value:.1f}".removesuffix(".0")


def both(size):
    return f"{mb(size[0])}/{mb(size[1])}"


def total(names, sizes):
    return [sum(sizes[name][i] for name in names) for i in (0, 1)]


def write(rows, sizes, small, differing, head):
    """`rows`: kind and name -> what it needs, what it recommends."""
    users = {}
    for row, (needs, more) in rows.items():
        for name in needs:
            users.setdefault(name, set()).add((row, "needs"))
        for name in more:
            users.setdefault(name, set()).add((row, "more"))
    groups = {}
    for name, who in users.items():
        groups.setdefault(frozenset(who), []).append(name)
    shared = [(total(names, sizes), who) for who, names in groups.items() if len({row for row, _ in who}) > 1]
    parts = sorted((p for p in shared if p[0][0] >= PART * 1e6), key=lambda p: -len(p[1]))
    numbers = {}
    for number, (_, who) in enumerate(parts):
        for row, level in who:
            numbers.setdefault((row, level), []).append(number)
    inside = {name for who, names in groups.items() if any(who == p[1] for p in parts) for name in names}

    def entry(row):
        needs, more = rows[row]
        side = lambda names, level: " ".join(
            [both(total(names - inside, sizes)), *map(str, numbers.get((row, level), []))]
        )
        extra = side(more, "more")
        return side(needs, "needs") + (f" + {extra}" if not extra.startswith("0/0") or " " in extra else "")

    tables = {kind: {name: entry((kind, name)) for k, name in sorted(rows) if k == kind} for kind in ("debian", "pypi")}
    lines = [json.dumps(head, indent=0)[:-2]]
    lines.append('"parts":' + json.dumps(" ".join(both(size) for size, _ in parts)))
    for kind, table in tables.items():
        body = ",\n".join(f"{json.dumps(n)}:{json.dumps(e)}" for n, e in table.items())
        lines.append(f'"{kind}":{{\n{body}\n}}')
    lines.append('"small":' + json.dumps(" ".join(sorted(small))))
    body = ",\n".join(f"{json.dumps(k)}:{json.dumps(' '.join(sorted(names)))}" for k, names in differing.items())
    lines.append(f'"differs":{{\n{body}\n}}}}\n')
    text = ",\n".join(lines)
    json.loads(text)
    HERE.write_text(text)
    print(len(parts), "parts,", {k: len(t) for k, t in tables.items()}, len(small), "small,", len(text), "bytes", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--debian", required=True, nargs=2, type=pathlib.Path)
    parser.add_argument("--ubuntu", required=True, nargs="+", type=pathlib.Path)
    parser.add_argument("--pypi", required=True, type=pathlib.Path)
    parser.add_argument("--names", type=pathlib.Path)
    parser.add_argument("--as-of", required=True, help="the day of the lists")
    args = parser.parse_args()
    if args.names:
        names = args.names.read_text().split()
    else:
        old = json.loads(HERE.read_text())
        names = [*old["debian"], *old["small"].split()]
    newest, older = [Release(file.read_text()) for file in args.debian]
    ubuntu = [Release(file.read_text()) for file in args.ubuntu]
    found, sizes = debian([newest, older], names)
    differing = {
        "debian13": differs(newest, found, sizes),
        "debian12": differs(older, found, sizes),
        "ubuntu": sorted({name for release in ubuntu for name in differs(release, found, sizes)}),
    }
    large = {n for n, (needs, more) in found.items() if total(needs | more, sizes)[0] >= LEAST * 1e6}
    rows = {("debian", n): found[n] for n in large}
    if args.pypi.is_dir():
        python, python_sizes = pypi(args.pypi)
        sizes |= python_sizes
        rows |= {("pypi", n): ({f"{p} (PyPI)" for p in needs}, set()) for n, (needs, _) in python.items()}
    source = "package lists of Debian 13, main, amd64, and of Debian 12 for what 13 has no more; wheels of PyPI for CPython 3.11 on Linux x86_64"
    write(rows, sizes, set(found) - large, differing, {"source": source, "as_of": args.as_of})


if __name__ == "__main__":
    main()

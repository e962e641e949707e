//! How large packages are, and on which images that holds.

use dockfix::facts::{self, Archive, Installed, Megabytes};

/// `190 MB, 55 MB + 31 MB`: on disk, to download, and what is recommended.
fn size(archive: Archive, package: &str) -> String {
    let Some(size) = facts::package_size(archive, package) else { return String::new() };
    let text = |mb: Megabytes| mb.rounded().to_string();
    let more = size.recommended.on_disk;
    let more = if more.0 > 0.0 { format!(" + {}", text(more)) } else { String::new() };
    format!("{}, {}{more}", text(size.needed.on_disk), text(size.needed.download))
}

#[test]
fn sizes_of_packages() {
    let rows = [
        (Archive::Debian, "gcc", "190 MB, 52 MB + 31 MB"),
        (Archive::Debian12, "gcc", "190 MB, 52 MB + 31 MB"),
        (Archive::Ubuntu, "gcc", "190 MB, 52 MB + 31 MB"),
        (Archive::Debian, "git", "120 MB, 24 MB + 15 MB"),
        // Of less than a megabyte.
        (Archive::Debian, "unzip", "0.0 MB, 0.0 MB"),
        // Another size there, or not there.
        (Archive::Debian, "libxslt1-dev", "11 MB, 2.9 MB + 0.7 MB"),
        (Archive::Debian12, "libxslt1-dev", ""),
        (Archive::Ubuntu, "libxslt1-dev", ""),
        (Archive::Debian, "openjdk-17-jdk", ""),
        // From another archive, or from nowhere.
        (Archive::Pypi, "numpy", "71 MB, 17 MB"),
        (Archive::Pypi, "torch", "5.6 GB, 3.0 GB"),
        (Archive::Pypi, "gcc", ""),
        (Archive::Debian, "numpy", ""),
        (Archive::Debian, "no-such-package", ""),
    ];
    let wrong: Vec<_> = rows.into_iter().filter(|(a, p, expected)| size(*a, p) != *expected).collect();
    let were: Vec<_> = wrong.iter().map(|(a, p, _)| size(*a, p)).collect();
    assert!(wrong.is_empty(), "{wrong:?} were {were:?}");
}

#[test]
fn what_several_packages_bring_counts_once() {
    let on_disk = |names: &[&str]| {
        let mut installed = Installed::default();
        let each = |name: &&str| installed.add(Archive::Debian, name, false).expect("it is known").on_disk.0;
        names.iter().map(each).sum::<f32>()
    };
    let (gcc, all) = (on_disk(&["gcc"]), on_disk(&["build-essential"]));
    assert!(all > gcc && gcc > 100.0, "{gcc} {all}");
    assert!((on_disk(&["build-essential", "gcc", "g++", "gcc"]) - all).abs() < 5.0);
    assert!((on_disk(&["gcc", "build-essential"]) - all).abs() < 5.0);
}

#[test]
fn archives_of_images() {
    let rows = [
        ("debian:13", Some(Archive::Debian)),
        ("debian:trixie-slim", Some(Archive::Debian)),
        ("debian", Some(Archive::Debian)),
        ("debian:12-slim", Some(Archive::Debian12)),
        ("debian:11", None),
        ("ubuntu:24.04", Some(Archive::Ubuntu)),
        ("ubuntu:noble-20250101", Some(Archive::Ubuntu)),
        ("ubuntu:20.04", None),
        ("python:3.13-slim", Some(Archive::Debian)),
        ("docker.io/library/python:3.13-slim-bookworm", Some(Archive::Debian12)),
        // Which release that was is not known.
        ("python:3.11.4-slim", Some(Archive::Debian12)),
        ("python:3.6-slim", None),
        // What a full image holds already is not known, nor what others hold.
        ("python:3.13", None),
        ("python:3.13-alpine", None),
        ("python:${V}-slim", None),
        ("debian:$V", None),
        ("rust:1.97-slim", None),
        ("nginx:1.31", None),
        ("foo/python:3.13-slim", None),
        ("alpine:3.22", None),
    ];
    crate::check(&rows, facts::archive);
}

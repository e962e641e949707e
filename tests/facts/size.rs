//! How large images are, and where that is an estimate.

use dockfix::facts::{self, Megabytes};

/// `1.1 GB, 413 MB`; `~` before an estimate.
fn size(name: &str, tag: Option<&str>) -> String {
    let Some(size) = facts::size(name, tag) else { return String::new() };
    let part = |mb: Option<Megabytes>| mb.map_or("?".to_owned(), |mb| mb.to_string());
    format!("{}{}, {}", if size.is_estimate { "~" } else { "" }, part(size.on_disk), part(size.compressed))
}

#[test]
fn sizes() {
    let rows = [
        // Measured.
        ("python:3.13", "1.1 GB, 413 MB"),
        ("docker.io/library/python:3.13-slim", "126 MB, 43 MB"),
        ("alpine:3.22", "8.3 MB, 3.8 MB"),
        ("debian:bookworm-slim", "75 MB, 28 MB"),
        ("php:8.4", "540 MB, 198 MB"),
        ("redis:8.8", "143 MB, ?"),
        // Of an image built years ago, or from its size compressed.
        ("python:3.9-slim", "~125 MB, 47 MB"),
        ("node:20-slim", "~204 MB, 71 MB"),
        // The same release, or the newest one.
        ("python:3.13.2-slim-bookworm", "~126 MB, 43 MB"),
        ("python:3.13-alpine3.22", "~46 MB, 17 MB"),
        ("debian:12-slim", "75 MB, 28 MB"),
        ("debian:bookworm-20240101-slim", "~75 MB, 28 MB"),
        ("debian", "~120 MB, 49 MB"),
        ("ubuntu:noble", "~78 MB, 30 MB"),
        ("node:24.1.0-bookworm-slim", "~230 MB, 80 MB"),
        ("python:slim", "~119 MB, 43 MB"),
        ("python:3-slim", "~119 MB, 43 MB"),
        // Beside, and between.
        ("python:3.9", "~1.1 GB, 406 MB"),
        ("alpine:3.21", "~8.3 MB, 3.8 MB"),
        ("node:20", "~1.1 GB, ?"),
        // Too far away, another variant, or nothing of the kind.
        ("python:2.7", ""),
        ("alpine:3.5", ""),
        ("node:8-alpine", ""),
        ("php:8.4-apache", ""),
        ("python:3.13-windowsservercore-ltsc2022", ""),
        ("debian:sid", ""),
        ("alpine:edge", ""),
        ("python:${VERSION}", ""),
        ("somebody/python:3.13", ""),
        ("scratch", ""),
    ];
    let rows: Vec<_> = rows.into_iter().map(|(image, expected)| (image, expected.to_owned())).collect();
    super::check(&rows, size);
}

#[test]
fn sizes_are_rounded() {
    for (mb, text) in
        [(4.46, "4.5 MB"), (9.96, "10 MB"), (999.4, "999 MB"), (999.6, "1.0 GB"), (1650.0, "1.6 GB")]
    {
        assert_eq!(Megabytes(mb).to_string(), text);
    }
}

//! What the name of a wheel tells: for which Python and which system it is.
use crate::facts::{Interpreter, Libc};

/// Whether pip takes the wheel of this name for x86-64, this C library and this Python, as far as that is known.
pub(super) fn fits(name: &str, libc: Libc, python: Interpreter) -> bool {
    let Some(stem) = name.strip_suffix(".whl") else { return false };
    let mut tags = stem.rsplit('-');
    let (Some(platforms), Some(abi), Some(pythons)) = (tags.next(), tags.next(), tags.next()) else {
        return false;
    };
    let system = match libc {
        Libc::Glibc => "manylinux",
        Libc::Musl => "musllinux",
    };
    let platform = |p: &str| p == "any" || p.starts_with(system) && p.ends_with("x86_64");
    platforms.split('.').any(platform) && pythons.split('.').any(|p| is_for(p, abi, python))
}

/// Whether a wheel with the tag `cp312`, `py3`, … runs on this Python.
fn is_for(tag: &str, abi: &str, python: Interpreter) -> bool {
    let digits = tag.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let (kind, numbers) = (&tag[..tag.len() - digits.len()], digits.split_at(digits.len().min(1)));
    let version = (numbers.0.parse().unwrap_or(0), numbers.1.parse().unwrap_or(0));
    let wanted = python.version;
    match kind {
        "py" => version.0 == 3 && wanted.is_none_or(|w| version <= w),
        "pp" => python.pypy && wanted.is_none_or(|w| version == w),
        // The builds without a global lock have an ABI of their own.
        "cp" if python.pypy || abi.ends_with('t') => false,
        "cp" if abi == "abi3" => wanted.is_none_or(|w| version <= w),
        "cp" => wanted.is_none_or(|w| version == w),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_python_and_system() {
        let python = Interpreter { version: Some((3, 12)), pypy: false };
        let rows = [
            ("a-1-py3-none-any.whl", true, true),
            ("a-1-py2.py3-none-any.whl", true, true),
            ("a-1-py2-none-any.whl", false, false),
            ("a-1-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", true, false),
            ("a-1-cp312-cp312-musllinux_1_2_x86_64.whl", false, true),
            ("a-1-cp312-cp312-musllinux_1_2_aarch64.whl", false, false),
            ("a-1-cp311-cp311-musllinux_1_2_x86_64.whl", false, false),
            ("a-1-cp38-abi3-musllinux_1_2_x86_64.whl", false, true),
            ("a-1-cp313-abi3-musllinux_1_2_x86_64.whl", false, false),
            ("a-1-cp312-cp312t-musllinux_1_2_x86_64.whl", false, false),
            ("a-1-cp312-cp312-win_amd64.whl", false, false),
            ("a-1.tar.gz", false, false),
            ("é.whl", false, false),
        ];
        for (name, glibc, musl) in rows {
            assert_eq!(fits(name, Libc::Glibc, python), glibc, "{name}");
            assert_eq!(fits(name, Libc::Musl, python), musl, "{name}");
        }
    }
}

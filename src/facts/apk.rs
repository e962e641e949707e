//! From packages and programs of Alpine to those of Debian.
//!
//! Alpine's names are from general knowledge of its packages. Debian's were each installed (simulated, by `apt-get -s`) on
//! bookworm and trixie on 2026-11-20; where a library has another name in trixie, apt follows the old one there.

/// The packages of Debian that take the place of a package of Alpine in an official image of Python: none where these
/// images have it anyway. The outer None: not known.
pub fn debian_packages(apk: &str) -> Option<impl Iterator<Item = &'static str>> {
    let found = PACKAGES.iter().find(|(name, _)| *name == apk).map(|(_, names)| *names);
    let there = THERE.split_whitespace().any(|name| name == apk).then_some("");
    Some(found.or(there)?.split_whitespace())
}

/// Whether Alpine has the program in every image, as a part of busybox, and Debian's slim images do not.
pub fn is_missing_in_slim(program: &str) -> bool {
    MISSING.split_whitespace().any(|name| name == program)
}

const MISSING: &str = "ash apk arping bc bzip2 bunzip2 unxz xz lzma unlzma cal cpio crond crontab dc dos2unix unix2dos ed \
    fdisk free ftpget ftpput fuser hexdump httpd ifconfig inotifyd ip ipcalc iostat killall less logread lsof lsusb man \
    mkdosfs mpstat nc netstat nmeter nslookup ntpd patch pgrep ping ping6 pkill pmap ps pstree rc-service rc-update rdate \
    route scanelf sendmail setup-timezone slattach ssl_client strings su-exec syslogd telnet tftp top traceroute \
    traceroute6 udhcpc unzip uptime uudecode uuencode vi vconfig watch wget whois xxd";

const THERE: &str = "coreutils diffutils findutils gcompat grep gzip libc6-compat libgcc libintl musl ncurses-libs \
    py-pip py3-pip py3-setuptools py3-wheel python-dev python3 python3-dev sed shadow tar util-linux which";

#[rustfmt::skip]
const PACKAGES: &[(&str, &str)] = &[
    ("alpine-sdk", "build-essential git"),
    ("autoconf", "autoconf"),
    ("automake", "automake"),
    ("bash", "bash"),
    ("bind-tools", "bind9-dnsutils"),
    ("build-base", "build-essential"),
    ("bzip2", "bzip2"),
    ("bzip2-dev", "libbz2-dev"),
    ("ca-certificates", "ca-certificates"),
    ("cairo", "libcairo2"),
    ("cairo-dev", "libcairo2-dev"),
    ("cargo", "cargo"),
    ("chromium", "chromium"),
    ("chromium-chromedriver", "chromium-driver"),
    ("clang", "clang"),
    ("cmake", "cmake"),
    ("cups-dev", "libcups2-dev"),
    ("curl", "curl"),
    ("curl-dev", "libcurl4-openssl-dev"),
    ("cyrus-sasl-dev", "libsasl2-dev"),
    ("dumb-init", "dumb-init"),
    ("expat-dev", "libexpat1-dev"),
    ("ffmpeg", "ffmpeg"),
    ("file", "file"),
    ("font-dejavu", "fonts-dejavu"),
    ("font-freefont", "fonts-freefont-ttf"),
    ("fontconfig", "fontconfig"),
    ("freetds-dev", "freetds-dev"),
    ("freetype", "libfreetype6"),
    ("freetype-dev", "libfreetype-dev"),
    ("fribidi-dev", "libfribidi-dev"),
    ("g++", "g++"),
    ("gawk", "gawk"),
    ("gcc", "gcc"),
    ("gdal-dev", "libgdal-dev"),
    ("geos-dev", "libgeos-dev"),
    ("gettext", "gettext"),
    ("gettext-dev", "gettext"),
    ("gfortran", "gfortran"),
    ("ghostscript", "ghostscript"),
    ("git", "git"),
    ("git-lfs", "git-lfs"),
    ("glib", "libglib2.0-0"),
    ("glib-dev", "libglib2.0-dev"),
    ("gmp-dev", "libgmp-dev"),
    ("gnupg", "gnupg"),
    ("gosu", "gosu"),
    ("graphviz", "graphviz"),
    ("graphviz-dev", "libgraphviz-dev"),
    ("harfbuzz-dev", "libharfbuzz-dev"),
    ("hdf5-dev", "libhdf5-dev"),
    ("htop", "htop"),
    ("icu-dev", "libicu-dev"),
    ("imagemagick", "imagemagick"),
    ("iproute2", "iproute2"),
    ("iputils", "iputils-ping"),
    ("jpeg-dev", "libjpeg-dev"),
    ("jq", "jq"),
    ("krb5-dev", "libkrb5-dev"),
    ("lapack-dev", "liblapack-dev"),
    ("lcms2-dev", "liblcms2-dev"),
    ("leptonica-dev", "libleptonica-dev"),
    ("less", "less"),
    ("libc-dev", "libc6-dev"),
    ("libcurl", "libcurl4"),
    ("libevent-dev", "libevent-dev"),
    ("libffi", "libffi8"),
    ("libffi-dev", "libffi-dev"),
    ("libgomp", "libgomp1"),
    ("libjpeg-turbo", "libjpeg62-turbo"),
    ("libjpeg-turbo-dev", "libjpeg-dev"),
    ("libmagic", "libmagic1"),
    ("libmemcached-dev", "libmemcached-dev"),
    ("libpng-dev", "libpng-dev"),
    ("libpq", "libpq5"),
    ("libpq-dev", "libpq-dev"),
    ("libsndfile", "libsndfile1"),
    ("libsndfile-dev", "libsndfile1-dev"),
    ("libsodium", "libsodium23"),
    ("libsodium-dev", "libsodium-dev"),
    ("libstdc++", "libstdc++6"),
    ("libtool", "libtool"),
    ("libuv-dev", "libuv1-dev"),
    ("libwebp-dev", "libwebp-dev"),
    ("libxml2", "libxml2"),
    ("libxml2-dev", "libxml2-dev"),
    ("libxslt", "libxslt1.1"),
    ("libxslt-dev", "libxslt1-dev"),
    ("libzmq", "libzmq5"),
    ("linux-headers", "linux-libc-dev"),
    ("linux-pam-dev", "libpam0g-dev"),
    ("make", "make"),
    ("mariadb-client", "mariadb-client"),
    ("mariadb-connector-c", "libmariadb3"),
    ("mariadb-connector-c-dev", "default-libmysqlclient-dev"),
    ("mariadb-dev", "default-libmysqlclient-dev"),
    ("musl-dev", "libc6-dev"),
    ("mysql-client", "default-mysql-client"),
    ("nano", "nano"),
    ("ncurses-dev", "libncurses-dev"),
    ("net-tools", "net-tools"),
    ("netcat-openbsd", "netcat-openbsd"),
    ("nodejs", "nodejs"),
    ("npm", "npm"),
    ("openblas", "libopenblas0"),
    ("openblas-dev", "libopenblas-dev"),
    ("openjpeg", "libopenjp2-7"),
    ("openjpeg-dev", "libopenjp2-7-dev"),
    ("openldap-dev", "libldap-dev"),
    ("openssh-client", "openssh-client"),
    ("openssl", "openssl"),
    ("openssl-dev", "libssl-dev"),
    ("pango", "libpango-1.0-0 libpangoft2-1.0-0"),
    ("pango-dev", "libpango1.0-dev"),
    ("patch", "patch"),
    ("pcre2-dev", "libpcre2-dev"),
    ("pkgconf", "pkg-config"),
    ("pkgconfig", "pkg-config"),
    ("poppler-utils", "poppler-utils"),
    ("portaudio-dev", "portaudio19-dev"),
    ("postgresql-client", "postgresql-client"),
    ("postgresql-dev", "libpq-dev"),
    ("postgresql-libs", "libpq5"),
    ("procps", "procps"),
    ("proj-dev", "libproj-dev"),
    ("proj-util", "proj-bin"),
    ("protobuf-dev", "libprotobuf-dev"),
    ("readline-dev", "libreadline-dev"),
    ("rsync", "rsync"),
    ("rust", "rustc"),
    ("shared-mime-info", "shared-mime-info"),
    ("snappy-dev", "libsnappy-dev"),
    ("socat", "socat"),
    ("sqlite", "sqlite3"),
    ("sqlite-dev", "libsqlite3-dev"),
    ("sqlite-libs", "libsqlite3-0"),
    ("strace", "strace"),
    ("sudo", "sudo"),
    ("supervisor", "supervisor"),
    ("swig", "swig"),
    ("tesseract-ocr", "tesseract-ocr"),
    ("tiff-dev", "libtiff-dev"),
    ("tini", "tini"),
    ("tk-dev", "tk-dev"),
    ("tree", "tree"),
    ("ttf-dejavu", "fonts-dejavu"),
    ("ttf-freefont", "fonts-freefont-ttf"),
    ("tzdata", "tzdata"),
    ("unixodbc", "unixodbc"),
    ("unixodbc-dev", "unixodbc-dev"),
    ("unzip", "unzip"),
    ("vim", "vim"),
    ("wget", "wget"),
    ("xmlsec-dev", "libxmlsec1-dev"),
    ("xz", "xz-utils"),
    ("xz-dev", "liblzma-dev"),
    ("yaml-dev", "libyaml-dev"),
    ("zeromq-dev", "libzmq3-dev"),
    ("zip", "zip"),
    ("zlib", "zlib1g"),
    ("zlib-dev", "zlib1g-dev"),
    ("zstd", "zstd"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_and_programs() {
        let names = |apk| debian_packages(apk).map(|all| all.collect::<Vec<_>>());
        assert_eq!(names("build-base"), Some(vec!["build-essential"]));
        assert_eq!(names("alpine-sdk"), Some(vec!["build-essential", "git"]));
        assert_eq!(names("python3-dev"), Some(vec![]));
        assert_eq!(names("py3-numpy"), None);
        assert!(is_missing_in_slim("wget") && !is_missing_in_slim("sed"));
        let own = PACKAGES.iter().filter(|(name, _)| THERE.split_whitespace().any(|t| t == *name));
        assert_eq!(own.count(), 0);
        assert!(PACKAGES.is_sorted());
    }
}

//! What needs the rights of root, what gives them up, and how another user is created.

use super::family::{Family, Rpm, family};
use super::official;

/// Programs that start as root by design, and run the rest as somebody else or need the rights.
const SERVICES: &[&str] = &[
    "apache2",
    "apache2-foreground",
    "apache2ctl",
    "apachectl",
    "chronyd",
    "chroot",
    "cron",
    "crond",
    "dnsmasq",
    "dockerd",
    "dockerd-entrypoint.sh",
    "dovecot",
    "exim",
    "freeradius",
    "haproxy",
    "httpd",
    "httpd-foreground",
    "init",
    "iptables",
    "modprobe",
    "mount",
    "my_init",
    "mysqld",
    "mysqld_safe",
    "named",
    "nginx",
    "ntpd",
    "openvpn",
    "php-fpm",
    "postfix",
    "radiusd",
    "rsyslogd",
    "runsvdir",
    "service",
    "slapd",
    "smbd",
    "squid",
    "sshd",
    "su",
    "sudo",
    "supervisord",
    "syslog-ng",
    "sysctl",
    "systemctl",
    "systemd",
    "tor",
    "unbound",
    "varnishd",
    "vsftpd",
    "wg-quick",
];

/// Whether the program of this name starts as root by design.
pub fn starts_as_root(program: &str) -> bool {
    SERVICES.contains(&program) || program.starts_with("php-fpm")
}

/// Tools by which a process gives the rights of root up, or whose use needs them.
const DROPS: &[&str] =
    &["gosu", "su-exec", "setpriv", "s6-overlay", "s6-svscan", "runuser", "start-stop-daemon", "docker.sock"];

/// Whether a text has the name of a tool by which a process gives the rights of root up.
pub fn names_drop(text: &str) -> bool {
    DROPS.iter().any(|tool| text.contains(tool))
}

/// Folders of the system, which no user but root should own.
const FOLDERS: &[&str] = &[
    "",
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/home",
    "/lib",
    "/media",
    "/mnt",
    "/opt",
    "/proc",
    "/run",
    "/sbin",
    "/srv",
    "/sys",
    "/tmp",
    "/usr",
    "/usr/bin",
    "/usr/lib",
    "/usr/local",
    "/usr/local/bin",
    "/usr/local/lib",
    "/usr/sbin",
    "/usr/share",
    "/usr/src",
    "/var",
    "/var/lib",
    "/var/log",
    "/var/run",
    "/var/www",
];

/// Whether a folder is one of the system.
pub fn is_system_folder(path: &str) -> bool {
    FOLDERS.contains(&path.trim_end_matches('/'))
}

/// Images of the Red Hat family with `useradd`: smaller ones and those of Amazon come without.
const WITH_USERADD: &[&str] = &["almalinux", "centos", "fedora", "rockylinux", "rockylinux/rockylinux"];

/// The command that creates a user with a home folder and a group of the same name; the name follows it.
pub fn create_user(name: &str, tag: Option<&str>) -> Option<&'static str> {
    match family(name, tag)? {
        Family::Debian | Family::Ubuntu => Some("useradd --create-home"),
        Family::Alpine => Some("adduser -D"),
        Family::RedHat(Rpm::Dnf | Rpm::Yum) => {
            WITH_USERADD.contains(&official(name).unwrap_or(name)).then_some("useradd --create-home")
        }
        _ => None,
    }
}

//! What needs the rights of root, what gives them up, and how another user is created.

use super::family::{Family, Rpm, family};
use super::official;

/// Programs that start as root by design, and run the rest as somebody else or need the rights.
const SERVICES: &str = "apache2 apache2-foreground apache2ctl apachectl chronyd chroot cron crond dind dnsmasq dockerd \
    dockerd-entrypoint.sh dovecot exim freeradius gparted haproxy httpd httpd-foreground init iptables \
    modprobe mount my_init mysqld mysqld_safe named nginx ntpd openvpn php-fpm postfix radiusd \
    rsyslogd runsvdir service slapd smbd squid sshd su sudo supervisord sysctl syslog-ng systemctl \
    systemd tor unbound varnishd vsftpd wg-quick";

/// Whether the program of this name starts as root by design.
pub fn starts_as_root(program: &str) -> bool {
    SERVICES.split(' ').any(|s| s == program) || program.starts_with("php-fpm")
}

/// Words in the names of programs that keep data, in folders that belong to root unless a package gave them away.
const STATEFUL: &str = "mysql mariadb mongo postgres elasticsearch cassandra hbase kafka zookeeper redis-server etcd \
    certbot fluentd td-agent rabbitmq couchdb influx neo4j solr ldap";

/// Whether the program of this name keeps data of its own.
pub fn keeps_data(program: &str) -> bool {
    STATEFUL.split(' ').any(|s| program.contains(s))
}

/// Programs that read commands when they get no argument: the command of an image that others build on.
const INTERPRETERS: &str = "bash sh ash zsh fish python ipython pypy node irb psysh php perl lua R julia ghci jshell \
    erl iex scala groovysh pwsh";

/// Whether the program of this name is an interpreter of commands, of any version.
pub fn is_interpreter(program: &str) -> bool {
    let name = program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    INTERPRETERS.split(' ').any(|i| i == name)
}

/// Tools by which a process gives the rights of root up, or whose use needs them.
const DROPS: &[&str] =
    &["gosu", "su-exec", "setpriv", "s6-overlay", "s6-svscan", "runuser", "start-stop-daemon", "docker.sock"];

/// Whether a text has the name of a tool by which a process gives the rights of root up.
pub fn names_drop(text: &str) -> bool {
    DROPS.iter().any(|tool| text.contains(tool))
}

/// Folders of the system, which no user but root should own.
const FOLDERS: &str = "/bin /boot /dev /etc /home /lib /media /mnt /opt /proc /run /sbin /srv /sys /tmp /usr /usr/bin \
    /usr/lib /usr/local /usr/local/bin /usr/local/lib /usr/sbin /usr/share /usr/src /var /var/lib \
    /var/log /var/run /var/www";

/// Whether a folder is one of the system.
pub fn is_system_folder(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    path.is_empty() || FOLDERS.split(' ').any(|f| f == path)
}

/// Images of the Red Hat family with `useradd` (package `shadow-utils`). Minimal ones come without, as `ubi9-minimal` does
/// from 9.3 on (<https://github.com/wildfly/wildfly-container/pull/187>), and so do those of Amazon.
const WITH_USERADD: &[&str] = &["almalinux", "centos", "fedora", "rockylinux", "rockylinux/rockylinux"];

/// The command that creates the user `user` with a home folder and a group of the same name, and the number `uid` where
/// there is one. None where it is not known which programs the image has for it.
///
/// `useradd` is in every Debian and Ubuntu image (package `passwd`); `adduser` is not in Debian 13. Alpine has that of
/// busybox.
pub fn create_user(name: &str, tag: Option<&str>, user: &str, uid: Option<u32>) -> Option<String> {
    // With a higher number, `useradd` writes log files that are as large.
    const HIGHEST: u32 = 65_535;
    let shadow = || {
        let log = if uid.is_some_and(|n| n > HIGHEST) { " --no-log-init" } else { "" };
        let number = uid.map_or(String::new(), |n| format!(" --uid {n}"));
        format!("useradd --create-home{log}{number} {user}")
    };
    match family(name, tag)? {
        Family::Debian | Family::Ubuntu => Some(shadow()),
        Family::Alpine => {
            Some(format!("adduser -D{} {user}", uid.map_or(String::new(), |n| format!(" -u {n}"))))
        }
        Family::RedHat(Rpm::Dnf | Rpm::Yum) => {
            WITH_USERADD.contains(&official(name).unwrap_or(name)).then(shadow)
        }
        _ => None,
    }
}

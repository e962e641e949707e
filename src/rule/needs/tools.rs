//! The programs that a command runs, and what it may compile.
use super::Run;
use super::node::modules;
use crate::rule::*;

/// Why a call of a package manager, or of a build tool, may compile what cannot be seen.
pub(super) fn compiles(run: &Run) -> Option<String> {
    let command = run.command;
    let first = command.subcommand().map_or("", |w| w.value.as_str());
    let what = match (command.program(), first) {
        ("gem" | "bundle" | "bundler", "install" | "update") | ("bundle" | "bundler", "") => "a gem",
        ("cpanm" | "cpm" | "carton", _) => "a module",
        ("cargo", "build" | "install" | "test" | "run" | "check" | "b" | "r") => "a crate",
        ("mix", "deps.compile" | "compile" | "release" | "do") | ("rebar3", _) => "a dependency",
        ("npm", "rebuild") | ("node-gyp", _) => "a module",
        (
            "configure" | "autogen.sh" | "Configure" | "buildconf" | "autoreconf" | "cmake" | "meson"
            | "scons",
            _,
        ) => {
            return Some(format!(
                "`{}` builds software, and which libraries of the full image that takes is not known",
                command.program()
            ));
        }
        ("python" | "python2" | "python3" | "setup.py", _) if command.has_word("build_ext") => "an extension",
        _ => return None,
    };
    Some(format!("whether {what} is compiled with the tools and libraries of the full image is not known"))
}

/// The programs that a command runs, as far as its words tell.
pub(super) fn tools(run: &Run) -> Vec<String> {
    let command = run.command;
    let words: Vec<&str> = command.arguments().iter().map(|w| w.value.as_str()).collect();
    let any = |test: &dyn Fn(&str) -> bool| words.iter().any(|w| test(w));
    let program = command.program();
    let mut out = vec![program.to_owned()];
    match program {
        "tar" => {
            let mode = words.first().copied().unwrap_or_default();
            let cluster = |letter: char| {
                let is_cluster = !mode.starts_with("--") && mode.trim_start_matches('-').len() < 8;
                is_cluster && mode.contains(['x', 'c', 't']) && mode.contains(letter)
            };
            let ends = |ends: &[&str]| any(&|w| ends.iter().any(|e| w.ends_with(e)));
            if cluster('J') || any(&|w| w == "-J" || w == "--xz") || ends(&[".xz", ".txz", ".lzma"]) {
                out.push("xz".to_owned());
            }
            if cluster('j') || any(&|w| w == "-j" || w == "--bzip2") || ends(&[".bz2", ".tbz", ".tbz2"]) {
                out.push("bzip2".to_owned());
            }
        }
        "apt-key" => out.push("gpg".to_owned()),
        "xargs" => out.extend(words.iter().find(|w| !w.starts_with('-')).map(|w| base_name(w))),
        "find" => {
            let runs = words.windows(2).filter(|p| matches!(p[0], "-exec" | "-execdir" | "-ok"));
            out.extend(runs.map(|p| base_name(p[1])));
        }
        "git" if any(&|w| w.starts_with("git@") || w.starts_with("ssh://")) => out.push("ssh".to_owned()),
        "sh" | "bash" | "dash" | "su" => {
            // Text that cannot be read as a script, for the variables in it.
            let text = command.arguments().iter().filter(|w| !w.literal && w.value.contains(' '));
            out.extend(text.flat_map(|w| first_words(&w.value)));
        }
        _ => {}
    }
    if let Some(call) = command.package.as_ref().filter(|p| p.action == Action::Install) {
        let fetches = |by: &str| any(&|w| w.starts_with(by) || w.contains(&format!("@ {by}")));
        for (by, tool) in
            [("git+", "git"), ("git:", "git"), ("git+ssh", "ssh"), ("hg+", "hg"), ("svn+", "svn")]
        {
            out.extend(fetches(by).then(|| tool.to_owned()));
        }
        if matches!(call.manager, Manager::Npm | Manager::Yarn | Manager::Pnpm) {
            out.extend(modules(run));
        }
    }
    out
}

pub(super) fn base_name(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).to_owned()
}

/// The words of shell text that stand where commands do.
fn first_words(text: &str) -> Vec<String> {
    let parts = text.split([';', '|', '&', '(', '`', '\n']);
    let keyword =
        |w: &&str| matches!(*w, "if" | "then" | "do" | "while" | "until" | "else" | "!" | "{" | "exec");
    let first = |part: &str| part.split_whitespace().find(|w| !keyword(w) && !w.contains('=')).map(base_name);
    parts.filter_map(first).collect()
}

/// Whether `tool`, run by `command`, fetches something over HTTPS: without certificates, nothing that comes so is trusted.
pub(super) fn fetches_safely(tool: &str, command: &Command) -> bool {
    let of_git = ["clone", "fetch", "pull", "submodule", "ls-remote", "remote", "lfs"];
    let fetches = match tool {
        "curl" | "wget" => true,
        "git" if command.program() == "git" => {
            command.subcommand().is_some_and(|w| of_git.contains(&&*w.value))
        }
        "git" => true,
        _ => false,
    };
    let local = |w: &Word| ["http://", "localhost", "127."].iter().any(|l| w.value.starts_with(l));
    fetches && command.arguments().iter().any(|w| !w.is_flag() && !local(w))
}

/// The packages that `dpkg` installs without what they depend on.
pub(super) fn unpacked(run: &Run) -> Option<String> {
    let command = run.command;
    let text = &run.here.instruction.text;
    let completed = text.contains("--fix-broken")
        || ["-f", "-yf", "-fy"].iter().any(|f| text.contains(&format!(" {f} ")));
    let unpacks = command.program() == "dpkg" && command.has_flag(&["-i", "--install"]) && !completed;
    unpacks.then(|| "what the package installed by `dpkg` takes of the full image is not known".to_owned())
}

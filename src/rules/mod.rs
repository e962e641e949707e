//! Every rule, in the order in which their fixes are preferred at one place.
// Each rule is a public constant of a private module: the list below is how the rest of the crate sees it.
#![allow(unreachable_pub)]
use crate::rule::Rule;

/// A rule and its documentation.
pub struct Entry {
    /// The rule.
    pub rule: &'static Rule,
    /// The theme that it belongs to: the folder of its file.
    pub theme: &'static str,
    /// The header of its file, the `//!` of each line included.
    pub header: &'static str,
}

/// How many bytes the header of a source file takes.
const fn header_len(source: &[u8]) -> usize {
    let mut at = 0;
    while at + 2 < source.len() && source[at] == b'/' && source[at + 1] == b'/' && source[at + 2] == b'!' {
        while at < source.len() && source[at] != b'\n' {
            at += 1;
        }
        at += 1;
    }
    at
}

/// The first bytes of a source file. A program that held on to the whole of it would be larger by all rules' code as text.
const fn beginning<const LEN: usize>(source: &[u8]) -> [u8; LEN] {
    let mut out = [0; LEN];
    let mut at = 0;
    while at < LEN {
        out[at] = source[at];
        at += 1;
    }
    out
}

/// Text made of whole lines of a source file.
const fn lines(text: &'static [u8]) -> &'static str {
    match std::str::from_utf8(text) {
        Ok(text) => text,
        Err(_) => panic!("sources are UTF-8"),
    }
}

macro_rules! rules {
    ($($theme:ident { $($name:ident)* })*) => {
        $(mod $theme { $(pub(super) mod $name;)* })*

        /// All rules.
        pub static ALL: &[Entry] = &[$($(Entry {
            rule: &$theme::$name::RULE,
            theme: stringify!($theme),
            header: {
                const SOURCE: &[u8] = include_bytes!(concat!(stringify!($theme), "/", stringify!($name), ".rs"));
                const HEADER: [u8; header_len(SOURCE)] = beginning(SOURCE);
                lines(&HEADER)
            },
        }),*),*];

        #[cfg(test)]
        mod examples {
            $(mod $theme { $(
                #[test]
                fn $name() {
                    let source = include_str!(concat!(stringify!($theme), "/", stringify!($name), ".rs"));
                    super::super::tests::documented(&super::super::$theme::$name::RULE, source);
                }
            )* })*
        }
    };
}

rules! {
    base { floating_base full_base_image end_of_life_base }
    packages {
        apt_update_alone apt_lists apk_cache apk_virtual_kept rpm_cache missing_yes
        recommended_packages apt_in_script
    }
    python {
        pip_cache uv_cache poetry_cache pdm_cache pipenv_cache conda_cache pip_self_upgrade pip_reinstall
        python_alpine compiler_kept
        unset_python_env unset_uv_env no_op_debug unneeded_lang distro_python repeated_index
        relocked_dependencies poetry_root pip_unpinned pip_root_warning
    }
    node {
        node_cache node_gyp_cache unenforced_lockfile dev_dependencies missing_package_manager unset_node_env npm_start production_flag
    }
    layers { consecutive_run split_package_run source_before_dependencies }
    users { root_user chown_after_copy chmod_after_copy world_writable high_uid_useradd dropped_groups named_user }
    runtime { unchecked_pipe }
    security { secret_in_variable insecure_download dead_keyserver sudo no_dockerignore }
    instruction {
        shell_form_command repeated_command legacy_key_value maintainer local_add relative_workdir copy_before_workdir
        instruction_casing from_as_casing stage_name_casing empty_continuation glued_instruction
        unknown_instruction
    }
    meta { invalid_syntax unused_suppression }
}

/// The rule called `name`, by its own name or a code that it has elsewhere.
pub fn find(name: &str) -> Option<&'static Rule> {
    let called = |r: &&Rule| {
        r.name.eq_ignore_ascii_case(name) || r.aliases.iter().any(|a| a.eq_ignore_ascii_case(name))
    };
    ALL.iter().map(|e| e.rule).find(called)
}

#[cfg(test)]
mod tests {
    use super::ALL;
    use crate::example::{Kind, documentation, examples, run};
    use crate::rule::{Check, Rule};

    /// The header shows what is flagged and what is not, and every block holds; so do those of `tests/cases`.
    pub(super) fn documented(rule: &'static Rule, source: &str) {
        let page = documentation(source);
        assert!(page.starts_with("# "), "{}: the header begins with a title", rule.name);
        let shown = examples(&page);
        if !matches!(rule.check, Check::Engine) {
            assert!(shown.iter().any(|e| e.kind == Kind::Silent), "{}: show a silent case", rule.name);
            assert!(shown.iter().any(|e| e.kind != Kind::Silent), "{}: show a flagged case", rule.name);
        }
        run(rule, &page);
        let cases = format!("{}/tests/cases/{}.md", env!("CARGO_MANIFEST_DIR"), rule.name);
        if let Ok(cases) = std::fs::read_to_string(cases) {
            run(rule, &cases);
        }
    }

    #[test]
    fn every_file_in_the_folders_is_listed_and_named_after_its_rule() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rules");
        let mut files = 0;
        for theme in
            std::fs::read_dir(folder).expect("the folder is there").flatten().filter(|e| e.path().is_dir())
        {
            for file in std::fs::read_dir(theme.path()).expect("the folder is there").flatten() {
                let name = file.file_name().to_string_lossy().replace(".rs", "").replace('_', "-");
                assert!(ALL.iter().any(|e| e.rule.name == name), "{name} is not in the list");
                files += 1;
            }
        }
        assert_eq!(files, ALL.len());
    }

    #[test]
    fn every_case_file_belongs_to_a_rule() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases");
        for file in std::fs::read_dir(folder).expect("the folder is there").flatten() {
            let name = file.file_name().to_string_lossy().replace(".md", "");
            assert!(ALL.iter().any(|e| e.rule.name == name), "tests/cases/{name}.md");
        }
    }
}

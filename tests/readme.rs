//! What the README says of the rules is generated from the rules. `UPDATE=1 cargo test --test readme` writes it.
use dockfix::report;
use dockfix::rules::ALL;

const BEGIN: &str = "<!-- rules -->\n";
const END: &str = "<!-- /rules -->";

#[test]
fn the_table_of_rules_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = std::fs::read_to_string(path).expect("the README is there");
    let (head, rest) = readme.split_once(BEGIN).expect("the table's begin is marked");
    let (_, tail) = rest.split_once(END).expect("the table's end is marked");
    let wanted = format!("{head}{BEGIN}{}{END}{tail}", report::rules_table());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, wanted).expect("the README can be written");
    } else {
        assert!(readme == wanted, "the table of rules is out of date: UPDATE=1 cargo test --test readme");
    }
}

#[test]
fn every_rule_in_the_readme_exists() {
    let readme = include_str!("../README.md");
    for name in
        readme.lines().filter_map(|l| l.split_once("dockfix: ignore")).filter_map(|(_, r)| r.split_once('='))
    {
        for rule in name.1.split(" -- ").next().unwrap_or("").split(',') {
            assert!(
                ALL.iter().any(|e| e.rule.name == rule.trim()),
                "the README silences `{rule}`, which is no rule"
            );
        }
    }
}

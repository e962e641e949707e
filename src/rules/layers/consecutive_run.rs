//! # `RUN` instructions that follow each other make a layer each
//!
//! What one `RUN` writes and the next removes stays in the image, and an image has more layers than it needs. Many keep
//! steps apart on purpose, so that a change rebuilds less: this rule runs only when it is asked for.
//!
//! ```diff,unsafe
//!  FROM debian:13-slim
//! -RUN make
//! +RUN make && \
//!  # into /usr/local
//! -RUN make install
//! +    make install
//! ```
//!
//! Silent where the steps would run differently in one shell: behind a `cd`, a variable, a function, a background job,
//! where a step is joined by `;` or `||`, with heredocs, or with different mounts.
//!
//! ```dockerfile
//! FROM debian:13-slim
//! RUN cd /src && make
//! RUN make install
//! ```
//!
//! Silent too where a rule about packages speaks: `split-package-run` and `apt-update-alone`.
//!
//! ```dockerfile
//! FROM python:3.13
//! RUN pip install --upgrade pip
//! RUN pip install flask
//! ```
use crate::rule::*;

pub const RULE: Rule = Rule {
    name: "consecutive-run",
    aliases: &["DL3059"],
    severity: Severity::Hint,
    on: false,
    check: Check::Written(check),
};

fn check(here: &Here) -> Option<Finding> {
    Some(finding(here.run_above()?, &here.file())?.back(here.placed().at))
}

fn finding(first: usize, file: &File) -> Option<Finding> {
    if file.package_pair(first).is_some() {
        return None;
    }
    let fix = Fix::risky(Scope::Layers, "Join it with the `RUN` above", vec![file.join(first)?]);
    let [above, this] = [first, first + 1].map(|i| file.placed(i));
    let finding = Finding::new(
        this.absolute(this.node.keyword_span),
        "this `RUN` follows another one and makes a layer of its own",
    );
    Some(finding.related(above.absolute(above.node.keyword_span), "the `RUN` above").fix(fix))
}

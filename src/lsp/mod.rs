//! The language server: the same engine between two keystrokes.
//!
//! | file | what it is |
//! |---|---|
//! | `stdio` | standard input and output as streams |
//! | `transport` | frames in, frames out; the order of messages, `exit`, malformed messages |
//! | `server` | which request goes to which feature |
//! | `large` | the way of large answers around the library |
//! | `session` | what is known of the client: its documents, folders, abilities and options |
//! | `document` | the text of an open document (a rope), and what was read from it |
//! | `position` | the only place that knows UTF-16 |
//! | `worker` | the thread that reads, checks and answers; publishes what is found |
//! | the rest | one feature each |
//!
//! A change is made to the rope at once, in the order of the messages. Everything that takes time (reading, checking,
//! answering) happens on the thread of `worker`, from a snapshot.
mod abilities;
mod actions;
mod capabilities;
mod completion;
mod diagnostics;
mod document;
mod edits;
mod folding;
mod hints;
mod hover;
mod large;
mod layout;
mod links;
mod names;
mod navigate;
mod position;
mod pull;
mod refactor;
mod reference;
mod selection;
mod server;
mod session;
mod signature;
mod stdio;
mod symbols;
mod tokens;
mod transport;
mod worker;

pub use transport::serve;

/// The JSON Schema of the initialization options, as text.
pub fn schema() -> String {
    format!("{:#}", schemars::schema_for!(abilities::Options).as_value())
}

/// Serves standard input and output; the answer is the exit code.
pub fn run(client: Option<u32>) -> u8 {
    end_with_the_first_panic();
    // The main thread reads; one more writes and passes answers on. What takes time has a thread of its own; three more may
    // be standard input, standard output and a search through the workspace.
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(1).max_blocking_threads(3).enable_all().build();
    let Ok(runtime) = runtime else { return 1 };
    let code = runtime.block_on(async {
        tokio::select! {
            code = serve(stdio::input(), stdio::output()) => code,
            () = session::end_of(client) => 1,
        }
    });
    // The thread that waits for standard input would be waited for: it is not, when the client keeps that open.
    runtime.shutdown_background();
    code
}

/// From now on a panic on any thread ends the process with 101, so that the editor starts a new one instead of talking
/// to half a server.
fn end_with_the_first_panic() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        report(panic);
        std::process::exit(101);
    }));
}

#[cfg(test)]
mod tests {
    /// In a process of its own, which is this test again.
    #[test]
    fn a_panic_on_any_thread_ends_the_process() {
        const AGAIN: &str = "DOCKFIX_TEST_PANICS";
        if std::env::var_os(AGAIN).is_some() {
            super::end_with_the_first_panic();
            let panics = std::thread::spawn(|| panic!("a defect"));
            // Were it not for the hook, this would be the end of that thread alone, and the test would pass.
            assert!(panics.join().is_err());
            return;
        }
        let process = std::env::current_exe().and_then(|test| {
            let name = "lsp::tests::a_panic_on_any_thread_ends_the_process";
            std::process::Command::new(test).args(["--exact", "--nocapture", name]).env(AGAIN, "1").output()
        });
        let process = process.expect("it starts");
        assert_eq!(process.status.code(), Some(101));
        let errors = String::from_utf8_lossy(&process.stderr);
        assert!(errors.contains("a defect"), "{errors}");
    }
}

//! Standard input and output. Where they are pipes or sockets of Unix, as editors make them, the runtime waits for them
//! itself: a message passes through no other thread on its way in or out.
use tokio::io::{AsyncRead, AsyncWrite};

/// What messages come from.
pub(super) type Input = Box<dyn AsyncRead + Send + Unpin>;
/// Where they go.
pub(super) type Output = Box<dyn AsyncWrite + Send + Unpin>;

/// Standard input. Needs a runtime.
pub(super) fn input() -> Input {
    #[cfg(unix)]
    if let Some(input) = unix::input() {
        return input;
    }
    Box::new(tokio::io::stdin())
}

/// Standard output. Needs a runtime.
pub(super) fn output() -> Output {
    #[cfg(unix)]
    if let Some(output) = unix::output() {
        return output;
    }
    Box::new(tokio::io::stdout())
}

#[cfg(unix)]
mod unix {
    use super::{Input, Output};
    use std::fs::File;
    use std::os::fd::{AsFd, OwnedFd};
    use std::os::unix::fs::FileTypeExt;
    use std::os::unix::net::UnixStream;
    use tokio::net::unix::pipe;

    /// What of a stream the runtime can wait for. A terminal or a file is not among them: others share its state.
    enum Stream {
        Pipe(OwnedFd),
        Socket(UnixStream),
    }

    fn of(stream: impl AsFd) -> Option<Stream> {
        let file = File::from(stream.as_fd().try_clone_to_owned().ok()?);
        let kind = file.metadata().ok()?.file_type();
        match (kind.is_fifo(), kind.is_socket()) {
            (true, _) => Some(Stream::Pipe(file.into())),
            (_, true) => {
                let socket = UnixStream::from(OwnedFd::from(file));
                socket.set_nonblocking(true).ok()?;
                Some(Stream::Socket(socket))
            }
            _ => None,
        }
    }

    pub(super) fn input() -> Option<Input> {
        Some(match of(std::io::stdin())? {
            Stream::Pipe(pipe) => Box::new(pipe::Receiver::from_owned_fd(pipe).ok()?),
            Stream::Socket(socket) => Box::new(tokio::net::UnixStream::from_std(socket).ok()?),
        })
    }

    pub(super) fn output() -> Option<Output> {
        Some(match of(std::io::stdout())? {
            Stream::Pipe(pipe) => Box::new(pipe::Sender::from_owned_fd(pipe).ok()?),
            Stream::Socket(socket) => Box::new(tokio::net::UnixStream::from_std(socket).ok()?),
        })
    }
}

//! An open document: its text, and what was read from it.
use super::edits::smallest;
use super::position::{Encoding, Positions};
use crate::check::{Found, Memory, check_again};
use crate::config::Config;
use crate::context::Context;
use crate::fix::{Fixed, fix, fix_found, format};
use crate::model::Dockerfile;
use crate::rule::{File, NewFile, Reads, Safety};
use crate::text::Edit;
use ropey::Rope;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use tower_lsp::ls_types::{TextDocumentContentChangeEvent, Uri};

/// What is the same for every version of a document.
#[derive(Clone)]
pub(super) struct Setting {
    /// As the client writes it, byte by byte.
    pub(super) uri: Uri,
    /// Where it is on disk, if it is.
    pub(super) path: Option<PathBuf>,
    pub(super) encoding: Encoding,
    pub(super) config: Arc<Config>,
}

impl Setting {
    fn context(&self) -> Context {
        self.path.as_deref().map_or_else(Context::unknown, Context::of)
    }
}

/// One version of a text, and everything that was read from it.
pub(super) struct Reading {
    pub(super) version: i32,
    pub(super) setting: Setting,
    pub(super) file: Dockerfile,
    pub(super) positions: Positions,
    pub(super) context: Context,
    /// Shared by the versions of a document, as one is hardly unlike the last.
    memory: Arc<Mutex<Memory>>,
    found: OnceLock<Vec<Found>>,
    safe: OnceLock<Fixes>,
    risky: OnceLock<Fixes>,
}

/// What fixing a whole text comes to.
#[derive(Clone, Default)]
pub(super) struct Fixes {
    pub(super) edits: Vec<Edit>,
    pub(super) creates: Vec<NewFile>,
}

impl Fixes {
    fn of(before: &str, fixed: Fixed) -> Self {
        Self { edits: smallest(before, &fixed.source), creates: fixed.creates }
    }
}

impl Reading {
    fn of(
        version: i32,
        setting: &Setting,
        file: Dockerfile,
        context: Context,
        memory: Arc<Mutex<Memory>>,
    ) -> Self {
        let file = file.behind(&setting.config.settings.mirrors);
        let positions = Positions::new(file.source.clone(), setting.encoding);
        let setting = setting.clone();
        let (found, safe, risky) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        Self { version, setting, file, positions, context, memory, found, safe, risky }
    }

    /// Reads a text of which no earlier version was read.
    pub(super) fn new(version: i32, setting: &Setting, text: &str) -> Self {
        Self::of(version, setting, Dockerfile::new(text), setting.context(), Arc::default())
    }

    /// The next version, read from this one's trees.
    fn next(&self, version: i32, setting: &Setting, text: &Rope) -> Self {
        let file = self.file.rewritten(String::from(text).into());
        let context = if self.context.is_current() { self.context.clone() } else { setting.context() };
        Self::of(version, setting, file, context, self.memory.clone())
    }

    /// The same text, with nothing found yet: what lies beside it, or the rules, changed.
    fn again(&self, setting: &Setting) -> Self {
        Self::of(self.version, setting, self.file.clone(), setting.context(), Arc::default())
    }

    /// What the rules find, looked for once.
    pub(super) fn found(&self) -> &[Found] {
        self.found.get_or_init(|| {
            let mut memory = lock(&self.memory);
            check_again(&self.file, &self.context, &self.setting.config, &mut memory)
        })
    }

    /// The file, as rules see it.
    pub(super) fn as_rules_see_it<'a>(&'a self, reads: &'a Reads) -> File<'a> {
        let settings = &self.setting.config.settings;
        File::new(&self.file, &self.context, settings, reads)
    }

    /// What all fixes of up to this safety come to: what `--fix` does.
    pub(super) fn fixes(&self, safety: Safety) -> &Fixes {
        let cell = if safety == Safety::Safe { &self.safe } else { &self.risky };
        cell.get_or_init(|| {
            let (context, config) = (&self.context, &self.setting.config);
            Fixes::of(self.text(), fix_found(&self.file, self.found(), context, config, safety))
        })
    }

    /// The same, for another choice of rules.
    pub(super) fn fixes_of(&self, config: &Config, safety: Safety) -> Fixes {
        Fixes::of(self.text(), fix(self.text(), &self.context, config, safety))
    }

    /// What laying the text out comes to.
    pub(super) fn layout(&self) -> Vec<Edit> {
        let fixed = format(&self.file, self.found(), &self.context, &self.setting.config);
        Fixes::of(self.text(), fixed).edits
    }

    /// The index of the instruction that `offset` lies in or touches.
    pub(super) fn instruction_at(&self, offset: u32) -> Option<usize> {
        let all = &self.file.instructions;
        let after = all.partition_point(|p| p.at <= offset);
        let index = after.checked_sub(1)?;
        (offset <= all[index].span().end).then_some(index)
    }

    /// Its text.
    pub(super) fn text(&self) -> &str {
        &self.file.source
    }
}

/// An open document.
pub(super) struct Document {
    /// Tells apart the times that one URI is opened: versions may begin again.
    pub(super) opened: u64,
    setting: Mutex<Setting>,
    text: Mutex<(Rope, i32)>,
    last: Mutex<Option<Arc<Reading>>>,
}

/// The text at the time of a request.
pub(super) struct Snapshot {
    document: Arc<Document>,
    rope: Rope,
    version: i32,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Document {
    pub(super) fn new(opened: u64, setting: Setting, text: &str, version: i32) -> Self {
        let text = Mutex::new((Rope::from_str(text), version));
        Self { opened, setting: Mutex::new(setting), text, last: Mutex::new(None) }
    }

    /// Makes the changes of one notification, each in the text that the one before left. Never waits: the lock is held
    /// for edits of the rope alone. Whether the text is now of this version.
    pub(super) fn change(&self, version: i32, changes: &[TextDocumentContentChangeEvent]) -> bool {
        let encoding = lock(&self.setting).encoding;
        let mut text = lock(&self.text);
        if version <= text.1 {
            return false;
        }
        for change in changes {
            let rope = &mut text.0;
            match change.range {
                None => *rope = Rope::from_str(&change.text),
                Some(range) => {
                    let start = encoding.char_in(rope, range.start);
                    let end = encoding.char_in(rope, range.end).max(start);
                    rope.remove(start..end);
                    rope.insert(start, &change.text);
                }
            }
        }
        text.1 = version;
        true
    }

    /// The text as it is now.
    pub(super) fn snapshot(self: &Arc<Self>) -> Snapshot {
        let text = lock(&self.text);
        Snapshot { document: self.clone(), rope: text.0.clone(), version: text.1 }
    }

    /// Forgets what was found: what lies beside the file, or the rules, changed.
    pub(super) fn renew(&self, config: Arc<Config>) {
        lock(&self.setting).config = config;
        let setting = lock(&self.setting).clone();
        let mut last = lock(&self.last);
        *last = last.take().map(|reading| Arc::new(reading.again(&setting)));
    }
}

impl Snapshot {
    /// Its version.
    pub(super) fn version(&self) -> i32 {
        self.version
    }

    /// Which document, at which of its openings.
    pub(super) fn document(&self) -> &Arc<Document> {
        &self.document
    }

    /// Reads the text, unless somebody did already. Takes time: not for the thread that reads messages.
    pub(super) fn reading(&self) -> Arc<Reading> {
        let setting = lock(&self.document.setting).clone();
        // Held while reading: whoever comes second waits for the first one's result.
        let mut last = lock(&self.document.last);
        let reading = match last.as_ref() {
            Some(reading) if reading.version == self.version => return reading.clone(),
            Some(reading) => reading.next(self.version, &setting, &self.rope),
            None => Reading::new(self.version, &setting, &String::from(&self.rope)),
        };
        let reading = Arc::new(reading);
        if last.as_ref().is_none_or(|l| l.version < self.version) {
            *last = Some(reading.clone());
        }
        reading
    }
}

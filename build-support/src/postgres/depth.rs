//! How deep a text's parts stand inside each other, so that reading them has room enough.

/// The longest text that can't be deep.
const SHORT: usize = 512;
/// The room that any thread has.
const ROOM: usize = 1 << 20;
/// The room that a level of parentheses takes, in code that nobody optimised, and a word that others may hang on.
const LEVEL: usize = 32 << 10;
const WORD: usize = 4 << 10;
/// The most of both: the server gives up earlier.
const DEEPEST: (usize, usize) = (2_000, 100_000);

/// Tells whether any thread has the room to go through what a text says.
pub(crate) fn is_shallow(text: &str) -> bool {
    room(text).is_some_and(|room| room <= ROOM)
}

/// Gives the room that it takes to read a text; `None` where the server would give up.
fn room(text: &str) -> Option<usize> {
    let (levels, words) = if text.len() <= SHORT { (0, 0) } else { deepest(text.as_bytes()) };
    (levels <= DEEPEST.0 && words <= DEEPEST.1).then_some(levels * LEVEL + words * WORD)
}

/// Reads a text in a thread that is deep enough for it; `None` where none would be, or where reading it panics.
pub(super) fn read<T: Send>(text: &str, read: impl FnOnce() -> T + Send) -> Option<T> {
    let room = room(text)?;
    if room <= ROOM {
        return std::panic::catch_unwind(std::panic::AssertUnwindSafe(read)).ok();
    }
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(room + 8 * ROOM).spawn_scoped(scope, read);
        thread.ok()?.join().ok()
    })
}

/// Counts the levels of parentheses, and the words that stand together without a comma between; strings and comments as if they
/// were code.
fn deepest(text: &[u8]) -> (usize, usize) {
    let (mut levels, mut words, mut run, mut in_word) = (0, 0, 0_usize, false);
    let mut open: Vec<usize> = Vec::new();
    for byte in text {
        if byte.is_ascii_alphanumeric() || *byte == b'_' {
            run += usize::from(!in_word);
            in_word = true;
            continue;
        }
        in_word = false;
        match byte {
            b' ' | b'\n' | b'\t' | b'\r' => {}
            b'(' | b'[' => {
                open.push(run);
                levels = levels.max(open.len());
            }
            // What was in parentheses counts for one.
            b')' | b']' => run = open.pop().unwrap_or(0) + 1,
            b',' | b';' => {
                words = words.max(run);
                run = open.last().copied().unwrap_or(0);
            }
            _ => run += 1,
        }
    }
    (levels, words.max(run))
}

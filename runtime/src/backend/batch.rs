//! Many texts in one simple query, and which of them an answer is about.

/// Collects neighbouring tasks into one text.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) text: String,
    parts: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    task: usize,
    #[cfg_attr(not(feature = "postgres"), allow(dead_code))]
    start: usize,
}

impl Batch {
    /// Begins with one text.
    #[cfg(feature = "postgres")]
    pub(crate) fn of(task: usize, text: &str) -> Self {
        let mut batch = Self::default();
        batch.push(task, text);
        batch
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Adds a task's text, which is one command.
    pub(crate) fn push(&mut self, task: usize, text: &str) {
        if !self.text.is_empty() {
            // On a line of its own: the text before may end in a comment.
            self.text.push_str("\n;\n");
        }
        self.parts.push(Part { task, start: self.text.len() });
        self.text.push_str(text);
    }

    /// Tells which task is at work after so many completed commands.
    pub(crate) fn at(&self, completed: usize) -> Option<usize> {
        self.parts.get(completed).or(self.parts.last()).map(|part| part.task)
    }

    /// Finds the task and the byte in it for a position in characters from 1.
    #[cfg(any(feature = "postgres", test))]
    pub(crate) fn place(&self, position: usize) -> Option<(usize, usize)> {
        let (byte, _) = self.text.char_indices().nth(position.checked_sub(1)?).unwrap_or((self.text.len(), ' '));
        let part = self.parts.iter().rev().find(|part| part.start <= byte)?;
        Some((part.task, byte - part.start))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::Batch;

    fn batch() -> Batch {
        let mut batch = Batch::default();
        batch.push(0, "BEGIN");
        batch.push(1, "SELECT 'ä', x");
        batch.push(2, "COMMIT");
        batch
    }

    #[test]
    fn a_position_in_characters_is_a_byte_of_a_task() {
        let batch = batch();
        let position = batch.text.chars().position(|c| c == 'x').unwrap() + 1;
        assert_eq!(batch.place(position), Some((1, "SELECT 'ä', ".len())));
        assert_eq!(batch.place(1), Some((0, 0)));
        assert_eq!(batch.place(0), None);
        assert_eq!(batch.place(10_000), Some((2, "COMMIT".len())));
    }

    #[test]
    fn completed_commands_tell_the_task_at_work() {
        let batch = batch();
        assert_eq!([0, 1, 2, 3].map(|n| batch.at(n)), [Some(0), Some(1), Some(2), Some(2)]);
        assert_eq!(Batch::default().at(0), None);
    }
}

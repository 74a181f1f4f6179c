//! Short statements that follow each other, sent together: each call costs a change of threads.

use super::{connect, next};
use crate::backend::{Course, Stop, Task};
use crate::error::ServerError;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Either, Executor};

/// As many bytes are sent together: for each statement SQLite copies what comes after it.
const BYTES: usize = 4096;

/// Holds an author's statements as one text.
#[derive(Debug)]
pub(super) struct Batch<'c> {
    first: usize,
    text: String,
    /// Each with its position in the script.
    statements: Vec<(usize, &'c str)>,
}

/// Collects the statements that begin at a task; none where there are not at least two short ones.
pub(super) fn of(course: &Course, first: usize) -> Option<Batch<'_>> {
    let mut batch = Batch { first, text: String::new(), statements: Vec::new() };
    for task in course.tasks.iter().skip(first) {
        let Task::Author { index, text } = task else { break };
        if batch.text.len() + text.len() > BYTES {
            break;
        }
        batch.text.push_str(text);
        // On a line of its own: the text before may end in a comment.
        batch.text.push_str("\n;\n");
        batch.statements.push((*index, text));
    }
    (batch.statements.len() > 1).then_some(batch)
}

impl Batch<'_> {
    /// Runs them; gives how many there were. Which one is at work is told by how many are completed.
    pub(super) async fn run(
        &self,
        connection: &mut SqliteConnection,
        done: &(dyn Fn(usize) + Send + Sync),
    ) -> Result<usize, Stop> {
        let mut answers = connection.fetch_many(sqlx::raw_sql(AssertSqlSafe(self.text.as_str())));
        let mut completed = 0;
        while let Some(answer) = next(&mut answers).await {
            let (index, text) = self.statements.get(completed).or(self.statements.last()).copied().unwrap_or_default();
            match answer.map_err(ServerError::from) {
                Ok(Either::Right(_)) => {}
                Ok(Either::Left(_)) => {
                    done(index);
                    completed += 1;
                }
                Err(answer) => {
                    let position = connect::culprit(text, answer.message());
                    let task = self.first + completed.min(self.statements.len() - 1);
                    return Err(Stop::Refused { task, position, answer });
                }
            }
        }
        Ok(self.statements.len())
    }
}

#[cfg(test)]
mod tests {
    use super::{BYTES, of};
    use crate::backend::{Course, Task};

    #[test]
    fn only_short_statements_that_follow_each_other_go_together() {
        let long: &'static str = "x".repeat(BYTES).leak();
        let texts = ["a", "b -- c", long, "d"];
        let mut tasks: Vec<_> = texts.iter().enumerate().map(|(index, text)| Task::Author { index, text }).collect();
        tasks.push(Task::Commit);
        let course = Course { tasks, ..Course::default() };
        let sent = |first| of(&course, first).map(|batch| (batch.text, batch.statements.len()));
        assert_eq!(sent(0), Some(("a\n;\nb -- c\n;\n".into(), 2)));
        assert_eq!([sent(1), sent(2), sent(3), sent(4)], [None, None, None, None]);
    }
}

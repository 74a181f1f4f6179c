use std::ops::Range;

use super::body::Body;
use super::transaction;
use super::{Dialect, Lexer, SqlError, SqlErrorKind, Token, TokenKind};

/// Holds a script's tokens, without comments, and its statements.
#[derive(Clone, Debug)]
pub(crate) struct Script<'a> {
    text: &'a str,
    dialect: Dialect,
    tokens: Vec<Token>,
    statements: Vec<Statement>,
    delimiters: Vec<Range<usize>>,
}

/// Holds the place of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Statement {
    /// Gives its bytes in the text, without the semicolon and the comments around it.
    pub(crate) range: Range<usize>,
    /// Gives its tokens among the script's.
    pub(crate) tokens: Range<usize>,
}

impl<'a> Script<'a> {
    /// Reads a script and splits it into its statements, empty ones left out.
    ///
    /// # Errors
    /// All that can't be read, in order.
    pub(crate) fn parse(text: &'a str, dialect: Dialect) -> Result<Self, Vec<SqlError>> {
        let tokens = Vec::with_capacity(text.len() / 4);
        let mut script = Self { text, dialect, tokens, statements: Vec::new(), delimiters: Vec::new() };
        let errors = script.read();
        if errors.is_empty() { Ok(script) } else { Err(errors) }
    }

    /// Gives the text that the script was read from.
    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    /// Gives the dialect that the script was read in.
    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Gives all tokens but comments, the semicolons between statements included.
    pub(crate) fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// Gives the lines with which MySQL's client is told what ends a statement. They have been obeyed.
    pub(crate) fn delimiters(&self) -> &[Range<usize>] {
        &self.delimiters
    }

    /// Gives all statements, in order.
    pub(crate) fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// Gives the statements without a plain `BEGIN … COMMIT` around them all.
    pub(crate) fn body(&self) -> &[Statement] {
        match transaction::outer(self) {
            Some(_) => &self.statements[1..self.statements.len() - 1],
            None => &self.statements,
        }
    }

    /// Gives the tokens of a statement of this script.
    pub(crate) fn tokens_of(&self, statement: &Statement) -> &[Token] {
        self.tokens.get(statement.tokens.clone()).unwrap_or_default()
    }

    fn read(&mut self) -> Vec<SqlError> {
        let mut errors = Vec::new();
        let mut lexer = Lexer::new(self.text, self.dialect);
        let mut first = 0;
        let mut depth = 0usize;
        let mut body = (self.dialect == Dialect::Mysql).then(Body::default);
        while let Some(next) = lexer.next() {
            let token = match next {
                Ok(token) if token.kind == TokenKind::Comment => continue,
                Ok(token) => token,
                Err(error) => {
                    errors.push(error);
                    continue;
                }
            };
            if let Some(body) = &mut body {
                if self.tokens.len() == first && token.is_word(self.text, "DELIMITER") {
                    self.change_delimiter(token, &mut lexer);
                    continue;
                }
                let ends = lexer.is_delimiter(&token).unwrap_or_else(|| body.ends(self.text, &token));
                if ends {
                    errors.extend(self.close(first));
                    *body = Body::default();
                }
                self.tokens.push(token);
                if ends {
                    first = self.tokens.len();
                }
                continue;
            }
            if token.kind == TokenKind::Punctuation {
                match self.text.as_bytes()[token.start] {
                    b'(' => depth += 1,
                    b')' => depth = depth.saturating_sub(1),
                    b'.' if self.dialect == Dialect::Sqlite && self.tokens.len() == first => {
                        errors.push(self.shell_command(token, &mut lexer));
                        continue;
                    }
                    b';' if depth == 0 && self.ends(first) => {
                        if let Some(error) = self.close(first) {
                            errors.push(error);
                            lexer.skip_copied_rows();
                        }
                        self.tokens.push(token);
                        first = self.tokens.len();
                        continue;
                    }
                    _ => {}
                }
            }
            self.tokens.push(token);
        }
        errors.extend(self.close(first));
        errors
    }

    fn change_delimiter(&mut self, word: Token, lexer: &mut Lexer<'_>) {
        let line = self.text.get(word.end..lexer.skip_line()).unwrap_or_default().trim_end();
        self.delimiters.push(word.start..word.end + line.len());
        lexer.end_statements_with(line.split_whitespace().next().unwrap_or(";"));
    }

    fn shell_command(&self, dot: Token, lexer: &mut Lexer<'_>) -> SqlError {
        let line = self.text.get(dot.start..lexer.skip_line()).unwrap_or_default().trim_end();
        let name = line.split_whitespace().next().unwrap_or_default().to_owned();
        SqlError { kind: SqlErrorKind::ShellCommand(name), range: dot.start..dot.start + line.len() }
    }

    /// Ends the statement that begins with the token `first`.
    fn close(&mut self, first: usize) -> Option<SqlError> {
        let open = &self.tokens[first..];
        // MySQL runs what stands in `/*! … */`, be it a statement of its own.
        let runs = |token: &Token| self.dialect == Dialect::Mysql && !token.text(self.text).starts_with("/*+");
        if open.iter().all(|token| token.kind == TokenKind::ExecutableComment && !runs(token)) {
            return None;
        }
        let range = open.first()?.start..open.last()?.end;
        let copies = self.dialect == Dialect::Postgres && self.copies_from_stdin(open);
        self.statements.push(Statement { range: range.clone(), tokens: first..self.tokens.len() });
        copies.then_some(SqlError { kind: SqlErrorKind::CopyFromStdin, range })
    }

    fn copies_from_stdin(&self, open: &[Token]) -> bool {
        let is = |token: &Token, word| token.is_word(self.text, word);
        open.first().is_some_and(|token| is(token, "COPY"))
            && open.windows(2).any(|pair| is(&pair[0], "FROM") && is(&pair[1], "STDIN"))
    }

    /// Tells whether a semicolon here ends the statement that begins with the token `first`, or stands in its body of statements.
    ///
    /// Each statement of a body has a semicolon of its own, so that only an END right behind one ends the body; no CASE has to be
    /// counted, and a column named `end` does no harm. `sqlite3_complete` reads triggers the same way.
    fn ends(&self, first: usize) -> bool {
        let Some(begin) = self.body_begin(first) else { return true };
        let is = |token: &Token, word| token.is_word(self.text, word);
        let mut last = self.tokens[begin..].iter().rev().filter(|token| token.kind != TokenKind::ExecutableComment);
        last.next().is_some_and(|token| is(token, "END"))
            && last.next().is_some_and(|token| token.is_mark(self.text, b';') || is(token, "ATOMIC"))
    }

    /// Finds the token that begins a body of statements: a trigger's in SQLite, a routine's `BEGIN ATOMIC` in PostgreSQL.
    fn body_begin(&self, first: usize) -> Option<usize> {
        let open = &self.tokens[first..];
        let is = |token: &Token, word| token.is_word(self.text, word);
        let mut words = open.iter().filter(|token| token.kind != TokenKind::ExecutableComment);
        if !is(words.next()?, "CREATE") {
            return None;
        }
        let kind = words.find(|token| !["OR", "REPLACE", "TEMP", "TEMPORARY"].iter().any(|word| is(token, word)))?;
        let begins = |pair: &[Token]| match self.dialect {
            Dialect::Sqlite => is(&pair[0], "BEGIN"),
            Dialect::Postgres | Dialect::Mysql => is(&pair[0], "BEGIN") && is(&pair[1], "ATOMIC"),
        };
        let has_body = match self.dialect {
            Dialect::Sqlite => is(kind, "TRIGGER"),
            Dialect::Postgres | Dialect::Mysql => is(kind, "FUNCTION") || is(kind, "PROCEDURE"),
        };
        if !has_body {
            return None;
        }
        open.windows(2).position(begins).map(|begin| first + begin)
    }
}

use super::{Dialect, Script, Statement, Token, TokenKind};

/// Walks over the tokens of a statement, executable comments left out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'s> {
    text: &'s str,
    dialect: Dialect,
    tokens: &'s [Token],
}

impl<'s> Cursor<'s> {
    /// Starts at a statement's first token.
    pub(crate) fn new(script: &'s Script<'_>, statement: &Statement) -> Self {
        Self { text: script.text(), dialect: script.dialect(), tokens: script.tokens_of(statement) }
    }

    /// Gives the dialect that the statement is written in.
    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Gives the text of a token of this statement.
    pub(crate) fn text_of(&self, token: Token) -> &'s str {
        token.text(self.text)
    }

    /// Takes the next token.
    pub(crate) fn next(&mut self) -> Option<Token> {
        while let Some((token, rest)) = self.tokens.split_first() {
            self.tokens = rest;
            if token.kind != TokenKind::ExecutableComment {
                return Some(*token);
            }
        }
        None
    }

    /// Gives the next token and leaves it there.
    pub(crate) fn peek(&self) -> Option<Token> {
        let mut ahead = *self;
        ahead.next()
    }

    /// Gives the text of an executable comment that is the whole statement.
    pub(crate) fn executable(&self) -> Option<&'s str> {
        match self.tokens {
            [only] if only.kind == TokenKind::ExecutableComment => Some(self.text_of(*only)),
            _ => None,
        }
    }

    /// Tells whether all is taken.
    pub(crate) fn is_done(&self) -> bool {
        self.peek().is_none()
    }

    /// Takes these keywords if they come next, all or none.
    pub(crate) fn eat(&mut self, words: &[&str]) -> bool {
        let mut ahead = *self;
        let found = words.iter().all(|word| ahead.next().is_some_and(|token| token.is_word(self.text, word)));
        if found {
            *self = ahead;
        }
        found
    }

    /// Takes the first of these keywords that comes next.
    pub(crate) fn eat_any(&mut self, words: &[&'static str]) -> Option<&'static str> {
        words.iter().copied().find(|word| self.eat(&[word]))
    }

    /// Takes this punctuation if it comes next.
    pub(crate) fn eat_mark(&mut self, mark: u8) -> bool {
        let found = self.peek().is_some_and(|token| token.is_mark(self.text, mark));
        if found {
            self.next();
        }
        found
    }

    /// Passes over everything up to these keywords, and over them; parentheses aren't entered.
    pub(crate) fn find(&mut self, words: &[&str]) -> bool {
        let mut depth = 0usize;
        let mut ahead = *self;
        while !(depth == 0 && ahead.eat(words)) {
            let Some(token) = ahead.next() else { return false };
            if token.is_mark(self.text, b'(') {
                depth += 1;
            } else if token.is_mark(self.text, b')') {
                depth = depth.saturating_sub(1);
            }
        }
        *self = ahead;
        true
    }

    /// Passes over the rest of an item of a list, and over the comma behind it.
    pub(crate) fn next_item(&mut self) -> bool {
        let mut depth = 0usize;
        while let Some(token) = self.next() {
            match self.text.as_bytes().get(token.start) {
                Some(b'(' | b'[') if token.kind == TokenKind::Punctuation => depth += 1,
                Some(b')' | b']') if token.kind == TokenKind::Punctuation => depth = depth.saturating_sub(1),
                Some(b',') if token.kind == TokenKind::Punctuation && depth == 0 => return true,
                _ => {}
            }
        }
        false
    }

    /// Takes a name, `table` or `schema.table`, without its quotes, unquoted parts in lower case. In SQLite, where quotes don't keep the
    /// case, all is in lower case.
    pub(crate) fn name(&mut self) -> Option<String> {
        let mut ahead = *self;
        let mut name = ahead.name_part()?;
        while ahead.eat_mark(b'.') {
            name.push('.');
            name.push_str(&ahead.name_part()?);
        }
        *self = ahead;
        Some(name)
    }

    /// Takes one part of a name, as [`Cursor::name`] does.
    pub(crate) fn name_part(&mut self) -> Option<String> {
        let token = self.next()?;
        let text = self.text_of(token);
        match (token.kind, self.dialect) {
            (TokenKind::Word, _) => Some(text.to_ascii_lowercase()),
            (TokenKind::QuotedName, Dialect::Postgres) => Some(unquoted(text)),
            (TokenKind::QuotedName, Dialect::Mysql) => Some(unquoted(text).to_ascii_lowercase()),
            // SQLite takes a string for a name where only a name can be.
            (TokenKind::QuotedName | TokenKind::String, Dialect::Sqlite) => Some(unquoted(text).to_ascii_lowercase()),
            _ => None,
        }
    }

    /// Takes a list of names.
    pub(crate) fn names(&mut self) -> Vec<String> {
        let mut names = Vec::new();
        while let Some(name) = self.name() {
            names.push(name);
            if !self.eat_mark(b',') {
                break;
            }
        }
        names
    }

    /// Gives the statement's first words as the author wrote them, at most `most`.
    pub(crate) fn words(&self, most: usize) -> String {
        let mut ahead = *self;
        let words = std::iter::from_fn(|| ahead.next().filter(|token| token.kind == TokenKind::Word));
        words.take(most).map(|token| self.text_of(token)).collect::<Vec<_>>().join(" ")
    }
}

/// Takes off the quotes around a name or a string.
pub(crate) fn unquoted(text: &str) -> String {
    let Some(open) = text.find(['"', '`', '[', '\'']) else { return text.to_owned() };
    let close = if text[open..].starts_with('[') { "]" } else { &text[open..=open] };
    let inner = text.get(open + 1..text.len().saturating_sub(1)).unwrap_or_default();
    if close == "]" { inner.to_owned() } else { inner.replace(&close.repeat(2), close) }
}

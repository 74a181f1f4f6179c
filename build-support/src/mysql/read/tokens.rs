//! The tokens of a statement: executable comments opened, words and names taken one by one.

use super::{Read, Reader, Stop};
use crate::mysql::server::Server;
use crate::sql::{Dialect, Lexer, Token, TokenKind, unquoted};
use crate::statement::{Name, QualifiedName};

/// Puts what the server runs of executable comments in their places. The second tells whether nothing was left out.
pub(super) fn spliced(text: &str, tokens: &[Token], server: Server) -> (Vec<Token>, bool) {
    let mut whole = true;
    let mut spliced = Vec::with_capacity(tokens.len());
    for token in tokens {
        if token.kind != TokenKind::ExecutableComment {
            spliced.push(*token);
            continue;
        }
        let comment = token.text(text);
        let (inside, offset) = match (comment.strip_prefix("/*!"), comment.strip_prefix("/*M!")) {
            (Some(inside), _) => (inside, 3),
            (None, Some(inside)) if server.maria => (inside, 4),
            _ => continue,
        };
        let digits = inside.bytes().take(6).take_while(u8::is_ascii_digit).count();
        let version = inside.get(..digits).and_then(|digits| digits.parse().ok()).unwrap_or(0);
        if !server.runs(version) {
            whole = false;
            continue;
        }
        let inside = inside.get(digits..).and_then(|inside| inside.strip_suffix("*/")).unwrap_or_default();
        let start = token.start + offset + digits;
        for inner in Lexer::new(inside, Dialect::Mysql) {
            let Ok(inner) = inner else {
                whole = false;
                break;
            };
            if !matches!(inner.kind, TokenKind::Comment | TokenKind::ExecutableComment) {
                spliced.push(Token { start: start + inner.start, end: start + inner.end, ..inner });
            }
        }
    }
    (spliced, whole)
}

impl<'s> Reader<'s> {
    pub(super) fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    pub(super) fn next(&mut self) -> Option<Token> {
        let token = self.peek()?;
        self.at += 1;
        Some(token)
    }

    pub(super) fn is_done(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// Tells whether this keyword stands so many tokens ahead.
    pub(super) fn is_word(&self, ahead: usize, word: &str) -> bool {
        self.tokens.get(self.at + ahead).is_some_and(|token| token.is_word(self.text, word))
    }

    /// Gives the word that comes next, in upper case.
    pub(super) fn word(&self) -> Option<String> {
        let token = self.peek().filter(|token| token.kind == TokenKind::Word)?;
        Some(token.text(self.text).to_ascii_uppercase())
    }

    /// Takes these keywords if they come next, all or none.
    pub(super) fn eat(&mut self, words: &[&str]) -> bool {
        let found = words.iter().enumerate().all(|(ahead, word)| self.is_word(ahead, word));
        self.at += if found { words.len() } else { 0 };
        found
    }

    /// Takes one of these keywords if it comes next.
    pub(super) fn eat_any(&mut self, words: &[&'static str]) -> Option<&'static str> {
        let word = words.iter().copied().find(|word| self.is_word(0, word))?;
        self.at += 1;
        Some(word)
    }

    pub(super) fn is_mark(&self, ahead: usize, mark: u8) -> bool {
        self.tokens.get(self.at + ahead).is_some_and(|token| token.is_mark(self.text, mark))
    }

    pub(super) fn eat_mark(&mut self, mark: u8) -> bool {
        let found = self.is_mark(0, mark);
        self.at += usize::from(found);
        found
    }

    pub(super) fn eat_operator(&mut self, operator: &str) -> bool {
        let is = |token: &Token| token.kind == TokenKind::Operator && token.text(self.text) == operator;
        let found = self.peek().is_some_and(|token| is(&token));
        self.at += usize::from(found);
        found
    }

    /// Takes this punctuation, which has to come next.
    pub(super) fn mark(&mut self, mark: u8) -> Read<()> {
        if self.eat_mark(mark) { Ok(()) } else { Err(Stop::Opaque) }
    }

    /// Takes a keyword, which has to come next.
    pub(super) fn keyword(&mut self, word: &'static str) -> Read<()> {
        if self.eat(&[word]) { Ok(()) } else { Err(self.expected(&[word])) }
    }

    /// Takes one part of a name.
    pub(super) fn name(&mut self) -> Read<Name> {
        let token = self.peek().ok_or(Stop::Opaque)?;
        let text = token.text(self.text);
        let is_name = match token.kind {
            TokenKind::Word | TokenKind::QuotedName => true,
            // A name in quotes where the server's mode has them for names; a name may begin with a digit.
            TokenKind::String => text.starts_with('"'),
            TokenKind::Number => !text.contains('.') && text.bytes().any(|byte| byte.is_ascii_alphabetic()),
            _ => false,
        };
        if !is_name {
            return Err(Stop::Opaque);
        }
        self.at += 1;
        let text = if token.kind == TokenKind::Word { text.to_owned() } else { unquoted(text) };
        Ok(Name { text, range: token.range() })
    }

    /// Takes a name that may say its database.
    pub(super) fn qualified(&mut self) -> Read<QualifiedName> {
        let first = self.name()?;
        // Some write `.t` for a table of the current database; `db . t` is one too.
        if self.eat_mark(b'.') {
            return Ok(QualifiedName { schema: Some(first), name: self.name()? });
        }
        Ok(QualifiedName { schema: None, name: first })
    }

    /// Takes a list of names in parentheses.
    pub(super) fn name_list(&mut self) -> Read<Vec<Name>> {
        self.mark(b'(')?;
        let mut names = Vec::new();
        loop {
            names.push(self.name()?);
            if !self.eat_mark(b',') {
                break;
            }
        }
        self.mark(b')')?;
        Ok(names)
    }

    /// Takes `IF EXISTS`.
    pub(super) fn if_exists(&mut self) -> bool {
        self.eat(&["IF", "EXISTS"])
    }

    /// Takes `IF NOT EXISTS`.
    pub(super) fn if_not_exists(&mut self) -> bool {
        self.eat(&["IF", "NOT", "EXISTS"])
    }

    /// Takes a string and gives what it says, escapes left as they are.
    pub(super) fn string(&mut self) -> Read<String> {
        let token = self.peek().filter(|token| token.kind == TokenKind::String).ok_or(Stop::Opaque)?;
        self.at += 1;
        Ok(unquoted(token.text(self.text)))
    }
}

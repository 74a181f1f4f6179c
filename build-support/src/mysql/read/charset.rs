//! Character sets and collations.

use super::{Read, Reader, Stop};
use crate::sql::TokenKind;
use whimbrel_grammar::names::nearest;

/// What MySQL and MariaDB have; a collation begins with one of them.
#[rustfmt::skip]
const CHARSETS: &[&str] = &[
    "armscii8", "ascii", "big5", "binary", "cp1250", "cp1251", "cp1256", "cp1257", "cp850", "cp852", "cp866", "cp932",
    "dec8", "eucjpms", "euckr", "filename", "gb18030", "gb2312", "gbk", "geostd8", "greek", "hebrew", "hp8", "keybcs2",
    "koi8r", "koi8u", "latin1", "latin2", "latin5", "latin7", "macce", "macroman", "sjis", "swe7", "tis620", "ucs2",
    "ujis", "utf16", "utf16le", "utf32", "utf8", "utf8mb3", "utf8mb4",
];

impl Reader<'_> {
    /// Takes the name of a character set or a collation; a slip of the first is one that both servers refuse.
    pub(super) fn charset_name(&mut self) -> Read<String> {
        let token = self.peek().ok_or(Stop::Opaque)?;
        if !matches!(token.kind, TokenKind::Word | TokenKind::QuotedName | TokenKind::String) {
            return Err(Stop::Opaque);
        }
        let name = crate::sql::unquoted(token.text(self.text)).to_lowercase();
        let charset = name.split('_').next().unwrap_or_default();
        // MariaDB has collations that go with any character set.
        let is_free = ["uca1400", "default"].contains(&charset) || CHARSETS.contains(&charset);
        if let Some(meant) = nearest(charset, CHARSETS.iter().copied()).filter(|_| !is_free) {
            let message = format!("there is no character set `{charset}`");
            return Err(self.wrong(token.range(), message, Some(format!("did you mean `{meant}`?"))));
        }
        self.at += 1;
        Ok(name)
    }
}

//! The languages of scripts: what a file is called by, and how it has comments.

/// A language that scripts are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// SQL, of whichever server.
    Sql,
    /// Redis commands, one a line.
    Redis,
    /// Cypher, for Neo4j.
    Cypher,
    /// MongoDB's commands, as JSON.
    Mongodb,
}

impl Language {
    /// Every language.
    pub const ALL: [Language; 4] = [Language::Sql, Language::Redis, Language::Cypher, Language::Mongodb];

    /// Gives the ending of a file, without its dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Language::Sql => "sql",
            Language::Redis => "redis",
            Language::Cypher => "cypher",
            Language::Mongodb => "mongodb",
        }
    }

    /// Gives what begins a comment of one line.
    pub const fn comment(self) -> &'static str {
        match self {
            Language::Sql => "--",
            Language::Redis => "#",
            Language::Cypher | Language::Mongodb => "//",
        }
    }

    /// Names it in a sentence.
    pub const fn name(self) -> &'static str {
        match self {
            Language::Sql => "SQL",
            Language::Redis => "Redis commands",
            Language::Cypher => "Cypher",
            Language::Mongodb => "MongoDB commands",
        }
    }

    /// Parts a file's name from its ending.
    pub fn of_file(name: &str) -> Option<(&str, Language)> {
        let (stem, extension) = name.rsplit_once('.')?;
        let language = Language::ALL.into_iter().find(|language| language.extension() == extension)?;
        Some((stem, language))
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn a_file_is_known_by_its_ending() {
        assert_eq!(Language::of_file("0001_a.up.sql"), Some(("0001_a.up", Language::Sql)));
        assert_eq!(Language::of_file("0001_a.down.cypher"), Some(("0001_a.down", Language::Cypher)));
        assert_eq!(Language::of_file("0001_a.redis"), Some(("0001_a", Language::Redis)));
        assert_eq!(Language::of_file("0001_a.rs"), None);
    }
}

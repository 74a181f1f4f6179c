//! Changes of rows.

use super::{Read, Reader, Stop};
use crate::statement::{QualifiedName, Relation, Scope, Source, Write, WriteKind};

impl Reader<'_> {
    /// Reads what follows `INSERT` or `REPLACE`.
    pub(super) fn insert(&mut self) -> Read<Scope> {
        while self.eat_any(&["LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "IGNORE"]).is_some() {}
        self.eat(&["INTO"]);
        let table = self.qualified()?;
        if self.eat(&["PARTITION"]) {
            self.skip_group()?;
        }
        let mut scope = Scope::default();
        scope.from.push(relation(&table));
        let mut columns = Vec::new();
        if self.is_mark(0, b'(') && !self.at_query() {
            self.at += 1;
            while !self.is_mark(0, b')') {
                // `INSERT INTO t (t.a)`
                let mut name = self.name()?;
                while self.eat_mark(b'.') {
                    name = self.name()?;
                }
                columns.push(name);
                if !self.eat_mark(b',') {
                    break;
                }
                if self.is_mark(0, b')') {
                    return Err(self.missing("a column"));
                }
            }
            self.mark(b')')?;
        }
        let mut write = Write { kind: WriteKind::Insert, table, columns, rows: None };
        if self.eat_any(&["VALUES", "VALUE"]).is_some() {
            self.values(&mut scope)?;
        } else if self.eat(&["SET"]) {
            write.columns = self.assignments(&mut scope)?;
        } else if self.at_query() {
            let query = self.query()?;
            // What is updated on a duplicate sees the query's tables too.
            let mut seen = Scope::default();
            self.duplicates(&mut seen, &mut write)?;
            scope.inner.push(query);
            scope.writes.push(write);
            return Ok(scope);
        } else {
            return Err(self.expected(&["VALUES", "SELECT", "SET"]));
        }
        if self.alias_of_row()? {
            scope.opaque = true;
        }
        self.duplicates(&mut scope, &mut write)?;
        scope.writes.push(write);
        Ok(scope)
    }

    fn values(&mut self, scope: &mut Scope) -> Read<()> {
        loop {
            self.eat(&["ROW"]);
            self.mark(b'(')?;
            if !self.is_mark(0, b')') {
                self.expressions(scope)?;
            }
            self.mark(b')')?;
            if !self.eat_mark(b',') {
                return Ok(());
            }
        }
    }

    fn alias_of_row(&mut self) -> Read<bool> {
        if !self.eat(&["AS"]) {
            return Ok(false);
        }
        self.name()?;
        if self.is_mark(0, b'(') {
            self.name_list()?;
        }
        Ok(true)
    }

    fn duplicates(&mut self, scope: &mut Scope, write: &mut Write) -> Read<()> {
        if self.eat(&["ON"]) {
            for word in ["DUPLICATE", "KEY", "UPDATE"] {
                self.keyword(word)?;
            }
            write.columns.extend(self.assignments(scope)?);
        }
        if self.eat(&["RETURNING"]) { Err(Stop::Opaque) } else { Ok(()) }
    }

    /// Reads `a = 1, b = 2`; gives the columns that are set.
    fn assignments(&mut self, scope: &mut Scope) -> Read<Vec<crate::statement::Name>> {
        let mut columns = Vec::new();
        loop {
            let column = self.column_name(scope)?.ok_or(Stop::Opaque)?;
            if !self.eat_operator("=") && !self.eat_operator(":=") {
                return Err(Stop::Opaque);
            }
            if column.table.is_none() {
                columns.push(column.name);
            } else {
                scope.columns.push(column);
            }
            self.operands(scope)?;
            if !self.eat_mark(b',') {
                return Ok(columns);
            }
        }
    }

    /// Reads what follows `UPDATE`.
    pub(super) fn update(&mut self) -> Read<Scope> {
        while self.eat_any(&["LOW_PRIORITY", "IGNORE"]).is_some() {}
        let mut scope = Scope::default();
        self.tables(&mut scope)?;
        self.keyword("SET")?;
        let columns = self.assignments(&mut scope)?;
        let only = match scope.from.as_slice() {
            [Relation { source: Source::Table(table), .. }] => Some(table.clone()),
            _ => None,
        };
        match only {
            Some(table) => scope.writes.push(Write { kind: WriteKind::Update, table, columns, rows: None }),
            // Any of the tables may have it.
            None => scope.sorts.extend(columns),
        }
        self.condition(&mut scope)?;
        Ok(scope)
    }

    /// Reads what follows `DELETE`.
    pub(super) fn delete(&mut self) -> Read<Scope> {
        while self.eat_any(&["LOW_PRIORITY", "QUICK", "IGNORE"]).is_some() {}
        let mut scope = Scope::default();
        if !self.eat(&["FROM"]) {
            // `DELETE a, b FROM a JOIN b`
            while !self.is_word(0, "FROM") {
                self.next().ok_or(Stop::Opaque)?;
            }
            self.at += 1;
            self.tables(&mut scope)?;
            self.condition(&mut scope)?;
            return Ok(scope);
        }
        let table = self.qualified()?;
        if self.is_mark(0, b',') || self.is_mark(0, b'.') || self.is_word(0, "USING") {
            return Err(Stop::Opaque);
        }
        if self.eat(&["PARTITION"]) {
            self.skip_group()?;
        }
        let alias = self.alias()?;
        scope.from.push(Relation { alias, ..relation(&table) });
        self.condition(&mut scope)?;
        scope.writes.push(Write { kind: WriteKind::Delete, table, columns: Vec::new(), rows: None });
        Ok(scope)
    }

    fn condition(&mut self, scope: &mut Scope) -> Read<()> {
        if self.eat(&["WHERE"]) {
            self.operands(scope)?;
        }
        if self.eat(&["ORDER", "BY"]) {
            self.sorts(scope)?;
        }
        if self.eat(&["LIMIT"]) {
            self.next().ok_or(Stop::Opaque)?;
        }
        self.end(&["WHERE", "ORDER", "LIMIT"])
    }
}

fn relation(table: &QualifiedName) -> Relation {
    Relation { source: Source::Table(table.clone()), alias: None, columns: Vec::new(), lateral: false, hidden: false }
}

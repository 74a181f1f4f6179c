//! Sequences: made, given to a column, taken for its default.

use super::lookup::{Found, Space};
use super::past::Subject;
use super::{Default, Id, Relation, Sequence, Simulator};
use crate::statement::{self, Name, QualifiedName};

impl Simulator {
    pub(super) fn create_sequence(
        &mut self,
        name: &QualifiedName,
        temporary: bool,
        if_not_exists: bool,
        owner: Option<&(QualifiedName, Name)>,
    ) {
        let Some(id) = self.place_for(name, temporary) else { return };
        if self.is_there_already(&id, name, "sequence", if_not_exists) {
            return;
        }
        let owned_by = owner.and_then(|(table, column)| self.owner(table, column));
        let options = super::excerpt::folded(self.excerpt.behind(name.range().end));
        self.put(&id, Relation::Sequence(Sequence { owned_by, options, ..Sequence::default() }));
        self.past.made(Subject::relation(&id), self.site(&name.range()));
    }

    /// Finds the column that a sequence is to go with.
    fn owner(&mut self, table: &QualifiedName, column: &Name) -> Option<(String, String)> {
        let id = self.relation(table, "table")?;
        let held = self.catalog.table(&id)?;
        if !held.columns.iter().any(|other| other.name == column.text) {
            self.unknown_column(&id, column);
            return None;
        }
        Some((id.to_string(), column.text.clone()))
    }

    pub(super) fn own_sequence(
        &mut self,
        name: &QualifiedName,
        if_exists: bool,
        owner: Option<&(QualifiedName, Name)>,
    ) {
        let Some(id) = self.relation_if(name, "sequence", if_exists) else { return };
        let owner = owner.and_then(|(table, column)| self.owner(table, column));
        if let Some((table, _)) = &owner {
            self.links.uses(&id, table);
        }
        match self.catalog.relation_mut(&id) {
            Some(Relation::Sequence(sequence)) => sequence.owned_by = owner,
            Some(Relation::Opaque) | None => {}
            Some(_) => self.wrong_kind(&id, &name.range(), "sequence", None),
        }
    }

    /// Makes the sequence that a column takes its values from.
    pub(super) fn make_sequence_behind(&mut self, sequence: &Id, table: &Id, column: &super::Column) {
        let owned_by = Some((table.to_string(), column.name.clone()));
        let identity = matches!(column.default, Default::Identity { .. });
        self.put(sequence, Relation::Sequence(Sequence { owned_by, identity, ..Sequence::default() }));
    }

    /// Lists the sequences that go with a column.
    pub(super) fn owned_sequences(&self, table: &Id, column: &str) -> Vec<Id> {
        let mut owned = self.links.users(table);
        owned.retain(|id| match self.catalog.relation(id) {
            Some(Relation::Sequence(Sequence { owned_by: Some((owner, of)), .. })) => table.is(owner) && of == column,
            _ => false,
        });
        owned
    }

    /// Reads a default: `nextval('s')` names a sequence.
    pub(super) fn default(&mut self, expression: &statement::Expression) -> Default {
        let Some(sequence) = sequence_of(&expression.text, expression) else {
            return Default::Expression(self.expression(expression, None));
        };
        match self.look_up(Space::Relation, &sequence) {
            Found::Here(id) => Default::Sequence(id.to_string()),
            Found::Missing(id) => {
                self.unknown_relation("sequence", &id, &expression.range);
                Default::Sequence(id.to_string())
            }
            Found::NoSchema(schema) => {
                self.unknown_schema(&schema);
                Default::Expression(self.needs(expression))
            }
            Found::Unsure => Default::Expression(self.needs(expression)),
        }
    }
}

/// Reads the sequence's name off `nextval('s'::regclass)`.
fn sequence_of(text: &str, expression: &statement::Expression) -> Option<QualifiedName> {
    let text: String = text.split_whitespace().collect();
    let lower = text.to_ascii_lowercase();
    let start =
        ["nextval('", "pg_catalog.nextval('", "(nextval('"].into_iter().find(|start| lower.starts_with(start))?;
    let rest = text.get(start.len()..)?;
    let (name, end) = rest.split_once('\'')?;
    if !matches!(end.to_ascii_lowercase().trim_end_matches(')'), "" | "::regclass" | "::pg_catalog.regclass") {
        return None;
    }
    let mut parts: Vec<Name> =
        parts(name).into_iter().map(|text| Name { text, range: expression.range.clone() }).collect();
    let name = parts.pop()?;
    Some(QualifiedName { schema: parts.pop(), name })
}

/// Reads a dotted name in a text, as `regclass` does.
pub(super) fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    for c in name.chars() {
        match (c, parts.last_mut()) {
            ('"', _) => quoted = !quoted,
            ('.', _) if !quoted => parts.push(String::new()),
            (c, Some(part)) if quoted => part.push(c),
            (c, Some(part)) => part.extend(c.to_lowercase()),
            (_, None) => {}
        }
    }
    parts
}

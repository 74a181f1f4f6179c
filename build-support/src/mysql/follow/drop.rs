//! Tables and views, dropped and renamed.

use super::Follower;
use super::complaint::{finding, id};
use super::world::Found;
use crate::catalog::{Relation, Subject};
use crate::statement::QualifiedName;

impl Follower {
    pub(super) fn drop_tables(&mut self, names: &[QualifiedName], if_exists: bool) {
        let find = |name: &QualifiedName| match self.world.find(name) {
            Found::Here(key) => Some(key),
            _ => None,
        };
        let together: Vec<String> = names.iter().filter_map(find).collect();
        for name in names {
            if name.schema.is_none() && self.temporary.remove(&name.name.text.to_lowercase()) {
                continue;
            }
            let key = match self.world.find(name) {
                Found::Here(key) => key,
                Found::Elsewhere => {
                    self.elsewhere(name);
                    continue;
                }
                Found::Missing(_) => {
                    if !if_exists {
                        self.relation(name, "table");
                    }
                    continue;
                }
            };
            if matches!(self.world.relation(&key), Some(Relation::View(_))) {
                if !if_exists {
                    let message = format!("`{key}` is a view, not a table");
                    let mut found = finding("wrong_kind", message, &name.range(), "a view");
                    found.help.push("write `DROP VIEW`".to_owned());
                    self.findings.push(found);
                }
                continue;
            }
            self.still_referred(&key, &name.range(), &together);
            self.world.take(&key);
            self.past.dropped(Subject::relation(&id(&key)), self.site(&name.range()));
        }
    }

    pub(super) fn drop_views(&mut self, names: &[QualifiedName], if_exists: bool) {
        for name in names {
            let key = match self.world.find(name) {
                Found::Here(key) => key,
                Found::Elsewhere => {
                    self.elsewhere(name);
                    continue;
                }
                Found::Missing(_) => {
                    if !if_exists {
                        self.relation(name, "view");
                    }
                    continue;
                }
            };
            if matches!(self.world.relation(&key), Some(Relation::Table(_))) {
                if !if_exists && !self.world.is_doubtful(&key) {
                    let message = format!("`{key}` is a table, not a view");
                    let mut found = finding("wrong_kind", message, &name.range(), "a table");
                    found.help.push("write `DROP TABLE`".to_owned());
                    self.findings.push(found);
                }
                continue;
            }
            self.world.take(&key);
            self.past.dropped(Subject::relation(&id(&key)), self.site(&name.range()));
        }
    }

    pub(super) fn rename_table(&mut self, from: &QualifiedName, to: &QualifiedName, if_exists: bool) {
        if from.schema.is_none() && self.temporary.remove(&from.name.text.to_lowercase()) {
            self.temporary.insert(to.name.text.to_lowercase());
            return;
        }
        if if_exists && matches!(self.world.find(from), Found::Missing(_)) {
            return;
        }
        if matches!(self.world.find(from), Found::Elsewhere) {
            self.elsewhere(from);
            // What comes from another database isn't known.
            return self.forget(std::slice::from_ref(to));
        }
        let Some(key) = self.relation(from, "table") else { return };
        let target = match self.world.find(to) {
            Found::Missing(target) => target,
            Found::Here(target) if target == key => to.name.text.clone(),
            Found::Here(target) => {
                if !self.world.is_doubtful(&target) && target == to.name.text {
                    let message = format!("there is a table `{target}` already");
                    self.duplicate("duplicate_table", message, &to.range(), &Subject::relation(&id(&target)));
                }
                self.world.take(&key);
                self.world.put(&target, Relation::Opaque);
                return;
            }
            Found::Elsewhere => {
                self.world.take(&key);
                return self.elsewhere(to);
            }
        };
        let site = self.site(&from.range());
        self.past.renamed(Subject::relation(&id(&key)), id(&target).to_string(), site);
        self.move_table(&key, &target);
    }
}

//! Functions, procedures and aggregates, told apart by the types of their arguments.

use super::complaint::finding;
use super::dependents::Object;
use super::lookup::{Found, Space};
use super::past::Subject;
use super::state::StrangerKind;
use super::{Function, FunctionKind, Id, Simulator, Trigger};
use crate::statement::{Condition, CreateFunction, Drop, Name, ObjectKind, QualifiedName, Scope, TypeName, Volatility};
use std::ops::Range;

impl Simulator {
    pub(super) fn create_function(&mut self, create: &CreateFunction) {
        let Some(id) = self.place_for(&create.name, false) else { return };
        let mut types = Vec::new();
        let arguments = self.argument_types(&create.arguments, &mut types);
        let returns = create.returns.as_ref().map(|ty| {
            let found = self.data_type(ty);
            types.extend(found.own);
            found.text
        });
        let is_compiled = create.language == "plpgsql" && self.checks_bodies;
        if is_compiled && returns.as_deref() == Some("trigger") && !create.arguments.is_empty() {
            let message = format!("function `{}` is for triggers, which pass no arguments", id.shown());
            let range = create.arguments.first().map_or_else(|| create.name.range(), |ty| ty.range.clone());
            let mut finding = finding("wrong_kind", message, &range, "one too many");
            finding.help.push("take them out: the function reads `TG_ARGV`".to_owned());
            self.report(finding);
        }
        let kind = if create.procedure { FunctionKind::Procedure } else { FunctionKind::Function };
        let volatile = match create.volatility {
            Volatility::Unknown => None,
            volatility => Some(volatility == Volatility::Volatile),
        };
        let text = self.excerpt.behind(create.name.range().end).into();
        let effects = create.effects.clone();
        let name = |name: &Option<Name>| name.as_ref().map(|name| name.text.clone()).unwrap_or_default();
        let parameters = create.parameters.iter().map(name).collect();
        let function = Function { kind, arguments, parameters, returns, volatile, types, text, effects };
        self.put_function(&id, function, create.or_replace, &create.name.range());
        if let Some(body) = &create.body
            && self.checks_bodies
        {
            self.check_names(body, None);
        }
    }

    /// Gives the types of arguments as the server prints them; `None` where not all are known.
    fn argument_types(&mut self, arguments: &[TypeName], own: &mut Vec<String>) -> Option<Vec<String>> {
        let mut texts = Some(Vec::new());
        for ty in arguments {
            // How long a text may be doesn't count.
            let found = self.data_type(&TypeName { arguments: Vec::new(), ..ty.clone() });
            own.extend(found.own);
            if found.text.is_empty() {
                texts = None;
            }
            texts.iter_mut().for_each(|texts| texts.push(found.text.clone()));
        }
        texts
    }

    /// Puts a function in, beside others of its name.
    pub(super) fn put_function(&mut self, id: &Id, function: Function, or_replace: bool, range: &Range<usize>) {
        let (unsure, is_guarded) = (self.unsure(), self.condition == Condition::IfMissing);
        let doubtful = self.catalog.is_doubtful(id);
        let Some(schema) = self.catalog.schema_mut(&id.schema) else { return };
        let held = schema.functions.or_default(&id.name);
        let same = held.iter_mut().find(|other| other.arguments == function.arguments);
        let mut is_duplicate = false;
        let mut replaced = None;
        match same {
            Some(_) if is_guarded => return,
            Some(same) => {
                is_duplicate = !or_replace && function.arguments.is_some() && !doubtful;
                replaced = Some(std::mem::replace(same, function.clone())).filter(|_| or_replace && !doubtful);
            }
            None => held.push(function.clone()),
        }
        if unsure {
            schema.doubtful.insert(id.name.clone());
        } else if !schema.relations.contains_key(&id.name) && !schema.types.contains_key(&id.name) {
            schema.doubtful.remove(&id.name);
        }
        if let Some(old) = replaced {
            self.replaceable_function(&old, &function, &id.shown(), range);
        }
        let subject = Subject::Function(id.to_string());
        if is_duplicate {
            let listed = function.arguments.unwrap_or_default().join(", ");
            let message = format!("there is a function `{}({listed})` already", id.shown());
            self.duplicate("duplicate_function", message, range, &subject);
        }
        self.past.made(subject, self.site(range));
    }

    pub(super) fn drop_functions(&mut self, drop: &Drop) {
        let if_exists = self.may_be_missing(drop.if_exists);
        for (at, name) in drop.names.iter().enumerate() {
            let signature = drop.signatures.get(at).and_then(Option::as_deref);
            let Some(id) = self.function(name, if_exists) else { continue };
            if self.unsure() {
                if let Some(schema) = self.catalog.schema_mut(&id.schema) {
                    schema.doubtful.insert(id.name.clone());
                }
                continue;
            }
            let Some(which) = self.overload(&id, signature, drop.kind, name, if_exists) else { continue };
            let overloads = self.catalog.schemas.get(&id.schema).and_then(|schema| schema.functions.get(&id.name));
            if overloads.is_some_and(|overloads| overloads.len() == 1) {
                let what = format!("function `{}`", id.shown());
                self.remove(&[Object::Function(id)], &what, &name.range(), drop.cascade);
            } else if let Some(overloads) =
                self.catalog.schema_mut(&id.schema).and_then(|schema| schema.functions.get_mut(&id.name))
            {
                overloads.remove(which);
            }
        }
    }

    /// Finds a function by its name, and reports one that isn't there.
    pub(super) fn function(&mut self, name: &QualifiedName, if_exists: bool) -> Option<Id> {
        match self.look_up(Space::Function, name) {
            Found::Here(id) => return Some(id),
            Found::Missing(id) if !if_exists && !self.open_world => {
                let message = format!("there is no function `{}`", id.shown());
                let meant = self.nearest_in(Space::Function, &id.name);
                self.unknown("unknown_function", message, &name.range(), Subject::Function(id.to_string()), meant);
            }
            Found::NoSchema(schema) if !if_exists => self.unknown_schema(&schema),
            _ => {}
        }
        None
    }

    /// Finds the place, among functions of one name, of the one with these arguments.
    fn overload(
        &mut self,
        id: &Id,
        signature: Option<&[TypeName]>,
        kind: ObjectKind,
        name: &QualifiedName,
        if_exists: bool,
    ) -> Option<usize> {
        let overloads = self.catalog.schemas.get(&id.schema)?.functions.get(&id.name)?.clone();
        let Some(signature) = signature else {
            let sure = overloads.iter().all(|function| function.arguments.is_some()) && !self.catalog.is_doubtful(id);
            if overloads.len() > 1 && sure {
                let message = format!("there are {} functions `{}`", overloads.len(), id.shown());
                let mut finding = finding("ambiguous_function", message, &name.range(), "which one?");
                finding.help.push("write the types of its arguments behind the name, in parentheses".to_owned());
                self.report(finding);
            }
            return Some(0);
        };
        // A type that isn't there is no function's either.
        let is_known = |ty: &TypeName| !matches!(self.look_up_type(ty), Found::Missing(_) | Found::NoSchema(_));
        if if_exists && !signature.iter().all(is_known) {
            return None;
        }
        let mut own = Vec::new();
        let wanted = self.argument_types(signature, &mut own);
        if let Some(at) = overloads.iter().position(|function| function.arguments == wanted) {
            return Some(at);
        }
        let sure = wanted.is_some()
            && overloads.iter().all(|function| function.arguments.is_some() && function.kind == FunctionKind::Function)
            && kind == ObjectKind::Function
            && !self.catalog.is_doubtful(id)
            && !self.catalog.opaque;
        if !sure {
            return (overloads.len() == 1).then_some(0);
        }
        if !if_exists {
            let message = format!("there is no function `{}({})`", id.shown(), wanted.unwrap_or_default().join(", "));
            let mut finding = finding("unknown_function", message, &name.range(), "not there");
            let known = overloads.iter().filter_map(|function| Some(function.arguments.as_ref()?.join(", ")));
            let known = known.map(|arguments| format!("`{}({arguments})`", id.shown())).collect::<Vec<_>>().join(", ");
            finding.help.push(format!("there is {known}"));
            self.report(finding);
        }
        None
    }

    pub(super) fn create_trigger(
        &mut self,
        name: &Name,
        table: &QualifiedName,
        columns: &[Name],
        condition: Option<&Scope>,
        function: Option<&QualifiedName>,
        or_replace: bool,
    ) {
        let named = function;
        let function = named.and_then(|function| self.function(function, false));
        if let (Some(id), Some(named)) = (&function, named) {
            self.check_trigger_function(id, &named.range());
        }
        let Some(id) = self.relation(table, "table") else { return };
        let Some(held) = self.catalog.table(&id) else { return };
        if let Some(there) = held.triggers.get(&name.text)
            && !or_replace
            && !there.inherited
        {
            if !held.opaque {
                let message = format!("table `{}` has a trigger `{}` already", id.shown(), name.text);
                self.duplicate("duplicate_trigger", message, &name.range, &Subject::part(&id, &name.text));
            }
            return;
        }
        for column in columns {
            let missing =
                self.catalog.table(&id).is_some_and(|table| !super::complaint::has_column(table, &column.text));
            if missing {
                self.unknown_column(&id, column);
            }
        }
        let of_condition = condition.into_iter().flat_map(|scope| &scope.columns);
        let of_condition = of_condition
            .filter(|column| column.table.as_ref().is_some_and(|table| matches!(table.text.as_str(), "old" | "new")));
        let mut named: Vec<String> = columns.iter().map(|column| column.text.clone()).collect();
        for column in of_condition {
            let missing =
                self.catalog.table(&id).is_some_and(|table| !super::complaint::has_column(table, &column.name.text));
            if missing && !super::server::is_system_column(&column.name.text) {
                self.unknown_column(&id, &column.name);
            }
            named.push(column.name.text.clone());
        }
        named.sort();
        named.dedup();
        let event = self.excerpt.of(name.range.end..table.range().start);
        let trigger = Trigger {
            function: function.map(|id| id.to_string()),
            columns: named,
            event: event.trim_end_matches(['o', 'O', 'n', 'N']).trim_end().to_owned(),
            action: self.excerpt.behind(table.range().end).to_owned(),
            inherited: false,
        };
        self.put_trigger(&id, &name.text, trigger);
        self.past.made(Subject::part(&id, &name.text), self.site(&name.range));
    }

    /// Reports a function that a trigger can't call.
    fn check_trigger_function(&mut self, id: &Id, range: &Range<usize>) {
        let Some(schema) = self.catalog.schemas.get(&id.schema) else { return };
        let Some(overloads) = schema.functions.get(&id.name) else { return };
        // One in another schema, or of the server's own, may be meant as well.
        let is_alone = !self.catalog.opaque
            && self.catalog.schemas.values().all(|held| {
                !held.opaque && (std::ptr::eq(&**held, &**schema) || !held.functions.contains_key(&id.name))
            })
            && !self.may_be_strange(StrangerKind::Function, "", &id.name)
            && crate::postgres::shipped::function(&id.name).is_none()
            && super::extension::of_function(&id.name).is_none();
        let is_sure =
            is_alone && overloads.iter().all(|function| function.arguments.is_some()) && !self.catalog.is_doubtful(id);
        let plain = overloads.iter().find(|function| function.arguments.as_ref().is_some_and(Vec::is_empty));
        let message = match plain.map(|function| function.returns.as_deref()) {
            _ if !is_sure => return,
            None => format!("there is no function `{}()` without arguments", id.shown()),
            Some(Some(returns)) if !matches!(returns, "trigger" | "") => {
                format!("function `{}()` gives `{returns}`, not `trigger`", id.shown())
            }
            Some(_) => return,
        };
        self.report(finding("wrong_kind", message, range, "no function for triggers"));
    }

    fn put_trigger(&mut self, id: &Id, name: &str, trigger: Trigger) {
        let inherited = Trigger { inherited: true, ..trigger.clone() };
        let Some(table) = self.change(id) else { return };
        table.triggers.insert(name.to_owned(), trigger);
        for child in self.partitions(id) {
            self.put_trigger(&child, name, inherited.clone());
        }
    }
}

//! The way through a block of code: what it does, and under which conditions.

use super::super::ast::{self, AstNode, Stmt, SyntaxNode};
use super::super::{name, query, statement, syntax};
use super::caught::{Caught, is_raised};
use super::into::without_into;
use super::{asked, dynamic, guard, opaque};
use crate::statement::{Act, ActKind, Branch, Condition, Guard, Moved};
use squawk_parser::SyntaxKind::*;
use std::collections::HashMap;
use std::sync::Arc;

/// What was met on the way, the ranges counted in the block's text.
#[derive(Debug, Default)]
pub(super) struct Flow {
    pub(super) acts: Vec<Act>,
    /// The branch that the way is in.
    branch: Option<Arc<Branch>>,
    /// What is known of variables: that they are true, not null or not zero. `found` is one of them.
    known: HashMap<String, Guard>,
    /// Whether there are variables, which queries may name.
    variables: bool,
    /// How deep in branches the way is: what is assigned there isn't known behind them.
    depth: usize,
}

impl Flow {
    /// Goes through a `BEGIN … END`; tells whether it always returns.
    pub(super) fn block(&mut self, block: &SyntaxNode) -> bool {
        let first = self.acts.len();
        let mut returns = false;
        for part in block.children() {
            match part.kind() {
                PLPGSQL_DECLARE_SECTION => part.children().for_each(|declared| self.declare(&declared)),
                PLPGSQL_BODY => returns = self.body(&part),
                PLPGSQL_EXCEPTION_SECTION => self.handled(&part, first),
                _ => {}
            }
        }
        returns
    }

    fn declare(&mut self, declared: &SyntaxNode) {
        self.variables = true;
        let name = ast::part(declared, PLPGSQL_VAR_NAME);
        let value = ast::part(declared, PLPGSQL_VAR_INIT).and_then(|init| init.children().next());
        self.assign(name.as_ref(), value.as_ref());
    }

    fn assign(&mut self, name: Option<&SyntaxNode>, value: Option<&SyntaxNode>) {
        let Some(name) = name.and_then(name::name) else { return };
        let value = value.map(|value| guard::of_expression(value, &self.known)).filter(|_| self.depth == 0);
        self.known.insert(name.text, value.unwrap_or(Guard::Unknown));
    }

    /// Goes through statements; tells whether they always return.
    fn body(&mut self, body: &SyntaxNode) -> bool {
        body.children().any(|statement| self.statement(&statement))
    }

    fn statement(&mut self, node: &SyntaxNode) -> bool {
        let child = |kind| ast::part(node, kind);
        match node.kind() {
            PLPGSQL_EXEC_SQL_STMT | PLPGSQL_PERFORM_STMT | PLPGSQL_CALL_STMT | PLPGSQL_DO_STMT => {
                if let Some(statement) = node.children().find_map(Stmt::cast) {
                    self.execute(&statement);
                }
            }
            ERROR => self.astray(node),
            PLPGSQL_BLOCK => return self.block(node),
            PLPGSQL_IF_STMT => return self.branches(node),
            PLPGSQL_CASE_STMT => {
                for when in
                    node.children().filter(|part| matches!(part.kind(), PLPGSQL_CASE_WHEN | PLPGSQL_ELSE_CLAUSE))
                {
                    let body = ast::part(&when, PLPGSQL_BODY);
                    body.iter().for_each(|body| {
                        self.branch(body, Guard::Unknown);
                    });
                }
            }
            PLPGSQL_LOOP_STMT
            | PLPGSQL_WHILE_STMT
            | PLPGSQL_FOR_I_STMT
            | PLPGSQL_FOR_DYN_STMT
            | PLPGSQL_FOR_CURSOR_STMT
            | PLPGSQL_FOR_QUERY_STMT
            | PLPGSQL_FOR_EACH_STMT => {
                self.variables = true;
                if let Some(query) = node.children().find_map(Stmt::cast) {
                    self.execute(&query);
                }
                child(PLPGSQL_BODY).iter().for_each(|body| {
                    self.branch(body, Guard::Unknown);
                });
            }
            PLPGSQL_DYN_EXECUTE_STMT => {
                let acts = child(PLPGSQL_EXPR).map(|text| dynamic::lower(&text, name::range(node)));
                acts.into_iter().flatten().for_each(|act| self.push(act));
                self.known.insert("found".to_owned(), Guard::Unknown);
            }
            PLPGSQL_ASSIGN_STMT => {
                let target = child(PLPGSQL_ASSIGN_TARGET).and_then(|target| target.children().next());
                self.assign(target.as_ref(), child(PLPGSQL_EXPR).as_ref());
            }
            PLPGSQL_RETURN_STMT => return true,
            _ => {}
        }
        false
    }

    /// Goes through `IF … ELSIF … ELSE`.
    fn branches(&mut self, node: &SyntaxNode) -> bool {
        let mut otherwise = Guard::always();
        // What doesn't return goes on behind it.
        let mut on = Vec::new();
        let mut all_return = true;
        let mut condition = None;
        let mut has_else = false;
        let mut parts: Vec<SyntaxNode> = Vec::new();
        for part in node.children() {
            match part.kind() {
                PLPGSQL_ELSIF_CLAUSE => parts.extend(part.children()),
                PLPGSQL_ELSE_CLAUSE => {
                    has_else = true;
                    parts.extend(part.children());
                }
                _ => parts.push(part),
            }
        }
        for part in parts {
            match part.kind() {
                PLPGSQL_EXPR => condition = Some(guard::of_expression(&part, &self.known)),
                PLPGSQL_BODY => {
                    let own = condition.take();
                    let guard = own.clone().map_or(otherwise.clone(), |own| otherwise.clone().and(own));
                    let returns = self.branch(&part, guard.clone());
                    all_return &= returns;
                    if returns {
                        on.push(guard.not());
                    }
                    otherwise = own.map_or(otherwise.clone(), |own| otherwise.and(own.not()));
                }
                _ => {}
            }
        }
        if !on.is_empty() {
            on.into_iter().for_each(|guard| self.require(guard));
        }
        all_return && has_else
    }

    /// Goes through statements that are only done under a condition; tells whether they always return.
    fn branch(&mut self, body: &SyntaxNode, guard: Guard) -> bool {
        let outer = self.branch.clone();
        self.require(guard);
        self.depth += 1;
        let returns = self.body(body);
        self.depth -= 1;
        self.branch = outer;
        returns
    }

    /// Adds to what has to hold.
    fn require(&mut self, guard: Guard) {
        self.branch = Some(Arc::new(Branch { within: self.branch.take(), guard }));
    }

    fn execute(&mut self, statement: &Stmt) {
        let found = ast::SelectVariant::cast(statement.syntax().clone());
        self.known
            .insert("found".to_owned(), found.as_ref().map_or(Guard::Unknown, |query| asked::of_query(query.syntax())));
        let acts = match statement {
            // `INTO` names variables here.
            Stmt::SelectInto(_) => {
                let kind = found.map(|query| ActKind::Query(query::lower(query)));
                let range = name::range(statement.syntax());
                kind.map(|kind| Act { range, branch: None, condition: Condition::Always, kind }).into_iter().collect()
            }
            _ => statement::lower(statement),
        };
        acts.into_iter().for_each(|act| self.push(act));
    }

    /// A statement that isn't one to the grammar: what is read into variables is taken out, then it is.
    fn astray(&mut self, node: &SyntaxNode) {
        let (text, targets) = without_into(node);
        let range = name::range(node);
        let script = syntax::script(&text).filter(|(_, mistakes)| mistakes.is_empty());
        let mut statements = script.iter().flat_map(|(file, _)| file.statements());
        let mut statements = statements.by_ref().filter(|statement| !matches!(statement, Stmt::EmptyStmt(_)));
        let (Some(statement), None) = (statements.next(), statements.next()) else {
            return self.push(opaque(range, "not understood"));
        };
        let before = self.acts.len();
        self.execute(&statement);
        for act in self.acts.iter_mut().skip(before) {
            act.moved(&|inner| range.start + inner.start..range.start + inner.end);
        }
        let value = ast::Select::cast(statement.syntax().clone()).filter(|_| targets.len() == 1 && self.depth == 0);
        let value = value.map(|query| guard::of_value(query.syntax(), &self.known));
        for target in targets {
            self.known.insert(target, value.clone().unwrap_or(Guard::Unknown));
        }
    }

    fn push(&mut self, act: Act) {
        let mut act = Act { branch: self.branch.clone(), ..act };
        if self.variables {
            // A bare name may be that of a variable.
            match &mut act.kind {
                ActKind::Query(query) | ActKind::Write { query, .. } => query.opaque = true,
                _ => {}
            }
        }
        self.acts.push(act);
    }

    /// What its handlers catch makes no difference to a block.
    fn handled(&mut self, section: &SyntaxNode, first: usize) {
        let mut caught = Caught::default();
        let end = self.acts.len();
        for handler in ast::parts(section, PLPGSQL_EXCEPTION_HANDLER) {
            let body = ast::part(&handler, PLPGSQL_BODY);
            let raises = body.iter().flat_map(|body| body.descendants()).any(|statement| is_raised(&statement));
            if !raises {
                let conditions = ast::parts(&handler, PLPGSQL_CONDITION);
                conditions.for_each(|condition| caught.add(&condition));
            }
            body.iter().for_each(|body| {
                self.branch(body, Guard::Unknown);
            });
        }
        for act in self.acts.iter_mut().take(end).skip(first).filter(|act| act.condition == Condition::Always) {
            act.condition = caught.condition(&act.kind);
        }
    }
}

//! Queries that the parser lets through.

use super::super::super::ast::{self, AstNode, SyntaxNode};
use super::super::super::name::{range, token_range};
use super::super::Mistake;
use super::after;
use squawk_parser::SyntaxKind::*;

pub(super) fn select(select: SyntaxNode) -> Option<Mistake> {
    let parent = select.parent().map(|parent| parent.kind());
    // Elsewhere a query may give no columns: `EXISTS (SELECT FROM t)`.
    let compared = select.ancestors().nth(2).is_some_and(|around| around.kind() == BIN_EXPR);
    let needed = parent == Some(TUPLE_EXPR) || (parent == Some(PAREN_EXPR) && compared);
    let select = ast::Select::cast(select)?;
    let clause = select.clause();
    let given = clause.as_ref().is_some_and(|clause| clause.target_list().is_some());
    if needed && !given {
        let place = clause.as_ref().map_or_else(|| range(select.syntax()), |clause| after(clause.syntax()));
        return Some(Mistake::at(place, "expected an expression after \"SELECT\"".to_owned()));
    }
    if parent == Some(TUPLE_EXPR) {
        let mistake = Mistake::at(range(select.syntax()), "a query in a list needs parentheses of its own".to_owned());
        return Some(mistake.help("write `(SELECT …)`".to_owned()));
    }
    let from = select.from()?;
    let early = clause.is_none_or(|clause| range(&from).end <= range(clause.syntax()).start);
    let word = from.first_token()?;
    early.then(|| {
        Mistake::at(token_range(&word), format!("expected SELECT before \"{}\"", word.text()))
            .help("write `SELECT … FROM …`".to_owned())
    })
}

pub(super) fn distinct(clause: &SyntaxNode) -> Option<Mistake> {
    let distinct = ast::part(clause, DISTINCT_CLAUSE)?;
    let given = ast::has(clause, TARGET_LIST);
    (!given).then(|| Mistake::at(after(&distinct), "expected an expression after \"DISTINCT\"".to_owned()))
}

pub(super) fn distinct_on(clause: &SyntaxNode) -> Option<Mistake> {
    let empty = clause.children().next().is_none();
    empty.then(|| Mistake::at(range(clause), "expected an expression between the parentheses".to_owned()))
}

/// `SELECT … INTO` makes a table, so it is a statement of its own.
pub(super) fn into(select: &SyntaxNode) -> Option<Mistake> {
    let mut child = select.clone();
    for ancestor in select.ancestors().skip(1) {
        match ancestor.kind() {
            PAREN_SELECT => {}
            COMPOUND_SELECT if ancestor.first_child().as_ref() == Some(&child) => {}
            // What a block does with it is seen when it runs.
            EXPLAIN | PREPARE | SOURCE_FILE | PLPGSQL_RETURN_QUERY_STMT | PLPGSQL_EXPR => return None,
            _ => break,
        }
        child = ancestor;
    }
    let clause = ast::part(select, INTO_CLAUSE)?;
    let mistake = Mistake::at(range(&clause), "INTO can't stand in this query".to_owned());
    Some(mistake.help("it belongs to the first `SELECT` of a statement".to_owned()))
}

pub(super) fn join(join: SyntaxNode) -> Option<Mistake> {
    let join = ast::JoinExpr::cast(join)?.join()?;
    let natural = join.natural();
    let crossed = join.cross();
    match join.condition() {
        None if !natural && !crossed => {
            let last = join.syntax().last_token()?;
            let message = format!("expected ON or USING after \"{}\"", last.text());
            Some(
                Mistake::at(after(join.syntax()), message)
                    .help("say what joins the two: `ON a.id = b.a_id`".to_owned()),
            )
        }
        Some(condition) if natural || crossed => {
            let word = condition.syntax().first_token()?;
            let kind = if natural { "NATURAL" } else { "CROSS" };
            let message = format!("a {kind} JOIN has no {}", word.text().to_uppercase());
            Some(Mistake::at(token_range(&word), message))
        }
        _ => None,
    }
}

/// Parentheses in FROM stand around a query or a join.
pub(super) fn parentheses(item: SyntaxNode) -> Option<Mistake> {
    let item = ast::ParenFromItem::cast(item)?;
    let inside = item.inside()?.item()?;
    let fits = match &inside {
        ast::FromListItem::Join(_) => true,
        ast::FromListItem::ParenFromItem(it) => around_join(it),
        ast::FromListItem::Relation(_) => ast::has(item.syntax(), ONLY_KW),
        ast::FromListItem::Other(_) => false,
    };
    (!fits).then(|| {
        Mistake::at(range(item.syntax()), "a table can't stand in parentheses alone".to_owned())
            .help(format!("write `{}`", inside.syntax().text()))
    })
}

fn around_join(item: &ast::ParenFromItem) -> bool {
    let Some(inside) = item.inside().and_then(|inside| inside.item()) else { return true };
    item.alias().is_none()
        && match inside {
            ast::FromListItem::Join(_) => true,
            ast::FromListItem::ParenFromItem(it) => around_join(&it),
            ast::FromListItem::Relation(_) | ast::FromListItem::Other(_) => false,
        }
}

pub(super) fn lateral(item: &SyntaxNode) -> Option<Mistake> {
    let token = item.children_with_tokens().find(|child| child.kind() == LATERAL_KW)?.into_token()?;
    let mistake = Mistake::at(token_range(&token), "LATERAL stands before a query or a function".to_owned());
    Some(mistake.help("take it out: a table sees nothing of the others".to_owned()))
}

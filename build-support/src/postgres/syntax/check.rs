//! What the parser lets through and the server doesn't.

mod block;
mod definition;
mod expression;
mod query;

use super::super::ast::{self, AstNode, SyntaxNode, SyntaxToken};
use super::super::name::{self, range, token_range};
use super::{Mistake, Words};
use squawk_parser::SyntaxKind::{self, *};
use squawk_parser::{is_reserved_keyword, is_type_func_name_keyword};

/// Adds what is wrong with a tree besides what its parser says.
pub(super) fn check(root: &SyntaxNode, mistakes: &mut Vec<Mistake>) {
    for node in root.descendants() {
        let mistake = match node.kind() {
            SOURCE_FILE => {
                separated(&node, mistakes);
                None
            }
            ATOMIC_BODY => unended(&node),
            PLPGSQL_BLOCK => block::unended(&node),
            PLPGSQL_RAISE_STMT => block::raise(node),
            RULE_STMT_LIST => unseparated_rule(&node),
            CREATE_TABLE => untyped(node),
            TABLE_NAME => reserved_table(&node),
            STORAGE_MODE => storage(&node),
            TO_CONFIG_VALUE => unset(node),
            SET_COLUMN_LIST => node
                .children()
                .next()
                .is_none()
                .then(|| Mistake::at(after(&node), "expected a column to set after \"SET\"".to_owned())),
            FUNC_OPTION_LIST => repeated_option(node),
            CREATE_FUNCTION | CREATE_PROCEDURE => two_bodies(&node),
            PARTITION_FOR_VALUES_WITH => hash_bounds(&node),
            COLUMN_NAME | COLUMN_NAME_REF | CONSTRAINT_NAME => definition::name(&node),
            ARRAY_BOUND => definition::bound(&node),
            COMPOSITE_FIELD_DEF => definition::field(&node),
            DEFAULT_CONSTRAINT => definition::default(node),
            NOT_VALID => definition::not_valid(&node),
            NOT_NULL_CONSTRAINT => definition::not_null(&node),
            NULL_CONSTRAINT => definition::null(&node),
            PARTITION_ITEM => definition::item(&node),
            DROP_TABLE => definition::unnamed(&node),
            PARTITION_STRATEGY => definition::strategy(&node),
            ROLE_OPTION_GENERIC => definition::role_option(&node),
            PATH_TYPE => definition::named_type(&node).or_else(|| expression::modifiers(&node)),
            CALL_EXPR => expression::call(node),
            NAME_REF => expression::reserved(&node),
            LITERAL => expression::literal(&node),
            BIN_EXPR => expression::binary(node),
            PREFIX_EXPR => expression::prefix(&node),
            ARRAY_EXPR => expression::array(node),
            NON_STANDARD_PARAM => expression::parameter(&node),
            BIT_TYPE | BIT_VARYING_TYPE | CHARACTER_TYPE | VARCHAR_TYPE => expression::modifiers(&node),
            SELECT => query::select(node),
            SELECT_CLAUSE => query::distinct(&node),
            SELECT_INTO => query::into(&node),
            JOIN_EXPR => query::join(node),
            PAREN_FROM_ITEM => query::parentheses(node),
            RELATION_FROM_ITEM => query::lateral(&node),
            DISTINCT_ON => query::distinct_on(&node),
            _ => None,
        };
        mistakes.extend(mistake);
    }
}

/// Statements end with a semicolon, all but the last.
fn separated(file: &SyntaxNode, mistakes: &mut Vec<Mistake>) {
    let mut before: Option<SyntaxNode> = None;
    for statement in file.children() {
        if let Some(before) = before.filter(|_| statement.kind() != EMPTY_STMT && statement.kind() != ERROR) {
            mistakes.extend(no_semicolon(&before, &statement));
        }
        before = ends(&statement).then_some(statement);
    }
}

/// Tells whether a statement is one that has to end, and doesn't.
fn ends(statement: &SyntaxNode) -> bool {
    let ended = statement.last_token().is_some_and(|token| token.kind() == SEMICOLON);
    !ended && statement.kind() != ERROR
}

fn no_semicolon(before: &SyntaxNode, next: &SyntaxNode) -> Option<Mistake> {
    let token = next.first_token()?;
    let message = format!("missing semicolon before {}", super::tokens::quoted(token.text()));
    let help = format!("end the statement before it: `{};`", before.last_token()?.text());
    Some(Mistake { words: Words::Guess, ..Mistake::at(token_range(&token), message).help(help) })
}

fn unended(body: &SyntaxNode) -> Option<Mistake> {
    let statement = body.children().find(|statement| ends(statement) && statement.kind() != EMPTY_STMT)?;
    let last = statement.last_token()?;
    Some(Mistake::at(token_range(&last), format!("missing semicolon after \"{}\"", last.text())))
}

fn unseparated_rule(list: &SyntaxNode) -> Option<Mistake> {
    let mut statements = list.children().peekable();
    while let Some(statement) = statements.next() {
        let next = statements.peek()?;
        if ends(&statement) {
            return no_semicolon(&statement, next);
        }
    }
    None
}

fn untyped(table: SyntaxNode) -> Option<Mistake> {
    let table = ast::CreateTable::cast(table)?;
    let args = table.items();
    if table.partition_of().is_some() || table.of_type().is_some() {
        return args.filter_map(|arg| inherited(&arg)).next();
    }
    let untyped = |arg| match arg {
        ast::TableArg::Column(column) if column.ty().is_none() => column.name(),
        _ => None,
    };
    let name = args.filter_map(untyped).next()?;
    name::name(&name)?;
    let shown = name.text().to_string();
    let message = format!("expected a column type after {}", super::tokens::quoted(&shown));
    Some(Mistake::at(after(&name), message))
}

/// A partition, and a table of a type, take their columns as they are.
fn inherited(arg: &ast::TableArg) -> Option<Mistake> {
    let ast::TableArg::Column(column) = arg else { return None };
    let ty = column.ty()?;
    let message = format!("unexpected type after {}", super::tokens::quoted(&column.name()?.text().to_string()));
    Some(Mistake::at(range(ty.syntax()), message).help("take it out: the column has its type already".to_owned()))
}

fn reserved_table(name: &SyntaxNode) -> Option<Mistake> {
    let token = name.first_token().filter(|token| is_type_func_name_keyword(token.kind()))?;
    // `left.users` names a schema, which may be called so.
    (token_range(&token) == range(name)).then(|| reserved(&token))
}

/// Says that a word can't be a name by itself.
fn reserved(token: &SyntaxToken) -> Mistake {
    let text = token.text();
    let mistake = Mistake::at(token_range(token), format!("\"{text}\" is a reserved word"));
    mistake.help(format!("to use it as a name, write `\"{}\"`", text.to_lowercase()))
}

fn storage(mode: &SyntaxNode) -> Option<Mistake> {
    let word = mode.text().to_string();
    let known = ["plain", "external", "extended", "main", "default"];
    if known.iter().any(|known| word.eq_ignore_ascii_case(known)) || word.is_empty() || word.starts_with('"') {
        return None;
    }
    Some(Mistake::at(range(mode), "expected PLAIN, EXTERNAL, EXTENDED, MAIN or DEFAULT".to_owned()))
}

fn unset(value: SyntaxNode) -> Option<Mistake> {
    let empty = value.children().next().is_none() && !ast::has(&value, DEFAULT_KW);
    let last = value.last_token()?;
    empty.then(|| Mistake::at(after(&value), format!("expected a value after \"{}\"", last.text())))
}

fn hash_bounds(bounds: &SyntaxNode) -> Option<Mistake> {
    let words: Vec<String> = bounds
        .children()
        .filter_map(|bound| bound.first_token())
        .map(|token| token.text().to_ascii_lowercase())
        .collect();
    let once = |word: &str| words.iter().filter(|other| *other == word).count() == 1;
    let good = words.len() == 2 && once("modulus") && once("remainder");
    (!good).then(|| {
        Mistake::at(range(bounds), "expected a modulus and a remainder".to_owned())
            .help("write `WITH (MODULUS 4, REMAINDER 0)`".to_owned())
    })
}

/// The kinds of a function's options that may be said once.
fn repeated_option(list: SyntaxNode) -> Option<Mistake> {
    let mut seen: Vec<SyntaxKind> = Vec::new();
    for option in list.children() {
        let kind = match option.kind() {
            IMMUTABLE | STABLE | VOLATILE => VOLATILE,
            LEAKPROOF_FUNC_OPTION | NOT_LEAKPROOF_FUNC_OPTION => LEAKPROOF_FUNC_OPTION,
            SECURITY_DEFINER_FUNC_OPTION | SECURITY_INVOKER_FUNC_OPTION => SECURITY_DEFINER_FUNC_OPTION,
            CALLED_ON_NULL_INPUT_FUNC_OPTION | RETURNS_NULL_ON_NULL_INPUT_FUNC_OPTION | STRICT_FUNC_OPTION => {
                STRICT_FUNC_OPTION
            }
            SET_FUNC_OPTION | RESET_FUNC_OPTION => continue,
            kind => kind,
        };
        if seen.contains(&kind) {
            let message = "this option contradicts or repeats one before it".to_owned();
            return Some(Mistake::at(range(&option), message).help("take one of the two out".to_owned()));
        }
        seen.push(kind);
    }
    None
}

fn two_bodies(routine: &SyntaxNode) -> Option<Mistake> {
    let body = routine.children().find(|child| matches!(child.kind(), RETURN_STMT | ATOMIC_BODY))?;
    let options = ast::part(routine, FUNC_OPTION_LIST)?;
    ast::has(&options, AS_FUNC_OPTION).then(|| {
        Mistake::at(range(&body), "the function has two bodies".to_owned())
            .help("keep this one, or the one behind `AS`".to_owned())
    })
}

/// The place behind a node, which has no bytes of its own yet.
fn after(node: &SyntaxNode) -> std::ops::Range<usize> {
    let end = range(node).end;
    end..end
}

fn is_reserved(kind: SyntaxKind) -> bool {
    is_reserved_keyword(kind) || is_type_func_name_keyword(kind)
}

//! `DROP` of anything.

use super::name::{self, qualified_names};
use super::types;
use crate::statement::{ActKind, Drop, ObjectKind, QualifiedName};
use squawk_syntax::SyntaxKind::{CASCADE, CONCURRENTLY_KW, IF_EXISTS};
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode, Stmt};

/// Reads a `DROP`; `None` for what isn't one.
pub(super) fn lower(statement: &Stmt) -> Option<ActKind> {
    use ObjectKind as K;
    let node = statement.syntax();
    Some(match statement {
        Stmt::DropTable(it) => dropped(node, K::Table, qualified_names(it.table_name_refs())),
        Stmt::DropForeignTable(it) => dropped(node, K::ForeignTable, qualified_names(it.table_name_refs())),
        Stmt::DropView(it) => dropped(node, K::View, qualified_names(it.view_refs())),
        Stmt::DropMaterializedView(it) => dropped(node, K::MaterializedView, qualified_names(it.view_refs())),
        Stmt::DropIndex(it) => dropped(node, K::Index, qualified_names(it.index_refs())),
        Stmt::DropSequence(it) => dropped(node, K::Sequence, qualified_names(it.sequence_refs())),
        Stmt::DropSchema(it) => dropped(node, K::Schema, qualified_names(it.schema_refs())),
        Stmt::DropType(it) => dropped(node, K::Type, qualified_names(it.type_name_refs())),
        Stmt::DropDomain(it) => dropped(node, K::Domain, qualified_names(it.domain_refs())),
        Stmt::DropExtension(it) => dropped(node, K::Extension, qualified_names(it.extension_refs())),
        Stmt::DropFunction(it) => {
            let routines = it.function_sig_list().into_iter().flat_map(|list| list.function_sigs());
            routine(node, K::Function, routines.map(|it| (name::qualified_of(it.function_name_ref()), it.param_list())))
        }
        Stmt::DropProcedure(it) => {
            let routines = it.procedure_sig_list().into_iter().flat_map(|list| list.procedure_sigs());
            routine(
                node,
                K::Procedure,
                routines.map(|it| (name::qualified_of(it.procedure_name_ref()), it.param_list())),
            )
        }
        Stmt::DropRoutine(it) => {
            let routines = it.routine_sig_list().into_iter().flat_map(|list| list.routine_sigs());
            routine(node, K::Routine, routines.map(|it| (name::qualified_of(it.routine_name_ref()), it.param_list())))
        }
        Stmt::DropAggregate(it) => {
            let routines = it.aggregates().map(|it| (name::qualified_of(it.path_ref()), it.param_list()));
            routine(node, K::Aggregate, routines)
        }
        Stmt::DropTrigger(it) => {
            let table = it.on_relation().and_then(|on| on.relation_name_ref());
            of_table(node, K::Trigger, it.trigger_ref(), table)
        }
        Stmt::DropPolicy(it) => {
            let table = it.on_table().and_then(|on| on.table_name_ref());
            of_table(node, K::Other("policy"), it.policy_ref(), table)
        }
        Stmt::DropRule(it) => {
            let table = it.on_relation().and_then(|on| on.relation_name_ref());
            of_table(node, K::Other("rule"), it.rule_ref(), table)
        }
        Stmt::DropOwned(_) => ActKind::Opaque { reason: "drops whatever a role owns", names: Vec::new() },
        Stmt::DropAccessMethod(_) => dropped(node, K::Other("access method"), Vec::new()),
        Stmt::DropCast(_) => dropped(node, K::Other("cast"), Vec::new()),
        Stmt::DropCollation(_) => dropped(node, K::Other("collation"), Vec::new()),
        Stmt::DropConversion(_) => dropped(node, K::Other("conversion"), Vec::new()),
        Stmt::DropDatabase(_) => dropped(node, K::Other("database"), Vec::new()),
        Stmt::DropEventTrigger(_) => dropped(node, K::Other("event trigger"), Vec::new()),
        Stmt::DropForeignDataWrapper(_) => dropped(node, K::Other("foreign-data wrapper"), Vec::new()),
        Stmt::DropGroup(_) | Stmt::DropRole(_) | Stmt::DropUser(_) => dropped(node, K::Other("role"), Vec::new()),
        Stmt::DropLanguage(_) => dropped(node, K::Other("language"), Vec::new()),
        Stmt::DropOperator(_) => dropped(node, K::Other("operator"), Vec::new()),
        Stmt::DropOperatorClass(_) => dropped(node, K::Other("operator class"), Vec::new()),
        Stmt::DropOperatorFamily(_) => dropped(node, K::Other("operator family"), Vec::new()),
        Stmt::DropPropertyGraph(_) => dropped(node, K::Other("property graph"), Vec::new()),
        Stmt::DropPublication(_) => dropped(node, K::Other("publication"), Vec::new()),
        Stmt::DropServer(_) => dropped(node, K::Other("server"), Vec::new()),
        Stmt::DropStatistics(_) => dropped(node, K::Other("statistics"), Vec::new()),
        Stmt::DropSubscription(_) => dropped(node, K::Other("subscription"), Vec::new()),
        Stmt::DropTablespace(_) => dropped(node, K::Other("tablespace"), Vec::new()),
        Stmt::DropTextSearchConfig(_) => dropped(node, K::Other("text search configuration"), Vec::new()),
        Stmt::DropTextSearchDict(_) => dropped(node, K::Other("text search dictionary"), Vec::new()),
        Stmt::DropTextSearchParser(_) => dropped(node, K::Other("text search parser"), Vec::new()),
        Stmt::DropTextSearchTemplate(_) => dropped(node, K::Other("text search template"), Vec::new()),
        Stmt::DropTransform(_) => dropped(node, K::Other("transform"), Vec::new()),
        Stmt::DropUserMapping(_) => dropped(node, K::Other("user mapping"), Vec::new()),
        _ => return None,
    })
}

fn dropped(node: &SyntaxNode, kind: ObjectKind, names: Vec<QualifiedName>) -> ActKind {
    ActKind::Drop(Drop {
        kind,
        signatures: vec![None; names.len()],
        names,
        on: None,
        if_exists: node.children().any(|child| child.kind() == IF_EXISTS),
        cascade: node.children().any(|child| child.kind() == CASCADE),
        concurrently: node.children_with_tokens().any(|child| child.kind() == CONCURRENTLY_KW),
    })
}

fn routine(
    node: &SyntaxNode,
    kind: ObjectKind,
    routines: impl Iterator<Item = (Option<QualifiedName>, Option<ast::ParamList>)>,
) -> ActKind {
    let (names, signatures) =
        routines.filter_map(|(name, list)| Some((name?, list.map(|list| types::inputs(&list))))).unzip();
    match dropped(node, kind, names) {
        ActKind::Drop(drop) => ActKind::Drop(Drop { signatures, ..drop }),
        other => other,
    }
}

fn of_table(node: &SyntaxNode, kind: ObjectKind, name: Option<impl AstNode>, table: Option<impl AstNode>) -> ActKind {
    let names = name::qualified_of(name).into_iter().collect();
    match dropped(node, kind, names) {
        ActKind::Drop(drop) => ActKind::Drop(Drop { on: name::qualified_of(table), ..drop }),
        other => other,
    }
}

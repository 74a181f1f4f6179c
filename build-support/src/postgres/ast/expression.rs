//! Expressions.

use super::*;

nodes! {
    Arg ARG { expr: one Expr }
    ArgList ARG_LIST { arguments: all Arg, star: has STAR }
    BinExpr BIN_EXPR { operands: all Expr }
    CallExpr CALL_EXPR { callee: one Expr, arguments: one ArgList }
    CastExpr CAST_EXPR { expr: one Expr, ty: one Type }
    Collate COLLATE { expr: one Expr }
    FieldExpr FIELD_EXPR { base: one Expr, names: nodes NAME_REF }
    Literal LITERAL {}
    PrefixExpr PREFIX_EXPR { expr: one Expr }
    TupleExpr TUPLE_EXPR { exprs: all Expr }
}

choices! {
    Expr {
        CallExpr, Collate, FieldExpr, Literal, ParenExpr, PrefixExpr, TupleExpr;
        NameRef NAME_REF,
        Other ARRAY_EXPR | BETWEEN_EXPR | BIN_EXPR | CASE_EXPR | CAST_EXPR | INDEX_EXPR | POSTFIX_EXPR | SLICE_EXPR;
    }
}

impl BinExpr {
    /// Gives what stands before the operator.
    pub(in crate::postgres) fn left(&self) -> Option<Expr> {
        self.operands().next()
    }

    /// Gives what stands behind it.
    pub(in crate::postgres) fn right(&self) -> Option<Expr> {
        self.operands().nth(1)
    }

    /// Gives the kind of the operator, which is a word or a mark, or a node of several.
    pub(in crate::postgres) fn operator(&self) -> Option<SyntaxKind> {
        let parts = self.0.children_with_tokens().skip_while(|part| !Expr::can_cast(part.kind()));
        parts.skip(1).map(|part| part.kind()).find(|kind| !kind.is_trivia())
    }
}

impl FieldExpr {
    /// Gives the name behind the last dot.
    pub(in crate::postgres) fn field(&self) -> Option<SyntaxNode> {
        self.names().last()
    }
}

impl Literal {
    /// Gives the kind of its first word.
    pub(in crate::postgres) fn kind(&self) -> Option<SyntaxKind> {
        Some(self.0.first_child_or_token()?.into_token()?.kind())
    }

    /// Gives the text that a string stands for.
    pub(in crate::postgres) fn string_value(&self) -> Option<String> {
        Some(self.decoded()?.into_text())
    }

    /// Gives the same with the places of its letters; `None` where the string is never closed.
    pub(in crate::postgres) fn decoded(&self) -> Option<Text> {
        text::decoded(&self.0)
    }
}

//! The grammar's tree with names: which parts the nodes have that are read.
//!
//! The tables have a line for each node: what it is called, its kind, and its parts. A node that nobody asks for parts has none.

mod alter;
mod create;
mod expression;
mod query;
mod routine;
mod session;
mod statement;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod types;
mod word;

pub(super) use alter::*;
pub(super) use create::*;
pub(super) use expression::*;
pub(super) use query::*;
pub(super) use routine::*;
pub(super) use session::*;
pub(super) use statement::*;
pub(super) use table::*;
pub(super) use text::Text;
pub(super) use types::*;
pub(super) use word::word;

use rowan::SyntaxNodeChildren;
use squawk_parser::SyntaxKind;
use std::marker::PhantomData;

/// The language of the tree, for the library that keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Postgres {}

impl rowan::Language for Postgres {
    type Kind = SyntaxKind;

    fn kind_from_raw(raw: rowan::SyntaxKind) -> SyntaxKind {
        SyntaxKind::from(raw.0)
    }

    fn kind_to_raw(kind: SyntaxKind) -> rowan::SyntaxKind {
        rowan::SyntaxKind(kind.into())
    }
}

pub(super) type SyntaxNode = rowan::SyntaxNode<Postgres>;
pub(super) type SyntaxToken = rowan::SyntaxToken<Postgres>;
pub(super) type SyntaxElement = rowan::SyntaxElement<Postgres>;

/// A node of which it is known what it is.
pub(super) trait AstNode: Sized {
    /// Tells whether nodes of a kind are such.
    fn can_cast(kind: SyntaxKind) -> bool;
    /// Takes a node for what it is; `None` where it is something else.
    fn cast(node: SyntaxNode) -> Option<Self>;
    /// Gives the node itself.
    fn syntax(&self) -> &SyntaxNode;
}

/// Any node.
impl AstNode for SyntaxNode {
    fn can_cast(_: SyntaxKind) -> bool {
        true
    }

    fn cast(node: SyntaxNode) -> Option<SyntaxNode> {
        Some(node)
    }

    fn syntax(&self) -> &SyntaxNode {
        self
    }
}

/// Finds the first part of a kind.
pub(super) fn part(node: &SyntaxNode, kind: SyntaxKind) -> Option<SyntaxNode> {
    node.children().find(|child| child.kind() == kind)
}

/// Finds all parts of a kind.
pub(super) fn parts(node: &SyntaxNode, kind: SyntaxKind) -> impl Iterator<Item = SyntaxNode> + use<> {
    node.children().filter(move |child| child.kind() == kind)
}

/// Tells whether a node has a part or a word of a kind.
pub(super) fn has(node: &SyntaxNode, kind: SyntaxKind) -> bool {
    node.children_with_tokens().any(|element| element.kind() == kind)
}

/// Finds the first part that is such.
fn one<N: AstNode>(node: &SyntaxNode) -> Option<N> {
    all(node).next()
}

/// Finds all parts that are such.
fn all<N: AstNode>(node: &SyntaxNode) -> All<N> {
    each(Some(node.clone()))
}

/// Finds those of a list, which may be missing.
fn each<N: AstNode>(list: Option<SyntaxNode>) -> All<N> {
    All { nodes: list.map(|list| list.children()), is: PhantomData }
}

/// The parts of a node that are such. One kind of iterator for all of them: each that is put together of closures is compiled by
/// itself, for every kind of node.
pub(super) struct All<N> {
    nodes: Option<SyntaxNodeChildren<Postgres>>,
    is: PhantomData<N>,
}

impl<N: AstNode> Iterator for All<N> {
    type Item = N;

    fn next(&mut self) -> Option<N> {
        let nodes = self.nodes.as_mut()?;
        loop {
            let node = nodes.next()?;
            if N::can_cast(node.kind()) {
                return N::cast(node);
            }
        }
    }
}

/// Declares kinds of nodes with their parts:
///
/// ```text
/// ToConfigValue TO_CONFIG_VALUE { default: has DEFAULT_KW, values: all ConfigValue }
/// ```
///
/// | a part | is |
/// |---|---|
/// | `one Type` | the first that is such, if any |
/// | `all Type` | each that is such |
/// | `node KIND`, `nodes KIND` | the same of nodes that have no parts |
/// | `within KIND Type` | the first that is such, in the first part of a kind |
/// | `each KIND Type` | each that is such in that part, which is a list |
/// | `has KIND` | whether there is a node or a word of a kind |
macro_rules! nodes {
    ($($name:ident $kind:ident { $($part:ident: $how:ident $what:ident $($inner:ident)?),* $(,)? })*) => { $(
        #[derive(Clone)]
        pub(in crate::postgres) struct $name(pub(super) SyntaxNode);

        impl $name {
            pub(super) const KIND: SyntaxKind = SyntaxKind::$kind;
            $(accessor!($part $how $what $($inner)?);)*
        }

        impl AstNode for $name {
            fn can_cast(kind: SyntaxKind) -> bool {
                kind == Self::KIND
            }

            fn cast(node: SyntaxNode) -> Option<$name> {
                if node.kind() == Self::KIND { Some($name(node)) } else { None }
            }

            fn syntax(&self) -> &SyntaxNode {
                &self.0
            }
        }
    )* };
}

macro_rules! accessor {
    ($part:ident one $type:ident) => {
        pub(in crate::postgres) fn $part(&self) -> Option<$type> {
            super::one(&self.0)
        }
    };
    ($part:ident all $type:ident) => {
        pub(in crate::postgres) fn $part(&self) -> super::All<$type> {
            super::all(&self.0)
        }
    };
    ($part:ident node $kind:ident) => {
        pub(in crate::postgres) fn $part(&self) -> Option<SyntaxNode> {
            super::part(&self.0, SyntaxKind::$kind)
        }
    };
    ($part:ident nodes $kind:ident) => {
        pub(in crate::postgres) fn $part(&self) -> impl Iterator<Item = SyntaxNode> + use<> {
            super::parts(&self.0, SyntaxKind::$kind)
        }
    };
    ($part:ident within $kind:ident $type:ident) => {
        pub(in crate::postgres) fn $part(&self) -> Option<$type> {
            super::one(&super::part(&self.0, SyntaxKind::$kind)?)
        }
    };
    ($part:ident each $kind:ident $type:ident) => {
        pub(in crate::postgres) fn $part(&self) -> super::All<$type> {
            super::each(super::part(&self.0, SyntaxKind::$kind))
        }
    };
    ($part:ident has $kind:ident) => {
        pub(in crate::postgres) fn $part(&self) -> bool {
            super::has(&self.0, SyntaxKind::$kind)
        }
    };
}

/// Declares what may stand in one place: nodes that have parts by their names, others by a name and their kinds, and what may itself
/// be one of several.
///
/// ```text
/// AlterViewColumnAction { SetDefault; DropDefault DROP_DEFAULT; }
/// ```
macro_rules! choices {
    ($($name:ident {
        $($node:ident),*; $($plain:ident $kind:ident $(| $other:ident)*),* $(,)?; $($choice:ident),*
    })*) => { $(
        #[derive(Clone)]
        #[allow(clippy::enum_variant_names, reason = "they are called as their nodes are")]
        pub(in crate::postgres) enum $name {
            $($node($node),)*
            $($plain(SyntaxNode),)*
            $($choice($choice),)*
        }

        impl AstNode for $name {
            fn can_cast(kind: SyntaxKind) -> bool {
                match kind {
                    $($node::KIND => true,)*
                    $(SyntaxKind::$kind $(| SyntaxKind::$other)* => true,)*
                    _ => false $(|| $choice::can_cast(kind))*,
                }
            }

            fn cast(node: SyntaxNode) -> Option<$name> {
                match node.kind() {
                    $($node::KIND => Some($name::$node($node(node))),)*
                    $(SyntaxKind::$kind $(| SyntaxKind::$other)* => Some($name::$plain(node)),)*
                    _ => cast!($name node $($choice)*),
                }
            }

            fn syntax(&self) -> &SyntaxNode {
                match self {
                    $($name::$node(it) => it.syntax(),)*
                    $($name::$plain(it) => it,)*
                    $($name::$choice(it) => it.syntax(),)*
                }
            }
        }
    )* };
}

macro_rules! cast {
    ($name:ident $node:ident) => {
        None
    };
    ($name:ident $node:ident $choice:ident) => {
        $choice::cast($node).map($name::$choice)
    };
}

use {accessor, cast, choices, nodes};

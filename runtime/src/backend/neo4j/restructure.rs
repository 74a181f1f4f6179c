//! Ready-made restructurings of a graph, in batches: each finds what is still to be done, so it goes on where it was stopped.

use super::quote;
use super::step::Neo4jStep;
use crate::error::Result;

/// Restructurings, for migrations with `transaction = false`. Each gives how much it has changed; with `size` things a batch.
///
/// # Examples
/// ```
/// use whimbrel::Neo4jStep;
///
/// async fn up(neo4j: &mut Neo4jStep) -> whimbrel::Result<()> {
///     neo4j.change_type("HAS_CONVERSATION", "PARTICIPATED_IN", 1000).await?;
///     neo4j.add_label("User", "Account", 1000).await?;
///     neo4j.merge_nodes("Topic", "name", 100).await?;
///     neo4j.split_label("Message", "n.role = 'system'", "Notice", 1000).await?;
///     neo4j.split_off("User", &["street", "city"], "LIVES_AT", "Address", 1000).await?;
///     Ok(())
/// }
/// # let _ = up;
/// ```
impl Neo4jStep {
    /// Gives relationships another type. They keep their properties and get a new identity, for Neo4j changes no type.
    ///
    /// # Errors
    /// Those of [`in_batches`](Self::in_batches), and a name that can't be one.
    pub async fn change_type(&mut self, from: &str, to: &str, size: u32) -> Result<u64> {
        let (from, to) = (quote::name(from)?, quote::name(to)?);
        let cypher = format!(
            "MATCH (a)-[r:{from}]->(b) WITH a, r, b LIMIT $batch CREATE (a)-[n:{to}]->(b) SET n = properties(r) DELETE r RETURN \
             count(*)"
        );
        self.in_batches(&cypher, &[], size).await
    }

    /// Gives all nodes with a label another one besides.
    ///
    /// # Errors
    /// Those of [`in_batches`](Self::in_batches), and a name that can't be one.
    pub async fn add_label(&mut self, label: &str, added: &str, size: u32) -> Result<u64> {
        let (label, added) = (quote::name(label)?, quote::name(added)?);
        let cypher = format!("MATCH (n:{label}) WHERE NOT n:{added} WITH n LIMIT $batch SET n:{added} RETURN count(n)");
        self.in_batches(&cypher, &[], size).await
    }

    /// Makes one node of those with a label that are equal in a property. It has the relationships and labels of all; where their
    /// other properties differ it keeps those of one of them. Gives how many nodes are gone; `size` counts those that stay. Each batch looks at all
    /// nodes with the label. Needs Neo4j 5.26, the first that makes relationships of a type it is told.
    ///
    /// # Warning: data loss
    /// What the nodes that are gone had in properties that differ is lost.
    ///
    /// # Errors
    /// Those of [`in_batches`](Self::in_batches), and a name that can't be one.
    pub async fn merge_nodes(&mut self, label: &str, property: &str, size: u32) -> Result<u64> {
        let (label, property) = (quote::name(label)?, quote::name(property)?);
        // A relationship between two that are merged becomes one from the node to itself.
        let moved = |matched: &str, made: &str| {
            format!(
                "CALL {{ WITH keep, rest, gone MATCH {matched} WITH keep, r, CASE WHEN other IN rest THEN keep ELSE other END AS end \
                 CREATE {made} SET m = properties(r) DELETE r }}"
            )
        };
        let cypher = format!(
            "MATCH (n:{label}) WHERE n.{property} IS NOT NULL WITH n ORDER BY elementId(n) WITH n.{property} AS value, collect(n) AS \
             nodes WHERE size(nodes) > 1 WITH nodes LIMIT $batch WITH head(nodes) AS keep, tail(nodes) AS rest UNWIND rest AS gone {} {} \
             WITH keep, properties(keep) AS own, collect(gone) AS all, collect(properties(gone)) AS others, collect(labels(gone)) AS \
             labels FOREACH (gone IN all | DETACH DELETE gone) FOREACH (other IN reverse(others) | SET keep += other) SET keep += own \
             FOREACH (some IN labels | SET keep:$(some)) RETURN sum(size(others))",
            moved("(gone)-[r]->(other)", "(keep)-[m:$(type(r))]->(end)"),
            moved("(other)-[r]->(gone)", "(end)-[m:$(type(r))]->(keep)")
        );
        self.in_batches(&cypher, &[], size).await
    }

    /// Gives those nodes with a label for which a condition on `n` holds another label instead.
    ///
    /// # Errors
    /// Those of [`in_batches`](Self::in_batches), and a name that can't be one.
    pub async fn split_label(&mut self, label: &str, condition: &str, into: &str, size: u32) -> Result<u64> {
        let (label, into) = (quote::name(label)?, quote::name(into)?);
        // The condition may end in a comment.
        let cypher = format!(
            "MATCH (n:{label}) WHERE ({condition}\n) WITH n LIMIT $batch SET n:{into} REMOVE n:{label} RETURN count(n)"
        );
        self.in_batches(&cypher, &[], size).await
    }

    /// Moves properties of nodes with a label to a node of its own for each, behind a relationship.
    ///
    /// # Errors
    /// Those of [`in_batches`](Self::in_batches), and a name that can't be one.
    pub async fn split_off(
        &mut self,
        label: &str,
        properties: &[&str],
        relationship: &str,
        into: &str,
        size: u32,
    ) -> Result<u64> {
        let (label, relationship, into) = (quote::name(label)?, quote::name(relationship)?, quote::name(into)?);
        let names = properties.iter().map(|name| quote::name(name)).collect::<Result<Vec<_>>>()?;
        let each = |write: fn(&String) -> String, joint: &str| names.iter().map(write).collect::<Vec<_>>().join(joint);
        if names.is_empty() {
            return Ok(0);
        }
        let cypher = format!(
            "MATCH (n:{label}) WHERE {} WITH n LIMIT $batch CREATE (n)-[:{relationship}]->(m:{into}) SET {} REMOVE {} RETURN count(m)",
            each(|name| format!("n.{name} IS NOT NULL"), " OR "),
            each(|name| format!("m.{name} = n.{name}"), ", "),
            each(|name| format!("n.{name}"), ", ")
        );
        self.in_batches(&cypher, &[], size).await
    }
}

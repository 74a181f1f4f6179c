//! For Neo4j, which takes schema and data in one transaction never. The labels are the chain's own: a server has one graph for all.

use whimbrel::prelude::*;

/// Users, and a tally of what was done to them.
#[migration(on = graph, irreversible = "the users would be gone", schema = "1.4.0")]
pub mod m0040_create_users {
    pub const UP: &str = "
        UNWIND range(1, 30) AS n CREATE (:FaultUser {id: n, name: 'u' + toString(n), balance: 100});
        CREATE (:FaultTally {step: '0040'});";
    pub const VERIFY: &str = "MATCH (u:FaultUser) RETURN count(u) = 30";
}

/// Schema and data in turn, each taken up again in another way.
#[migration(on = graph, irreversible = "there is nothing to take back", transaction = false)]
pub mod m0041_constrain_users {
    pub const UP: &str = "
        CREATE CONSTRAINT fault_user_id FOR (u:FaultUser) REQUIRE u.id IS UNIQUE;
        CREATE (:FaultTally {step: '0041 first'});
        CREATE INDEX fault_user_name IF NOT EXISTS FOR (u:FaultUser) ON (u.name);
        MATCH (u:FaultUser) WHERE u.id <= 10 SET u.balance = u.balance * 2;
        DROP INDEX fault_user_name;
        CREATE (:FaultTally {step: '0041 last'});";
}

/// Interest, which nobody may be paid twice.
#[migration(on = graph, irreversible = "who was paid what is not written down")]
pub mod m0042_pay_interest {
    use super::*;

    pub async fn up(step: &mut Neo4jStep) -> whimbrel::Result<()> {
        for id in 1_i64..=2 {
            let paid = "MATCH (u:FaultUser {id: $id}) SET u.balance = u.balance + $id";
            step.run(paid, &[("id", id.into())]).await?;
        }
        step.run("CREATE (:FaultTally {step: '0042'})", &[]).await
    }
}

/// Batches that commit by themselves, and do no harm a second time.
#[migration(on = graph, irreversible = "the scores would be gone", transaction = false, schema = "1.5.0")]
pub mod m0043_score_users {
    pub const UP: &str = "
        MATCH (u:FaultUser) CALL (u) { SET u.score = u.id * 2 } IN TRANSACTIONS OF 10 ROWS;
        MATCH (a:FaultUser), (b:FaultUser) WHERE b.id = a.id + 1 CREATE (a)-[:FAULT_FOLLOWS {since: a.id}]->(b);";
    pub const VERIFY: &str = "MATCH (u:FaultUser) WHERE u.score IS NULL RETURN count(u) = 0";
}

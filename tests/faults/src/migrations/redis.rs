//! For Redis and Valkey, where what belongs together is one script and a run holds a lease. And fewer for a cluster, where nothing
//! is one with its note: what only a person knows there is left out.

use whimbrel::prelude::*;

/// Twelve hundred keys by code: more than one scan shows.
#[migration(on = cache, irreversible = "the keys would be gone")]
pub mod m0031_open_sessions {
    use super::*;
    use whimbrel::redis::cmd;

    pub async fn up(step: &mut RedisStep) -> whimbrel::Result<()> {
        for n in 1..=1200 {
            step.write(cmd("SET").arg(format!("session:{n}")).arg(n).arg("EX").arg(86_400));
        }
        step.write(cmd("RPUSH").arg("tally").arg("0031"));
        Ok(())
    }
}

/// Commands that may not be done twice, together with their notes.
#[migration(on = cache, irreversible = "who was paid what is not written down", schema = "1.0.0")]
pub mod m0032_pay_interest {
    pub const REQUIRE: &str = "EXISTS session:1 session:1200 = 2";
    pub const UP: &str = r#"
        HSET accounts a1 100 a2 100 a3 100
        HINCRBY accounts a1 1
        HINCRBY accounts a2 2
        EVAL "return redis.call('HINCRBY', KEYS[1], 'a3', ARGV[1])" 1 accounts 3
        SET motto "fly both ways"
        RPUSH tally 0032"#;
    pub const VERIFY: &str = "HGET accounts a3 = 103";
}

/// All keys of a beginning, batch by batch, between commands that may not be done twice.
#[migration(on = cache, irreversible = "the sessions are named anew")]
pub mod m0034_rename_sessions {
    pub const UP: &str = "
        RPUSH tally '0034 first'
        WHIMBREL.RENAME session:* TO login:*
        RPUSH tally '0034 renamed'
        WHIMBREL.COPY login:1* TO copy:1*
        WHIMBREL.UNLINK copy:11*
        RPUSH tally '0034 last'";
    pub const VERIFY: &str = "EXISTS login:1 login:1200 copy:12 = 3";
}

/// Code that reads before it writes.
#[migration(on = cache, irreversible = "who was paid what is not written down", schema = "1.1.0")]
pub mod m0035_double_accounts {
    use super::*;
    use whimbrel::redis::cmd;

    pub async fn up(step: &mut RedisStep) -> whimbrel::Result<()> {
        let doubled =
            |balance: String| balance.parse::<i64>().map(|balance| (balance * 2).to_string()).unwrap_or(balance);
        step.reshape_hash("accounts", |all| Ok(all.into_iter().map(|(id, balance)| (id, doubled(balance))).collect()))
            .await?;
        step.reshape("motto", |motto| Ok(motto.map(|motto| motto + "!"))).await?;
        step.write(cmd("RPUSH").arg("tally").arg("0035"));
        Ok(())
    }

    pub async fn verify(step: &mut RedisStep) -> whimbrel::Result<bool> {
        let motto: Option<String> = step.get("motto").await?;
        Ok(motto.as_deref() == Some("fly both ways!"))
    }
}

/// Code that goes through many keys, each batch together with its place.
#[migration(on = cache, irreversible = "the keys would be gone")]
pub mod m0036_list_logins {
    use super::*;
    use whimbrel::redis::cmd;

    pub async fn up(step: &mut RedisStep) -> whimbrel::Result<()> {
        step.write(cmd("RPUSH").arg("tally").arg("0036"));
        while let Some(keys) = step.scan("login:*").await? {
            for key in keys {
                step.write(cmd("SADD").arg("logins").arg(key));
            }
        }
        Ok(())
    }
}

/// What no script takes, and is done again.
#[migration(on = cache, irreversible = "nobody else has the function")]
pub mod m0037_load_function {
    pub const UP: &str = r##"
        RPUSH tally '0037 first'
        FUNCTION LOAD REPLACE "#!lua name=whimbrel_faults\nredis.register_function('whimbrel_faults', function() return 1 end)"
        RPUSH tally '0037 last'"##;
}

/// Keys on all nodes of a cluster.
#[migration(on = spread, irreversible = "the keys would be gone", schema = "1.2.0")]
pub mod m0038_open_sessions {
    pub const UP: &str = "
        HSET accounts a1 100 a2 100 a3 100
        SET session:1 1 EX 86400
        SET session:2 2
        SET session:3 3
        SADD tally 0038";
    pub const VERIFY: &str = "GET session:3 = 3";
}

/// Keys that change their nodes.
#[migration(on = spread, irreversible = "the sessions are named anew", schema = "1.3.0")]
pub mod m0039_rename_sessions {
    pub const UP: &str = "
        WHIMBREL.RENAME session:* TO login:*
        WHIMBREL.COPY login:* TO copy:*
        WHIMBREL.UNLINK copy:2*
        SADD tally 0039";
    pub const VERIFY: &str = "EXISTS login:1 = 1";
}

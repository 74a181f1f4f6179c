//! Which commands do no harm a second time.

use super::line::split;

/// They leave what they left the first time, whatever was there before.
const COMMANDS: [&str; 38] = [
    "COPY",
    "DEL",
    "EXPIRE",
    "EXPIREAT",
    "GEOADD",
    "GETDEL",
    "HDEL",
    "HMSET",
    "HSET",
    "HSETNX",
    "JSON.SET",
    "LSET",
    "MSET",
    "MSETNX",
    "PERSIST",
    "PEXPIRE",
    "PEXPIREAT",
    "PFADD",
    "PSETEX",
    "SADD",
    "SDIFFSTORE",
    "SET",
    "SETBIT",
    "SETEX",
    "SETNX",
    "SETRANGE",
    "SINTERSTORE",
    "SREM",
    "SUNIONSTORE",
    "UNLINK",
    "XDEL",
    "ZADD",
    "ZREM",
    "ZREMRANGEBYLEX",
    "ZREMRANGEBYSCORE",
    "HPEXPIRE",
    "HEXPIRE",
    "HPERSIST",
];

/// Tells whether a command can be done again.
pub(super) fn does_no_harm(line: &str) -> bool {
    let words = split(line).unwrap_or_default();
    let is = |word: &[u8], name: &str| word.eq_ignore_ascii_case(name.as_bytes());
    let Some((name, rest)) = words.split_first() else { return false };
    // One option turns it into an addition.
    let adds = is(name, "ZADD") && rest.iter().skip(1).any(|word| is(word, "INCR"));
    !adds && COMMANDS.iter().any(|command| is(name, command))
}

#[cfg(test)]
mod tests {
    use super::does_no_harm;

    #[test]
    fn what_adds_to_what_is_there_is_not_done_again() {
        for line in ["SET a b", "hset h \"f g\" 1", "UNLINK a b", "EXPIRE a 60", "ZADD z NX 1 a"] {
            assert!(does_no_harm(line), "{line}");
        }
        for line in [
            "INCR a",
            "LPUSH l a",
            "APPEND a b",
            "RENAME a b",
            "ZADD z INCR 1 a",
            "EVAL x 0",
            "LREM l 1 a",
            "",
            "\"SET",
        ] {
            assert!(!does_no_harm(line), "{line}");
        }
    }
}

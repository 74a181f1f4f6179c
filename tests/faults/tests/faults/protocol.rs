//! Where a message ends, in the protocols of the servers.

use crate::proxy::Way;

/// Says how messages are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// A letter, and the length of the rest, four bytes, the first one the greatest; the first of a client has no letter.
    Postgres,
    /// The length of the rest, three bytes, the last one the greatest, and the message's number.
    Mysql,
    /// Lines, and behind some of them so many bytes, or so many more of the like.
    Redis,
    /// Chunks up to an empty one, each behind its length of two bytes; first the versions that are offered, and the one that is chosen.
    Bolt,
}

impl Protocol {
    /// Tells it by the scheme of a URL.
    pub(crate) fn of(url: &str) -> Protocol {
        match url.split([':', '+']).next() {
            Some("mysql") => Protocol::Mysql,
            Some("redis") => Protocol::Redis,
            Some("bolt") => Protocol::Bolt,
            _ => Protocol::Postgres,
        }
    }

    /// Gives what a URL says for a connection that can be read.
    pub(crate) fn plain(self) -> &'static str {
        match self {
            Protocol::Postgres => "?sslmode=disable",
            Protocol::Mysql => "?ssl-mode=disabled",
            Protocol::Redis | Protocol::Bolt => "",
        }
    }

    /// Finds the length of the message that begins here, if all of it has come.
    pub(crate) fn length(self, bytes: &[u8], way: Way, is_first: bool) -> Option<usize> {
        let length = match self {
            Protocol::Postgres => {
                let letter = usize::from(!(is_first && way == Way::ToServer));
                let length = bytes.get(letter..letter + 4)?;
                u32::from_be_bytes(length.try_into().unwrap()) as usize + letter
            }
            Protocol::Mysql => match bytes {
                [low, middle, high, _, ..] => u32::from_le_bytes([*low, *middle, *high, 0]) as usize + 4,
                _ => return None,
            },
            Protocol::Redis => of_redis(bytes)?,
            Protocol::Bolt if is_first => {
                if way == Way::ToServer {
                    20
                } else {
                    4
                }
            }
            Protocol::Bolt => of_bolt(bytes)?,
        };
        (bytes.len() >= length).then_some(length)
    }
}

fn of_redis(bytes: &[u8]) -> Option<usize> {
    let (mut at, mut values) = (0, 1_i64);
    while values > 0 {
        let end = at + bytes.get(at..)?.windows(2).position(|pair| pair == b"\r\n")?;
        let (sign, number) = (bytes[at], std::str::from_utf8(&bytes[at + 1..end]).ok());
        let number = number.and_then(|number| number.parse::<i64>().ok());
        at = end + 2;
        match (sign, number) {
            (b'*' | b'~' | b'>', Some(more @ 1..)) => values += more,
            (b'%' | b'|', Some(more @ 1..)) => values += more * 2,
            (b'$' | b'=' | b'!', Some(length @ 0..)) => at += length as usize + 2,
            _ => {}
        }
        values -= 1;
    }
    Some(at)
}

fn of_bolt(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let chunk = usize::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().unwrap()));
        at += 2 + chunk;
        if chunk == 0 {
            return Some(at);
        }
    }
}

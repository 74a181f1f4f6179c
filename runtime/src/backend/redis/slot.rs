//! Which of a cluster's 16,384 slots a key is in.
//!
//! # Source
//! <https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags>

/// Gives a key's slot.
pub(super) fn slot(key: &[u8]) -> u16 {
    crc16(tag(key)) % 16_384
}

/// Gives the part that counts: what is between the first braces, if it is anything.
fn tag(key: &[u8]) -> &[u8] {
    let Some(open) = key.iter().position(|byte| *byte == b'{') else { return key };
    let inside = key.get(open + 1..).unwrap_or_default();
    match inside.iter().position(|byte| *byte == b'}') {
        None | Some(0) => key,
        Some(close) => inside.get(..close).unwrap_or(key),
    }
}

/// The variant that is called XMODEM.
fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte) << 8, |crc, _| if crc & 0x8000 == 0 { crc << 1 } else { crc << 1 ^ 0x1021 })
    })
}

#[cfg(test)]
mod tests {
    use super::{crc16, slot};

    #[test]
    fn slots_are_those_of_the_specification() {
        assert_eq!(crc16(b"123456789"), 0x31c3);
        assert_eq!(slot(b"{user1000}.following"), slot(b"{user1000}.followers"));
        assert_eq!(slot(b"foo{}{bar}"), crc16(b"foo{}{bar}") % 16_384);
        assert_eq!(slot(b"foo{{bar}}zap"), slot(b"{bar"));
        assert_eq!(slot(b"foo"), 12182);
    }
}

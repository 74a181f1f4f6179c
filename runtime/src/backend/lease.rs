//! What a lease tells of whoever has it.

/// Names this machine, as far as it says.
pub(super) fn host() -> String {
    let read = |path| std::fs::read_to_string(path).ok().map(|name| name.trim().replace('\0', ""));
    let named = read("/proc/sys/kernel/hostname").or_else(|| read("/etc/hostname"));
    let named = named.or_else(|| std::env::var("HOSTNAME").ok());
    named.filter(|name| !name.is_empty()).unwrap_or_else(|| "unknown".into())
}

//! Where and when something was measured.

use crate::Result;
use std::fs;
use std::process::Command;

/// Describes the machine: processor, cores, system.
pub(crate) fn describe() -> Result<String> {
    let cores = std::thread::available_parallelism()?;
    let field = |path: &str, key: &str| -> Option<String> {
        let text = fs::read_to_string(path).ok()?;
        let line = text.lines().find(|line| line.starts_with(key))?;
        Some(line[key.len()..].trim_start_matches(['\t', ' ', ':', '=']).trim_matches('"').to_owned())
    };
    let processor = field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".to_owned());
    let system = field("/etc/os-release", "PRETTY_NAME").unwrap_or_else(|| "unknown system".to_owned());
    let kernel = field("/proc/sys/kernel/osrelease", "").unwrap_or_default();
    Ok(format!("{cores} cores ({processor}), {system}, Linux {kernel}, {}", answer("rustc", &["--version"])?))
}

/// Gives the day, and how busy the machine is.
pub(crate) fn now() -> Result<(String, String)> {
    let load = fs::read_to_string("/proc/loadavg")?;
    Ok((answer("date", &["-u", "+%F"])?, load.split(' ').next().unwrap_or_default().to_owned()))
}

fn answer(program: &str, arguments: &[&str]) -> Result<String> {
    let output = Command::new(program).args(arguments).output().map_err(|error| format!("{program}: {error}"))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

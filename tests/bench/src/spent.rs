//! What a process costs: wall time, and the processor time of it and of all that it waited for.

use crate::Result;
use std::fs;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The cost of one process.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spent {
    pub(crate) wall: Duration,
    pub(crate) cpu: Duration,
}

/// Runs a command to its end; nothing else may run as a child of this process meanwhile.
pub(crate) fn spend(command: &mut Command) -> Result<(Spent, Output)> {
    let before = children_cpu()?;
    let start = Instant::now();
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{}: {error}", command.get_program().display()))?;
    let wall = start.elapsed();
    Ok((Spent { wall, cpu: children_cpu()?.saturating_sub(before) }, output))
}

/// Waits, but not for long, until half a core or more is idle.
pub(crate) fn calm() -> Result<()> {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(4) {
        let (idle, all) = ticks()?;
        thread::sleep(Duration::from_millis(80));
        let (idle_after, all_after) = ticks()?;
        if 2 * (idle_after - idle) >= all_after - all {
            break;
        }
    }
    Ok(())
}

/// Reads the processor time of the children that have ended. In steps of 10 ms, the kernel's unit here.
fn children_cpu() -> Result<Duration> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The second field is the program's name in brackets, and may hold anything.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| {
        fields.get(at).and_then(|field| field.parse::<u64>().ok()).ok_or("no processor times in /proc/self/stat")
    };
    Ok(Duration::from_millis(10 * (ticks(13)? + ticks(14)?)))
}

/// Reads the machine's idle and total processor time.
fn ticks() -> Result<(u64, u64)> {
    let stat = fs::read_to_string("/proc/stat")?;
    let line = stat.lines().next().unwrap_or_default();
    let times: Vec<u64> = line.split_whitespace().skip(1).take(8).filter_map(|time| time.parse().ok()).collect();
    let idle = times.get(3).zip(times.get(4)).map(|(idle, waiting)| idle + waiting);
    Ok((idle.ok_or("no processor times in /proc/stat")?, times.iter().sum()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn the_time_of_a_child_is_counted() {
        let (spent, output) =
            spend(Command::new("sh").args(["-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; echo $i"]))
                .unwrap();
        assert_eq!(output.stdout, b"200000\n");
        assert!(spent.cpu > Duration::ZERO);
    }
}

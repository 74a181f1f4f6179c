//! `cargo whimbrel`.

fn main() -> std::process::ExitCode {
    whimbrel_build::command::main()
}

//! The program; `lib.rs` says what it does.

fn main() -> std::process::ExitCode {
    quickstart::main()
}

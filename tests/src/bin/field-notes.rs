//! The quickstart's own program, where tests can start it.

fn main() -> std::process::ExitCode {
    quickstart::main()
}

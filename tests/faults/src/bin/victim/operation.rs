//! Stands between SQLite and the kernel: counts what is done to the database's files, and does away with the process,
//! or with the disk's space, at one of these operations. Linux only.
//!
//! `FAULT_FILES` is how the paths of the files begin. `FAULT=before:17` kills before the 17th operation on them, `after:17`
//! after it, `within:17` with half of it written, `stop:17` stops before it; `full:17` leaves no space for it and for
//! what is written after it.

#![allow(
    unsafe_code,
    reason = "the linker takes these functions for the C library's, so SQLite itself stays as it is; each hands its \
              arguments on as it got them, and the one buffer that is read is the caller's own"
)]

use libc::{c_char, c_int, c_long, c_void, off_t, size_t, ssize_t};
use std::ffi::CStr;
use std::os::unix::ffi::OsStrExt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

static FAULT: OnceLock<Fault> = OnceLock::new();
static DONE: AtomicU64 = AtomicU64::new(0);

#[derive(Debug)]
struct Fault {
    files: String,
    how: How,
    at: u64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum How {
    Count,
    Before,
    Within,
    After,
    Stop,
    Full,
}

/// Reads what is to happen, if anything.
pub(crate) fn arm() {
    let Ok(files) = std::env::var("FAULT_FILES") else { return };
    let fault = std::env::var("FAULT").unwrap_or_else(|_| "count:0".into());
    let (how, at) = fault.split_once(':').expect("FAULT is how:at");
    let how = match how {
        "count" => How::Count,
        "before" => How::Before,
        "within" => How::Within,
        "after" => How::After,
        "stop" => How::Stop,
        "full" => How::Full,
        other => panic!("no fault is called `{other}`"),
    };
    let at = at.parse().expect("FAULT names an operation by its number");
    FAULT.set(Fault { files, how, at }).expect("armed once");
}

/// Says how many operations there were.
pub(crate) fn report() {
    if FAULT.get().is_some() {
        println!("operations {}", DONE.load(Ordering::SeqCst));
    }
}

/// What an operation does with the bytes that it has.
enum Sort {
    Write(size_t),
    Other,
}

/// Does an operation, given with how many of its bytes, unless it is the one that something happens at.
fn operation(is_theirs: impl FnOnce(&[u8]) -> bool, sort: Sort, call: impl Fn(size_t) -> c_long) -> c_long {
    let length = match sort {
        Sort::Write(length) => length,
        Sort::Other => 0,
    };
    let Some(fault) = FAULT.get().filter(|fault| is_theirs(fault.files.as_bytes())) else { return call(length) };
    let number = DONE.fetch_add(1, Ordering::SeqCst) + 1;
    match fault.how {
        How::Full if number >= fault.at && matches!(sort, Sort::Write(_)) => {
            // SAFETY: it is this thread's own `errno`.
            unsafe { *libc::__errno_location() = libc::ENOSPC };
            return -1;
        }
        How::Before if number == fault.at => end(libc::SIGKILL),
        How::Within if number == fault.at => {
            call(length / 2);
            end(libc::SIGKILL);
        }
        How::Stop if number == fault.at => end(libc::SIGSTOP),
        _ => {}
    }
    let answer = call(length);
    if fault.how == How::After && number == fault.at {
        end(libc::SIGKILL);
    }
    answer
}

fn end(signal: c_int) {
    // SAFETY: both take numbers alone.
    unsafe {
        libc::kill(libc::getpid(), signal);
    }
    if signal == libc::SIGKILL {
        loop {
            std::thread::park();
        }
    }
}

fn is_open_at(file: c_int) -> impl FnOnce(&[u8]) -> bool {
    move |files| {
        let path = std::fs::read_link(format!("/proc/self/fd/{file}"));
        path.is_ok_and(|path| path.as_os_str().as_bytes().starts_with(files))
    }
}

#[unsafe(no_mangle)]
extern "C" fn write(file: c_int, bytes: *const c_void, length: size_t) -> ssize_t {
    // SAFETY: the caller's arguments, with no more bytes than it gave.
    let call = |length: size_t| unsafe { libc::syscall(libc::SYS_write, file, bytes, length) };
    operation(is_open_at(file), Sort::Write(length), call) as ssize_t
}

#[unsafe(no_mangle)]
extern "C" fn pwrite(file: c_int, bytes: *const c_void, length: size_t, at: off_t) -> ssize_t {
    // SAFETY: the caller's arguments, with no more bytes than it gave.
    let call = |length: size_t| unsafe { libc::syscall(libc::SYS_pwrite64, file, bytes, length, at) };
    operation(is_open_at(file), Sort::Write(length), call) as ssize_t
}

#[unsafe(no_mangle)]
extern "C" fn pwrite64(file: c_int, bytes: *const c_void, length: size_t, at: off_t) -> ssize_t {
    pwrite(file, bytes, length, at)
}

#[unsafe(no_mangle)]
extern "C" fn fsync(file: c_int) -> c_int {
    // SAFETY: the caller's argument.
    operation(is_open_at(file), Sort::Other, |_| unsafe { libc::syscall(libc::SYS_fsync, file) }) as c_int
}

#[unsafe(no_mangle)]
extern "C" fn fdatasync(file: c_int) -> c_int {
    // SAFETY: the caller's argument.
    operation(is_open_at(file), Sort::Other, |_| unsafe { libc::syscall(libc::SYS_fdatasync, file) }) as c_int
}

#[unsafe(no_mangle)]
extern "C" fn ftruncate(file: c_int, length: off_t) -> c_int {
    // SAFETY: the caller's arguments.
    operation(is_open_at(file), Sort::Other, |_| unsafe { libc::syscall(libc::SYS_ftruncate, file, length) }) as c_int
}

#[unsafe(no_mangle)]
extern "C" fn ftruncate64(file: c_int, length: off_t) -> c_int {
    ftruncate(file, length)
}

#[unsafe(no_mangle)]
extern "C" fn unlink(path: *const c_char) -> c_int {
    let is_theirs = |files: &[u8]| {
        // SAFETY: the caller gave a C string, as `unlink` demands.
        unsafe { CStr::from_ptr(path) }.to_bytes().starts_with(files)
    };
    // SAFETY: the caller's argument.
    operation(is_theirs, Sort::Other, |_| unsafe { libc::syscall(libc::SYS_unlinkat, libc::AT_FDCWD, path, 0) })
        as c_int
}

//! Gives memory that was freed back to the system: glibc keeps it, as much as a flood of requests
//! ever took, for requests to come.

/// Gives back what it can. For rare moments: it walks through all that is free, some milliseconds
/// for 100 MiB.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(super) fn give_back() {
    // SAFETY: it takes no pointer and changes no memory that is in use, and any thread may call it
    // at any time.
    #[expect(unsafe_code, reason = "no crate wraps it but allocators of their own")]
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Other allocators give back large pieces by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(super) fn give_back() {}

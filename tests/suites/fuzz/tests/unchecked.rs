//! So that a run which fuzzes nothing says so.

#[test]
#[cfg_attr(
    not(cvtplugin_fuzzing),
    ignore = "needs RUSTFLAGS='--cfg cvtplugin_fuzzing': .ci/fuzz sets it"
)]
fn fuzz_targets_are_compiled() {
    #[cfg(not(cvtplugin_fuzzing))]
    panic!("they are not: run .ci/fuzz");
}

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cvtplugin::fuzzing::environment(data));

use cvtplugin::prelude::*;

#[cvt_plugin(name = "rest")]
fn main() {}

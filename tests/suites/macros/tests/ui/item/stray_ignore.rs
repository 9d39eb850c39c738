use cvtplugin::prelude::*;

struct Rest;

impl Rest {
    #[cvt_plugin(ignore)]
    fn on_sight(&self) {}
}

fn main() {}

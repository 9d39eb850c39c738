//! What the author's code prints as the plugin starts.

use cvtplugin::host::StdStream::Stdout;

use crate::harness::Echo;

const FRAGILE: &str = env!("CARGO_BIN_EXE_cvt-plugin-fragile");

#[tokio::test]
async fn output_of_new_is_streamed_and_not_on_the_real_stdout() {
    let fragile = Echo::launch_binary(FRAGILE, |host| host.env("FRAGILE", "print in new")).await;
    let text = fragile.printed(Stdout, "made\n").await;
    assert_eq!(text, "1|1|unix|/nowhere|grpc\nmade\n");
    // Which fails if there was more than the handshake line on the real stdout.
    fragile.end().await;
}

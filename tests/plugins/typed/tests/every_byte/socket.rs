//! The plugin's socket by bare HTTP/2. All that it sends is kept: headers, which are compressed
//! on their way, data, and trailers.

use std::path::Path;
use std::sync::{Arc, Mutex};

use cvtplugin::prelude::*;
use cvtplugin_testkit::http2::{Connection, STREAM_STDIO};
use h2::client::ResponseFuture;
use http::HeaderMap;
use prost::Message;
use tokio::task::JoinHandle;

pub(crate) struct Socket {
    connection: Connection,
    heard: Heard,
    /// Listens to what the plugin prints.
    stdio: JoinHandle<Result<(), Code>>,
}

#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<u8>>>);

impl Socket {
    pub(crate) async fn open(path: &Path) -> Self {
        let connection = Connection::open(path).await.expect("a connection");
        let heard = Heard::default();
        let stdio = connection.start(STREAM_STDIO, &()).await;
        let stdio = tokio::spawn(heard.clone().listen(stdio.expect("a connection")));
        Self {
            connection,
            heard,
            stdio,
        }
    }

    pub(crate) async fn call(&self, path: &str, request: &impl Message) -> Result<(), Code> {
        let response = self.connection.start(path, request).await;
        let response = response.expect("a connection");
        self.heard.clone().listen(response).await
    }

    /// Waits for the connection's end, and returns all that was heard.
    pub(crate) async fn close(self) -> Vec<u8> {
        assert_eq!(self.stdio.await.expect("no panic"), Ok(()));
        self.connection.closed().await;
        std::mem::take(&mut *self.heard.0.lock().expect("no panic"))
    }
}

impl Heard {
    /// Keeps the whole response, and returns its status.
    async fn listen(self, response: ResponseFuture) -> Result<(), Code> {
        let (head, mut body) = response.await.expect("a response").into_parts();
        self.keep_headers(&head.headers);
        while let Some(data) = body.data().await {
            let data = data.expect("data");
            body.flow_control()
                .release_capacity(data.len())
                .expect("a stream");
            self.keep(&data);
        }
        let trailers = body.trailers().await.expect("trailers");
        let trailers = trailers.unwrap_or(head.headers);
        self.keep_headers(&trailers);
        let status = trailers.get("grpc-status").expect("a status").to_str();
        match status.expect("text").parse().expect("a number") {
            0 => Ok(()),
            number => Err(Code::try_from(number).expect("a code")),
        }
    }

    fn keep_headers(&self, headers: &HeaderMap) {
        for (name, value) in headers {
            self.keep(name.as_str().as_bytes());
            self.keep(value.as_bytes());
        }
    }

    fn keep(&self, bytes: &[u8]) {
        let mut heard = self.0.lock().expect("no panic");
        heard.extend_from_slice(bytes);
        heard.push(b'\n');
    }
}

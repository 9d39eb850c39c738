//! The plugin's socket by bare HTTP/2. All that it sends is kept: headers, which are compressed
//! on their way, data, and trailers.

use std::path::Path;
use std::sync::{Arc, Mutex};

use bytes::{BufMut as _, Bytes, BytesMut};
use cvtplugin::prelude::*;
use h2::client::{ResponseFuture, SendRequest};
use http::HeaderMap;
use prost::Message;
use tokio::net::UnixStream;
use tokio::task::JoinHandle;

pub(crate) struct Socket {
    requests: SendRequest<Bytes>,
    heard: Heard,
    /// Drives the connection.
    driver: JoinHandle<()>,
    /// Listens to what the plugin prints.
    stdio: JoinHandle<Result<(), Code>>,
}

#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<u8>>>);

impl Socket {
    pub(crate) async fn open(path: &Path) -> Self {
        let stream = UnixStream::connect(path).await.expect("a socket");
        let (requests, connection) = h2::client::handshake(stream).await.expect("HTTP/2");
        let driver = tokio::spawn(async { drop(connection.await) });
        let heard = Heard::default();
        let stdio = send(&requests, "/plugin.GRPCStdio/StreamStdio", &()).await;
        let stdio = tokio::spawn(heard.clone().listen(stdio));
        Self {
            requests,
            heard,
            driver,
            stdio,
        }
    }

    pub(crate) async fn call(&self, path: &str, request: &impl Message) -> Result<(), Code> {
        let response = send(&self.requests, path, request).await;
        self.heard.clone().listen(response).await
    }

    /// Waits for the connection's end, and returns all that was heard.
    pub(crate) async fn close(self) -> Vec<u8> {
        assert_eq!(self.stdio.await.expect("no panic"), Ok(()));
        drop(self.requests);
        self.driver.await.expect("no panic");
        std::mem::take(&mut *self.heard.0.lock().expect("no panic"))
    }
}

async fn send(requests: &SendRequest<Bytes>, path: &str, request: &impl Message) -> ResponseFuture {
    let head = http::Request::post(format!("http://unused{path}"))
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .body(())
        .expect("a proper request");
    let requests = requests.clone().ready().await;
    let (response, mut body) = requests
        .expect("a connection")
        .send_request(head, false)
        .expect("a connection");
    let mut frame = BytesMut::new();
    frame.put_u8(0);
    frame.put_u32(u32::try_from(request.encoded_len()).expect("a sane size"));
    request.encode(&mut frame).expect("it grows as needed");
    body.send_data(frame.freeze(), true).expect("a connection");
    response
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

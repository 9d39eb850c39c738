//! A plugin's socket by bare HTTP/2: for what no well-behaved host does.

use std::path::Path;
use std::time::Duration;

use bytes::{BufMut as _, Bytes, BytesMut};
use cvtplugin::prelude::*;
use h2::client::{ResponseFuture, SendRequest};
use h2::{RecvStream, SendStream};
use http::HeaderMap;
use prost::Message;
use tokio::net::UnixStream;
use tokio::task::JoinHandle;

/// `FetchSchema`, as a path.
pub const FETCH_SCHEMA: &str = "/cvt.plugin.registry.v1.RegistryProvider/FetchSchema";
/// `OnValidationFailed`, as a path.
pub const ON_VALIDATION_FAILED: &str = "/cvt.plugin.events.v1.EventHandler/OnValidationFailed";
/// `Shutdown`, as a path.
pub const SHUTDOWN: &str = "/plugin.GRPCController/Shutdown";
/// `StreamStdio`, as a path.
pub const STREAM_STDIO: &str = "/plugin.GRPCStdio/StreamStdio";

/// What a client says first on a connection: the preface, and settings that ask for nothing.
pub const GREETING: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

/// A connection, and the task that drives it.
pub struct Connection {
    requests: SendRequest<Bytes>,
    driver: JoinHandle<()>,
}

impl Connection {
    /// Connects to a Unix socket.
    pub async fn open(socket: &Path) -> Result<Self, Error> {
        let stream = UnixStream::connect(socket).await.unavailable("connect")?;
        let connection = h2::client::Builder::new()
            // However many responses arrive before they are read.
            .data_frame_budget(usize::MAX)
            .handshake(stream);
        let (requests, connection) = connection.await.map_err(broken)?;
        // How it ends, the calls say.
        let driver = tokio::spawn(async { drop(connection.await) });
        Ok(Self { requests, driver })
    }

    /// Closes the connection at once, whatever is in flight on it.
    pub fn hang_up(&self) {
        self.driver.abort();
    }

    /// Waits until the other side has closed the connection.
    pub async fn closed(mut self) {
        let _ = (&mut self.driver).await;
    }

    /// Begins a call whose request is still to be sent.
    pub async fn begin(
        &self,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Result<(ResponseFuture, SendStream<Bytes>), Error> {
        let mut request = http::Request::post(format!("http://unused{path}"))
            .header("content-type", "application/grpc")
            .header("te", "trailers");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(()).internal("a proper request")?;
        let mut requests = self.requests.clone().ready().await.map_err(broken)?;
        requests.send_request(request, false).map_err(broken)
    }

    /// Sends a request as it is, and returns what comes back.
    pub async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<(http::response::Parts, RecvStream), Error> {
        let (head, data) = request.into_parts();
        let mut requests = self.requests.clone().ready().await.map_err(broken)?;
        let head = http::Request::from_parts(head, ());
        let (response, mut body) = requests.send_request(head, false).map_err(broken)?;
        body.send_data(data, true).map_err(broken)?;
        Ok(response.await.map_err(broken)?.into_parts())
    }

    /// Makes one call.
    pub async fn call<R: Message + Default>(
        &self,
        path: &str,
        request: &impl Message,
    ) -> Result<R, Error> {
        self.call_with(path, &[], request).await
    }

    /// Makes one call that the plugin is to respond to within `timeout`; we wait for as long as it
    /// takes.
    pub async fn call_within<R: Message + Default>(
        &self,
        path: &str,
        timeout: Duration,
        request: &impl Message,
    ) -> Result<R, Error> {
        let timeout = format!("{}u", timeout.as_micros());
        self.call_with(path, &[("grpc-timeout", &timeout)], request)
            .await
    }

    /// Sends the whole request of a call. Dropping what this returns cancels the call.
    pub async fn start(&self, path: &str, request: &impl Message) -> Result<ResponseFuture, Error> {
        let (response, mut body) = self.begin(path, &[]).await?;
        body.send_data(framed(request), true).map_err(broken)?;
        Ok(response)
    }

    async fn call_with<R: Message + Default>(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        request: &impl Message,
    ) -> Result<R, Error> {
        let (response, mut body) = self.begin(path, headers).await?;
        body.send_data(framed(request), true).map_err(broken)?;
        read_response(response).await
    }

    /// Fetches a schema.
    pub async fn fetch(&self, id: &str) -> Result<Bytes, Error> {
        spec_of(self.start_fetch(id).await?).await
    }

    /// Sends the request for a schema. Dropping what this returns cancels the call.
    pub async fn start_fetch(&self, id: &str) -> Result<ResponseFuture, Error> {
        self.start(FETCH_SCHEMA, &FetchSchemaRequest::new(id)).await
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.hang_up();
    }
}

/// A message as gRPC sends it.
pub fn framed(message: &impl Message) -> Bytes {
    let length = u32::try_from(message.encoded_len()).expect("a message of a sane size");
    let mut frame = BytesMut::new();
    frame.put_u8(0);
    frame.put_u32(length);
    message.encode(&mut frame).expect("it grows as needed");
    frame.freeze()
}

/// Waits for a schema.
pub async fn spec_of(response: ResponseFuture) -> Result<Bytes, Error> {
    let schema: FetchSchemaResponse = read_response(response).await?;
    Ok(schema.spec)
}

/// Reads the response to a unary call.
pub async fn read_response<R: Message + Default>(response: ResponseFuture) -> Result<R, Error> {
    let (head, mut body) = response.await.map_err(broken)?.into_parts();
    let data = read(&mut body).await?;
    let trailers = body.trailers().await.map_err(broken)?;
    check(trailers.as_ref().unwrap_or(&head.headers))?;
    let message = data.get(5..).internal("a response without a message")?;
    R::decode(message).internal("a response that is not such a message")
}

async fn read(body: &mut RecvStream) -> Result<Vec<u8>, Error> {
    let mut data = Vec::new();
    while let Some(chunk) = body.data().await {
        let chunk = chunk.map_err(broken)?;
        data.extend_from_slice(&chunk);
        let flow = body.flow_control();
        flow.release_capacity(chunk.len()).map_err(broken)?;
    }
    Ok(data)
}

/// Fails with the status that the plugin gave.
fn check(trailers: &HeaderMap) -> Result<(), Error> {
    let text = |name| trailers.get(name).and_then(|value| value.to_str().ok());
    let number = text("grpc-status").and_then(|status| status.parse().ok());
    match number.internal("a response without a status")? {
        0 => Ok(()),
        number => {
            let code = Code::try_from(number).internal("a status that there is not")?;
            Err(Error::new(code, text("grpc-message").unwrap_or_default()))
        }
    }
}

/// What a gRPC client makes of a broken connection.
fn broken(error: h2::Error) -> Error {
    Error::unavailable("the connection broke").with_source(error)
}

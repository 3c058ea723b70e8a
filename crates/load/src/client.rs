//! One kept HTTP/1.1 connection: a request, its whole answer, the next request.

use std::net::Ipv4Addr;

use anyhow::{Context, bail};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap, HeaderValue};
use hyper::{Method, Request, Response, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// Where requests go, and what stands in all of them.
#[derive(Debug)]
pub(crate) struct Target {
    port: u16,
    host: HeaderValue,
    encoding: HeaderValue,
}

impl Target {
    /// A port of 127.0.0.1.
    pub(crate) fn new(port: u16, encoding: &str) -> anyhow::Result<Self> {
        Ok(Self {
            port,
            host: HeaderValue::try_from(format!("127.0.0.1:{port}"))?,
            encoding: HeaderValue::try_from(encoding).context("encoding: expected a coding")?,
        })
    }

    /// Opens connections.
    pub(crate) async fn open(&self, count: usize) -> anyhow::Result<Vec<Connection>> {
        let mut connections = Vec::with_capacity(count);
        for _ in 0..count {
            connections.push(Connection::open(self).await?);
        }
        Ok(connections)
    }
}

/// Paths as they are sent.
pub(crate) fn uris(paths: &[String]) -> anyhow::Result<Vec<Uri>> {
    let parse = |path: &String| path.parse().with_context(|| format!("{path} is no path"));
    paths.iter().map(parse).collect()
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Whole {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// A connection without pipelining.
#[derive(Debug)]
pub(crate) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    host: HeaderValue,
    encoding: HeaderValue,
    authorization: Option<HeaderValue>,
}

impl Connection {
    async fn open(target: &Target) -> anyhow::Result<Self> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, target.port)).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        // It ends with the sender, or by an error that the sender meets too.
        tokio::spawn(connection);
        Ok(Self {
            sender,
            host: target.host.clone(),
            encoding: target.encoding.clone(),
            authorization: None,
        })
    }

    /// From now on it asks in this name; in none, as nobody.
    pub(crate) fn sign_in(&mut self, authorization: Option<HeaderValue>) {
        self.authorization = authorization;
    }

    /// Asks, and reads the answer to its end without keeping it; the length of its body.
    pub(crate) async fn ask(&mut self, uri: &Uri) -> anyhow::Result<u64> {
        let response = self.send(Method::GET, uri, Bytes::new()).await?;
        expect(&response, StatusCode::OK, uri)?;
        let mut body = response.into_body();
        let mut length = 0;
        while let Some(frame) = body.frame().await {
            if let Some(data) = frame?.data_ref() {
                length += u64::try_from(data.len())?;
            }
        }
        Ok(length)
    }

    /// Asks, and keeps the answer.
    pub(crate) async fn fetch(&mut self, uri: &Uri) -> anyhow::Result<Whole> {
        let response = self.send(Method::GET, uri, Bytes::new()).await?;
        expect(&response, StatusCode::OK, uri)?;
        let (head, body) = response.into_parts();
        Ok(Whole {
            headers: head.headers,
            body: body.collect().await?.to_bytes(),
        })
    }

    /// Puts a body there.
    pub(crate) async fn put(&mut self, uri: &Uri, body: Bytes) -> anyhow::Result<()> {
        let response = self.send(Method::PUT, uri, body).await?;
        expect(&response, StatusCode::NO_CONTENT, uri)?;
        response.into_body().collect().await?;
        Ok(())
    }

    /// Asks for a change that needs no body.
    pub(crate) async fn change(&mut self, method: Method, uri: &Uri) -> anyhow::Result<()> {
        let response = self.send(method, uri, Bytes::new()).await?;
        expect(&response, StatusCode::NO_CONTENT, uri)?;
        response.into_body().collect().await?;
        Ok(())
    }

    /// Posts JSON for the client of this address, and reads the answer to its end.
    pub(crate) async fn post(
        &mut self,
        uri: &Uri,
        body: Bytes,
        address: &HeaderValue,
        status: StatusCode,
    ) -> anyhow::Result<()> {
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = Method::POST;
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert("x-forwarded-for", address.clone());
        let response = self.exchange(request, uri).await?;
        let answered = expect(&response, status, uri);
        // To its end in any case: the connection goes on.
        response.into_body().collect().await?;
        answered
    }

    async fn send(
        &mut self,
        method: Method,
        uri: &Uri,
        body: Bytes,
    ) -> anyhow::Result<Response<hyper::body::Incoming>> {
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = method;
        self.exchange(request, uri).await
    }

    async fn exchange(
        &mut self,
        mut request: Request<Full<Bytes>>,
        uri: &Uri,
    ) -> anyhow::Result<Response<hyper::body::Incoming>> {
        self.sender.ready().await?;
        *request.uri_mut() = uri.clone();
        let headers = request.headers_mut();
        headers.insert(HOST, self.host.clone());
        headers.insert(ACCEPT_ENCODING, self.encoding.clone());
        if let Some(authorization) = &self.authorization {
            headers.insert(AUTHORIZATION, authorization.clone());
        }
        if request.method() == Method::PUT {
            let json = HeaderValue::from_static("application/json");
            request.headers_mut().insert(CONTENT_TYPE, json);
        }
        Ok(self.sender.send_request(request).await?)
    }
}

fn expect<B>(response: &Response<B>, status: StatusCode, uri: &Uri) -> anyhow::Result<()> {
    if response.status() != status {
        bail!(
            "{uri}: expected {status}, the server answers {}",
            response.status()
        );
    }
    Ok(())
}

//! What a connection's bytes go through.

use super::super::connect::Address;
use std::io;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Holds an open way to a server.
#[derive(Debug)]
pub(super) enum Stream {
    Plain(TcpStream),
    #[cfg(feature = "tls")]
    Secure(Box<tokio_rustls::client::TlsStream<TcpStream>>),
}

impl Stream {
    pub(super) async fn open(address: &Address) -> io::Result<Self> {
        let stream = TcpStream::connect((address.host.as_str(), address.port)).await?;
        // A message is sent whole, and its answer is waited for.
        stream.set_nodelay(true)?;
        if !address.secure {
            return Ok(Self::Plain(stream));
        }
        secure(address, stream).await
    }

    pub(super) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(stream) => stream.write_all(bytes).await,
            #[cfg(feature = "tls")]
            Self::Secure(stream) => {
                stream.write_all(bytes).await?;
                stream.flush().await
            }
        }
    }

    /// Reads what has come; an end is an error here: a server says goodbye to nobody who waits.
    pub(super) async fn read(&mut self, into: &mut Vec<u8>) -> io::Result<()> {
        let read = match self {
            Self::Plain(stream) => stream.read_buf(into).await?,
            #[cfg(feature = "tls")]
            Self::Secure(stream) => stream.read_buf(into).await?,
        };
        if read == 0 { Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the server closed it")) } else { Ok(()) }
    }
}

#[cfg(feature = "tls")]
async fn secure(address: &Address, stream: TcpStream) -> io::Result<Stream> {
    use tokio_rustls::TlsConnector;
    use tokio_rustls::rustls::pki_types::ServerName;
    use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring};

    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let config = ClientConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(address.host.clone()).map_err(io::Error::other)?;
    let stream = TlsConnector::from(std::sync::Arc::new(config)).connect(name, stream).await?;
    Ok(Stream::Secure(Box::new(stream)))
}

#[cfg(not(feature = "tls"))]
async fn secure(_: &Address, _: TcpStream) -> io::Result<Stream> {
    Err(io::Error::other("whimbrel was built without its feature `tls`"))
}

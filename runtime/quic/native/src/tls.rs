//! The settings as rustls' configuration: TLS 1.3 only, one protocol, no tickets, no early data.

use crate::identity::HostIdentity;
use crate::parameters::{ClientAuthentication, Parameters};
use crate::status::{Outcome, Status};
use crate::verifier::HostVerifier;
use quinn_proto::crypto::rustls::{QuicClientConfig, QuicServerConfig};
use rustls::client::Resumption;
use rustls::crypto::ring::{cipher_suite, default_provider, kx_group};
use rustls::crypto::{CryptoProvider, KeyProvider, WebPkiSupportedAlgorithms};
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::SigningKey;
use rustls::{ClientConfig, ServerConfig};
use std::sync::Arc;

/// The TLS side of a dialler.
pub fn client(parameters: &Parameters) -> Outcome<Arc<QuicClientConfig>> {
    let builder = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(|_| Status::Refused)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(HostVerifier { mandatory: true }));
    let mut config = match &parameters.identity {
        Some(identity) => builder.with_client_cert_resolver(HostIdentity::new(identity)),
        None => builder.with_no_client_auth(),
    };
    config.alpn_protocols = parameters.protocols.clone();
    config.resumption = Resumption::disabled();
    // Peers are found by an address that the host knows, never by a name in the handshake.
    config.enable_sni = false;
    QuicClientConfig::try_from(config).map(Arc::new).map_err(|_| Status::Refused)
}

/// The TLS side of a listener. It needs an identity.
pub fn server(parameters: &Parameters) -> Outcome<Arc<QuicServerConfig>> {
    let identity = parameters.identity.as_ref().ok_or(Status::InvalidParameters)?;
    let builder = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(|_| Status::Refused)?;
    let builder = match parameters.client_authentication {
        ClientAuthentication::None => builder.with_no_client_auth(),
        ClientAuthentication::Requested => {
            builder.with_client_cert_verifier(Arc::new(HostVerifier { mandatory: false }))
        }
        ClientAuthentication::Required => {
            builder.with_client_cert_verifier(Arc::new(HostVerifier { mandatory: true }))
        }
    };
    let mut config = builder.with_cert_resolver(HostIdentity::new(identity));
    config.alpn_protocols = parameters.protocols.clone();
    // So that our order of cipher suites counts, see `provider`.
    config.ignore_client_order = true;
    config.max_early_data_size = 0;
    config.send_tls13_tickets = 0;
    QuicServerConfig::try_from(config).map(Arc::new).map_err(|_| Status::Refused)
}

/// ChaCha20 first: without AES instructions, which WebAssembly lacks, AES-GCM is six to eight times slower.
/// P-256 and P-384 are offered because Go's TLS profiles accept only the NIST curves.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(CryptoProvider {
        cipher_suites: vec![
            cipher_suite::TLS13_CHACHA20_POLY1305_SHA256,
            cipher_suite::TLS13_AES_128_GCM_SHA256,
            cipher_suite::TLS13_AES_256_GCM_SHA384,
        ],
        kx_groups: vec![kx_group::X25519, kx_group::SECP256R1, kx_group::SECP384R1],
        signature_verification_algorithms: WebPkiSupportedAlgorithms { all: &[], mapping: &[] },
        secure_random: default_provider().secure_random,
        key_provider: &NoKeys,
    })
}

/// The engine holds no private key, so it needs no code to load or use one.
#[derive(Debug)]
struct NoKeys;

impl KeyProvider for NoKeys {
    fn load_private_key(&self, _: PrivateKeyDer<'static>) -> Result<Arc<dyn SigningKey>, rustls::Error> {
        Err(rustls::Error::General("private keys stay with the host".into()))
    }
}

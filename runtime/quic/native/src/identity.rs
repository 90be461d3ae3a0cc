//! An own certificate chain whose private key stays with the host.

use crate::host::sign_with_host;
use crate::parameters::{Identity, KeyKind};
use rustls::pki_types::CertificateDer;
use rustls::sign::{CertifiedKey, Signer, SigningKey};
use rustls::{SignatureAlgorithm, SignatureScheme};
use std::sync::Arc;

/// Presents the same chain to everybody.
#[derive(Debug)]
pub struct HostIdentity(Arc<CertifiedKey>);

impl HostIdentity {
    /// The chain of `identity`, with signatures made by the host.
    pub fn new(identity: &Identity) -> Arc<Self> {
        let chain = identity.chain.iter().cloned().map(CertificateDer::from).collect();
        let key = HostKey { id: identity.key, kind: identity.kind };
        Arc::new(Self(Arc::new(CertifiedKey::new(chain, Arc::new(key)))))
    }
}

impl rustls::client::ResolvesClientCert for HostIdentity {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(self.0.clone())
    }

    fn has_certs(&self) -> bool {
        true
    }
}

impl rustls::server::ResolvesServerCert for HostIdentity {
    fn resolve(&self, _: rustls::server::ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.clone())
    }
}

#[derive(Debug)]
struct HostKey {
    id: u32,
    kind: KeyKind,
}

impl HostKey {
    /// Schemes of TLS 1.3 (RFC 8446, 4.2.3) that this kind of key can make, best first.
    fn schemes(&self) -> &'static [SignatureScheme] {
        match self.kind {
            KeyKind::Ed25519 => &[SignatureScheme::ED25519],
            KeyKind::EcdsaP256 => &[SignatureScheme::ECDSA_NISTP256_SHA256],
            KeyKind::EcdsaP384 => &[SignatureScheme::ECDSA_NISTP384_SHA384],
            KeyKind::EcdsaP521 => &[SignatureScheme::ECDSA_NISTP521_SHA512],
            KeyKind::Rsa => &[
                SignatureScheme::RSA_PSS_SHA256,
                SignatureScheme::RSA_PSS_SHA384,
                SignatureScheme::RSA_PSS_SHA512,
            ],
        }
    }
}

impl SigningKey for HostKey {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        let scheme = self.schemes().iter().find(|scheme| offered.contains(scheme))?;
        Some(Box::new(HostSigner { key: self.id, scheme: *scheme }))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        match self.kind {
            KeyKind::Ed25519 => SignatureAlgorithm::ED25519,
            KeyKind::EcdsaP256 | KeyKind::EcdsaP384 | KeyKind::EcdsaP521 => SignatureAlgorithm::ECDSA,
            KeyKind::Rsa => SignatureAlgorithm::RSA,
        }
    }
}

#[derive(Debug)]
struct HostSigner {
    key: u32,
    scheme: SignatureScheme,
}

impl Signer for HostSigner {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rustls::Error> {
        sign_with_host(self.key, self.scheme, message)
            .ok_or_else(|| rustls::Error::General("the host did not sign".into()))
    }

    fn scheme(&self) -> SignatureScheme {
        self.scheme
    }
}

//! The block of settings that creates an endpoint: decoded, and every value held to its range.
//!
//! Layout: [`FIELDS`] numbers of four bytes, little-endian, in the order of the struct below; then parts,
//! each a length of four bytes and that many bytes: first the ALPN protocols in their wire form (RFC 7301,
//! 3.1: each name behind a byte with its length), then the certificates of the own chain as DER, leaf first. No certificate means no identity.

use crate::status::{Outcome, Status};

const FIELDS: usize = 16;

/// Milliseconds. An hour is longer than any idle connection is worth keeping.
const MAX_INTERVAL: u32 = 60 * 60 * 1000;
/// Bytes. Keeps windows of a full instance well below the 4 GiB that WebAssembly can address.
const MAX_WINDOW: u32 = 64 * 1024 * 1024;
/// Every stream that a peer may open costs a table entry from the start.
const MAX_STREAMS: u32 = 1024;
const MAX_CONNECTIONS: u32 = 65_536;
const MAX_CERTIFICATES: usize = 16;
const MAX_PROTOCOLS: usize = 8;
/// Bytes of a UDP payload, from RFC 9000, 14.1 and 18.2.
const SMALLEST_DATAGRAM: u32 = 1200;
const LARGEST_DATAGRAM: u32 = 65_527;

/// Which end of a handshake an endpoint can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Dials one or more connections; ignores Initials.
    Dialler,
    /// Accepts connections.
    Listener,
}

/// What a listener wants to know of its clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuthentication {
    /// Never asks for a certificate.
    None,
    /// Asks, and accepts a client without one.
    Requested,
    /// Asks, and refuses a client without one.
    Required,
}

/// Kind of the host's private key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// Ed25519.
    Ed25519,
    /// ECDSA over NIST P-256.
    EcdsaP256,
    /// ECDSA over NIST P-384.
    EcdsaP384,
    /// ECDSA over NIST P-521.
    EcdsaP521,
    /// RSA, used with PSS padding.
    Rsa,
}

/// The host's key and the certificates that stand for it.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Name of the key towards the host.
    pub key: u32,
    /// Decides which signature schemes are offered.
    pub kind: KeyKind,
    /// Leaf first.
    pub chain: Vec<Vec<u8>>,
}

/// Settings of an endpoint, all checked. Fields 0 to 15 of the block, in this order.
#[derive(Clone, Debug)]
pub struct Parameters {
    /// Field 0: 0 dialler, 1 listener.
    pub role: Role,
    /// Field 1: 0 none, 1 requested, 2 required.
    pub client_authentication: ClientAuthentication,
    /// Fields 2 (key id) and 3 (kind: 0 none, 1 Ed25519, 2 P-256, 3 P-384, 4 P-521, 5 RSA), and the chain.
    pub identity: Option<Identity>,
    /// Field 4, milliseconds. The smaller one of both ends counts.
    pub idle_timeout: u32,
    /// Field 5, milliseconds; 0 is off.
    pub keep_alive: u32,
    /// Field 6, milliseconds for the whole handshake.
    pub handshake_timeout: u32,
    /// Field 7: bidirectional streams that the peer may have open at once.
    pub streams: u32,
    /// Field 8, bytes that the peer may send ahead of our reading on one stream.
    pub stream_window: u32,
    /// Field 9, the same for a whole connection.
    pub connection_window: u32,
    /// Field 10, bytes that we keep until they are acknowledged.
    pub send_window: u32,
    /// Field 11, bytes of a datagram to begin with.
    pub initial_datagram: u16,
    /// Field 12, bytes of a datagram that we announce to be able to receive.
    pub announced_datagram: u16,
    /// Field 13, upper bound of the search for larger datagrams; 0 is off.
    pub discovery_limit: u16,
    /// Field 14: connections of a listener that may be in their handshake at once.
    pub half_open: u32,
    /// Field 15: connections of an endpoint at once.
    pub connections: u32,
    /// Protocols, the most wanted first; both ends must have one in common.
    pub protocols: Vec<Vec<u8>>,
}

impl Parameters {
    /// Decodes a block. A malformed block or a value out of range is [`Status::InvalidParameters`].
    pub fn decode(block: &[u8]) -> Outcome<Self> {
        let mut reader = Reader { rest: block };
        let mut field = [0; FIELDS];
        for value in &mut field {
            *value = reader.number()?;
        }
        let protocols = protocols(&reader.part()?)?;
        let chain = reader.parts(MAX_CERTIFICATES)?;
        Ok(Self {
            role: role(field[0])?,
            client_authentication: client_authentication(field[1])?,
            identity: identity(field[2], field[3], chain)?,
            idle_timeout: within(field[4], 1, MAX_INTERVAL)?,
            keep_alive: within(field[5], 0, MAX_INTERVAL)?,
            handshake_timeout: within(field[6], 1, MAX_INTERVAL)?,
            streams: within(field[7], 0, MAX_STREAMS)?,
            stream_window: within(field[8], 1, MAX_WINDOW)?,
            connection_window: within(field[9], 1, MAX_WINDOW)?,
            send_window: within(field[10], 1, MAX_WINDOW)?,
            initial_datagram: datagram(field[11])?,
            announced_datagram: datagram(field[12])?,
            discovery_limit: if field[13] == 0 { 0 } else { datagram(field[13])? },
            half_open: within(field[14], 1, MAX_CONNECTIONS)?,
            connections: within(field[15], 1, MAX_CONNECTIONS)?,
            protocols,
        })
    }

    /// Bytes of the largest datagram that a connection of these settings can ever send.
    pub fn largest_datagram(&self) -> usize {
        usize::from(self.initial_datagram.max(self.discovery_limit))
    }
}

/// Names behind their lengths; at least one, and none of them empty.
fn protocols(list: &[u8]) -> Outcome<Vec<Vec<u8>>> {
    let mut names = Vec::new();
    let mut rest = list;
    while let Some((length, after)) = rest.split_first() {
        let length = usize::from(*length);
        if length == 0 || length > after.len() || names.len() == MAX_PROTOCOLS {
            return Err(Status::InvalidParameters);
        }
        names.push(after[..length].to_vec());
        rest = &after[length..];
    }
    if names.is_empty() { Err(Status::InvalidParameters) } else { Ok(names) }
}

fn role(value: u32) -> Outcome<Role> {
    match value {
        0 => Ok(Role::Dialler),
        1 => Ok(Role::Listener),
        _ => Err(Status::InvalidParameters),
    }
}

fn client_authentication(value: u32) -> Outcome<ClientAuthentication> {
    match value {
        0 => Ok(ClientAuthentication::None),
        1 => Ok(ClientAuthentication::Requested),
        2 => Ok(ClientAuthentication::Required),
        _ => Err(Status::InvalidParameters),
    }
}

fn identity(key: u32, kind: u32, chain: Vec<Vec<u8>>) -> Outcome<Option<Identity>> {
    let kind = match kind {
        0 if chain.is_empty() => return Ok(None),
        1 => KeyKind::Ed25519,
        2 => KeyKind::EcdsaP256,
        3 => KeyKind::EcdsaP384,
        4 => KeyKind::EcdsaP521,
        5 => KeyKind::Rsa,
        _ => return Err(Status::InvalidParameters),
    };
    if chain.is_empty() {
        return Err(Status::InvalidParameters);
    }
    Ok(Some(Identity { key, kind, chain }))
}

fn within(value: u32, least: u32, most: u32) -> Outcome<u32> {
    if (least..=most).contains(&value) { Ok(value) } else { Err(Status::InvalidParameters) }
}

fn datagram(value: u32) -> Outcome<u16> {
    within(value, SMALLEST_DATAGRAM, LARGEST_DATAGRAM).map(|size| size as u16)
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn number(&mut self) -> Outcome<u32> {
        let (head, rest) = self.rest.split_first_chunk::<4>().ok_or(Status::InvalidParameters)?;
        self.rest = rest;
        Ok(u32::from_le_bytes(*head))
    }

    fn part(&mut self) -> Outcome<Vec<u8>> {
        let length = self.number()? as usize;
        let (head, rest) = self.rest.split_at_checked(length).ok_or(Status::InvalidParameters)?;
        self.rest = rest;
        Ok(head.to_vec())
    }

    fn parts(&mut self, most: usize) -> Outcome<Vec<Vec<u8>>> {
        let mut parts = Vec::new();
        while !self.rest.is_empty() {
            if parts.len() == most {
                return Err(Status::InvalidParameters);
            }
            parts.push(self.part()?);
        }
        Ok(parts)
    }
}

//! A QUIC engine for a host without sockets: quinn-proto and rustls behind a small C ABI.
//!
//! The engine is *sans-IO*. Datagrams go in and come out as bytes, time and chance are imports, and
//! nothing happens between two calls. Given the same imports and the same calls it produces the same
//! bytes, which is what the simulation of the project rests on.
//!
//! Where to find what:
//! - [`abi`]: every exported function. Read this first.
//! - [`host`]: every import, ours and those of the WASI shim.
//! - [`memory`]: the areas through which bytes and numbers cross the border. [`clock`]: time as an argument.
//! - [`parameters`]: the block of settings that a host hands over, decoded and checked.
//! - [`transport`], [`tls`]: those settings as quinn's and rustls' configuration.
//! - [`identity`], [`verifier`]: private keys stay with the host; the engine asks it to sign and to verify.
//! - [`endpoint`], [`connection`], [`streams`]: the life of a listener, of a dialled connection, of a stream.
//! - [`event`]: what a connection tells its host, as fixed records.
//! - [`engine`]: the one global, and why there is one.

mod abi;
mod clock;
mod connection;
mod endpoint;
mod engine;
mod event;
mod host;
mod identity;
mod memory;
mod parameters;
mod status;
mod streams;
mod tls;
mod transport;
mod verifier;

//! The settings as quinn's transport and endpoint configuration.

use crate::parameters::{Parameters, Role};
use quinn_proto::congestion::CubicConfig;
use quinn_proto::{EndpointConfig, MtuDiscoveryConfig, TransportConfig, VarInt};
use std::sync::Arc;
use std::time::Duration;

/// The only version spoken: QUIC v1, RFC 9000.
const QUIC_V1: u32 = 1;
/// Bytes of TLS messages that may wait for a gap to close. A ClientHello over several Initials and a
/// certificate chain of the largest size that TLS can carry both fit.
const CRYPTO_BUFFER: usize = 64 * 1024;
/// Bytes. RFC 9002, 7.2: ten datagrams, but not less than 14,720.
const LEAST_INITIAL_WINDOW: u64 = 14_720;

/// What concerns a single connection.
pub fn transport(parameters: &Parameters) -> Arc<TransportConfig> {
    let mut cubic = CubicConfig::default();
    // Without this a connection that begins with large datagrams could never send its first one.
    cubic.initial_window(LEAST_INITIAL_WINDOW.max(10 * u64::from(parameters.initial_datagram)));

    let mut transport = TransportConfig::default();
    transport
        .max_concurrent_bidi_streams(parameters.streams.into())
        .max_concurrent_uni_streams(0u32.into())
        .max_idle_timeout(Some(VarInt::from_u32(parameters.idle_timeout).into()))
        .keep_alive_interval(keep_alive(parameters))
        .stream_receive_window(parameters.stream_window.into())
        .receive_window(parameters.connection_window.into())
        .send_window(parameters.send_window.into())
        .initial_mtu(parameters.initial_datagram)
        .mtu_discovery_config(discovery(parameters))
        .crypto_buffer_size(CRYPTO_BUFFER)
        .congestion_controller_factory(Arc::new(cubic))
        .datagram_receive_buffer_size(None)
        .enable_segmentation_offload(false)
        .allow_spin(false);
    Arc::new(transport)
}

/// What concerns an endpoint as a whole.
pub fn endpoint(parameters: &Parameters) -> Arc<EndpointConfig> {
    let mut endpoint = EndpointConfig::default();
    endpoint.supported_versions(vec![QUIC_V1]).grease_quic_bit(false);
    if endpoint.max_udp_payload_size(parameters.announced_datagram).is_err() {
        unreachable!("the range was checked when the parameters were decoded");
    }
    Arc::new(endpoint)
}

// The dialler keeps a connection alive; a listener relies on it.
fn keep_alive(parameters: &Parameters) -> Option<Duration> {
    let on = parameters.role == Role::Dialler && parameters.keep_alive > 0;
    on.then(|| Duration::from_millis(parameters.keep_alive.into()))
}

fn discovery(parameters: &Parameters) -> Option<MtuDiscoveryConfig> {
    if parameters.discovery_limit == 0 {
        return None;
    }
    let mut discovery = MtuDiscoveryConfig::default();
    discovery.upper_bound(parameters.discovery_limit);
    Some(discovery)
}

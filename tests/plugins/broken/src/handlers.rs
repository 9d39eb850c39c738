//! The RPCs.

use std::future::pending;
use std::process::Command;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use cvtplugin::Code;
use cvtplugin::pb::events::v1::EventResponse;
use cvtplugin::pb::handshake::v1::health_response::Status as HealthStatus;
use cvtplugin::pb::handshake::v1::{HealthResponse, InfoResponse, SetConfigRequest};
use cvtplugin::pb::registry::v1::{
    FetchSchemaRequest, FetchSchemaResponse, RegisterConsumerUsageResponse,
};
use cvtplugin::protocol::{PROTOCOL_VERSION, SERVICE_EVENTS_V1, SERVICE_REGISTRY_V1};
use prost::Message;

use crate::plugin::Plugin;
use crate::{Fault, log};

/// What goes wrong with a call.
pub(crate) type Status = (Code, String);

/// A call that has less time than this has little.
const LITTLE: Duration = Duration::from_millis(100);

/// How much later than its deadline a late response is: too late for the end, too.
const LATE: Duration = Duration::from_millis(1500);

/// After how many calls a plugin that stalls does.
const STALLS_AFTER: u32 = 32;

/// After how many calls they take long, so that some are in flight at the end; and how long.
const SLOW_AFTER: u32 = 2;
const SLOW: Duration = Duration::from_secs(3);

/// The plugin's response to one message.
pub(crate) async fn handle(
    plugin: &Plugin,
    path: &str,
    timeout: Option<Duration>,
    message: Bytes,
) -> Result<Vec<u8>, Status> {
    match path {
        "/grpc.health.v1.Health/Check" => ping(plugin.fault, message),
        "/plugin.GRPCController/Shutdown" => shutdown(plugin).await,
        "/cvt.plugin.handshake.v1.PluginHandshake/Info" => Ok(info(plugin.fault)),
        "/cvt.plugin.handshake.v1.PluginHandshake/Health" => Ok(health(plugin.fault)),
        "/cvt.plugin.handshake.v1.PluginHandshake/SetConfig" => set_config(plugin, message),
        "/cvt.plugin.registry.v1.RegistryProvider/FetchSchema" => {
            is_served(plugin.fault)?;
            fetch_schema(plugin, timeout, message).await
        }
        "/cvt.plugin.registry.v1.RegistryProvider/RegisterConsumerUsage" => {
            is_served(plugin.fault)?;
            Ok(RegisterConsumerUsageResponse::new(true).encode_to_vec())
        }
        "/cvt.plugin.events.v1.EventHandler/OnBreakingChangeDetected" => {
            Ok(EventResponse::new(true).encode_to_vec())
        }
        _ if plugin.fault == Fault::RespondsToAnything => Ok(Vec::new()),
        // `OnValidationFailed` is among these: events may be left out one by one.
        _ => Err(unimplemented()),
    }
}

#[derive(Clone, PartialEq, Message)]
struct PingRequest {
    #[prost(string, tag = "1")]
    service: String,
}

#[derive(Clone, PartialEq, Message)]
struct PingResponse {
    /// 1 is SERVING.
    #[prost(int32, tag = "1")]
    status: i32,
}

fn ping(fault: Fault, message: Bytes) -> Result<Vec<u8>, Status> {
    let served = match fault {
        Fault::NoHealth => return Err(unimplemented()),
        Fault::HealthOfAnotherName => "cvt-plugin",
        _ => "plugin",
    };
    let request: PingRequest = decode(message)?;
    if request.service == served {
        Ok(PingResponse { status: 1 }.encode_to_vec())
    } else {
        Err((Code::NotFound, "no such service".to_owned()))
    }
}

async fn shutdown(plugin: &Plugin) -> Result<Vec<u8>, Status> {
    match plugin.fault {
        Fault::HangsOnShutdown => pending().await,
        Fault::StaysAfterShutdown => return Ok(Vec::new()),
        Fault::LeavesChild => {
            let child = Command::new("sleep").arg("20").spawn();
            child.map_err(|error| (Code::Internal, error.to_string()))?;
        }
        _ => {}
    }
    plugin.end();
    Ok(Vec::new())
}

fn info(fault: Fault) -> Vec<u8> {
    let services = match fault {
        Fault::MisnamedService => vec!["registry", SERVICE_EVENTS_V1],
        Fault::UndeclaredEvents => vec![SERVICE_REGISTRY_V1],
        _ => vec![SERVICE_REGISTRY_V1, SERVICE_EVENTS_V1],
    };
    let version = match fault {
        Fault::VersionInInfo => 2,
        _ => PROTOCOL_VERSION,
    };
    let name = match fault {
        Fault::Nameless => "",
        _ => "broken",
    };
    InfoResponse::default()
        .name(name)
        .version("0.1.0")
        .services(services)
        .protocol_version(version)
        .encode_to_vec()
}

fn health(fault: Fault) -> Vec<u8> {
    let status = match fault {
        Fault::NotServing => HealthStatus::NotServing,
        _ => HealthStatus::Serving,
    };
    let mut health = HealthResponse::default();
    health.set_status(status);
    health.encode_to_vec()
}

fn set_config(plugin: &Plugin, message: Bytes) -> Result<Vec<u8>, Status> {
    let SetConfigRequest { key, value, .. } = decode(message)?;
    if key == "token" {
        match plugin.fault {
            Fault::LeaksSecretToLog => log::info(plugin.fault, &format!("the token is {value}")),
            Fault::LeaksSecretInRefusal => {
                return Err((Code::InvalidArgument, format!("no token: {value}")));
            }
            Fault::LeaksOddSecret if value.contains('\n') => {
                return Err((Code::InvalidArgument, format!("no header: {value:?}")));
            }
            Fault::LeaksEncodedSecret => {
                let header = STANDARD.encode(format!("cvt:{value}"));
                log::info(plugin.fault, &format!("Authorization: Basic {header}"));
            }
            _ => {}
        }
        plugin.set_token(value);
    } else if plugin.fault == Fault::RefusesUnknownKeys {
        return Err((Code::InvalidArgument, "no such key".to_owned()));
    }
    Ok(Vec::new())
}

fn is_served(fault: Fault) -> Result<(), Status> {
    if fault == Fault::UnservedRegistry {
        Err(unimplemented())
    } else {
        Ok(())
    }
}

async fn fetch_schema(
    plugin: &Plugin,
    timeout: Option<Duration>,
    message: Bytes,
) -> Result<Vec<u8>, Status> {
    let request: Result<FetchSchemaRequest, _> = decode(message);
    if request.is_err() && plugin.fault == Fault::DiesOfMalformed {
        std::process::exit(101);
    }
    let request = request?;
    match plugin.fault {
        Fault::DiesOfPanic if request.schema_id.is_empty() => std::process::exit(101),
        Fault::LeaksSecretInError => {
            let why = format!("401 Unauthorized for {}", plugin.token());
            return Err((Code::Unavailable, why));
        }
        Fault::StallsUnderLoad if plugin.count_fetch() >= STALLS_AFTER => pending().await,
        Fault::IgnoresDeadlines if timeout.is_some_and(|it| it < LITTLE) => pending().await,
        Fault::RespondsLate if timeout.is_some_and(|it| it < LITTLE) => {
            tokio::time::sleep(LATE).await;
        }
        Fault::DropsCalls if plugin.count_fetch() >= SLOW_AFTER => {
            tokio::time::sleep(SLOW).await;
        }
        _ => {}
    }
    Ok(FetchSchemaResponse::new("{}").encode_to_vec())
}

fn decode<M: Message + Default>(message: Bytes) -> Result<M, Status> {
    M::decode(message).map_err(|error| (Code::Internal, error.to_string()))
}

fn unimplemented() -> Status {
    (Code::Unimplemented, "not served".to_owned())
}

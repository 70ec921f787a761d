using Microsoft.AspNetCore.Http;
using Slipway.Gateway.Keys;
using Slipway.Gateway.Recording;
using Slipway.Gateway.Records;

namespace Slipway.Gateway;

/// <summary>How a gateway is to be.</summary>
public sealed record GatewayOptions
{
    /// <summary>The port on loopback; 0 for a free one.</summary>
    public int Port { get; init; }

    /// <summary>Who is told of each request.</summary>
    public IReadOnlyList<IRequestObserver> Observers { get; init; } = [];

    /// <summary>Records requests of namespaces that ask for it; null for none. The gateway does not end it.</summary>
    public Recorder? Recorder { get; init; }

    /// <summary>Decides who may ask; everybody when null.</summary>
    public KeyCheck? Keys { get; init; }

    /// <summary>Answers `GET /metrics`; null for no such path.</summary>
    public RequestDelegate? Metrics { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

namespace Slipway.Up;

/// <summary>What `slipway up` was asked for.</summary>
internal sealed record UpOptions(DataDirectory Data, int? ApiPort, int? GatewayPort, int? WebPort, bool OpenBrowser, bool Verbose, bool RefreshPrices);

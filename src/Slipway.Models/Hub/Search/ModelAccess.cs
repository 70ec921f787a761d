namespace Slipway.Models.Hub.Search;

/// <summary>Who may download a model.</summary>
public enum ModelAccess
{
    /// <summary>The listing does not say.</summary>
    Unknown,

    /// <summary>Everybody.</summary>
    Open,

    /// <summary>Everybody who accepts the terms on the model's page; access is given at once.</summary>
    GatedAuto,

    /// <summary>Everybody whose request on the model's page the author grants.</summary>
    GatedManual,

    /// <summary>Only members; listed because the token is one's.</summary>
    Private,
}

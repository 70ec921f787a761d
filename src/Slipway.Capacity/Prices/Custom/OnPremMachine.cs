namespace Slipway.Capacity.Prices.Custom;

/// <summary>What a machine of one's own costs.</summary>
public sealed record OnPremMachine
{
    private const decimal HoursPerYear = 8760;

    /// <summary>What it cost to buy, with its part of racks and network.</summary>
    public required decimal Purchase { get; init; }

    /// <summary>Years over which that is spread; above 0.</summary>
    public required decimal LifeYears { get; init; }

    /// <summary>Power at full load, kW.</summary>
    public decimal KilowattsAtLoad { get; init; }

    /// <summary>Power when idle, kW.</summary>
    public decimal KilowattsIdle { get; init; }

    /// <summary>Price of a kilowatt-hour.</summary>
    public decimal PerKilowattHour { get; init; }

    /// <summary>Power usage effectiveness: all the building's power over the machines'; 1 or more.</summary>
    public decimal Pue { get; init; } = 1;

    /// <summary>People, space, maintenance, a year.</summary>
    public decimal UpkeepPerYear { get; init; }

    /// <summary>
    /// Cost of an hour: <c>purchase/(years*8760) + pue*perKWh*(idle + u*(load - idle)) + upkeep/8760</c>.
    /// </summary>
    /// <param name="utilisation">Part of full load, 0 to 1.</param>
    /// <exception cref="InvalidOperationException">The figures make no cost: see <see cref="Fault"/>.</exception>
    public decimal PerHour(decimal utilisation = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(utilisation);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(utilisation, 1);
        if (Fault is { } fault) throw new InvalidOperationException(fault);
        return Purchase / (LifeYears * HoursPerYear) + Pue * PerKilowattHour * (KilowattsIdle + utilisation * (KilowattsAtLoad - KilowattsIdle)) + UpkeepPerYear / HoursPerYear;
    }

    /// <summary>What is wrong with the figures, in words for a user; null when they make a cost.</summary>
    public string? Fault =>
        LifeYears is < 0.01m or > 100 ? "the life has to be between 0.01 and 100 years"
        : Pue < 1 ? "the PUE has to be 1 or more"
        : Purchase < 0 || KilowattsIdle < 0 || PerKilowattHour < 0 || UpkeepPerYear < 0 ? "no figure may be negative"
        : KilowattsAtLoad < KilowattsIdle ? "power at load may not be below idle power"
        : null;
}

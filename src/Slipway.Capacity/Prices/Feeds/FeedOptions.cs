namespace Slipway.Capacity.Prices.Feeds;

/// <summary>How sources of prices are asked.</summary>
public sealed record FeedOptions
{
    /// <summary>Azure Retail Prices API; it serves the public cloud, without a key.</summary>
    public Uri Azure { get; init; } = new("https://prices.azure.com/api/retail/prices");

    /// <summary>AWS price list of EC2, the folder of regions; without a key. The China partition has one of its own.</summary>
    public Uri Aws { get; init; } = new("https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonEC2/current/");

    /// <summary>The file of a region there: <c>index.csv</c>, or <c>index.json</c>, which is larger.</summary>
    public string AwsFile { get; init; } = "index.csv";

    /// <summary>All machine types of Google Cloud in all regions, made daily from the billing catalogue by the project behind gcloud-compute.com.</summary>
    public Uri Gcp { get; init; } = new("https://gcloud-compute.com/machine-types-regions.csv");

    /// <summary>The currency that Azure is asked for. The others list their own.</summary>
    public string Currency { get; init; } = "USD";

    /// <summary>How long one request may take.</summary>
    /// <value>The default value is 5 minutes: a region of AWS is hundreds of megabytes.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Tries after the first.</summary>
    /// <value>The default value is 2.</value>
    public int MaxRetries { get; init; } = 2;

    /// <summary>Pause before the first of them, doubled for each.</summary>
    /// <value>The default value is 2 seconds.</value>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest pause that a source may ask for; when it asks for more, the refresh is put off.</summary>
    /// <value>The default value is 30 seconds.</value>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The most bytes of one answer.</summary>
    /// <value>The default value is 4 GiB.</value>
    public long MaxBytes { get; init; } = 4L << 30;

    /// <summary>The most pages of one answer.</summary>
    /// <value>The default value is 500; a region of Azure has about 40.</value>
    public int MaxPages { get; init; } = 500;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

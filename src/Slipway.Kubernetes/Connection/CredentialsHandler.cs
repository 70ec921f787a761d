using k8s.Authentication;

namespace Slipway.Kubernetes.Connection;

/// <summary>Puts the credentials of a kubeconfig or ServiceAccount on each request, newly obtained when they have run out.</summary>
internal sealed class CredentialsHandler(ServiceClientCredentials credentials) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await credentials.ProcessHttpRequestAsync(request, cancellationToken);
        return await base.SendAsync(request, cancellationToken);
    }
}

using Slipway.ApiServer.Http;

namespace Slipway.ApiServer.Kinds.PodSpecs;

/// <summary>The rules of security contexts.</summary>
internal static class SecurityRules
{
    public static void Check(Spot pod)
    {
        if (pod.Map("securityContext") is not { } context) return;
        foreach (var name in (string[])["fsGroup", "runAsUser", "runAsGroup"]) context.Within(name, 0, int.MaxValue);
        Seccomp(context);
    }

    public static void CheckContainer(Spot container)
    {
        if (container.Map("securityContext") is not { } context) return;
        foreach (var name in (string[])["runAsUser", "runAsGroup"]) context.Within(name, 0, int.MaxValue);
        Seccomp(context);
        if (context.Value.At("allowPrivilegeEscalation") is false && context.Value.At("privileged") is true)
            container.Errors.Add(FieldError.Invalid(context.Path, context.Value, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"));
    }

    private static void Seccomp(Spot context)
    {
        if (context.Map("seccompProfile") is not { } profile) return;
        profile.OneOf("type", "Localhost", "RuntimeDefault", "Unconfined");
        if (profile.Text("type") == "Localhost" && profile.Text("localhostProfile").Length == 0) profile.Required("localhostProfile", "must be set when seccomp type is Localhost");
    }
}

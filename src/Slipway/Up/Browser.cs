using System.ComponentModel;
using System.Diagnostics;

namespace Slipway.Up;

/// <summary>Opens the web page where there is a desktop to open it on.</summary>
internal static class Browser
{
    public static void TryOpen(Uri page)
    {
        var opener = OperatingSystem.IsMacOS() ? "open" : "xdg-open";
        var desktop = OperatingSystem.IsMacOS() || Environment.GetEnvironmentVariable("DISPLAY") is not null || Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") is not null;
        if (!desktop || Console.IsOutputRedirected) return;
        try
        {
            using var process = Process.Start(new ProcessStartInfo(opener, [page.ToString()]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true });
        }
        catch (Win32Exception)
        {
            // No opener: the address is on the screen.
        }
    }
}

using Microsoft.Extensions.Logging;

namespace Slipway.Conformance.Tests.Harness;

/// <summary>Shows the server's own faults among the test's output: a 500 is never expected.</summary>
internal sealed class TestLog : ILoggerProvider, ILogger
{
    public static ILoggerFactory Factory { get; } = LoggerFactory.Create(b => b.AddProvider(new TestLog()).SetMinimumLevel(LogLevel.Warning));

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Console.Error.WriteLine($"{formatter(state, exception)} {exception}");

    public void Dispose()
    {
    }
}

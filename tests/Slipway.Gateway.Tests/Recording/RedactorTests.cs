using System.Diagnostics;
using Slipway.Gateway.Recording;

namespace Slipway.Gateway.Tests.Recording;

public sealed class RedactorTests
{
    [Theory]
    [InlineData("Write to jane.doe+x@mail.somewhere.org, please", "Write to [email], please")]
    [InlineData("Schreib an jürgen@müller.de", "Schreib an [email]")]
    [InlineData("Call +49 (30) 901820-11 now", "Call [number] now")]
    [InlineData("Call 555-867-5309 9", "Call [number]")]
    [InlineData("card 4111 1111 1111 1111!", "card [number]!")]
    [InlineData("ssn 078-05-1120", "ssn [number]")]
    [InlineData("from DE89 3704 0044 0532 0130 00 to", "from [account] to")]
    [InlineData("host 203.0.113.77 and 2001:db8:0:1::17", "host [ip] and [ip]")]
    [InlineData("key sk-proj-abcdefghijklmnop1234 end", "key [secret] end")]
    [InlineData("Authorization: Bearer abc.def-ghi_123", "Authorization: [secret]")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nMIIabc+/=\n-----END RSA PRIVATE KEY----- x", "[secret] x")]
    [InlineData("What is 17 + 25? At 12:30:45, 99% of 1,234.", "What is 17 + 25? At 12:30:45, 99% of 1,234.")]
    [InlineData("Nothing here.", "Nothing here.")]
    public void What_names_or_opens_something_is_taken_out(string text, string expected) => Assert.Equal(expected, Redactor.Redact(text));

    // A pattern that goes back and forth would need hours for these.
    [Theory]
    [InlineData("a@a.")]
    [InlineData("1 1-")]
    [InlineData("AB12 ABCD")]
    [InlineData("1:1:")]
    [InlineData("-----BEGIN PRIVATE KEY-----")]
    [InlineData("eyJaaaaaaaaaaaaa.")]
    public void Its_time_grows_with_the_text_alone(string part)
    {
        var begun = Stopwatch.GetTimestamp();
        Redactor.Redact(string.Concat(Enumerable.Repeat(part, 200_000 / part.Length)));
        Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(20));
    }
}

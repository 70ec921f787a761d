using Slipway.Runtimes.Local.Debian;

namespace Slipway.Runtimes.Tests.Local;

public sealed class AptSourcesTests
{
    private const string Deb822 = """
        Types: deb deb-src
        # a comment
        URIs: http://mirror.example/debian
        Suites: bookworm bookworm-updates
        Components: main contrib
        Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

        Types: deb
        URIs: http://mirror.example/other
        Suites: bookworm
        Components: main
        Enabled: no

        Types: deb-src
        URIs: http://mirror.example/src
        Suites: bookworm
        Components: main
        """;

    [Fact]
    public void Stanzas_are_read_and_disabled_ones_are_not()
    {
        var source = Assert.Single(AptSources.ParseDeb822(Deb822));

        Assert.Equal("http://mirror.example/debian", source.Uri);
        Assert.Equal(["bookworm", "bookworm-updates"], source.Suites);
        Assert.Equal(["main", "contrib"], source.Components);
        Assert.Equal("/usr/share/keyrings/debian-archive-keyring.gpg", source.SignedBy);
    }

    [Fact]
    public void Lines_are_read_with_their_options()
    {
        var sources = AptSources.ParseList("""
            # deb http://old.example/debian bookworm main
            deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian bookworm main contrib # why
            deb-src http://mirror.example/debian bookworm main
            deb http://two.example/x stable main
            """).ToList();

        Assert.Equal(["http://mirror.example/debian", "http://two.example/x"], sources.Select(static s => s.Uri));
        Assert.Equal(("/k.gpg", null), (sources[0].SignedBy, sources[1].SignedBy));
        Assert.Equal(["main", "contrib"], sources[0].Components);
    }

    [Fact]
    public void The_distributions_own_archive_comes_before_a_third_partys_of_the_same_suite()
    {
        var debian = Distribution.Parse("ID=debian\nVERSION_CODENAME=bookworm\n")!;

        var archives = debian.Archives(
        [
            new AptSource("http://third.example", ["bookworm"], ["main"], "/usr/share/keyrings/third.gpg"),
            new AptSource("http://tools.example", ["tools-bookworm"], ["main"], null),
            new AptSource("http://mirror.example/debian", ["bookworm"], ["main"], "/usr/share/keyrings/debian-archive-keyring.gpg"),
            new AptSource("http://mirror.example/security", ["bookworm-security"], ["main"], "/usr/share/keyrings/debian-archive-keyring.gpg"),
        ]);

        Assert.Equal(["http://mirror.example/debian", "http://third.example"], archives.Select(static a => a.Uri));
    }

    [Theory]
    [InlineData("ID=ubuntu\nVERSION_CODENAME=noble\nUBUNTU_CODENAME=noble", "ubuntu", "noble")]
    [InlineData("ID=linuxmint\nVERSION_CODENAME=wilma\nUBUNTU_CODENAME=\"noble\"", "ubuntu", "noble")]
    [InlineData("ID=debian\nVERSION_CODENAME=trixie", "debian", "trixie")]
    public void Distributions_are_known(string osRelease, string id, string codename) =>
        Assert.Equal((id, codename), (Distribution.Parse(osRelease)!.Id, Distribution.Parse(osRelease)!.Codename));

    [Fact]
    public void Other_distributions_are_none() => Assert.Null(Distribution.Parse("ID=fedora\nVERSION_ID=44"));
}

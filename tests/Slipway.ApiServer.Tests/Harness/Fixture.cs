[assembly: AssemblyFixture(typeof(Slipway.Conformance.Tests.Harness.TestServer))]

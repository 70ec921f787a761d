[assembly: AssemblyFixture(typeof(Slipway.Scheduling.Tests.Harness.Cluster))]

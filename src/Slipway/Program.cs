using Slipway.Commands;

return await Root.Create().Parse(args).InvokeAsync(Root.Invocation);

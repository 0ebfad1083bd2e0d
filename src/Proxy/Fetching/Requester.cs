namespace S3Proxy.Fetching;

/// <summary>For whom an origin request is made: the origin's slots are shared fairly among clients (requirement B5).</summary>
/// <param name="Client">Access key id, or address of a client that showed none. A shared fetch is charged to the client that leads it.</param>
/// <param name="Class">How urgent it is.</param>
internal readonly record struct Requester(string Client, FetchClass Class);

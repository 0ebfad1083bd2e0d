// Each test is three processes and hundreds of clients: side by side they would only measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

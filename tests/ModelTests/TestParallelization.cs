// The model takes every core it is given; tests beside it would only make each other slow.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace S3Proxy.Events;

/// <summary>In whose form an event came.</summary>
internal enum EventSender : byte
{
    /// <summary>Some other server with events in S3's form.</summary>
    Other,

    /// <summary>Amazon S3, by SNS or directly.</summary>
    Aws,

    /// <summary>Amazon EventBridge.</summary>
    EventBridge,

    /// <summary>MinIO.</summary>
    Minio,

    /// <summary>Ceph's RADOS gateway.</summary>
    Ceph,

    /// <summary>Amazon SNS on its own behalf.</summary>
    Sns,
}

using System.Text;

namespace S3Proxy.Fleet;

/// <summary>
/// A message between replicas: <c>1|KIND|FROM|PAYLOAD</c>, the payload being the rest, whatever its bytes. Scripts write the same form. Immutable.
/// </summary>
/// <param name="Kind">What it is about.</param>
/// <param name="From">The replica that sent it, or in whose name a script did. Holds no <c>|</c>.</param>
/// <param name="Payload">As the kind has it.</param>
internal readonly record struct FleetMessage(FleetMessageKind Kind, string From, ReadOnlyMemory<byte> Payload)
{
    private const byte Version = (byte)'1';
    private const byte Separator = (byte)'|';
    private const int KindAt = 2;
    private const int FromAt = 4;

    /// <summary>The payload as UTF-8.</summary>
    public string Text => Encoding.UTF8.GetString(Payload.Span);

    /// <summary>The bytes to publish.</summary>
    public byte[] Encode() => [Version, Separator, (byte)Kind, Separator, .. Encoding.UTF8.GetBytes(From), Separator, .. Payload.Span];

    /// <summary>False for what is no message of this version; such a message is counted and dropped.</summary>
    public static bool TryDecode(byte[] bytes, out FleetMessage message)
    {
        message = default;
        if (bytes.Length <= FromAt || bytes[0] != Version || bytes[1] != Separator || bytes[KindAt + 1] != Separator || !Enum.IsDefined((FleetMessageKind)bytes[KindAt]))
        {
            return false;
        }

        int end = bytes.AsSpan(FromAt).IndexOf(Separator);
        if (end < 0)
        {
            return false;
        }

        message = new FleetMessage((FleetMessageKind)bytes[KindAt], Encoding.UTF8.GetString(bytes, FromAt, end), bytes.AsMemory(FromAt + end + 1));
        return true;
    }
}

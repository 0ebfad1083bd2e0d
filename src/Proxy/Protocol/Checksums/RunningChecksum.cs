using System.Security.Cryptography;

namespace S3Proxy.Protocol.Checksums;

/// <summary>A checksum of S3 over bytes that come piece by piece (S3 User Guide, "Checking object integrity"). Used by one writer.</summary>
internal abstract class RunningChecksum : IDisposable
{
    /// <summary>A checksum by the name S3's headers give it after <c>x-amz-checksum-</c>, or <c>md5</c>; null for one that is not known.</summary>
    public static RunningChecksum? Create(string algorithm) => algorithm.ToUpperInvariant() switch
    {
        "CRC32C" => new HardwareCrc32C(),
        "CRC64NVME" => new TableCrc(ReflectedCrc.Crc64Nvme),
        "CRC32" => new TableCrc(ReflectedCrc.Crc32),
        "SHA256" => new Digest(HashAlgorithmName.SHA256),
        "SHA1" => new Digest(HashAlgorithmName.SHA1),
        "MD5" => new Digest(HashAlgorithmName.MD5),
        _ => null,
    };

    /// <summary>Takes the next bytes in.</summary>
    public abstract void Append(ReadOnlySpan<byte> bytes);

    /// <summary>The checksum of everything so far, in the order of bytes that S3's headers encode.</summary>
    public abstract byte[] Finish();

    public virtual void Dispose()
    {
    }

    private sealed class TableCrc(ReflectedCrc crc) : RunningChecksum
    {
        private ulong _state = crc.Start;

        public override void Append(ReadOnlySpan<byte> bytes) => _state = crc.Append(_state, bytes);

        public override byte[] Finish()
        {
            byte[] result = new byte[crc.SizeBytes];
            crc.Finish(_state, result);
            return result;
        }
    }

    private sealed class HardwareCrc32C : RunningChecksum
    {
        private uint _state = Crc32C.Start;

        public override void Append(ReadOnlySpan<byte> bytes) => _state = Crc32C.Append(_state, bytes);

        public override byte[] Finish()
        {
            byte[] result = new byte[sizeof(uint)];
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(result, Crc32C.Finish(_state));
            return result;
        }
    }

    private sealed class Digest(HashAlgorithmName name) : RunningChecksum
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(name);

        public override void Append(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

        public override byte[] Finish() => _hash.GetCurrentHash();

        public override void Dispose()
        {
            base.Dispose();
            _hash.Dispose();
        }
    }
}

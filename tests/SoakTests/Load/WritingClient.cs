using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using S3Proxy.FunctionalTests;
using S3Proxy.SoakTests.Checking;
using S3Proxy.SoakTests.Measuring;
using S3Proxy.Testing.Integrity;

namespace S3Proxy.SoakTests.Load;

/// <summary>The one writer of a bucket: changes its objects one after another, through the proxy or at the origin, until the load is over.</summary>
internal sealed class WritingClient(TestProxy proxy, SoakBucket bucket, SoakObjects objects, LoadProgress progress, SoakTally tally, Random random)
{
    private const int MaxRequestsBetweenWrites = 60;
    private const int DeletesPerHundred = 10;
    private const int TornUploadsPerHundred = 5;

    public async Task RunAsync()
    {
        while (!progress.IsOver)
        {
            await progress.AfterAsync(1 + random.Next(MaxRequestsBetweenWrites));
            ObjectLedger ledger = objects.Next(bucket, random);
            int kind = random.Next(100);
            bool deletes = kind < DeletesPerHundred;
            if (bucket.Writer == SoakWriter.Origin)
            {
                WriteAtOrigin(ledger, deletes);
            }
            else if (kind >= 100 - TornUploadsPerHundred)
            {
                await BreakOffUploadAsync(ledger);
            }
            else
            {
                await WriteThroughProxyAsync(ledger, deletes);
            }
        }
    }

    /// <summary>Puts version 1 of every object, past the proxy.</summary>
    public static void Prepare(TestProxy proxy, SoakObjects objects)
    {
        foreach ((SoakBucket bucket, ObjectLedger[] ledgers) in objects.ByBucket)
        {
            proxy.Origin.CreateBucket(bucket.Name, bucket.IsVersioned);
            foreach (ObjectLedger ledger in ledgers)
            {
                PutAtOrigin(proxy, objects, ledger);
            }
        }
    }

    private static void PutAtOrigin(TestProxy proxy, SoakObjects objects, ObjectLedger ledger)
    {
        WrittenVersion version = ledger.Begin(number => objects.Version(ledger, number, written => written.Content().ETag));
        proxy.Origin.PutSynthetic(ledger.Bucket, ledger.Key, version.LengthBytes, version.Seed);
    }

    private static WrittenVersion Absence(int number) => new(number, 0, 0, ETag: null);

    [SuppressMessage("Security", "CA5351", Justification = "S3 defines the ETag of an upload by MD5.")]
    private static string ETagOf(byte[] body) => $"\"{Convert.ToHexStringLower(MD5.HashData(body))}\"";

    private static byte[] BytesOf(WrittenVersion version)
    {
        SyntheticContent content = version.Content();
        byte[] body = new byte[content.Length];
        content.Fill(0, body);
        return body;
    }

    private void WriteAtOrigin(ObjectLedger ledger, bool deletes)
    {
        if (deletes)
        {
            ledger.Begin(Absence);
            proxy.Origin.DeleteObject(ledger.Bucket, ledger.Key);
        }
        else
        {
            PutAtOrigin(proxy, objects, ledger);
        }

        tally.AddWrite(isAcknowledged: true);
    }

    private async Task WriteThroughProxyAsync(ObjectLedger ledger, bool deletes)
    {
        byte[] body = [];
        WrittenVersion version = ledger.Begin(number => deletes ? Absence(number) : objects.Version(ledger, number, written =>
        {
            body = BytesOf(written);
            return ETagOf(body);
        }));
        bool isAcknowledged = false;
        try
        {
            using ByteArrayContent content = new(body);
            using HttpResponseMessage response = await proxy.Signed.SendAsync(
                deletes ? HttpMethod.Delete : HttpMethod.Put, ledger.Bucket, ledger.Key, body: deletes ? null : content);
            isAcknowledged = response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            // The outcome is unknown: the version may be seen from now on, and need not be.
        }

        if (isAcknowledged)
        {
            ledger.Settle(version);
        }

        tally.AddWrite(isAcknowledged);
    }

    /// <summary>An upload of something that is no version: whoever sees it sees what was never written.</summary>
    private async Task BreakOffUploadAsync(ObjectLedger ledger)
    {
        WrittenVersion never = objects.Version(ledger, -random.Next(), written => written.Content().ETag);
        try
        {
            using TornContent content = new(BytesOf(never));
            using HttpResponseMessage response = await proxy.Signed.SendAsync(HttpMethod.Put, ledger.Bucket, ledger.Key, body: content);
        }
        catch (HttpRequestException)
        {
            tally.AddTornUpload();
        }
    }
}

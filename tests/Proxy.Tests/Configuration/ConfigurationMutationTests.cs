using S3Proxy.Configuration;

namespace S3Proxy.Tests.Configuration;

/// <summary>Random damage to a valid file: it is loaded or refused with places, never an exception, and never a secret in a message.</summary>
public sealed class ConfigurationMutationTests
{
    private const int Files = 3_000;
    private static readonly string[] SecretKeys = ["adminToken:", "secretAccessKey:", "sessionToken:"];
    private const string Characters = "{}[]:,&*!|>'\"%@`#?-~ \n\t\0\uD800\u2028aZ09./";

    [Fact]
    public void Damaged_files_never_throw_and_never_tell_a_secret()
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        int refused = 0;
        for (int i = 0; i < Files; i++)
        {
            string yaml = Mutate(Configurations.Full, random);
            ConfigurationResult? result = null;
            Exception? thrown = Record.Exception(() => result = Configurations.Load(yaml));

            Assert.True(thrown is null, $"seed {seed}, file {i}: {thrown}\n{yaml}");
            refused += result!.IsValid ? 0 : 1;
            Assert.Equal(result.IsValid, result.Errors.Count == 0);
            foreach (ConfigurationError error in result.Errors)
            {
                string told = error.Format("s3proxy.yaml");
                Assert.True(!HoldsSecret(told) || IsElsewhere(yaml), $"seed {seed}, file {i}: {told}");
                Assert.True(error.Line >= 1 && error.Column >= 1, $"seed {seed}, file {i}: {told}");
            }
        }

        Assert.True(refused > Files / 2, $"seed {seed}: only {refused} of {Files} were refused");
    }

    // A part of the secret is as bad as the whole.
    private static bool HoldsSecret(string text)
    {
        const int Part = 8;
        for (int start = 0; start + Part <= Configurations.Secret.Length; start++)
        {
            if (text.Contains(Configurations.Secret.Substring(start, Part), StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    // A cut may join the end of a secret to another key: there it is that key's value, and no program could tell.
    private static bool IsElsewhere(string yaml) =>
        yaml.Split('\n').Any(line => HoldsSecret(line) && !SecretKeys.Any(key => line.Contains(key, StringComparison.Ordinal) && !HoldsSecret(line[..line.IndexOf(key, StringComparison.Ordinal)])));

    private static string Mutate(string yaml, Random random)
    {
        for (int edits = random.Next(1, 4); edits > 0 && yaml.Length > 0; edits--)
        {
            int at = random.Next(yaml.Length);
            yaml = random.Next(6) switch
            {
                0 => yaml.Remove(at, Math.Min(random.Next(1, 30), yaml.Length - at)),
                1 => yaml.Insert(at, Characters[random.Next(Characters.Length)].ToString()),
                2 => yaml.Insert(random.Next(yaml.Length), WithoutSecret(yaml.Substring(at, Math.Min(random.Next(1, 60), yaml.Length - at)))),
                3 => yaml[..at],
                4 => RemoveLine(yaml, at),
                _ => yaml.Remove(at, 1).Insert(at, Characters[random.Next(Characters.Length)].ToString()),
            };
        }

        return yaml;
    }

    // A secret copied to where a name belongs is a name, and no program could tell.
    private static string WithoutSecret(string text) => HoldsSecret(text) ? "" : text;

    private static string RemoveLine(string yaml, int at)
    {
        int start = yaml.LastIndexOf('\n', at) + 1;
        int end = yaml.IndexOf('\n', at);
        return start > at ? yaml : yaml.Remove(start, (end < 0 ? yaml.Length : end + 1) - start);
    }
}

using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json;
using S3Proxy.Admin;
using S3Proxy.Configuration;
using S3Proxy.Tests.Configuration;

namespace S3Proxy.Tests.Admin;

/// <summary>Requirement A5: the configuration is told, its secrets are not.</summary>
public sealed class ConfigurationDocumentTests
{
    [Fact]
    public void Values_are_told_as_they_are_understood()
    {
        using JsonDocument document = Write(Configurations.Valid(Configurations.Full));

        Assert.Equal("v2/", document.RootElement.GetProperty("buckets").GetProperty("models").GetProperty("prefix").GetString());
        Assert.Equal("cdn", document.RootElement.GetProperty("buckets").GetProperty("models").GetProperty("origin").GetString());
        Assert.Equal("cdn", document.RootElement.GetProperty("origins").GetProperty("cdn").GetProperty("name").GetString());
        Assert.True(document.RootElement.GetProperty("cache").GetProperty("memorySizeBytes").GetInt64() > 0);
    }

    [Fact]
    public void No_value_of_a_secret_is_in_it()
    {
        ProxyConfiguration configuration = Configurations.Valid(Configurations.Full);
        List<string> secrets = [];
        Collect(configuration, secrets, 8);
        Assert.True(secrets.Count >= 2, "The fullest configuration of the tests has no secrets.");
        using JsonDocument document = Write(configuration);
        string text = document.RootElement.ToString();

        Assert.All(secrets, secret => Assert.DoesNotContain($"\"{secret}\"", text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("SecretAccessKey", true)]
    [InlineData("SessionToken", true)]
    [InlineData("AdminToken", true)]
    [InlineData("Password", true)]
    [InlineData("PrivateKeyFile", true)]
    [InlineData("AccessKeyId", false)]
    [InlineData("Keys", false)]
    public void Secrets_are_known_by_their_names(string property, bool isSecret) => Assert.Equal(isSecret, ConfigurationDocument.IsSecret(property));

    /// <summary>Every text under a name that sounds secret, found without the code under test.</summary>
    private static void Collect(object? value, List<string> secrets, int depth)
    {
        if (value is null or string || depth == 0)
        {
            return;
        }

        if (value is IEnumerable items)
        {
            foreach (object? item in items)
            {
                Collect(item is DictionaryEntry entry ? entry.Value : item, secrets, depth - 1);
            }

            return;
        }

        foreach (PropertyInfo property in value.GetType().GetProperties().Where(property => property.GetIndexParameters().Length == 0))
        {
            if (property.PropertyType == typeof(string) && (property.Name.Contains("Secret", StringComparison.Ordinal) || property.Name.Contains("Token", StringComparison.Ordinal) || property.Name == "Password"))
            {
                secrets.AddRange(property.GetValue(value) is string { Length: > 0 } secret ? [secret] : []);
            }
            else if (property.PropertyType.Namespace == typeof(ProxyConfiguration).Namespace || typeof(IDictionary).IsAssignableFrom(property.PropertyType))
            {
                object? inner = property.GetValue(value);
                Collect(inner is IDictionary dictionary ? dictionary.Values : inner, secrets, depth - 1);
            }
        }
    }

    private static JsonDocument Write(ProxyConfiguration configuration) =>
        JsonDocument.Parse(Encoding.UTF8.GetString(AdminAnswer.Json(200, json => ConfigurationDocument.Write(json, configuration)).Body.Span));
}

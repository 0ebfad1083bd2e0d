using System.Runtime.CompilerServices;
using S3Proxy.Configuration;

namespace S3Proxy.Origin;

/// <summary>
/// Something that is kept of each origin. A configuration that is loaded again goes on with what its predecessor had, unless what it is made of has changed; requests that
/// run keep what they began with.
/// </summary>
/// <remarks>Thread-safe; looking takes no lock. <c>_lock</c> protects which value is the latest of a name, and is held while one is made.</remarks>
/// <typeparam name="TMaking">What a value is made of, compared by value.</typeparam>
/// <typeparam name="TValue">What is kept.</typeparam>
/// <param name="makingOf">What the value of an origin is made of.</param>
/// <param name="make">Makes one.</param>
internal sealed class PerOrigin<TMaking, TValue>(Func<OriginConfiguration, TMaking> makingOf, Func<OriginConfiguration, TValue> make)
    where TMaking : IEquatable<TMaking>
    where TValue : class
{
    private readonly ConditionalWeakTable<OriginConfiguration, TValue> _values = [];
    private readonly Dictionary<string, (TMaking Making, TValue Value)> _latest = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>What is kept of an origin of any configuration that is still in use; made when it is first asked for.</summary>
    public TValue Of(OriginConfiguration origin) => _values.TryGetValue(origin, out TValue? value) ? value : Find(origin);

    /// <summary>Forgets what belongs to names that are not configured any more; returns these names.</summary>
    public IReadOnlyList<string> Retain(IReadOnlyDictionary<string, OriginConfiguration> origins)
    {
        lock (_lock)
        {
            string[] gone = [.. _latest.Keys.Where(name => !origins.ContainsKey(name))];
            foreach (string name in gone)
            {
                _latest.Remove(name);
            }

            return gone;
        }
    }

    private TValue Find(OriginConfiguration origin)
    {
        lock (_lock)
        {
            if (_values.TryGetValue(origin, out TValue? made))
            {
                return made;
            }

            TMaking making = makingOf(origin);
            TValue value = _latest.TryGetValue(origin.Name, out (TMaking Making, TValue Value) latest) && latest.Making.Equals(making) ? latest.Value : make(origin);
            _latest[origin.Name] = (making, value);
            _values.Add(origin, value);
            return value;
        }
    }
}

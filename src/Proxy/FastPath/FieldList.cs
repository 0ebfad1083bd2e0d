using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace S3Proxy.FastPath;

/// <summary>
/// Header fields in the order they were added, found by looking through them: quicker than a table for the dozen that a request or an answer has. What it holds is forgotten by
/// <see cref="Clear"/> but kept behind its end, so that a text that comes again need not be made again. Not thread-safe.
/// </summary>
internal sealed class FieldList : IHeaderDictionary
{
    private KeyValuePair<string, StringValues>[] _fields = new KeyValuePair<string, StringValues>[16];

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <inheritdoc/>
    public bool IsReadOnly => false;

    /// <summary>The fields.</summary>
    public ReadOnlySpan<KeyValuePair<string, StringValues>> Fields => _fields.AsSpan(0, Count);

    /// <inheritdoc/>
    public ICollection<string> Keys => Array.ConvertAll(Fields.ToArray(), static each => each.Key);

    /// <inheritdoc/>
    public ICollection<StringValues> Values => Array.ConvertAll(Fields.ToArray(), static each => each.Value);

    /// <inheritdoc/>
    public long? ContentLength
    {
        get => long.TryParse(this["Content-Length"], NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) ? bytes : null;
        set => this["Content-Length"] = value is { } bytes ? bytes.ToString(CultureInfo.InvariantCulture) : default(StringValues);
    }

    /// <summary>The value of a field; none for one that is not there. To set none removes it.</summary>
    [AllowNull]
    public StringValues this[string key]
    {
        get => IndexOf(key) is >= 0 and var index ? _fields[index].Value : default;
        set
        {
            int index = IndexOf(key);
            if (value.Count == 0)
            {
                RemoveAt(index);
            }
            else if (index >= 0)
            {
                _fields[index] = new(_fields[index].Key, value);
            }
            else
            {
                Append(key, value);
            }
        }
    }

    StringValues IDictionary<string, StringValues>.this[string key]
    {
        get => TryGetValue(key, out StringValues value) ? value : throw new KeyNotFoundException($"There is no field {key}.");
        set => this[key] = value;
    }

    /// <summary>Adds a field that is not there.</summary>
    public void Append(string name, StringValues value)
    {
        if (Count == _fields.Length)
        {
            Array.Resize(ref _fields, 2 * Count);
        }

        _fields[Count++] = new(name, value);
    }

    /// <summary>The field that stood where the next one is added, before <see cref="Clear"/>; an empty one where there was none.</summary>
    public KeyValuePair<string, StringValues> Former => Count < _fields.Length ? _fields[Count] : default;

    /// <inheritdoc/>
    public void Add(string key, StringValues value)
    {
        if (ContainsKey(key))
        {
            throw new ArgumentException($"There is a field {key} already.", nameof(key));
        }

        Append(key, value);
    }

    /// <inheritdoc/>
    public void Add(KeyValuePair<string, StringValues> item) => Add(item.Key, item.Value);

    /// <inheritdoc/>
    public void Clear() => Count = 0;

    /// <inheritdoc/>
    public bool Contains(KeyValuePair<string, StringValues> item) => TryGetValue(item.Key, out StringValues value) && value == item.Value;

    /// <inheritdoc/>
    public bool ContainsKey(string key) => IndexOf(key) >= 0;

    /// <inheritdoc/>
    public void CopyTo(KeyValuePair<string, StringValues>[] array, int arrayIndex) => Fields.CopyTo(array.AsSpan(arrayIndex));

    /// <inheritdoc/>
    public bool Remove(string key) => RemoveAt(IndexOf(key));

    /// <inheritdoc/>
    public bool Remove(KeyValuePair<string, StringValues> item) => Contains(item) && Remove(item.Key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, out StringValues value)
    {
        int index = IndexOf(key);
        value = index >= 0 ? _fields[index].Value : default;
        return index >= 0;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, StringValues>> GetEnumerator()
    {
        for (int index = 0; index < Count; index++)
        {
            yield return _fields[index];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int IndexOf(string name)
    {
        ReadOnlySpan<KeyValuePair<string, StringValues>> fields = Fields;
        for (int index = 0; index < fields.Length; index++)
        {
            string there = fields[index].Key;
            if (ReferenceEquals(there, name) || (there.Length == name.Length && there.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                return index;
            }
        }

        return -1;
    }

    private bool RemoveAt(int index)
    {
        if (index < 0)
        {
            return false;
        }

        Array.Copy(_fields, index + 1, _fields, index, --Count - index);
        return true;
    }
}

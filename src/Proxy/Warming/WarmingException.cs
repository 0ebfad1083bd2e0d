namespace S3Proxy.Warming;

/// <summary>Why a warm-up cannot go on, in words for whoever started it.</summary>
internal sealed class WarmingException(string message, Exception? inner = null) : Exception(message, inner);

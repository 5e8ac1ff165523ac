// SPDX-License-Identifier: GPL-3.0-or-later
namespace HostPhone;

/// <summary>How an agent is started.</summary>
/// <param name="Key">crypttab's third field: a key file; empty: none is given.</param>
/// <param name="PcscSocket">pcscd's socket, or one that stands before it.</param>
public sealed record AgentOptions(string Key, string PcscSocket)
{
    /// <summary>The disk's name.</summary>
    public string Volume { get; init; } = Phone.Volume;

    /// <summary>Shell words that come before the agent in its own process: ulimit, umask, other standard output.</summary>
    public string Prelude { get; init; } = "";

    /// <summary>A program, with its arguments, that starts the agent in its place: setpriv.</summary>
    public IReadOnlyList<string> Wrapper { get; init; } = [];

    /// <summary>How often this boot has asked before.</summary>
    public int Tried { get; init; }

    /// <summary>Arguments before the key.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Read what comes out of stdout; false: let it stand in the pipe until <see cref="AgentRun.Output"/> is asked for.</summary>
    public bool ReadsOutput { get; init; } = true;
}

// SPDX-License-Identifier: GPL-3.0-or-later
// The program's arguments.

using System.Globalization;

namespace CardSimulator;

/// <summary>What the command line asked for.</summary>
internal sealed record CommandLine
{
    private string? vpcd;
    private string? connect;
    private string? listen;

    public CardOptions Options { get; private set; } = new();

    public string? StateFile { get; private set; }

    public bool StartsOutside { get; private set; }

    /// <returns>null where an argument is unknown or not exactly one reader is named.</returns>
    public static CommandLine? Parse(string[] arguments)
    {
        CommandLine line = new();
        Queue<string> rest = new(arguments);
        while (rest.TryDequeue(out string? name))
        {
            if (!line.TakeFlag(name) && !(rest.TryDequeue(out string? value) && line.TakeValue(name, value)))
            {
                return null;
            }
        }

        return new[] { line.vpcd, line.connect, line.listen }.Count(place => place is not null) == 1 ? line : null;
    }

    public ICardReader OpenReader(VirtualCard card)
    {
        if (vpcd is null)
        {
            return new VsCardReader(
                card, connect is not null ? VsCardEndpoint.ConnectTo(connect) : VsCardEndpoint.ListenOn(listen!));
        }

        int colon = vpcd.LastIndexOf(':');
        int port = int.Parse(vpcd.AsSpan(colon + 1), CultureInfo.InvariantCulture);
        return colon < 0 ? new VpcdReader(card, port) : new VpcdReader(card, port, vpcd[..colon]);
    }

    private bool TakeFlag(string name)
    {
        switch (name)
        {
            case "--out":
                StartsOutside = true;
                return true;
            case "--t0":
                Options = Options with { T0 = true };
                return true;
            case "--no-extended":
                Options = Options with { ExtendedLength = false };
                return true;
            case "--tries-in-sw":
                Options = Options with { WrongPinTellsTries = true };
                return true;
            default:
                return false;
        }
    }

    private bool TakeValue(string name, string value)
    {
        switch (name)
        {
            case "--vpcd":
                vpcd = value;
                return true;
            case "--vscard":
                connect = value;
                Options = Options with { T0 = true };
                return true;
            case "--vscard-listen":
                listen = value;
                Options = Options with { T0 = true };
                return true;
            case "--state":
                StateFile = value;
                return true;
            case "--atr":
                Options = Options with { Atr = Convert.FromHexString(value) };
                return true;
            case "--serial":
                Options = Options with { Serial = Convert.ToUInt32(value, 16) };
                return true;
            default:
                return false;
        }
    }
}

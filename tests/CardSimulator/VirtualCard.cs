// SPDX-License-Identifier: GPL-3.0-or-later
// An OpenPGP card, version 3.4 ("Functional Specification of the OpenPGP application on ISO Smart Card Operating
// Systems"): bytes in, bytes out. This file: the way of a command through the card; chaining and GET RESPONSE.

using System.Diagnostics;

namespace CardSimulator;

/// <summary>One command as the card saw it: header and length, never data.</summary>
/// <param name="Cla">Class byte.</param>
/// <param name="Ins">Instruction byte.</param>
/// <param name="P1">First parameter byte.</param>
/// <param name="P2">Second parameter byte.</param>
/// <param name="DataLength">Length of the command's data in bytes.</param>
/// <param name="Status">The status word of the answer; 0 where the card was pulled out.</param>
public sealed record LoggedCommand(byte Cla, byte Ins, byte P1, byte P2, int DataLength, ushort Status)
{
    public override string ToString() => $"{Cla:X2}{Ins:X2}{P1:X2}{P2:X2} {DataLength} {Status:X4}";
}

/// <summary>A simulated OpenPGP card. Safe to use from any thread; commands run one after the other.</summary>
public sealed partial class VirtualCard
{
    private const int MaxCommandData = 2048;
    private const int ExtendedOverhead = 9;
    private const int MaxShortAnswer = 256;

    private readonly Lock gate = new();
    private readonly CardOptions options;
    private readonly List<LoggedCommand> log = [];
    private CardMemory memory = new();

    // What is lost with power.
    private bool selected;
    private byte[] pending = [];
    private CommandApdu? chain;
    private ManualResetEventSlim powerLost = new();
    private int commandCount;

    /// <summary>A new card with default PINs (123456, 12345678) and no keys.</summary>
    public VirtualCard(CardOptions? options = null) => this.options = options ?? new CardOptions();

    /// <summary>Raised, on the thread of the command, when a fault pulls the card out.</summary>
    public event EventHandler? Pulled;

    /// <summary>What goes wrong, when told to.</summary>
    public Faults Faults { get; } = new();

    /// <summary>The answer to reset.</summary>
    public IReadOnlyList<byte> Atr => options.AnswerToReset();

    /// <summary>Every command since the card was made or the log was cleared.</summary>
    public IReadOnlyList<LoggedCommand> Log
    {
        get
        {
            lock (gate)
            {
                return [.. log];
            }
        }
    }

    /// <summary>How many VERIFY commands carried a PIN.</summary>
    public int VerifyCount => Log.Count(entry => entry.Ins == Instruction.Verify && entry.DataLength > 0);

    /// <summary>How long the card itself has worked on commands so far; what a fault adds is not in it.</summary>
    public TimeSpan WorkTime { get; private set; }

    /// <summary>How often the card was reset or switched on.</summary>
    public int ResetCount { get; private set; }

    /// <summary>How many commands have come in, also the one that is being worked on.</summary>
    public int CommandCount => commandCount;

    public void ClearLog()
    {
        lock (gate)
        {
            log.Clear();
        }
    }

    /// <summary>Power on or reset: nothing is selected, nothing is verified.</summary>
    public void Reset()
    {
        lock (gate)
        {
            ResetCount++;
            ForgetSession();
        }
    }

    /// <summary>Power off.</summary>
    public void PowerOff()
    {
        lock (gate)
        {
            ForgetSession();
        }
    }

    /// <summary>Answers one command APDU, short or extended, or one part of a chain.</summary>
    /// <returns>Data and 2 bytes of status word.</returns>
    /// <exception cref="CardPulledException">A fault pulled the card out; there is no answer.</exception>
    public byte[] Transmit(ReadOnlySpan<byte> command)
    {
        ManualResetEventSlim power = powerLost;
        Interlocked.Increment(ref commandCount);
        byte instruction = command.Length > 1 ? command[1] : (byte)0;
        Fate fate = Faults.Next(instruction);
        fate.Meanwhile?.Invoke();
        bool lost = !Faults.Wait(fate, instruction, power);
        CommandApdu? apdu = CommandApdu.Parse(command);
        byte[]? answer = null;
        lock (gate)
        {
            // Pulled out or reset by another thread while it was slow: the command is lost with the power.
            if (!lost && !fate.PullBefore && power == powerLost)
            {
                long start = Stopwatch.GetTimestamp();
                answer = fate.Status is { } status ? Bytes(new Answer(status)) : Work(apdu);
                WorkTime += Stopwatch.GetElapsedTime(start);
            }

            answer = fate.PullAfter ? null : answer;
            answer = answer is null || fate.Change is null ? answer : fate.Change(answer);
            Record(command, apdu, answer is not { Length: > 1 } ? (ushort)0 : (ushort)((answer[^2] << 8) | answer[^1]));
        }

        if (fate.PullBefore || fate.PullAfter)
        {
            PowerOff();
            Pulled?.Invoke(this, EventArgs.Empty);
        }

        return answer ?? throw new CardPulledException();
    }

    private static byte[] Bytes(Answer answer) =>
        [.. answer.Data, (byte)(answer.Status >> 8), (byte)answer.Status];

    private void Record(ReadOnlySpan<byte> command, CommandApdu? apdu, ushort status)
    {
        Span<byte> header = stackalloc byte[4];
        command[..Math.Min(command.Length, header.Length)].CopyTo(header);
        log.Add(new LoggedCommand(header[0], header[1], header[2], header[3], apdu?.Data.Length ?? 0, status));
    }

    private void ForgetSession()
    {
        selected = false;
        pending = [];
        chain = null;
        ForgetVerified();
        powerLost.Set();
        powerLost = new ManualResetEventSlim();
    }

    private byte[] Work(CommandApdu? apdu)
    {
        if (apdu is null || RefusesForm(apdu))
        {
            chain = null;
            return Bytes(new Answer(apdu is null ? StatusWord.WrongLength : options.RefusedForm));
        }

        if (apdu.Ins == Instruction.GetResponse)
        {
            return NextPart(apdu.Le ?? MaxShortAnswer);
        }

        pending = [];
        if ((apdu.Cla & 0xEF) != 0)
        {
            chain = null;
            bool secure = (apdu.Cla & 0xE0) == 0 && (apdu.Cla & 0x0C) != 0;
            return Bytes(new Answer(secure ? StatusWord.SecureMessagingUnsupported : StatusWord.WrongClass));
        }

        return Joined(apdu, out Answer interim) is { } whole ? FirstPart(whole, Dispatch(whole)) : Bytes(interim);
    }

    private bool RefusesForm(CommandApdu apdu) => apdu.Extended
        ? !options.AcceptsExtended || apdu.Data.Length + ExtendedOverhead > options.MaxCommandLength
        : apdu.IsChained && !options.AcceptsChains;

    /// <summary>Collects the parts of a chain; the whole command once the last one is there.</summary>
    private CommandApdu? Joined(CommandApdu part, out Answer interim)
    {
        interim = Answer.Success;
        if (chain is { } earlier)
        {
            chain = null;
            if ((earlier.Ins, earlier.Parameter) != (part.Ins, part.Parameter))
            {
                interim = new Answer(StatusWord.ChainExpected);
                return null;
            }

            part = part with { Data = [.. earlier.Data, .. part.Data] };
        }

        if (part.Data.Length > MaxCommandData)
        {
            interim = new Answer(StatusWord.WrongLength);
            return null;
        }

        if (!part.IsChained)
        {
            return part;
        }

        chain = part;
        return null;
    }

    /// <summary>
    /// What does not fit into Le waits for GET RESPONSE. A command without Le (case 4 on T=0 arrives so) gets no data
    /// at once, only 61xx.
    /// </summary>
    private byte[] FirstPart(CommandApdu command, Answer answer)
    {
        if (answer.Data.Length == 0)
        {
            return Bytes(answer);
        }

        pending = answer.Data;
        return command.Le is { } le ? NextPart(le) : Bytes(MoreWaits([]));
    }

    private byte[] NextPart(int length)
    {
        if (pending.Length == 0)
        {
            return Bytes(new Answer(StatusWord.ConditionsOfUse));
        }

        byte[] part = pending[..Math.Min(length, pending.Length)];
        pending = pending[part.Length..];
        return Bytes(pending.Length == 0 ? new Answer(part) : MoreWaits(part));
    }

    private Answer MoreWaits(byte[] part) =>
        new((ushort)(StatusWord.MoreData | (pending.Length < MaxShortAnswer ? pending.Length : 0)), part);
}

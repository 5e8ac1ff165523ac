// SPDX-License-Identifier: GPL-3.0-or-later
// What a test can make go wrong: slow answers, foreign status words, a card pulled out.

namespace CardSimulator;

/// <summary>The card left its reader: no answer will come.</summary>
public sealed class CardPulledException : Exception
{
    public CardPulledException()
        : base("The card was pulled out.")
    {
    }

    public CardPulledException(string message)
        : base(message)
    {
    }

    public CardPulledException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>What happens to one command before or after the card works on it.</summary>
internal readonly record struct Fate(TimeSpan Delay, ushort? Status, bool PullBefore, bool PullAfter)
{
    /// <summary>Something that happens elsewhere while the command is on its way to the card.</summary>
    public Action? Meanwhile { get; init; }

    /// <summary>What becomes of the card's answer on its way back.</summary>
    public Func<byte[], byte[]>? Change { get; init; }
}

/// <summary>
/// The faults of one card. Numbers count commands from the call on: 1 is the next command. Every numbered fault
/// happens once. Safe to use from any thread.
/// </summary>
public sealed class Faults
{
    private readonly Lock gate = new();
    private readonly List<Planned> planned = [];
    private readonly AutoResetEvent released = new(initialState: false);
    private TimeSpan delayEach;

    /// <summary>How long every command takes beyond its own work.</summary>
    public TimeSpan DelayEach
    {
        get
        {
            lock (gate)
            {
                return delayEach;
            }
        }

        set
        {
            lock (gate)
            {
                delayEach = value;
            }
        }
    }

    /// <summary>The n-th command from now takes this much longer.</summary>
    public void DelayAt(int command, TimeSpan delay) => Add(new Planned(command, null) { Delay = delay });

    /// <summary>The next command of this instruction is not worked on before <see cref="Release"/>, or the power's end.</summary>
    public void HoldAtInstruction(byte instruction) => Add(new Planned(1, instruction) { Delay = Timeout.InfiniteTimeSpan });

    /// <summary>The instruction of the command that is held now; null: none is.</summary>
    public byte? Held { get; private set; }

    /// <summary>The command that is held is worked on now.</summary>
    public void Release()
    {
        Held = null;
        released.Set();
    }

    /// <summary>The n-th command from now is not worked on; this status word is its answer.</summary>
    public void FailAt(int command, ushort status) => Add(new Planned(command, null) { Status = status });

    /// <summary>While the n-th command from now is on its way to the card, this happens elsewhere.</summary>
    public void CallAt(int command, Action meanwhile) => Add(new Planned(command, null) { Meanwhile = meanwhile });

    /// <summary>The n-th command from now is worked on, and its answer, with its status word, becomes another one.</summary>
    public void ChangeAt(int command, Func<byte[], byte[]> change) => Add(new Planned(command, null) { Change = change });

    /// <summary>The next commands of this instruction are not worked on; this status word is their answer.</summary>
    public void FailInstruction(byte instruction, ushort status, int times = 1)
    {
        for (int i = 1; i <= times; i++)
        {
            Add(new Planned(i, instruction) { Status = status });
        }
    }

    /// <summary>The card is pulled out at the n-th command from now.</summary>
    /// <param name="command">1 is the next command.</param>
    /// <param name="afterWork">true where the card did its work (a PIN try is spent) and only the answer is lost.</param>
    public void PullAt(int command, bool afterWork = false) =>
        Add(new Planned(command, null) { PullBefore = !afterWork, PullAfter = afterWork });

    /// <summary>The card is pulled out at the next command of this instruction.</summary>
    public void PullAtInstruction(byte instruction, bool afterWork = false) =>
        Add(new Planned(1, instruction) { PullBefore = !afterWork, PullAfter = afterWork });

    /// <summary>Forgets every fault that has not happened yet, and the delay.</summary>
    public void Clear()
    {
        lock (gate)
        {
            planned.Clear();
            delayEach = TimeSpan.Zero;
        }
    }

    /// <summary>Waits for as long as a fate says. False: the power was lost meanwhile.</summary>
    internal bool Wait(Fate fate, byte instruction, ManualResetEventSlim powerLost)
    {
        if (fate.Delay >= TimeSpan.Zero)
        {
            return fate.Delay == TimeSpan.Zero || !powerLost.Wait(fate.Delay);
        }

        Held = instruction;
        return WaitHandle.WaitAny([powerLost.WaitHandle, released]) != 0;
    }

    /// <summary>Counts one command and says what happens to it.</summary>
    internal Fate Next(byte instruction)
    {
        lock (gate)
        {
            Fate fate = new(delayEach, null, false, false);
            foreach (Planned plan in planned)
            {
                if (plan.Counts(instruction))
                {
                    fate = plan.Apply(fate);
                }
            }

            planned.RemoveAll(plan => plan.Happened);
            return fate;
        }
    }

    private void Add(Planned plan)
    {
        lock (gate)
        {
            planned.Add(plan);
        }
    }

    private sealed class Planned(int command, byte? instruction)
    {
        private int remaining = command;

        public TimeSpan Delay { get; init; }

        public ushort? Status { get; init; }

        public bool PullBefore { get; init; }

        public bool PullAfter { get; init; }

        public Action? Meanwhile { get; init; }

        public Func<byte[], byte[]>? Change { get; init; }

        public bool Happened => remaining <= 0;

        public bool Counts(byte current) => (instruction is null || instruction == current) && --remaining == 0;

        public Fate Apply(Fate fate) => new(
            Delay < TimeSpan.Zero ? Delay : fate.Delay + Delay, Status ?? fate.Status, fate.PullBefore || PullBefore, fate.PullAfter || PullAfter)
        {
            Meanwhile = fate.Meanwhile + Meanwhile,
            Change = Change ?? fate.Change,
        };
    }
}
